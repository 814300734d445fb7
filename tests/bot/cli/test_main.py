import json
import signal
import time
from pathlib import Path

import pytest

from bot.cli.main import bobbin
from tests.bot.cli.commands import process, run


def test_help_shows_every_command_with_a_sentence() -> None:
    shown = run("--help").stdout
    names = ("ask", "chat", "check", "export", "forget", "help-me", "import", "run", "sources", "thread")
    for name in (*names, "threads"):
        assert f"\n  {name} " in shown
        assert bobbin.commands[name].get_short_help_str()
    assert run("--version").stdout.startswith("bobbin ")


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
        assert result.stderr.startswith("Error: BOBBIN_QUOTES_PER_ANSWER (set in the environment) ")
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
def test_output_through_a_pipe_is_plain_and_keeps_to_the_width() -> None:
    with process("ask", "lamp ferry oven", env={"COLUMNS": "50"}) as asking:
        output, errors = asking.communicate(timeout=60)
    assert asking.returncode == 0
    assert errors == ""
    assert "\x1b" not in output
    assert max(len(line) for line in output.splitlines() if "https://" not in line) <= 50


@pytest.mark.usefixtures("filled")
def test_an_output_that_cannot_show_a_character_is_no_error() -> None:
    with process("ask", "ferry", env={"PYTHONIOENCODING": "latin-1"}) as asking:
        output, errors = asking.communicate(timeout=60)
    assert (asking.returncode, errors) == (0, "")
    assert "? The first move was for the ferry." in output


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
    assert errors.endswith("Interrupted.\n")
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
