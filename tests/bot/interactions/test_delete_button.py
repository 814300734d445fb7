"""The bin below public messages, over the loopback Discord."""

import pytest

from retrieval.archive import Archive
from tests.bot.archives import HOSTILE, fill
from tests.bot.conftest import Start
from tests.discord import Channel, Person, SeenMessage
from tests.discord.fixtures import Loopback

QUESTION = "Why does the ferry cross at dawn?"
MANAGE_MESSAGES = 1 << 13


async def answered(person: Person, channel: Channel, **options: bool) -> SeenMessage:
    return await (await person.uses(channel, "ask", question=QUESTION, **options)).reply()


async def gone(loopback: Loopback, message: SeenMessage) -> bool:
    await loopback.waiting.until(
        lambda: loopback.world.message(message.id) is None or None, 60, "its removal"
    )
    return True


@pytest.mark.usefixtures("bobbin")
async def test_its_asker_removes_a_public_answer(loopback: Loopback, hall: Channel, alice: Person) -> None:
    answer = await answered(alice, hall)
    await alice.presses(answer, "🗑️")
    assert await gone(loopback, answer)


@pytest.mark.usefixtures("bobbin")
async def test_others_cannot_remove_it_and_moderators_can(
    loopback: Loopback, hall: Channel, alice: Person, bob: Person
) -> None:
    answer = await answered(alice, hall)
    told = await (await bob.presses(answer, "🗑️")).reply()
    assert told.seen_only_by is bob
    assert "Only the person who asked and moderators" in told.text
    assert hall.guild is not None
    hall.guild.add_member(bob, MANAGE_MESSAGES)
    await bob.presses(answer, "🗑️")
    assert await gone(loopback, answer)


@pytest.mark.usefixtures("bobbin")
async def test_two_quick_presses_of_the_bin_are_one(
    loopback: Loopback, hall: Channel, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await answered(alice, hall)
    uses = [await alice.presses(answer, "🗑️"), await alice.presses(answer, "🗑️")]
    assert await gone(loopback, answer)
    await loopback.waiting.until(
        lambda: len(loopback.called("DELETE", "@original$")) == len(uses) or None, 60, "the second request"
    )
    await loopback.stays_silent(in_=hall)
    assert "trouble" not in caplog.text


@pytest.mark.usefixtures("bobbin")
async def test_a_mentions_answer_in_a_server_and_in_direct_messages_has_a_bin(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    await alice.dm(QUESTION)
    for place in (hall, alice.dm_channel):
        answer = await loopback.next_message(in_=place)
        await alice.presses(answer, "🗑️")
        assert await gone(loopback, answer)


@pytest.mark.usefixtures("bobbin")
async def test_what_found_nothing_can_be_removed_too(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    answer = await (await alice.uses(hall, "ask", question="zeppelins over Batumi in August")).reply()
    assert "found nothing" in answer.text
    await alice.presses(answer, "🗑️")
    assert await gone(loopback, answer)


@pytest.mark.usefixtures("bobbin")
async def test_a_shared_answer_is_removed_by_who_shared_it(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    private = await answered(alice, hall, private=True)
    assert "🗑️" not in [button.emoji for button in private.buttons]
    public = await (await alice.presses(private, "Share")).followup()
    await alice.presses(public, "🗑️")
    assert await gone(loopback, public)


@pytest.mark.usefixtures("bobbin")
async def test_a_thread_keeps_its_bin_while_its_pages_turn_and_a_private_one_has_none(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person
) -> None:
    fill(archive, hostile=HOSTILE)
    (choice,) = await alice.completes(hall, "thread", thread="hostile")
    shown = await (await alice.uses(hall, "thread", thread=choice["value"])).reply()
    await alice.presses(shown, "Next")
    second = await loopback.edited(shown)
    await alice.presses(second, "🗑️")
    assert await gone(loopback, second)
    private = await (await alice.uses(hall, "thread", thread=choice["value"], private=True)).reply()
    await alice.presses(private, "Next")
    assert "🗑️" not in [button.emoji for button in (await loopback.edited(private)).buttons]


async def test_the_bin_works_after_a_restart(
    loopback: Loopback, start: Start, hall: Channel, alice: Person
) -> None:
    async with start():
        answer = await answered(alice, hall)
    async with start():
        await alice.presses(answer, "🗑️")
        assert await gone(loopback, answer)
