"""Bluesky, through the public AppView that needs no login: threads of any length, by ``getPostThread``."""

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

NAME: Final = "Bluesky"

_HOST: Final = "public.api.bsky.app"
_HOSTS: Final = frozenset({"bsky.app", "www.bsky.app", "main.bsky.dev", "staging.bsky.app"})
_PATH: Final = re.compile(r"/profile/(?P<who>[^/]+)/post/(?P<key>[A-Za-z0-9._~:-]{1,512})/?")
_URI: Final = re.compile(r"at://(?P<who>[^/\s]+)/app\.bsky\.feed\.post/(?P<key>[^/\s]+)")
_PROFILE: Final = re.compile(r"/profile/(?P<who>[^/]+)/?")
_WHO: Final = re.compile(
    r"@?(?P<who>did:[a-z]+:[A-Za-z0-9._:%-]{1,256}|(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{0,62})"
)
_PAGE: Final = 100
#: Deeper answers are nested deeper than JSON readers go.
_DEPTH: Final = 200
_MOST_ANSWERS: Final = 40
_NOT_TO_STRANGERS: Final = "!no-unauthenticated"
_ALSO: Final = "filter=posts_and_author_threads"
_NO_POST: Final = "is no public post, or is gone"
_NO_ACCOUNT: Final = "is no account that Bluesky knows, or is gone"


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

    def line(self, root: str, author: str) -> list[dict[str, Any]]:
        """Return the author's posts from the first on that answer one of these."""
        held, waiting = [], [root]
        while waiting:
            name = waiting.pop()
            held.append(self.posts[name])
            waiting += [one for one in self.answered.get(name, ()) if _author(self.posts[one]) == author]
        return held

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


def find_author(text: str) -> AuthorAddress | None:
    """Return the author that a handle, an account id or a profile's link names."""
    name = _WHO.fullmatch(text)
    if name is None and text.lower().startswith("https://"):
        try:
            link = URL(text)
        except ValueError:
            return None
        path = _PROFILE.fullmatch(link.path)
        name = _WHO.fullmatch(path["who"]) if path and link.host in _HOSTS else None
    return (
        AuthorAddress(_HOST, name["who"] if name["who"].startswith("did:") else name["who"].lower())
        if name
        else None
    )


async def identify(get: Get, author: AuthorAddress) -> Account:
    """Fetch the profile of an author."""
    held = await _json(get, f"app.bsky.actor.getProfile?actor={quote(author.name)}", gone=_NO_ACCOUNT)
    if not isinstance(held, dict) or not str(held.get("did")).startswith("did:"):
        raise unexpected()
    _refuse_unwilling({"author": held})
    return Account(NAME, _HOST, str(held["did"]), str(held.get("handle") or held["did"]))


async def look(get: GetFeed, account: Account, *, since: datetime | None, etag: str | None) -> Feed:
    """Fetch the author's feed, page after page."""
    posts: dict[str, OwnPost] = {}
    first: Fetched | None = None
    handle, cursor = None, ""
    for _ in range(FEED_PAGES):
        method = f"app.bsky.feed.getAuthorFeed?actor={quote(account.id)}&limit={_PAGE}&{_ALSO}{cursor}"
        fetched = await _asked(get, method, etag if first is None else None, gone=_NO_ACCOUNT)
        if fetched.status == NOT_MODIFIED:
            return Feed(etag=etag, max_age=fresh_seconds(fetched.headers))
        first = first or fetched
        held = _parsed(fetched)
        if not isinstance(held, dict) or not isinstance(held.get("feed"), list):
            raise unexpected()
        views = [view for view in objects(held["feed"]) if isinstance(view.get("post"), dict)]
        own = [view["post"] for view in views if _author(view["post"]) == account.id]
        for view in own:
            _refuse_unwilling(view)
            handle = handle or str(view["author"].get("handle") or "") or None
        page = [post for view in own if (post := _own_post(view))]
        posts |= {post.id: post for post in page}
        # What is pinned or shown again stands among later posts.
        again = {view["post"].get("uri") for view in views if view.get("reason")}
        if (
            not held.get("cursor")
            or not views
            or reaches([one for one in page if one.id not in again], since)
        ):
            break
        cursor = f"&cursor={quote(str(held['cursor']), safe='')}"
    latest = max((post.posted_at for post in posts.values()), default=None)
    headers = first.headers if first else {}
    return Feed(chains(posts.values()), latest, handle, headers.get("etag"), fresh_seconds(headers))


def _own_post(view: dict[str, Any]) -> OwnPost | None:
    at, uri = _posted_at(view), view.get("uri")
    if at is None or not isinstance(uri, str):
        return None
    root, answered = _root(view), _answered(view)
    own = f"at://{_author(view)}/"
    willing = all(one is None or one.startswith(own) for one in (root, answered))
    return OwnPost(uri, _link(uri), at, answered, root, willing)


def _posted_at(post: dict[str, Any]) -> datetime | None:
    """Return when a post was written: what its author's program says, unless that lies in the future."""
    record = post.get("record")
    written = moment(record.get("createdAt")) if isinstance(record, dict) else None
    indexed = moment(post.get("indexedAt"))
    return min(written, indexed) if written and indexed else written or indexed


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
    author = _author(seen.posts[root])
    missing = await _walk_on(get, seen, author)
    own = seen.line(root, author)
    latest = max((at for post in own if (at := _posted_at(post))), default=None)
    document = _document(seen, root, broken_off=missing is not None)
    return Walk(_link(root), document, missing, author, len(own), latest)


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


async def _json(get: Get, method: str, *, gone: str = _NO_POST) -> object:
    async def plain(link: str, _etag: str | None = None, /) -> Fetched:
        return await get(link)

    return _parsed(await _asked(plain, method, gone=gone))


async def _asked(get: GetFeed, method: str, etag: str | None = None, *, gone: str) -> Fetched:
    try:
        return await get(f"https://{_HOST}/xrpc/{method}", etag)
    except FetchError as error:
        if error.status == 400:  # noqa: PLR2004 - how Bluesky says that there is no such thing
            raise FetchError(gone, status=404) from error
        raise


def _parsed(fetched: Fetched) -> object:
    try:
        return json.loads(fetched.body)
    except (ValueError, RecursionError) as error:
        raise unexpected() from error


def _refuse_unwilling(post: dict[str, Any]) -> None:
    author = post.get("author")
    labels = objects(author.get("labels")) if isinstance(author, dict) else []
    if any(label.get("val") == _NOT_TO_STRANGERS and not label.get("neg") for label in labels):
        raise UnwillingError("is by an author who wants to be shown to people logged in to Bluesky only")


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
