"""The process that reads saved files for another, so that what they do to it, they do to it alone.

It is started by :mod:`retrieval.ingest.sandbox`: requests come on standard input, answers go to standard
output, a line of JSON each; threads are written into files, whose names are sent.
"""

import json
import os
import pickle
import resource
import shutil
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Final

from retrieval.formats.import_types import Limits, SavedFile
from retrieval.formats.thread_file import ThreadFile
from retrieval.ingest.expand import ReadOutcome, read_outcomes
from retrieval.readers.registry import readers

__all__ = ["LENGTH", "OUTCOME", "main"]

#: How many bytes in front of a request tell its length.
LENGTH: Final = 8
#: What of an outcome is sent as it is.
OUTCOME: Final = ("file", "sha256", "error", "skipped", "unknown", "plain")
# The caller stops an overlong reading; this is for when the caller is gone.
_GRACE: Final = 30.0
_LARGEST_FILE: Final = 16 * 2**30


def main() -> None:
    """Answer requests until there are no more."""
    requests, answers = _pipes()
    folder = Path(sys.argv[1])
    readers()
    number = 0
    try:
        while request := _received(requests):
            limits, file = request
            _confine(limits)
            _serve(_Answers(answers, folder, number), file, limits)
            number += 1
            signal.setitimer(signal.ITIMER_REAL, 0)
    except BrokenPipeError:
        pass
    finally:
        # The caller is gone, or done, and may have had no time to remove it.
        shutil.rmtree(folder, ignore_errors=True)


class _Answers:
    """The way back to the process that asked."""

    def __init__(self, answers: IO[bytes], folder: Path, request: int) -> None:
        self._answers = answers
        self._folder = folder
        self._request = request
        self._threads = 0

    def say(self, **message: Any) -> None:
        self._answers.write(json.dumps(message).encode() + b"\n")
        self._answers.flush()

    def notice(self, posts: int, share: float) -> None:
        self.say(notice=[posts, share])

    def outcome(self, found: ReadOutcome) -> None:
        message: dict[str, Any] = {name: getattr(found, name) for name in OUTCOME}
        if found.reading:
            name = f"{self._request}-{self._threads}"
            self._threads += 1
            with (self._folder / name).open("w+b") as file:
                ThreadFile.write(found.reading.threads, file)
            reading = found.reading
            message["reading"] = {
                "form": reading.form,
                "threads": name,
                "left_out": [[part.why, part.count, part.lines, part.example] for part in reading.left_out],
                "warnings": reading.warnings,
            }
        self.say(outcome=message)


def _serve(answers: _Answers, file: SavedFile, limits: Limits) -> None:
    at = file.name
    try:
        for found in read_outcomes(replace(file, notice=answers.notice), limits):
            at = found.file
            answers.outcome(found)
    except MemoryError:
        answers.say(failed=f"{_since(at, file)}needed more than the {limits.memory // 2**20} MiB it may have")
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not take the other files with it
        answers.say(failed=f"{_since(at, file)}a reader failed on it ({type(error).__name__}: {error})")
    else:
        answers.say(done=True)


def _since(at: str, file: SavedFile) -> str:
    return "" if at == file.name else f"(after {at}) "


def _pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return standard input and output for requests and answers alone; nothing else may have them."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nothing, stream)
    os.close(nothing)
    return requests, answers


def _received(requests: IO[bytes]) -> tuple[Limits, SavedFile] | None:
    length = requests.read(LENGTH)
    if len(length) < LENGTH:
        return None
    limits, file = pickle.loads(requests.read(int.from_bytes(length)))  # noqa: S301 - from our own parent
    return limits, file


def _confine(limits: Limits) -> None:
    """Keep the process to its limits, as far as the system can."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            hard = resource.getrlimit(kind)[1]
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE)


if __name__ == "__main__":
    main()
