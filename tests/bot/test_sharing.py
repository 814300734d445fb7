"""Two processes, or two clients, that share the work of one bot by shards, on one archive."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.client import Bobbin
from bot.servers.preferences import Preferences
from bot.settings import Settings
from bot.shards import Shards
from retrieval.archive import Archive
from tests.bot.archives import LAMPS, RIVERS, fill, keep
from tests.bot.conftest import visitor
from tests.bot.test_client import BEES, BEES_QUESTION, COMMANDS, QUESTION, end_of, process
from tests.discord import Channel, Person
from tests.discord.fixtures import Loopback
from tests.discord.waiting import PATIENCE, attempts

SHARES = ("0/2", "1/2")


@pytest.fixture
def halls(loopback: Loopback) -> list[Channel]:
    """Return the halls of servers of both shards, three of each at least."""
    made: list[Channel] = []
    while min(sum(shard_of(hall) == shard for hall in made) for shard in (0, 1)) < 3:
        made.append(loopback.add_guild(f"House {len(made)}").add_channel("hall"))
    return made


@pytest.fixture
def people(loopback: Loopback, halls: list[Channel]) -> list[Person]:
    return [visitor(loopback, hall, f"visitor-{number}") for number, hall in enumerate(halls)]


@pytest.fixture(autouse=True)
def filled(settings: Settings) -> None:
    with Archive.open(settings.database, handbook=settings.handbook) as archive:
        fill(archive, rivers=RIVERS, lamps=LAMPS)


def shard_of(hall: Channel) -> int:
    assert hall.guild is not None
    return (hall.guild.id >> 22) % 2


@contextlib.asynccontextmanager
async def client(loopback: Loopback, settings: Settings, share: str) -> AsyncIterator[Bobbin]:
    chosen = replace(settings, shards=Shards.parse(share))
    with Archive.open(settings.database, handbook=settings.handbook) as archive:
        made = Bobbin(archive, chosen, ready_timeout=0.01, refresh_every=0.1, look_every=0.1)
        task = asyncio.create_task(made.start(loopback.token))
        try:
            yield made
        finally:
            await made.finish()
            await asyncio.wait_for(task, PATIENCE)


async def test_two_processes_answer_every_server_and_every_direct_message_once(
    loopback: Loopback, settings: Settings, halls: list[Channel], people: list[Person]
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        said = []
        for share in SHARES:
            child = await stack.enter_async_context(process(loopback, settings, BOBBIN_SHARDS=share))
            said.append(child)
        await loopback.ready(shards=2)
        await loopback.waiting.until(lambda: loopback.commands or None, 60, "the commands")
        places = [*zip(people, halls, strict=True), *((one, one.dm_channel) for one in people)]
        for person, place in places:
            await person.says(place, f"{loopback.bot_user.mention} {QUESTION}")
        uses = [
            await one.uses(hall, "ask", question=QUESTION) for one, hall in zip(people, halls, strict=True)
        ]
        for use in uses:
            assert "**ferry**" in (await use.reply()).text
        for _, place in places:
            await loopback.next_message(in_=place)
        for child in said:
            child.terminate()
        ends = [await end_of(child) for child in said]
    assert sorted(tuple(one["shard"]) for one in loopback.gateway.identifies) == [(0, 2), (1, 2)]
    assert len(loopback.called("PUT", COMMANDS)) == 1
    assert [len(loopback.messages(hall)) for hall in halls] == [2] * len(halls)
    assert [len(loopback.messages(one.dm_channel)) for one in people] == [1] * len(people)
    assert [status for status, _ in ends] == [0, 0]
    for shard, (_, told) in enumerate(ends):
        here = sum(shard_of(hall) == shard for hall in halls)
        assert told.count("answered: event=mention") == told.count("answered: event=command") == here
        assert told.count("answered: event=direct message") == (0 if shard else len(people))


async def test_the_inbox_is_taken_in_once_and_both_answer_from_it(
    loopback: Loopback,
    settings: Settings,
    halls: list[Channel],
    people: list[Person],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    here, there = (next(hall for hall in halls if shard_of(hall) == shard) for shard in (0, 1))
    settings.inbox_folder.mkdir(parents=True)
    async with client(loopback, settings, "0/2"), client(loopback, settings, "1/2"):
        await loopback.ready(shards=2)
        (settings.inbox_folder / "bees.txt").write_text(BEES)
        for hall in (here, there):
            asker = people[halls.index(hall)]
            async for _ in attempts(f"what was put into the inbox, on shard {shard_of(hall)}", 0.1):
                await asker.says(hall, f"{loopback.bot_user.mention} {BEES_QUESTION}")
                if "linden" in (await loopback.next_message(in_=hall)).text:
                    break
    assert [one.name for one in (settings.inbox_folder / "done").iterdir()] == ["bees.txt"]
    assert caplog.text.count("inbox: bees.txt was imported") == 1


async def test_each_sees_its_own_servers_threads_only(
    loopback: Loopback, settings: Settings, halls: list[Channel], people: list[Person]
) -> None:
    here, there = (next(hall for hall in halls if shard_of(hall) == shard) for shard in (0, 1))
    with Archive.open(settings.database) as archive:
        for hall, word in ((here, "northern"), (there, "southern")):
            assert hall.guild is not None
            secret = f"The {word} secret lies below the mossy stairs, where nobody looks.\n/1\nSo.\n/END\n"
            keep(archive, f"{word} secret", secret, hall.guild.id)
    async with client(loopback, settings, "0/2") as first, client(loopback, settings, "1/2") as second:
        await loopback.ready(shards=2)
        question = f"{loopback.bot_user.mention} Where does the secret below the mossy stairs lie?"
        for hall, word, other in ((here, "northern", "southern"), (there, "southern", "northern")):
            await people[halls.index(hall)].says(hall, question)
            told = (await loopback.next_message(in_=hall)).text
            assert word in told
            assert other not in told
        for bobbin, shard in ((first, 0), (second, 1)):
            bot_status = await bobbin.bot_status()
            served = sum(shard_of(hall) == shard for hall in halls)
            assert (bot_status.expected, bot_status.shard_count, bot_status.servers) == ((shard,), 2, served)
            assert [one.id for one in bot_status.shards if one.connected] == [shard]


async def test_each_keeps_its_own_servers_settings_and_finds_them_again(
    loopback: Loopback, settings: Settings, halls: list[Channel], people: list[Person]
) -> None:
    here, there = ([hall for hall in halls if shard_of(hall) == shard][:2] for shard in (0, 1))
    silent, talking = (here[0], there[0]), (here[1], there[1])
    for turn in range(2):
        async with client(loopback, settings, "0/2") as first, client(loopback, settings, "1/2") as second:
            await loopback.ready(shards=2)
            for bobbin, hall in zip((first, second), silent, strict=True):
                assert hall.guild is not None
                if turn == 0:
                    await asyncio.to_thread(bobbin.servers.change, hall.guild.id, without_mentions)
            for hall in (*silent, *talking):
                await people[halls.index(hall)].says(hall, f"{loopback.bot_user.mention} {QUESTION}")
            for hall in talking:
                assert "**ferry**" in (await loopback.next_message(in_=hall)).text
    for hall in silent:
        assert loopback.messages(hall) == []


def without_mentions(before: Preferences) -> Preferences:
    return replace(before, mentions=False)


async def test_when_one_of_them_dies_the_other_goes_on(
    loopback: Loopback, settings: Settings, halls: list[Channel], people: list[Person]
) -> None:
    there = next(hall for hall in halls if shard_of(hall) == 1)
    async with (
        process(loopback, settings, BOBBIN_SHARDS="0/2") as first,
        process(loopback, settings, BOBBIN_SHARDS="1/2"),
    ):
        await loopback.ready(shards=2)
        first.kill()
        await first.wait()
        await people[halls.index(there)].says(there, f"{loopback.bot_user.mention} {QUESTION}")
        assert "**ferry**" in (await loopback.next_message(in_=there)).text
