"""Posts to the arrays of a segment: counted in chunks, by several processes where there are many.

A counter numbers words and terms as it meets them and hands over the new ones with each chunk, so that
texts go one way between processes and arrays the other. The builder gives all chunks one numbering.
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
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.analyzer import Analyzer, analyzer
from retrieval.analysis.answer_cues import AnswerCueReader
from retrieval.analysis.answer_type import answer_words
from retrieval.analysis.arrays import Integers, intervals
from retrieval.analysis.batch_tokenizer import BatchTokenizer
from retrieval.index.vocabulary import Vocabulary

__all__ = ["CHUNK", "Post", "PostCounter", "PostCounts", "SegmentBuilder", "count_posts", "encode_postings"]

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
class PostCounts:
    """A chunk of posts as arrays; words and terms are numbered as the reader ``reader`` met them.

    ``pks`` and ``thread_pks`` are the store's numbers. ``words`` and ``terms`` are those met here first;
    ``term_of`` has the terms of those words, -1 for none. ``sequence`` holds all posts' words one after
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
    sequence: NDArray[np.int32]
    widths: NDArray[np.int32]
    held: NDArray[np.int32]
    spread: NDArray[np.int32]
    owners: NDArray[np.uint16]
    frequencies: NDArray[np.unsignedinteger]
    spoken: NDArray[np.int32]
    word_counts: NDArray[np.int32]
    lengths: NDArray[np.int32]
    signs: NDArray[np.uint8]


