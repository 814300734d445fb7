"""Reading in a process of its own: the same outcomes, and whatever happens there stays there."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.archive import Archive
from retrieval.formats.import_types import Bundle, Limits, SavedFile
from retrieval.ingest.expand import ReadOutcome, read_outcomes
from retrieval.ingest.sandbox import Sandbox
from tests.retrieval.ingest.bundles import Crashing, Failing, Greedy, Hanging, Telling
from tests.retrieval.readers.exports import account, post, posts, zipped

EXPORT = {
    "data/tweets.js": posts([post(1, "The lamp moved."), post(2, "Twice.", 1)]),
    "data/account.js": account(),
}
PAGE = "The lamp on the quay was moved.\n/1\nNobody wrote it down.\n/END\n"
LIMITS = Limits(seconds=20, memory=512 * 2**20)


@pytest.fixture(scope="module")
def isolation() -> Iterator[Sandbox]:
    with Sandbox(LIMITS) as made:
        yield made


def plain(found: Iterator[ReadOutcome]) -> list[tuple[object, ...]]:
    return [
        (
            one.file,
            one.sha256,
            one.error,
            one.reading
            and (one.reading.form, list(one.reading.threads), one.reading.left_out, one.reading.warnings),
        )
        for one in found
    ]


def whole(isolation: Sandbox) -> str:
    (outcome,) = isolation.outcomes(SavedFile("saved", bundle=Telling()))
    return outcome.file


def why(isolation: Sandbox, bundle: Bundle) -> str:
    (outcome,) = isolation.outcomes(SavedFile("saved", bundle=bundle))
    assert outcome.reading is None
    assert outcome.file == "saved"
    return outcome.error or ""


@pytest.mark.parametrize(
    "content",
    [
        PAGE.encode(),
        b"",
        b"\xff\xd8\xff",
        zipped(EXPORT),
        zipped({"a.txt": PAGE, "b.jpg": b"\xff\xd8\xff", ".c": "x"}),
        zipped({**EXPORT, "page.txt": PAGE, "data/like.js": "private"}),
    ],
)
def test_what_comes_of_a_file_is_the_same_there_as_here(content: bytes, isolation: Sandbox) -> None:
    file = SavedFile("saved\udcff", content, author="Ada")
    assert plain(isolation.outcomes(file)) == plain(read_outcomes(file, LIMITS))


def test_what_takes_too_long_is_stopped_and_the_next_file_is_read() -> None:
    with Sandbox(Limits(seconds=1.5)) as isolation:
        assert len(list(isolation.outcomes(SavedFile("page.txt", PAGE.encode())))) == 1
        assert "took longer than 1.5 seconds and was stopped" in why(isolation, Hanging())
        assert plain(isolation.outcomes(SavedFile("page.txt", PAGE.encode())))[0][2] is None


def test_what_needs_too_much_memory_is_reported_and_the_next_file_is_read(isolation: Sandbox) -> None:
    assert "needed more than the 512 MiB" in why(isolation, Greedy())
    assert plain(isolation.outcomes(SavedFile("page.txt", PAGE.encode())))[0][2] is None


def test_what_takes_the_process_with_it_is_reported_and_the_next_file_is_read(isolation: Sandbox) -> None:
    assert "ended by signal SIGSEGV" in why(isolation, Crashing())
    assert "killed, most likely for want of memory" in why(isolation, Crashing(signal.SIGKILL))
    assert plain(isolation.outcomes(SavedFile("page.txt", PAGE.encode())))[0][2] is None


def test_a_mistake_of_ours_is_reported_and_the_next_file_is_read(isolation: Sandbox) -> None:
    assert "a reader failed on it (KeyError: 'a mistake')" in why(isolation, Failing())
    assert plain(isolation.outcomes(SavedFile("page.txt", PAGE.encode())))[0][2] is None


def test_the_process_has_no_secrets_and_its_noise_is_nobody_s(
    isolation: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOBBIN_DISCORD_TOKEN", "canary")
    monkeypatch.setenv("SECRET", "canary")
    with Sandbox(LIMITS) as fresh:
        (outcome,) = fresh.outcomes(SavedFile("saved", bundle=Telling()))
    number, known = outcome.file.removeprefix("saved/").split(" ")
    assert int(number) != os.getpid()
    assert known == ""
    assert isolation is not None


def test_one_process_reads_many_files_and_is_gone_with_its_folder_in_the_end() -> None:
    with Sandbox(LIMITS) as isolation:
        first, second = (
            next(isolation.outcomes(SavedFile("saved", bundle=Telling()))).file for _ in range(2)
        )
        # Neither was read to its end, so neither process was kept.
        assert first != second
        third, fourth = (whole(isolation) for _ in range(2))
        assert third == fourth
    for told in (first, second, third):
        with pytest.raises(ProcessLookupError):
            os.kill(int(told.removeprefix("saved/").split(" ")[0]), 0)


def test_the_time_between_two_outcomes_is_not_counted() -> None:
    files = {f"{number}.txt": PAGE for number in range(3)}
    now = [0.0]
    with Sandbox(LIMITS, lambda: now[0]) as isolation:
        seen = []
        for outcome in isolation.outcomes(SavedFile("saved.zip", zipped(files))):
            now[0] += 2 * LIMITS.seconds
            seen.append(outcome.error)
    assert seen == [None, None, None]


def test_notices_arrive() -> None:
    seen: list[tuple[int, float]] = []
    content = posts(post(number, f"Post {number}.") for number in range(2_500)).encode()
    with Sandbox(LIMITS) as isolation:
        file = SavedFile("tweets.js", content, notice=lambda done, share: seen.append((done, share)))
        assert len(list(isolation.outcomes(file))) == 1
    assert seen[-1] == (2_500, 1.0)
    assert len(seen) > 2


def test_an_archive_with_limits_keeps_what_was_read_elsewhere(tmp_path: Path) -> None:
    shares: list[float] = []
    zips = zipped({**EXPORT, "page.txt": PAGE})
    with Archive.open(tmp_path / "archive.db", limits=LIMITS) as archive:
        reports = list(
            archive.import_files(
                SavedFile("saved.zip", zips), progress=lambda _posts, share: shares.append(share)
            )
        )
        assert [(report.file, report.posts.new) for report in reports] == [
            ("saved.zip", 2),
            ("saved.zip/page.txt", 2),
        ]
        assert shares[-1] == 1.0
        again = archive.import_file(SavedFile("saved.zip", zips))
        assert (again.threads.new, again.threads.unchanged, again.posts.unchanged) == (0, 2, 4)
        broken = archive.import_file(SavedFile("saved", bundle=Crashing()))
        assert "SIGSEGV" in (broken.error or "")
        assert archive.catalog.statistics(archive.catalog.scope()).posts == 4


def test_when_the_asking_process_is_killed_the_worker_and_its_folder_go(tmp_path: Path) -> None:
    asking = """\
