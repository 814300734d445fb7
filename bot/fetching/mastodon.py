"""Mastodon and the servers that speak its interface: threads of any length, by ``statuses`` and ``context``.

To readers who are not logged in a context gives forty posts above and sixty below, twenty deep. So the walk
goes up until nothing stands above, then down from the author's last post until nothing new comes.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from yarl import URL

from bot.fetching.errors import FetchError, UnwillingError
from bot.fetching.guard import NOT_MODIFIED, Fetched
from bot.fetching.service import (
    FEED_PAGES,
    Account,
    AuthorAddress,
    Feed,
    Get,
    GetFeed,
    OwnPost,
    PostAddress,
    Walk,
    chains,
    fresh_seconds,
    moment,
    objects,
    reaches,
    unexpected,
)

__all__ = ["NAME", "find_author", "find_post", "identify", "look", "walk"]

NAME: Final = "Mastodon"

_PATH: Final = re.compile(
    r"(?:/web|/deck)?(?:/@(?P<who>[^/@]+(?:@[^/@]+)?)|/users/(?P<user>[^/@]+)/statuses|/notice|/statuses)"
    r"/(?P<key>[0-9A-Za-z]{1,64})(?:/embed)?/?"
)
_HANDLE: Final = re.compile(
    r"@?(?P<who>[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})@(?P<host>(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{0,62})"
)
_PROFILE: Final = re.compile(r"(?:/web|/deck)?(?:/@|/users/)(?P<who>[^/@]+)(?:@(?P<host>[^/@]+))?/?")
_PAGE: Final = 40
_NO_ACCOUNT: Final = "is no account of that server, or is gone"
_MOST_ANSWERS: Final = 40
_PUBLIC: Final = frozenset({"public", "unlisted"})


def find_post(link: URL) -> PostAddress | None:
    """Return the post that a link names in the manner of Mastodon, Pleroma or their kin, on any host."""
    path = _PATH.fullmatch(link.path)
    if path is None or link.host is None:
        return None
    return PostAddress(link.host, path["who"] or path["user"] or "", path["key"])


@dataclass(slots=True)
class _Seen:
    """The statuses that came so far by their ids, and whose context was asked for."""

    statuses: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def take(self, statuses: list[dict[str, Any]]) -> None:
        self.statuses.update(
            (str(one["id"]), one) for one in statuses if isinstance(one.get("id"), str | int)
        )

    def line(self, first: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the author's statuses from the first on that answer one of these."""
        below: dict[str, list[dict[str, Any]]] = {}
        for one in self.statuses.values():
            if _author(one) == _author(first):
                below.setdefault(str(one.get("in_reply_to_id")), []).append(one)
        held, waiting = [], [first]
        while waiting:
            held.append(waiting.pop())
            # Each goes in once: what answers itself in a circle stands below no first status.
            waiting += below.pop(str(held[-1]["id"]), [])
        return held

    def ends(self, author: str) -> list[str]:
        """Return the author's posts that may go on: more answers are counted than are here, none theirs."""
        answers: dict[str, list[str]] = {}
        for one in self.statuses.values():
            answers.setdefault(str(one.get("in_reply_to_id")), []).append(_author(one))
        return [
            name
            for name, one in self.statuses.items()
            if name not in self.asked
            and _author(one) == author
            and author not in answers.get(name, ())
            and _count(one) > len(answers.get(name, ()))
        ]


async def walk(get: Get, post: PostAddress) -> Walk:
    """Fetch the thread: up to its first post, and down to where nothing new comes."""
    seen = _Seen()
    status = await _json(get, post.host, post.post)
    if not isinstance(status, dict) or "account" not in status or not isinstance(status.get("id"), str | int):
        raise unexpected()
    _refuse_unwilling(status)
    if status.get("visibility") not in _PUBLIC:
        raise FetchError("is no public post, or is gone")
    seen.take([status])
    first, above = await _walk_up(get, seen, post.host, status)
    _refuse_unwilling(first)
    below = await _walk_down(get, seen, post.host, first)
    missing = above or below
    own = seen.line(first)
    latest = max((at for one in own if (at := moment(one.get("created_at")))), default=None)
    document = _document(seen, first, broken_off=below is not None)
    return Walk(_link(post.host, first), document, missing, _author(first), len(own), latest)


def find_author(text: str) -> AuthorAddress | None:
    """Return the author that a handle like @name@host names, or a profile's link on any host."""
    handle = _HANDLE.fullmatch(text)
    if handle is not None:
        return AuthorAddress(handle["host"].lower(), handle["who"])
    if not text.lower().startswith("https://"):
        return None
    try:
        link = URL(text)
    except ValueError:
        return None
    path = _PROFILE.fullmatch(link.path)
    if path is None or link.host is None:
        return None
    return AuthorAddress((path["host"] or link.host).lower(), path["who"])


async def identify(get: Get, author: AuthorAddress) -> Account:
    """Look an account up at its own server."""
    try:
        fetched = await get(f"https://{author.host}/api/v1/accounts/lookup?acct={quote(author.name)}")
    except FetchError as error:
        raise _of_account(error) from error
    held = _parsed(fetched)
    if not isinstance(held, dict) or not isinstance(held.get("id"), str | int):
        raise unexpected()
    _refuse_unwilling({"account": held})
    return Account(
        NAME,
        author.host,
        str(held["id"]),
        f"{str(held.get('acct') or author.name).partition('@')[0]}@{author.host}",
    )


