"""Texts to numbered tokens, many texts at a time.

What most texts are made of, words and plain numbers, is found by array arithmetic over all letters of a
chunk of texts: a letter's class says whether a token goes on. A text with anything else in it (an address,
a handle, a script without spaces) is left to the analyzer. Both find the same tokens.
"""

from collections.abc import Sequence
from functools import cache
from itertools import islice
from typing import Final

import numpy as np
import regex
from numpy.typing import NDArray

from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.arrays import Integers
from retrieval.analysis.spellings import EMOJI, HYPHENS, SELECTORS

__all__ = ["BatchTokenizer"]

#: Letters beyond this are left to the analyzer; no token of more letters than ``_LONGEST`` is found here.
_FAR: Final = 0x10000
_LETTERS: Final = 0x20000
_LONGEST: Final = 64
# Classes of letters. What is at least a digit and at most a mark goes on with a token; pictures are tokens of
# their own kind.
_GAP, _COLON, _POINT, _APOSTROPHE, _HYPHEN, _PLUS, _DIGIT, _NUMERAL, _LETTER, _MARK, _PICTURE, _OTHER = range(
    12
)
_CLASSES: Final = (
    (_DIGIT, r"\p{Nd}"),
    (_NUMERAL, r"[\p{Nl}\p{No}]"),
    (_LETTER, r"\p{L}"),
    (_MARK, r"\p{M}"),
    (_COLON, ":"),
    (_POINT, "[.,٫٬]"),
    (_APOSTROPHE, "['’‘＇´`]"),
    (_HYPHEN, f"[{HYPHENS}]"),
    (_PLUS, r"\+"),
    # What begins a handle or a tag, and a letter that is an apostrophe.
    (_OTHER, "[@#＠＃ʼー]"),
)
_SLASH, _W, _DOT, _AND = map(ord, "/w.&")
#: How many letters make one number of 64 bits.
_PACKED: Final = 4
_MIX: Final = tuple(map(np.uint64, (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)))


class BatchTokenizer:
    """Numbers the tokens of texts in the order they are first met."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._classes = _classes(analyzer.unspaced, elides=analyzer.elides)
        self._numbers = _Numbers()
        self._table = _Table()
        self._reported = 0

    def read(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], Integers]:
        """Return the numbers of all texts' tokens, one text after another, and how many each has."""
        texts = list(map(self._analyzer.quiet, texts))
        joined = "\n".join([*texts, ""])
        letters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
        inside, left = _scan(self._classes.take(np.minimum(letters, np.uint32(_LETTERS))), letters, ends)
        bounds = np.flatnonzero(np.diff(inside, prepend=np.int8(0)))
        starts, lengths = bounds[::2], bounds[1::2] - bounds[::2]
        token_numbers = self._table.find(hashes := _hashes(letters, starts, lengths))
        missing = np.flatnonzero(token_numbers < 0)
        if len(missing):
            fresh, first = np.unique(hashes[missing], return_index=True)
            spans = zip(starts[missing][first].tolist(), lengths[missing][first].tolist(), strict=True)
            numbers = [self._numbers[joined[start : start + length]] for start, length in spans]
            self._table.insert(fresh, np.array(numbers, np.int32))
            token_numbers[missing] = self._table.find(hashes[missing])
        widths = np.diff(np.searchsorted(starts, ends), prepend=0)
        return self._with_others(texts, left, token_numbers, widths) if len(left) else (token_numbers, widths)

    def fresh(self) -> list[str]:
        """Return the tokens met since the last time, as they were first written, by rising numbers."""
        self._reported, reported = len(self._numbers), self._reported
        return list(islice(reversed(self._numbers), self._reported - reported))[::-1]

    def _with_others(
        self, texts: Sequence[str], left: Integers, token_numbers: NDArray[np.int32], widths: Integers
    ) -> tuple[NDArray[np.int32], Integers]:
        """Put in the tokens of the texts that were left to the analyzer."""
        others: list[int] = []
        for place in left.tolist():
            before = len(others)
            others += map(self._numbers.__getitem__, self._analyzer.surfaces(texts[place]))
            widths[place] = len(others) - before
        foreign = np.zeros(len(texts), bool)
        foreign[left] = True
        of_others = np.repeat(foreign, widths)
        tokens = np.empty(len(of_others), np.int32)
        tokens[of_others] = others
        tokens[~of_others] = token_numbers
        return tokens, widths


