"""Drafts of posts put together to threads: where a thread begins, what is missing, what is only a preview."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Final

from retrieval.model import Completeness
from retrieval.readers.decoding import POST_LIMIT, weighted_length
from retrieval.readers.text.boilerplate import TextPage
from retrieval.readers.text.segmentation import Draft, draft_text, segment_posts, split_first, split_last

__all__ = ["DraftGroup", "assemble_threads"]

_PREVIEW_POSTS: Final = 3
# A gap wider than this says nothing about the lines before it.
_WIDEST_GAP: Final = 10


@dataclass(frozen=True, slots=True)
class DraftGroup:
    """The drafts of one thread, in order, with every number that is certain.

    Drafts without text are posts of which the page shows only the marker. ``preview`` says that the
    page shows the thread's beginning only; ``count`` is how many posts it announces.
    """

    drafts: tuple[Draft, ...]
    preview: bool = False
    posted_at: datetime | None = None
    count: int | None = None

    @property
    def ended(self) -> bool:
        """Return whether the author marked an end."""
        return any(draft.end for draft in self.drafts)

    @property
    def completeness(self) -> Completeness:
        """Return a fragment where the numbers say that posts are missing."""
        if self.preview:
            return Completeness.PREVIEW
        if self._gaps() or self._unfinished() or self.miscounted:
            return Completeness.FRAGMENT
        return Completeness.COMPLETE

    @property
    def miscounted(self) -> bool:
        """Return whether the page announces another number of posts than were found."""
        return self.count is not None and self.count != len(self.drafts)

    def warnings(self) -> list[str]:
        """Return a sentence for each thing that looks odd about the thread's numbers."""
        sentences = self._gaps() + self._unfinished()
        last = 0
        for draft in self.drafts:
            if draft.number is not None:
                if draft.number <= last:
                    sentences.append(
                        f"{_where(draft)}: number {draft.number} follows {last}; kept as it stands"
                    )
                last = draft.number
        if self.miscounted:
            sentences.append(f"the page announces {self.count} posts, {len(self.drafts)} were recognised")
        return sentences

    def _gaps(self) -> list[str]:
        sentences = []
        last = unnumbered = 0
        for draft in self.drafts:
            if draft.number is None:
                unnumbered += 1
                continue
            missing = draft.number - last - 1 - unnumbered
            if missing > 0:
                since = f"after {last}" if last else "at the start"
                posts = "post is" if missing == 1 else "posts are"
                sentences.append(
                    f"{_where(draft)}: number {draft.number} {since}; {missing} {posts} missing before it"
                )
            last, unnumbered = draft.number, 0
        return sentences

    def _unfinished(self) -> list[str]:
        total = max((draft.total or 0 for draft in self.drafts), default=0)
        reached = max((draft.number or 0 for draft in self.drafts), default=0)
        if self.preview or self.ended or max(reached, len(self.drafts)) >= total:
            return []
        return [f"{_where(self.drafts[-1])}: the thread ends at {reached} of {total}; the rest is missing"]


def _where(draft: Draft) -> str:
    first, last = draft.span[0] + 1, draft.span[-1] + 1
    return f"line {first}" if first == last else f"lines {first}–{last}"


def assemble_threads(lines: Sequence[str], page: TextPage) -> list[DraftGroup]:
    """Return the page's threads in order, the main one first; every draft is in exactly one."""
    headed = page.origin.count is not None
    main = segment_posts(lines, page.main.span, count=page.origin.count, headed=headed, repeats=False)
    if not any(draft_text(lines, draft) for draft in main):
        # Nothing but markers: then they are all the text there is.
        main = [Draft(page.main.span)]
    previews = [
        (
            section,
            segment_posts(
                lines, section.span, count=None, headed=headed, repeats=not section.card, card=section.card
            ),
        )
        for section in page.previews
    ]
    keeps = _keeps_to_limit(lines, [main, *(drafts for _, drafts in previews)])
    groups = _later_previews(_grouped(lines, main, keeps=keeps, most=None))
    groups[0] = replace(groups[0], count=page.origin.count)
    for section, drafts in previews:
        most = len(drafts) if section.card else _PREVIEW_POSTS
        found = _grouped(lines, drafts, keeps=keeps, most=most)
        if section.card and len(found) > 1:
            found = [DraftGroup(tuple(draft for group in found for draft in group.drafts))]
        groups += [replace(group, preview=True, posted_at=section.posted_at) for group in found]
    return groups