async def look(get: GetFeed, account: Account, *, since: datetime | None, etag: str | None) -> Feed:
    """Fetch the statuses of an account, page after page."""
    posts: dict[str, OwnPost] = {}
    first: Fetched | None = None
    handle, below = None, ""
    for _ in range(FEED_PAGES):
        what = (
            f"https://{account.host}/api/v1/accounts/{account.id}/statuses?limit={_PAGE}&exclude_reblogs=true"
        )
        try:
            fetched = await get(f"{what}{below}", etag if first is None else None)
        except FetchError as error:
            raise _of_account(error) from error
        if fetched.status == NOT_MODIFIED:
            return Feed(etag=etag, max_age=fresh_seconds(fetched.headers))
        first = first or fetched
        held = _parsed(fetched)
        if not isinstance(held, list):
            raise unexpected()
        statuses = [one for one in objects(held) if _author(one) == account.id]
        for one in statuses:
            _refuse_unwilling(one)
            name = str(one["account"].get("acct") or "").partition("@")[0]
            handle = handle or (f"{name}@{account.host}" if name else None)
        page = [
            post
            for one in statuses
            if one.get("visibility") in _PUBLIC and (post := _own_post(account.host, one))
        ]
        posts |= {post.id: post for post in page}
        if not statuses or reaches(page, since):
            break
        below = f"&max_id={quote(str(statuses[-1].get('id')))}"
    latest = max((post.posted_at for post in posts.values()), default=None)
    headers = first.headers if first else {}
    return Feed(chains(posts.values()), latest, handle, headers.get("etag"), fresh_seconds(headers))


def _own_post(host: str, status: dict[str, Any]) -> OwnPost | None:
    at = moment(status.get("created_at"))
    if at is None or not isinstance(status.get("id"), str | int):
        return None
    answered, of = status.get("in_reply_to_id"), status.get("in_reply_to_account_id")
    return OwnPost(
        str(status["id"]),
        _link(host, status),
        at,
        None if answered is None else str(answered),
        answers_self=answered is None or str(of) == _author(status),
    )


def _of_account(error: FetchError) -> FetchError:
    """Return an error of an account's pages, with the account as what is missing."""
    if error.status in {404, 410}:
        return FetchError(_NO_ACCOUNT, status=error.status)
    return error


async def _walk_up(
    get: Get, seen: _Seen, host: str, status: dict[str, Any]
) -> tuple[dict[str, Any], str | None]:
    """Return the first status of a conversation, or the highest that can be read and why."""
    first = status
    while first.get("in_reply_to_id") is not None:
        if len(seen.asked) >= _MOST_ANSWERS:
            return first, "was not read to its beginning, which is further up than one look goes"
        try:
            context = await _context(get, seen, host, first)
        except FetchError as error:
            return first, f"could not be read to its beginning: its server {error}"
        above = objects(context.get("ancestors"))
        seen.take([*above, *objects(context.get("descendants"))])
        if not above or str(above[0].get("id")) == str(first["id"]):
            # The post above is gone, or not for everyone: nothing more is to be had.
            break
        first = above[0]
    return first, None


async def _walk_down(get: Get, seen: _Seen, host: str, first: dict[str, Any]) -> str | None:
    """Take what stands below the first status; return why that came to an end too early."""
    waiting = [str(first["id"])]
    while waiting:
        if len(seen.asked) >= _MOST_ANSWERS:
            return f"was read up to {len(seen.statuses)} posts, which is as far as one look goes"
        try:
            context = await _context(get, seen, host, seen.statuses[waiting[0]])
        except FetchError as error:
            return f"could not be read to its end: its server {error}"
        seen.take(objects(context.get("descendants")))
        waiting = seen.ends(_author(first))[-1:]
    return None


async def _context(get: Get, seen: _Seen, host: str, status: dict[str, Any]) -> dict[str, Any]:
    seen.asked.add(str(status["id"]))
    held = await _json(get, host, f"{status['id']}/context")
    if not isinstance(held, dict):
        raise unexpected()
    return held


async def _json(get: Get, host: str, what: str) -> object:
    return _parsed(await get(f"https://{host}/api/v1/statuses/{what}"))


def _parsed(fetched: Fetched) -> object:
    try:
        return json.loads(fetched.body)
    except (ValueError, RecursionError) as error:
        raise unexpected() from error


def _refuse_unwilling(status: dict[str, Any]) -> None:
    account = status.get("account")
    if isinstance(account, dict) and account.get("noindex") is True:
        raise UnwillingError("is by an author who does not want to be found by search engines")


def _author(status: dict[str, Any]) -> str:
    account = status.get("account")
    return str(account.get("id")) if isinstance(account, dict) else ""


def _count(status: dict[str, Any]) -> int:
    count = status.get("replies_count")
    return count if isinstance(count, int) else 0


def _link(host: str, status: dict[str, Any]) -> str:
    account = status.get("account")
    name = account.get("acct") if isinstance(account, dict) else None
    return f"https://{host}/@{name}/{status['id']}"


def _document(seen: _Seen, first: dict[str, Any], *, broken_off: bool) -> bytes:
    """Return the statuses as a list; where the walk broke off, as a context, which counts what is below."""
    if not broken_off:
        return json.dumps(list(seen.statuses.values()), ensure_ascii=False).encode()
    others = [one for one in seen.statuses.values() if one is not first]
    context = {"ancestors": [], "status": first, "descendants": others}
    return json.dumps(context, ensure_ascii=False).encode()
