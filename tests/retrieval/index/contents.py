"""What a segment holds, by words instead of their numbers."""

import numpy as np

from retrieval.index.segment import Segment
from retrieval.index.vocabulary import Vocabulary


def terms_of(segment: Segment) -> dict[str, int]:
    assert isinstance(segment.postings.vocabulary, Vocabulary)
    return dict(segment.postings.vocabulary)


def held(segment: Segment) -> dict[str, object]:
    postings = segment.postings
    frequencies = postings.frequencies.tolist()
    counts = {word: int(segment.word_counts[number]) for word, number in segment.vocabulary.items()}
    runs = dict(zip(segment.runs.keys.tolist(), segment.runs.counts.tolist(), strict=True))
    lists = {
        term: dict(zip(postings.posts[a:b].tolist(), frequencies[a:b], strict=True))
        for term, number in terms_of(segment).items()
        for a, b in [postings.offsets[number : number + 2]]
    }
    return {
        "said": segment.vocabulary.spell(segment.sequence),
        "widths": np.diff(segment.sequence_starts).tolist(),
        # What no post holds any more may be known still.
        "counts": {word: count for word, count in counts.items() if count},
        "runs": {run: count for run, count in runs.items() if count},
        "postings": {term: listed for term, listed in lists.items() if listed},
        "spelled": segment.spelled,
        **{
            name: getattr(segment, name).tolist()
            for name in ("pks", "thread_pks", "home", "starts", "running", "signs")
        },
    }
