"""Bluesky and Mastodon on the loopback, with their limits for strangers, and a network to reach them."""

import hashlib
import json
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import trustme
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.fetching.addresses import is_public
from bot.fetching.guard import FetchLimits, Guard, Network

__all__ = ["BLUESKY", "INSTANCE", "Bluesky", "Mastodon", "Web", "serving"]

BLUESKY = "public.api.bsky.app"
INSTANCE = "tooting.example"
_MOST_ABOVE, _MOST_BELOW, _DEEPEST = 40, 60, 20
_START = "2026-03-01T10:00:00.000Z"

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass
class Web:
    """A server that answers for every name in ``names``: each leads to these addresses, or to the server."""

    handler: Handler
    names: dict[str, list[str]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    lookups: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    port: int = 0
    context: ssl.SSLContext | None = None
    certificate: ssl.SSLContext | None = None
    authority: bytes = b""

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(f"{request.host}{request.path_qs}")
        self.agents.add(request.headers.get("User-Agent", ""))
        return await self.handler(request)

    def network(self) -> Network:
        """Return a network in which every name leads to this server unless ``names`` has it."""
        return Network(
            resolver=lambda: _Names(self),
            allowed=lambda address: address == "127.0.0.1" or is_public(address),
            tls=lambda: self.context or ssl.create_default_context(),
        )

    def guard(self, limits: FetchLimits | None = None) -> Guard:
        """Return a guard whose waits are noted instead of slept."""

        async def wait(seconds: float) -> None:
            self.waits.append(seconds)

        return Guard(
            "Bobbin/test (contact: test@example.org)", limits=limits, network=self.network(), sleep=wait
        )


class _Names(AbstractResolver):
    def __init__(self, served: Web) -> None:
        self._served = served

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:  # noqa: ARG002
        self._served.lookups.append(host)
        addresses = self._served.names.get(host, ["127.0.0.1"])
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=self._served.port if address == "127.0.0.1" else port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def serving(handler: Handler, *names: str) -> AsyncIterator[Web]:
    """Serve https on the loopback for some names, with a certificate that only this guard trusts."""
    authority = trustme.CA()
    served = Web(handler)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or (INSTANCE, BLUESKY))).configure_cert(theirs)
    served.certificate = theirs
    served.context = ssl.create_default_context()
    authority.configure_trust(served.context)
    served.authority = authority.cert_pem.bytes()
    runner = web.ServerRunner(web.Server(served.answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=theirs)
    await site.start()
    served.port = runner.addresses[0][1]
    try:
        yield served
    finally:
        await runner.cleanup()


def validated(request: web.BaseRequest, found: object, max_age: int) -> web.StreamResponse:
    """Answer with a validator, or that nothing changed since the one that was sent."""
    etag = f'W/"{hashlib.sha256(json.dumps(found).encode()).hexdigest()[:16]}"'
    headers = {"ETag": etag} | ({"Cache-Control": f"public, max-age={max_age}"} if max_age else {})
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers=headers)
    return web.json_response(found, headers=headers)


