"""What the command line prints: help, text, JSON, reports on imports, and how each command ends."""

import contextlib
import io
import os
import re
import runpy
import shutil
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.canary import TOKEN, heard
from tests.golden.normal import normal, without_versions
from tests.golden.samples import (
    ALTERED,
    CHECKED,
    COLLECTION,
    OWN,
    PUBLIC,
    QUESTIONS,
    REFUSED,
    SERVER,
    write,
    write_handbook,
    zipped,
)
from tests.golden.seams import NOON, READER_SAMPLES, build

__all__ = ["commands", "imports", "run"]

Take = Callable[..., str]

_WIDTH = "80"
_LISTED = re.compile(r"^  ([a-z][a-z-]*)  ", re.MULTILINE)


def run(*words: str, stdin: str = "") -> str:
    """Run ``python -m bot`` in this process; return what it printed and its exit status, as one text.

    Settings, folder and signals are those of the caller again afterwards.
    """
    streams = [io.TextIOWrapper(io.BytesIO(given), encoding="utf-8") for given in (stdin.encode(), b"", b"")]
    before = sys.argv, sys.stdin, sys.stdout, sys.stderr
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    status: object = 0
    try:
        sys.argv = ["bobbin", *words]
        sys.stdin, sys.stdout, sys.stderr = streams
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # that the module was imported before
            runpy.run_module("bot", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        status = end.code
    finally:
        sys.argv, sys.stdin, sys.stdout, sys.stderr = before
        for number, handler in handlers.items():
            signal.signal(number, handler)
    said, complained = (_written(stream) for stream in streams[1:])
    parts = [f"$ bobbin {' '.join(words)}\n", said]
    parts += [f"--- standard error\n{complained}"] if complained else []
    return heard("".join([*parts, f"--- exit status {status or 0}\n"]))


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")


@contextlib.contextmanager
def _place(folder: Path) -> Iterator[dict[str, str]]:
    """Work in a folder with a handbook and no settings but a token; yield what paths are called."""
    folder.mkdir(parents=True, exist_ok=True)
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("BOBBIN_")]:
        del os.environ[name]
    write_handbook(folder / "handbook")
    os.environ |= {
        "BOBBIN_DISCORD_TOKEN": TOKEN,
        "BOBBIN_HANDBOOK": "handbook",
        "BOBBIN_HTTP_PORT": "9",
        "COLUMNS": _WIDTH,
        "LINES": "40",
        "NO_COLOR": "1",
    }
    try:
        with contextlib.chdir(folder):
            yield {str(folder.resolve()): "folder", str(folder): "folder", str(SERVER): "server"}
    finally:
        os.environ.clear()
        os.environ.update(before)


