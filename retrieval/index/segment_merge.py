"""Segments out of segments: some without the posts that are gone, several made one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.arrays import Integers, intervals, starts_of
from retrieval.index.postings import Postings
from retrieval.index.segment import FACTS, Segment
from retrieval.index.vocabulary import Vocabulary

__all__ = ["merge_segments", "without_threads"]


def without_threads(segment: Segment, thread_pks: NDArray[np.int64]) -> Segment:
    """Return the segment without some threads; the same one where it has none of them.

    Words and terms keep their numbers, also those that no post holds any more.
    """
    gone = np.isin(segment.thread_pks, thread_pks)
    if not gone.any():
        return segment
    kept = ~gone[segment.home]
    old = segment.postings
    number = np.cumsum(kept, dtype=np.int32) - np.int32(1)
    held = kept[old.posts]
    lost = np.flatnonzero(~held)
    lengths = old.lengths[kept]
    postings = Postings(
        vocabulary=old.vocabulary,
        offsets=old.offsets - np.searchsorted(lost, old.offsets),
        posts=number[old.posts[held]],
        codes=old.codes[held],
        shapes=old.shapes,
        lengths=lengths,
    )
    widths = np.diff(segment.sequence_starts)
    in_kept_posts = np.repeat(kept, widths)
    word_counts = segment.word_counts - _counts(segment, np.flatnonzero(~kept))
    sizes = np.diff(segment.runs.starts)
    silenced = segment.sequence[~in_kept_posts]
    counts = np.bincount(
        segment.runs.held, weights=np.repeat(word_counts, sizes), minlength=len(segment.runs)
    )
    starts = np.diff(segment.starts)[~gone]
    left = replace(
        segment,
        pks=segment.pks[kept],
        thread_pks=segment.thread_pks[~gone],
        home=np.repeat(np.arange(len(starts), dtype=np.int32), starts),
        starts=starts_of(starts),
        postings=postings,
        running=starts_of(lengths),
        word_counts=word_counts,
        sequence=segment.sequence[in_kept_posts],
        sequence_starts=starts_of(widths[kept]),
        runs=replace(segment.runs, counts=counts.astype(np.int64)),
        spelled=segment.spelled - int(sizes[silenced].sum()),
        signs=segment.signs[kept],
    )
    # Read from the store, which takes seconds for a million posts; of those that are left it still holds.
    facts = segment.memo.get(FACTS)
    if facts is not None:
        left.memo[FACTS] = facts.only(kept)
    return left


def merge_segments(segments: Sequence[Segment]) -> Segment:
    """Return one segment with the posts of all, one after another; they must be of one language."""
    bases = np.cumsum([0, *map(len, segments)])[:-1]
    words, word_maps = Vocabulary.joined(
        [segment.vocabulary for segment in segments], [segment.word_counts > 0 for segment in segments]
    )
    spreads = [np.diff(segment.postings.offsets) for segment in segments]
    terms, term_maps = Vocabulary.joined(list(map(_terms, segments)), [spread > 0 for spread in spreads])
    word_counts = np.zeros(len(words) + 1, np.int32)
    term_of = np.full(len(words) + 1, -1, np.int32)
    sizes = np.zeros(len(terms) + 1, np.int64)
    for segment, word_map, term_map, spread in zip(segments, word_maps, term_maps, spreads, strict=True):
        # A word that is dropped has the number -1: the place behind all others, which counts nothing.
        word_counts[word_map] += segment.word_counts
        term_of[word_map] = np.append(term_map, np.int32(-1))[segment.term_of]
        sizes[term_map] += spread
    word_counts, term_of, sizes = word_counts[:-1], term_of[:-1], sizes[:-1]
    offsets = starts_of(sizes)
    posts = np.empty(offsets[-1], np.int32)
    widest = max(int(segment.postings.shapes[:, 0].max(initial=0)) for segment in segments)
    frequencies = np.empty(offsets[-1], np.min_scalar_type(widest))
    ends = offsets.copy()
    for segment, base, term_map, spread in zip(segments, bases.tolist(), term_maps, spreads, strict=True):
        places = np.repeat(ends[term_map] - segment.postings.offsets[:-1], spread)
        places += np.arange(len(places))
        posts[places] = segment.postings.posts + np.int32(base)
        frequencies[places] = segment.postings.frequencies
        ends[term_map] += spread
    lengths = np.concatenate([segment.postings.lengths for segment in segments])
    from retrieval.index.builder import encode_postings  # noqa: PLC0415 - slow to import, as in `Segment.build`

    codes, shapes = encode_postings(frequencies, posts, lengths)
    return Segment.assemble(
        segments[0].analyzer,
        Postings(terms, offsets, posts, codes, shapes, lengths),
        pks=np.concatenate([segment.pks for segment in segments]),
        owners=np.concatenate([segment.thread_pks[segment.home] for segment in segments]),
        signs=np.concatenate([segment.signs for segment in segments]),
        vocabulary=words,
        word_counts=word_counts,
        term_of=term_of,
        sequence=np.concatenate(
            [word_map[segment.sequence] for segment, word_map in zip(segments, word_maps, strict=True)]
        ),
        widths=np.concatenate([np.diff(segment.sequence_starts) for segment in segments]).astype(np.int32),
    )


def _counts(segment: Segment, posts: Integers) -> NDArray[np.int32]:
    """Return in how many of some posts each word stands."""
    places, rows = intervals(segment.sequence_starts[posts], segment.sequence_starts[posts + 1])
    different = np.unique(segment.sequence[places].astype(np.int64) << 32 | rows) >> 32
    return np.bincount(different, minlength=len(segment.vocabulary)).astype(np.int32)


def _terms(segment: Segment) -> Vocabulary:
    vocabulary = segment.postings.vocabulary
    if not isinstance(vocabulary, Vocabulary):
        raise TypeError("the terms of a segment are numbered by a Vocabulary")
    return vocabulary
