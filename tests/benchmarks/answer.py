"""Measure what an answer costs: processor time, waiting under load, and where the time goes.

Bobbin and a bare discord.py client, which answers always the same, are asked the same questions in the same
run; every figure is a ratio to the bare client's, the median of three runs. Counting begins with the first
question, once the compiled loops are loaded and some questions were asked. Of the questions 36 % or 84 % find
something, and all are different, but in the line of repeated ones. It exits with 1 where a figure that was
reached is lost by more than 20 %, or a question is lost that the bare client answers, or answered twice. Run
it as ``python -m tests.benchmarks.answer [--questions 2000] [--runs 3] [--ways mention,ask] [--against REV]
[--breakdown]``; ``--against`` measures the Bobbin of another revision, too, ``--breakdown`` prints the
processor time of an answer by package, and ``--only`` keeps the lines whose names begin so.
"""

import argparse
import asyncio
import contextlib
import io
import itertools
import json
import math
import os
import random
import signal
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from retrieval.analysis.stop_words import stop_words
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.model import Verdict
from tests.benchmarks.bars import fail_below_bar
from tests.benchmarks.interactions import sentence
from tests.benchmarks.load import Crowd, Figures
from tests.benchmarks.loopback import client_process
from tests.benchmarks.trial import say
from tests.discord import LoopbackDiscord

__all__ = ["REACHED", "Line", "fill", "lost_ground", "main", "mixed_questions"]

