"""What an import promises, on a few examples; ``tests.benchmarks.imports`` has the full figures."""

import json
import random
import signal
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.model import Thread
from retrieval.sqlite import sqlite3
from tests.benchmarks.imports import contents, kill, sequence, written
from tests.bot.cli.commands import process, run
from tests.promises.figures import note

# Each runs many commands, each a process.
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", range(12))
def test_any_order_any_number_of_times_and_any_form_make_the_same_archive(seed: int, tmp_path: Path) -> None:
    found = sequence(10_000 + seed, tmp_path)
    assert found.at_random == found.in_order
    assert len(found.at_random) == found.written


def test_killed_at_any_moment_nothing_is_lost_or_half_in(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - the same in every run
    told = 0
    for number in range(4):
        found = kill(tmp_path, chance, number)
        assert (found.lost, found.half, found.problems) == (0, 0, 0)
        told += found.told
    note(f"4 kills, {told} files reported as imported before: 0 lost, 0 half, the database sound")
    assert told > 0


def test_taking_files_back_one_by_one_leaves_what_the_others_say(place: Path) -> None:
    names = written(place / "saved", random.Random(2), 4)  # noqa: S311 - as above
    assert run("import", "saved", "--quiet").exit_code == 0
    listed = json.loads(run("sources", "--json").stdout)["sources"]
    assert {Path(file["name"]).name for file in listed} == {name.name for name in names}
    for at, file in enumerate(listed, 1):
        assert run("forget", "--source", str(file["id"]), "--yes").exit_code == 0
        with Archive.open(place / f"{at}.db") as others:
            for other in listed[at:]:
                others.import_file(SavedFile(other["name"], (place / other["name"]).read_bytes()))
            assert threads(place) == (contents(others) if others.catalog.sources() else [])


@pytest.mark.usefixtures("ignoring_interrupts")
def test_an_interrupted_import_tells_what_is_in_and_goes_on_when_it_is_called_again(place: Path) -> None:
    (place / "many").mkdir()
    for number in range(2_000):
        (place / "many" / f"{number:04}.txt").write_text(
            f"Page {number} tells of {number} lamps on the quay.\n/1\nOf no more.\n/END\n"
        )
    # Small files go in by the hundred: there must be some left when the first are seen.
    with process("import", "many") as importing:
        end = time.monotonic() + 60
        while count(place) < 5:
            assert time.monotonic() < end
            time.sleep(0.01)
        importing.send_signal(signal.SIGINT)
        output, errors = importing.communicate(timeout=60)
    assert importing.returncode == 130
    assert errors == (
        "The files listed here are imported, the others are not.\n"
        "bobbin: interrupted; run the command again\n"
    )
    told = output.count("threads: 1 new")
    assert 5 <= told < 2_000
    # The very last may be in and untold, had the signal come between.
    assert told <= len(threads(place)) <= told + 1
    assert "is sound" in run("check").stdout
    again = run("import", "many")
    assert again.exit_code == 0
    assert len(threads(place)) == 2_000


def threads(place: Path) -> list[Thread]:
    with Archive.open(place / "data" / "archive.db") as archive:
        return contents(archive) if archive.catalog.sources() else []


def count(place: Path) -> int:
    """How many threads there are, as another program sees it; none while there is no database."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(place / "data" / "archive.db")) as raw:
        query = (
            "select count(*) from threads t join collections c on c.id = t.collection_id where not handbook"
        )
        return int(raw.execute(query).fetchone()[0])
    return 0
