"""Mastodon and the servers that speak its interface: threads of any length, by ``statuses`` and ``context``.

To readers who are not logged in a context gives forty posts above and sixty below, twenty deep. So the walk
goes up until nothing stands above, then down from the author's last post until nothing new comes.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

from yarl import URL

from bot.fetching.errors import FetchError
from bot.fetching.service import Get, PostAddress, Walk, objects, unexpected

__all__ = ["NAME", "find_post", "walk"]

NAME: Final = "Mastodon"

_PATH: Final = re.compile(
    r"(?:/web|/deck)?(?:/@(?P<who>[^/@]+(?:@[^/@]+)?)|/users/(?P<user>[^/@]+)/statuses|/notice|/statuses)"
    r"/(?P<key>[0-9A-Za-z]{1,64})(?:/embed)?/?"
)
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
    return Walk(_link(post.host, first), _document(seen, first, broken_off=below is not None), missing)


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
    fetched = await get(f"https://{host}/api/v1/statuses/{what}")
    try:
        return json.loads(fetched.body)
    except (ValueError, RecursionError) as error:
        raise unexpected() from error


def _refuse_unwilling(status: dict[str, Any]) -> None:
    account = status.get("account")
    if isinstance(account, dict) and account.get("noindex") is True:
        raise FetchError("is by an author who does not want to be found by search engines")


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
