"""Measure how new posts join an archive that is being asked.

One thread asks without a pause: first in quiet, then while another process imports 10,000 posts, as
``bobbin import`` does, then while the archive takes them up, until a word that only they hold finds its
post. Times are those of whole answers (``Archive.ask``); the ratios are to the quiet. Run it as
``python -m tests.benchmarks.changes [--posts 100000] [--new 10000]``.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import numpy as np

from retrieval.archive import Archive
from retrieval.model import Scope
from tests.benchmarks.archives import MARKER, archive_of
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.trial import SINGLE, say

__all__ = ["main"]

_ROOT = Path(__file__).resolve().parents[2]
_COLUMNS = "{:<24}{:>9}{:>10}{:>10}{:>10}{:>12}{:>9}"


@dataclass(slots=True)
class _Asking:
    """Somebody who asks one question after the other; ``taken`` are the seconds each answer took."""

    archive: Archive
    scope: Scope
    questions: Iterator[str]
    taken: list[float] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        while not self.stopped.is_set():
            begun = time.perf_counter()
            self.archive.ask(next(self.questions), self.scope)
            self.taken.append(time.perf_counter() - begun)


@dataclass(frozen=True, slots=True)
class _Phase:
    """A stretch of time: what was done, seconds, and the seconds of every answer that was given in it."""

    name: str
    seconds: float
    taken: list[float]

    def row(self, quiet: "_Phase") -> str:
        times = [*np.percentile(self.taken, [50, 99]), max(self.taken)]
        figures = [f"{figure * 1000:,.1f}" for figure in times]
        ratio = max(self.taken) / max(quiet.taken)
        return _COLUMNS.format(self.name, f"{self.seconds:.2f}", len(self.taken), *figures, f"{ratio:.2f}")


def main() -> None:
    """Read the options, measure, and print the table."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.changes", description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--new", type=int, default=10_000)
    parser.add_argument("--quiet", type=float, default=5, help="seconds of asking before anything changes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to keep the made archives; else they are deleted")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bobbin-") as scratch:
        folder = chosen.folder or Path(scratch)
        old = Corpus.made(folder / f"{chosen.posts}-640-{chosen.seed}", chosen.posts, 1280, chosen.seed)
        new = Corpus.made(Path(scratch) / "new", chosen.new, 1, chosen.seed + 1)
        at = Path(scratch) / "archive"
        shutil.copytree(archive_of(folder, old), at)
        phases = _measure(at / "archive.db", old, new, chosen.quiet)
    say(f"{chosen.new:,} posts join {chosen.posts:,}; answers in milliseconds, ratio of the slowest to quiet")
    say(_COLUMNS.format("", "s", "answers", "p50", "p99", "slowest", "ratio"))
    for phase in phases:
        say(phase.row(phases[0]))


def _measure(path: Path, old: Corpus, new: Corpus, quiet: float) -> list[_Phase]:
    questions = [" ".join(terms) for terms in old.questions()]
    with Archive.open(path) as archive:
        archive.refresh()
        scope = archive.catalog.scope()
        for question in questions[: len(questions) // 2]:
            archive.ask(question, scope)
        with _asking(_Asking(archive, scope, cycle(questions[len(questions) // 2 :]))) as asking:
            phases = [_during(asking, "quiet", lambda: time.sleep(quiet))]
            phases.append(_during(asking, "another process imports", lambda: _import(path, new)))
            phases.append(_during(asking, "taken up and found", lambda: _take_up(archive, scope)))
    return phases


@contextmanager
def _asking(asking: _Asking) -> Iterator[_Asking]:
    thread = threading.Thread(target=asking.ask)
    thread.start()
    try:
        yield asking
    finally:
        asking.stopped.set()
        thread.join()


def _during(asking: _Asking, name: str, act: Callable[[], None]) -> _Phase:
    before, begun = len(asking.taken), time.perf_counter()
    act()
    seconds = time.perf_counter() - begun
    # The answer that was under way at the end counts too: it may be the slowest.
    given = len(asking.taken)
    while len(asking.taken) == given:
        time.sleep(0.001)
    return _Phase(name, seconds, asking.taken[before : given + 1])


def _import(path: Path, new: Corpus) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.archives", str(path), str(new.folder), str(new.posts)]
    subprocess.run(command, cwd=_ROOT, env=dict(os.environ) | SINGLE, check=True)


def _take_up(archive: Archive, scope: Scope) -> None:
    archive.refresh()
    assert _found(archive, scope), "what was taken up is not found"


def _found(archive: Archive, scope: Scope) -> bool:
    answer = archive.ask(MARKER, scope)
    return any(MARKER in excerpt.post.text for excerpt in answer.excerpts)


if __name__ == "__main__":
    main()
