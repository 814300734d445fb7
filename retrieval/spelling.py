"""The nearest words that the archive knows to one that it does not."""

from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

__all__ = ["nearest"]

_SHORTEST = 4
_TOLERATED = {4: 1, 5: 1, 6: 1, 7: 2}


def nearest(
    word: str, vocabulary: Iterable[str], frequency: Callable[[str], int], limit: int = 3
) -> list[str]:
    """Return the known words nearest to ``word``, the nearest and then the most frequent first.

    The distance is optimal string alignment: letters changed, dropped, added or swapped. Up to six
    letters one such slip is forgiven, from seven on two; words of fewer than four letters have no
    neighbours.
    """
    if len(word) < _SHORTEST:
        return []
    tolerated = _TOLERATED.get(len(word), 2)
    found = process.extract(
        word,
        vocabulary,
        scorer=OSA.distance,  # type: ignore[arg-type]  # its own stubs do not fit one another
        score_cutoff=tolerated,
        limit=None,
    )
    ranked = sorted(found, key=lambda match: (match[1], -frequency(match[0]), match[0]))
    return [str(match[0]) for match in ranked[:limit]]
