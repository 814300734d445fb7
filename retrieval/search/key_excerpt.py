"""The key excerpt of a thread: the part with the most weight by the archive's own term weights.

A term weighs more the more frequent it is in the thread and the rarer in the archive: BM25's own weight
of the term in the thread as one document. The excerpt is the slice with the greatest weight of
different terms for its length.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import fsum
from typing import Final, NamedTuple

from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.sentences import leans, promotes, room_for, sentences
from retrieval.index.bm25 import K1
from retrieval.search.excerpts import cut_excerpt

__all__ = ["KEY_EXCERPT_LENGTH", "KeyExcerpt", "choose_key_excerpt"]

#: An excerpt has at most so many characters, unless one word is longer.
KEY_EXCERPT_LENGTH: Final = 300

# Half of an excerpt's length counts against it: one of twice the words needs one and a half times
# the weight. Shorter ones than this many words count as if they had as many.
_LENGTH: Final = 0.5
_SHORTEST: Final = 12
#: What the weight of an excerpt is multiplied by that cannot be understood by itself, that asks readers
#: for something instead of saying something, and that opens the thread, as most authors say there what
#: it is about.
_DANGLING: Final = 0.6
_PROMOTION: Final = 0.7
_FIRST: Final = 1.25
#: An excerpt of fewer letters and figures than these, without its tags and addresses, says nothing.
_SAYS: Final = 6
_NO_WORDS: Final = re.compile(r"https?://\S+|[@#＃]\w+")
_MENTIONS: Final = re.compile(r"(?:@\w+[,:]?\s+)+")
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
    whole, of a longer one consecutive sentences of at most so many; of what would open in the midst of
    something perhaps only what follows. Raises ``ValueError`` for no posts.
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
        room = room_for(text, limit) if len(text) > limit // 2 else limit
        cut = cut_excerpt(text, lambda term: weights.get(term, 0.0), analyzer, room)
        for start, end in _openings(text, cut[0], cut[1], analyzer.language):
            inside = terms[place] if (start, end) == (0, len(text)) else analyzer.terms(text[start:end])
            # Rounded once: a set's order differs between processes, and with it the last bit of a plain sum.
            weight = fsum(weights.get(term, 0.0) for term in set(inside))
            length = max(len(inside), _SHORTEST) / _SHORTEST
            worth = weight / (1 - _LENGTH + _LENGTH * length) * (_FIRST if place == 0 else 1)
            if worth > most:  # or what it is worth by itself need not be known
                worth *= _fitness(text[start:end], analyzer.language)
            if worth > most:
                best, most = KeyExcerpt(place, start, end), worth
    return best


def _openings(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Yield the slice, and where it dangles what is left of it from where it does not."""
    yield start, end
    quote = text[start:end]
    if _dangles(quote, language):
        mentions = _MENTIONS.match(quote)
        later = [first for first, _ in sentences(quote, language)[1:]]
        for first in [mentions.end(), *later] if mentions else later:
            if quote[first:] and not _dangles(quote[first:], language):
                yield start + first, end
                break


def _fitness(quote: str, language: str) -> float:
    """Return what a quote's weight is worth where nothing stands around it."""
    dangles = _DANGLING if _dangles(quote, language) else 1.0
    return dangles * (_PROMOTION if promotes(quote, language) else 1.0)


def _dangles(quote: str, language: str) -> bool:
    """Return whether a quote opens in the midst of something, or holds hardly more than tags and addresses.

    What opens with a mention, dots, a small letter, a pronoun or a connective does.
    """
    words, tags = _NO_WORDS.subn("", quote)
    if tags and sum(map(str.isalnum, words)) < _SAYS:
        return True
    return quote.startswith(("@", "…", "..")) or quote[:1].islower() or leans(quote, language)
