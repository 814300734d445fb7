"""Listing, printing and opening threads; completion and manual pages."""

import csv
import io
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.browser import open_in_browser
from bot.cli.main import COMMANDS
from tests.bot.cli.commands import ROOT, process, run, until
from tests.bot.cli.conftest import LAMP

pytestmark = pytest.mark.usefixtures("filled")


def ids() -> dict[str, str]:
    listed = json.loads(run("threads", "--json").stdout)["threads"]
    return {thread["opening"].split()[0]: thread["id"] for thread in listed}


def opening(place: Path, monkeypatch: pytest.MonkeyPatch, status: int = 0) -> Callable[[], list[str]]:
    """Put a program in the place of the one that opens addresses; the result tells what it was given."""
    programs, opened = place / "programs", place / "opened"
    programs.mkdir(exist_ok=True)
    for name in ("xdg-open", "open"):
        script = f'#!/bin/sh\necho "no browser" >&2; echo "$1" >> "{opened}"; exit {status}\n'
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return lambda: opened.read_text().split()


def openings(*words: str) -> list[str]:
    return [
        thread["opening"].split()[0]
        for thread in json.loads(run("threads", "--json", *words).stdout)["threads"]
    ]


def test_a_list_is_filtered_sorted_and_begun_later() -> None:
    assert openings("--search", "oven NOON") == ["Our"]
    assert openings("--author", "ada example") == ["The"]
    assert openings("--collection", "main", "--sort", "length") == ["The", "Our"]
    assert openings("--sort", "title", "--offset", "1") == ["The"]
    assert run("threads", "--offset", "9").stderr == "The archive holds no thread like that.\n"
    missing = run("threads", "--collection", "attic")
    assert (missing.exit_code, missing.stderr) == (1, "bobbin: no collection 'attic'; there are: main\n")


def test_csv_has_a_row_a_thread() -> None:
    rows = list(csv.DictReader(io.StringIO(run("threads", "--csv", "--sort", "title").stdout)))
    assert [row["id"] for row in rows] == [ids()["Our"], ids()["The"]]
    assert rows[0]["url"] == "https://example.org/oven"
    assert (rows[1]["author"], rows[1]["posts"]) == ("Ada Example", "4")


def test_a_thread_is_printed_in_every_form_word_for_word() -> None:
    posts = [line for line in LAMP.splitlines() if not line.startswith("/")]
    plain = run("thread", ids()["The"]).stdout
    assert [line for line in plain.splitlines() if line in posts] == posts
    text = run("thread", ids()["The"], "--format", "txt").stdout
    assert [line for line in text.splitlines() if line in posts] == posts
    assert "author: Ada Example" in text
    assert "**1.** " + posts[0] in run("thread", ids()["The"], "--format", "md").stdout
    assert (
        run("thread", ids()["The"], "--format", "json").stdout == run("thread", ids()["The"], "--json").stdout
    )