@dataclass
class Bluesky:
    """An AppView with posts by their keys: the author's did, the text, and the key that each answers."""

    posts: dict[str, tuple[str, str, str | None]] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(default_factory=dict)
    deepest: int = 1_000
    failing: Callable[[str], int | None] = lambda _key: None
    gone: set[str] = field(default_factory=set)
    times: dict[str, str] = field(default_factory=dict)
    max_age: int = 0

    def add_line(self, who: str, texts: list[str], below: str | None = None, key: str = "p") -> list[str]:
        """Add a chain of posts of one author; return their keys."""
        keys = []
        for place, text in enumerate(texts):
            self.posts[f"{key}{place}"] = (who, text, below)
            below = f"{key}{place}"
            keys.append(below)
        return keys

    def uri(self, key: str) -> str:
        return f"at://{self.posts[key][0]}/app.bsky.feed.post/{key}"

    def _root(self, key: str) -> str:
        while (above := self.posts[key][2]) is not None:
            key = above
        return key

    def _view(self, key: str) -> dict[str, Any]:
        who, text, above = self.posts[key]
        record: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": text, "createdAt": self._time(key)}
        if above is not None:
            record["reply"] = {"root": {"uri": self.uri(self._root(key))}, "parent": {"uri": self.uri(above)}}
        handle = next((name for name, did in self.handles.items() if did == who), "handle.invalid")
        labels = [{"val": label} for label in self.labels.get(who, [])]
        return {
            "uri": self.uri(key),
            "cid": f"cid-{key}",
            "author": {"did": who, "handle": handle, "labels": labels},
            "record": record,
            "replyCount": len(self._below(key)),
            "indexedAt": self._time(key),
        }

    def _time(self, key: str) -> str:
        return self.times.get(key, _START)

    def _feed(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer with a page of an author's posts, the newest first, without answers to others."""
        who = request.query["actor"]
        status = self.failing(f"feed {who}")
        if status:
            return web.json_response({"error": "Trouble"}, status=status, headers={"Retry-After": "90"})
        keys = [key for key, post in self.posts.items() if post[0] == who and key not in self.gone]
        if who not in self.handles.values() and not keys:
            return web.json_response({"error": "InvalidRequest"}, status=400)
        own = [key for key in keys if self.posts[self._root(key)][0] == who]
        own.sort(key=lambda key: (self._time(key), keys.index(key)), reverse=True)
        begin, most = int(request.query.get("cursor", 0)), min(int(request.query.get("limit", 50)), 100)
        page = own[begin : begin + most]
        found: dict[str, Any] = {"feed": [{"post": self._view(key)} for key in page]}
        if begin + most < len(own):
            found["cursor"] = str(begin + most)
        return validated(request, found, self.max_age)

    def _below(self, key: str) -> list[str]:
        return [name for name, post in self.posts.items() if post[2] == key and name not in self.gone]

    def _thread(self, key: str, depth: int) -> dict[str, Any]:
        below = [self._thread(one, depth - 1) for one in self._below(key)] if depth else []
        return {"$type": "app.bsky.feed.defs#threadViewPost", "post": self._view(key), "replies": below}

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.endswith("resolveHandle"):
            did = self.handles.get(request.query["handle"])
            return web.json_response(
                {"did": did} if did else {"error": "InvalidRequest"}, status=200 if did else 400
            )
        if request.path.endswith("getProfile"):
            who = self.handles.get(request.query["actor"], request.query["actor"])
            name = next((name for name, did in self.handles.items() if did == who), None)
            if name is None:
                return web.json_response({"error": "InvalidRequest"}, status=400)
            labels = [{"val": label} for label in self.labels.get(who, [])]
            return web.json_response({"did": who, "handle": name, "labels": labels})
        if request.path.endswith("getAuthorFeed"):
            return self._feed(request)
        return self._thread_answer(request)

    def _thread_answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer with a thread's view: what is below a post, and above it up to what is gone."""
        key = request.query["uri"].rpartition("/")[2]
        status = self.failing(key)
        if status:
            return web.json_response({"error": "Trouble"}, status=status, headers={"Retry-After": "90"})
        if key not in self.posts or key in self.gone:
            return web.json_response({"error": "NotFound"}, status=400)
        depth = min(int(request.query.get("depth", 6)), self.deepest)
        thread, at, view = self._thread(key, depth), key, None
        for _ in range(int(request.query.get("parentHeight", 80))):
            above = self.posts[at][2]
            if above is None:
                break
            parent: dict[str, Any] = {
                "$type": "app.bsky.feed.defs#threadViewPost",
                "post": self._view(above),
            }
            if above in self.gone:
                uri = self.uri(above)
                parent = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri, "notFound": True}
            (view if view is not None else thread)["parent"] = parent
            if above in self.gone:
                break
            at, view = above, parent
        return web.json_response({"thread": thread})


