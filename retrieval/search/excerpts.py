"""The sentences to quote: a verbatim slice of a post, with highlights as slices of it."""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import fsum
from threading import Lock
from typing import Final

from retrieval.analysis.analyzer import Analyzer, Token
from retrieval.analysis.sentences import UNSPACED, leans, room_for, sentences
from retrieval.model import Thread

__all__ = [
    "EXCERPT_LENGTH",
    "CutExcerpt",
    "PostTokens",
    "Slices",
    "ThreadTerms",
    "cut_excerpt",
    "highlights",
]

#: A post of up to so many characters is quoted whole, of half as many in Chinese, Japanese and Korean; it
#: holds every classic post of 280 and most of those that were joined by an unroller.
EXCERPT_LENGTH: Final = 560

#: Where highlights start and end, in order and without overlap.
Slices = tuple[tuple[int, int], ...]

#: The number of a post in its thread, from 0, and where a term starts and ends in it.
_Place = tuple[int, int, int]

#: Where a quote starts and ends in its post, and its highlights, counted from the quote's start.
CutExcerpt = tuple[int, int, Slices]

#: What a piece of a text counts for beside its different terms.
_REPEATED: Final = 0.3
#: Sums of the same weights in another order differ in the last bits; that makes nothing better.
_MORE: Final = 1 + 1e-9
#: A word with the blanks behind it, or as much of letters that are written without blanks.
_WORD: Final = re.compile(
    rf"[{UNSPACED}]{{1,20}}+[\s、，]{{0,200}}|[^\s{UNSPACED}]{{1,200}}\s{{0,200}}|\s{{1,200}}"
)


@dataclass(frozen=True, slots=True)
class PostTokens:
    """The tokens of a post that have terms, and for each term which of them have it, rising."""

    tokens: tuple[Token, ...]
    places: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, text: str, analyzer: Analyzer) -> "PostTokens":
        """Return those of a text."""
        tokens = tuple(token for token in analyzer.tokens(text) if token.terms)
        places: dict[str, list[int]] = {}
        for place, token in enumerate(tokens):
            for term in token.terms:
                places.setdefault(term, []).append(place)
        return cls(tokens, places)

    def matches(self, weigh: Callable[[str], float]) -> list[Token]:
        """Return the tokens of which a term weighs more than nothing, in order."""
        wanted = {place for term, places in self.places.items() if weigh(term) > 0 for place in places}
        return [self.tokens[place] for place in sorted(wanted)]


def cut_excerpt(
    text: str,
    weigh: Callable[[str], float],
    analyzer: Analyzer,
    limit: int | None = None,
    tokens: PostTokens | None = None,
) -> CutExcerpt:
    """Choose the slice of a post to quote: a short post whole, of a long one the best sentences.

    ``weigh`` gives a term's weight, 0.0 for a term that was not asked for. The best sentences are
    consecutive and together at most ``limit`` characters, :data:`EXCERPT_LENGTH` by the text's script
    without one. A single sentence beyond the limit is cut between words. Matches that touch or overlap
    are one highlight. ``tokens`` are the text's own where they are known.
    """
    if limit is None:
        limit = room_for(text, EXCERPT_LENGTH)
    matches = (tokens or PostTokens.of(text, analyzer)).matches(weigh)
    start, end = (
        (0, len(text)) if len(text) <= limit else _best(text, matches, weigh, limit, analyzer.language)
    )
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    inside = [(token.start, token.end) for token in matches if start <= token.start and token.end <= end]
    return start, end, tuple((first - start, last - start) for first, last in _joined(text, inside))


def highlights(text: str, is_wanted: Callable[[str], bool], analyzer: Analyzer) -> Slices:
    """Return where the wanted terms stand in a whole text; matches that touch or overlap are one."""
    matches = [token for token in analyzer.tokens(text) if any(map(is_wanted, token.terms))]
    return tuple(_joined(text, [(token.start, token.end) for token in matches]))


