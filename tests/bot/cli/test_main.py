import io
import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import click
import pytest

from bot.cli.group import bobbin
from bot.cli.main import COMMANDS, VERSION, help_text
from bot.cli.terminal import terminal_style
from tests.bot.cli.commands import ROOT, process, run
from tests.bot.cli.conftest import BAKER, LAMP


def test_help_shows_every_command_with_a_sentence() -> None:
    shown = run("--help").stdout
    context = click.Context(bobbin, info_name="bobbin")
    assert bobbin.list_commands(context) == list(COMMANDS)
    for name, (_, _, line) in COMMANDS.items():
        assert f"\n  {name} " in shown
        command = bobbin.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.get_short_help_str(200) == line
    assert run("--version").stdout == f"bobbin {VERSION}\n"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION


@pytest.mark.parametrize("width", [52, 80, 100])
def test_the_help_of_every_command_fits_the_width(width: int) -> None:
    root = click.Context(bobbin, info_name="bobbin")
    for name in COMMANDS:
        command = bobbin.get_command(root, name)
        assert command is not None
        shown = command.get_help(click.Context(command, info_name=name, parent=root, terminal_width=width))
        assert "RANGE" not in shown
        assert "x>=" not in shown
        assert "<=x" not in shown
        assert len(max(shown.splitlines(), key=len)) <= width, shown
        assert "\\b" not in shown
    assert len(max(help_text(width).splitlines(), key=len)) <= width


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--version"], ["completion", "bash"]])
def test_help_version_and_completion_scripts_import_no_command_and_no_library(
    words: list[str],
) -> None:
    """How long they take is what ``python -m tests.benchmarks.start`` measures."""
    script = "import sys; from bot.cli.main import main; main(); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", script, *words],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout
    loaded = set(done.stderr.split())
    assert {name for name in loaded if name.startswith("bot.")} <= {
        "bot.cli",
        "bot.cli.main",
        "bot.cli.completion_scripts",
    }
    assert not loaded & {"click", "logging", "sqlite3", "retrieval", "numpy", "pydantic"}


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("words", "unneeded"),
    [
        (["threads"], {"rich.console", "retrieval.index.segment", "retrieval.search.answers"}),
        (
            ["ask", "why was the lamp moved for the ferry?"],
            {"retrieval.index.builder", "retrieval.search.quote_check"},
        ),
    ],
)
def test_a_command_imports_nothing_slow_that_it_does_not_need(
    place: Path, words: list[str], unneeded: set[str]
) -> None:
    """How long they take is what ``python -m tests.benchmarks.start`` measures."""
    run(*words)  # the first question of an archive makes and stores its index
    script = """if True:
        import atexit, sys
        atexit.register(lambda: print(*sys.modules, file=sys.stderr))
        from bot.cli.main import main
        main()
    """
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout
    loaded = set(done.stderr.split())
    assert "retrieval.archive" in loaded
    assert not loaded & (unneeded | {"pydantic", "dotenv", "discord", "numpy.ma", "importlib.metadata"})


@pytest.mark.usefixtures("filled")
def test_common_options_work_with_every_command(place: Path) -> None:
    for name in COMMANDS:
        assert "--data-dir DIR" in run(name, "--help").stdout
        assert "--color" in run(name, "--help").stdout
    elsewhere = run("--data-dir", "elsewhere", "threads")
    assert "handbook" in elsewhere.stderr
    assert (place / "elsewhere" / "archive.db").exists()
    assert "BOBBIN_DATA_DIR" not in os.environ
    assert "lamp" in run("threads", "--data-dir", "data").stdout
    for words, coloured in (
        (("--color", "always", "threads"), True),
        (("threads", "--color=always"), True),
        (("threads", "--color=never"), False),
        (("threads",), False),
    ):
        assert ("\x1b[" in run(*words).stdout) == coloured


