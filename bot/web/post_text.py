"""A post's text in pieces for a page: highlights, links, mentions, and what hangs on it. Pure.

The pieces put together are the text, character for character.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.web.addresses import safe_url

__all__ = ["Run", "runs_of"]

_LINK: Final = re.compile(r"https?://[^\s<>\"“”«»\u0000-\u0020]+", re.IGNORECASE)
_MENTION: Final = re.compile(r"(?<![\w@/.])@(\w{1,64})(?![\w@])")
#: A line that a reader of saved files wrote for a picture, a video, a quoted post or a linked page.
_ATTACHMENT: Final = re.compile(r"^\[(image|video|quoted post|link): ([^\n]+)\]$", re.MULTILINE)
_CLOSING: Final = {")": "(", "]": "[", "}": "{"}
_MOST_LINKS: Final = 200


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a text: its pieces, each with whether it is highlighted, and what the run is.

    ``href`` is where it links; ``own`` says that this is a page of the site. ``attachment`` is empty, or
    "image", "video", "quoted" or "link".
    """

    pieces: tuple[tuple[str, bool], ...]
    href: str | None = None
    own: bool = False
    attachment: str = ""


def runs_of(
    text: str, highlights: Sequence[tuple[int, int]], author_paths: Mapping[str, str]
) -> tuple[Run, ...]:
    """Return the runs of a post's text.

    ``highlights`` are slices in order, without overlap. ``author_paths`` are the paths of authors' pages by
    their names in lower case, without "@".
    """
    attachments = {found.start(): found for found in _ATTACHMENT.finditer(text)}
    runs: list[Run] = []
    at = 0
    for start, end, href, own in _links(text, author_paths):
        runs += _plain(text, at, start, highlights, attachments)
        kind = _kind_at(start, attachments)
        runs.append(Run(tuple(_pieces(text, start, end, highlights)), href, own, kind))
        at = end
    return (*runs, *_plain(text, at, len(text), highlights, attachments))


def _plain(
    text: str,
    start: int,
    end: int,
    highlights: Sequence[tuple[int, int]],
    attachments: Mapping[int, re.Match[str]],
) -> Iterator[Run]:
    """Yield the runs of a stretch without links, attachments apart."""
    at = start
    for found in attachments.values():
        first, last = max(start, found.start()), min(end, found.end())
        if first < last:
            if at < first:
                yield Run(tuple(_pieces(text, at, first, highlights)))
            kind = found[1].removesuffix(" post")
            yield Run(tuple(_pieces(text, first, last, highlights)), attachment=kind)
            at = last
    if at < end:
        yield Run(tuple(_pieces(text, at, end, highlights)))


def _kind_at(place: int, attachments: Mapping[int, re.Match[str]]) -> str:
    for found in attachments.values():
        if found.start() <= place < found.end():
            return found[1].removesuffix(" post")
    return ""


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
