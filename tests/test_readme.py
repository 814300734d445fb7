"""The documents say what is true: the transcript, the commands, the options, the settings, the links."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.i18n import LANGUAGES
from bot.posting.permissions import invite_link
from bot.process import ExitStatus
from bot.settings import PREFIX
from tests.bot.cli.commands import screen
from tests.program import COMMANDS, SETTINGS, options_of, slash_commands

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for folder in (".", ".github", "bot", "data", "data/deploy", "retrieval")
    for path in (ROOT / folder).glob("*.md")
)
README = (ROOT / "README.md").read_text(encoding="utf-8")
WIDTH = 88
#: Words in the place of a command that are none.
PLACEHOLDERS = {"COMMAND", "X"}
#: Addresses of pages, which begin like commands of Discord.
ADDRESSES = {"health", "live", "metrics", *LANGUAGES}

each_document = pytest.mark.parametrize("name", DOCUMENTS)


def text_of(name: str) -> str:
    """Return a document's text without the files that a recipe adds to the project."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.sub(r"^```(?:python|diff)\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def code_in(markdown: str) -> list[str]:
    """Return every line to be typed in a fenced block, and every span of code."""
    lines: list[str] = []
    for block in re.findall(r"^ *```(?:sh|console)\n(.*?)^ *```$", markdown, re.MULTILINE | re.DOTALL):
        prompted = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
        lines += prompted or block.splitlines()
    return [line.strip() for line in lines] + re.findall(r"(?<!`)`([^`\n]+)`(?!`)", markdown)


def calls_in(markdown: str) -> list[list[str]]:
    """Return every call of bobbin that stands in code, as words, the program's name left out."""
    calls = [call.split() for code in code_in(markdown) for call in code.split(" && ")]
    return [call[1:] for call in calls if len(call) > 1 and call[0] in {"bobbin", ".venv/bin/bobbin"}]


def blocks_of_commands() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_transcript_is_what_the_command_line_prints_now(tmp_path: Path) -> None:
    found = re.search(r"^```console\n\$ bobbin (ask [^\n]*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert found
    ours = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    ours |= {"COLUMNS": str(WIDTH), "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    # A pipe gets the words alone; what a person sees is on a terminal.
    with screen() as (terminal, parts):
        run = subprocess.run(
            [sys.executable, "-m", "bot", *shlex.split(found[1])],
            cwd=tmp_path,
            env=ours | {"NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=terminal,
            check=False,
        )
    shown = b"".join(parts).decode()
    assert run.returncode == 0, shown
    printed = [line.rstrip() for line in shown.splitlines()]
    assert [line.rstrip() for line in found[2].splitlines()] == printed


def test_it_opens_with_one_sentence_a_real_question_and_the_two_commands() -> None:
    assert re.match(r'# Bobbin\n\n[^.!?\n]+\.\n\n```console\n\$ bobbin ask ".+\?"\n', README)
    first, second = blocks_of_commands()[:2]
    assert first.count("\n") == second.count("\n") == 1
    assert " .venv/bin/bobbin ask " in first
    assert " .venv/bin/pytest" in second


def test_the_two_commands_use_nothing_but_venv_pip_and_what_they_install() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    development = [re.split("[<>=]", wanted)[0] for wanted in project["optional-dependencies"]["dev"]]
    for line, installed in zip(
        blocks_of_commands()[:2], ([*project["scripts"]], [*project["scripts"], *development]), strict=True
    ):
        make, install, run = (shlex.split(step) for step in line.split("&&"))
        assert make == ["python3", "-m", "venv", ".venv"]
        assert install[:2] == [".venv/bin/pip", "install"]
        assert (ROOT / install[install.index("-c") + 1]).is_file()
        assert run[0] in {f".venv/bin/{name}" for name in installed}


@each_document
def test_every_command_and_option_of_the_terminal_that_is_named_exists(name: str) -> None:
    for command, *words in calls_in(text_of(name)):
        if command in PLACEHOLDERS or command.startswith("-"):
            continue
        assert command in COMMANDS, f"{name} names bobbin {command}"
        options = {word for word in words if re.fullmatch(r"--?[a-z][\w-]*", word)}
        assert options <= options_of(command), f"{name} names options that bobbin {command} has not"


def test_the_table_of_commands_is_complete_and_its_options_exist() -> None:
    rows = dict(re.findall(r"^\| `bobbin ([\w-]+)[^|]*\|(.*)\|$", README, re.MULTILINE))
    assert set(rows) == COMMANDS
    for command, does in rows.items():
        assert set(re.findall(r"`(--?\w[\w-]*)`", does)) <= options_of(command)


@each_document
def test_every_command_of_discord_that_is_named_exists(name: str, tmp_path: Path) -> None:
    named = {found for code in code_in(text_of(name)) for found in re.findall(r"^/([a-z]+)(?![\w/.-])", code)}
    assert named - ADDRESSES <= slash_commands(tmp_path)


@each_document
def test_every_setting_that_is_named_exists(name: str) -> None:
    assert set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", text_of(name))) <= SETTINGS


@each_document
def test_every_link_inside_the_project_leads_somewhere(name: str) -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)\)", text_of(name))
    assert [target for target in targets if not ((ROOT / name).parent / target).exists()] == []


def test_the_table_of_exit_statuses_holds_those_of_run() -> None:
    rows = re.findall(r"^\| (\d+) \| (.*?) \|", text_of("bot/OPERATION.md"), re.MULTILINE)
    told = {int(status) for status, of in rows if "`bobbin run`" in of and "but" not in of}
    assert told | {0} == {int(status) for status in ExitStatus}


def test_the_invite_asks_for_what_the_readme_says_and_bobbin_prints() -> None:
    found = re.search(r"scope=bot\+applications\.commands&permissions=(\d+)", README)
    assert found
    view, send, history, in_threads = 1 << 10, 1 << 11, 1 << 16, 1 << 38
    assert int(found[1]) == view | send | history | in_threads
    assert f"permissions={found[1]}" in invite_link(1)
