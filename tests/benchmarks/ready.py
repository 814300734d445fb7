"""Measure a start: from a new process to its first answer, over an archive whose index is stored.

Beside it a process that only imports what Bobbin imports, which is the least that any start can take, and
one that opens tantivy's index of the same posts and asks it. The best of several starts counts; the first
of all, which may find no stored index, stands apart. Run it as
``python -m tests.benchmarks.ready [--posts 100000] [--starts 5]``.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.archive import Archive
from tests.benchmarks.archives import archive_of
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.engines import ENGINES
from tests.benchmarks.trial import SINGLE, build, resident, say

__all__ = ["main"]

_ROOT = Path(__file__).resolve().parents[2]
_TANTIVY = next(engine for engine in ENGINES if engine.name == "tantivy")
_COLUMNS = "{:<28}{:>12}{:>12}{:>14}{:>12}{:>10}"
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class _Start:
    """Seconds to open, from there to the first answer, and of the whole process; its memory in bytes."""

    opened: float
    answered: float
    whole: float
    memory: int

    def row(self, name: str, least: "_Start | None") -> str:
        times = (f"{figure * 1000:,.0f}" for figure in (self.opened, self.answered, self.whole))
        ratio = f"{self.whole / least.whole:.2f}" if least else ""
        return _COLUMNS.format(name, *times, ratio, f"{self.memory / _MIB:,.0f}")


def main() -> None:
    """Read the options, measure and print the table; or be one of the processes that start."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.ready", description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to keep the made archives; else they are deleted")
    parser.add_argument("--be", nargs=3, metavar=("WHAT", "AT", "QUESTION"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.be:
        say(json.dumps(asdict(_be(*chosen.be))))
        return
    with tempfile.TemporaryDirectory(prefix="bobbin-") as scratch:
        folder = chosen.folder or Path(scratch)
        corpus = Corpus.made(folder / f"{chosen.posts}-640-{chosen.seed}", chosen.posts, 1280, chosen.seed)
        archive = archive_of(folder, corpus)
        question = " ".join(corpus.questions()[0])
        say(f"starts over {chosen.posts:,} posts; milliseconds, the best of {chosen.starts}, memory in MiB")
        say(_COLUMNS.format("", "open", "answer", "whole process", "ratio", "memory"))
        least = _best("imports", archive, question, chosen.starts)
        say(least.row("imports alone", None))
        if _TANTIVY.missing:
            say("tantivy                     not installed")
        else:
            build(_TANTIVY, corpus, Path(scratch) / "tantivy")
            row = _best("tantivy", Path(scratch) / "tantivy", question, chosen.starts)
            say(row.row("tantivy", least))
        say(_start("archive", archive, question).row("Bobbin, first start", least))
        say(_best("archive", archive, question, chosen.starts).row("Bobbin", least))


def _best(what: str, at: Path, question: str, starts: int) -> _Start:
    return min((_start(what, at, question) for _ in range(starts)), key=lambda start: start.whole)


def _start(what: str, at: Path, question: str) -> _Start:
    """Start a process and return what it told of itself, with the time it took as seen from here."""
    command = [sys.executable, "-m", "tests.benchmarks.ready", "--be", what, str(at), question]
    begun = time.perf_counter()
    done = subprocess.run(
        command, cwd=_ROOT, env=dict(os.environ) | SINGLE, capture_output=True, text=True, check=True
    )
    whole = time.perf_counter() - begun
    return _Start(**json.loads(done.stdout) | {"whole": whole})


def _be(what: str, at: str, question: str) -> _Start:
    """Open what is asked for, ask it, and tell how long that took."""
    begun = time.perf_counter()
    if what == "archive":
        with Archive.open(Path(at) / "archive.db") as archive:
            archive.refresh()
            opened = time.perf_counter()
            archive.ask(question, archive.catalog.scope())
            answered = time.perf_counter()
            memory = resident()
    else:
        ask = _TANTIVY.load(Path(at)) if what == "tantivy" else list
        opened = time.perf_counter()
        ask(question.split())
        answered, memory = time.perf_counter(), resident()
    return _Start(opened - begun, answered - opened, 0.0, memory)


if __name__ == "__main__":
    main()
