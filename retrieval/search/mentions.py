"""Every post that says some words one after another as they are written, and when the first did.

Other than a search, which takes stems and any order, this looks for the words themselves; only typography
does not count (see :mod:`retrieval.search.quote_text`). They begin and end at the borders of words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import reduce
from itertools import islice
from typing import Final

import numpy as np

from retrieval.analysis.arrays import Integers
from retrieval.index.segment import Segment
from retrieval.model import Collection, Mention, Scope
from retrieval.search.quote_text import ODD_LETTERS, UNSPACED, core_of, fold_text
from retrieval.search.searcher import Searcher
from retrieval.storage.post_lookup import PostLookup
from retrieval.storage.rows import PlacedPost

__all__ = ["MAX_WORDS_LENGTH", "find_mentions", "mention_order", "occurrences", "posts_in_batches"]

MAX_WORDS_LENGTH: Final = 200
"""The characters of the longest words that are looked for."""

_BATCH: Final = 1_000
#: So many characters around the words are quoted, as far as words are whole.
_AROUND: Final = 110
_TOKEN: Final = re.compile(r"[^\W_]+")
#: Shorter words say little about which posts may hold them, and may have been taken for an ending.
_TELLING: Final = 3
#: Letters that are folded to others than their small ones, or to nothing.
_ODD: Final = re.compile(ODD_LETTERS)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def find_mentions(
    words: str, searcher: Searcher, posts: PostLookup, scope: Scope, collections: Mapping[int, Collection]
) -> list[Mention]:
    """Return the posts that hold the words, the earliest first, those without a known date last.

    A post that several collections hold is there once. None holds words without a letter or digit.
    """
    wanted = core_of(fold_text(words))
    if not _TOKEN.search(wanted):
        return []
    mentions: dict[tuple[str, int], Mention] = {}
    for stored in posts_in_batches(_saying(wanted, searcher.segments, posts), posts):
        if stored.collection_id not in scope.collections:
            continue
        slices = occurrences(wanted, stored.post.text)
        place = (stored.thread.id, stored.post.ordinal)
        mentions.setdefault(place, _mention(stored, slices, collections[stored.collection_id]))
    return sorted(mentions.values(), key=mention_order)


def occurrences(wanted: str, text: str) -> list[tuple[int, int]]:
    """Return the slices of a text that say folded words, from border to border of words."""
    folded = fold_text(text)
    slices, at = [], 0
    while (at := folded.text.find(wanted, at)) >= 0:
        if _is_apart(folded.text, at, at + len(wanted)):
            slices.append(folded.slice_of(at, at + len(wanted)))
            at += len(wanted)
        else:
            at += 1
    return slices


def _is_apart(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if (before and _one_word(before[-1], text[start])) or (after and _one_word(text[end - 1], after[0])):
        return False
    # 5 is no part of 1.5, nor of 5,000.
    left = text[start].isdigit() and len(before) > 1 and before[1] in ".,:" and before[0].isdigit()
    right = text[end - 1].isdigit() and len(after) > 1 and after[0] in ".,:" and after[1].isdigit()
    return not (left or right)


def _one_word(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and not (UNSPACED.match(left) or UNSPACED.match(right))


def _saying(wanted: str, segments: Sequence[Segment], posts: PostLookup) -> Iterator[int]:
    """Yield the posts, by their numbers in the store, that say folded words."""
    runs = _TOKEN.findall(wanted)
    pieces = [r"[\W_]*".join(run) if UNSPACED.search(run) else run for run in runs]
    # Most posts that may say them are ruled out without being folded.
    likely = re.compile(r"[\W_]*".join(pieces))
    for batch in _batches(_candidates(wanted, segments)):
        for pk, text in posts.texts(batch):
            if (likely.search(text.lower()) or _ODD.search(text)) and occurrences(wanted, text):
                yield pk


def _candidates(wanted: str, segments: Sequence[Segment]) -> Iterator[int]:
    """Yield the posts, by their numbers in the store, that may hold folded words: all that do, and others."""
    tokens = [
        match[0] for match in _TOKEN.finditer(wanted) if wanted[match.start() - 1 : match.start()] != "'"
    ]
    telling = [token for token in tokens if len(token) >= _TELLING] or tokens
    for segment in segments:
        if UNSPACED.search(wanted):
            # How a run without spaces falls into pieces depends on what stands around it.
            yield from segment.pks.tolist()
            continue
        lists = [found for token in telling if (found := _holding(segment, token)) is not None]
        if not lists:
            yield from segment.pks.tolist()
            continue
        yield from segment.pks[reduce(np.intersect1d, sorted(lists, key=len))].tolist()


def _holding(segment: Segment, token: str) -> Integers | None:
    """Return the posts with a word that a token is a part of; ``None`` where a stop word is among them."""
    forms = segment.analyzer.words(token)
    if not forms:
        return None
    numbers: set[int] = set()
    written = segment.vocabulary.text.tobytes()
    for form in forms:
        numbers.update(_containing(segment, written, form.encode()))
    if not numbers:
        return np.zeros(0, np.int64)
    terms = np.unique(segment.term_of[sorted(numbers)])
    if terms[0] < 0:
        return None
    offsets, listed = segment.postings.offsets, segment.postings.posts
    return np.unique(np.concatenate([listed[offsets[term] : offsets[term + 1]] for term in terms]))


def _containing(segment: Segment, written: bytes, form: bytes) -> Iterator[int]:
    """Yield the numbers of the words that a form is a part of."""
    places, at = [], written.find(form)
    while at >= 0:
        places.append(at)
        at = written.find(form, at + 1)
    starts = segment.vocabulary.starts
    numbers = np.searchsorted(starts, places, side="right") - 1
    inside = np.array(places, np.int64) + len(form) <= starts[numbers + 1]
    yield from numbers[inside].tolist()


def posts_in_batches(pks: Iterable[int], posts: PostLookup) -> Iterator[PlacedPost]:
    """Yield posts by their numbers in the store, read some at a time."""
    for batch in _batches(pks):
        yield from posts.by_pk(batch)


def _batches(pks: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(pks)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _mention(stored: PlacedPost, slices: Sequence[tuple[int, int]], home: Collection) -> Mention:
    text = stored.post.text
    start, end = _window(text, *slices[0])
    marked = tuple((first - start, last - start) for first, last in slices if last <= end)
    return Mention.of(stored.post, stored.thread, start, end, marked, server_id=home.server_id)


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the slice of a text around another, without parts of words at its ends."""
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    if first:
        first = next((at + 1 for at in range(first, start) if text[at].isspace()), first)
    if last < len(text):
        last = next((at for at in range(last, end, -1) if text[at - 1 : at].isspace()), last)
    return first, last


def mention_order(mention: Mention) -> tuple[bool, datetime, str, int]:
    """Order mentions: the earliest first, those without a known date last, else by thread and place."""
    excerpt, moment = mention.excerpt, mention.posted_at
    return moment is None, moment or _NEVER, excerpt.thread.id, excerpt.post.ordinal
