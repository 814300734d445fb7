"""The threads of a file, some at a time, those that may be the same as many others all at once.

What begins alike is settled together. If a file held ten thousand threads that do, and they came some at
a time, each time all that came before would have to be settled again.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, islice
from typing import Final

from retrieval.linkage.fingerprint import beginning_hash
from retrieval.model import Thread

__all__ = ["batches"]

_AT_ONCE: Final = 500
#: From so many on, threads that begin alike are many.
_MANY: Final = 200
#: So many are held in memory at most.
_MOST: Final = 20_000


def batches(threads: Iterable[Thread]) -> Iterator[list[Thread]]:
    """Yield all threads, in their order but for those of which many begin alike; these come last."""
    known: Sequence[Thread] = threads if isinstance(threads, Sequence) else ()
    alike = _alike(known) if len(known) > _AT_ONCE else []
    late = set(chain.from_iterable(alike))
    remaining = (thread for place, thread in enumerate(threads) if place not in late)
    while batch := list(islice(remaining, _AT_ONCE)):
        yield batch
    for places in alike:
        for start in range(0, len(places), _MOST):
            yield [known[place] for place in places[start : start + _MOST]]


def _alike(threads: Sequence[Thread]) -> list[Sequence[int]]:
    """Return the places of threads that begin alike, where these are many. Some bytes a thread are held."""
    marks = array("q", (_mark(thread) for thread in threads))
    runs = ((mark, sum(1 for _ in run)) for mark, run in groupby(sorted(marks)))
    groups = {mark: array("q") for mark, count in runs if count >= _MANY}
    for place, mark in enumerate(marks):
        if mark in groups:
            groups[mark].append(place)
    return list(groups.values())


def _mark(thread: Thread) -> int:
    return hash(beginning_hash(post.text for post in thread.posts) or thread.id)