class _Terminal:
    """A place to run commands in, and what they printed so far."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self.cases: dict[str, str] = {}

    def take(self, case: str, *words: str, stdin: str = "") -> str:
        """Run a command and keep what it printed as a case; return it."""
        self.cases[f"{case}.txt"] = normal(run(*words, stdin=stdin), self.names)
        return self.cases[f"{case}.txt"]


async def commands(folder: Path) -> Mapping[str, str]:
    """Return what each command prints over the fixed archive, and the help of all."""
    with _place(folder) as names:
        terminal = _Terminal(names)
        _explains(terminal.take)
        build(Path("data"), Path("handbook"), write(Path("saved"), PUBLIC), {SERVER: write(Path("own"), OWN)})
        terminal.cases["check.txt"] = without_versions(normal(run("check"), names))
        _asks(terminal.take)
        _reads(terminal.take)
        _evaluates(terminal)
        _forgets(terminal.take)
        _refuses(terminal.take)
        return terminal.cases


def _explains(take: Take) -> None:
    listed = take("help/bobbin", "--help").partition("Commands:")[2]
    for command in _LISTED.findall(listed):
        take(f"help/{command}", command, "--help")
    take("empty/ask", "ask", "How do I ask?")
    take("empty/threads", "threads")
    take("empty/sources", "sources")


def _asks(take: Take) -> None:
    for language, question in QUESTIONS.items():
        take(f"ask/{language}", "ask", question)
        take(f"ask/{language}-json", "ask", "--json", question)
    take("ask/explained", "ask", "--explain", "-n", "1", QUESTIONS["en"])
    take("ask/explained-json", "ask", "--explain", "--json", "-n", "1", QUESTIONS["en"])
    take("ask/misspelt-json", "ask", "--json", "-n", "1", "Who cut the lens of a lighhouse?")
    take("ask/hostile", "ask", "harmonica", "heading")
    take("ask/nothing", "ask", "carburettor torque")
    take("ask/nothing-json", "ask", "--json", "carburettor torque")
    take("ask/no-question", "ask")
    take("ask/no-such-option", "ask", "--colour", "red")
    for case, quote in CHECKED.items():
        take(f"verify/{case}", "verify", quote)
    for form in ("", "--json", "--csv"):
        take(f"when/found{form}", *filter(None, ("when", form)), "the", "gulls")
    take("trend/found", "trend", "gulls")
    take("trend/found-json", "trend", "--json", "gulls")
    take("trend/nothing", "trend", "carburettor")
    take("when/both", "when", "--author", "@harbour_keeper", "gulls")
    take("when/nothing", "when", "carburettor")
    take("verify/json", "verify", "--json", "--author", "@nobody", ALTERED)
    take("help-me/answer", "help-me", "How do I import threads?")
    take("help-me/answer-json", "help-me", "--json", "How do I import threads?")
    take("help-me/nothing-json", "help-me", "--json", "carburettor torque")


def _reads(take: Take) -> None:
    listed = take("threads/all", "threads")
    take("threads/all-json", "threads", "--json")
    take("threads/author-json", "threads", "--author", "@harbour_keeper", "--json")
    take("threads/some", "threads", "-n", "2")
    ids = re.findall(r"^([0-9a-z]{12})  ", listed, re.MULTILINE)
    for number, thread_id in enumerate(ids, start=1):
        take(f"thread/{number}", "thread", thread_id)
    take("thread/json", "thread", "--json", ids[0])
    take("thread/none", "thread", "zzzzzzzzzzzz")
    take("thread/none-json", "thread", "--json", "zzzzzzzzzzzz")
    take("sources/all", "sources")
    take("sources/all-json", "sources", "--json")
    take("sources/thread-json", "sources", "--json", "--thread", ids[0])
    take("sources/none", "sources", "--thread", "zzzzzzzzzzzz")
    take("export/all", "export")
    take("export/author", "export", "--author", "@miller")
    take("export/file", "export", "-o", "written.jsonl")
    take("export/none", "export", "--collection", "attic")
    take("chat", "chat", stdin=_conversation(ids[-1]))
    take("digest/none", "digest", "--server", str(SERVER))
    take("digest/preview", "digest", "--server", str(SERVER), "--preview", "--date", f"{NOON:%Y-%m-%d}")


def _evaluates(terminal: _Terminal) -> None:
    write(Path("harbour"), COLLECTION)
    for case, options in (("plain", ()), ("json", ("--json",))):
        words = ("evaluate", "--misspelt", "--follow-ups", "--run", "ranking.txt", *options, "harbour")
        terminal.cases[f"evaluate/{case}.txt"] = _evaluated(normal(run(*words), terminal.names))
    terminal.cases["evaluate/ranking.txt"] = normal(Path("ranking.txt").read_text(), terminal.names)
    terminal.take("evaluate/none", "evaluate", "attic")


def _forgets(take: Take) -> None:
    take("forget/nobody", "forget", "--yes")
    take("forget/no-source", "forget", "--yes", "--source", "attic.txt")
    take("forget/unasked", "forget", "@miller")
    take("forget/source", "forget", "--yes", "--source", "lamp.txt")
    take("forget/source-json", "forget", "--yes", "--json", "--source", "oven.txt")
    take("forget/author", "forget", "--yes", "@miller")
    take("forget/author-json", "forget", "--yes", "--json", "@harbour_keeper")
    take("forget/afterwards", "import", "saved")


def _refuses(take: Take) -> None:
    del os.environ["BOBBIN_DISCORD_TOKEN"]
    take("run/no-token", "run")
    take("settings/no-such-command", "attic")
    os.environ["BOBBIN_HTTP_PORT"] = "lamp"
    take("settings/wrong", "threads")


def _conversation(thread_id: str) -> str:
    lines = ("help", QUESTIONS["en"], "context 1", "more", "thread 1", "and by noon?", "new", "more")
    return (
        "\n".join((*lines, "thread", f"thread {thread_id}", "context 9", "carburettor torque", "quit")) + "\n"
    )


def _evaluated(text: str) -> str:
    """Leave out how many questions a second were answered."""
    text = re.sub(r'("per_second": )[^,\n]+', r"\1{n}", text)
    return re.sub(r"^(bobbin .*\d) +[\d,]+$", r"\1 {n}", text, flags=re.MULTILINE)


async def imports(folder: Path) -> Mapping[str, str]:
    """Return the report on each sample by itself, on all together, and on what is no thread."""
    with _place(folder) as names:
        terminal = _Terminal(names)
        shutil.copytree(READER_SAMPLES, "samples")
        write(Path("refused"), REFUSED)
        write(Path("saved"), {**PUBLIC, "both.zip": zipped({**PUBLIC, **REFUSED})})
        _imports(terminal.take)
        return terminal.cases


def _imports(take: Take) -> None:
    def anew(case: str, *words: str, stdin: str = "") -> None:
        """Import into an archive that holds nothing yet."""
        shutil.rmtree("data", ignore_errors=True)
        take(case, "import", *words, stdin=stdin)

    for path in sorted(Path("samples").iterdir()):
        anew(f"samples/{path.name}", str(path))
    anew("all", "samples")
    take("all-again", "import", "samples")
    anew("all-json", "--json", "samples")
    for name in REFUSED:
        anew(f"refused/{name}", f"refused/{name}")
    anew("refused/all", "refused")
    take("refused/all-json", "import", "--json", "refused")
    anew("zip", "saved/both.zip")
    known = ("--author", "@ada", "--title", "Lamps", "--url", "https://x.example/1")
    anew("input", *known, "-", stdin=PUBLIC["lamp.txt"])
    take("input-again-json", "import", "--json", "--posted", "2024-05-01", "-", stdin=PUBLIC["lamp.txt"])
    anew("quiet", "--quiet", "saved/lamp.txt")
    take("elsewhere", "import", "--collection", "attic", "--language", "de", "saved/oven.txt")
    take("missing", "import", "attic.txt")
    take("wrong-time", "import", "--posted", "yesterday", "saved/lamp.txt")
    take("wrong-address", "import", "--url", "lamp", "saved/lamp.txt")
