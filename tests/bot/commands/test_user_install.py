"""Bobbin where a person brought it along, over the loopback Discord: other servers, other conversations."""

import pytest

from bot.client import Bobbin
from retrieval.archive import Archive
from tests.bot.archives import keep
from tests.discord import Channel, Person, SeenMessage
from tests.discord.fixtures import Loopback
from tests.discord.state import DEFAULT_PERMISSIONS, USE_EXTERNAL_APPS

QUESTION = "Why does the ferry cross with the current?"

pytestmark = pytest.mark.usefixtures("bobbin")


@pytest.fixture
def elsewhere(loopback: Loopback, alice: Person) -> Channel:
    guild = loopback.add_guild("Elsewhere", with_bot=False)
    guild.add_member(alice)
    return guild.add_channel("square")


def labels(message: SeenMessage) -> list[str | None]:
    return [button.label or button.emoji for button in message.buttons]


async def test_every_command_for_readers_is_offered_in_any_server_and_conversation(
    loopback: Loopback, elsewhere: Channel, alice: Person, bob: Person
) -> None:
    for place in (elsewhere, loopback.private_conversation(alice, bob)):
        answer = await (await alice.uses(place, "ask", question=QUESTION)).reply()
        assert "The **ferry**" in answer.text
        assert not answer.ephemeral
        (choice,) = await alice.completes(place, "thread", thread="riv")
        assert "dawn" in (await (await alice.uses(place, "thread", thread=choice["value"])).reply()).text
        assert "/thread" in (await (await alice.uses(place, "help")).reply()).text
        asked = await alice.says(place, QUESTION)
        assert "ferry" in (await (await alice.points_at(asked, "Ask the threads")).reply()).text


async def test_buttons_turn_judge_and_remove_there_too(
    loopback: Loopback, elsewhere: Channel, alice: Person
) -> None:
    answer = await (await alice.uses(elsewhere, "ask", question=QUESTION)).reply()
    await alice.presses(answer, "More")
    second = await loopback.edited(answer)
    assert second.offers("More (3/4)")
    assert "Thank you" in (await (await alice.presses(second, "👍")).reply()).text
    await alice.presses(second, "🗑️")
    await loopback.waiting.until(lambda: loopback.world.message(second.id) is None or None, 60, "its removal")


async def test_where_people_may_not_show_their_apps_the_answer_is_private_and_offers_no_sharing(
    loopback: Loopback, elsewhere: Channel, alice: Person
) -> None:
    assert elsewhere.guild is not None
    elsewhere.guild.members[alice.id].permissions = DEFAULT_PERMISSIONS & ~USE_EXTERNAL_APPS
    answer = await (await alice.uses(elsewhere, "ask", question=QUESTION)).reply()
    assert answer.seen_only_by is alice
    assert not {"Share", "🗑️"} & set(labels(answer))
    await alice.presses(answer, "More")
    second = await loopback.edited(answer)
    assert second.offers("More (3/4)")
    assert not {"Share", "🗑️"} & set(labels(second))


async def test_what_was_asked_to_be_private_is_shared_within_the_follow_ups_that_discord_grants(
    elsewhere: Channel, alice: Person
) -> None:
    answer = await (await alice.uses(elsewhere, "ask", question=QUESTION, private=True)).reply()
    use = await alice.presses(answer, "Share")
    assert not (await use.followup()).ephemeral
    assert len(use.followups) <= 5


async def test_of_a_server_that_bobbin_is_no_member_of_nothing_of_its_own_is_shown(
    bobbin: Bobbin, archive: Archive, elsewhere: Channel, hall: Channel, alice: Person
) -> None:
    assert elsewhere.guild is not None
    hidden = "The secret of the square lies below the mossy stairs.\n/1\nSo it does.\n/END\n"
    keep(archive, "secret", hidden, elsewhere.guild.id)
    question = "Where does the secret of the square lie, below which stairs?"
    told = await (await alice.uses(elsewhere, "ask", question=question)).reply()
    assert "lies below" not in told.text.replace("**", "")
    assert await alice.completes(elsewhere, "thread", thread="secret") == []
    assert bobbin.get_guild(elsewhere.guild.id) is None
    assert hall.guild is not None
