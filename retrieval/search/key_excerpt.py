"""The key excerpt of a thread: the part with the most weight by the archive's own term weights.

A term weighs more the more frequent it is in the thread and the rarer in the archive: BM25's own weight
of the term in the thread as one document. The excerpt is the slice with the greatest weight of
different terms for its length.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from math import fsum
from typing import Final, NamedTuple

from retrieval.analysis.analyzer import Analyzer
from retrieval.index.bm25 import K1
from retrieval.search.excerpts import cut_excerpt

__all__ = ["KEY_EXCERPT_LENGTH", "KeyExcerpt", "choose_key_excerpt"]

#: An excerpt has at most so many characters, unless one word is longer.
KEY_EXCERPT_LENGTH: Final = 300

# Half of an excerpt's length counts against it: one of twice the words needs one and a half times
# the weight. Shorter ones than this many words count as if they had as many.
_LENGTH: Final = 0.5
_SHORTEST: Final = 12
#: Only so many posts are read; the subject of a longer thread is clear by then.
_POSTS: Final = 400


class KeyExcerpt(NamedTuple):
    """A slice ``[start:end]`` of the text of the post at the place ``post``, from 0."""

    post: int
    start: int
    end: int


def choose_key_excerpt(
    texts: Sequence[str],
    information: Callable[[str], float],
    analyzer: Analyzer,
    limit: int = KEY_EXCERPT_LENGTH,
) -> KeyExcerpt:
    """Choose the slice of a thread's posts that weighs most; of equals the first.

    ``information`` gives a term's idf in the archive. A post of up to ``limit`` characters is taken
    whole, of a longer one consecutive sentences of at most so many. Raises ``ValueError`` for no posts.
    """
    if not texts:
        raise ValueError("a thread without posts has no key excerpt")
    texts = texts[:_POSTS]
    terms = [analyzer.terms(text) for text in texts]
    counts = Counter(term for each in terms for term in each)
    # A term that stands only once belongs to its sentence, not to the subject of the thread.
    weights = {
        term: information(term) * count * (K1 + 1) / (K1 + count)
        for term, count in counts.items()
        if count > 1
    } or {term: information(term) for term in counts}
    best, most = KeyExcerpt(0, 0, len(texts[0])), -1.0
    for place, text in enumerate(texts):
        start, end, _ = cut_excerpt(text, lambda term: weights.get(term, 0.0), analyzer, limit)
        inside = terms[place] if (start, end) == (0, len(text)) else analyzer.terms(text[start:end])
        # Rounded once: a set's order differs between processes, and with it the last bit of a plain sum.
        weight = fsum(weights.get(term, 0.0) for term in set(inside))
        length = max(len(inside), _SHORTEST) / _SHORTEST
        worth = weight / (1 - _LENGTH + _LENGTH * length)
        if worth > most:
            best, most = KeyExcerpt(place, start, end), worth
    return best