import os, signal, sys
from retrieval.ingest.sandbox import Sandbox
from retrieval.formats.import_types import Limits, SavedFile
from tests.retrieval.ingest.bundles import Telling
isolation = Sandbox(Limits())
(outcome,) = isolation.outcomes(SavedFile("saved", bundle=Telling()))
print(outcome.file.removeprefix("saved/").split(" ")[0], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    environment = os.environ | {
        "TMPDIR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    run = subprocess.run([sys.executable, "-c", asking], env=environment, capture_output=True, check=False)
    number = int(run.stdout)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (Path(f"/proc/{number}").exists() or list(tmp_path.iterdir())):
        time.sleep(0.05)
    assert not Path(f"/proc/{number}").exists()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_process_that_was_killed_goes_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = """\
import os, signal
from retrieval.ingest.sandbox import Sandbox
from retrieval.formats.import_types import Limits, SavedFile
from tests.retrieval.ingest.bundles import Telling
isolation = Sandbox(Limits())
(outcome,) = isolation.outcomes(SavedFile("saved", bundle=Telling()))
os.kill(isolation._idle[0]._process.pid, signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    environment = os.environ | {
        "TMPDIR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    subprocess.run([sys.executable, "-c", asking], env=environment, capture_output=True, check=False)
    foreign = tmp_path / "bobbin-of-another-program"
    foreign.mkdir()
    assert len(list(tmp_path.iterdir())) == 2
    with Sandbox(Limits()) as sandbox:
        (outcome,) = sandbox.outcomes(SavedFile("saved", bundle=Telling()))
        assert outcome.file
        (own,) = set(tmp_path.iterdir()) - {foreign}
        with Sandbox(Limits()):
            assert own.exists()
    assert list(tmp_path.iterdir()) == [foreign]
