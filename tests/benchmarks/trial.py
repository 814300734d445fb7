"""One engine in a process of its own: build its index, or ask it; what came of it is a line of JSON.

Times are taken twice, by the clock on the wall and by the process's own processor time, all its threads
together. On a machine that others use too the first is also their doing, and an engine with threads in
the background spends more than it waits for, so the smaller of the two is what a question took.
"""

import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from tests.benchmarks.corpus import Corpus
from tests.benchmarks.engines import ENGINES, Engine, Hits

__all__ = ["SINGLE", "WARM_UPS", "Asked", "Built", "TrialError", "ask", "build", "resident", "say"]

#: What keeps every library that is used here to one thread.
SINGLE = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "NUMBA_NUM_THREADS",
        "RAYON_NUM_THREADS",
    ),
    "1",
)

#: With what to warm up: as many other questions, or those that are timed afterwards.
WARM_UPS = ("others", "same")

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = os.sysconf("SC_PAGE_SIZE")


class TrialError(Exception):
    """An engine could not be built or asked; the message is the last line it wrote."""


@dataclass(frozen=True, slots=True)
class Built:
    """What building took: seconds, and the most memory that the process had, in bytes."""

    seconds: float
    peak: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking took: seconds to load, bytes of memory over the start, seconds for each question.

    ``questions`` are the numbers of those that were answered, ``wall`` their times by the clock on the
    wall, ``quiet`` the smaller of that and the processor time; ``hits`` is what was found for each, best
    first. An engine that takes too long has answered fewer questions than it was asked.
    """

    load: float
    memory: int
    questions: list[int]
    wall: list[float]
    quiet: list[float]
    hits: list[Hits]

    @classmethod
    def together(cls, parts: "Sequence[Asked]") -> "Asked":
        """Put parts of the questions together: the longest load, the most memory, all answers."""
        return cls(
            load=max(part.load for part in parts),
            memory=max(part.memory for part in parts),
            questions=[one for part in parts for one in part.questions],
            wall=[one for part in parts for one in part.wall],
            quiet=[one for part in parts for one in part.quiet],
            hits=[one for part in parts for one in part.hits],
        )


def build(engine: Engine, corpus: Corpus, folder: Path) -> Built:
    """Build an engine's index in a folder, in a process of its own.

    Raises :class:`TrialError` when that fails.
    """
    folder.mkdir(parents=True)
    return Built(**_run("build", engine, corpus, folder))


def ask(  # noqa: PLR0917 - what to ask, how long and which part
    engine: Engine, corpus: Corpus, folder: Path, patience: float, warm_up: str, part: str = "0/1"
) -> Asked:
    """Ask an engine the second half of the questions, in a process of its own, for so many seconds.

    Of ``part`` ``i/k`` it is asked every ``k``-th, from the ``i``-th on. The first half is to warm it up
    with, where those to warm up with are ``others``. Raises :class:`TrialError` when that fails.
    """
    return Asked(**_run("ask", engine, corpus, folder, str(patience), warm_up, part))


def resident() -> int:
    """Return how many bytes of memory this process has, pages of mapped files among them."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def say(line: str = "") -> None:
    """Print a line at once."""
    sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()


def _run(what: str, engine: Engine, corpus: Corpus, folder: Path, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.trial", what, engine.name]
    command += [str(corpus.folder), str(corpus.posts), str(folder), *options]
    done = subprocess.run(
        command, cwd=_ROOT, env=dict(os.environ) | SINGLE, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise TrialError((done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1])
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _main(arguments: Sequence[str]) -> None:
    what, name, source, posts, folder, *options = arguments
    engine = next(engine for engine in ENGINES if engine.name == name)
    corpus = Corpus(Path(source), int(posts))
    engine.prepare()
    done = (
        _build(engine, corpus, Path(folder))
        if what == "build"
        else _ask(engine, corpus, Path(folder), float(options[0]), options[1], options[2])
    )
    say(json.dumps(asdict(done)))


def _build(engine: Engine, corpus: Corpus, folder: Path) -> Built:
    begun = time.perf_counter()
    engine.build(corpus, folder)
    seconds = time.perf_counter() - begun
    return Built(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def _ask(  # noqa: PLR0917 - as above
    engine: Engine, corpus: Corpus, folder: Path, patience: float, warm_up: str, part: str
) -> Asked:
    questions = corpus.questions()
    begin, every = map(int, part.split("/"))
    chosen = range(len(questions) // 2 + begin, len(questions), every)
    timed = [questions[number] for number in chosen]
    first = timed if warm_up == "same" else questions[: len(questions) // 2]
    before, begun = resident(), time.perf_counter()
    ask = engine.load(folder)
    ask(first[0])
    load = time.perf_counter() - begun
    begun = time.perf_counter()
    # Just-in-time compilers need more than the questions once, and slow engines are warm before.
    for number, question in enumerate(cycle(first)):
        warm = time.perf_counter() - begun
        if (number >= len(first) and warm > patience / 60) or warm > patience / 4:
            break
        ask(question)
    gc.collect()
    memory = resident() - before
    wall, quiet, hits = [], [], []
    deadline = time.perf_counter() + patience
    for question in timed:
        used, begun = time.process_time(), time.perf_counter()
        found = ask(question)
        ended, spent = time.perf_counter(), time.process_time()
        wall.append(ended - begun)
        quiet.append(min(ended - begun, spent - used))
        hits.append(engine.read(found))
        if ended > deadline:
            break
    return Asked(load, memory, list(chosen[: len(hits)]), wall, quiet, hits)


if __name__ == "__main__":
    _main(sys.argv[1:])
