"""``bobbin digest``: a server's digest in the terminal."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.database import ServerFile
from bot.digest.ledger import Ledger
from bot.digest.model import DigestOptions, DigestState, Position
from tests.bot.cli.commands import run

SERVER = "123456789012345678"
BEFORE, NOW = datetime(2026, 11, 20, 18, tzinfo=UTC), datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.mark.usefixtures("filled")
def test_a_preview_for_a_server_without_a_digest_takes_the_whole_archive_for_new() -> None:
    shown = run("digest", "--server", SERVER, "--preview", "--date", "2026-11-22")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("Digest of 2026-11-22: as it would be posted next\n")
    assert "New: 2" in shown.stdout
    assert "by Ada Example" in shown.stdout


@pytest.mark.usefixtures("filled")
def test_a_server_without_a_digest_is_named_in_one_sentence() -> None:
    told = run("digest", "--server", SERVER)
    assert (told.exit_code, told.stdout) == (1, "")
    assert f"server {SERVER} has no digest; --preview" in told.stderr


@pytest.mark.usefixtures("filled")
def test_what_the_ledger_has_is_shown_with_what_became_of_it(place: Path) -> None:
    with ServerFile.open(place / "data" / "servers.db") as file:
        ledger = Ledger(file)
        wish = DigestOptions(1, ZoneInfo("Etc/UTC"), time(9))
        ledger.subscribe(int(SERVER), wish, Position("a", 1), BEFORE)
        claim = ledger.claim(int(SERVER), date(2026, 11, 21), "test", Position("a", 3), NOW)
        assert claim
        ledger.finish(claim.entry, DigestState.POSTED, 5)
    shown = run("digest", "--server", SERVER)
    assert shown.stdout.startswith("Digest of 2026-11-21: posted\n")
    assert "New: 2" in shown.stdout
    assert run("digest", "--server", SERVER, "--date", "2026-11-19").exit_code == 1


def test_an_empty_archive_has_the_handbook_to_show() -> None:
    shown = run("digest", "--server", SERVER, "--preview")
    assert shown.exit_code == 0
    assert "From the archive" in shown.stdout


@pytest.mark.usefixtures("filled")
def test_of_several_digests_one_is_named(place: Path) -> None:
    with ServerFile.open(place / "data" / "servers.db") as file:
        for name in ("", "Weekly"):
            wish = DigestOptions(1, ZoneInfo("Etc/UTC"), time(9), name=name)
            Ledger(file).subscribe(int(SERVER), wish, Position("a", 1), BEFORE)
    told = run("digest", "--server", SERVER, "--preview")
    assert (told.exit_code, told.stdout) == (1, "")
    assert 'several digests; choose one with --digest: "", "Weekly"' in told.stderr
    shown = run("digest", "--server", SERVER, "--preview", "--digest", "weekly")
    assert shown.stdout.startswith("Digest Weekly, of ")
    assert run("digest", "--server", SERVER, "--preview", "--digest", "").stdout.startswith("Digest of ")
    unknown = run("digest", "--server", SERVER, "--digest", "Monthly")
    assert "no digest of that name" in unknown.stderr
