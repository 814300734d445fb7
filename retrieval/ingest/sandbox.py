"""Reading saved files in a process of its own, within limits of time and memory.

A file may be made to take for ever, to take all memory, or to crash a parser; then it is that process that
ends, and the file's outcome says so. A process is kept for the next file, and one that had to be ended is
replaced.
"""

import contextlib
import fcntl
import json
import os
import pickle
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Self

import retrieval
from retrieval.formats.import_types import LeftOut, Limits, Reading, SavedFile
from retrieval.formats.thread_file import ThreadFile
from retrieval.ingest.expand import ReadOutcome
from retrieval.ingest.worker import LENGTH, OUTCOME

__all__ = ["Sandbox", "remove_abandoned_folders"]

Notice = Callable[[int, float], None]

# Of what is set outside, only this; a reader of hostile files needs no secrets.
_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PYTHONHOME")
_CHUNK: Final = 64 * 1024
_LONGEST_LINE: Final = 64 * 2**20
_PATIENCE: Final = 2.0
#: How the folders of reading processes are named, and the file in each that its owner locks.
_FOLDER: Final = "bobbin-"
_LOCK: Final = ".lock"


class Sandbox:
    """Processes that read saved files; safe to use from any thread. ``clock`` counts seconds."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        remove_abandoned_folders()
        self._limits = limits
        self._clock = clock
        self._idle: list[_Process] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes that wait for the next file."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()

    def outcomes(self, file: SavedFile, limits: Limits | None = None) -> Iterator[ReadOutcome]:
        """Yield what :func:`~retrieval.ingest.expand.read_outcomes` yields, read elsewhere.

        The threads of a reading can be had until the next outcome is asked for. The time limit is for
        each file, and does not count what is done between two outcomes. ``limits`` are those of this
        file where others are to hold than of all.
        """
        with self._lock:
            process = self._idle.pop() if self._idle else None
        process = process or _Process(self._clock)
        try:
            yield from process.outcomes(file, limits or self._limits)
        finally:
            if process.whole:
                with self._lock:
                    self._idle.append(process)
            else:
                process.end()


def remove_abandoned_folders() -> None:
    """Remove the temporary folders of processes that were killed.

    The owner of a folder holds a lock in it, which the kernel releases with the owner.
    """
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        with contextlib.suppress(OSError):
            ours = folder.lstat().st_uid == os.geteuid() and (folder / _LOCK).is_file()
            lock = _lock(folder / _LOCK) if ours and not folder.is_symlink() else None
            if lock is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)


def _lock(path: Path) -> int | None:
    """Lock a file, made where missing, and return its descriptor; ``None`` where another process holds it."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


class _OverError(Exception):
    """The process will not answer any more; the message says why."""


class _Process:
    """One process, and the folder that is its own."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._folder = Path(tempfile.mkdtemp(prefix=_FOLDER))
        self._lock = _lock(self._folder / _LOCK)
        self._buffer = b""
        #: Whether it has answered all that it was asked.
        self.whole = True
        paths = [str(Path(retrieval.__file__).parents[1]), *filter(None, sys.path)]
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment |= {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}
        environment |= {name: str(self._folder) for name in ("TMPDIR", "SQLITE_TMPDIR", "HOME")}
        # A session of its own, so that Ctrl-C reaches only the process that decides what it means.
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", "retrieval.ingest.worker", str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
            bufsize=0,
        )
        self._selector = selectors.DefaultSelector()
        if self._process.stdout:
            self._selector.register(self._process.stdout, selectors.EVENT_READ)

    def end(self) -> None:
        """End the process at once and remove its folder."""
        self._process.kill()
        self._selector.close()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)

    def outcomes(self, file: SavedFile, limits: Limits) -> Iterator[ReadOutcome]:
        self.whole = False
        at = file.name
        try:
            self._ask(replace(file, notice=None), limits)
            answers = self._answers(file.notice, limits)
            for message in answers:
                if "done" in message:
                    self.whole = True
                    return
                if "failed" in message:
                    self.whole = True
                    yield ReadOutcome(file.name, error=message["failed"])
                    return
                found, threads = self._outcome(message["outcome"])
                at = found.file
                yield found
                if threads:
                    threads.unlink(missing_ok=True)
        except _OverError as over:
            since = "" if at == file.name else f"(after {at}) "
            yield ReadOutcome(file.name, error=f"{since}{over}")

    def _ask(self, file: SavedFile, limits: Limits) -> None:
        request = pickle.dumps((limits, file))
        try:
            if self._process.stdin:
                for part in (len(request).to_bytes(LENGTH), request):
                    left = memoryview(part)
                    while left:
                        left = left[self._process.stdin.write(left) or 0 :]
        except OSError as error:
            raise _OverError(self._end_of()) from error

    def _answers(self, notice: Notice | None, limits: Limits) -> Iterator[dict[str, Any]]:
        """Yield what the process says but notices, which are passed on."""
        deadline = self._clock() + limits.seconds
        while True:
            message = json.loads(self._line(deadline, limits))
            if "notice" not in message:
                yield message
                deadline = self._clock() + limits.seconds
            elif notice:
                notice(*message["notice"])

    def _line(self, deadline: float, limits: Limits) -> bytes:
        stream = self._process.stdout
        if stream is None:
            raise _OverError(self._end_of())
        while b"\n" not in self._buffer:
            if not self._selector.select(max(0.0, deadline - self._clock())):
                reason = f"reading it took longer than {limits.seconds:g} seconds and was stopped"
                raise _OverError(f"{reason}; split it, or allow more time")
            chunk = os.read(stream.fileno(), _CHUNK)
            if not chunk or len(self._buffer) > _LONGEST_LINE:
                raise _OverError(self._end_of())
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def _end_of(self) -> str:
        """Return why the process is gone, as far as it can be known."""
        try:
            status = self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            return "the process that read it fell silent"
        if status == -signal.SIGKILL:
            return "the process that read it was killed, most likely for want of memory"
        how = f"by signal {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
        return f"the process that read it ended {how}; the file is damaged, or made to do harm"

    def _outcome(self, message: dict[str, Any]) -> tuple[ReadOutcome, Path | None]:
        found = ReadOutcome(**{name: message[name] for name in OUTCOME})
        reading = message.get("reading")
        if reading is None:
            return found, None
        path = self._folder / Path(reading["threads"]).name
        left_out = tuple(
            LeftOut(why, count, (lines[0], lines[1]) if lines else None, example)
            for why, count, lines, example in reading["left_out"]
        )
        threads = ThreadFile(path.open("rb"))
        warnings = tuple(reading["warnings"])
        return replace(found, reading=Reading(reading["form"], threads, left_out, warnings)), path
