"""The compiled loops, where numba is installed, loaded in the background by who answers many questions."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

import numpy as np

__all__ = ["Loops", "compiled", "load"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loops:
    """The loops: the search of ``compiled.py``, and the counting of ``compiledfields.py``."""

    search: Callable[..., int]
    count_terms: Callable[..., None]
    count_pairs: Callable[..., None]
    count_runs: Callable[..., None]


_loops: Final["Future[Loops | None]"] = Future()
#: Taken by the first who begins to load, and never given back.
_begun: Final = threading.Lock()


def load() -> "Future[Loops | None]":
    """Begin to load the loops by a thread of their own, once; they are ``None`` where numba is missing.

    Loading takes part of a second; where the machine code is not on disk yet, compiling takes some.
    """
    if _begun.acquire(blocking=False):
        threading.Thread(target=_load, name="loops").start()
    return _loops


def compiled(*, wait: bool = False) -> Loops | None:
    """Return the loops, ``None`` where there are none or nobody has loaded them yet.

    With ``wait`` they are loaded and waited for.
    """
    if wait:
        return load().result()
    return _loops.result() if _loops.done() else None


def _load() -> None:
    loops: Loops | None = None
    try:
        from retrieval.ranking import compiled, compiledfields  # noqa: PLC0415 - loading numba takes its time

        loops = Loops(
            compiled.search,
            compiledfields.count_terms,
            compiledfields.count_pairs,
            compiledfields.count_runs,
        )
        for kind in (np.uint16, np.uint32):
            _try(loops, kind)
    except ImportError:
        log.debug("numba is not installed; NumPy alone ranks")
    except Exception:
        log.exception("the compiled loops cannot be loaded; NumPy alone ranks")
        loops = None
    _loops.set_result(loops)


def _try(loops: Loops, kind: type[np.unsignedinteger]) -> None:
    """Call the loops on one posting with codes of a kind, so that their machine code is there."""
    one, number, small = np.ones(1), np.zeros(1, np.int64), np.zeros(1, np.int32)
    codes, starts, cells = np.zeros(1, kind), np.array([0, 1], np.int64), np.zeros((1, 1))
    known, rows = np.array([[1.0, 1.0, 0.0, -1.0]]), np.zeros((0, 1), kind)
    found = np.zeros(1, np.int64), np.zeros(1)
    candidates = np.zeros(2, np.int32)
    loops.search(np.zeros(1), candidates, small, codes, starts, one, known, rows, number, one, 0.0, *found)
    pair, columns = np.array([[0, 1]], np.int64), np.zeros(1, np.int16)
    loops.count_terms(small, codes, small, pair, number, pair, one, cells, cells, cells)
    loops.count_pairs(small, starts, number, number, cells)
    loops.count_runs(small, starts, starts, small, number, columns, np.zeros(1, np.int64), cells)
