"""The health page and the metrics, as routes for the port that only this machine reaches."""

import dataclasses
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from html import escape
from typing import Any

from aiohttp import hdrs, web

from bot.health.meter import CONTENT_TYPE, Meter
from bot.health.vitals import Vitals, complaints, put

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
    meter: Meter,
    look: Callable[[], Awaitable[Vitals]],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[web.RouteDef]:
    """Return the routes ``/health`` and ``/metrics``; ``look`` takes the vitals without blocking.

    Neither is for the public: mount them only where this machine alone can reach them. ``/health``
    answers a browser with a page, anything else with JSON; its status is 200 while questions are
    answered and 503 while they are not.
    """

    async def health(request: web.Request) -> web.Response:
        vitals = await look()
        grave, slight = complaints(vitals)
        state = "in trouble" if grave else "slow" if slight else "well"
        status = 503 if grave else 200
        if "text/html" in request.headers.get(hdrs.ACCEPT, ""):
            text = _page(state, [*grave, *slight], vitals, now())
            return web.Response(text=text, content_type="text/html", status=status, headers=_HEADERS)
        told = {"state": state, "complaints": [*grave, *slight]} | _plain(vitals)
        body = json.dumps(told, indent=2) + "\n"
        return web.Response(text=body, content_type="application/json", status=status, headers=_HEADERS)

    async def metrics(_request: web.Request) -> web.Response:
        put(await look(), meter)
        return web.Response(body=meter.exposition(), headers={hdrs.CONTENT_TYPE: CONTENT_TYPE, **_HEADERS})

    return [web.get("/health", health), web.get("/metrics", metrics)]


def _plain(vitals: Vitals) -> dict[str, Any]:
    """Return the vitals as JSON has them; times in ISO 8601, UTC."""
    plain = dataclasses.asdict(vitals)
    plain["since"] = vitals.since.isoformat(timespec="seconds")
    return plain


def _page(state: str, sentences: list[str], vitals: Vitals, now: datetime) -> str:
    said = "".join(f"<li>{escape(sentence)}</li>\n" for sentence in sentences)
    rows = (
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
        for name, value in _rows(vitals, now)
    )
    told = f"<ul>\n{said}</ul>\n" if said else ""
    return _PAGE.format(state=escape(state), complaints=told, rows="\n".join(rows))


def _rows(vitals: Vitals, now: datetime) -> Iterator[tuple[str, str]]:
    yield "Version", vitals.version
    yield "Running for", str(now - vitals.since).partition(".")[0]
    for shard in vitals.shards:
        latency = "" if shard.latency is None else f", heartbeat {shard.latency * 1000:.0f} ms"
        state = "connected" if shard.connected else "not connected"
        yield f"Shard {shard.id} of {vitals.shard_count}", f"{state}{latency}"
    yield "Servers", str(vitals.servers)
    yield "Questions in hand", str(vitals.in_hand)
    yield "Longest delay of the event loop, five minutes", f"{vitals.loop_delay * 1000:.0f} ms"
    if vitals.held:
        yield "Posts in the index", str(vitals.held.posts)
        yield "Index", _mib(vitals.held.index_bytes)
        yield "Archive on disk", _mib(vitals.held.file_bytes)


def _mib(size: int) -> str:
    return f"{size / 2**20:.1f} MiB"
