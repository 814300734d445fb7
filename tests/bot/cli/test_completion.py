"""What the shells are offered, of every command, and what that imports."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.completion import Offer, complete, offers
from bot.cli.completion_table import COMMANDS as TAKEN
from bot.cli.completion_table import COMMON, GROUP
from bot.cli.main import COMMANDS
from retrieval.sqlite import sqlite3
from tests.bot.cli.commands import ROOT, run
from tests.bot.cli.completion_table import TABLE, table

_MODULES = "import sys; from bot.cli.main import main; main(); print(*sys.modules, file=sys.stderr)"
_SLOW = {"click", "rich", "pydantic", "numpy", "discord", "sqlite_utils", "regex", "logging", "retrieval"}


def values(words: list[str], typed: str = "") -> list[str]:
    return [offer.value for offer in offers(words, typed)]


def test_the_table_is_that_of_the_commands() -> None:
    assert TABLE.read_text(encoding="utf-8") == table(), "run python -m tests.bot.cli.completion_table"
    assert list(TAKEN) == list(COMMANDS)


def test_every_option_of_every_command_is_offered_with_its_help_and_once() -> None:
    for command, (_, own) in {**TAKEN, "": (None, GROUP)}.items():
        words = [command] if command else []
        options = (*own, *COMMON) if command else GROUP
        assert set(values(words, "-")) == {name for names, *_ in options for name in names}
        for names, kind, many, meaning in options:
            for name in names:
                assert offers(words, name)[0] == Offer(name, meaning)
                given = [*words, name, *([] if kind is None else ["x"])]
                assert (name in values(given, "-")) == many
                if isinstance(kind, tuple):
                    assert values([*words, name]) == list(kind)
                    assert values([*words, name], kind[0][:2]) == [kind[0]]
                    assert values(words, f"{name}={kind[0]}") == ([kind[0]] if name.startswith("--") else [])
                elif kind in {"file", "dir"}:
                    assert offers([*words, name], "no") == [Offer("no", kind=kind)]


@pytest.mark.usefixtures("filled")
def test_every_name_of_the_archive_is_offered_where_it_may_stand(place: Path) -> None:
    threads = json.loads(run("threads", "--sort", "arrival", "--json").stdout)["threads"]
    whole = {"threads": [one["id"] for one in threads], "authors": ["Ada Example"], "collections": ["main"]}
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*") if path.is_file()}
    for command, (argument, options) in TAKEN.items():
        for names, kind, *_ in options:
            if isinstance(kind, str) and kind in whole:
                for name in names:
                    assert values([command, name]) == whole[kind], (command, name)
        if argument is not None and isinstance(argument[0], str) and argument[0] in whole:
            assert values([command]) == whole[argument[0]]
            assert values([command, "--"]) == whole[argument[0]]
            assert (values([command, "x"]) == []) == (not argument[1])
    assert values(["thread"], whole["threads"][0][:5].upper()) == whole["threads"][:1]
    assert values(["ask", "--author"], "@aDA") == ["Ada Example"]
    assert values(["ask"], "--author=A") == ["Ada Example"]
    assert values(["zeppelin"]) == values(["zeppelin", "--author"]) == values(["ask", "--zeppelin"]) == []
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.usefixtures("filled")
def test_the_archive_is_the_one_that_the_command_would_open(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "a ?#%20 place").mkdir()
    (place / "data" / "archive.db").rename(place / "a ?#%20 place" / "archive.db")
    for words in (["--data-dir", "a ?#%20 place", "threads"], ["threads", "--data-dir=a ?#%20 place"]):
        assert values([*words, "--author"]) == ["Ada Example"], words
    assert values(["threads", "--author"]) == []
    (place / ".env").write_text("\ufeffBOBBIN_DATA_DIR='a ?#%20 place' # here\n", encoding="utf-8")
    assert values(["threads", "--author"]) == ["Ada Example"]
    monkeypatch.setenv("BOBBIN_DATA_DIR", "nowhere")
    assert values(["threads", "--author"]) == []
    assert not (place / "nowhere").exists()
    (place / ".env").write_bytes(b"BOBBIN_DATA_DIR=\xff\n")
    monkeypatch.delenv("BOBBIN_DATA_DIR")
    assert values(["threads", "--author"]) == []


@pytest.mark.usefixtures("filled")
def test_what_a_server_keeps_for_itself_and_what_a_terminal_obeys_is_not_offered(place: Path) -> None:
    with sqlite3.connect(place / "data" / "archive.db") as db:
        db.execute("update threads set title = 'A' || char(27) || '[31m\u202e lamp\n' || ?", ["x" * 200])
        db.execute("update threads set author = 'Ada' || char(27) where author is not null")
    db.close()
    assert values(["ask", "--author"]) == []
    meanings = [offer.meaning for offer in offers(["thread"], "")]
    assert meanings
    assert all(meaning.isprintable() and len(meaning) <= 80 for meaning in meanings)
    with sqlite3.connect(place / "data" / "archive.db") as db:
        db.execute("update collections set server_id = '7' where not handbook")
    db.close()
    assert values(["ask", "--in"]) == []
    handbook = values(["thread"])
    assert len(handbook) == 1  # as `bobbin threads` lists it while there is nothing else
    assert handbook[0] in run("threads").stdout


def test_a_line_is_read_as_each_shell_hands_it_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def answered(shell: str, words: str, at: str) -> str | None:
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", at)
        return complete(f"{shell}_complete")

    assert answered("bash", "bobbin threads --sort = ar", "4") == "plain,arrival\n"
    assert answered("bash", "bobbin threads --sort =", "3") == answered("bash", "bobbin threads --sort", "3")
    assert answered("bash", "bobbin threads --author = Ada --sort = ar", "7") == "plain,arrival\n"
    assert answered("bash", 'bobbin threads --author "Ada Ex" --sort ar', "5") == "plain,arrival\n"
    assert answered("bash", 'bobbin threads --sort "ar', "3") == "plain,arrival\n"
    assert answered("zsh", "bobbin threads --sort ar", "3") == "plain\narrival\n_\n"
    assert answered("zsh", "bobbin threads --sort=ar", "2") == "plain\narrival\n_\n"
    assert answered("fish", "bobbin threads --sort=ar", "--sort=ar") == "plain,--sort=arrival\n"
    assert answered("fish", "bobbin ask --exp", "--exp") == f"plain,--explain\t{TAKEN['ask'][1][-1][3]}\n"
    assert answered("bash", "", "") == answered("bash", "bobbin", "1")
    assert answered("bash", "bobbin th", "1") == "plain,threads\nplain,thread\n"
    assert answered("bash", "bobbin th", "one") == ""
    assert answered("tcsh", "bobbin th", "1") is None
    assert complete("bash_source") == run("completion", "bash").stdout


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("th", "thread"),
        ("ask --e", "--explain"),
        ("threads --sort l", "length"),
        ("thread ", ""),
        ("ask --author A", "Ada Example"),
    ],
)
def test_completion_imports_neither_a_command_nor_a_library(line: str, offered: str) -> None:
    place = str(len(line.split(" ")))
    done = subprocess.run(
        [sys.executable, "-S", "-c", _MODULES],
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "_BOBBIN_COMPLETE": "bash_complete"}
        | {"COMP_WORDS": f"bobbin {line}", "COMP_CWORD": place},
        capture_output=True,
        text=True,
        check=True,
    )
    assert offered in done.stdout
    assert done.stdout
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    of_the_archive = "thread " in line or "author" in line
    assert not loaded & (_SLOW if of_the_archive else _SLOW | {"sqlite3"})
    assert {name for name in done.stderr.split() if name.startswith("bot.")} == {
        "bot.cli",
        "bot.cli.completion",
        "bot.cli.completion_scripts",
        "bot.cli.completion_table",
        "bot.cli.main",
    }
