"""One token for every bot in the tests, and a watch that it is found nowhere when they are over.

As a plugin of pytest it looks at every line that Bobbin's own log would have, at what the tests and the
program print, and, at a session's end, at every file that was written below the tests' temporary folder:
databases, backups, pages, reports. Wherever the token is found, in whole or in part, the session fails.
What goes over the wire is looked at by the loopback Discord.
"""

import base64
import logging
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from bot.log import Redaction, _Json

__all__ = ["INTERACTION", "ON_PURPOSE", "TOKEN", "Watch", "heard", "leaks_in", "traces_in", "watched"]

_ID: Final = base64.b64encode(b"1574166776558649347").decode().rstrip("=")
_SECRET: Final = "k3Wq" + "-Zr8vYt1uNpX" + "_5cHd0sLb7" + "Jm2FgEa9oTiQ"
TOKEN: Final = f"{_ID}.GvQx7a.{_SECRET}"
"""The token of every bot in the tests; it looks like any other and opens nothing."""

INTERACTION: Final = "Y2FuYXJ5LW9mLWFuLWludGVyYWN0aW9u"
"""What the token of every interaction in the tests holds."""

_PART: Final = 14
# Either end of the secret, and all of it as a header or a data address might carry it.
_TRACES: Final = (
    _SECRET[:_PART].encode(),
    _SECRET[-_PART:].encode(),
    _SECRET.encode("utf-16-le")[: 2 * _PART],
    *(base64.b64encode(b"." * shift + _SECRET.encode())[4:28] for shift in range(3)),
)
ON_PURPOSE: Final = "leaks-on-purpose"
"""How a folder's name begins in which a test leaves the token, to see that it would be found."""

#: The settings file is where the token belongs.
_HOME: Final = ".env"


def traces_in(content: bytes) -> bool:
    """Return whether the token, or enough of it to be worth something, is in the content."""
    return any(trace in content for trace in _TRACES)


def leaks_in(folder: Path) -> Iterator[str]:
    """Yield the names of the files below a folder that hold the token, in name or content."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if traces_in(name.encode(errors="replace")):
            yield f"{name!r}, in its very name"
        if path.name == _HOME or path.is_symlink() or not path.is_file():
            continue
        try:
            if path.stat().st_size and _holds(path):
                yield name
        except OSError:
            continue  # gone meanwhile, or made unreadable by a test


def _holds(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(content.find(trace) >= 0 for trace in _TRACES)


class Watch(logging.Handler):
    """What was found so far, each with where; as a handler it reads the log as Bobbin writes it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.running = "no test"
        self.setFormatter(_Json(Redaction([TOKEN])))

    def emit(self, record: logging.LogRecord) -> None:
        """Look at a line of the log."""
        line = self.format(record)
        if traces_in(line.encode(errors="replace")) or INTERACTION in line:
            self.found.append(f"{self.running}: in a line of the log by {record.name}")

    def look(self, text: str, where: str) -> None:
        """Look at what was printed, shown or sent."""
        if traces_in(text.encode(errors="replace")):
            self.found.append(f"{self.running}: {where}")


_watch = Watch()


def heard(text: str) -> str:
    """Look at what a program said, and return it."""
    _watch.look(text, "in what the program printed")
    return text


def watched() -> aiohttp.TraceConfig:
    """Return what makes a client look at every page that it is sent: one of its ``trace_configs``."""

    async def look(
        _session: object, _context: object, sent: aiohttp.TraceResponseChunkReceivedParams
    ) -> None:
        if traces_in(sent.chunk):
            _watch.found.append(f"{_watch.running}: in the page {sent.url.path}")

    tracing = aiohttp.TraceConfig()
    tracing.on_response_chunk_received.append(look)
    return tracing


# The hooks


def pytest_sessionstart() -> None:
    logging.getLogger().addHandler(_watch)


def pytest_runtest_logstart(nodeid: str) -> None:
    _watch.running = nodeid


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    for name, content in report.sections:
        if traces_in(content.encode(errors="replace")):
            _watch.found.append(f"{report.nodeid}: in {name}")
    if report.longrepr is not None:
        _watch.look(str(report.longrepr), f"in the report of {report.nodeid}")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _watch.found += getattr(node, "workeroutput", {}).get("canary", [])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    logging.getLogger().removeHandler(_watch)
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["canary"] = _watch.found
        return
    # Kept by pytest once any test had a folder; asking for it would make one. Those of the processes
    # beside this one lie in it.
    folder = getattr(getattr(session.config, "_tmp_path_factory", None), "_basetemp", None)
    if folder is not None:
        _watch.found += [f"in the file {name}" for name in leaks_in(folder) if ON_PURPOSE not in name]
    if _watch.found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _watch.found:
        terminalreporter.section("the token was found", red=True)
        for one in dict.fromkeys(_watch.found):
            terminalreporter.write_line(one)
