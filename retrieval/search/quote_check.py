"""Quotations against the archive: whether posts hold them word for word, and what is near where none does.

Only equal text makes a quotation exact or the same; how alike two texts are decides no more than which post
is shown as the nearest one to an altered quotation.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, islice
from typing import Final

from retrieval.index.segment import Segment
from retrieval.model import Collection, Completeness, Excerpt, QuoteCheck, QuotePart, QuoteResult, Scope
from retrieval.search.quote_text import (
    FoldedText,
    denies,
    difference,
    find_in,
    fold_text,
    is_too_short,
    nearest_window,
    parts_of,
    resemblance,
    split_words,
    without_marks,
    written_words,
)
from retrieval.search.searcher import Searcher
from retrieval.storage.post_lookup import PostLookup
from retrieval.storage.rows import PlacedPost

__all__ = ["MAX_QUOTE_LENGTH", "QuoteChecker", "same_author", "split_attribution"]

MAX_QUOTE_LENGTH: Final = 4_000
"""The characters of the longest quotation that is checked."""

#: Posts that hold the words are read so many at a time, and no more in all where they are that common.
_BATCH, _MOST_READ = 100, 2_000
#: So many posts, for each language, may be the nearest.
_NEAR: Final = 24
#: So many threads are looked through for the parts of a quotation.
_THREADS: Final = 12
#: An altered quotation shares this part of its words, in order, with the nearest passage, or so many words
#: one behind the other. Of few words two texts may share most by chance: of five one may differ, of nine two.
_ALIKE, _ALIKE_SHORT, _LONG_RUN = 0.6, ((5, 0.72), (9, 0.77)), 9
#: The nearest passage is looked for in a window with so much more than the words of the quotation.
_MARGIN: Final = 4
_LONGEST_ALIGNED: Final = 250
_BETWEEN: Final = "\n"
_HALVES: Final = 3
#: One quotation between marks from the very beginning, and behind it what may be its author.
_ATTRIBUTION: Final = re.compile(
    r"""^(?P<quote>"[^"]*"|“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|「[^「」]*」|『[^『』]*』)"""
    r"""\s*(?:[-‐‑–—―~]+\s*|\(\s*)(?P<author>[^\n"“”«»()]{2,60}?)\s*\)?[.\s]*$"""
)
_LONGEST_NAME: Final = 5
_NAME: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Passage:
    """Neighbouring posts of a thread as one text, each on a line of its own."""

    posts: tuple[PlacedPost, ...]
    folded: FoldedText
    starts: tuple[int, ...]

    @classmethod
    def of(cls, posts: Sequence[PlacedPost]) -> "_Passage":
        texts = [stored.post.text for stored in posts]
        starts = [0]
        for text in texts[:-1]:
            starts.append(starts[-1] + len(text) + len(_BETWEEN))
        return cls(tuple(posts), fold_text(_BETWEEN.join(texts)), tuple(starts))

    def post_at(self, offset: int) -> int:
        """Return which post an offset of the original text is in."""
        return bisect_right(self.starts, offset) - 1

    def beside(self, at: int) -> int:
        """Return where the post before that of a folded offset begins, as a folded offset."""
        start = self.starts[max(0, self.post_at(self.folded.slice_of(at, at + 1)[0]) - 1)]
        return self.folded.offset_of(start)

    def slices(self, start: int, end: int) -> list[tuple[PlacedPost, int, int]]:
        """Return the slices of the posts that a slice of the text, not empty, is made of."""
        found = []
        for place in range(self.post_at(start), len(self.posts)):
            stored, base = self.posts[place], self.starts[place]
            if base >= end:
                break
            first, last = max(start - base, 0), min(end - base, len(stored.post.text))
            if first < last:
                found.append((stored, first, last))
        return found


@dataclass(frozen=True, slots=True)
class _Match:
    """Where a passage holds a quotation; ``start`` and ``end`` are of the passage's original text."""

    passage: _Passage
    start: int
    end: int
    exact: bool

    @property
    def place(self) -> int:
        """The post of the passage that it begins in."""
        return self.passage.post_at(self.start)


