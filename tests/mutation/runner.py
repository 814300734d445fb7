"""Run the tests that reach a mutant, each mutant in a fork of a process that has collected them all."""

import functools
import gc
import os
import pickle
import random
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final, TextIO

import pytest

from tests.examples import limit_examples
from tests.mutation.areas import ROOT, Area
from tests.mutation.mutants import Inapplicable, Mutant, install, mutants_of

__all__ = ["Outcomes", "Reach", "Runner"]

_NOTICED, _SURVIVED, _INAPPLICABLE = 1, 0, 3
_FILE_BYTES: Final = 1 << 31
_MOST_EXAMPLES: Final = 40
_Lines = set[tuple[str, int]]


@dataclass(slots=True)
class Outcomes:
    """What became of the mutants: how many were noticed, how many by running on and on, and who was not."""

    noticed: int = 0
    endless: int = 0
    survivors: list[Mutant] = field(default_factory=list)
    unreached: list[Mutant] = field(default_factory=list)

    @property
    def ran(self) -> int:
        """Return how many were tried."""
        return self.noticed + self.endless + len(self.survivors) + len(self.unreached)

    @property
    def share(self) -> float:
        """Return the share that was noticed, of 1."""
        return (self.noticed + self.endless) / self.ran if self.ran else 1.0


@dataclass(frozen=True, slots=True)
class Reach:
    """What one test reaches, and what it takes: seconds of this process's time, and seconds on the clock."""

    lines: frozenset[tuple[str, int]]
    cpu: float
    wall: float


