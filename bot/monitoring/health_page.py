"""The health page and the metrics, as routes for the port that only this machine reaches."""

import dataclasses
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from html import escape
from typing import Any

from aiohttp import hdrs, web

from bot.monitoring.metrics import CONTENT_TYPE, Metrics
from bot.monitoring.status import BotStatus, complaints, update_gauges

__all__ = ["routes"]

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


def routes(
    metrics: Metrics,
    look: Callable[[], Awaitable[BotStatus]],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[web.RouteDef]:
    """Return the routes ``/health`` and ``/metrics``; ``look`` takes the status without blocking.

    Neither is for the public: mount them only where this machine alone can reach them. ``/health``
    answers a browser with a page, anything else with JSON; its status is 200 while questions are
    answered and 503 while they are not.
    """

    async def health(request: web.Request) -> web.Response:
        bot_status = await look()
        grave, slight = complaints(bot_status)
        state = "in trouble" if grave else "slow" if slight else "well"
        status = 503 if grave else 200
        if "text/html" in request.headers.get(hdrs.ACCEPT, ""):
            text = _page(state, [*grave, *slight], bot_status, now())
            return web.Response(text=text, content_type="text/html", status=status, headers=_HEADERS)
        told = {"state": state, "complaints": [*grave, *slight]} | _plain(bot_status)
        body = json.dumps(told, indent=2) + "\n"
        return web.Response(text=body, content_type="application/json", status=status, headers=_HEADERS)

    async def exposition(_request: web.Request) -> web.Response:
        update_gauges(await look(), metrics)
        return web.Response(body=metrics.exposition(), headers={hdrs.CONTENT_TYPE: CONTENT_TYPE, **_HEADERS})

    return [web.get("/health", health), web.get("/metrics", exposition)]


def _plain(bot_status: BotStatus) -> dict[str, Any]:
    """Return the status as JSON has it; times in ISO 8601, UTC."""
    plain = dataclasses.asdict(bot_status)
    plain["since"] = bot_status.since.isoformat(timespec="seconds")
    return plain


def _page(state: str, sentences: list[str], bot_status: BotStatus, now: datetime) -> str:
    said = "".join(f"<li>{escape(sentence)}</li>\n" for sentence in sentences)
    rows = (
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
        for name, value in _rows(bot_status, now)
    )
    told = f"<ul>\n{said}</ul>\n" if said else ""
    return _PAGE.format(state=escape(state), complaints=told, rows="\n".join(rows))


def _rows(bot_status: BotStatus, now: datetime) -> Iterator[tuple[str, str]]:
    yield "Version", bot_status.version
    yield "Running for", str(now - bot_status.since).partition(".")[0]
    for shard in bot_status.shards:
        latency = "" if shard.latency is None else f", heartbeat {shard.latency * 1000:.0f} ms"
        state = "connected" if shard.connected else "not connected"
        yield f"Shard {shard.id} of {bot_status.shard_count}", f"{state}{latency}"
    yield "Servers", str(bot_status.servers)
    yield "Questions in hand", str(bot_status.in_hand)
    yield "Longest delay of the event loop, five minutes", f"{bot_status.loop_delay * 1000:.0f} ms"
    if bot_status.held:
        yield "Posts in the index", str(bot_status.held.posts)
        yield "Index", _mib(bot_status.held.index_bytes)
        yield "Archive on disk", _mib(bot_status.held.file_bytes)


def _mib(size: int) -> str:
    return f"{size / 2**20:.1f} MiB"
