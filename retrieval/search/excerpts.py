"""The sentences to quote: a verbatim slice of a post, with highlights as slices of it."""

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise
from threading import Lock

from retrieval.analysis.analyzer import Analyzer, Token
from retrieval.model import Thread

__all__ = [
    "EXCERPT_LENGTH",
    "CutExcerpt",
    "Slices",
    "ThreadTerms",
    "cut_excerpt",
    "highlights",
]

#: A post of up to so many characters is quoted whole; it holds every classic post of 280 and most of
#: those that were joined by an unroller.
EXCERPT_LENGTH = 560

#: Where highlights start and end, in order and without overlap.
Slices = tuple[tuple[int, int], ...]

#: The number of a post in its thread, from 0, and where a term starts and ends in it.
_Place = tuple[int, int, int]

#: Where a quote starts and ends in its post, and its highlights, counted from the quote's start.
CutExcerpt = tuple[int, int, Slices]

# A run of marks is looked at once, from its beginning.
_SENTENCE = re.compile(
    r"[^\n]*?(?:(?<![.!?…؟۔।։።။។])[.!?…؟۔।։።။។]++[\"'”’»)\]]*+(?=\s)"
    r"|[。！？｡]+[\"”’」』）】]*|\n|$)\s*",
    re.DOTALL,
)


def cut_excerpt(
    text: str, weigh: Callable[[str], float], analyzer: Analyzer, limit: int = EXCERPT_LENGTH
) -> CutExcerpt:
    """Choose the slice of a post to quote: a short post whole, of a long one the best sentences.

    ``weigh`` gives a term's weight, 0.0 for a term that was not asked for. The best sentences are
    consecutive and together at most ``limit`` characters; they hold the greatest weight of different
    terms, and among equals they open with a match and stand first. A single sentence beyond the limit
    is cut between words. Matches that touch or overlap are one highlight.
    """
    matches = [token for token in analyzer.tokens(text) if any(weigh(term) > 0 for term in token.terms)]
    start, end = (0, len(text)) if len(text) <= limit else _best(text, matches, weigh, limit)
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


def _best(text: str, matches: Sequence[Token], weigh: Callable[[str], float], limit: int) -> tuple[int, int]:
    pieces = _pieces(text, limit)
    best, best_worth = (0, pieces[0][1]), (-1.0, False)
    for first in range(len(pieces)):
        last = first
        while last + 1 < len(pieces) and pieces[last + 1][1] - pieces[first][0] <= limit:
            last += 1
        start, end = pieces[first][0], pieces[last][1]
        terms = {term for token in matches if start <= token.start < end for term in token.terms}
        opens_with_one = any(start <= token.start < pieces[first][1] for token in matches)
        worth = (sum(weigh(term) for term in terms), opens_with_one)
        if worth > best_worth:
            best, best_worth = (start, end), worth
    return best


def _pieces(text: str, limit: int) -> list[tuple[int, int]]:
    """Return the sentences as slices that cover the text; one beyond the limit falls into words."""
    pieces: list[tuple[int, int]] = []
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        if end - start <= limit:
            if end > start:
                pieces.append((start, end))
            continue
        words = [len(word) for word in re.findall(r"\S{1,200}\s{0,200}|\s{1,200}", text[start:end])]
        bounds = list(accumulate(words, initial=start))
        pieces += pairwise(bounds)
    return pieces