class Runner:
    """A plugin of pytest: it takes the collected tests, and runs them on mutants instead of on what is there.

    ``only`` limits the mutants to files whose path holds it; the first ``skip`` are left to another run.
    A mutant is tried by tests that usually take ``budget`` seconds of processor time together, the quickest
    first, and at least by one. What each test reaches is kept in ``known``, and read from there by the next
    run of the same sources. After ``minutes`` no further mutant is begun.
    """

    def __init__(
        self,
        area: Area,
        *,
        mutants: int,
        skip: int,
        seed: int,
        at_once: int,
        only: str,
        budget: float,
        minutes: float,
        known: Path | None,
        progress: TextIO,
    ) -> None:
        self.outcomes = Outcomes()
        self._area = area
        self._most = mutants
        self._budget = budget
        self._end_at = time.monotonic() + 60 * minutes
        self._known = known
        #: How many are drawn by now, those that were left out and those that cannot stand among them.
        self.drawn = skip
        self._random = random.Random(seed)  # noqa: S311 - a sample
        self._at_once = at_once
        self._only = only
        self._progress = progress
        self._failed = False
        self._folder = Path(tempfile.mkdtemp(prefix="mutation-"))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        self._failed = self._failed or report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the mutants."""
        try:
            if session.testsfailed:
                raise session.Interrupted("the tests cannot be collected")
            self._try_all(session)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
        return True

    def _try_all(self, session: pytest.Session) -> None:
        files = [path for path in self._area.files() if self._only in str(path)]
        for item in session.items:
            limit_examples(item, _MOST_EXAMPLES)
        reached = self._reach(session, files)
        drawn = [mutant for path in files for mutant in mutants_of(path)]
        self._say(
            f"{len(session.items)} tests, {len(reached)} of them green; {len(drawn)} mutants to draw from"
        )
        self._random.shuffle(drawn)
        running: dict[int, Mutant] = {}
        waiting = iter(drawn[self.drawn :])
        while True:
            while (
                len(running) < self._at_once
                and self.outcomes.ran + len(running) < self._most
                and time.monotonic() < self._end_at
            ):
                mutant = next(waiting, None)
                if mutant is None:
                    break
                self.drawn += 1
                items = self._reaching(session.items, reached, mutant)
                if items:
                    running[self._fork(partial(self._on_mutant, mutant, items, reached))] = mutant
                else:
                    self.outcomes.unreached.append(mutant)
                    self._say(f"no test reaches {self._named(mutant)}")
            if not running:
                return
            for process, mutant in list(running.items()):
                ended, status = os.waitpid(process, os.WNOHANG)
                if ended:
                    del running[process]
                    self._end(process)
                    self._count(mutant, os.waitstatus_to_exitcode(status))
            time.sleep(0.01)

    def _count(self, mutant: Mutant, status: int) -> None:
        if status == _INAPPLICABLE:
            return
        if status in {-signal.SIGPROF, -signal.SIGALRM}:
            self.outcomes.endless += 1
        elif status == _SURVIVED:
            self.outcomes.survivors.append(mutant)
            self._say(f"survived: {self._named(mutant)}")
        else:
            self.outcomes.noticed += 1
        if self.outcomes.ran % 25 == 0:
            self._say(f"{self.outcomes.ran} tried, {self.outcomes.share:.1%} noticed")

    def _reach(self, session: pytest.Session, files: Sequence[Path]) -> dict[str, Reach]:
        """Run every test once, on what is there; return by its id what each green one reaches."""
        result = self._known or self._folder / "reach"

        def look() -> int:
            watched = {str(path) for path in files}
            reached: dict[str, Reach] = {}
            for item, following in _pairs(session.items):
                lines: _Lines = set()
                self._failed = False
                _clear_caches(watched)
                cpu, wall = time.process_time(), time.monotonic()
                with _lines_of(watched, lines):
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if not self._failed:
                    taken = time.process_time() - cpu, time.monotonic() - wall
                    reached[item.nodeid] = Reach(frozenset(lines), *taken)
            result.write_bytes(pickle.dumps(reached))
            return 0

        if not result.exists():
            process = self._fork(look)
            os.waitpid(process, 0)
            self._end(process)
        reached: dict[str, Reach] = pickle.loads(result.read_bytes())  # noqa: S301 - written above
        for item in session.items:
            if item.nodeid not in reached:
                self._say(f"left out, for it fails without a mutant: {item.nodeid}")
        return reached

    def _reaching(
        self, items: Sequence[pytest.Item], reached: dict[str, Reach], mutant: Mutant
    ) -> list[pytest.Item]:
        """Return the tests that run a mutant's lines, the quickest first, as far as the budget goes."""
        wanted = {(str(mutant.path), line) for line in mutant.lines}
        chosen = [item for item in items if item.nodeid in reached and reached[item.nodeid].lines & wanted]
        chosen.sort(key=lambda item: reached[item.nodeid].cpu)
        taken = list(accumulate(reached[item.nodeid].cpu for item in chosen))
        return chosen[: max(1, bisect_right(taken, self._budget))]

    def _on_mutant(self, mutant: Mutant, items: Sequence[pytest.Item], reached: dict[str, Reach]) -> int:
        try:
            install(mutant)
        except (Inapplicable, SyntaxError, ValueError, TypeError):
            return _INAPPLICABLE
        self._failed = False
        for item, following in _pairs(items):
            usual = reached[item.nodeid]
            # What ends a process that runs on and on, or waits for ever: both signals end it by default.
            signal.setitimer(signal.ITIMER_PROF, 5 + 5 * usual.cpu)
            signal.setitimer(signal.ITIMER_REAL, 30 + 10 * usual.wall)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failed:
                return _NOTICED
        return _SURVIVED

    def _fork(self, work: Callable[[], int]) -> int:
        """Run something in a child that is silent and has temporary folders of its own; return its id."""
        for stream in (sys.stdout, sys.stderr, self._progress):
            stream.flush()
        process = os.fork()
        if process:
            return process
        status = _NOTICED
        try:
            os.setsid()
            silent = os.open(os.devnull, os.O_RDWR)
            for descriptor in range(3):
                os.dup2(silent, descriptor)
            resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))
            folder = self._folder / str(os.getpid())
            folder.mkdir()
            os.environ["PYTEST_DEBUG_TEMPROOT"] = os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
            status = work()
        finally:
            os._exit(status)

    def _end(self, process: int) -> None:
        """End what a child left behind: processes of its session, and its folder."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process, signal.SIGKILL)
        shutil.rmtree(self._folder / str(process), ignore_errors=True)

    def _named(self, mutant: Mutant) -> str:
        return f"{mutant.path.parent.relative_to(ROOT)}/{mutant}"

    def _say(self, line: str) -> None:
        self._progress.write(line + "\n")
        self._progress.flush()


def _clear_caches(files: AbstractSet[str]) -> None:
    """Empty the caches of functions of some files, so that each test reaches what it depends on."""
    for cached in gc.get_objects():
        if isinstance(cached, functools._lru_cache_wrapper):
            code = getattr(cached.__wrapped__, "__code__", None)
            if code is not None and code.co_filename in files:
                cached.cache_clear()


def _pairs(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=True)


class _lines_of:  # noqa: N801 - used like a function
    """Add to ``lines`` what is executed of some files, in every thread that begins meanwhile."""

    def __init__(self, files: set[str], lines: _Lines) -> None:
        self._files = files
        self._lines = lines
        self._known: dict[CodeType, bool] = {}

    def __enter__(self) -> None:
        threading.settrace(self._enter)
        sys.settrace(self._enter)

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)
        threading.settrace(None)

    def _enter(self, frame: FrameType, _event: str, _: Any) -> Any:
        code = frame.f_code
        if code.co_filename not in self._files:
            return None
        self._lines.add((code.co_filename, code.co_firstlineno))
        return self._line

    def _line(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            self._lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line
