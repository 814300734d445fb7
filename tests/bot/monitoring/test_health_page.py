"""The health page and the metrics over a real port, of a client in a loopback Discord and of made-up ones."""

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from bot.client import Bobbin
from bot.monitoring.health_page import routes
from bot.monitoring.metrics import Metrics
from bot.monitoring.status import ArchiveSize, BotStatus, Shard, complaints
from bot.settings import Settings
from retrieval.archive import Archive
from tests.bot.conftest import Start, hall
from tests.bot.test_client import closed_port, process
from tests.canary import watched
from tests.discord import Channel, Person
from tests.discord.fixtures import Loopback

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WELL = BotStatus(
    version="1.2.3",
    since=NOW - timedelta(hours=30, seconds=1),
    expected=(0, 1),
    shard_count=4,
    shards=(Shard(0, connected=True, latency=0.05), Shard(1, connected=True, latency=None)),
    servers=3,
    in_hand=0,
    loop_delay=0.004,
    held=ArchiveSize(posts=7, index_bytes=3 << 20, file_bytes=5 << 20),
)

__all__ = ["hall"]


@contextlib.asynccontextmanager
async def serving(metrics: Metrics, bot_status: BotStatus | Bobbin) -> AsyncIterator[aiohttp.ClientSession]:
    async def look() -> BotStatus:
        return await bot_status.bot_status() if isinstance(bot_status, Bobbin) else bot_status

    app = web.Application()
    app.add_routes(routes(metrics, look, lambda: NOW))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with aiohttp.ClientSession(address, trace_configs=[watched()]) as session:
            yield session
    finally:
        await runner.cleanup()


