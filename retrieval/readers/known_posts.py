"""Posts whose bounds are certain, put together to a thread with the numbers that their author wrote."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final

from retrieval.model import Attachment, Completeness, Post, Thread
from retrieval.patterns import pattern
from retrieval.readers.attachments import id_without_attachments, with_attachments
from retrieval.readers.numbering import MarkerPlace, find_markers
from retrieval.readers.ordinals import number_posts, numbering_gaps
from retrieval.readers.x_ids import time_of_id, x_post_url

__all__ = ["OTHERS", "KnownPost", "numbered_runs", "page_threads", "thread_of"]

OTHERS: Final = "post of another author, or an answer among those"
_ADDRESS: Final = pattern(
    r"(?:https?://)?[\w.-]{1,99}/(?P<handle>\w{1,30})/status/(?P<id>\d{1,19})(?:[/?#]\S*)?"
)
#: Handles that share so much, one of them seen once, are one.
_NEXT_TO_EQUAL: Final = 0.8


@dataclass(frozen=True, slots=True)
class KnownPost:
    """A post as a page or the file of a tool shows it.

    ``parent`` is the id of the post that it answers and ``parent_handle`` whose that is, where the file says
    so.
    """

    text: str
    source_id: str | None = None
    handle: str | None = None
    posted_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    lines: tuple[int, int] | None = None
    cut: bool = False
    parent: str | None = None
    parent_handle: str | None = None


def thread_of(
    posts: Sequence[KnownPost], *, title: str | None = None, author: str | None = None, fragment: bool = False
) -> tuple[Thread, list[str]]:
    """Return the posts as a thread, and what is odd about it; with that it is a fragment."""
    numbered = number_posts([post.text for post in posts])
    made = tuple(
        with_attachments(
            Post(
                ordinal,
                known.text,
                number=known.number,
                source_id=post.source_id,
                url=x_post_url(post.handle, post.source_id),
                posted_at=post.posted_at or time_of_id(post.source_id),
                author=f"@{post.handle}" if post.handle else author,
                marker=known.marker,
                lines=post.lines,
            ),
            post.attachments,
        )
        for ordinal, (post, known) in enumerate(zip(posts, numbered, strict=True), 1)
    )
    warnings = numbering_gaps(numbered)
    cut = sum(post.cut for post in posts)
    if cut:
        warnings.append(f"{cut} posts end where the page asks to show more; what follows is missing")
    spans = [post.lines for post in posts if post.lines]
    first = made[0]
    thread = Thread(
        made,
        Completeness.FRAGMENT if warnings or fragment else Completeness.COMPLETE,
        author=first.author,
        title=title,
        url=first.url,
        posted_at=first.posted_at,
        id=id_without_attachments(made),
        lines=(spans[0][0], spans[-1][1]) if spans else None,
    )
    return thread, warnings


def page_threads(
    posts: Sequence[KnownPost],
    address: str | None,
    *,
    title: str | None = None,
    author: str | None = None,
    opener: str | None = None,
) -> tuple[list[Thread], int, list[str]]:
    """Return the threads of a page's author, how many posts are left out, and what is odd.

    The page's own thread is the run of one handle that holds the post of the page's ``address``, else one of
    the handle in it; where ``author`` is another of those shown, the address is damaged and the author's run
    it is. Else it is two or more posts in a row of ``opener``, the handle of a damaged post above all others,
    else the first two or more, since answers stand below. Among the answers of others, two or more of the
    author's own in a row are a fragment, as is what stands above the thread; one alone is left out.
    """
    owners = _owners(posts)
    runs = [list(run) for _, run in groupby(posts, key=lambda post: owners[post.handle])]
    page = _ADDRESS.fullmatch((address or "").strip())
    handle = page["handle"].casefold() if page else None
    named = author.removeprefix("@").casefold() if author else None
    if named != handle and any((owner or "").casefold() == named for owner in owners.values()):
        page, handle = None, named
    torn = opener.casefold() if opener else None

    def sureness(run: list[KnownPost]) -> tuple[bool, bool, bool]:
        owner = (owners[run[0].handle] or "").casefold()
        mine = owner == handle or (owner == torn and len(run) > 1)
        held = page is not None and any(post.source_id == page["id"] for post in run)
        return mine, held, len(run) > 1

    chosen = max(runs, key=sureness)
    at = next(place for place, run in enumerate(runs) if run is chosen)
    owner = owners[chosen[0].handle]
    thread, warnings = thread_of(chosen, title=title, author=author)
    threads, kept = [thread], len(chosen)
    for place, run in enumerate(runs):
        if run is not chosen and owners[run[0].handle] == owner and (place < at or len(run) > 1):
            threads.append(thread_of(run, author=author, fragment=True)[0])
            kept += len(run)
    return threads, len(posts) - kept, warnings


def _owners(posts: Sequence[KnownPost]) -> dict[str | None, str | None]:
    """Return of each handle the one that it is meant for: of one seen once, another that is next to equal.

    A letter too much or too few is damage, and no reason to end a thread.
    """
    counts = Counter(post.handle for post in posts)
    most = max(counts, key=lambda handle: counts[handle])
    return {
        handle: most
        if count == 1 and handle and most and SequenceMatcher(None, handle, most).ratio() > _NEXT_TO_EQUAL
        else handle
        for handle, count in counts.items()
    }


def numbered_runs(posts: Sequence[KnownPost]) -> Iterator[list[KnownPost]]:
    """Yield posts that go on from one another, by answering or by numbers (1/4, 2/4), and others alone.

    A post goes on from one that it answers, wherever that stands, and else from the one before it.
    """
    ends = _last_numbers(posts)
    runs: list[list[KnownPost]] = []
    of_post: dict[str, int] = {}
    for place, post in enumerate(posts):
        at = of_post.get(post.parent or "")
        if at is None and place and ends[place] is not None and ends[place - 1] is not None:
            number, total = ends[place] or (0, 0)
            before, of = ends[place - 1] or (0, 0)
            if number == before + 1 and total == of and post.parent is None:
                at = of_post.get(posts[place - 1].source_id or "", len(runs) - 1)
        if at is None:
            at = len(runs)
            runs.append([])
        runs[at].append(post)
        if post.source_id:
            of_post[post.source_id] = at
    yield from runs


def _last_numbers(posts: Sequence[KnownPost]) -> list[tuple[int, int | None] | None]:
    """Return of each post the number and total at its edges, ``None`` where it has none."""
    found: list[tuple[int, int | None] | None] = []
    for post in posts:
        lines = post.text.split("\n")
        marks = [
            mark
            for mark in find_markers(lines, range(len(lines)))
            if mark.number is not None
            and not mark.listed
            and mark.line == (len(lines) - 1 if mark.place is MarkerPlace.END else 0)
        ]
        found.append((marks[-1].number or 0, marks[-1].total) if marks else None)
    return found
