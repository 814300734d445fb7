"""Every way of failing ends in one line: ``bobbin: what happened to what; what to do``."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bot.cli.errors import explain
from bot.cli.group import bobbin
from bot.cli.main import COMMANDS
from bot.cli.options import WholeNumber
from tests.bot.cli.commands import process, run

ONE_LINE = re.compile(r"bobbin: [^\n]*[^\n.]; [^\n]+\n")
#: Commands that a test would have to stop, or that ask Discord.
WAITING = {"run", "serve", "chat", "init"}


def parameters() -> list[tuple[str, str, click.Parameter]]:
    """Return each parameter of each command, with the command's name and the parameter's."""
    root = click.Context(bobbin, info_name="bobbin")
    found = []
    for name in COMMANDS:
        command = bobbin.get_command(root, name)
        assert command is not None
        found += [(name, parameter.name or "", parameter) for parameter in command.params]
    return found


def complaints(*words: str, status: int | None = None) -> str:
    """Run a command that fails; return its line, which must have the one form."""
    result = run(*words)
    assert ONE_LINE.fullmatch(result.stderr), (words, result.stderr)
    assert result.exit_code == status if status else result.exit_code in {1, 2}
    return result.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_wrong_words_for_any_command_are_one_line_that_names_them(name: str) -> None:
    assert f"bobbin: {name}: there is no option --zeppelin; " in complaints(name, "--zeppelin", status=2)
    of_command = [parameter for command, _, parameter in parameters() if command == name]
    needed = [parameter for parameter in of_command if parameter.required]
    if needed:
        assert " is missing; write: bobbin " in complaints(name, status=2)
    for parameter in of_command:
        if not isinstance(parameter, click.Option) or parameter.is_flag:
            continue
        option = max(parameter.opts, key=len)
        assert complaints(name, option, status=2) == f"bobbin: {option} has no value; write one behind it\n"
        if isinstance(parameter.type, WholeNumber | click.Choice | click.DateTime):
            said = complaints(name, option, "zeppelin", status=2)
            assert said.startswith(f"bobbin: {name} {option}: 'zeppelin' is no"), said
    if not any(parameter.required or isinstance(parameter, click.Argument) for parameter in of_command):
        assert "takes no extra argument (zeppelin)" in complaints(name, "zeppelin", status=2)


#: Words of commands that fail, and what their line must name.
REFUSED = [
    ("zeppelin", "'zeppelin'"),
    ("--color pink threads", "'pink'"),
    ("threads --collection attic", "'attic'"),
    ("thread zzzzzzzzzzzz", "'zzzzzzzzzzzz'"),
    ("open zzzzzzzzzzzz", "'zzzzzzzzzzzz'"),
    ("import missing.txt", "missing.txt"),
    ("export --collection attic", "'attic'"),
    ("export -o missing/x.jsonl", "/missing/x.jsonl: No such file"),
    ("export -o pages", "pages"),
    ("sources --thread zzzzzzzzzzzz", "'zzzzzzzzzzzz'"),
    ("follow zeppelin", "zeppelin"),
    ("follow https://x.com/ada", "X"),
    ("unfollow @zeppelin", "@zeppelin"),
    ("forget", "--source"),
    ("forget --source x", "--yes"),
    ("forget --source x -y", "'x'"),
    ("forget @@ -y", "@HANDLE"),
    ("backup pages/lamp.txt", "pages/lamp.txt"),
    ("backup pages/lamp.txt/x", "pages/lamp.txt"),
    ("restore missing -y", "missing"),
    ("restore pages -y", "pages"),
    ("digest --server 1", "server 1"),
    ("digest --server 1 --date 2026-02-30", "'2026-02-30'"),
    ("evaluate missing", "'missing'"),
    ("evaluate pages", "pages"),
    ("completion tcsh", "'tcsh'"),
    ("man -o pages/lamp.txt/x", "pages/lamp.txt/x"),
    ("serve --host 192.0.2.1", "192.0.2.1"),
    ("--data-dir pages/lamp.txt ask ferry", "pages/lamp.txt"),
    ("--data-dir ~nobody-here/x threads", "BOBBIN_DATA_DIR"),
]


def test_what_is_missing_or_refused_is_one_line_that_names_it(filled: Path) -> None:
    assert filled.name == "pages"
    for words, names in REFUSED:
        assert names in complaints(*words.split()), words


@pytest.mark.parametrize(
    "name", sorted(set(COMMANDS) - WAITING - {"check", "commands", "completion", "licences", "man"})
)
def test_a_database_that_is_none_is_one_line_from_every_command(name: str, pages: Path) -> None:
    (pages.parent / "data").mkdir()
    for database in ("archive.db", "servers.db"):
        (pages.parent / "data" / database).write_text("This is no database at all.")
    words = {
        "ask": ["ferry"],
        "help-me": ["import"],
        "thread": ["zzzzzzzzzzzz"],
        "open": ["zzzzzzzzzzzz"],
        "import": [str(pages)],
        "follow": ["@ada.example"],
        "unfollow": ["@ada.example"],
        "forget": ["@ada", "-y"],
        "backup": ["copies"],
        "restore": ["copies", "-y"],
        "digest": ["--server", "1"],
        "evaluate": [str(pages)],
        "trend": ["ferry"],
        "verify": ["The ferry left at nine."],
        "when": ["ferry"],
    }.get(name, [])
    complaints(name, *words, status=1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"# a remark\n\nBOBBIN_HTTP_PORT=70000\n", "BOBBIN_HTTP_PORT (FILE, line 3) "),
        (b"BOBBIN_HTTP_PORT=8000\nexport BOBBIN_HTTP_PORT='x'\n", "BOBBIN_HTTP_PORT (FILE, line 2) "),
        (b'\xef\xbb\xbfbobbin_log_level="loud"\n', "BOBBIN_LOG_LEVEL (FILE, line 1) "),
        (b"A='x\ny'\n\n  BOBBIN_SHARDS=9/2\n", "BOBBIN_SHARDS (FILE, line 4) "),
        (b"BOBBIN_DATA_DIR=a\0b\n", "BOBBIN_DATA_DIR (FILE, line 1) "),
        (b"BOBBIN_INBOX=~nobody-here/x\n", "BOBBIN_INBOX (FILE, line 1) "),
        (b"A=b\nBOBBIN_PUBLIC_URL=gopher://x\n", "BOBBIN_PUBLIC_URL (FILE, line 2) "),
        (b"A=b\nC=caf\xe9\n", "FILE, line 2: is no UTF-8 text"),
        ("BOBBIN_HTTP_PORT=1\n".encode("utf-16"), "FILE, line 1: is no UTF-8 text"),
    ],
)
def test_an_error_in_the_settings_file_names_file_and_line(
    content: bytes, says: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BOBBIN_HTTP_PORT")
    (place / ".env").write_bytes(content)
    for words in ("threads", "ask ferry", "check", "chat", "serve", "run", "init"):
        assert says.replace("FILE", str(place / ".env")) in complaints(*words.split())


def test_a_line_that_sets_nothing_and_a_misspelt_setting_are_named_with_file_and_line(place: Path) -> None:
    (place / ".env").write_text("\nA=b\nzeppelin over the quay\nBOBBIN_HTTP_PROT=1\n")
    with process("check") as checking:
        output, errors = checking.communicate(timeout=60)
    assert f"{place / '.env'}, line 3: is left out" in errors
    assert len(errors.splitlines()) == 1
    assert f"BOBBIN_HTTP_PROT: ({place / '.env'}, line 4) is no setting of Bobbin; did you mean" in output


@pytest.mark.usefixtures("filled")
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")  # noqa: PTH110
def test_a_full_disk_behind_the_output_is_one_line() -> None:
    for words in ("--version", "threads", "export"):
        with open("/dev/full", "w") as full, process(*words.split(), stdout=full) as writing:  # noqa: PTH123
            _, errors = writing.communicate(timeout=60)
        assert writing.returncode == 1
        assert errors == "bobbin: the output: No space left on device; check where the output goes\n"


def test_a_mistake_of_bobbin_s_own_keeps_its_traceback() -> None:
    assert explain(KeyError("a mistake")) is None
    assert explain(MemoryError()) == (
        "there is not enough memory; close other programs, or give this machine more, and run it again",
        1,
    )


LOST = """
import gc, signal, time, weakref
from bot.cli.errors import explain, keep_interrupts

class Held:
    pass

class Closing:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

def interrupt(*_):
    signal.raise_signal(signal.SIGINT)

def collected(phase, _):
    gc.callbacks.clear()
    interrupt()

def cleared(way):
    held = Closing() if way == "del" else Held()
    if way == "finalize":
        weakref.finalize(held, interrupt)
    if way == "reference":
        held.reference = reference = weakref.ref(held, interrupt)
        return reference
    if way == "collector":
        gc.callbacks.append(collected)
        gc.collect()

signal.signal(signal.SIGINT, signal.default_int_handler)
keep_interrupts()
try:
    kept = cleared(%r)
    print("lost", flush=True)
    time.sleep(60)
except KeyboardInterrupt as error:
    print(explain(error)[1])
"""


@pytest.mark.parametrize("way", ["del", "finalize", "reference", "collector"])
def test_an_interrupt_that_comes_while_an_object_is_cleared_away_is_not_lost(way: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LOST % way], check=True, text=True, capture_output=True, timeout=50
    )
    # The interrupt was lost at first, else this would not test anything.
    assert ended.stdout == "lost\n130\n"
    assert ended.stderr == ""