class PostCounter:
    """Reads chunks of posts, and numbers the tokens, words and terms that it meets."""

    def __init__(self, analyzer: Analyzer) -> None:
        #: No other reader of any process has this name.
        self._name = os.getpid(), next(_serial)
        self._analyzer = analyzer
        language = analyzer.language
        self._signs = AnswerCueReader(language) if language == _ENGLISH or answer_words(language) else None
        self._tokens = BatchTokenizer(analyzer)
        self._words: dict[str, int] = {}
        self._terms: dict[str, int] = {}
        # Of each token, where its words begin among ``_spelled`` and how many they are.
        self._firsts = np.zeros(0, np.int32)
        self._widths = np.zeros(0, np.int32)
        self._spelled = np.zeros(0, np.int32)
        self._term_of = np.zeros(0, np.int32)

    def read(self, posts: Sequence[Post]) -> PostCounts:
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
            sequence, owners = self._spelled[firsts], token_owners
        else:
            places, rows = intervals(firsts.astype(np.int64), firsts.astype(np.int64) + sizes)
            sequence, owners = self._spelled[places], token_owners[rows]
        numbers = self._term_of[sequence]
        kept = numbers >= 0
        held, spread, posted, frequencies = _grouped(numbers[kept], owners[kept])
        spoken, word_counts, _, _ = _grouped(sequence, owners)
        return PostCounts(
            reader=self._name,
            pks=np.array(pks, np.int64),
            thread_pks=np.array(thread_pks, np.int64),
            words=words,
            terms=terms,
            term_of=self._term_of[len(self._term_of) - len(words) :],
            sequence=sequence,
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


def count_posts(
    analyzer: Analyzer, posts: Iterable[Post], *, processes: int | None = None
) -> Iterator[PostCounts]:
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
        yield from map(PostCounter(analyzer).read, chunks)
    else:
        yield from _count_in_processes(analyzer.language, chunks, processes)


def _count_in_processes(language: str, chunks: Iterator[list[Post]], processes: int) -> Iterator[PostCounts]:
    # A forked process would inherit whatever locks other threads hold.
    context = multiprocessing.get_context("spawn")
    reader = PostCounter(analyzer(language))
    owed: deque[tuple[list[Post], Future[PostCounts]]] = deque()
    try:
        with ProcessPoolExecutor(processes, context, _start, (language,)) as pool:
            for chunk in chunks:
                busy = sum(not counted.done() for _, counted in owed) >= processes * _AHEAD
                here: Future[PostCounts] = Future()
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
        yield from map(PostCounter(analyzer(language)).read, rest)


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
_reader: PostCounter | None = None


def _start(language: str) -> None:
    global _reader  # noqa: PLW0603 - a worker process has nowhere else to keep it
    _reader = PostCounter(analyzer(language))


def _read(posts: list[Post]) -> PostCounts:
    if _reader is None:
        raise RuntimeError("this process was not started as a reader")
    return _reader.read(posts)


#: How many different products of frequency and length are distinguished by a table.
_TABLE = 2**24
#: How many postings are coded at once.
_BLOCK = 2**20


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The postings of a chunk: terms by their final numbers, owners from the chunk's first post on."""

    base: int
    held: NDArray[np.int32]
    spread: NDArray[np.int32]
    owners: NDArray[np.uint16]
    frequencies: NDArray[np.unsignedinteger[Any]]


class SegmentBuilder:
    """Takes counted chunks in the order of their posts."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._terms: dict[str, int] = {}
        # Of each reader, the final numbers of its words and terms.
        self._word_maps: dict[object, NDArray[np.int32]] = {}
        self._term_maps: dict[object, NDArray[np.int32]] = {}
        self._term_of = np.zeros(0, np.int32)
        self._word_counts = np.zeros(0, np.int64)
        self._spread = np.zeros(0, np.int64)
        self._chunks: list[_Chunk] = []
        self._posts = 0
        self.pks = _Growing(np.int64)
        self.thread_pks = _Growing(np.int64)
        self.sequence = _Growing(np.int32)
        self.widths = _Growing(np.int32)
        self.lengths = _Growing(np.int32)
        self.signs = _Growing(np.uint8)

    def __len__(self) -> int:
        return self._posts

    def vocabularies(self) -> tuple[Vocabulary, Vocabulary]:
        """Return the words' and the terms' numbers, and let go of them."""
        words, self._words = self._words, {}
        terms, self._terms = self._terms, {}
        return Vocabulary.of(list(words)), Vocabulary.of(list(terms))

    @property
    def term_of(self) -> NDArray[np.int32]:
        """Return the term of each word, -1 for none."""
        return self._term_of

    @property
    def word_counts(self) -> NDArray[np.int32]:
        """Return in how many posts each word stands."""
        return self._word_counts.astype(np.int32)

    def add(self, counted: PostCounts) -> None:
        """Take the next chunk."""
        reader = counted.reader
        known = self._words
        words = np.array([known.setdefault(word, len(known)) for word in counted.words], np.int32)
        terms = np.array([self._terms.setdefault(term, len(self._terms)) for term in counted.terms], np.int32)
        word_map = _extended(self._word_maps, reader, words)
        term_map = _extended(self._term_maps, reader, terms)
        self._term_of = _room(self._term_of, len(known))
        # A stop word has the last of the map's numbers, and keeps its -1.
        self._term_of[words] = np.append(term_map, np.int32(-1))[counted.term_of]
        self._word_counts = _room(self._word_counts, len(known))
        self._word_counts[word_map[counted.spoken]] += counted.word_counts
        held = term_map[counted.held]
        self._spread = _room(self._spread, len(self._terms))
        self._spread[held] += counted.spread
        self._chunks.append(_Chunk(self._posts, held, counted.spread, counted.owners, counted.frequencies))
        self._posts += len(counted.pks)
        self.pks.extend(counted.pks)
        self.thread_pks.extend(counted.thread_pks)
        self.sequence.extend(word_map[counted.sequence])
        self.widths.extend(counted.widths)
        self.lengths.extend(counted.lengths)
        self.signs.extend(counted.signs)

    def postings(self) -> tuple[Integers, NDArray[np.int32], NDArray[np.unsignedinteger[Any]]]:
        """Return offsets, posts and frequencies of all terms' postings, and let go of the chunks'."""
        offsets = np.concatenate([[0], np.cumsum(self._spread)])
        posts = np.empty(offsets[-1], np.int32)
        dtype = max((chunk.frequencies.dtype for chunk in self._chunks), default=np.dtype(np.uint8))
        frequencies = np.empty(offsets[-1], dtype)
        ends = offsets[:-1].copy()
        self._chunks.reverse()
        while self._chunks:
            chunk = self._chunks.pop()
            shifts = ends[chunk.held] - (np.cumsum(chunk.spread) - chunk.spread)
            places = np.repeat(shifts, chunk.spread)
            places += np.arange(len(places))
            posts[places] = chunk.owners.astype(np.int32) + chunk.base
            frequencies[places] = chunk.frequencies
            ends[chunk.held] += chunk.spread
        return offsets, posts, frequencies


class _Growing:
    """An array that grows at its end, by an eighth; a large one is moved without being copied."""

    def __init__(self, dtype: type[np.generic]) -> None:
        self._room = np.empty(0, dtype)
        self._used = 0

    def extend(self, more: NDArray[Any]) -> None:
        """Append an array."""
        end = self._used + len(more)
        if end > len(self._room):
            self._room.resize(max(end, len(self._room) * 9 // 8), refcheck=False)
        self._room[self._used : end] = more
        self._used = end

    def array(self) -> NDArray[Any]:
        """Return what was appended, and start anew."""
        values = self._room
        values.resize(self._used, refcheck=False)
        self._room, self._used = np.empty(0, values.dtype), 0
        return values


def encode_postings(
    frequencies: NDArray[np.integer[Any]], posts: NDArray[np.int32], lengths: NDArray[np.int32]
) -> tuple[NDArray[np.uint16] | NDArray[np.uint32], NDArray[np.int32]]:
    """Return each posting's code and the shapes that codes number: frequency, and length of the post.

    Shapes stand in rising order; what is needed beside the codes is a block of postings at a time.
    """
    scale = int(lengths.max(initial=0)) + 1
    size = (int(frequencies.max(initial=0)) + 1) * scale
    blocks = [slice(at, at + _BLOCK) for at in range(0, len(posts), _BLOCK)]

    def pairs(block: slice) -> Integers:
        values: Integers = frequencies[block].astype(np.int64) * scale + lengths[posts[block]]
        return values

    if size <= _TABLE:
        seen = np.zeros(size, bool)
        for block in blocks:
            seen[pairs(block)] = True
        shapes = np.flatnonzero(seen)
        codes_of = (np.cumsum(seen, dtype=np.int64) - 1).astype(np.uint32)
    else:
        shapes = np.unique(np.concatenate([np.unique(pairs(block)) for block in blocks]))
    narrow = np.uint16 if len(shapes) <= np.iinfo(np.uint16).max else np.uint32
    codes: NDArray[Any] = np.empty(len(posts), narrow)
    for block in blocks:
        codes[block] = codes_of[pairs(block)] if size <= _TABLE else np.searchsorted(shapes, pairs(block))
    return codes, np.stack([shapes // scale, shapes % scale], axis=1).astype(np.int32)


def _extended(
    maps: dict[object, NDArray[np.int32]], reader: object, more: NDArray[np.int32]
) -> NDArray[np.int32]:
    known = maps.get(reader)
    maps[reader] = extended = more if known is None else np.concatenate([known, more])
    return extended


def _room(array: NDArray[Any], length: int) -> NDArray[Any]:
    """Return the array with zeros behind, at least ``length`` long."""
    return np.concatenate([array, np.zeros(length - len(array), array.dtype)])
