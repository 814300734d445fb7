"""Who may ask where, and how often: told in private, and nobody else is disturbed."""

import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from bot.client import Bobbin
from bot.interactions.access_check import _MOST_EXPLAINED, AccessCheck
from bot.servers.access import Refusal
from bot.servers.preference_store import PreferenceStore
from bot.servers.preferences import Preferences, Quota
from bot.settings import Settings
from retrieval.archive import Archive
from retrieval.errors import StoreError
from tests.bot.conftest import running
from tests.discord import Channel, Person, Role
from tests.discord.fixtures import Loopback

QUESTION = "Why does the ferry cross with the current?"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 5, 4, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def readers(hall: Channel, alice: Person) -> Role:
    assert hall.guild is not None
    return hall.guild.add_role("Readers *of* rivers", alice)


@pytest.fixture
def client(archive: Archive, settings: Settings, clock: Clock) -> Bobbin:
    return Bobbin(archive, settings, ready_timeout=0.01, now=clock)


@pytest_asyncio.fixture
async def bobbin(loopback: Loopback, client: Bobbin, readers: Role) -> AsyncIterator[Bobbin]:  # noqa: ARG001 - made before it connects
    async with running(client, loopback):
        yield client


def decide(bobbin: Bobbin, channel: Channel, **changes: Any) -> None:
    assert channel.guild is not None
    bobbin.servers.change(channel.guild.id, lambda before: replace(before, **changes))


async def asked(person: Person, channel: Channel) -> str:
    return (await (await person.uses(channel, "ask", question=QUESTION)).reply()).text