@dataclass
class Mastodon:
    """An instance with statuses by their ids: account, text, the id that each answers, who may see it."""

    statuses: dict[str, tuple[str, str, str | None, str]] = field(default_factory=dict)
    noindex: set[str] = field(default_factory=set)
    failing: Callable[[str], int | None] = lambda _path: None
    gone: set[str] = field(default_factory=set)
    times: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    max_age: int = 0

    def add_line(self, who: str, texts: list[str], below: str | None = None, first: int = 1000) -> list[str]:
        """Add a chain of public statuses of one account; return their ids."""
        names = []
        for place, text in enumerate(texts):
            name = str(first + place)
            self.statuses[name] = (who, text, below, "public")
            below = name
            names.append(name)
        return names

    def _shown(self, name: str) -> bool:
        return name not in self.gone and self.statuses[name][3] in {"public", "unlisted"}

    def _status(self, name: str) -> dict[str, Any]:
        who, text, above, visibility = self.statuses[name]
        return {
            "id": name,
            "uri": f"https://{INSTANCE}/users/{who}/statuses/{name}",
            "url": f"https://{INSTANCE}/@{self.names.get(who, who)}/{name}",
            "created_at": self.times.get(name, _START),
            "visibility": visibility,
            "content": f"<p>{text}</p>",
            "in_reply_to_id": above,
            "in_reply_to_account_id": None if above is None else self._account(self.statuses[above][0])["id"],
            "replies_count": sum(one[2] == name for one in self.statuses.values()),
            "account": self._account(who),
            "media_attachments": [],
        }

    def _account(self, who: str) -> dict[str, Any]:
        return {
            "id": f"7{sum(map(ord, who))}",
            "acct": self.names.get(who, who),
            "url": f"https://{INSTANCE}/@{self.names.get(who, who)}",
            "noindex": who in self.noindex,
        }

    def _accounts(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer with an account by its name, or with a page of an account's posts, the newest first."""
        people = dict.fromkeys(status[0] for status in self.statuses.values())
        if request.path.endswith("/lookup"):
            named = [who for who in people if self.names.get(who, who) == request.query["acct"]]
            if not named:
                return web.json_response({"error": "Record not found"}, status=404)
            return web.json_response(self._account(named[0]))
        account = request.path.removeprefix("/api/v1/accounts/").partition("/")[0]
        own = [
            name
            for name, status in self.statuses.items()
            if self._account(status[0])["id"] == account and self._shown(name)
        ]
        if not any(self._account(who)["id"] == account for who in people):
            return web.json_response({"error": "Record not found"}, status=404)
        own.sort(key=int, reverse=True)
        below = int(request.query.get("max_id", 2**62))
        page = [name for name in own if int(name) < below][: min(int(request.query.get("limit", 20)), 40)]
        return validated(request, list(map(self._status, page)), self.max_age)

    def _below(self, name: str, depth: int) -> list[str]:
        found: list[str] = []
        for one, (_, _, above, _) in self.statuses.items():
            if above == name and depth and self._shown(one):
                found += [one, *self._below(one, depth - 1)]
        return found

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        status = self.failing(request.path)
        if status:
            return web.json_response(
                {"error": "trouble"}, status=status, headers={"Retry-After": "90"} if status == 429 else None
            )
        if request.path.startswith("/api/v1/accounts/"):
            return self._accounts(request)
        name, _, what = request.path.removeprefix("/api/v1/statuses/").partition("/")
        if name not in self.statuses or not self._shown(name):
            return web.json_response({"error": "Record not found"}, status=404)
        if not what:
            return web.json_response(self._status(name))
        above: list[str] = []
        at = self.statuses[name][2]
        while at is not None and self._shown(at) and len(above) < _MOST_ABOVE:
            above.insert(0, at)
            at = self.statuses[at][2]
        below = self._below(name, _DEEPEST)[:_MOST_BELOW]
        return web.json_response(
            {"ancestors": list(map(self._status, above)), "descendants": list(map(self._status, below))}
        )