@pytest.mark.usefixtures("filled")
def test_force_color_and_no_color_are_heeded_through_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert terminal_style(io.StringIO()).colour
    for words in (("threads",), ("ask", "ferry"), ("check",)):
        assert "\x1b[" in run(*words).stdout, words
        assert "\x1b[" not in run(*words, "--color", "never").stdout, words
    monkeypatch.setenv("NO_COLOR", "1")
    assert not terminal_style(io.StringIO()).colour
    for words in (("threads",), ("ask", "ferry"), ("check",)):
        assert "\x1b[" not in run(*words).stdout, words
        assert "\x1b[" in run("--color", "always", *words).stdout, words


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"])
def test_closed_standard_streams_are_no_error(closed: str) -> None:
    for words in ("--help", "threads", "ask ferry", "thread zzzzzzzzzzzz"):
        script = f'"{sys.executable}" -m bot {words} {closed}'
        ended = subprocess.run(
            ["/bin/sh", "-c", script],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == (1 if "zzzz" in words else 0), (words, closed, ended.stderr)
        assert "Traceback" not in ended.stderr


def test_a_misspelt_command_names_the_nearest() -> None:
    assert "did you mean threads?" in run("thread-s").stderr
    assert "`bobbin --help` lists" in run("zeppelin").stderr


def test_a_bad_setting_is_one_sentence_with_exit_status_two_and_help_still_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BOBBIN_QUOTES_PER_ANSWER", "many")
    for command in (
        ["ask", "x"],
        ["chat"],
        ["check"],
        ["threads"],
        ["import", "handbook"],
        ["export"],
        ["run"],
    ):
        result = run(*command)
        assert result.exit_code == 2
        assert result.stderr.startswith("bobbin: BOBBIN_QUOTES_PER_ANSWER (set in the environment) ")
        assert len(result.stderr.splitlines()) == 1
        assert run(command[0], "--help").exit_code == 0


@pytest.mark.usefixtures("filled")
def test_the_terminal_s_commands_never_load_discord() -> None:
    with process("ask", "ferry", env={"PYTHONPROFILEIMPORTTIME": "1"}) as asking:
        output, errors = asking.communicate(timeout=60)
    assert "ferry" in output
    loaded = {line.rpartition("|")[2].strip() for line in errors.splitlines()}
    assert "retrieval.archive" in loaded
    assert not {name for name in loaded if name.partition(".")[0] in {"discord", "aiohttp"}}


@pytest.mark.usefixtures("filled")
def test_output_through_a_pipe_is_plain_and_word_for_word() -> None:
    with process("ask", "lamp ferry oven", env={"COLUMNS": "50"}) as asking:
        output, errors = asking.communicate(timeout=60)
    assert asking.returncode == 0
    assert errors == ""
    assert "\x1b" not in output
    assert "│" not in output
    posts = [line for line in (LAMP + BAKER).splitlines() if not line.startswith("/")]
    assert [line for line in output.splitlines() if line in posts]


@pytest.mark.usefixtures("filled")
def test_an_output_that_cannot_show_a_character_is_no_error() -> None:
    with process("ask", "ferry", env={"PYTHONIOENCODING": "latin-1"}) as asking:
        output, errors = asking.communicate(timeout=60)
    assert (asking.returncode, errors) == (0, "")
    assert "the harbour office wrote?" in output


@pytest.mark.usefixtures("ignoring_interrupts")
def test_an_interrupted_command_leaves_with_status_130(place: Path) -> None:
    with process("import", "-") as importing:
        end = time.monotonic() + 60
        while not (place / "data" / "archive.db").exists():
            assert time.monotonic() < end
            time.sleep(0.02)
        importing.send_signal(signal.SIGINT)
        _, errors = importing.communicate(timeout=60)
    assert importing.returncode == 130
    # Before it, it may have been told what of the import is in.
    assert errors.endswith("bobbin: interrupted; run the command again\n")
    assert "Traceback" not in errors


def test_a_reader_that_closes_the_pipe_hears_no_complaint(pages: Path) -> None:
    posts = "".join(f"{n} barrels stood on the quay that morning.\n/{n}\n" for n in range(1, 3000))
    (pages / "long.txt").write_text(posts)
    assert run("import", str(pages / "long.txt")).exit_code == 0
    (thread,) = json.loads(run("threads", "--json").stdout)["threads"]
    with process("thread", thread["id"]) as showing:
        assert showing.stdout
        assert showing.stderr
        showing.stdout.read(10)
        showing.stdout.close()
        assert showing.stderr.read() == ""
        showing.wait(60)


def test_starting_the_bot_without_a_token_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOBBIN_DISCORD_TOKEN")
    with process("run") as starting:
        _, errors = starting.communicate(timeout=60)
    assert starting.returncode not in {0, None}
    assert "BOBBIN_DISCORD_TOKEN" in errors
    assert "Traceback" not in errors
