"""``bobbin check`` asks the bot at work how it is."""

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bot.cli.health_probe import probe
from bot.settings import Settings
from tests.bot.cli.commands import run
from tests.bot.conftest import settings
from tests.bot.test_client import closed_port, process
from tests.discord.fixtures import Loopback, loopback
from tests.discord.waiting import attempts

__all__ = ["loopback", "settings"]

WELL = {
    "state": "well",
    "complaints": [],
    "servers": 3,
    "shards": [{"id": 0}, {"id": 1}],
    "shard_count": 4,
}


@contextlib.contextmanager
def listening(said: bytes, status: int = 200) -> Iterator[int]:
    """Answer every request with the same; yields the port."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("told", "exit_status", "line"),
    [
        (WELL, 0, "ok     at work: at 127.0.0.1:{}, well: 3 servers on shard 0, 1 of 4."),
        (
            WELL | {"state": "slow", "complaints": ["It stood still."]},
            0,
            "note   at work: at 127.0.0.1:{}, slow",
        ),
        (
            WELL | {"state": "in trouble", "complaints": ["Disk full."]},
            1,
            "broken at work: at 127.0.0.1:{}, in",
        ),
    ],
    ids=["well", "slow", "in trouble"],
)
def test_what_the_health_page_says_is_passed_on(
    told: dict[str, object], exit_status: int, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(json.dumps(told).encode(), 503 if exit_status else 200) as port:
        monkeypatch.setenv("BOBBIN_HTTP_PORT", str(port))
        result = run("check")
    assert result.exit_code == exit_status
    assert line.format(port) in result.stdout
    for complaint in told["complaints"]:  # type: ignore[attr-defined]
        assert complaint in result.stdout


@pytest.mark.parametrize("said", [b"<h1>A page</h1>", b"[]", b"{}", b'{"state": "well"}', b"\xff"])
def test_another_program_at_the_port_is_reported_with_the_remedy(said: bytes) -> None:
    with listening(said) as port:
        seen = probe("127.0.0.1", port)
    assert seen.state == "other"
    assert "set BOBBIN_HTTP_PORT" in seen.message


def test_a_bot_that_is_not_running_is_no_trouble() -> None:
    seen = probe("127.0.0.1", closed_port())
    assert seen.state == "away"
    assert "nothing listens" in seen.message


async def test_a_bot_at_work_is_found_well(loopback: Loopback, settings: Settings) -> None:
    loopback.add_guild("Reading room")
    port = closed_port()
    async with process(loopback, settings, BOBBIN_HTTP_PORT=str(port), BOBBIN_SHARDS="0/2"):
        await loopback.ready()
        async for _ in attempts("good health", 0.1):
            seen = await asyncio.to_thread(probe, "0.0.0.0", port)  # noqa: S104 - found at a loopback address
            if seen.state == "well":
                break
    assert (seen.state, "on shard 0 of 2" in seen.message) == ("well", True), seen
