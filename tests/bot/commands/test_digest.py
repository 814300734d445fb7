"""Setting up the digest, over the loopback Discord: what an admin chooses, sees, pauses and ends."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.client import Bobbin
from bot.digest.model import DigestOptions, DigestState, Position
from bot.digest.resurfacing import Frequency
from bot.posting.poster import PostOutcome
from bot.settings import Settings
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from tests.bot.archives import HOSTILE, fill
from tests.bot.conftest import running
from tests.discord import Channel, Person, SeenMessage
from tests.discord.fixtures import Loopback
from tests.discord.waiting import until

BEES = "The waggle dance tells the bees where the linden blooms.\n/1\nSo they fly to the linden.\n/END\n"
EVENING = datetime(2026, 11, 22, 18, tzinfo=UTC)
MESSAGES = r"^/channels/\d+/messages$"


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(EVENING)


@pytest_asyncio.fixture
async def bobbin(
    loopback: Loopback, archive: Archive, settings: Settings, clock: Clock, hall: Channel
) -> AsyncIterator[Bobbin]:
    assert hall.guild
    async with running(Bobbin(archive, settings, ready_timeout=0.01, now=clock), loopback) as client:
        client.digests.scheduler.stop()
        yield client


@pytest.fixture
def admin(loopback: Loopback, hall: Channel) -> Person:
    person = loopback.add_user("ada")
    assert hall.guild
    hall.guild.add_member(person, administrator=True)
    return person


async def digest(person: Person, place: Channel, command: str, /, **options: Any) -> SeenMessage:
    (message,) = (await (await person.uses(place, f"digest {command}", **options)).final()).messages
    return message


async def set_up(admin: Person, hall: Channel, **options: Any) -> SeenMessage:
    return await digest(
        admin, hall, "setup", **({"channel": hall, "at": "9:00", "timezone": "Europe/Berlin"} | options)
    )


async def tick(bobbin: Bobbin) -> int:
    bobbin.digests.scheduler._stopped = False
    return await bobbin.digests.scheduler.tick()


def posted(hall: Channel) -> list[str]:
    return [
        "\n".join(part["content"] for part in _texts(message.components))
        for message in hall.messages.values()
        if message.author is hall.world.bot and message.seen_only_by is None
    ]


def _texts(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for part in components:
        found += [part] if part["type"] == 10 else []
        found += _texts(part.get("components") or [])
    return found


async def test_a_first_subscription_posts_nothing_at_once_and_says_when_the_first_will_come(
    bobbin: Bobbin, admin: Person, hall: Channel
) -> None:
    told = await set_up(admin, hall)
    tomorrow = int(datetime(2026, 11, 23, 8, tzinfo=UTC).timestamp())
    assert f"<t:{tomorrow}:f>" in told.text
    assert told.ephemeral
    assert await tick(bobbin) == 0
    assert posted(hall) == []


async def test_the_digest_comes_at_its_hour_once_and_is_what_the_preview_showed(
    bobbin: Bobbin, archive: Archive, admin: Person, hall: Channel, clock: Clock
) -> None:
    await set_up(admin, hall)
    fill(archive, bees=BEES)
    preview = await (await admin.uses(hall, "digest preview")).final()
    shown, note = preview.messages
    assert note.text.startswith("This is the digest as it would come")
    assert shown.seen_only_by is note.seen_only_by is admin
    clock.now = datetime(2026, 11, 23, 7, 59, tzinfo=UTC)
    assert await tick(bobbin) == 0
    clock.now += timedelta(minutes=1)
    assert await tick(bobbin) == 1
    assert await tick(bobbin) == 0
    (message,) = (one for one in hall.messages.values() if one.seen_only_by is None)
    assert message.components == shown.raw["components"]
    (text,) = posted(hall)
    assert "One new thread" in text
    assert "waggle dance" in text
    assert "From the archive" in text
    assert hall.guild
    entry = bobbin.digests.ledger.entry(hall.guild.id, date(2026, 11, 23))
    assert entry
    assert entry.feature, "the thread that was chosen is noted, for a repetition"


async def test_a_day_later_nothing_is_new_and_another_thread_comes_from_the_archive(
    bobbin: Bobbin, admin: Person, hall: Channel, clock: Clock
) -> None:
    await set_up(admin, hall)
    for day in (23, 24):
        clock.now = datetime(2026, 11, day, 9, tzinfo=UTC)
        await tick(bobbin)
    first, second = posted(hall)
    assert "new thread" not in first + second
    assert {"Lamps" in first, "Lamps" in second} == {True, False}


async def test_only_when_there_is_something_new_leaves_a_quiet_day_out_and_says_so(
    bobbin: Bobbin, archive: Archive, admin: Person, hall: Channel, clock: Clock
) -> None:
    await set_up(admin, hall, content="news")
    clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert await tick(bobbin) == 1
    assert posted(hall) == []
    assert "there was nothing new" in (await digest(admin, hall, "status")).text
    fill(archive, bees=BEES)
    clock.now += timedelta(days=1)
    await tick(bobbin)
    assert "waggle" in posted(hall)[0]


async def test_now_posts_at_once_and_counts_as_the_digest_of_today(
    bobbin: Bobbin, admin: Person, hall: Channel, clock: Clock
) -> None:
    await set_up(admin, hall)
    clock.now = datetime(2026, 11, 23, 6, tzinfo=UTC)
    told = await digest(admin, hall, "now")
    (message,) = (one for one in hall.messages.values() if one.seen_only_by is None)
    assert str(message.id) in told.text
    assert "already there" in (await digest(admin, hall, "now")).text
    clock.now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert await tick(bobbin) == 0
    assert len(posted(hall)) == 1


@pytest.mark.parametrize("hour", range(0, 24, 3))
async def test_now_posts_at_every_hour_also_where_that_of_today_was_over_and_but_once(
    bobbin: Bobbin, admin: Person, hall: Channel, clock: Clock, hour: int
) -> None:
    clock.now = datetime(2026, 11, 23, hour, 30, tzinfo=UTC)
    await set_up(admin, hall)
    if hour % 2:
        await digest(admin, hall, "pause")
        await digest(admin, hall, "resume")
    told = await digest(admin, hall, "now")
    (message,) = (one for one in hall.messages.values() if one.seen_only_by is None)
    assert str(message.id) in told.text
    for _ in range(48):
        clock.now += timedelta(hours=1)
        await tick(bobbin)
    # Nine o'clock comes twice in two days, and of the first date it is no second digest.
    assert len(posted(hall)) == (2 if hour < 8 else 3)


async def test_paused_nothing_comes_and_what_came_in_meanwhile_is_reported_afterwards(
    bobbin: Bobbin, archive: Archive, admin: Person, hall: Channel, clock: Clock
) -> None:
    await set_up(admin, hall)
    await digest(admin, hall, "pause")
    fill(archive, bees=BEES)
    clock.now = datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert await tick(bobbin) == 0
    assert "an admin paused it" in (await digest(admin, hall, "status")).text
    await digest(admin, hall, "resume")
    assert await tick(bobbin) == 0
    clock.now += timedelta(days=1)
    assert await tick(bobbin) == 1
    assert "waggle" in posted(hall)[0]


async def test_off_ends_it_and_setting_it_up_again_posts_no_second_one_today(
    bobbin: Bobbin, admin: Person, hall: Channel, clock: Clock
) -> None:
    await set_up(admin, hall)
    clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    await tick(bobbin)
    await digest(admin, hall, "off")
    assert "no digest" in (await digest(admin, hall, "status")).text
    await set_up(admin, hall, at="10:30")
    clock.now += timedelta(hours=2)
    assert await tick(bobbin) == 0
    assert len(posted(hall)) == 1


async def test_status_tells_the_next_time_and_links_the_last_post(
    bobbin: Bobbin, admin: Person, hall: Channel, clock: Clock
) -> None:
    await set_up(admin, hall)
    assert "None was posted yet" in (await digest(admin, hall, "status")).text
    clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    await tick(bobbin)
    (message,) = (one for one in hall.messages.values() if one.seen_only_by is None)
    told = (await digest(admin, hall, "status")).text
    assert f"/{hall.id}/{message.id}" in told
    assert f"<t:{int(datetime(2026, 11, 24, 8, tzinfo=UTC).timestamp())}:R>" in told


@pytest.mark.usefixtures("bobbin")
async def test_missing_permissions_are_named_at_setup(admin: Person, hall: Channel) -> None:
    hall.deny_bot(1 << 14 | 1 << 11)
    told = (await set_up(admin, hall)).text
    assert "**Send Messages**" in told
    assert "no digest" in (await digest(admin, hall, "status")).text


async def test_a_refused_post_pauses_the_digest_and_its_admin_is_notified_once(
    bobbin: Bobbin, admin: Person, hall: Channel, clock: Clock, loopback: Loopback
) -> None:
    await set_up(admin, hall)
    hall.deny_bot()
    for hour in (9, 10):
        clock.now = datetime(2026, 11, 23, hour, tzinfo=UTC)
        await tick(bobbin)
    told = [message for message in admin.dm_channel.messages.values() if message.author is loopback.bot_user]
    assert len(told) == 1
    assert (
        "is paused: Discord does not let me post" in (await loopback.next_message(in_=admin.dm_channel)).text
    )
    assert "does not let me post" in (await digest(admin, hall, "status")).text
    hall.allow_bot()
    await digest(admin, hall, "resume")
    clock.now += timedelta(days=1)
    await tick(bobbin)
    assert len(posted(hall)) == 1


@pytest.mark.parametrize(("status", "code"), [(401, 0), (403, 0), (404, 0), (429, 0), (500, 0), (503, 0)])
async def test_what_is_not_discords_own_refusal_pauses_nothing(  # noqa: PLR0917 - fixtures
    bobbin: Bobbin, admin: Person, hall: Channel, clock: Clock, loopback: Loopback, status: int, code: int
) -> None:
    await set_up(admin, hall)
    clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    poster = bobbin.digests.poster
    poster.context = replace(poster.context, attempt_seconds=0.3)
    fault = loopback.fail("POST", MESSAGES, status=status, body={"message": "no", "code": code}, times=None)
    await tick(bobbin)
    fault.times = 0
    clock.now += timedelta(minutes=2)
    await tick(bobbin)
    assert len(posted(hall)) == 1


async def test_permissions_are_looked_at_again_before_posting(
    bobbin: Bobbin, admin: Person, hall: Channel, clock: Clock, loopback: Loopback
) -> None:
    await set_up(admin, hall)
    hall.deny_bot(1 << 11)
    await loopback.stays_silent(in_=hall, seconds=0.1)
    clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    await tick(bobbin)
    assert posted(hall) == []
    assert "Send Messages" in (await digest(admin, hall, "resume")).text
    assert "does not let me post" in (await digest(admin, hall, "status")).text


async def test_a_channel_that_is_gone_is_reported_as_that(
    bobbin: Bobbin, admin: Person, hall: Channel, clock: Clock
) -> None:
    assert hall.guild
    other = hall.guild.add_channel("other")
    await set_up(admin, hall, channel=other)
    other.delete()
    clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    await tick(bobbin)
    assert "the channel is gone" in (await digest(admin, hall, "status")).text


async def test_the_role_that_was_chosen_is_all_that_a_digest_pings(  # noqa: PLR0917 - fixtures
    bobbin: Bobbin, archive: Archive, admin: Person, hall: Channel, clock: Clock, loopback: Loopback
) -> None:
    assert hall.guild
    readers = hall.guild.add_role("readers")
    loopback.let_ping(readers)
    fill(archive, hostile=HOSTILE)
    await set_up(admin, hall, mention=readers)
    fill(archive, hostile2=HOSTILE.replace("hostile thread", "very hostile thread, too,"))
    shown, _note = (await (await admin.uses(hall, "digest preview")).final()).messages
    clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    await tick(bobbin)
    message = await loopback.next_message(in_=hall)
    assert message.pings == (str(readers.id),)
    assert shown.pings == ()
    assert shown.text == message.text


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"timezone": "Berlni"}, "Choose one: `Europe/Berlin`"),
        ({"timezone": "qqqq"}, "no time zone called “qqqq”"),
        ({"at": "25:00"}, "no time of day"),
        ({"at": "soon"}, "no time of day"),
    ],
)
async def test_what_cannot_be_is_reported_with_what_can(
    admin: Person, hall: Channel, options: dict[str, str], said: str
) -> None:
    assert said in (await set_up(admin, hall, **options)).text


@pytest.mark.usefixtures("bobbin")
async def test_people_who_do_not_manage_the_server_cannot_set_it_up(hall: Channel, alice: Person) -> None:
    with pytest.raises(LookupError):
        await alice.uses(hall, "digest status")
    use = await alice.uses(hall, "digest off", even_if_hidden=True)
    assert "Manage Server" in (await use.reply()).text
    assert use.followups == []


@pytest.mark.usefixtures("bobbin")
async def test_zones_are_completed(hall: Channel, admin: Person) -> None:
    choices = await admin.completes(hall, "digest setup", timezone="münch")
    assert choices[0]["value"] == "Europe/Berlin"


async def test_all_new_threads_are_listed_in_pages_for_the_person_who_presses(  # noqa: PLR0917 - fixtures
    bobbin: Bobbin,
    archive: Archive,
    admin: Person,
    hall: Channel,
    clock: Clock,
    loopback: Loopback,
    alice: Person,
) -> None:
    await set_up(admin, hall)
    fill(archive, **{f"bees{n}": BEES.replace("linden", f"linden{n}x") for n in range(12)})
    clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    await tick(bobbin)
    message = await loopback.next_message(in_=hall)
    assert "12 new threads" in message.text
    assert "and 7 more" in message.text
    first = await (await alice.presses(message, "All 12 new threads")).reply()
    assert first.seen_only_by is alice
    assert len([one for one in first.buttons if one.label == "Open"]) == 8
    await alice.presses(first, "Next")
    second = await loopback.edited(first)
    assert len([one for one in second.buttons if one.label == "Open"]) == 4


async def test_questions_are_counted_and_the_most_quoted_threads_named(
    bobbin: Bobbin, admin: Person, hall: Channel, clock: Clock, alice: Person
) -> None:
    await set_up(admin, hall)
    for _ in range(3):
        await (await alice.uses(hall, "ask", question="Why does the ferry cross at dawn?")).reply()
    await bobbin.digests.scheduler._write_usage()
    clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    await tick(bobbin)
    text = posted(hall)[-1]
    assert "Yesterday 3 questions were answered" in text
    assert "dawn?" not in text


async def test_a_post_whose_answer_was_lost_is_found_again_and_not_repeated(
    bobbin: Bobbin, admin: Person, hall: Channel, clock: Clock, loopback: Loopback
) -> None:
    await set_up(admin, hall)

    def seconds() -> float:
        return clock.now.timestamp()

    loopback.world.ids._clock = seconds
    clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    loopback.fail("POST", MESSAGES, status=503, after=True)
    subscription = bobbin.digests.ledger.waiting(clock.now)[0]
    day = subscription.due(clock.now)
    assert day
    result = await bobbin.digests.poster.post(subscription.server_id, day)
    assert result.outcome is PostOutcome.LATER
    assert len(posted(hall)) == 1
    clock.now += timedelta(hours=2)
    result = await bobbin.digests.poster.post(subscription.server_id, day)
    assert result.outcome is PostOutcome.POSTED
    assert len(posted(hall)) == 1


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_digest_interrupted_yesterday_is_settled_before_today_s(
    bobbin: Bobbin, admin: Person, hall: Channel, clock: Clock, loopback: Loopback, *, arrived: bool
) -> None:
    await set_up(admin, hall)
    ids = loopback.world.ids
    ids._clock, ids._last_ms = (lambda: clock.now.timestamp()), 0  # noqa: PLW0108 - `now` is set anew below
    clock.now = yesterday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    loopback.fail("POST", MESSAGES, status=503, after=arrived)
    await tick(bobbin)
    assert len(posted(hall)) == arrived
    clock.now += timedelta(days=1)
    loopback.fail("GET", MESSAGES, status=503)
    assert await tick(bobbin) == 1
    assert len(posted(hall)) == arrived, "it is not known yet whether the earlier one was posted"
    clock.now += timedelta(minutes=1)
    loopback.faults.heal()
    await tick(bobbin)
    assert len(posted(hall)) == 1 + arrived
    assert hall.guild
    entry = bobbin.digests.ledger.entry(hall.guild.id, yesterday.date())
    assert entry
    assert entry.state is (DigestState.POSTED if arrived else DigestState.MISSED)


async def test_a_stop_amid_many_digests_leaves_none_half_posted_and_the_next_start_posts_the_rest(
    loopback: Loopback, archive: Archive, settings: Settings, clock: Clock, hall: Channel
) -> None:
    assert hall.guild
    channels = [hall, *(loopback.add_guild(f"Server {number}").add_channel("hall") for number in range(39))]
    client = Bobbin(archive, settings, ready_timeout=0.01, now=clock)
    ledger, position = client.digests.ledger, client.digests.composer.position()
    servers = {channel.guild.id: channel for channel in channels if channel.guild}
    for server, channel in servers.items():
        ledger.subscribe(server, DigestOptions(channel.id, ZoneInfo("Etc/UTC"), time(9)), position, clock.now)
    clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    async with running(client, loopback):
        await loopback.requested("POST", MESSAGES, times=5)
    count = sum(len(posted(channel)) for channel in channels)
    assert 5 <= count < 40
    again = Bobbin(archive, settings, ready_timeout=0.01, now=clock)
    entries = {server: again.digests.ledger.entry(server, date(2026, 11, 23)) for server in servers}
    for server, channel in servers.items():
        entry = entries[server]
        assert (entry is None) == (posted(channel) == [])
        assert entry is None or (entry.state is DigestState.POSTED and entry.message_id in channel.messages)
    async with running(again, loopback):
        await loopback.requested("POST", MESSAGES, times=40)
        await asyncio.sleep(0.1)
    assert [len(posted(channel)) for channel in channels] == [1] * 40


async def test_a_digest_in_an_ordinary_channel_is_not_published(  # noqa: PLR0917
    loopback: Loopback, bobbin: Bobbin, archive: Archive, admin: Person, hall: Channel, clock: Clock
) -> None:
    await set_up(admin, hall)
    fill(archive, bees=BEES)
    clock.now = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)
    assert await tick(bobbin) == 1
    assert loopback.called("POST", r"/crosspost$") == []


@pytest.mark.parametrize("is_refused", [False, True])
async def test_a_digest_in_an_announcement_channel_is_published_and_posted_even_where_that_is_refused(  # noqa: PLR0917
    loopback: Loopback,
    bobbin: Bobbin,
    archive: Archive,
    admin: Person,
    hall: Channel,
    clock: Clock,
    *,
    is_refused: bool,
) -> None:
    assert hall.guild
    news = hall.guild.add_announcements("news")
    await until(lambda: bobbin.get_channel(news.id) is not None)
    await set_up(admin, hall, channel=news)
    fill(archive, bees=BEES)
    if is_refused:
        loopback.fail("POST", r"/crosspost$", status=403)
    clock.now = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)
    assert await tick(bobbin) == 1
    (message,) = [one for one in news.messages.values() if one.author is loopback.bot_user]
    assert bool(message.flags & 1) is not is_refused
    assert len(loopback.called("POST", r"/crosspost$")) == 1
    clock.now += timedelta(minutes=1)
    assert await tick(bobbin) == 0
    assert len(loopback.called("POST", r"/crosspost$")) == 1


# Several digests in a server


async def test_two_digests_in_one_channel_on_one_day_are_both_posted_once_and_told_apart(  # noqa: PLR0917
    bobbin: Bobbin, archive: Archive, admin: Person, hall: Channel, clock: Clock, loopback: Loopback
) -> None:
    await set_up(admin, hall)
    told = await set_up(admin, hall, digest="Mondays *only*", days="weekday-0", size=3, recency=2)
    assert r"**Mondays \*only\***" in told.text
    assert "on Mondays" in told.text
    assert "up to 3 threads" in told.text
    fill(archive, bees=BEES)
    clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
    assert await tick(bobbin) == 2
    assert await tick(bobbin) == 0
    first, second = sorted(posted(hall), key=lambda text: "Mondays" in text)
    assert "Daily digest" in first
    assert r"Mondays \*only\* · 23 November 2026" in second
    messages = [one for one in hall.messages.values() if one.seen_only_by is None]
    numbers = {message.components[0]["id"] for message in messages}
    assert numbers == {20261123, 120261123}
    nonces = {one.json["nonce"] for one in loopback.called("POST", MESSAGES)}
    assert len(nonces) == 2
    clock.now += timedelta(days=1)
    assert await tick(bobbin) == 1
    assert "Mondays" not in posted(hall)[-1]


async def test_a_crash_of_one_of_two_digests_finds_its_own_post_and_not_the_other_one(
    bobbin: Bobbin, admin: Person, hall: Channel, clock: Clock, loopback: Loopback
) -> None:
    assert hall.guild
    server = hall.guild.id
    await set_up(admin, hall)
    await set_up(admin, hall, digest="second")
    clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    day = clock.now.date()
    assert (await bobbin.digests.poster.post(server, day)).outcome is PostOutcome.POSTED
    ledger = bobbin.digests.ledger
    crashed = ledger.claim(server, day, "a process that was killed", ledger_position(bobbin), clock.now, 1)
    assert crashed
    clock.now += timedelta(minutes=5)
    result = await bobbin.digests.poster.post(server, day, 1)
    assert result.outcome is PostOutcome.POSTED
    assert len(posted(hall)) == 2
    entry = ledger.entry(server, day, 1)
    assert entry
    assert entry.message_id == result.message_id
    assert len(loopback.called("POST", MESSAGES)) == 2


async def offered(person: Person, place: Channel, command: str, **typed: str) -> list[str]:
    options: dict[str, Any] = dict(typed)
    return [choice["value"] for choice in await person.completes(place, f"digest {command}", **options)]


def ledger_position(bobbin: Bobbin) -> Position:
    return bobbin.digests.composer.position()


async def test_a_command_for_one_of_several_digests_asks_which_and_takes_its_name(
    bobbin: Bobbin, admin: Person, hall: Channel
) -> None:
    await set_up(admin, hall)
    assert "paused" in (await digest(admin, hall, "pause")).text  # there is only one
    await digest(admin, hall, "resume")
    await set_up(admin, hall, digest="Weekly", days="weekday-4")
    for command in ("pause", "resume", "preview", "now", "off"):
        text = (await digest(admin, hall, command)).text
        assert "several digests" in text, command
        assert "**digest without a name**, **Weekly**" in text
    assert "no digest called" in (await digest(admin, hall, "pause", digest="Monthly")).text
    await digest(admin, hall, "pause", digest="weekly")
    assert hall.guild
    states = [one.paused is None for one in bobbin.digests.ledger.subscriptions_of(hall.guild.id)]
    assert states == [True, False]
    status = (await digest(admin, hall, "status")).text
    assert "every day at 09:00" in status
    assert "on Fridays at 09:00" in status
    assert status.count("Paused:") == 1
    one = (await digest(admin, hall, "status", digest="Weekly")).text
    assert "every day" not in one
    await digest(admin, hall, "off", digest="digest without a name")
    assert [kept.options.name for kept in bobbin.digests.ledger.subscriptions_of(hall.guild.id)] == ["Weekly"]
    assert await offered(admin, hall, "status", digest="wee") == ["Weekly"]


async def test_sources_are_named_weighed_and_completed_and_unknown_ones_refused(
    bobbin: Bobbin, archive: Archive, admin: Person, hall: Channel
) -> None:
    archive.import_file(SavedFile("bees.txt", BEES.encode(), author="@melissa"), collection="insects")
    told = await set_up(admin, hall, authors="melissa, @nobody")
    assert "no collection and no author called “@nobody”" in told.text.replace("\\", "")
    assert (
        "This server has no digest" in (await digest(admin, hall, "weigh", source="main", often="never")).text
    )
    await set_up(admin, hall, collections="Insects", authors="@melissa")
    text = (await digest(admin, hall, "weigh", source="@melissa", often="seldom")).text.replace("\\", "")
    assert "**@melissa** is shown seldom" in text
    assert "It takes only: **insects**, **@melissa**" in text
    again = (await set_up(admin, hall)).text.replace("\\", "")
    assert "It takes only" not in again
    assert "Seldom shown from the archive: **@melissa**" in again
    assert hall.guild
    (kept,) = bobbin.digests.ledger.subscriptions_of(hall.guild.id)
    assert kept.options.selection.frequency == (("@melissa", Frequency.SELDOM),)
    assert await offered(admin, hall, "weigh", source="mel") == ["@melissa"]
    assert "insects" in await offered(admin, hall, "weigh", source="")
    assert await offered(admin, hall, "setup", authors="@melissa, mel") == ["@melissa, @melissa"]
