"""Running Bobbin's commands, inside the tests' process or as one of their own."""

import os
import pty
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from bot.cli.group import bobbin
from tests.canary import heard
from tests.interrupts import heed_interrupts

__all__ = ["process", "run", "screen", "until"]

ROOT = Path(__file__).resolve().parents[3]


def run(*words: str, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(bobbin, words, input=stdin)
    heard(result.output)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def process(
    *words: str, preexec_fn: Callable[[], None] = heed_interrupts, **options: Any
) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | options.pop("env", {})
    command = [sys.executable, "-m", "bot", *words]
    pipe = subprocess.PIPE
    streams = {"stdin": pipe, "stdout": pipe, "stderr": pipe} | options
    return subprocess.Popen(
        command,
        env=environment,
        text=True,
        encoding="utf-8",
        preexec_fn=preexec_fn,  # noqa: PLW1509 - it sets a signal, or a terminal, and takes no lock
        **streams,
    )


@contextmanager
def screen() -> Iterator[tuple[int, list[bytes]]]:
    """Open a terminal for a process; give the descriptor for it, and all that it shows once this is left.

    It is read all the time: a process that writes to a full one waits, and so who waits for it does.
    """
    ours, theirs = pty.openpty()
    shown: list[bytes] = []

    def read() -> None:
        with suppress(OSError):  # what reading raises once no process has the terminal
            while part := os.read(ours, 65536):
                shown.append(part)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield theirs, shown
    finally:
        with suppress(OSError):
            os.close(theirs)
        reader.join(10)
        os.close(ours)


def until(terminal: int, text: bytes, seconds: float = 60) -> bytes:
    """Read from a terminal until it shows a text; return all that was read."""
    seen, end = b"", time.monotonic() + seconds
    while text not in seen:
        assert select.select([terminal], [], [], end - time.monotonic())[0], seen
        seen += os.read(terminal, 65536)
    return seen
