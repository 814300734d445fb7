"""What was erased stays erased, whatever was about to be written and whatever older file comes back."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.alerts.ledger import AlertLedger
from bot.alerts.model import Alert, AlertOptions, Report
from bot.client import Bobbin
from bot.database import ServerFile
from bot.digest.editions import Edition
from bot.digest.ledger import Ledger
from bot.digest.model import Claim, DigestOptions, DigestState, PauseReason, Position
from bot.digest.usage_counts import UsageCounts
from bot.fetching.schedule import Revisit
from bot.fetching.service import Account
from bot.servers.data_inventory import DATA_INVENTORY, SERVERS, DataSubject, forget_account
from bot.servers.erasures import apply_erasures
from bot.servers.follow_store import FetchedLink, FollowStore, Place
from bot.servers.preference_store import PreferenceStore
from bot.servers.preferences import Preferences
from bot.servers.retention import ServerRetention, forget_server, servers_with_rows
from bot.servers.setup_cards import SetupCards
from bot.settings import Settings
from retrieval.archive import Archive
from retrieval.formats.import_types import News
from tests.bot.conftest import running
from tests.discord.fixtures import Loopback
from tests.discord.waiting import until

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HERE, THERE, ADMIN = 7_000_000_007, 8_000_000_008, 4_242_424_242


def settle(file: ServerFile, server_id: int) -> None:
    PreferenceStore(file).change(server_id, lambda before: replace(before, unanswered=True))
    options = DigestOptions(1, ZoneInfo("Europe/Berlin"), time(9), admin_id=ADMIN)
    Ledger(file).subscribe(server_id, options, Position("a", 0), NOW)


def copied(settings: Settings, name: str) -> Path:
    """Copy the file by hand, as it is without its log."""
    return Path(shutil.copyfile(settings.servers, settings.servers.with_name(name)))


def numbers(settings: Settings) -> set[int]:
    """Return which of the numbers stand anywhere in the file or its log."""
    held = b"".join(path.read_bytes() for path in settings.servers.parent.glob("servers.db*"))
    return {number for number in (HERE, THERE, ADMIN) if str(number).encode() in held}


@pytest.fixture
def older(archive: Archive, settings: Settings) -> Path:
    """Two servers settle and are copied; then one is erased, and the account of an admin."""
    with ServerFile.open(settings.servers) as file:
        for server in (HERE, THERE):
            settle(file, server)
    older = copied(settings, "older.db")
    with ServerFile.open(settings.servers) as file:
        forget_server(HERE, file, archive, PreferenceStore(file))
        forget_account(file, ADMIN, archive, NOW)
        assert apply_erasures(file, archive, PreferenceStore(file)) == 0
    assert numbers(settings) == {THERE}
    return older


def test_a_copy_that_is_put_back_by_hand_loses_what_was_erased_since(
    archive: Archive, settings: Settings, older: Path
) -> None:
    older.replace(settings.servers)
    with ServerFile.open(settings.servers) as file:
        servers = PreferenceStore(file)
        assert numbers(settings) == {HERE, THERE, ADMIN}
        assert apply_erasures(file, archive, servers) == 2
        assert servers_with_rows(file) == servers.decided() == {THERE}
        assert apply_erasures(file, archive, servers) == 0
    assert numbers(settings) == {THERE}


def test_a_server_that_came_back_after_it_was_erased_keeps_what_is_new(
    archive: Archive, settings: Settings, older: Path
) -> None:
    with ServerFile.open(settings.servers) as file:
        settle(file, HERE)
        assert apply_erasures(file, archive, PreferenceStore(file)) == 0
        assert servers_with_rows(file) == {HERE, THERE}
    newer = copied(settings, "newer.db")
    older.replace(settings.servers)
    newer.replace(settings.servers)
    with ServerFile.open(settings.servers) as file:
        assert apply_erasures(file, archive, PreferenceStore(file)) == 0
        assert servers_with_rows(file) == {HERE, THERE}


def test_an_erasure_that_was_broken_off_is_done_at_the_next_start(
    archive: Archive, settings: Settings
) -> None:
    with ServerFile.open(settings.servers) as file:
        settle(file, HERE)
        archive.forget_server(HERE)  # and no more: as when the process is killed here
    with ServerFile.open(settings.servers) as file:
        assert apply_erasures(file, archive, PreferenceStore(file)) == 1
        assert servers_with_rows(file) == frozenset()


async def test_a_running_bot_notices_the_older_file_and_erases_anew(
    loopback: Loopback, archive: Archive, settings: Settings, older: Path
) -> None:
    async with running(Bobbin(archive, settings, ready_timeout=0.01), loopback) as bobbin:
        assert bobbin.servers.decided() == {THERE}
        shutil.move(older, settings.servers)
        await bobbin.test_itself()
        await until(lambda: numbers(settings) == {THERE}, "the second erasure")
        assert bobbin.servers.decided() == {THERE}


# What was about to be written when a server was erased

TODAY = NOW.date()


class Ground:
    """A file with one server that has something in it, which another thread may erase at any moment."""

    def __init__(self, file: ServerFile, archive: Archive) -> None:
        self.file, self.archive = file, archive
        self.servers, self.ledger = PreferenceStore(file), Ledger(file)
        settle(file, HERE)

    def erase(self) -> None:
        forget_server(HERE, self.file, self.archive, self.servers)

    def claim(self) -> Claim:
        claim = self.ledger.claim(HERE, TODAY, "us", Position("a", 9), NOW)
        assert claim is not None
        return claim


@pytest.fixture
def ground(archive: Archive, settings: Settings) -> Iterator[Ground]:
    with ServerFile.open(settings.servers) as file:
        ground = Ground(file, archive)
        with file.changing() as db:
            db.execute("update digest_subscriptions set last = '2026-05-03'")
        yield ground


def posting(ground: Ground, end: Callable[[Claim], object]) -> None:
    claim = ground.claim()
    ground.erase()
    end(claim)


LINK = FetchedLink(Place(HERE, "own"), "https://a.example/@ada/1", "a.example", News.NEVER, Revisit(NOW))


def following_on(ground: Ground) -> None:
    """Erase the server while a thread of an author that it follows is being fetched."""
    store = FollowStore(ground.file)
    store.add(Account("Mastodon", "a.example", "1", "ada@a.example"), Place(HERE, "own"), NOW)
    (one,) = store.following(HERE)
    ground.erase()
    store.note_taken(one.follow, "1", NOW, LINK)


def asking_again(ground: Ground) -> None:
    """Erase the server while a thread by link is being asked for again."""
    store = FollowStore(ground.file)
    store.note_link(LINK)
    ground.erase()
    store.note_fetched(LINK, replace(LINK, missing="was not read to its end"))


def departing(ground: Ground) -> None:
    """Erase the server between the look at what has data and the note that it was left."""

    def now() -> datetime:
        ground.erase()
        return NOW

    ServerRetention(ground.archive, ground.file, ground.servers, now)._leave(HERE)


def deciding(ground: Ground) -> None:
    """Erase the server while its preferences are being changed."""
    erasing = threading.Thread(target=ground.erase)

    def change(before: Preferences) -> Preferences:
        erasing.start()
        erasing.join(0.2)
        return replace(before, mentions=False)

    ground.servers.change(HERE, change)
    erasing.join()


def counting(ground: Ground) -> None:
    usage = UsageCounts(ground.file)
    usage.note(HERE, ["a"], NOW)
    ground.erase()
    usage.write(lambda _: UTC)


def counting_meanwhile(ground: Ground) -> None:
    """Erase the server while what was counted in it is on its way into the file."""
    usage = UsageCounts(ground.file)
    usage.note(HERE, ["a"], NOW)
    erasing = threading.Thread(target=ground.erase)

    def zone_of(_server: int) -> tzinfo:
        erasing.start()
        erasing.join(0.2)
        return UTC

    usage.write(zone_of)
    erasing.join()


def resuming(ground: Ground) -> None:
    ground.ledger.pause(HERE)
    ground.erase()
    assert ground.ledger.resume(HERE, NOW) is None


def greeting(ground: Ground) -> None:
    cards = SetupCards(ground.file)
    cards.note(HERE, shown=False)
    ground.erase()
    assert not cards.awaited(HERE)


def reporting(ground: Ground, end: Callable[[AlertLedger, Alert, Report], object]) -> None:
    """Erase the server while a report of a match is on its way."""
    alerts = AlertLedger(ground.file)
    alert, _ = alerts.add(HERE, AlertOptions(ADMIN, 1, "lamps"), Position("a", 0))
    alerts.note_matches(alert, {"t": 1}, Position("a", 1))
    report = alerts.claim("us", NOW, [HERE])
    assert report is not None
    ground.erase()
    end(alerts, alert, report)


ALERTS = "alerts alert_matches alert_reports"
OVERTAKEN: dict[str, tuple[str, Callable[[Ground], object]]] = {
    "posted": (
        "digests digest_shown digest_editions digest_subscriptions",
        lambda ground: posting(
            ground,
            lambda claim: ground.ledger.finish(
                claim.entry, DigestState.POSTED, 1, Edition(HERE, 0, TODAY, "", NOW, new=("a",))
            ),
        ),
    ),
    "missed": ("digests", lambda ground: posting(ground, lambda claim: ground.ledger.miss(claim.entry))),
    "renewed": ("digests", lambda ground: posting(ground, lambda claim: ground.ledger.renew(claim, NOW))),
    "chosen": (
        "digests",
        lambda ground: posting(ground, lambda claim: ground.ledger.note_feature(claim, "a")),
    ),
    "put off": ("digests", lambda ground: posting(ground, lambda claim: ground.ledger.put_off(claim, NOW))),
    "refused": (
        "digests digest_subscriptions",
        lambda ground: posting(ground, lambda claim: ground.ledger.refuse(claim, PauseReason.MISSING)),
    ),
    "resumed": ("digest_subscriptions", resuming),
    "left": ("departures", departing),
    "decided": ("preferences", deciding),
    "counted": ("asked quoted", counting),
    "counted meanwhile": ("asked quoted", counting_meanwhile),
    "greeted": ("setup_cards", greeting),
    "matched": (
        ALERTS,
        lambda ground: reporting(
            ground, lambda alerts, alert, _: alerts.note_matches(alert, {"u": 1}, Position("a", 2))
        ),
    ),
    "reported": (
        ALERTS,
        lambda ground: reporting(ground, lambda alerts, _, report: alerts.finish(report, 1)),
    ),
    "released": (
        ALERTS,
        lambda ground: reporting(
            ground, lambda alerts, alert, report: alerts.release(report, [alert.id], NOW)
        ),
    ),
    "report renewed": (
        ALERTS,
        lambda ground: reporting(ground, lambda alerts, _, report: alerts.renew(report, NOW)),
    ),
    "report put off": (
        ALERTS,
        lambda ground: reporting(ground, lambda alerts, _, report: alerts.put_off(report, NOW)),
    ),
    "report refused": (
        ALERTS,
        lambda ground: reporting(ground, lambda alerts, _, report: alerts.refuse(report, 1, NOW)),
    ),
    "thread of a followed author": ("followed_threads fetched_threads", following_on),
    "thread by link": ("fetched_threads", asking_again),
}
#: Written by one statement with what just happened in a server where Bobbin is; nothing older is held.
AT_ONCE = frozenset(
    {"follows", "permission_gaps", "saved_messages", "unanswered", "judgements", "judgement_notes"}
)


@pytest.mark.parametrize("name", OVERTAKEN)
def test_what_was_about_to_be_written_brings_no_erased_server_back(
    ground: Ground, settings: Settings, name: str
) -> None:
    OVERTAKEN[name][1](ground)
    assert servers_with_rows(ground.file) == frozenset()
    assert numbers(settings) == set()


def test_every_table_about_servers_is_overtaken_or_written_at_once() -> None:
    tables = {one.table for one in DATA_INVENTORY if one.file == SERVERS and one.of is DataSubject.SERVERS}
    assert {table for tables_of, _ in OVERTAKEN.values() for table in tables_of.split()} | AT_ONCE == tables