class QuoteChecker:
    """Hold quotations against the posts of a scope, as they are found by one searcher."""

    def __init__(
        self, searcher: Searcher, posts: PostLookup, scope: Scope, collections: Mapping[int, Collection]
    ) -> None:
        self._searcher = searcher
        self._posts = posts
        self._scope = scope
        self._collections = collections

    def check(self, quote: str, author: str | None = None) -> QuoteCheck:
        """Return what the archive holds of a quotation, and whether it is of the author it is claimed to be.

        Without ``author`` one that stands behind the quotation marks is the claimed one. Raises
        ``ValueError`` for a quotation of more than ``MAX_QUOTE_LENGTH`` characters.
        """
        if len(quote) > MAX_QUOTE_LENGTH:
            raise ValueError(f"a quotation has at most {MAX_QUOTE_LENGTH} characters")
        text, named = split_attribution(quote)
        author = author or named
        text = without_marks(text)
        checked = QuoteCheck(text, QuoteResult.SHORT, author=author)
        if is_too_short(text):
            return checked
        matches, near = self._matches(text)
        if matches:
            best = min(matches, key=lambda match: self._preference(match, author))
            part = self._part(text, best)
            checked = replace(checked, result=part.result, parts=(part,), places=len(matches))
        elif len(parts := parts_of(text)) > 1:
            checked = self._joined(checked, [without_marks(part) or part for part in parts])
        else:
            part = self._nearest(text, near)
            checked = replace(checked, result=part.result, parts=(part,))
        return replace(checked, author_matches=_author_matches(checked))

    # One part

    def _matches(self, text: str) -> tuple[list[_Match], list[_Passage]]:
        """Return the passages that hold a text, and those that were read for it where none does."""
        folded = fold_text(text)
        matches: list[_Match] = []
        places = self._searcher.quoting(text)
        for _ in range(0, _MOST_READ, _BATCH):
            batch = list(islice(places, _BATCH))
            passages = self._passages([(segment, post, post + 1) for segment, post in batch])
            matches += self._holding(text, folded, passages)
            if matches or len(batch) < _BATCH:
                break
        if matches:
            return matches, []
        near = self._passages(self._near(text))
        return list(self._holding(text, folded, near)), near

    def _holding(self, text: str, folded: FoldedText, passages: Iterable[_Passage]) -> Iterator[_Match]:
        for passage in passages:
            place = find_in(folded, passage.folded)
            if place is not None:
                start, end = passage.folded.slice_of(*place)
                start, end, exact = _verbatim(text, passage, start, end)
                yield _Match(passage, start, end, exact)

    def _near(self, text: str) -> list[tuple[Segment, int, int]]:
        """Return runs of posts that may hold a text across their borders, or something near to it."""
        words = text.split()
        size = max(_HALVES, -(-len(words) // 2))
        halves = [" ".join(words[at : at + size]) for at in range(0, len(words), size)] if words[1:] else []
        verbatim = (
            islice(self._searcher.quoting(half), _NEAR) for half in halves if len(half.split()) >= _HALVES
        )
        found = chain(self._searcher.nearest(text, _NEAR), chain.from_iterable(verbatim))
        wanted = len(split_words(fold_text(text)).words)
        runs: dict[int, list[tuple[int, int]]] = {}
        segments: dict[int, Segment] = {}
        for segment, post in found:
            segments[id(segment)] = segment
            runs.setdefault(id(segment), []).append(_run(segment, post, wanted))
        return [
            (segments[number], start, end)
            for number, their in runs.items()
            for start, end in _united(segments[number], sorted(their))
        ]

    def _passages(self, runs: Sequence[tuple[Segment, int, int]]) -> list[_Passage]:
        pks = [segment.pks[start:end].tolist() for segment, start, end in runs]
        stored = {post.pk: post for post in self._posts.by_pk([pk for run in pks for pk in run])}
        passages = []
        for run in pks:
            posts = [
                stored[pk]
                for pk in run
                if pk in stored and stored[pk].collection_id in self._scope.collections
            ]
            if len(posts) == len(run):  # otherwise forgotten since the index was made
                passages += [_Passage.of(neighbours) for neighbours in _without_gaps(posts)]
            else:
                passages += [_Passage.of([post]) for post in posts]
        return passages

    def _part(self, text: str, match: _Match) -> QuotePart:
        result = QuoteResult.EXACT if match.exact else QuoteResult.SAME
        return QuotePart(text, result, self._excerpts(match.passage, match.start, match.end))

    def _nearest(self, text: str, near: Sequence[_Passage]) -> QuotePart:
        """Return a part that no passage holds, with the nearest one where it is near enough."""
        quoted = split_words(fold_text(text))
        ranked = sorted(
            (
                (*resemblance(quoted.words, words.words), passage, words)
                for passage in near
                if (words := split_words(passage.folded)).words
            ),
            key=lambda one: -one[0],
        )
        for _, at, passage, words in ranked[:2]:
            margin = len(quoted.words) // 4 + _MARGIN
            low = max(0, at - margin)
            window = words.words[low : at + len(quoted.words) + margin]
            if len(quoted.words) <= _LONGEST_ALIGNED:
                start, end = nearest_window(quoted.words, window)
            else:
                start, end = 0, len(window)
            if list(window[start:end]) == list(quoted.words):
                # What differs stands right beside it: a negation, the rest of a number, a question mark.
                start, end = max(0, start - 1), min(end + 1, len(window))
            window = window[start:end]
            if not window or not _alike(quoted.words, window):
                continue
            slices = words.slices[low + start : low + end]
            first, last = passage.folded.slice_of(slices[0][0], slices[-1][1])
            return QuotePart(
                text,
                QuoteResult.ALTERED,
                self._excerpts(passage, first, last),
                tuple(_differences(text, passage.folded, (quoted.words, quoted.slices), (window, slices))),
            )
        return QuotePart(text, QuoteResult.ABSENT)

    # Several parts

    def _joined(self, checked: QuoteCheck, parts: Sequence[str]) -> QuoteCheck:
        """Check a quotation of several parts: one thread has to hold them all, in their order."""
        long = [part for part in parts if not is_too_short(part)]
        if not long:
            return checked
        matches = {part: self._matches(part) for part in dict.fromkeys(long)}
        threads: dict[tuple[int, str], PlacedPost] = {}
        for match in chain.from_iterable(found for found, _ in matches.values()):
            stored = match.passage.posts[0]
            threads.setdefault((stored.collection_id, stored.thread.id), stored)
        ordered = sorted(
            threads.values(), key=lambda stored: not same_author(checked.author, _author_of(stored))
        )
        together: list[list[_Match]] = []
        for stored in ordered[:_THREADS]:
            found = self._in_order(parts, stored)
            if found:
                together.append(found)
        if together:
            best = min(together, key=lambda found: self._preference(found[0], checked.author))
            done = tuple(map(self._part, parts, best))
            worst = QuoteResult.EXACT if all(match.exact for match in best) else QuoteResult.SAME
            return replace(checked, result=worst, parts=done, places=len(together))
        done = tuple(self._alone(part, matches.get(part), checked.author) for part in parts)
        results = {part.result for part in done}
        missing = results <= {QuoteResult.ABSENT, QuoteResult.SHORT}
        return replace(
            checked,
            result=QuoteResult.ABSENT if missing else QuoteResult.ALTERED,
            parts=done,
            together=False,
        )

    def _alone(
        self, text: str, found: tuple[list[_Match], list[_Passage]] | None, author: str | None
    ) -> QuotePart:
        if found is None:
            return QuotePart(text, QuoteResult.SHORT)
        matches, near = found
        if not matches:
            return self._nearest(text, near)
        return self._part(text, min(matches, key=lambda match: self._preference(match, author)))

    def _in_order(self, parts: Sequence[str], stored: PlacedPost) -> list[_Match]:
        """Return where the thread of a post holds all parts one after another; none where it does not.

        A few words stand in many posts: they have to be in the post of a longer part, or in the next to it.
        """
        passage = _Passage.of(self._posts.of_thread(stored))
        folded = [fold_text(part) for part in parts]
        short = [is_too_short(part) for part in parts]
        at, found = 0, []
        for place, part in enumerate(parts):
            longer = next(
                (text for text, few in zip(folded[place:], short[place:], strict=True) if not few), None
            )
            ahead = find_in(longer, passage.folded, at) if short[place] and longer else None
            if ahead is not None:
                at = max(at, passage.beside(ahead[0]))
            span = find_in(folded[place], passage.folded, at)
            if span is None:
                return []
            at = span[1]
            start, end, exact = _verbatim(part, passage, *passage.folded.slice_of(*span))
            found.append(_Match(passage, start, end, exact))
        long = [match.place for match, few in zip(found, short, strict=True) if not few]
        near = all(min(abs(match.place - other) for other in long) <= 1 for match in found)
        return found if near else []

    # What is shown

    def _excerpts(self, passage: _Passage, start: int, end: int) -> tuple[Excerpt, ...]:
        return tuple(
            Excerpt(
                stored.post,
                stored.thread,
                first,
                last,
                rank=rank,
                server_id=self._collections[stored.collection_id].server_id,
            )
            for rank, (stored, first, last) in enumerate(passage.slices(start, end), start=1)
        )

    def _preference(self, match: _Match, author: str | None) -> tuple[bool, bool, bool, str]:
        """Order matches: of the claimed author, to the letter, dated, the earliest first."""
        stored = match.passage.posts[0]
        posted = stored.post.posted_at or stored.thread.posted_at
        return (
            not same_author(author, _author_of(stored)),
            not match.exact,
            posted is None,
            posted.isoformat() if posted else "",
        )


def split_attribution(quote: str) -> tuple[str, str | None]:
    """Return a quotation and the author named behind its closing mark, as in “…” — Ada, ``None`` for none."""
    match = _ATTRIBUTION.match(quote.strip())
    if match is None:
        return quote, None
    words = match["author"].split()
    # What goes on in small letters, "(he did not say)", or denies, "(not)", is a part of the quotation.
    is_name = (len(words) == 1 and not denies(words[0])) or (
        1 < len(words) <= _LONGEST_NAME and not (words[0][0].islower() or words[-1][0].islower())
    )
    return (match["quote"], match["author"].strip()) if is_name else (quote, None)


def same_author(claimed: str | None, author: str | None) -> bool | None:
    """Return whether a claimed author is the one known: by name or handle, whatever the case and spaces.

    ``None`` where that cannot be said: one is not known, or a word of one name stands in the other.
    """
    if not claimed or not author:
        return None
    ours, theirs = _names(claimed), _names(author)
    if {"".join(name) for name in ours} & {"".join(name) for name in theirs}:
        return True
    return None if set().union(*ours) & set().union(*theirs) else False


def _names(author: str) -> set[tuple[str, ...]]:
    """Return the names in "Ada Lovelace (@ada)", each as its words without case."""
    names = (tuple(_NAME.findall(name.casefold())) for name in re.split(r"[()@]", author))
    return {name for name in names if name}


def _author_of(stored: PlacedPost) -> str | None:
    return stored.post.author or stored.thread.author


def _author_matches(checked: QuoteCheck) -> bool | None:
    excerpts = [excerpt for part in checked.parts for excerpt in part.excerpts]
    if checked.author is None or not excerpts:
        return None
    matching = [
        same_author(checked.author, excerpt.post.author or excerpt.thread.author) for excerpt in excerpts
    ]
    return False if False in matching else None if None in matching else True


def _run(segment: Segment, post: int, words: int) -> tuple[int, int]:
    """Return a post with as many posts of its thread on either side as a text of so many words may reach."""
    thread = int(segment.home[post])
    low, high = int(segment.starts[thread]), int(segment.starts[thread + 1])
    starts = segment.sequence_starts
    start, end = post, post + 1
    while start > low and starts[post] - starts[start] < words:
        start -= 1
    while end < high and starts[end] - starts[post + 1] < words:
        end += 1
    return start, end


def _without_gaps(posts: Sequence[PlacedPost]) -> Iterator[list[PlacedPost]]:
    """Yield the posts in groups between which none is known to be missing."""
    group: list[PlacedPost] = []
    for stored in posts:
        if group and stored.thread.completeness is Completeness.FRAGMENT:
            before, number = group[-1].post.number, stored.post.number
            if before is not None and number is not None and number != before + 1:
                yield group
                group = []
        group.append(stored)
    if group:
        yield group


def _united(segment: Segment, runs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield runs of posts in order, those of one thread that overlap as one."""
    before: tuple[int, int] | None = None
    for start, end in runs:
        if before and start < before[1] and segment.home[start] == segment.home[before[0]]:
            before = before[0], max(end, before[1])
            continue
        if before:
            yield before
        before = start, end
    if before:
        yield before


def _verbatim(text: str, passage: _Passage, start: int, end: int) -> tuple[int, int, bool]:
    """Return the slice that a quotation is to the letter and ``True``, else the given one and ``False``."""
    original = passage.folded.original
    pieces = re.escape(text)
    if len(passage.slices(start, end)) > 1:
        # Between two posts the archive has no character of its own.
        pieces = r"\s+".join(map(re.escape, text.split()))
    match = re.compile(pieces).search(original, max(0, start - len(text) + (end - start)))
    if match and match.start() <= start and end <= match.end():
        return match.start(), match.end(), True
    return start, end, False


def _alike(quoted: Sequence[str], archived: Sequence[str]) -> bool:
    """Return whether enough words of a quotation stand in a passage, in order, to show it beside it."""
    runs = [_telling(quoted[one]) for one, _ in _equal_slices(quoted, archived)]
    ours, theirs = _telling(quoted), _telling(archived)
    if max(runs, default=0) >= _LONG_RUN:
        return True
    least = next((share for words, share in _ALIKE_SHORT if ours <= words), _ALIKE)
    return 2 * sum(runs) >= least * (ours + theirs)


def _equal_slices(quoted: Sequence[str], archived: Sequence[str]) -> Iterator[tuple[slice, slice]]:
    for one, other in difference(quoted, archived):
        if quoted[one] == archived[other]:
            yield one, other


def _telling(words: Sequence[str]) -> int:
    return sum(word[0].isalnum() for word in words)


def _differences(
    text: str,
    archived: FoldedText,
    ours: tuple[Sequence[str], Sequence[tuple[int, int]]],
    theirs: tuple[Sequence[str], Sequence[tuple[int, int]]],
) -> Iterator[tuple[str, str]]:
    """Yield pairs of what a quotation and what the archive has, as they are written.

    A run of equal words is one pair where it is written alike, else a word that is written otherwise, such as
    one with a capital, is a pair of its own.
    """
    folded = fold_text(text)

    def written(one: slice, other: slice) -> tuple[str, str]:
        return written_words(folded, ours[1][one]), written_words(archived, theirs[1][other])

    for one, other in difference(ours[0], theirs[0]):
        pair = written(one, other)
        if ours[0][one] != theirs[0][other] or pair[0] == pair[1]:
            yield pair
            continue
        begun = 0
        alike = [len(set(written(*words))) == 1 for words in _word_by_word(one, other)]
        for _, run in groupby(alike):
            end = begun + len(list(run))
            first, second = (slice(whole.start + begun, whole.start + end) for whole in (one, other))
            yield written(first, second)
            begun = end


def _word_by_word(one: slice, other: slice) -> Iterator[tuple[slice, slice]]:
    """Yield the words of two slices of the same length, each as a slice."""
    for at in range(one.stop - one.start):
        yield slice(one.start + at, one.start + at + 1), slice(other.start + at, other.start + at + 1)
