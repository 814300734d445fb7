"""Completion: the threads and the authors that typed text may mean, by a search in memory.

A collection's threads are lines of one byte string, the newest first: a search over 100,000 of them is
a few scans that stop at what is wanted. It is derived from the store and holds nothing of its own.
"""

import heapq
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.errors import ArchiveError
from retrieval.model import Scope, ThreadSummary
from retrieval.storage.rows import fold_words, without_surrogates
from retrieval.storage.store import CollectionState, Store

__all__ = ["Autocomplete", "TitleLines"]

#: Of up to so many lines that hold a word it is looked at each, of more only at the first.
_FEW: Final = 2_000
#: In so many bytes it is counted which of the words typed is the rarest.
_SAMPLE: Final = 1_000_000
#: So many of the words typed are tried as the one with a wrong letter, and so many known words for each.
_TRIED: Final = 4
_SIMILAR: Final = 40
#: Of what is typed so many words count: more have no place on a phone.
_MOST_WORDS: Final = 16
#: What is shorter and has a wrong letter may be anything.
_SHORTEST: Final = 3
#: Sorts behind every letter that may follow.
_LAST: Final = "\U0010ffff"
#: Of so many threads that hold the words of a title it is seen which of them have that title.
_TITLED: Final = 1_000


@dataclass(frozen=True)
class TitleLines:
    """The needles of one collection's threads, and the threads' numbers in the store, newest first.

    ``authors`` counts the threads of each author; names that differ in case only are one.
    """

    text: bytes
    starts: NDArray[np.int64]
    pks: NDArray[np.int64]
    authors: Counter[str]

    @classmethod
    def of(cls, needles: Iterable[tuple[int, str, str | None]]) -> "TitleLines":
        """Put needles, each with its thread's number and author, into lines."""
        pks, lines = [], []
        authors: Counter[str] = Counter()
        names: dict[str, str] = {}
        for pk, needle, author in needles:
            pks.append(pk)
            lines.append(needle.encode("utf-8", "replace"))
            if author:
                authors[names.setdefault(author.lower(), author)] += 1
        lengths = np.fromiter((len(line) + 1 for line in lines), np.int64, len(lines))
        starts = np.concatenate([np.ones(1, np.int64), 1 + np.cumsum(lengths)])[: len(lines)]
        return cls(b"\n" + b"".join(line + b"\n" for line in lines), starts, np.array(pks, np.int64), authors)

    def __len__(self) -> int:
        return len(self.pks)

    def find(self, needle: str, limit: int) -> list[tuple[int, int]]:
        """Return at most ``limit`` threads that hold every word of a needle: each a class and a number.

        Class 0 begins with the needle, 1 has it at the start of a word, 2 has its words anywhere. Of each
        class the newest come first.
        """
        whole = needle.encode("utf-8", "replace")
        if not all(word in self.words.text for word in whole.split()):
            return []
        words = self._rarest_first(whole)
        lines = self._few(whole, words)
        if lines is None:
            lines = self._first(whole, words, limit)
        return [(number, self._pk(start)) for number, start in lines[:limit]]

    def near(self, needle: str, limit: int) -> list[int]:
        """Return the numbers of at most ``limit`` threads that hold a needle's words but for one letter.

        One word may have a letter that is wrong, missing or too much, or two that changed places; the last
        word may be unfinished. Titles with the same first word come first, of each kind the newest.
        """
        words = needle.split()[:_MOST_WORDS]
        if len(needle) < _SHORTEST:
            return []
        held = [self.words.lines_with(word, len(self)) for word in words]
        unknown = [at for at, lines in enumerate(held) if not lines.any()]
        if len(unknown) > 1:
            return []
        counts = np.sum(held, axis=0, dtype=np.uint8)
        near = np.zeros(len(self), np.bool_)
        for at in unknown or sorted(range(len(words)), key=lambda at: -len(words[at]))[:_TRIED]:
            similar = self.words.lines_near(words[at], len(self), unfinished=at == len(words) - 1)
            near |= similar & (counts - held[at] == len(words) - 1)
        numbers = np.flatnonzero(near)
        first = held[0][numbers]
        return [int(self.pks[number]) for number in [*numbers[first], *numbers[~first]][:limit]]

    @cached_property
    def words(self) -> "WordLines":
        """The words of the lines; made when asked for, which takes as long as to read the lines."""
        return WordLines.of(self.text)

    def _rarest_first(self, whole: bytes) -> list[bytes]:
        """Return the words of a needle, those first that are rarest among the newest lines."""
        words = set(whole.split())
        if len(words) == 1:
            return list(words)
        return sorted(words, key=lambda word: (self.text.count(word, 0, _SAMPLE), -len(word), word))

    def _few(self, whole: bytes, words: list[bytes]) -> list[tuple[int, int]] | None:
        """Return every line that holds all words, by class and start; ``None`` where that takes too long."""
        lines = []
        for count, (start, line) in enumerate(self._holding(words[0])):
            if count == _FEW:
                return None
            if all(word in line for word in words):
                at = b" " + line
                lines.append((0 if line.startswith(whole) else 1 if b" " + whole in at else 2, start))
        return sorted(lines)

    def _first(self, whole: bytes, words: list[bytes], limit: int) -> list[tuple[int, int]]:
        """Return the first lines that hold all words, by class and start: for words that many lines hold."""
        classes: dict[int, int] = {}
        for number, part in enumerate((b"\n" + whole, b" " + whole, words[0])):
            for start, line in self._holding(part):
                if len(classes) == limit:
                    break
                if start not in classes and all(word in line for word in words):
                    classes[start] = number
        return [(number, start) for start, number in classes.items()]

    def _holding(self, part: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield the lines that hold a part, in order, each once: where it starts, and its words."""
        text = self.text
        # A part that begins with the end of a line belongs to the next.
        skipped = int(part.startswith(b"\n"))
        at = text.find(part)
        while at >= 0:
            start = text.rfind(b"\n", 0, at + skipped) + 1
            end = text.find(b"\n", at + skipped)
            yield start, text[start:end]
            at = text.find(part, end + 1 - skipped)

    def _pk(self, start: int) -> int:
        """Return the number of the thread whose line starts there."""
        return int(self.pks[np.searchsorted(self.starts, start)])


@dataclass(frozen=True, slots=True)
class WordLines:
    """Every word of some lines, sorted, as a list and a text, and the numbers of the lines that hold each.

    ``lines`` has the numbers word by word; those of the word ``i`` lie from ``ends[i]`` to ``ends[i + 1]``.
    """

    words: list[str]
    text: bytes
    ends: NDArray[np.int64]
    lines: NDArray[np.int32]

    @classmethod
    def of(cls, text: bytes) -> "WordLines":
        """Take lines apart, each of which ends in a newline; the first newline ends none."""
        codes: dict[bytes, int] = {}
        tokens = np.fromiter((codes.setdefault(word, len(codes)) for word in text.split()), np.int32)
        letters = np.frombuffer(text, np.uint8)
        gaps = (letters == ord(" ")) | (letters == ord("\n"))
        # A word begins behind a gap, and its line's number is how many newlines came before, less the first.
        begins = np.flatnonzero(gaps[:-1] & ~gaps[1:]) + 1
        number = np.cumsum(letters == ord("\n"))[begins] - 1
        words = [word.decode() for word in codes]
        order = sorted(range(len(words)), key=words.__getitem__)
        place = np.empty(len(words), np.int32)
        place[order] = np.arange(len(words), dtype=np.int32)
        sort = np.argsort(place[tokens], kind="stable")
        ends = np.concatenate([[0], np.cumsum(np.bincount(place[tokens], minlength=len(words)))])
        ordered = [words[at] for at in order]
        return cls(ordered, " ".join(ordered).encode(), ends, number[sort].astype(np.int32))

    def lines_with(self, start: str, count: int) -> NDArray[np.bool_]:
        """Return which of so many lines hold a word that begins so."""
        first, last = bisect_left(self.words, start), bisect_left(self.words, start + _LAST)
        return self._marked(self.lines[self.ends[first] : self.ends[last]], count)

    def lines_near(self, typed: str, count: int, *, unfinished: bool) -> NDArray[np.bool_]:
        """Return which lines hold a word, or where it is ``unfinished`` the start of one, one letter away."""
        marked = np.zeros(count, np.bool_)
        near = process.extract(typed, self.words, scorer=OSA.distance, score_cutoff=1, limit=None)
        for _, _, at in near:
            marked[self.lines[self.ends[at] : self.ends[at + 1]]] = True
        if unfinished:
            starts = list(dict.fromkeys(word[: len(typed)] for word in self.words))
            for start, _, _ in process.extract(
                typed, starts, scorer=OSA.distance, score_cutoff=1, limit=_SIMILAR
            ):
                marked |= self.lines_with(start, count)
        return marked

    @staticmethod
    def _marked(lines: NDArray[np.int32], count: int) -> NDArray[np.bool_]:
        marked = np.zeros(count, np.bool_)
        marked[lines] = True
        return marked


class Autocomplete:
    """The lines of every collection that was asked for. Safe among threads.

    A collection of more than ``at_once`` threads that changed is read anew beside; until that is done,
    completion knows it as it was. What is of another archive than the one that is there now is not used.
    """

    def __init__(self, store: Store, *, at_once: int = 5_000) -> None:
        self._store = store
        self._at_once = at_once
        self._lines: dict[int, tuple[CollectionState, TitleLines]] = {}
        self._reading = threading.Lock()
        self._beside: threading.Thread | None = None

    def threads(self, text: str, scope: Scope, limit: int = 25) -> list[ThreadSummary]:
        """Return the threads whose title, opening words and author hold every word of the text.

        Case, accents and punctuation do not matter; words may be unfinished. Where none does, those that do
        but for one letter. Those that begin with the text
        come first, then those with it at the start of a word, each the newest first. Without words in the
        text, the newest threads. A thread that two collections hold is listed once. What came into a large
        collection is listed a moment later.
        """
        needle = fold_words(without_surrogates(text))
        if not needle:
            return self._store.catalog.threads(scope, limit=limit)
        classes: dict[int, int] = {}
        for lines in self._current(scope):
            classes |= {pk: number for number, pk in lines.find(needle, limit)}
        if not classes:
            return self._near(needle, scope, limit)
        # The store gives them newest first, and sorting keeps that order within a class.
        summaries = self._store.catalog.summaries_of_pks(list(classes), scope)
        once: dict[str, ThreadSummary] = {}
        for _, summary in sorted(summaries, key=lambda row: classes[row[0]]):
            once.setdefault(summary.id, summary)
        return list(once.values())[:limit]

    def titled(self, text: str, scope: Scope) -> list[ThreadSummary]:
        """Return the threads whose title, or opening where they have none, is the text.

        Case, accents and punctuation do not matter. Where no title is, those that are but for one letter.
        """
        needle = fold_words(without_surrogates(text))
        if not needle:
            return []
        exact = [one for one in self.threads(text, scope, _TITLED) if fold_words(one.heading) == needle]
        return exact or [
            one
            for one in self._near(needle, scope, _TITLED)
            if OSA.distance(fold_words(one.heading), needle, score_cutoff=1) <= 1
        ]

    def _near(self, needle: str, scope: Scope, limit: int) -> list[ThreadSummary]:
        """Return threads that hold the words of a needle but for one letter, each once."""
        pks = [pk for lines in self._current(scope) for pk in lines.near(needle, limit)]
        summaries = dict(self._store.catalog.summaries_of_pks(pks, scope))
        once: dict[str, ThreadSummary] = {}
        for pk in pks:
            if pk in summaries:
                once.setdefault(summaries[pk].id, summaries[pk])
        return list(once.values())[:limit]

    def authors(self, text: str, scope: Scope, limit: int = 25) -> list[tuple[str, int]]:
        """Return the authors whose names hold what was typed, and how many threads they have.

        Names that begin with it come first, then those with it at the start of a word; of each kind those
        with most threads.
        """
        needle = fold_words(without_surrogates(text))
        counts: Counter[str] = Counter()
        for lines in self._current(scope):
            counts.update(lines.authors)
        near = []
        for name, count in counts.items():
            place = f" {fold_words(name)}".find(f" {needle}")
            if place >= 0 or needle in fold_words(name):
                near.append((min(place, 1) if place >= 0 else 2, -count, name))
        return [(name, -count) for _, count, name in heapq.nsmallest(limit, near)]

    def _current(self, scope: Scope) -> list[TitleLines]:
        """Return the lines of the scope's collections, as far as they need not be waited for."""
        states = self._store.states()
        wanted = {number: states[number] for number in sorted(scope.collections & states.keys())}
        stale = {}
        for number, state in wanted.items():
            held = self._lines.get(number)
            if held is not None and held[0] == state:
                continue
            if held is None or len(held[1]) <= self._at_once or not self._store.follows({number: held[0]}):
                self._read(number, state)
            else:
                stale[number] = state
        if stale:
            self._read_beside(stale)
        return [held[1] for number in wanted if (held := self._lines.get(number))]

    def _read(self, number: int, state: CollectionState) -> None:
        with self._reading:
            held = self._lines.get(number)
            if held is None or held[0] != state:
                lines = TitleLines.of(self._store.catalog.needles(number))
                _ = lines.words  # before anyone waits for them
                self._lines = self._lines | {number: (state, lines)}

    def _read_beside(self, collections: Mapping[int, CollectionState]) -> None:
        if self._beside is not None and self._beside.is_alive():
            return

        def read() -> None:
            # The store was closed meanwhile; no completion is waiting.
            with suppress(ArchiveError):
                for number, state in collections.items():
                    self._read(number, state)

        self._beside = threading.Thread(target=read, name="titles", daemon=True)
        self._beside.start()
