"""What a pasted link names: the ids and the addresses under which a post may be stored. Pure.

Links are pasted as browsers and apps copy them: of another host of the service, with a query, without a
scheme. A post is known by its id whatever the host, and else by an address that leads to the same place.
"""

import re
from dataclasses import dataclass
from itertools import product
from typing import Final

__all__ = ["PastedLink", "pasted_link"]

#: No address of a post is longer; what is, is not looked for.
_LONGEST: Final = 2_000
_LINK: Final = re.compile(r"https?://[^\s<>|\"]+", re.IGNORECASE)
_PARTS: Final = re.compile(
    r"https?://(?:[^/?#@]*@)?(?P<host>[\w.-]+)(?P<port>:\d{1,5})?(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#(?P<at>.*))?",
    re.IGNORECASE,
)
_BARE: Final = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}/[^\s<>|\"]+", re.IGNORECASE)
_TRAILING: Final = ".,;:!?'\")]}"
#: From so many figures on a number in a path is the id of a post and no date or page.
_FIGURES: Final = 15
_NUMBER: Final = re.compile(r"(\d{1,19})(?:\.html?)?", re.ASCII)
_BEFORE_ID: Final = frozenset({"status", "statuses", "thread", "t"})
_OWN_PAGE: Final = re.compile(r"(?P<id>[0-9a-hjkmnp-tv-z]{12})(?:\.(?:md|json|txt|oembed|bib|csl))?")
_OWN_FOLDERS: Final = frozenset({"t", "s"})
_ACCOUNT: Final = re.compile(r"@[\w.-]{1,64}")
_SUBDOMAINS: Final = ("www.", "mobile.", "m.")
_SAME_SITE: Final = ({"twitter.com", "x.com"},)
_ANCHOR: Final = re.compile(r"\d{1,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PastedLink:
    """What a link may stand for, every guess at once.

    ``thread_id`` is that of one of Bobbin's own pages, and ``ordinal`` the place of the post that it leads
    to. ``post_ids`` are ids under which a post may be stored, ``addresses`` the ways to write its address.
    ``handle`` and ``key`` are an account and the last part of a path: of a service that keeps posts under
    the account's number, which the link does not tell.
    """

    thread_id: str | None = None
    ordinal: int | None = None
    post_ids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    handle: str | None = None
    key: str | None = None


def pasted_link(text: str) -> PastedLink | None:
    """Return what the first link in a text names, ``None`` where there is none; the scheme may be missing.

    A text that is a number of fifteen figures or more is the id of a post.
    """
    text = text.strip()
    if text.isascii() and text.isdecimal() and len(text) >= _FIGURES:
        return PastedLink(post_ids=(text,))
    if len(text) > _LONGEST:
        return None
    found = _LINK.search(text)
    bare = None if found else _BARE.match(text)
    if found is None and bare is None:
        return None
    parts = _PARTS.fullmatch((found[0] if found else f"https://{bare[0]}" if bare else "").rstrip(_TRAILING))
    if parts is None:
        return None
    host = parts["host"].casefold()
    path = [part for part in (parts["path"] or "").split("/") if part]
    thread_id, ordinal = _own_page(path, parts["at"] or "")
    account, key = _account_and_key(path)
    return PastedLink(
        thread_id,
        ordinal,
        tuple(dict.fromkeys(_post_ids(host, path))),
        _addresses(host + (parts["port"] or ""), parts["path"] or "", parts["query"]),
        account,
        key,
    )


def _own_page(path: list[str], fragment: str) -> tuple[str | None, int | None]:
    page = _OWN_PAGE.fullmatch(path[-1].lower()) if path else None
    if page is None or not _OWN_FOLDERS & set(path[:-1]):
        return None, None
    return page["id"], int(fragment) if _ANCHOR.fullmatch(fragment) else None


def _post_ids(host: str, path: list[str]) -> list[str]:
    """Return the ids of posts that an address may name: numbers, Mastodon's addresses, Bluesky's."""
    # Mastodon's own ids are addresses.
    ids = [f"https://{host}/{'/'.join(path)}"]
    for place, part in enumerate(path):
        number = _NUMBER.fullmatch(part)
        if number and (len(number[1]) >= _FIGURES or (place and path[place - 1] in _BEFORE_ID)):
            ids.append(number[1])
            if place and _ACCOUNT.fullmatch(path[place - 1]):
                name = path[place - 1].removeprefix("@")
                ids.append(f"https://{host}/users/{name}/statuses/{number[1]}")
    whose, key = _profile_and_key(path)
    if whose and key:
        ids.append(f"at://{whose}/app.bsky.feed.post/{key}")
    return ids


def _profile_and_key(path: list[str]) -> tuple[str | None, str | None]:
    """Return whose post and which, of a path like ``profile/did:plc:abc/post/3kxyz``."""
    for place, part in enumerate(path[1:-1], 1):
        if part == "post":
            return path[place - 1], path[place + 1]
    return None, None


def _account_and_key(path: list[str]) -> tuple[str | None, str | None]:
    whose, key = _profile_and_key(path)
    return (None, None) if whose is None or whose.startswith("did:") else (whose, key)


def _addresses(host: str, path: str, query: str | None) -> tuple[str, ...]:
    """Return the ways in which an address may have been saved: scheme, host, slash and query vary."""
    plain = next((host.removeprefix(sub) for sub in _SUBDOMAINS if host.startswith(sub)), host)
    hosts = next((sorted(same) for same in _SAME_SITE if plain in same), [plain])
    all_hosts = [f"{sub}{name}" for sub, name in product(("", *_SUBDOMAINS), hosts)]
    bare = path.rstrip("/")
    tails = [bare, f"{bare}/", f"{bare.removesuffix('.html')}.html", bare.removesuffix(".html")]
    if query:
        tails = [f"{bare}?{query}", f"{path}?{query}", *tails]
    return tuple(
        dict.fromkeys(
            f"{scheme}://{name}{tail}" for name, tail, scheme in product(all_hosts, tails, ("https", "http"))
        )
    )
