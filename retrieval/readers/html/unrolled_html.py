"""Unrolled pages saved as HTML, of 2018, of 2019 and of 2023 to 2026.

The page is cut where posts begin, and each piece is parsed by itself. So damage to one post reaches no
other, and depth is capped by the tags of one piece (see :mod:`retrieval.readers.html_fragment`). What tells a
post is any of: the class ``content-tweet``, a ``data-tweet`` (its id) or an id ``tweet_N``.

The page's own thread is the posts that carry ids; on pages of 2018, where none does, those outside of
cards. What stands in cards is previews of other threads, flagged as such.

A post's text is what its author wrote, with ``<br>`` as a newline and addresses that the page shortened
("github.com/lace/pi…") in full. Behind it stands a line for each thing that hangs on it (see
:mod:`retrieval.readers.attachments`): ``[image: its description, else its address]``,
``[video: …]``, ``[quoted post: address]``. The words of quoted posts and the previews of linked pages are
other people's; they are counted as left out, and only their addresses are kept. Numbers on a line of
their own are markers and no text, as in the pages saved as text.
"""

from collections.abc import Sequence
from typing import Final

from retrieval.errors import ReadError, RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.model import Completeness, Post, Thread
from retrieval.readers.attachments import id_without_attachments, with_attachments
from retrieval.readers.decoding import decode
from retrieval.readers.front_matter import Origin, front_matter
from retrieval.readers.html.page_structure import PostGroup, parse_page, post_starts
from retrieval.readers.ordinals import number_posts, numbering_gaps
from retrieval.readers.x_ids import time_of_id, x_post_url

__all__ = ["FORM", "MAX_HTML_BYTES", "MAX_POSTS", "read", "recognise"]

FORM = "unrolled page (HTML)"
MAX_HTML_BYTES: Final = 32 * 2**20
MAX_POSTS: Final = 10_000
_FRONT: Final = 20_000


def recognise(file: SavedFile) -> float:
    """Return 0.95 where the file is HTML that holds a post of the unrolling service, else 0.0."""
    try:
        text, _ = decode(file, most=MAX_HTML_BYTES)
    except ReadError:
        return 0.0
    if text.lstrip()[:1] in {"{", "["}:
        return 0.0
    return 0.95 if next(post_starts(text), None) is not None else 0.0


def read(file: SavedFile) -> Reading:
    """Return the page's thread and its previews.

    Raises :class:`~retrieval.errors.RejectedError` for a page that holds no post, or nothing but
    previews, and :class:`~retrieval.errors.ReadError` for what is no text, larger than ``MAX_BYTES`` or
    of more than ``MAX_POSTS`` posts.
    """
    text, notes = decode(file, most=MAX_HTML_BYTES)
    behind, front = front_matter(text[:_FRONT].split("\n"))
    lines = text.split("\n", behind)
    text = "\n".join([*(" " * len(line) for line in lines[:behind]), lines[behind]])
    at = list(post_starts(text))
    if len(at) > MAX_POSTS:
        raise ReadError(file.name, f"more than {MAX_POSTS:,} posts on one page; split it into smaller files")
    page = parse_page(text, at)
    if page.main is None:
        raise RejectedError(file.name, _why_nothing(previews=bool(page.previews)))
    main, warnings = _main(page.main, front, file)
    author = main.author or file.author
    threads = (main, *(_preview(group, author) for group in page.previews))
    left_out = [LeftOut("front matter", behind, (1, behind))] if behind else []
    left_out += [LeftOut(why, count) for why, count in page.left_out]
    return Reading(FORM, threads, tuple(left_out), (*notes, *page.warnings, *warnings))


def _why_nothing(*, previews: bool) -> str:
    if previews:
        return (
            "holds only previews of other threads, and nothing of the page's own; "
            "open the thread's page again and save all of it"
        )
    return "holds no text of any post; open the thread's page again and save all of it"


def _main(group: PostGroup, front: Origin, file: SavedFile) -> tuple[Thread, list[str]]:
    """Return the page's own thread, and what looks odd about it."""
    head = group.head
    posts, warnings = _posts(group, head.author)
    missing = bool(warnings)
    if head.count is not None:
        # The page knows how many posts there are better than the author's numbers do.
        missing = head.count > len(posts)
        if head.count != len(posts):
            warnings.append(f"the page announces {head.count} posts, {len(posts)} were read")
    thread = Thread(
        posts,
        Completeness.FRAGMENT if missing else Completeness.COMPLETE,
        author=posts[0].author or front.author or file.author,
        title=front.title or file.title,
        url=posts[0].url or head.url or front.url or file.url,
        posted_at=posts[0].posted_at or head.posted_at or front.posted_at or file.posted_at,
        id=id_without_attachments(posts),
        lines=_lines(posts),
    )
    return thread, warnings


def _preview(group: PostGroup, author: str | None) -> Thread:
    posts, _ = _posts(group, group.head.author or author)
    return Thread(
        posts,
        Completeness.PREVIEW,
        author=posts[0].author,
        url=posts[0].url or group.head.url,
        posted_at=posts[0].posted_at or group.head.posted_at,
        id=id_without_attachments(posts),
        lines=_lines(posts),
    )


def _posts(group: PostGroup, author: str | None) -> tuple[tuple[Post, ...], list[str]]:
    """Return a group's posts, and a sentence for each place where its numbers do not follow."""
    bodies = [found.body for found in group.posts]
    numbered = number_posts([known.text for known in bodies], [known.tokens for known in bodies])
    posts = tuple(
        with_attachments(
            Post(
                ordinal,
                known.text,
                number=known.number,
                source_id=found.source_id,
                url=x_post_url(found.handle or (author or "").removeprefix("@"), found.source_id),
                posted_at=time_of_id(found.source_id),
                author=f"@{found.handle}" if found.handle else author,
                marker=known.marker,
                lines=found.lines,
            ),
            found.body.attachments,
        )
        for ordinal, (found, known) in enumerate(zip(group.posts, numbered, strict=True), 1)
    )
    return posts, numbering_gaps(numbered)


def _lines(posts: Sequence[Post]) -> tuple[int, int] | None:
    spans = [post.lines for post in posts if post.lines]
    return (spans[0][0], max(last for _, last in spans)) if spans else None