_ROOT: Final = Path(__file__).resolve().parents[2]
_CLIENTS: Final = Path(__file__).with_name("clients.py")
#: The ratios to the bare client that were reached with 2,000 questions, by line: processor time, and p99.
REACHED: Final[Mapping[str, tuple[float, float]]] = {}
_SLACK: Final = 1.2
_FULL: Final = 2_000
#: Which share of the questions finds something.
_MIXES: Final = (0.36, 0.84)
#: How many of the words have one of English before them.
_BETWEEN: Final = 0.6
_ENGLISH: Final = sorted(word for word in stop_words("en") if word.isalpha())
_WARM_UP: Final = 60
_DIFFERENT: Final = 20
_QUIET: Final = 2
_PEOPLE, _SERVERS = 200, 10
_COLUMNS: Final = "{:<24}{:<8}{:>10}{:>6}{:>8}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}"
_HEAD: Final = (
    *("", "client", "answered", "lost", "doubled"),
    *("CPU ms", "p50 ms", "p99 ms", "loop ms", "CPU ÷", "p99 ÷"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: how people ask, how many at once, and which questions."""

    name: str
    way: str
    questions: Sequence[str]
    people: int = _PEOPLE
    at_once: bool = True


def fill(path: Path, threads: int) -> None:
    """Make an archive of threads of ten posts, in made-up words between English ones, which find nothing."""
    words = random.Random(1)  # noqa: S311 - the same in every run
    files = (
        "\n".join(f"{_english(words, sentence(words, 20))}.\n/{place}" for place in [*range(1, 10), "END"])
        for _ in range(threads)
    )
    with Archive.open(path) as archive:
        list(archive.import_all(SavedFile("made up.txt", file.encode()) for file in files))


def mixed_questions(archive: Archive, share: float, count: int, seed: int) -> list[str]:
    """Return different questions, of which a share finds something in an archive that :func:`fill` made."""
    words, scope = random.Random(seed), archive.catalog.scope()  # noqa: S311 - the same in every run
    left = {True: round(count * share), False: count - round(count * share)}
    chosen: dict[str, None] = {}
    while any(left.values()):
        # Words that end in "sh" are in no post.
        known = left[True] and (not left[False] or words.random() < share)
        question = _english(words, sentence(words, 5).replace("k", "k" if known else "sh"))
        if question not in chosen:
            finds = archive.ask(question, scope).verdict is not Verdict.NOTHING
            if left[finds]:
                left[finds] -= 1
                chosen[question] = None
    mixed = list(chosen)
    words.shuffle(mixed)
    return mixed


def _english(words: random.Random, sentence: str) -> str:
    """Put a word of English before most words, so that the whole is read as English."""
    return " ".join(
        f"{words.choice(_ENGLISH)} {word}" if words.random() < _BETWEEN else word for word in sentence.split()
    )


def lost_ground(name: str, processor: float, waiting: float) -> list[str]:
    """Return which of a line's ratios are more than 20 % worse than what was reached."""
    reached = REACHED.get(name)
    if reached is None:
        return []
    pairs = zip(("processor time", "p99"), (processor, waiting), reached, strict=True)
    return [
        f"{name}: {figure} ÷ bare {now:.2f}, reached {then:.2f}"
        for figure, now, then in pairs
        if now > then * _SLACK
    ]


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.answer", description=__doc__)
    parser.add_argument("--questions", type=int, default=_FULL)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=300, help="threads of ten posts in the archive")
    parser.add_argument("--ways", default="mention,ask")
    parser.add_argument("--only", default="", help="measure only the lines whose names begin so")
    parser.add_argument("--against", metavar="REV", help="measure the Bobbin of another revision, too")
    parser.add_argument("--breakdown", action="store_true", help="print processor time by package")
    asyncio.run(_measure(parser.parse_args()))


async def _measure(chosen: argparse.Namespace) -> None:
    short: list[str] = []
    with tempfile.TemporaryDirectory() as made, _trees(chosen.against) as trees:
        folder = Path(made)
        fill(folder / "archive.db", chosen.threads)
        lines = [line for line in _lines(folder, chosen) if line.name.startswith(chosen.only)]
        say(_COLUMNS.format(*_HEAD))
        for line in lines:
            figures = await _runs(line, folder, trees, chosen.runs)
            ratios = _report(line, figures)
            ours, theirs = (sum(run.lost for run in figures[client]) for client in ("now", "bare"))
            twice = sum(run.doubled for run in figures["now"])
            if ours > theirs or twice:
                short.append(f"{line.name}: {ours} lost, {twice} doubled; the bare client lost {theirs}")
            if chosen.questions == _FULL:
                short += lost_ground(line.name, *ratios)
        for way in chosen.ways.split(",") if chosen.breakdown else ():
            await _break_down(next(line for line in lines if line.way == way), folder, trees)
    fail_below_bar(short)


def _lines(folder: Path, chosen: argparse.Namespace) -> Iterator[Line]:
    with Archive.open(folder / "archive.db") as archive:
        archive.refresh()
        few, many = (mixed_questions(archive, share, chosen.questions, seed=2) for share in _MIXES)
    quiet = many[: max(_QUIET, chosen.questions // 10)]
    for way in chosen.ways.split(","):
        yield Line(f"{way}, 84 % answered", way, many)
        yield Line(f"{way}, 36 % answered", way, few)
        yield Line(f"{way}, {_QUIET} people", way, quiet, _QUIET, at_once=False)
        yield Line(f"{way}, repeated", way, many[:_DIFFERENT] * (len(many) // _DIFFERENT))


@contextlib.contextmanager
def _trees(revision: str | None) -> Iterator[dict[str, tuple[str, Path]]]:
    """Yield the clients by name, each as its kind and the tree that it is of."""
    trees = {"bare": ("bare", _ROOT), "now": ("bobbin", _ROOT)}
    if revision is None:
        yield trees
        return
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        git = ["git", "-C", str(_ROOT), "archive", revision]
        archived = subprocess.run(git, check=True, capture_output=True)
        with tarfile.open(fileobj=io.BytesIO(archived.stdout)) as files:
            files.extractall(tree, filter="data")
        # Its compiled loops are not on disk yet, and a client would wait for them for long.
        compiling = "from retrieval.search.jit import compiled_loops; compiled_loops(wait=True)"
        python = [sys.executable, "-P", "-c", compiling]
        subprocess.run(python, check=True, env=os.environ | {"PYTHONPATH": str(tree)})
        yield {"bare": trees["bare"], "before": ("bobbin", tree), "now": trees["now"]}


async def _runs(
    line: Line, folder: Path, trees: Mapping[str, tuple[str, Path]], runs: int
) -> dict[str, list[Figures]]:
    """Return the figures of each client, run by run; the clients take turns."""
    figures: dict[str, list[Figures]] = {client: [] for client in trees}
    for _ in range(runs):
        for client, (kind, tree) in trees.items():
            run, _packages = await _run(line, kind, tree, folder)
            figures[client].append(run)
    return figures


def _report(line: Line, figures: Mapping[str, Sequence[Figures]]) -> tuple[float, float]:
    """Print a row for each client; return this revision's ratios of processor time and p99 to the bare's."""
    rows = {client: _medians(runs) for client, runs in figures.items()}
    bare = rows["bare"]
    for client, row in rows.items():
        processor, waiting = _ratio(row[0], bare[0]), _ratio(row[2], bare[2])
        ratios = ("", "") if client == "bare" else (f"{processor:.2f}", f"{waiting:.2f}")
        counts = [sum(counted) for counted in zip(*map(_counts, figures[client]), strict=True)]
        name = line.name if client == "bare" else ""
        say(_COLUMNS.format(name, client, *counts, *(f"{value:.2f}" for value in row), *ratios))
    now = rows["now"]
    return _ratio(now[0], bare[0]), _ratio(now[2], bare[2])


def _ratio(ours: float, theirs: float) -> float:
    return ours / theirs if theirs else math.inf


def _counts(run: Figures) -> tuple[int, int, int]:
    return run.answered, run.lost, run.doubled


def _medians(runs: Sequence[Figures]) -> tuple[float, float, float, float]:
    """Return processor time, p50, p99 and the longest delay of the loop, in milliseconds."""
    each = [
        (run.processor / max(1, run.answered), run.quantile(50), run.quantile(99), run.loop_delay)
        for run in runs
    ]
    processor, half, most, delay = (statistics.median(values) * 1000 for values in zip(*each, strict=True))
    return processor, half, most, delay


async def _break_down(line: Line, folder: Path, trees: Mapping[str, tuple[str, Path]]) -> None:
    """Print the milliseconds of processor time that an answer takes in each package, most first."""
    for client, (kind, tree) in trees.items():
        run, _ = await _run(line, kind, tree, folder)
        _, packages = await _run(line, kind, tree, folder, sample=True)
        each, seen = run.processor / max(1, run.answered) * 1000, sum(packages.values())
        say(f"{line.name}, {client}: {each:.2f} ms of processor time an answer")
        for package, count in itertools.islice(packages.items(), 12):
            say(f"  {each * count / seen:6.2f}  {package}")


async def _run(
    line: Line, kind: str, tree: Path, folder: Path, *, sample: bool = False
) -> tuple[Figures, dict[str, int]]:
    async with LoopbackDiscord(contract=False) as server:
        warm, crowd = _crowd(server, line, _WARM_UP, 1), _crowd(server, line, 0, _SERVERS)
        arguments = ["-P", str(_CLIENTS), kind, *(["--sample"] if sample else [])]
        async with client_process(arguments, server, folder, folder / f"{kind}.log", tree) as child:
            await server.ready(timeout=300)
            await server.waiting.until(lambda: server.commands or None, 60, "the commands")
            await warm.go(_WARM_UP, at_once=False)
            child.send_signal(signal.SIGUSR1)
            await asyncio.sleep(0.3)
            lasted = await crowd.go(len(line.questions), at_once=line.at_once)
            child.send_signal(signal.SIGTERM)
            written, _ = await asyncio.wait_for(child.communicate(), 30)
        assert not server.problems, server.problems[:3]
        result: dict[str, Any] = json.loads(written)
        return crowd.figures(lasted, result, 0), result["packages"]


def _crowd(server: LoopbackDiscord, line: Line, warm_up: int, servers: int) -> Crowd:
    """Return the people of a line, or one who asks other questions first so that all is warm."""
    words = random.Random(1)  # noqa: S311 - the same in every run
    other = iter([sentence(words, 7) for _ in range(warm_up)])
    questions = other if warm_up else iter(line.questions)
    crowd = Crowd(server, line.way, question=lambda: next(questions))
    crowd.gather(1 if warm_up else line.people, min(servers, line.people))
    return crowd


if __name__ == "__main__":
    main()
