"""Bluesky, through the public AppView that needs no login: threads of any length, by ``getPostThread``."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from yarl import URL

from bot.fetching.errors import FetchError
from bot.fetching.service import Get, PostAddress, Walk, objects, unexpected

__all__ = ["NAME", "find_post", "walk"]

NAME: Final = "Bluesky"

_HOST: Final = "public.api.bsky.app"
_HOSTS: Final = frozenset({"bsky.app", "www.bsky.app", "main.bsky.dev", "staging.bsky.app"})
_PATH: Final = re.compile(r"/profile/(?P<who>[^/]+)/post/(?P<key>[A-Za-z0-9._~:-]{1,512})/?")
_URI: Final = re.compile(r"at://(?P<who>[^/\s]+)/app\.bsky\.feed\.post/(?P<key>[^/\s]+)")
#: Deeper answers are nested deeper than JSON readers go.
_DEPTH: Final = 200
_MOST_ANSWERS: Final = 40
_NOT_TO_STRANGERS: Final = "!no-unauthenticated"


def find_post(link: URL) -> PostAddress | None:
    """Return the post that a link of bsky.app names."""
    path = _PATH.fullmatch(link.path)
    if link.host not in _HOSTS or path is None:
        return None
    return PostAddress(_HOST, path["who"], path["key"])


@dataclass(slots=True)
class _Seen:
    """The posts that came so far by their addresses, their answers among them, and what was asked for."""

    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: dict[str, set[str]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def take(self, view: object) -> None:
        """Take the posts of a thread's view, above and below; what is gone or blocked holds none."""
        waiting = [view]
        while waiting:
            held = waiting.pop()
            if not isinstance(held, dict):
                continue
            waiting += [held.get("parent"), *objects(held.get("replies"))]
            post = held.get("post")
            if isinstance(post, dict) and isinstance(post.get("uri"), str):
                self.posts[post["uri"]] = post
                parent = _answered(post)
                if parent:
                    self.answered.setdefault(parent, set()).add(post["uri"])

    def ends(self, author: str) -> list[str]:
        """Return the author's posts that may go on: answers are counted, and none by the author is here."""
        return [
            name
            for name, post in self.posts.items()
            if name not in self.asked
            and _author(post) == author
            and post.get("replyCount")
            and not any(_author(self.posts[one]) == author for one in self.answered.get(name, ()))
            and post["replyCount"] > len(self.answered.get(name, ()))
        ]


async def walk(get: Get, post: PostAddress) -> Walk:
    """Fetch the thread from its first post down, asking anew where an answer stops."""
    who = post.author if post.author.startswith("did:") else await _did(get, post.author)
    seen = _Seen()
    start = f"at://{who}/app.bsky.feed.post/{post.post}"
    seen.take(await _thread(get, seen, start))
    if start not in seen.posts:
        raise FetchError("is no public post, or is gone")
    _refuse_unwilling(seen.posts[start])
    root = _root(seen.posts[start]) or start
    if root != start:
        try:
            seen.take(await _thread(get, seen, root))
        except FetchError:
            root = start
    root = root if root in seen.posts else start
    _refuse_unwilling(seen.posts[root])
    missing = await _walk_on(get, seen, _author(seen.posts[root]))
    return Walk(_link(root), _document(seen, root, broken_off=missing is not None), missing)


async def _walk_on(get: Get, seen: _Seen, author: str) -> str | None:
    """Ask below each post of the author's that may go on; return why that came to an end too early."""
    while ends := seen.ends(author):
        if len(seen.asked) >= _MOST_ANSWERS:
            return f"was read up to {len(seen.posts)} posts, which is as far as one look goes"
        try:
            seen.take(await _thread(get, seen, ends[0]))
        except FetchError as error:
            seen.asked.discard(ends[0])
            return f"could not be read to its end: its service {error}"
    return None


async def _did(get: Get, handle: str) -> str:
    """Return the id of an account, which stays when its handle changes."""
    held = await _json(get, f"com.atproto.identity.resolveHandle?handle={quote(handle)}")
    did = held.get("did") if isinstance(held, dict) else None
    if not isinstance(did, str) or not did.startswith("did:"):
        raise FetchError("is by an account that Bluesky does not know")
    return did


async def _thread(get: Get, seen: _Seen, uri: str) -> object:
    seen.asked.add(uri)
    held = await _json(
        get, f"app.bsky.feed.getPostThread?uri={quote(uri, safe='')}&depth={_DEPTH}&parentHeight={_DEPTH}"
    )
    if not isinstance(held, dict) or not isinstance(held.get("thread"), dict):
        raise unexpected()
    return held["thread"]


async def _json(get: Get, method: str) -> object:
    try:
        fetched = await get(f"https://{_HOST}/xrpc/{method}")
        return json.loads(fetched.body)
    except FetchError as error:
        if error.status == 400:  # noqa: PLR2004 - how Bluesky says that there is no such thing
            raise FetchError("is no public post, or is gone", status=404) from error
        raise
    except (ValueError, RecursionError) as error:
        raise unexpected() from error


def _refuse_unwilling(post: dict[str, Any]) -> None:
    author = post.get("author")
    labels = objects(author.get("labels")) if isinstance(author, dict) else []
    if any(label.get("val") == _NOT_TO_STRANGERS and not label.get("neg") for label in labels):
        raise FetchError("is by an author who wants to be shown to people logged in to Bluesky only")


def _author(post: dict[str, Any]) -> str:
    held = post.get("author")
    return str(held.get("did")) if isinstance(held, dict) else ""


def _reference(post: dict[str, Any], which: str) -> str | None:
    at: object = post
    for name in ("record", "reply", which, "uri"):
        at = at.get(name) if isinstance(at, dict) else None
    return at if isinstance(at, str) else None


def _root(post: dict[str, Any]) -> str | None:
    return _reference(post, "root")


def _answered(post: dict[str, Any]) -> str | None:
    return _reference(post, "parent")


def _link(uri: str) -> str:
    found = _URI.fullmatch(uri)
    return f"https://bsky.app/profile/{found['who']}/post/{found['key']}" if found else uri


def _document(seen: _Seen, root: str, *, broken_off: bool) -> bytes:
    """Return the posts as Bluesky lists them; where the walk broke off, its ends as those of a thread.

    A thread's view says how many answers should stand below a post, so that what is cut there is not taken
    for whole.
    """
    ends = seen.ends(_author(seen.posts[root])) if broken_off else []
    posts = [post for name, post in sorted(seen.posts.items()) if name not in ends]
    cut = [{"thread": {"post": seen.posts[name], "replies": []}} for name in ends]
    return json.dumps([{"posts": posts}, *cut], ensure_ascii=False).encode()