def _later_previews(groups: list[DraftGroup]) -> list[DraftGroup]:
    """Take short threads behind a thread's end for previews: the line between them was lost."""
    ended = False
    later = []
    for group in groups:
        short = ended and not group.ended and len(group.drafts) <= _PREVIEW_POSTS
        later.append(replace(group, preview=short))
        ended = ended or group.ended
    return later


def _keeps_to_limit(lines: Sequence[str], sections: Sequence[Sequence[Draft]]) -> bool:
    """Return whether every post whose bounds are certain keeps to 280, so that longer ones are two."""
    certain = [
        draft
        for drafts in sections
        for before, draft in pairwise([None, *drafts])
        if draft is not None
        and draft.number is not None
        and (draft.number == 1 or (before is not None and before.number == draft.number - 1))
    ]
    return bool(certain) and all(weighted_length(draft_text(lines, draft)) <= POST_LIMIT for draft in certain)


def _grouped(
    lines: Sequence[str], drafts: Sequence[Draft], *, keeps: bool, most: int | None
) -> list[DraftGroup]:
    """Put drafts together; ``most`` is the number of posts of a preview, ``None`` for whole threads."""
    groups: list[list[Draft]] = []
    last, ended = 0, False
    for found in drafts:
        draft = found
        current = groups[-1] if groups else []
        if draft.end and draft.number is None and current and current[-1].number is not None:
            draft = replace(draft, number=last + 1)
        if not current or _begins(draft.number, len(current), last, most, ended=ended):
            current = []
            groups.append(current)
            last = 0
        current += _parted(lines, draft, current, last, keeps=keeps)
        last = last if draft.number is None else draft.number
        ended = ended or draft.end
    return [DraftGroup(tuple(_first_number(group))) for group in groups]


def _begins(number: int | None, length: int, last: int, most: int | None, *, ended: bool) -> bool:
    falls = number is not None and last > 0 and number <= last
    if most is not None:
        return length >= most or falls
    return falls and (number == 1 or ended)


def _first_number(drafts: list[Draft]) -> list[Draft]:
    """Give a first post without a number its 1 where 2 follows: nothing else can stand there."""
    match drafts:
        case [Draft(number=None) as first, Draft(number=2), *_]:
            return [replace(first, number=1), *drafts[1:]]
    return drafts


def _parted(
    lines: Sequence[str], draft: Draft, current: Sequence[Draft], last: int, *, keeps: bool
) -> list[Draft]:
    """Part a draft where a gap in the numbers shows that it holds more than one post.

    A thread that begins with 2 holds post 1 above it. Any other gap parts lines only when together
    they are longer than a post can be and the page's other posts keep to that length.
    """
    if draft.number is None or not draft.closed:
        return [draft]
    unnumbered = 0
    for before in reversed(current):
        if before.number is not None:
            break
        unnumbered += 1
    missing = draft.number - last - 1 - unnumbered
    if not current and draft.number == 2:  # noqa: PLR2004 (the second post)
        parts = split_first(lines, draft)
        return list(parts) if parts else [draft]
    parted: list[Draft] = []
    if keeps and missing <= _WIDEST_GAP:
        while missing > 0 and weighted_length(draft_text(lines, draft)) > POST_LIMIT:
            parts = split_last(lines, draft)
            if parts is None:
                break
            draft, missing = parts[0], missing - 1
            parted.append(parts[1])
    return [draft, *reversed(parted)]
