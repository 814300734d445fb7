"""The health page, the metrics, and the sign of life for supervisors, as routes."""

import asyncio
import contextlib
import dataclasses
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any, Final

from aiohttp import hdrs, web

from bot.monitoring.metrics import CONTENT_TYPE, Metrics
from bot.monitoring.status import BotStatus, complaints, update_gauges

__all__ = ["routes"]

#: Seconds that the event loop may take to tell the status.
_PATIENCE: Final = 5.0
_BAD: Final = "in trouble"
_STUCK: Final = "The event loop does not answer; if that lasts, start Bobbin again."
_HEADERS = {hdrs.CACHE_CONTROL: "no-store", "X-Content-Type-Options": "nosniff"}
_PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bobbin: {state}</title>
<h1>Bobbin: {state}</h1>
{complaints}<table>
{rows}
</table>
</html>
"""


Look = Callable[[], Awaitable[BotStatus]]


def routes(
    metrics: Metrics,
    look: Look,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    alive: Callable[[], bool] = lambda: True,
) -> list[web.RouteDef]:
    """Return the routes ``/live``, ``/health`` and ``/metrics``; ``look`` takes the status without blocking.

    None is for the public. ``/live`` is for supervisors: it is 503 only when ``alive`` says that the event
    loop is stuck, so a full disk causes no restarts. ``/health`` is for people and alerts: a page for a
    browser, JSON for anything else; 200 while questions are answered, else 503.
    """

    async def live(_request: web.Request) -> web.Response:
        lives = alive()
        text = "The process runs.\n" if lives else "The event loop is stuck; start Bobbin again.\n"
        return web.Response(text=text, status=200 if lives else 503, headers=_HEADERS)

    async def health(request: web.Request) -> web.Response:
        try:
            bot_status = await asyncio.wait_for(look(), _PATIENCE)
        except TimeoutError:
            facts: dict[str, Any] = {"state": _BAD, "complaints": [_STUCK]}
            return web.json_response(facts, status=503, headers=_HEADERS)
        grave, slight = complaints(bot_status, now())
        state = _BAD if grave else "slow" if slight else "well"
        status = 503 if grave else 200
        if "text/html" in request.headers.get(hdrs.ACCEPT, ""):
            text = _page(state, [*grave, *slight], bot_status, now())
            return web.Response(text=text, content_type="text/html", status=status, headers=_HEADERS)
        facts = {"state": state, "complaints": [*grave, *slight]} | _plain(bot_status)
        body = json.dumps(facts, indent=2) + "\n"
        return web.Response(text=body, content_type="application/json", status=status, headers=_HEADERS)

    async def exposition(_request: web.Request) -> web.Response:
        with contextlib.suppress(TimeoutError):  # then the gauges are those of the last look
            update_gauges(await asyncio.wait_for(look(), _PATIENCE), metrics)
        return web.Response(body=metrics.exposition(), headers={hdrs.CONTENT_TYPE: CONTENT_TYPE, **_HEADERS})

    return [web.get("/live", live), web.get("/health", health), web.get("/metrics", exposition)]


def _plain(bot_status: BotStatus) -> dict[str, Any]:
    """Return the status as JSON has it; times in ISO 8601, UTC."""

    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat(timespec="seconds")
        if isinstance(value, dict):
            return {name: plain(part) for name, part in value.items()}
        return [plain(part) for part in value] if isinstance(value, list | tuple) else value

    facts: dict[str, Any] = plain(dataclasses.asdict(bot_status))
    return facts


def _page(state: str, sentences: list[str], bot_status: BotStatus, now: datetime) -> str:
    items = "".join(f"<li>{escape(sentence)}</li>\n" for sentence in sentences)
    rows = (
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
        for name, value in _rows(bot_status, now)
    )
    listed = f"<ul>\n{items}</ul>\n" if items else ""
    return _PAGE.format(state=escape(state), complaints=listed, rows="\n".join(rows))


def _rows(bot_status: BotStatus, now: datetime) -> Iterator[tuple[str, str]]:
    yield "Version", bot_status.version
    yield "Running for", str(now - bot_status.since).partition(".")[0]
    for shard in bot_status.shards:
        latency = "" if shard.latency is None else f", heartbeat {shard.latency * 1000:.0f} ms"
        state = "connected" if shard.connected else "not connected"
        yield f"Shard {shard.id} of {bot_status.shard_count}", f"{state}{latency}"
    yield "Servers", str(bot_status.servers)
    yield "Questions in hand", str(bot_status.in_hand)
    yield "Questions within five minutes", f"{bot_status.asked}, of which {bot_status.failed} failed"
    yield "Longest delay of the event loop, five minutes", f"{bot_status.loop_delay * 1000:.0f} ms"
    if bot_status.held:
        yield "Posts in the index", str(bot_status.held.posts)
        yield "Index", _mib(bot_status.held.index_bytes)
        yield "Archive on disk", _mib(bot_status.held.file_bytes)
    test = bot_status.self_test
    if test is None:
        yield "Last self-test", "none has ended yet"
        return
    yield "Last self-test", f"{_ago(test.at, now)}, in {test.seconds:.2f} s"
    yield "Both databases read as a whole", _ago(test.integrity_checked, now)
    if test.free_disk is not None:
        yield "Free disk", _mib(test.free_disk)
    if test.free_descriptors is not None:
        yield "Free file descriptors", str(test.free_descriptors)
    failed = test.last_failed_write
    yield (
        "Last failed write",
        f"{_ago(failed.at, now)}: {failed.reason}" if failed else "none since the start",
    )
    yield "Last import", _ago(test.activity.last_import, now)
    yield "Last digest", _ago(test.activity.last_digest, now)
    yield "Last backup", _ago(test.activity.last_backup, now)
    yield "Digests paused by errors", str(test.activity.paused_digests)


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    return f"{str(max(now - moment, timedelta())).partition('.')[0]} ago"


def _mib(size: int) -> str:
    return f"{size / 2**20:.1f} MiB"
