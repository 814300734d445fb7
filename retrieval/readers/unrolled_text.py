"""Unrolled pages saved as plain text, and any other plain text that holds a thread."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from retrieval.errors import ReadError, RejectedError
from retrieval.model import Post, Thread
from retrieval.parsing.assembly import Group, assemble
from retrieval.parsing.cutting import Draft, text_of
from retrieval.parsing.numbering import marks
from retrieval.parsing.page import Page, debris, dissect
from retrieval.parsing.text import decode, is_blank
from retrieval.saved import LeftOut, Reading, SavedFile

__all__ = ["FORM", "read", "recognise"]

FORM = "unrolled page (text)"

_GLANCE: Final = 200_000
_NO_TEXT: Final = "marker without text (a post of pictures only, perhaps)"
_OTHER_FORMS: Final = re.compile(
    r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]]|window\.YTD|Grailbird\.|<(?:!doctype|\?xml|html|head|body|div|!--)\b)",
    re.IGNORECASE,
)
_BINARY: Final = (
    b"PK\x03\x04",
    b"%PDF",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"SQLite format 3",
)
# Post ids above this carry their time; both figures are X's.
_FIRST_TIMED_ID: Final = 30_000_000_000
_EPOCH_MS: Final = 1_288_834_974_657
_LARGEST_ID: Final = 2**63


def recognise(file: SavedFile) -> float:
    """Return how surely the file is an unrolled page: 0.9 by its page text, 0.1 for any plain text.

    JSON, HTML and binary files are 0.0. What is no readable text but no other form either is 0.01, so
    that this reader is asked and says what is wrong with it.
    """
    if file.content.startswith(_BINARY):
        return 0.0
    try:
        text, _ = decode(file)
    except ReadError:
        return 0.0 if b"\0" in file.content else 0.01
    glance = text[:_GLANCE]
    if _OTHER_FORMS.match(glance):
        return 0.0
    if is_blank(glance):
        return 0.01
    lines = glance.split("\n")
    page = dissect(lines)
    if page.broken or page.origin.count is not None or any(debris(line) for line in lines):
        return 0.9
    sure = sum(mark.sure for mark in marks(lines, page.main.span))
    return 0.8 if sure > 1 else 0.1


def read(file: SavedFile) -> Reading:
    """Return the file's thread and the previews that follow it on the page.

    Every line that is not blank is in exactly one post (its marker's line with it) or in
    ``left_out``. Gaps in the numbers are reported and never repaired.

    Raises :class:`~retrieval.errors.RejectedError` for a file without text or with nothing but
    previews of other threads, and :class:`~retrieval.errors.ReadError` for what is not text.
    """
    text, warnings = decode(file)
    if is_blank(text):
        raise RejectedError(file.name, "holds no text")
    lines = text.split("\n")
    page = dissect(lines)
    if all(is_blank(lines[index]) for index in page.main.span):
        raise RejectedError(file.name, _why_nothing(page))
    left_out = dict(page.left_out)
    told = list(warnings)
    threads: list[Thread] = []
    for group in assemble(lines, page):
        posts: list[Post] = []
        for draft in group.drafts:
            words = text_of(lines, draft)
            if words:
                posts.append(_post(len(posts) + 1, words, draft))
            else:
                left_out.update((i, _NO_TEXT) for i in draft.span if not is_blank(lines[i]))
        if posts:
            told += group.warnings()
            threads.append(_thread(tuple(posts), group, page, file, main=not threads))
    return Reading(FORM, tuple(threads), tuple(_left_out(left_out, lines)), tuple(told))


def _why_nothing(page: Page) -> str:
    if page.previews:
        return (
            "holds only previews of other threads, and nothing of the page's own; "
            "open the thread's page again and save all of it"
        )
    return "holds no text but the page's own; open the thread's page again and save all of it"


def _post(ordinal: int, text: str, draft: Draft) -> Post:
    identified = draft.source_id if draft.source_id and int(draft.source_id) < _LARGEST_ID else None
    posted_at = None
    if identified and int(identified) > _FIRST_TIMED_ID:
        elapsed = timedelta(milliseconds=(int(identified) >> 22) + _EPOCH_MS)
        posted_at = datetime.fromtimestamp(0, UTC) + elapsed
    return Post(
        ordinal,
        text,
        number=draft.number,
        source_id=identified,
        url=f"https://x.com/{draft.author}/status/{identified}" if identified and draft.author else None,
        posted_at=posted_at,
        author=f"@{draft.author}" if draft.author else None,
        marker=draft.marker,
        lines=(draft.span[0] + 1, draft.span[-1] + 1),
    )


def _thread(posts: tuple[Post, ...], group: Group, page: Page, file: SavedFile, *, main: bool) -> Thread:
    """Return the thread with what the file says of it, and what the operator says where it does not."""
    origin = page.origin
    spans = [post.lines for post in posts if post.lines]
    return Thread(
        posts,
        group.completeness,
        author=origin.author or posts[0].author or file.author,
        title=(origin.title or file.title) if main else None,
        url=(origin.url or posts[0].url or file.url) if main else posts[0].url,
        posted_at=(posts[0].posted_at or origin.posted_at or file.posted_at)
        if main
        else (group.posted_at or posts[0].posted_at),
        lines=(spans[0][0], spans[-1][1]),
    )


def _left_out(reasons: Mapping[int, str], lines: Sequence[str]) -> Iterator[LeftOut]:
    """Yield neighbouring lines left out for one reason together; blank lines between them do not count."""
    run: list[int] = []
    for index in sorted(reasons):
        apart = run and (
            reasons[index] != reasons[run[-1]]
            or any(not is_blank(lines[i]) for i in range(run[-1] + 1, index))
        )
        if apart:
            yield _lines_left_out(run, reasons)
            run = []
        run.append(index)
    if run:
        yield _lines_left_out(run, reasons)


def _lines_left_out(run: Sequence[int], reasons: Mapping[int, str]) -> LeftOut:
    return LeftOut(reasons[run[0]], len(run), (run[0] + 1, run[-1] + 1))
