"""Alerts over the loopback Discord: what people watch, what is reported to whom, and when it ends."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.alerts.ledger import AlertLedger
from bot.alerts.model import AlertOptions, QuietHours, parse_quiet_hours
from bot.client import Bobbin
from bot.digest.model import Position
from bot.posting.alerts import AlertReporter
from bot.settings import Settings
from retrieval.archive import Archive
from tests.bot.archives import keep
from tests.bot.commands.test_digest import EVENING, Clock, _texts
from tests.bot.conftest import running
from tests.discord import Channel, Person, SeenMessage
from tests.discord.faults import Fault
from tests.discord.fixtures import Loopback
from tests.discord.state import ADMINISTRATOR

BEES = "The waggle dance of bees {0} points at the linden.\n/1\nSo they fly {0}.\n/END\n"
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Clock:
    return Clock(EVENING)


@pytest_asyncio.fixture
async def bobbin(  # noqa: PLR0917 - fixtures
    loopback: Loopback,
    archive: Archive,
    settings: Settings,
    clock: Clock,
    hall: Channel,
    admin: Person,  # noqa: ARG001 - in the server before the client is
) -> AsyncIterator[Bobbin]:
    assert hall.guild
    async with running(Bobbin(archive, settings, ready_timeout=0.01, now=clock), loopback) as client:
        client.digests.scheduler.stop()
        client.alerts.stop()
        yield client


@pytest.fixture
def admin(loopback: Loopback, hall: Channel) -> Person:
    person = loopback.add_user("ada")
    assert hall.guild
    hall.guild.add_member(person, administrator=True)
    hall.guild.add_role("admins", person).permissions = ADMINISTRATOR
    return person


@pytest.fixture
def person(loopback: Loopback, hall: Channel) -> Person:
    one = loopback.add_user("grace")
    assert hall.guild
    hall.guild.add_member(one)
    return one


async def alert(person: Person, place: Channel, command: str, /, **options: Any) -> SeenMessage:
    (message,) = (await (await person.uses(place, f"alert {command}", **options)).final()).messages
    assert message.seen_only_by is person, "what a person watches is shown to them alone"
    return message


async def tick(bobbin: Bobbin) -> int:
    bobbin.alerts._stopped = False
    return await bobbin.alerts.tick()


def reports(place: Channel) -> list[str]:
    return [
        "\n".join(part["content"] for part in _texts(message.components))
        for message in place.messages.values()
        if message.author is place.world.bot and message.seen_only_by is None
    ]


async def test_a_new_thread_that_matches_comes_once_by_direct_message(
    bobbin: Bobbin, archive: Archive, person: Person, hall: Channel, clock: Clock
) -> None:
    keep(archive, "old", BEES.format("old"))
    told = await alert(person, hall, "add", query="waggle dance")
    assert "One thread matches already; it is not reported." in told.text
    assert "stored with your account number" in told.text
    assert await tick(bobbin) == 0, "nothing that existed at its creation"
    keep(archive, "new", BEES.format("new"))
    keep(archive, "other", "Lanterns hang over the river.\n/1\nThey glow.\n/END\n")
    assert await tick(bobbin) == 1
    (text,) = reports(person.dm_channel)
    assert "One new thread" in text
    assert "**waggle dance**" in text
    assert "**waggle** **dance** of bees new" in text, "the words are marked in the quote"
    assert "old" not in text
    assert reports(hall) == []
    clock.now += timedelta(hours=1)
    keep(archive, "new again", BEES.format("new"))
    assert await tick(bobbin) == 0, "what is imported again is not new"


async def test_a_thread_that_was_taken_back_and_imported_again_is_not_reported_again(
    bobbin: Bobbin, archive: Archive, person: Person, hall: Channel, clock: Clock
) -> None:
    await alert(person, hall, "add", query="waggle")
    keep(archive, "new", BEES.format("new"))
    assert await tick(bobbin) == 1
    archive.take_back([source.id for source in archive.catalog.sources() if source.name.startswith("new")])
    archive.refresh()
    keep(archive, "new", BEES.format("new"))
    clock.now += DAY
    assert await tick(bobbin) == 0


async def test_several_alerts_stand_in_one_message(
    bobbin: Bobbin, archive: Archive, person: Person, hall: Channel
) -> None:
    for query in ("waggle", '"points at the linden" -wasps', "author:nobody", "lanterns OR lamps"):
        await alert(person, hall, "add", query=query)
    keep(archive, "bees", BEES.format("a"))
    keep(archive, "lanterns", "Lanterns hang over the river.\n/1\nThey glow.\n/END\n")
    assert await tick(bobbin) == 1
    (text,) = reports(person.dm_channel)
    assert text.count("one new thread") == 3
    assert "nobody" not in text


async def test_many_matches_are_one_message_that_counts_what_it_does_not_show(
    bobbin: Bobbin, archive: Archive, person: Person, hall: Channel
) -> None:
    await alert(person, hall, "add", query="waggle")
    await alert(person, hall, "add", query="linden")
    for number in range(30):
        keep(archive, f"bees{number}", BEES.format(f"number{number}"))
    assert await tick(bobbin) == 1
    (text,) = reports(person.dm_channel)
    assert "60 new threads" in text
    assert text.count("and 26 more") == 2


async def test_quiet_hours_put_a_report_off_until_they_end(
    bobbin: Bobbin, archive: Archive, person: Person, hall: Channel, clock: Clock
) -> None:
    told = await alert(person, hall, "add", query="waggle", quiet="18-7", timezone="UTC")
    assert "18:00–07:00" in told.text
    keep(archive, "bees", BEES.format("a"))
    assert await tick(bobbin) == 0
    clock.now = datetime(2026, 11, 23, 6, 59, tzinfo=UTC)
    assert await tick(bobbin) == 0
    clock.now = datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert await tick(bobbin) == 1


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("22-7", (22, 0, 7, 0)),
        ("22:30 – 6:15", (22, 30, 6, 15)),
        ("10 pm to 7 am", (22, 0, 7, 0)),
        ("22 bis 7 Uhr", (22, 0, 7, 0)),
        ("22h-7h", (22, 0, 7, 0)),
        ("22", None),
        ("7-7", None),
        ("at night", None),
        ("22-7-9", None),
        ("25-7", None),
        ("", None),
    ],
)
def test_quiet_hours_are_read_as_people_write_them(typed: str, hours: tuple[int, ...] | None) -> None:
    zone = ZoneInfo("Etc/UTC")
    found = parse_quiet_hours(typed, zone)
    assert found == (hours and QuietHours(time(hours[0], hours[1]), time(hours[2], hours[3]), zone))


async def test_an_admin_has_matches_reported_to_a_channel_and_others_may_not(
    bobbin: Bobbin, archive: Archive, admin: Person, person: Person, hall: Channel
) -> None:
    refused = await alert(person, hall, "add", query="waggle", channel=hall)
    assert "Only people who may manage this server" in refused.text
    told = await alert(admin, hall, "add", query="waggle", channel=hall)
    assert f"<#{hall.id}>" in told.text
    keep(archive, "bees", BEES.format("a"))
    assert await tick(bobbin) == 1
    (text,) = reports(hall)
    assert "waggle" in text
    assert reports(admin.dm_channel) == []


@pytest.mark.usefixtures("bobbin")
async def test_a_person_has_ten_alerts_and_no_more_and_a_change_is_none(
    person: Person, hall: Channel
) -> None:
    for number in range(10):
        await alert(person, hall, "add", query=f"bees{number}")
    assert "You have 10 alerts" in (await alert(person, hall, "add", query="hornets")).text
    changed = await alert(person, hall, "add", query="Bees3", quiet="22-7")
    assert "is changed" in changed.text
    listed = await alert(person, hall, "list")
    assert "10. **bees9** · to you" in listed.text
    assert "nothing at 22:00–07:00" in listed.text
    assert "The alert is deleted" in (await alert(person, hall, "remove", alert="3")).text
    assert "bees2" not in (await alert(person, hall, "list")).text
    assert "9 alerts are deleted" in (await alert(person, hall, "remove", alert="all")).text
    assert "You have no alert" in (await alert(person, hall, "list")).text


async def test_a_server_has_fifty_alerts_and_no_more(bobbin: Bobbin, person: Person, hall: Channel) -> None:
    assert hall.guild
    ledger, position = bobbin.alerts.ledger, Position("a", 1)
    for number in range(50):
        ledger.add(hall.guild.id, AlertOptions(1 + number // 10, hall.id, f"bees{number}"), position)
    assert "This server has 50 alerts" in (await alert(person, hall, "add", query="bees")).text


@pytest.mark.usefixtures("bobbin")
async def test_a_search_without_a_word_or_operator_is_refused(person: Person, hall: Channel) -> None:
    for query in ("the", "( )", "?!"):
        assert "has nothing to look for" in (await alert(person, hall, "add", query=query)).text


async def test_a_role_or_channel_that_may_not_ask_any_more_holds_the_alert_until_it_may_again(
    bobbin: Bobbin, archive: Archive, person: Person, hall: Channel, clock: Clock
) -> None:
    assert hall.guild
    server = hall.guild.id
    await alert(person, hall, "add", query="waggle")
    for kind in ("roles", "channels"):
        changes: dict[str, Any] = {kind: frozenset({1})}
        bobbin.servers.change(server, partial(replace, **changes))
        keep(archive, f"bees {kind}", BEES.format(kind))
        clock.now += timedelta(hours=2)
        assert await tick(bobbin) == 1
        assert reports(person.dm_channel) == []
        assert "waits: the rules of this server" in (await alert(person, hall, "list")).text
        assert await tick(bobbin) == 0, "and it is not tried at every tick"
        bobbin.servers.change(server, lambda one: replace(one, roles=frozenset(), channels=frozenset()))
    clock.now += timedelta(hours=2)
    assert await tick(bobbin) == 1
    (text,) = reports(person.dm_channel)
    assert "2 new threads" in text


async def test_only_the_servers_own_and_public_threads_are_watched(
    bobbin: Bobbin, archive: Archive, person: Person, hall: Channel
) -> None:
    assert hall.guild
    await alert(person, hall, "add", query="waggle")
    keep(archive, "elsewhere", BEES.format("secret"), hall.guild.id + 1)
    assert await tick(bobbin) == 0
    keep(archive, "here", BEES.format("ours"), hall.guild.id)
    assert await tick(bobbin) == 1
    (text,) = reports(person.dm_channel)
    assert "ours" in text
    assert "/thread" in text, "a button in a direct message would not open a thread of the server's own"
    assert "secret" not in text


async def test_who_left_the_server_gets_nothing_and_their_words_are_deleted(
    bobbin: Bobbin, archive: Archive, person: Person, hall: Channel
) -> None:
    assert hall.guild
    await alert(person, hall, "add", query="waggle")
    del hall.guild.members[person.id]
    keep(archive, "bees", BEES.format("a"))
    assert await tick(bobbin) == 1
    assert reports(person.dm_channel) == []
    assert stored(bobbin) == 0


async def test_who_left_is_found_out_within_a_day_also_without_a_match(
    bobbin: Bobbin, person: Person, hall: Channel
) -> None:
    assert hall.guild
    await alert(person, hall, "add", query="waggle")
    bobbin.alerts._stopped = False
    assert await bobbin.alerts.end_of_leavers() == 0
    del hall.guild.members[person.id]
    assert await bobbin.alerts.end_of_leavers() == 1
    assert stored(bobbin) == 0


async def test_a_refused_direct_message_ends_the_alerts_and_is_said_once_in_the_server(
    bobbin: Bobbin, archive: Archive, person: Person, hall: Channel, clock: Clock
) -> None:
    await alert(person, hall, "add", query="waggle")
    await alert(person, hall, "add", query="linden")
    person.accepts_dms = False
    keep(archive, "bees", BEES.format("a"))
    await tick(bobbin)
    (text,) = reports(hall)
    assert f"<@{person.id}>, I cannot send you direct messages" in text
    assert "waggle" not in text
    assert stored(bobbin) == 0
    keep(archive, "more", BEES.format("b"))
    clock.now += DAY
    await tick(bobbin)
    assert len(reports(hall)) == 1


async def test_forget_me_deletes_alerts_with_everything_about_them(
    bobbin: Bobbin, archive: Archive, person: Person, hall: Channel
) -> None:
    await alert(person, hall, "add", query="zyzzyva waggle")
    await alert(person, hall, "add", query="waggle")
    keep(archive, "bees", BEES.format("a"))
    await tick(bobbin)
    await (await person.uses(hall, "privacy", **{"forget-me": True})).final()
    assert stored(bobbin) == 0
    assert b"zyzzyva" not in bobbin.server_file.path.read_bytes()


async def test_the_words_are_gone_from_the_file_when_an_alert_is_removed(
    bobbin: Bobbin, person: Person, hall: Channel
) -> None:
    await alert(person, hall, "add", query="zyzzyva")
    await alert(person, hall, "remove", alert="zyzzyva")
    assert b"zyzzyva" not in bobbin.server_file.path.read_bytes()


async def test_an_archive_that_replaced_another_one_has_nothing_new(
    bobbin: Bobbin, archive: Archive, person: Person, hall: Channel
) -> None:
    await alert(person, hall, "add", query="waggle")
    with bobbin.server_file.changing() as db:
        db.execute("update alerts set archive = 'another'")
    keep(archive, "bees", BEES.format("a"))
    assert await tick(bobbin) == 0
    keep(archive, "later", BEES.format("b"))
    assert await tick(bobbin) == 1


def stored(bobbin: Bobbin) -> int:
    """Return how many rows there are of alerts, but for the notice that they ended."""
    with bobbin.server_file.reading() as db:
        tables = ("alerts", "alert_matches", "alert_reports where kind = 'matches'")
        return sum(db.execute(f"select count(*) from {table}").fetchone()[0] for table in tables)  # noqa: S608


class KilledError(Exception):
    """The process ended there."""


def die(*_: object) -> None:
    raise KilledError


async def test_a_process_that_dies_before_or_after_the_message_reports_it_once(  # noqa: PLR0917 - fixtures
    bobbin: Bobbin,
    archive: Archive,
    person: Person,
    hall: Channel,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await alert(person, hall, "add", query="waggle")
    for number, step in enumerate(["note_matches", "matches_of", "renew", "finish"], start=1):
        keep(archive, f"bees{number}", BEES.format(f"b{number}"))
        with monkeypatch.context() as killing:
            killing.setattr(bobbin.alerts.ledger, step, die)
            with pytest.raises(KilledError):
                await tick(bobbin)
        sent = len(reports(person.dm_channel))
        assert sent == number - (step != "finish")
        clock.now += timedelta(seconds=30)
        keep(archive, f"bees{number}", BEES.format(f"b{number}"))
        if step != "note_matches":
            assert await tick(bobbin) == 0, "the claim of the dead process holds"
        clock.now += timedelta(minutes=2)
        assert await tick(bobbin) == 1
        clock.now += timedelta(minutes=5)
        assert await tick(bobbin) == 0
        texts = reports(person.dm_channel)
        assert len(texts) == number
        assert f"bees b{number} points" in texts[-1].replace("*", "")


async def test_two_processes_report_a_match_once(
    bobbin: Bobbin, archive: Archive, person: Person, hall: Channel
) -> None:
    other = AlertReporter(
        bobbin,
        archive,
        AlertLedger(bobbin.server_file),
        replace(bobbin.alerts.context, owner="other"),
        preferences=bobbin.servers.of,
        page_of=bobbin.services.page_of,
    )
    await alert(person, hall, "add", query="waggle")
    for number in range(3):
        keep(archive, f"bees{number}", BEES.format(f"b{number}"))
    assert sum(await asyncio.gather(tick(bobbin), other.tick(), other.tick())) >= 1
    (text,) = reports(person.dm_channel)
    assert "3 new threads" in text


async def test_a_storm_of_failures_delays_a_report_and_doubles_none(  # noqa: PLR0917 - fixtures
    bobbin: Bobbin, archive: Archive, loopback: Loopback, person: Person, hall: Channel, clock: Clock
) -> None:
    await alert(person, hall, "add", query="waggle")
    keep(archive, "bees", BEES.format("a"))
    place = re.compile(r"^/channels/\d+/messages$")
    loopback.faults.plan(Fault("POST", place, status=503, after=True, times=5))
    for _ in range(6):
        await tick(bobbin)
        clock.now += timedelta(minutes=11)
    assert len(reports(person.dm_channel)) == 1


async def test_who_takes_over_finds_the_message_where_discord_has_forgotten_its_nonce(  # noqa: PLR0917
    bobbin: Bobbin,
    archive: Archive,
    person: Person,
    hall: Channel,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock.now = datetime.now(UTC)  # by which Discord dates messages
    await alert(person, hall, "add", query="waggle")
    keep(archive, "bees", BEES.format("a"))
    with monkeypatch.context() as killing:
        killing.setattr(bobbin.alerts.ledger, "finish", die)
        with pytest.raises(KilledError):
            await tick(bobbin)
    for message in person.dm_channel.messages.values():
        message.nonce = None
    clock.now += timedelta(minutes=3)
    assert await tick(bobbin) == 1
    assert len(reports(person.dm_channel)) == 1
    clock.now += timedelta(minutes=3)
    assert await tick(bobbin) == 0


async def test_matches_wait_for_a_server_that_is_not_there_yet_and_no_longer(
    bobbin: Bobbin, archive: Archive, person: Person, hall: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    await alert(person, hall, "add", query="waggle")
    keep(archive, "bees", BEES.format("a"))
    with monkeypatch.context() as starting:
        starting.setattr(type(bobbin), "guilds", ())
        assert await tick(bobbin) == 0
    assert await tick(bobbin) == 1
    assert len(reports(person.dm_channel)) == 1