async def samples(session: aiohttp.ClientSession) -> dict[str, float]:
    """Read the metrics as Prometheus does; a sample's labels stand behind its name."""
    async with session.get("/metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        families = text_string_to_metric_families(await response.text())
        return {
            one.name + "".join(f",{value}" for _, value in sorted(one.labels.items())): one.value
            for family in families
            for one in family.samples
        }


async def test_a_client_that_is_well_says_so_and_its_metrics_tell_what_it_did(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    async with serving(bobbin.metrics, bobbin) as session:
        for question in ("Why does the ferry cross at dawn?", "Who won the chess olympiad in Batumi?"):
            await alice.says(hall, f"{loopback.bot_user.mention} {question}")
            await loopback.next_message(in_=hall)
        await loopback.drop_sockets()
        await loopback.resumed()
        use = await alice.uses(hall, "ask", question="Why does the ferry cross at dawn?")
        await use.reply()
        async with session.get("/health") as response:
            told = await response.json()
        # A busy machine is a slow one, and that is said, too.
        assert (response.status, told["servers"]) == (200, 1)
        assert told["state"] in {"well", "slow"}
        assert told["shards"][0]["connected"]
        metrics = await samples(session)
    assert metrics["bobbin_answers_total,answer,mention"] == 1
    assert metrics["bobbin_answers_total,nothing,mention"] == 1
    assert metrics["bobbin_answers_total,answer,command"] == 1
    assert metrics["bobbin_answer_seconds_count,mention"] == 2
    # What the archive does not answer, the handbook is asked, too.
    assert metrics["bobbin_search_seconds_count"] == 4
    assert metrics["bobbin_gateway_up,0"] == 1
    assert metrics["bobbin_gateway_events_total,lost,0"] == 1
    assert metrics["bobbin_gateway_events_total,resumed,0"] == 1
    assert metrics["bobbin_servers"] == 1
    assert metrics["bobbin_index_posts"] == 12
    assert metrics["bobbin_index_bytes"] > 1000
    assert metrics["bobbin_archive_bytes"] > 4096
    assert metrics["bobbin_event_loop_delay_seconds_count"] > 1


async def test_metrics_tell_of_no_person_server_or_question(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    assert hall.guild is not None
    async with serving(bobbin.metrics, bobbin) as session:
        await alice.says(hall, f"{loopback.bot_user.mention} Why does the ferry of Gozdowice cross at dawn?")
        await loopback.next_message(in_=hall)
        told = ""
        for path in ("/metrics", "/health"):
            async with session.get(path) as response:
                told += await response.text()
    private = (alice.id, alice.name, hall.id, hall.guild.id, hall.guild.name, "Gozdowice", "ferry")
    assert [one for one in private if str(one) in told] == []


async def test_bobbin_run_serves_both_to_this_machine_and_to_nobody_behind_a_proxy(
    loopback: Loopback, settings: Settings, hall: Channel, alice: Person
) -> None:
    port = closed_port()
    address = f"http://127.0.0.1:{port}"
    async with process(loopback, settings, BOBBIN_HTTP_PORT=str(port)):
        await loopback.ready()
        await alice.says(hall, f"{loopback.bot_user.mention} How do I ask in a server?")
        await loopback.next_message(in_=hall)
        async with aiohttp.ClientSession(address, trace_configs=[watched()]) as session:
            metrics = await samples(session)
            for path in ("/health", "/metrics"):
                async with session.get(path) as response:
                    assert response.status == 200
                    assert await response.text()
                async with session.get(path, headers={"X-Forwarded-For": "192.0.2.1"}) as response:
                    assert response.status == 404
    assert metrics["bobbin_answers_total,answer,mention"] == 1
    assert metrics["bobbin_index_posts"] == 2


@pytest.mark.usefixtures("hall")
async def test_a_closed_archive_is_trouble_and_reported_without_a_traceback(
    start: Start, archive: Archive
) -> None:
    async with start() as client, serving(client.metrics, client) as session:
        archive.close()
        async with session.get("/health") as response:
            told = await response.json()
        assert (response.status, told["state"]) == (503, "in trouble")
        assert "it has been closed" in told["complaints"][0]
        async with session.get("/metrics") as response:
            assert response.status == 200


@pytest.mark.parametrize(
    ("bot_status", "status", "state", "word"),
    [
        (WELL, 200, "well", ""),
        (replace(WELL, shards=WELL.shards[:1]), 503, "in trouble", "with shard 1;"),
        (replace(WELL, expected=(), shards=()), 503, "in trouble", "with any shard;"),
        (replace(WELL, held=None, refusal="disk is full"), 503, "in trouble", "disk is full"),
        (replace(WELL, loop_delay=2.5), 200, "slow", "stood still for 2.5 s"),
        (replace(WELL, shards=(WELL.shards[1], Shard(0, True, 9.0))), 200, "slow", "waits 9.0 s"),  # noqa: FBT003
    ],
    ids=["well", "shard lost", "no shard", "archive", "loop", "heartbeat"],
)
async def test_a_browser_is_shown_a_page_and_others_the_status(
    bot_status: BotStatus, status: int, state: str, word: str
) -> None:
    async with serving(Metrics(), bot_status) as session:
        async with session.get("/health", headers={"Accept": "text/html,*/*"}) as response:
            page = await response.text()
            assert (response.status, response.content_type) == (status, "text/html")
        async with session.get("/health") as response:
            told = await response.json()
            assert (response.status, told["state"]) == (status, state)
    assert f"<h1>Bobbin: {state}</h1>" in page
    assert any(word in sentence for sentence in told["complaints"]) or not word
    assert bool(told["complaints"]) == (state != "well")
    assert "1 day, 6:00:01" in page
    assert re.findall(r"<script|style=|src=", page) == []


async def test_what_a_page_says_is_no_markup() -> None:
    hostile = replace(WELL, held=None, refusal="<script>alert(1)</script>")
    browser = {"Accept": "text/html"}
    async with serving(Metrics(), hostile) as session, session.get("/health", headers=browser) as response:
        assert "<script" not in await response.text()


def test_a_process_without_a_shard_of_its_own_is_not_called_well() -> None:
    assert complaints(WELL) == ([], [])
    grave, _ = complaints(replace(WELL, expected=(0, 1, 2)))
    assert grave == ["Not connected to Discord with shard 2; it tries again by itself."]


def test_every_metric_is_documented_and_every_documented_one_exists() -> None:
    text = (ROOT / "bot" / "OPERATION.md").read_text(encoding="utf-8")
    section = text.partition("## Metrics")[2].partition("\n## ")[0]
    documented = dict(re.findall(r"^\| `([a-z_]+)` \|([^|]*)\|", section, re.MULTILINE))
    metrics = Metrics()
    kept = {
        family.name + ("_total" if family.type == "counter" else ""): set(labels_of(family.name, metrics))
        for family in metrics.registry.collect()
    }
    assert documented.keys() == kept.keys()
    told = {name: set(re.findall(r"`([a-z]+)`", labels)) for name, labels in documented.items()}
    assert told == kept


def labels_of(name: str, metrics: Metrics) -> tuple[str, ...]:
    known = {one._name: one._labelnames for one in vars(metrics).values() if hasattr(one, "_labelnames")}
    return tuple(known.get(name, ()))
