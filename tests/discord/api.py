"""Serve the HTTP API: take calls apart, judge them, spoil some, answer and record them."""

import asyncio
import json
import re
import time
from collections.abc import Callable

from aiohttp import web

from tests.canary import INTERACTION, traces_in
from tests.discord.buckets import Buckets
from tests.discord.contract import Contract
from tests.discord.faults import Fault, Faults
from tests.discord.lines import cut
from tests.discord.routes import Handler, Table
from tests.discord.wire import Answer, Call, Json, Refusal, Request, Upload, encode, invalid_form

__all__ = ["PREFIX", "Api"]

PREFIX = "/api/v10"
_JSON = "application/json"
# Here the token stands in the path.
_OPEN = ("/interactions/", "/webhooks/")


class Api:
    """Serve the routes of a table, and answer 501 to everything else."""

    def __init__(self, table: Table, token: str, faults: Faults, contract: Contract | None) -> None:
        """Take the routes; without a contract only Discord's limits are checked."""
        by_parameters = sorted(table, key=lambda row: row[1].count("{"))
        self._table: list[tuple[str, re.Pattern[str], str, Handler]] = [
            (method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)), template, handler)
            for method, template, handler in by_parameters
        ]
        self._token = token
        self._faults = faults
        self.contract = contract
        self.buckets = Buckets()
        self.requests: list[Request] = []
        self.problems: list[str] = []
        self.checks_answers = False
        self.under_way = 0
        self.latest = time.monotonic()
        self.on_change: Callable[[], None] = lambda: None

    async def handle(self, http: web.Request) -> web.StreamResponse:
        """Serve one request from its record to its answer, and note when that began and ended."""
        self.under_way += 1
        self.latest = time.monotonic()
        try:
            return await self._handle(http)
        finally:
            self.under_way -= 1
            self.latest = time.monotonic()

    async def _handle(self, http: web.Request) -> web.StreamResponse:
        path = http.path.removeprefix(PREFIX)
        body, uploads, faults = await _read(http)
        faults += _betrayals(http.path_qs, body, uploads)
        record = Request(http.method, path, body, time.monotonic(), query=dict(http.query), uploads=uploads)
        record.authorization = http.headers.get("Authorization")
        record.user_agent = http.headers.get("User-Agent")
        self.requests.append(record)
        fault = self._faults.strike(http.method, path)
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault is not None and fault.spoils and not fault.after:
            return self._spoil(http, record, fault)
        found = self._route(record)
        headers, refusal = self.buckets.take(record.method, *found[:2]) if found else ({}, None)
        if refusal is not None:
            record.status = 429
            self.on_change()
            return _json(refusal, 429, headers)
        response = await self._respond(record, faults)
        response.headers.update(headers)
        if fault is not None and fault.spoils:
            return self._spoil(http, record, fault)
        record.status = response.status
        self.on_change()
        return response

    def _spoil(self, http: web.Request, record: Request, fault: Fault) -> web.StreamResponse:
        self.on_change()
        if fault.reset or fault.hang_up:
            cut(http.transport, reset=fault.reset)
            return web.Response(status=500)
        record.status = fault.status or 500
        if isinstance(fault.answer, str):
            return web.Response(
                text=fault.answer, status=record.status, headers=fault.headers, content_type="text/html"
            )
        return _json(fault.answer, record.status, dict(fault.headers))

    async def _respond(self, record: Request, faults: list[str]) -> web.Response:
        try:
            answer = await self._serve(record, faults)
        except Refusal as refusal:
            if refusal.body["code"] in (50035, 50006) or refusal.status >= 500:
                told = refusal.body.get("errors", {}).get("_errors", [])
                reasons = "; ".join(error["message"] for error in told) or refusal.body["message"]
                self.problems.append(f"{record.method} {record.path}: {reasons}")
            return _json(refusal.body, refusal.status)
        except Exception as error:
            self.problems.append(f"{record.method} {record.path}: the loopback failed with {error!r}")
            raise
        if self.checks_answers and self.contract is not None and answer.body is not None:
            broken = self.contract.answer_faults(record.method, record.path, answer.status, answer.body)
            self.problems += [f"answer to {record.method} {record.path}: {fault}" for fault in broken]
        if answer.body is None:
            return web.Response(status=204)
        return _json(answer.body, answer.status)

    async def _serve(self, record: Request, faults: list[str]) -> Answer:
        found = self._route(record)
        if found is None:
            self.problems.append(f"{record.method} {record.path}: the loopback has no such route")
            return Answer({"message": "501: Not Implemented", "code": 0}, 501)
        template, params, handler = found
        if (
            not record.path.startswith(_OPEN)
            and record.path != "/gateway"
            and record.authorization != f"Bot {self._token}"
        ):
            # A refused token is the bot's to report, not a breach of the contract.
            return Answer({"message": "401: Unauthorized", "code": 0}, 401)
        if self.contract is not None:
            faults += self.contract.request_faults(record.method, record.path, record.query, record.json)
        if faults:
            raise invalid_form(faults)
        call = Call(record.method, record.path, template, params, record.query, record.json, record.uploads)
        return await handler(call)

    def _route(self, record: Request) -> tuple[str, dict[str, str], Handler] | None:
        for method, pattern, template, handler in self._table:
            match = pattern.fullmatch(record.path)
            if match is not None and method == record.method:
                return template, match.groupdict(), handler
        return None


def _betrayals(address: str, body: object, uploads: tuple[Upload, ...]) -> list[str]:
    """List where a token stands that no token has business in."""
    said = json.dumps(body, ensure_ascii=False)
    files = b"".join(upload.data for upload in uploads)
    places = {"address": address.encode(), "body": said.encode(errors="replace"), "files": files}
    found = [f"the bot's token stands in the {place}" for place, held in places.items() if traces_in(held)]
    return found + (["an interaction's token stands in the body"] if INTERACTION in said else [])


async def _read(http: web.Request) -> tuple[object, tuple[Upload, ...], list[str]]:
    """Read a body by its type: what it holds, its files, and what is wrong with it."""
    if http.content_type == "multipart/form-data":
        form = await http.post()
        uploads = tuple(
            Upload(part.filename, part.file.read(), part.content_type)
            for part in form.values()
            if isinstance(part, web.FileField)
        )
        text = form.get("payload_json")
        return (json.loads(text) if isinstance(text, str) else {}), uploads, []
    data = await http.read()
    if not data:
        return None, (), []
    sent_as = http.headers.get("Content-Type")
    faults = [] if sent_as == _JSON else [f"Content-Type is {sent_as!r}, not {_JSON!r}"]
    try:
        return json.loads(data), (), faults
    except ValueError:
        return None, (), [*faults, "the body is not JSON"]


def _json(body: Json | list[Json], status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # The client compares the type as a whole: a charset behind it would make the body text.
    return web.Response(
        body=encode(body).encode(), status=status, headers={**(headers or {}), "Content-Type": _JSON}
    )