class ThreadTerms:
    """Where the terms stand in the threads that were highlighted last; safe among threads.

    At most ``characters`` of text are kept; the thread that was used longest ago goes first.
    """

    def __init__(self, characters: int = 2_000_000) -> None:
        self._characters = characters
        self._kept: OrderedDict[tuple[Analyzer, Thread], Mapping[str, Sequence[_Place]]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def highlights(
        self, thread: Thread, analyzer: Analyzer, is_wanted: Callable[[str], bool]
    ) -> tuple[Slices, ...]:
        """Return for each post of a thread what :func:`highlights` does, in time by what is found."""
        places: dict[int, set[tuple[int, int]]] = {}
        for term, known in self._of(thread, analyzer).items():
            if is_wanted(term):
                for post, start, end in known:
                    places.setdefault(post, set()).add((start, end))
        return tuple(
            tuple(_joined(post.text, sorted(places[number]))) if number in places else ()
            for number, post in enumerate(thread.posts)
        )

    def _of(self, thread: Thread, analyzer: Analyzer) -> Mapping[str, Sequence[_Place]]:
        key = analyzer, thread
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        terms: dict[str, list[_Place]] = {}
        for number, post in enumerate(thread.posts):
            for token in analyzer.tokens(post.text):
                for term in token.terms:
                    terms.setdefault(term, []).append((number, token.start, token.end))
        with self._lock:
            if key not in self._kept:
                self._kept[key] = terms
                self._size += _characters(thread)
            while self._size > self._characters and self._kept:
                (_, oldest), _ = self._kept.popitem(last=False)
                self._size -= _characters(oldest)
        return terms

    def clear(self) -> None:
        """Keep nothing, since what was kept may have been forgotten."""
        with self._lock:
            self._kept.clear()
            self._size = 0


def _characters(thread: Thread) -> int:
    return sum(len(post.text) for post in thread.posts)


def _joined(text: str, slices: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Make one of slices that touch or overlap, as those of scripts without spaces do; sorted by start.

    A lone piece of such a script that is also part of something longer is a match by chance.
    """
    joined: list[tuple[int, int, bool]] = []
    for start, end in slices:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end), True
        else:
            joined.append((start, end, False))
    longer = {text[start:end] for start, end, several in joined if several}
    return [
        (start, end)
        for start, end, several in joined
        if several or not any(text[start:end] in other for other in longer)
    ]


def _best(
    text: str, matches: Sequence[Token], weigh: Callable[[str], float], limit: int, language: str
) -> tuple[int, int]:
    """Choose consecutive pieces of at most ``limit`` characters, or one where that is longer.

    What is best is decided without what surrounds it: of all runs of pieces that open and close with a
    match, the one with the greatest weight of different terms, plus that of its best piece alone, plus a
    share of the sum over its pieces. A term thus counts once, terms that stand together count for more,
    and what is repeated for a little. Then as much is taken from either side as there is room for.
    """
    pieces = _pieces(text, limit, language)
    first, last = _core(pieces, _term_sets(pieces, matches), weigh, limit)
    start, end = pieces[first][0], pieces[last][1]
    core = start, end
    leaning = leans(text[start:end], language)
    while True:
        before = first > 0 and end - pieces[first - 1][0] <= limit
        behind = last + 1 < len(pieces) and pieces[last + 1][1] - start <= limit
        if not (before or behind):
            return start, end
        if before and (leaning or not behind or core[0] - start < end - core[1]):
            first -= 1
            start = pieces[first][0]
            leaning = False
        else:
            last += 1
            end = pieces[last][1]


def _core(
    pieces: Sequence[tuple[int, int]],
    terms: Mapping[int, frozenset[str]],
    weigh: Callable[[str], float],
    limit: int,
) -> tuple[int, int]:
    """Return the first and the last of the pieces that are best by themselves."""
    weights = {term: weigh(term) for held in terms.values() for term in held}
    alone = {piece: fsum(map(weights.__getitem__, held)) for piece, held in terms.items()}
    held_by = list(terms.items())
    best, most = (0, 0), 0.0
    for place, (first, _) in enumerate(held_by):
        seen: set[str] = set()
        distinct = highest = total = 0.0
        for last, held in held_by[place:]:
            if pieces[last][1] - pieces[first][0] > limit and last > first:
                break
            fresh = held - seen
            if fresh:
                seen |= fresh
                distinct += fsum(map(weights.__getitem__, fresh))
            highest = max(highest, alone[last])
            total += alone[last]
            worth = distinct + highest + _REPEATED * total
            if worth > most * _MORE:
                best, most = (first, last), worth
    return best


def _term_sets(pieces: Sequence[tuple[int, int]], matches: Sequence[Token]) -> dict[int, frozenset[str]]:
    """Return the matching terms of each piece that has any, in order."""
    held: dict[int, set[str]] = {}
    place = 0
    for token in matches:
        while pieces[place][1] <= token.start:
            place += 1
        held.setdefault(place, set()).update(token.terms)
    return {piece: frozenset(terms) for piece, terms in held.items()}


def _pieces(text: str, limit: int, language: str) -> list[tuple[int, int]]:
    """Return the sentences as slices that cover the text; one beyond the limit falls into words."""
    pieces: list[tuple[int, int]] = []
    for start, end in sentences(text, language):
        if end - start <= limit:
            pieces.append((start, end))
        else:
            pieces += _parts(text, start, end)
    return pieces


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = [len(word) for word in _WORD.findall(text, start, end)]
    return pairwise(accumulate(words, initial=start))