class _Numbers(dict[str, int]):
    """Numbers for strings in the order they are first asked for."""

    def __missing__(self, key: str) -> int:
        self[key] = number = len(self)
        return number


class _Table:
    """A hash table of numbers by hashes of 64 bits, asked for many at a time."""

    def __init__(self) -> None:
        self._keys = np.zeros(1 << 16, np.uint64)
        self._values = np.zeros(1 << 16, np.int32)
        self._used = 0

    def find(self, hashes: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Return the number of each hash, -1 where it is unknown."""
        slots = self._slots(hashes)
        keys = self._keys[slots]
        token_numbers = np.where(keys == hashes, self._values[slots], np.int32(-1))
        open_ = np.flatnonzero((keys != hashes) & (keys != 0))
        while len(open_):
            slots[open_] = (slots[open_] + 1) & (len(self._keys) - 1)
            keys, wanted = self._keys[slots[open_]], hashes[open_]
            hit = keys == wanted
            token_numbers[open_[hit]] = self._values[slots[open_[hit]]]
            open_ = open_[~hit & (keys != 0)]
        return token_numbers

    def insert(self, hashes: NDArray[np.uint64], values: NDArray[np.int32]) -> None:
        """Put in hashes that are not there yet, different from one another."""
        self._used += len(hashes)
        if self._used * 2 > len(self._keys):
            kept = self._keys != 0
            hashes = np.concatenate([self._keys[kept], hashes])
            values = np.concatenate([self._values[kept], values])
            size = 1 << int(self._used * 4).bit_length()
            self._keys, self._values = np.zeros(size, np.uint64), np.zeros(size, np.int32)
        slots = self._slots(hashes)
        while len(hashes):
            free = np.flatnonzero(self._keys[slots] == 0)
            self._keys[slots[free]] = hashes[free]
            # Of those that wanted the same slot, the last has it.
            placed = self._keys[slots] == hashes
            self._values[slots[placed]] = values[placed]
            hashes, values = hashes[~placed], values[~placed]
            slots = (slots[~placed] + 1) & (len(self._keys) - 1)

    def _slots(self, hashes: NDArray[np.uint64]) -> Integers:
        return (hashes >> np.uint64(8)).astype(np.int64) & (len(self._keys) - 1)


@cache
def _classes(unspaced: str, *, elides: bool) -> NDArray[np.uint8]:
    """Return the class of each letter; the last stands for all beyond.

    Letters of scripts without spaces are left to the analyzer, and apostrophes where words are elided.
    """
    every = "".join(map(chr, range(_LETTERS)))
    table = np.full(_LETTERS + 1, _GAP, np.uint8)
    for kind, pattern in _CLASSES:
        for match in regex.finditer(f"{pattern}+", every):
            table[match.start() : match.end()] = kind
    table[[match.start() for match in regex.finditer(f"[{unspaced}]", every)]] = _OTHER
    if elides:
        table[table == _APOSTROPHE] = _OTHER
    # Beyond 16 bits letters would be taken for others; most there are pictures, which are gaps.
    far = table[_FAR:]
    far[far >= _DIGIT] = _OTHER
    table[_LETTERS] = _OTHER
    table[[match.start() for match in regex.finditer(f"[{EMOJI}{SELECTORS}]", every)]] = _PICTURE
    return table


def _scan(
    classes: NDArray[np.uint8], letters: NDArray[np.uint32], ends: Integers
) -> tuple[NDArray[np.int8], Integers]:
    """Return which letters are inside tokens, and the texts that are left to the analyzer.

    Text ``i`` ends before the line break at ``ends[i] - 1``.
    """
    inside = ((classes >= _DIGIT) & (classes <= _PICTURE)).view(np.int8)
    others = [np.flatnonzero(classes == _OTHER)]
    joining = _joining(classes, letters)
    # The last letter is a line break, so that what is neither first nor last has a neighbour each side.
    marks = np.flatnonzero(classes == _APOSTROPHE)
    marks = marks[marks > 0]
    marks = marks[(inside[marks - 1] != 0) & (classes[marks - 1] <= _MARK) & (classes[marks + 1] == _LETTER)]
    points = np.flatnonzero(classes == _POINT)
    others.append(_after(letters, points, (_W, _W, _W)))
    # .NET, C++ (C# is among the tags)
    before, after = classes[points - 1], classes[points + 1]
    others.append(
        points[(letters[points] == _DOT) & (after == _LETTER) & ((before < _POINT) | (before == _APOSTROPHE))]
    )
    signs = np.flatnonzero(classes == _PLUS)
    others.append(signs[(classes[signs - 1] >= _DIGIT) & (classes[signs - 1] <= _LETTER)])
    pictures = np.flatnonzero(classes == _PICTURE)
    others.append(pictures[(inside[pictures - 1] & (classes[pictures - 1] != _PICTURE)) != 0])
    others.append(pictures[(inside[pictures + 1] & (classes[pictures + 1] != _PICTURE)) != 0])
    points = points[points > 0]
    points = points[(classes[points - 1] == _DIGIT) & (classes[points + 1] == _DIGIT)]
    colons = np.flatnonzero(classes == _COLON)
    colons = colons[(letters[colons + 1] == _SLASH)]
    others.append(colons)
    inside[marks] = 1
    inside[points] = 1
    inside[joining] = 1
    if len(points):
        # Digits around a point are a number only where the token has nothing else.
        bounds = np.flatnonzero(np.diff(inside, prepend=np.int8(0)))
        pointed = np.unique(np.searchsorted(bounds, points, side="right") - 1)
        strange = (classes >= _NUMERAL) | (classes == _APOSTROPHE)
        spans = np.stack([bounds[pointed], bounds[pointed + 1]], axis=1).ravel()
        others.append(spans[::2][np.add.reduceat(strange, spans, dtype=np.int64)[::2] > 0])
    bounds = np.flatnonzero(np.diff(inside, prepend=np.int8(0)))
    others.append(bounds[::2][bounds[1::2] - bounds[::2] > _LONGEST])
    left = np.unique(np.searchsorted(ends, np.concatenate(others), side="right"))
    for start, end in zip((ends[left - 1] * (left > 0)).tolist(), ends[left].tolist(), strict=True):
        inside[start:end] = 0
    return inside, left


def _joining(classes: NDArray[np.uint8], letters: NDArray[np.uint32]) -> Integers:
    """Return the hyphens, points and ampersands that join two parts of a compound (e-mail, U.S, R&D)."""
    hyphens = np.flatnonzero(classes == _HYPHEN)
    before, after = classes[hyphens - 1], classes[hyphens + 1]
    inner = (before >= _DIGIT) & (before <= _MARK) & (after >= _DIGIT) & (after <= _MARK)
    hyphens = hyphens[inner & ~((before == _DIGIT) & (after == _DIGIT))]
    others = np.flatnonzero((letters == _DOT) | (letters == _AND))
    before, after = classes[others - 1], classes[others + 1]
    return np.concatenate([hyphens, others[((before == _LETTER) | (before == _MARK)) & (after == _LETTER)]])


def _after(letters: NDArray[np.uint32], places: Integers, before: Sequence[int]) -> Integers:
    """Return those of the places that come after these letters."""
    places = places[places >= len(before)]
    for distance, letter in enumerate(reversed(before), start=1):
        places = places[letters[places - distance] == letter]
    return places


def _hashes(letters: NDArray[np.uint32], starts: Integers, lengths: Integers) -> NDArray[np.uint64]:
    """Return a hash of each token, never 0."""
    # Letters beyond 16 bits are never inside a token here.
    narrow = np.zeros(len(letters) + _LONGEST, np.uint16)
    narrow[: len(letters)] = letters
    packed = np.ndarray((len(narrow) - _PACKED + 1,), "<u8", narrow.data, strides=(2,))
    hashes = lengths.astype(np.uint64) * _MIX[0]
    which: Integers = np.arange(len(lengths))
    rest = lengths
    while len(which):
        word = packed[starts]
        word <<= np.maximum(_PACKED - rest, 0).astype(np.uint64) * np.uint64(16)
        mixed = (hashes[which] ^ word) * _MIX[1]
        mixed ^= mixed >> np.uint64(29)
        mixed *= _MIX[2]
        mixed ^= mixed >> np.uint64(32)
        hashes[which] = mixed
        longer = np.flatnonzero(rest > _PACKED)
        which, rest, starts = which[longer], rest[longer] - _PACKED, starts[longer] + _PACKED
    token_numbers: NDArray[np.uint64] = np.maximum(hashes, np.uint64(1))
    return token_numbers
