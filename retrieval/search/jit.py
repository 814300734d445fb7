"""The compiled loops, where numba is installed, loaded in the background by who answers many questions.

Where their machine code is not on disk yet, a process of its own compiles it (``python -m`` this module):
compiling takes seconds, and a process that is asked to stop cannot end before its threads have.
"""

import atexit
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

import numpy as np

__all__ = ["CompiledLoops", "compiled_loops", "load_loops", "main"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CompiledLoops:
    """The loops: the search of ``maxscore_numba.py``, and the counting of ``fields_numba.py``."""

    search: Callable[..., int]
    count_terms: Callable[..., None]
    count_pairs: Callable[..., None]
    count_runs: Callable[..., None]


_loops: Final["Future[CompiledLoops | None]"] = Future()
#: Taken by the first who begins to load, and never given back.
_begun: Final = threading.Lock()


def load_loops() -> "Future[CompiledLoops | None]":
    """Begin to load the loops in the background, once; they are ``None`` where numba is missing.

    Loading takes part of a second; where the machine code is not on disk yet, compiling takes some.
    """
    if _begun.acquire(blocking=False):
        # A daemon thread does not delay the end of the process; loading itself is short.
        threading.Thread(target=_load_once_compiled, name="loops-waiting", daemon=True).start()
    return _loops


def compiled_loops(*, wait: bool = False) -> CompiledLoops | None:
    """Return the loops, ``None`` where there are none or they are not loaded yet.

    With ``wait`` they are loaded, if need be compiled, and waited for.
    """
    if wait:
        if _begun.acquire(blocking=False):
            _load()
        return _loops.result()
    return _loops.result() if _loops.done() else None


def main() -> None:
    """Compile the loops, in the time that nothing else wants, and leave their machine code on disk."""
    with suppress(AttributeError):  # there is no such thing on Windows
        os.nice(19)
    compiled_loops(wait=True)


def _load_once_compiled() -> None:
    try:
        from retrieval.search import fields_numba, maxscore_numba  # noqa: PLC0415 - as below

        if not (
            _on_disk(maxscore_numba, maxscore_numba.search)
            and _on_disk(fields_numba, fields_numba.count_runs)
        ):
            nowhere = subprocess.DEVNULL
            command = [sys.executable, "-m", __name__]
            # A session of its own: a signal to this process is not delivered to the compiler.
            with subprocess.Popen(  # noqa: S603 - this very module
                command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
            ) as child:
                atexit.register(child.kill)
    except ImportError:
        log.debug("numba is not installed; NumPy alone ranks")
        _loops.set_result(None)
        return
    except OSError as error:
        log.warning("the loops are compiled here, since no process can be started for it: %s", error)
    with suppress(RuntimeError):  # at the end of the process no thread can be started
        threading.Thread(target=_load, name="loops").start()


def _on_disk(module: ModuleType, loop: Callable[..., object]) -> bool:
    """Return whether a loop's machine code is on disk, and not older than its source."""
    folder, source = Path(loop.stats.cache_path), Path(module.__file__ or "")  # type: ignore[attr-defined] # numba's
    kept = folder.glob(f"{source.stem}.{loop.__name__}-*.nbi")
    return any(index.stat().st_mtime > source.stat().st_mtime for index in kept)


def _load() -> None:
    loops: CompiledLoops | None = None
    try:
        from retrieval.search import fields_numba, maxscore_numba  # noqa: PLC0415 - loading numba takes its time

        loops = CompiledLoops(
            maxscore_numba.search,
            fields_numba.count_terms,
            fields_numba.count_pairs,
            fields_numba.count_runs,
        )
        for kind in (np.uint16, np.uint32):
            _try(loops, kind)
    except ImportError:
        log.debug("numba is not installed; NumPy alone ranks")
    except Exception:
        log.exception("the compiled loops cannot be loaded; NumPy alone ranks")
        loops = None
    _loops.set_result(loops)


def _try(loops: CompiledLoops, kind: type[np.unsignedinteger]) -> None:
    """Call the loops on one posting with codes of a kind, so that their machine code is there."""
    one, number, small = np.ones(1), np.zeros(1, np.int64), np.zeros(1, np.int32)
    codes, starts, cells = np.zeros(1, kind), np.array([0, 1], np.int64), np.zeros((1, 1))
    known, rows = np.array([[1.0, np.nan, np.nan, -1.0]]), np.zeros((0, 1), kind)
    impacts = np.array([0.0, 1.0])
    results = np.zeros(1, np.int64), np.zeros(1)
    candidates = np.zeros(2, np.int32)
    for allowed in (None, np.ones(1, bool)):
        loops.search(
            *(np.zeros(1), candidates, small, codes, starts, impacts, known, rows, number, one, 0.0),
            *results,
            allowed,
        )
    pair, columns = np.array([[0, 1]], np.int64), np.zeros(1, np.int16)
    loops.count_terms(small, codes, small, pair, number, pair, one, cells, cells, cells)
    loops.count_pairs(small, starts, number, number, cells)
    loops.count_runs(small, starts, starts, small, number, columns, np.zeros(1, np.int64), cells)


if __name__ == "__main__":
    main()