async def test_in_another_channel_a_command_is_refused_privately(
    bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    assert hall.guild is not None
    services = hall.guild.add_channel("desk")
    decide(bobbin, hall, channels=frozenset({services.id}))
    refused = await (await alice.uses(hall, "ask", question=QUESTION)).reply()
    assert refused.seen_only_by is alice
    assert services.mention in refused.text
    assert "ferry" in await asked(alice, services)
    assert "ferry" in await asked(alice, services.add_thread("about ferries"))


async def test_threads_are_not_shown_either_where_nobody_may_ask(
    bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    assert hall.guild is not None
    decide(bobbin, hall, channels=frozenset({hall.guild.add_channel("desk").id}))
    refused = await (await alice.uses(hall, "thread", thread="ferry")).reply()
    assert refused.seen_only_by is alice
    assert (await (await alice.uses(hall, "help")).reply()).text


async def test_without_the_role_a_command_is_refused_and_names_it(
    bobbin: Bobbin, hall: Channel, alice: Person, bob: Person, readers: Role
) -> None:
    decide(bobbin, hall, roles=frozenset({readers.id}))
    refused = await (await bob.uses(hall, "ask", question=QUESTION)).reply()
    assert refused.seen_only_by is bob
    assert r"Readers \*of\* rivers" in refused.text
    assert "ferry" in await asked(alice, hall)


async def test_a_person_who_asks_too_fast_reads_privately_when_they_may_ask_again(
    bobbin: Bobbin, hall: Channel, alice: Person, bob: Person, clock: Clock
) -> None:
    decide(bobbin, hall, person=Quota(2, 60))
    for _ in range(2):
        assert "ferry" in await asked(alice, hall)
        clock.now += timedelta(seconds=10)
    refused = await (await alice.uses(hall, "ask", question=QUESTION)).reply()
    assert refused.seen_only_by is alice
    told = re.search(r"<t:(\d+):R>", refused.text)
    assert told is not None
    assert "ferry" in await asked(bob, hall)
    clock.now = datetime.fromtimestamp(int(told[1]), UTC)
    assert "ferry" in await asked(alice, hall)


async def test_an_exempt_role_may_ask_on(
    bobbin: Bobbin, hall: Channel, alice: Person, bob: Person, readers: Role
) -> None:
    decide(bobbin, hall, server=Quota(1, 3600), exempt=frozenset({readers.id}))
    assert "ferry" in await asked(bob, hall)
    assert "This server has asked" in await asked(bob, hall)
    for _ in range(3):
        assert "ferry" in await asked(alice, hall)


async def test_a_mention_beyond_the_quota_is_reported_once_by_direct_message(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person, clock: Clock
) -> None:
    decide(bobbin, hall, person=Quota(1, 3600))
    mention = f"{loopback.bot_user.mention} {QUESTION}"
    await alice.says(hall, mention)
    answer = await loopback.next_message(in_=hall)
    await alice.says(hall, mention)
    told = await loopback.next_message(in_=alice.dm_channel)
    assert "Reading room" in told.text
    assert f"<t:{int((clock.now + timedelta(hours=1)).timestamp()) + 1}:R>" in told.text
    await alice.says(hall, mention)
    await loopback.stays_silent(in_=alice.dm_channel, after=told)
    await loopback.stays_silent(in_=hall, after=answer)
    clock.now += timedelta(hours=1)
    await alice.says(hall, mention)
    await loopback.next_message(in_=hall, after=answer)


async def test_mentions_are_left_alone_where_only_commands_are_answered(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    decide(bobbin, hall, mentions=False)
    await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    assert "commands only" in (await loopback.next_message(in_=alice.dm_channel)).text
    await loopback.stays_silent(in_=hall)
    assert "ferry" in await asked(alice, hall)


async def test_who_takes_no_direct_messages_is_left_alone(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    alice.accepts_dms = False
    decide(bobbin, hall, mentions=False)
    await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    await loopback.stays_silent(in_=hall)
    assert "ferry" in await asked(alice, hall)


async def test_direct_messages_and_other_servers_go_by_no_server_s_settings(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    decide(bobbin, hall, roles=frozenset({1}), person=Quota(1, 86_400), mentions=False)
    other = loopback.add_guild("Elsewhere").add_channel("hall")
    assert other.guild is not None
    other.guild.add_member(alice)
    for place in (alice.dm_channel, other):
        for _ in range(2):
            assert "ferry" in await asked(alice, place)


async def test_the_reason_is_reported_in_the_persons_language(
    loopback: Loopback, bobbin: Bobbin, hall: Channel
) -> None:
    karl = loopback.add_user("karl", locale="de")
    assert hall.guild is not None
    hall.guild.add_member(karl)
    decide(bobbin, hall, roles=frozenset({1}))
    assert "Auf diesem Server beantworte ich nur Fragen" in await asked(karl, hall)


async def test_once_a_person_is_forgotten_a_refusal_is_explained_anew(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person, bob: Person
) -> None:
    decide(bobbin, hall, mentions=False)
    mention = f"{loopback.bot_user.mention} {QUESTION}"
    await alice.says(hall, mention)
    first = await loopback.next_message(in_=alice.dm_channel)
    await bob.says(hall, mention)
    before = await loopback.next_message(in_=bob.dm_channel)
    assert bobbin.access_check.forget_person(alice.id) == 0
    await alice.says(hall, mention)
    await loopback.next_message(in_=alice.dm_channel, after=first)
    await bob.says(hall, mention)
    await loopback.stays_silent(in_=bob.dm_channel, after=before)
    decide(bobbin, hall, mentions=True, person=Quota(5, 3600))
    assert "ferry" in await asked(alice, hall)
    assert bobbin.access_check.forget_person(alice.id) == 1


async def test_of_the_refusals_that_were_explained_only_the_latest_are_kept(  # noqa: PLR0917
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person, bob: Person, clock: Clock
) -> None:
    assert hall.guild is not None
    decide(bobbin, hall, mentions=False)
    told = bobbin.access_check._explained
    mention = f"{loopback.bot_user.mention} {QUESTION}"
    await alice.says(hall, mention)
    await loopback.next_message(in_=alice.dm_channel)
    told.update({(7, person, Refusal.MENTIONS): clock.now for person in range(_MOST_EXPLAINED - 1)})
    assert len(told) == _MOST_EXPLAINED
    clock.now += timedelta(hours=1)
    await alice.says(hall, mention)  # the hour is over, so it is told once more and is the latest now
    await loopback.requested("POST", rf"/channels/{alice.dm_channel.id}/messages", times=2)
    assert len(told) == _MOST_EXPLAINED
    await bob.says(hall, mention)
    await loopback.next_message(in_=bob.dm_channel)
    assert len(told) == _MOST_EXPLAINED
    assert next(iter(told))[1] == 1
    assert [person for _, person, _ in told][-2:] == [alice.id, bob.id]


class FailingPreferences(PreferenceStore):
    """Preferences of a file that cannot be read."""

    def __init__(self) -> None:
        """Need no file."""

    def of(self, server_id: int | None) -> Preferences:
        raise StoreError(f"the settings of {server_id} cannot be read")


async def test_a_use_that_cannot_be_checked_does_not_go_on_and_its_person_learns_why(
    bobbin: Bobbin, hall: Channel, alice: Person, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    assert await alice.completes(hall, "thread", thread="ferr")
    bobbin.access_check = AccessCheck(FailingPreferences(), clock)
    reply = await (await alice.uses(hall, "ask", question=QUESTION)).reply()
    assert reply.seen_only_by is alice
    assert "ferry" not in reply.text
    assert "cannot answer right now" in reply.text
    with pytest.raises(TimeoutError):
        await alice.completes(hall, "thread", thread="ferr", timeout=0.2)
    failures = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(failures) == 2
    assert "interaction" in failures[0]
    assert "completion" in failures[1]
