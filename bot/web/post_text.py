"""A post's text in pieces for a page: highlights, links, mentions, and what hangs on it. Pure.

The pieces put together are the post's words, character for character.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from bot.web.addresses import safe_url
from retrieval.model import Attachment, AttachmentKind, Post

__all__ = ["Figure", "Run", "figures_of", "runs_of"]

_LINK: Final = re.compile(r"https?://[^\s<>\"“”«»\u0000-\u0020]+", re.IGNORECASE)
_MENTION: Final = re.compile(r"(?<![\w@/.])@(\w{1,64})(?![\w@])")
#: A line that a reader of saved files wrote for a picture, a video, a quoted post or a linked page.
_LINE: Final = re.compile(r"\[(?P<kind>image|video|quoted post|link): (?P<content>[^\n]+)\](?=\n|$)")
_UNDESCRIBED: Final = "no description"
_OWNER: Final = re.compile(
    r"https?://(?:(?:www\.|mobile\.)?(?:x|twitter)\.com/(?P<name>\w{1,30})/status(?:es)?/)", re.IGNORECASE
)
_CLOSING: Final = {")": "(", "]": "[", "}": "{"}
_MOST_LINKS: Final = 200


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a text: its pieces, each with whether it is highlighted, and where it links, if anywhere.

    ``own`` says that the link is a page of the site.
    """

    pieces: tuple[tuple[str, bool], ...]
    href: str | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """What hangs on a post: its kind, the pieces of its description, and its addresses.

    ``kind`` is "image", "video", "quoted" or "link"; ``author`` whose post a quoted one is, with the "@",
    and ``author_path`` the path of the author's page, where there is one.
    Neither description nor address need be known. Nothing is ever loaded from an address.
    """

    kind: str
    pieces: tuple[tuple[str, bool], ...] = ()
    addresses: tuple[str, ...] = ()
    author: str | None = None
    author_path: str | None = None


def runs_of(
    post: Post, highlights: Sequence[tuple[int, int]], author_paths: Mapping[str, str]
) -> tuple[Run, ...]:
    """Return the runs of a post's words, up to the lines of what hangs on it.

    ``highlights`` are slices in order, without overlap. ``author_paths`` are the paths of authors' pages by
    their names in lower case, without "@".
    """
    text = post.text[: _end_of_words(post.text)]
    runs: list[Run] = []
    at = 0
    for start, end, href, own in _links(text, author_paths):
        runs += _plain(text, at, start, highlights)
        runs.append(Run(tuple(_pieces(text, start, end, highlights)), href, own))
        at = end
    return (*runs, *_plain(text, at, len(text), highlights))


def figures_of(
    post: Post, highlights: Sequence[tuple[int, int]], author_paths: Mapping[str, str]
) -> tuple[Figure, ...]:
    """Return what hangs on a post, in the order of its lines, then what has no line.

    A post that an earlier version of Bobbin kept has lines alone: with a description or an address, not both.
    """
    by_line: defaultdict[str, list[Attachment]] = defaultdict(list)
    for attachment in post.attachments:
        by_line[attachment.line].append(attachment)
    figures: list[Figure] = []
    for found in _LINE.finditer(post.text, _end_of_words(post.text)):
        known = by_line.pop(found[0], [])
        start, end = found.span("content")
        described = found["content"] not in {_UNDESCRIBED, *(one.address for one in known)}
        address = None if known else safe_url(found["content"])
        pieces = tuple(_pieces(post.text, start, end, highlights)) if described and not address else ()
        figures.append(
            _figure(found["kind"], pieces, [one.address for one in known] or [address], author_paths)
        )
    for attachment in chain.from_iterable(by_line.values()):
        pieces = ((attachment.description, False),) if attachment.description else ()
        figures.append(_figure(attachment.kind, pieces, [attachment.address], author_paths))
    return tuple(figures)


def _figure(
    kind: str,
    pieces: tuple[tuple[str, bool], ...],
    addresses: Sequence[str | None],
    author_paths: Mapping[str, str],
) -> Figure:
    known = [address for address in addresses if address]
    whose = next((found["name"] for one in known if (found := _OWNER.match(one))), None)
    author = whose if whose and kind == AttachmentKind.QUOTED and whose != "i" else None
    safe = tuple(dict.fromkeys(filter(None, map(safe_url, known))))
    # An address that is no link is shown as it is.
    unsafe = tuple((one, False) for one in known if safe_url(one) is None)
    path = author_paths.get(author.casefold()) if author else None
    return Figure(kind.removesuffix(" post"), pieces + unsafe, safe, author and f"@{author}", path)


def _end_of_words(text: str) -> int:
    """Return where a post's words end, and the lines of what hangs on it begin."""
    end = len(text)
    while end:
        start = text.rfind("\n", 0, end) + 1
        if not _LINE.fullmatch(text, start, end):
            return end
        end = max(0, start - 1)
    return end


def _plain(text: str, start: int, end: int, highlights: Sequence[tuple[int, int]]) -> Iterator[Run]:
    if start < end:
        yield Run(tuple(_pieces(text, start, end, highlights)))


def _links(text: str, author_paths: Mapping[str, str]) -> list[tuple[int, int, str, bool]]:
    """Return the links of a text in order: where each starts and ends, its address, whether it is our own."""
    links: list[tuple[int, int, str, bool]] = []
    for found in _LINK.finditer(text):
        address = _without_punctuation(found[0])
        url = safe_url(address)
        if url is not None:
            links.append((found.start(), found.start() + len(address), url, False))
    if author_paths:
        taken = [(start, end) for start, end, _, _ in links]
        for found in _MENTION.finditer(text):
            path = author_paths.get(found[1].casefold())
            if path and not any(start <= found.start() < end for start, end in taken):
                links.append((found.start(), found.end(), path, True))
    return sorted(links)[:_MOST_LINKS]


def _without_punctuation(address: str) -> str:
    """Return an address without what closes the sentence or the bracket around it."""
    while address:
        last = address[-1]
        opening = _CLOSING.get(last)
        if last in ".,;:!?'…。、，！？" or (opening and address.count(opening) < address.count(last)):
            address = address[:-1]
        else:
            break
    return address


def _pieces(
    text: str, start: int, end: int, highlights: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, bool]]:
    """Cut a stretch of a text at the highlights: pieces in order, each with whether it is highlighted."""
    at = start
    for first, last in highlights:
        first, last = max(first, start), min(last, end)  # noqa: PLW2901 - within the stretch
        if first >= last:
            continue
        if at < first:
            yield text[at:first], False
        yield text[first:last], True
        at = last
    if at < end:
        yield text[at:end], False
