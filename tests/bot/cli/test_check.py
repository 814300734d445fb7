import json
import re
import resource
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.check import CheckStatus, check_token
from retrieval.sqlite import outdated, sqlite3
from tests.bot.cli.commands import process, run
from tests.bot.cli.conftest import LAMP
from tests.canary import TOKEN, traces_in


def test_the_check_of_a_sound_place_passes_and_tells_what_is_there(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOBBIN_DISCORD_API", "http://127.0.0.1:1/api/v10")
    monkeypatch.setenv("BOBBIN_DISCORD_TOKN", "x")
    result = run("check")
    assert result.exit_code == 0
    assert "2 threads, 7 posts in main" in result.stdout
    assert str(filled.parent / "data" / "archive.db") in result.stdout
    assert "127.0.0.1:1/api/v10" in result.stdout
    assert "did you mean BOBBIN_DISCORD_TOKEN?" in result.stdout
    assert not traces_in(result.output.encode())


def test_a_missing_token_is_a_note_and_an_empty_archive_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOBBIN_DISCORD_TOKEN")
    result = run("check")
    assert result.exit_code == 0
    assert "note   token: not set" in result.stdout
    assert "the handbook's 1 threads answer" in result.stdout


@pytest.mark.parametrize(
    ("host", "public", "told"),
    [
        ("127.0.0.1", "", "ok     pages: http://127.0.0.1:8470, for this machine alone"),
        ("0.0.0.0", "", "note   pages: http://0.0.0.0:8470, open to others"),  # noqa: S104 - nobody listens
        (
            "127.0.0.1",
            "https://t.example",
            "ok     pages: http://127.0.0.1:8470, for others https://t.example",
        ),
    ],
)
def test_where_the_pages_will_be_is_reported(
    host: str, public: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOBBIN_HTTP_HOST", host)
    monkeypatch.setenv("BOBBIN_HTTP_PORT", "8470")
    monkeypatch.setenv("BOBBIN_PUBLIC_URL", public)
    monkeypatch.setenv("COLUMNS", "200")
    assert told in run("check").stdout


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BOBBIN_DATA_DIR", "handbook/importing.txt", "is a file; point BOBBIN_DATA_DIR at a folder"),
        ("BOBBIN_HANDBOOK", "nowhere", "unset BOBBIN_HANDBOOK"),
    ],
)
def test_what_is_broken_is_reported_with_the_remedy_and_exit_status_one(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    result = run("check")
    assert result.exit_code == 1
    assert told in result.stdout
    assert "Python" in result.stdout
    assert "token" in result.stdout, "what follows a broken thing is looked at all the same"


def test_a_damaged_archive_is_reported_without_a_traceback(place: Path) -> None:
    (place / "data").mkdir()
    (place / "data" / "archive.db").write_bytes(b"this is no database at all, not by a long way" * 100)
    result = run("check")
    assert result.exit_code == 1
    assert "broken archive: " in result.stdout
    asked = run("ask", "ferry")
    assert asked.exit_code == 1
    assert asked.stderr.startswith("bobbin: ")


@pytest.mark.parametrize(
    ("token", "state"),
    [
        (None, CheckStatus.LOOK),
        ("hunter2", CheckStatus.LOOK),
        ("Bot " + TOKEN, CheckStatus.LOOK),
        (TOKEN, CheckStatus.WORKS),
    ],
)
def test_a_token_is_judged_by_its_shape_and_never_repeated(token: str | None, state: CheckStatus) -> None:
    finding = check_token(token)
    assert finding.state is state
    assert not token or token not in finding.message


@pytest.mark.parametrize(
    ("shards", "told"),
    [
        ("0/2", "shards: 0/2, by BOBBIN_SHARDS: 1 here, 1 more for other processes"),
        ("2,1/4", "shards: 1-2/4, by BOBBIN_SHARDS: 2 here, 2 more for other processes; direct messages go"),
        ("0-3/4", "shards: 0-3/4, by BOBBIN_SHARDS: 4 here, all there are"),
    ],
)
def test_which_part_of_the_work_is_done_here_is_reported(
    shards: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOBBIN_SHARDS", shards)
    result = run("check")
    assert result.exit_code == 0
    assert told in result.stdout
    warned = "only with SQLite 3.51.3 or newer" in result.stdout
    assert warned == (outdated(sqlite3.sqlite_version_info) is not None and shards != "0-3/4")


def test_shards_that_cannot_be_are_reported_with_how_to_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOBBIN_SHARDS", "2/2")
    result = run("check")
    assert result.exit_code == 2
    assert "BOBBIN_SHARDS (set in the environment) must be written as shards/count" in result.stderr


def test_what_grows_is_reported_with_its_bound_and_a_backup_that_is_missing_or_old(place: Path) -> None:
    (place / "lamp.txt").write_text(LAMP)
    run("import", "lamp.txt")
    assert "none was made yet; make one with: bobbin backup DIR" in run("check").stdout
    run("ask", "lamp quay")
    run("backup", "backups")
    told = run("check").stdout
    assert re.search(r"ok +backup: .*backups/bobbin-\S+, of ", told)
    done = place / "data" / "inbox" / "done"
    done.mkdir(parents=True)
    with (done / "large.zip").open("wb") as file:
        file.truncate(11 * 2**30)
    note = json.loads((place / "data" / "last-backup.json").read_text())
    old = datetime.now(UTC) - timedelta(days=9)
    (place / "data" / "last-backup.json").write_text(json.dumps(note | {"made_at": old.isoformat()}))
    for number in range(60):
        (place / "backups" / f"bobbin-{number}").mkdir()
        (place / "backups" / f"bobbin-{number}" / "backup.json").touch()
    (place / "data" / "index").mkdir(exist_ok=True)
    (place / "data" / "index" / "1.segment").write_bytes(bytes(2**20))
    notes = run("check").stdout
    # At the end of the tests every byte that they left is searched for the token.
    (done / "large.zip").unlink()
    assert "imported files: 11,264 MiB, more than the 10,240 MiB" in notes
    assert "the last one is 9 days old" in notes
    assert "61 in" in notes
    assert "--keep 30" in notes
    assert re.search(r"ok +search index: 1\.0 of at most 64 MiB", notes)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"BOBBIN_PUBLIC_URL": "https://t.example"}, {"set BOBBIN_HEALTH_PORT", "PROXIES is not set"}),
        ({"BOBBIN_TRUSTED_PROXIES": "127.0.0.1"}, {"set BOBBIN_HEALTH_PORT"}),
        ({"BOBBIN_HEALTH_PORT": "9", "BOBBIN_HEALTH_HOST": "192.0.2.1"}, {"set BOBBIN_HEALTH_TOKEN"}),
        ({"BOBBIN_HEALTH_TOKEN": "a" * 32}, {"TOKEN has no effect"}),
        ({"BOBBIN_HEALTH_PORT": "9", "BOBBIN_HTTP_PORT": "9"}, {"are both 9"}),
        ({"BOBBIN_HEALTH_PORT": "9", "BOBBIN_TRUSTED_PROXIES": "::/0"}, {"trusts every address"}),
        ({}, set()),
    ],
)
def test_settings_that_an_upgrade_or_a_proxy_asks_for_are_named(
    variables: dict[str, str], named: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    shown = run("check").stdout
    hints = (
        "set BOBBIN_HEALTH_PORT",
        "set BOBBIN_HEALTH_TOKEN",
        "PROXIES is not set",
        "TOKEN has no effect",
        "are both 9",
        "trusts every address",
    )
    assert {hint for hint in hints if hint in shown} == named


def test_tables_that_a_command_has_not_needed_yet_are_no_upgrade(place: Path) -> None:
    run("ask", "lamp quay")
    run("backup", "backups")
    run("restore", "backups", "--yes")
    assert (place / "data" / "servers.db").exists()
    assert "upgrade" not in run("check").stdout


def test_few_descriptors_are_a_note() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with process("check", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (512, 512))) as child:
        shown, _ = child.communicate(timeout=60)
    assert "note   descriptors: only 512 open files and connections are allowed" in shown
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