def test_a_thread_is_opened_where_it_was_posted_or_at_its_page(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("open", "--print", ids()["Our"]).stdout == "https://example.org/oven\n"
    monkeypatch.setenv("BOBBIN_HTTP_PORT", "8470")
    assert run("open", "--print", ids()["The"]).stdout == f"http://127.0.0.1:8470/t/{ids()['The']}\n"
    monkeypatch.setenv("BOBBIN_PUBLIC_URL", "https://x.example/bobbin")
    assert run("open", "--print", ids()["The"]).stdout == f"https://x.example/bobbin/t/{ids()['The']}\n"
    opened = opening(place, monkeypatch)
    assert run("open", ids()["Our"]).stdout == ""
    assert opened() == ["https://example.org/oven"]


@pytest.mark.parametrize("missing", [False, True])
def test_without_a_browser_the_address_is_printed_and_nothing_else(
    place: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *, missing: bool
) -> None:
    """What the desktop's program writes goes past Python to the terminal, so the descriptors are read."""
    opening(place, monkeypatch, status=3)
    if missing:
        monkeypatch.setenv("PATH", "/nowhere")
    address = "https://example.org/oven\n"
    assert (run("open", ids()["Our"]).output, *capfd.readouterr()) == (address, "", "")
    assert not open_in_browser("https://example.org/oven")
    assert capfd.readouterr() == ("", "")


def test_check_prints_json(place: Path) -> None:
    checked = json.loads(run("check", "--json").stdout)
    assert checked["broken"] is False
    assert {"archive", "token", "pages"} <= {finding["subject"] for finding in checked["findings"]}
    assert {finding["state"] for finding in checked["findings"]} <= {"ok", "note", "broken"}
    assert place.exists()


def completed(shell: str, words: list[str], typed: str) -> str:
    environment = {"_BOBBIN_COMPLETE": f"{shell}_complete"}
    if shell == "fish":
        environment |= {"COMP_WORDS": " ".join(["bobbin", *words]), "COMP_CWORD": typed}
    else:
        environment |= {
            "COMP_WORDS": " ".join(["bobbin", *words, typed]).rstrip(" "),
            "COMP_CWORD": str(len(words) + 1),
        }
    with process(env=environment) as completing:
        output, errors = completing.communicate(timeout=30)
    assert errors == ""
    return output


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands_options_ids_and_authors(shell: str) -> None:
    assert [name for name in COMMANDS if name in completed(shell, [], "th")] == ["threads", "thread"]
    assert "--explain" in completed(shell, ["ask"], "--e")
    thread_id = ids()["The"]
    assert thread_id in completed(shell, ["thread"], thread_id[:3])
    assert ids()["Our"] not in completed(shell, ["thread"], thread_id[:6])
    assert "Ada Example" in completed(shell, ["threads", "--author"], "@ad")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program ``bobbin`` of this checkout on the path."""
    program = tmp_path / "bobbin"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m bot "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return program


@pytest.mark.usefixtures("program")
@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_commands_ids_and_quoted_names_from_its_script() -> None:
    thread_id = ids()["The"]
    script = """
        source <(bobbin completion bash) || exit 1
        tab() {
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _bobbin_completion bobbin "${@: -1}"
            printf '%s|' "${COMPREPLY[@]}"; echo
        }
        tab bobbin th; tab bobbin thread ID; tab bobbin threads --author A; tab bobbin threads --author '"A'
        tab bobbin export --author = A
    """.replace("ID", thread_id[:4])
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)  # noqa: S607
    names = ["threads|thread|", f"{thread_id}|", r"Ada\ Example|", "Ada Example|", r"Ada\ Example|"]
    assert (done.stdout.split("\n")[:5], done.stderr) == (names, "")


@pytest.mark.usefixtures("program")
@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_completes_commands_with_whole_descriptions_ids_and_names() -> None:
    script = """
        bobbin completion fish | source
        complete -C "bobbin thread"; complete -C "bobbin thread "; complete -C "bobbin threads --author A"
        complete -C "bobbin threads --author=A"; complete -C "bobbin threads --sort=len"
        complete -C "bobbin export --output=notes"; complete -C "bobbin threads --data-dir=att"
    """
    Path("notes.txt").touch()
    Path("attic").mkdir()
    command = ["fish", "--no-config", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "thread\tPrint a whole thread, word for word.\n" in done.stdout
    assert f"{ids()['The']}\tThe lamp on the quay" in done.stdout
    lines = done.stdout.splitlines()
    assert "Ada Example" in lines
    assert lines[-4:] == [
        "--author=Ada Example",
        "--sort=length",
        "--output=notes.txt",
        "--data-dir=attic/\tDirectory",
    ]
    assert done.stderr == ""


@pytest.mark.slow
@pytest.mark.usefixtures("program")
@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_completes_ids_and_names_as_they_are_typed() -> None:
    ours, theirs = pty.openpty()
    start = 'PS1="> "; autoload -Uz compinit; compinit -u -D; eval "$(bobbin completion zsh)"; echo re""ady\n'
    with subprocess.Popen(
        ["zsh", "-f"],  # noqa: S607
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"TERM": "dumb"},
        start_new_session=True,
        preexec_fn=lambda: os.login_tty(0),  # noqa: PLW1509 - a terminal of its own
    ) as shell:
        try:
            os.write(ours, start.encode())
            until(ours, b"ready")
            os.write(ours, f"bobbin thread {ids()['The'][:4]}\t".encode())
            until(ours, ids()["The"].encode())
            os.write(ours, b"\x15bobbin threads --author A\t")
            until(ours, rb"Ada\ Example")
            os.write(ours, b"\x15bobbin threads --author=A\t")
            until(ours, rb"Ada\ Example")
            os.write(ours, b"\x01print -r -- \x05\n")
            until(ours, b"\nbobbin threads --author=Ada Example")
        finally:
            shell.kill()
            os.close(ours)
            os.close(theirs)


def test_manual_pages_hold_what_the_help_says(place: Path) -> None:
    assert run("man", "-o", "pages-of-man").exit_code == 0
    written = {path.name for path in (place / "pages-of-man").iterdir()}
    assert written == {"bobbin.1", *(f"bobbin-{name}.1" for name in COMMANDS)}
    page = (place / "pages-of-man" / "bobbin-threads.1").read_text()
    assert page.startswith('.TH "BOBBIN\\-THREADS" 1')
    for word in ("\\-\\-search", "\\-\\-offset", "\\-\\-data\\-dir"):
        assert word in page
    assert run("man").stdout == (place / "pages-of-man" / "bobbin.1").read_text()
