"""Posts to counts: chunks of posts, each read into small arrays, by several processes where there are many.

A reader numbers words and terms as it meets them, and tells of the new ones with each chunk, so that what
goes between the processes is texts one way and arrays the other. The process that brings all together
reads what the others have no time for.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from itertools import count as numbers_from
from typing import Final

import numpy as np
from numpy.typing import NDArray

from retrieval.analyzer import Analyzer, analyzer
from retrieval.ranking.numbers import Integers, intervals
from retrieval.ranking.signs import SignReader
from retrieval.ranking.tokens import TokenReader

__all__ = ["CHUNK", "Counted", "Post", "Reader", "count"]

#: A post as an index takes it: its number and its thread's in the store, and its text.
Post = tuple[int, int, str]

#: How many posts are read at once; their numbers fit 16 bits.
CHUNK: Final = 8_000
#: Fewer posts than this are read faster than other processes are started.
_FEW: Final = 60_000
#: One process brings together what so many read.
_MOST: Final = 3
#: How many chunks may be under way for each process: one being read, one waiting.
_AHEAD: Final = 2
_ENGLISH: Final = "en"

_serial: Final = numbers_from()


@dataclass(frozen=True, slots=True)
class Counted:
    """A chunk of posts as arrays; words and terms are numbered as the reader ``reader`` met them.

    ``pks`` and ``thread_pks`` are the store's numbers. ``words`` and ``terms`` are those met here first;
    ``term_of`` has the terms of those words, -1 for none. ``said`` holds all posts' words one after
    another, ``widths`` the number of each post's. ``held`` are the terms that stand here and ``spread`` in
    how many posts; ``owners`` and ``frequencies`` are their postings one after another. ``spoken`` and
    ``word_counts`` are the words that stand here, each with the number of posts. ``lengths`` is the number
    of terms of each post, ``signs`` has a bit for each type of answer.
    """

    reader: tuple[int, int]
    pks: Integers
    thread_pks: Integers
    words: list[str]
    terms: list[str]
    term_of: NDArray[np.int32]
    said: NDArray[np.int32]
    widths: NDArray[np.int32]
    held: NDArray[np.int32]
    spread: NDArray[np.int32]
    owners: NDArray[np.uint16]
    frequencies: NDArray[np.unsignedinteger]
    spoken: NDArray[np.int32]
    word_counts: NDArray[np.int32]
    lengths: NDArray[np.int32]
    signs: NDArray[np.uint8]


class Reader:
    """Reads chunks of posts, and numbers the tokens, words and terms that it meets."""

    def __init__(self, analyzer: Analyzer) -> None:
        #: No other reader of any process has this name.
        self._name = os.getpid(), next(_serial)
        self._analyzer = analyzer
        self._signs = SignReader() if analyzer.language == _ENGLISH else None
        self._tokens = TokenReader(analyzer)
        self._words: dict[str, int] = {}
        self._terms: dict[str, int] = {}
        # Of each token, where its words begin among ``_spelled`` and how many they are.
        self._firsts = np.zeros(0, np.int32)
        self._widths = np.zeros(0, np.int32)
        self._spelled = np.zeros(0, np.int32)
        self._term_of = np.zeros(0, np.int32)

    def read(self, posts: Sequence[Post]) -> Counted:
        """Count at most :data:`CHUNK` posts."""
        pks, thread_pks, texts = zip(*posts, strict=True) if posts else ((), (), ())
        tokens, token_widths = self._tokens.read(texts)
        words, terms = self._learn()
        token_owners = np.repeat(np.arange(len(posts)), token_widths)
        if self._signs is None:
            signs = np.zeros(len(posts), np.uint8)
        else:
            signs = self._signs.read(texts, tokens, token_owners)
        firsts, sizes = self._firsts[tokens], self._widths[tokens]
        if (sizes == 1).all():
            said, owners = self._spelled[firsts], token_owners
        else:
            places, rows = intervals(firsts.astype(np.int64), firsts.astype(np.int64) + sizes)
            said, owners = self._spelled[places], token_owners[rows]
        numbers = self._term_of[said]
        kept = numbers >= 0
        held, spread, posted, frequencies = _grouped(numbers[kept], owners[kept])
        spoken, word_counts, _, _ = _grouped(said, owners)
        return Counted(
            reader=self._name,
            pks=np.array(pks, np.int64),
            thread_pks=np.array(thread_pks, np.int64),
            words=words,
            terms=terms,
            term_of=self._term_of[len(self._term_of) - len(words) :],
            said=said,
            widths=np.bincount(owners, minlength=len(posts)).astype(np.int32),
            held=held,
            spread=spread,
            owners=posted,
            frequencies=frequencies,
            spoken=spoken,
            word_counts=word_counts,
            lengths=np.bincount(owners[kept], minlength=len(posts)).astype(np.int32),
            signs=signs,
        )

    def _learn(self) -> tuple[list[str], list[str]]:
        """Learn the tokens met since the last time, and return the words and terms new with them."""
        surfaces = self._tokens.fresh()
        known_words, known_terms = len(self._words), len(self._terms)
        words, terms = self._words, self._terms
        # Each is asked for once, so that the analyzer need not remember it.
        forms = list(map(self._analyzer.spell, surfaces))
        spelled = [words.setdefault(word, len(words)) for word in chain.from_iterable(forms)]
        widths = np.array(list(map(len, forms)), np.int32)
        firsts = len(self._spelled) + np.cumsum(widths, dtype=np.int32) - widths
        self._firsts = np.append(self._firsts, firsts)
        self._widths = np.append(self._widths, widths)
        self._spelled = np.append(self._spelled, np.array(spelled, np.int32))
        fresh = list(islice(words, known_words, None))
        numbers = [
            -1 if term is None else terms.setdefault(term, len(terms))
            for term in map(self._analyzer.stem, fresh)
        ]
        self._term_of = np.append(self._term_of, np.array(numbers, np.int32))
        if self._signs is not None:
            self._signs.learn(surfaces)
        return fresh, list(islice(terms, known_terms, None))


def count(analyzer: Analyzer, posts: Iterable[Post], *, processes: int | None = None) -> Iterator[Counted]:
    """Yield the counts of posts, chunk by chunk in their order.

    ``processes`` is how many worker processes read them, beside this one; by default one for each further
    core that this process may run on, and none where there are few posts.
    """
    rest = iter(posts)
    first = list(islice(rest, _FEW if processes is None else 0))
    if processes is None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        processes = min(cores - 1, _MOST) if len(first) == _FEW else 0
    chunks = _chunks(chain(first, rest))
    # The list is long, and is not to be kept while the rest is read.
    del first
    if processes < 1:
        yield from map(Reader(analyzer).read, chunks)
    else:
        yield from _count_in_processes(analyzer.language, chunks, processes)


def _count_in_processes(language: str, chunks: Iterator[list[Post]], processes: int) -> Iterator[Counted]:
    # A forked process would inherit whatever locks other threads hold.
    context = multiprocessing.get_context("spawn")
    reader = Reader(analyzer(language))
    owed: deque[tuple[list[Post], Future[Counted]]] = deque()
    try:
        with ProcessPoolExecutor(processes, context, _start, (language,)) as pool:
            for chunk in chunks:
                busy = sum(not counted.done() for _, counted in owed) >= processes * _AHEAD
                here: Future[Counted] = Future()
                owed.append((chunk, here))
                if busy:
                    here.set_result(reader.read(chunk))
                else:
                    owed[-1] = chunk, pool.submit(_read, chunk)
                while owed and owed[0][1].done():
                    counted = owed[0][1].result()
                    owed.popleft()
                    yield counted
            while owed:
                counted = owed[0][1].result()
                owed.popleft()
                yield counted
    except BrokenProcessPool:
        # Workers cannot be started here, or were killed. What is owed is read by this process, and all of
        # it by a new reader: what the one before has read of it would come too late to be understood.
        rest = chain([chunk for chunk, _ in owed], chunks)
        yield from map(Reader(analyzer(language)).read, rest)


def _chunks(posts: Iterable[Post]) -> Iterator[list[Post]]:
    rest = iter(posts)
    while chunk := list(islice(rest, CHUNK)):
        yield [(pk, thread_pk, text) for pk, thread_pk, text in chunk]


def _grouped(
    numbers: NDArray[np.int32], owners: Integers
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint16], NDArray[np.unsignedinteger]]:
    """Return the different numbers, in how many owners each stands, these owners, and how often in each."""
    keys = numbers.astype(np.int64) << 16 | owners
    keys.sort()
    begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else keys
    frequencies = np.diff(begins, append=len(keys))
    keys = keys[begins]
    grouped = (keys >> 16).astype(np.int32)
    starts = np.flatnonzero(np.concatenate([[True], grouped[1:] != grouped[:-1]])) if len(keys) else keys
    return (
        grouped[starts],
        np.diff(starts, append=len(keys)).astype(np.int32),
        (keys & 0xFFFF).astype(np.uint16),
        frequencies.astype(np.min_scalar_type(int(frequencies.max(initial=0)))),
    )


#: A worker process's reader.
_reader: Reader | None = None


def _start(language: str) -> None:
    global _reader  # noqa: PLW0603 - a worker process has nowhere else to keep it
    _reader = Reader(analyzer(language))


def _read(posts: list[Post]) -> Counted:
    if _reader is None:
        raise RuntimeError("this process was not started as a reader")
    return _reader.read(posts)
