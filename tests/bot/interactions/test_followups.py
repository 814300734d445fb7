"""Replies that go on from an answer, over the loopback Discord: wherever it stands, and after a restart."""

import pytest

from bot.client import Bobbin
from retrieval.archive import Archive
from tests.bot.archives import fill
from tests.bot.conftest import Start
from tests.discord import Channel, Person, SeenMessage
from tests.discord.fixtures import Loopback

FIRST = "Who cut the lens into rings?"
#: Asked alone it is about many threads; after an answer about one of them, about that one.
SECOND = "what about winter?"
HARBOURS = {
    name: f"The harbour of {name} is a place of cranes and {trade}.\n/1\n"
    f"In winter the {trade} stop, and the cranes of {name} stand still.\n/END\n"
    for name, trade in (("Swinemünde", "herrings"), ("Kolberg", "salt boats"), ("Stolp", "timber rafts"))
}


def quoted(message: SeenMessage) -> str:
    return "\n".join(line for line in message.text.splitlines() if line.startswith(">"))


async def exchange(loopback: Loopback, person: Person, place: Channel, *questions: str) -> SeenMessage:
    """Ask in a place, each question a reply to the answer before it; return the last answer."""
    answer = None
    for question in questions:
        asked = question if place.guild is None or answer else f"{loopback.bot_user.mention} {question}"
        await person.says(place, asked, replying_to=answer)
        answer = await loopback.next_message(in_=place)
    assert answer is not None
    return answer


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize("place", ["a channel", "a thread", "direct messages"])
async def test_a_reply_is_understood_in_the_light_of_the_answer(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person, place: str
) -> None:
    fill(archive, **HARBOURS)
    where = {"a channel": hall, "a thread": hall.add_thread("harbours"), "direct messages": alice.dm_channel}
    for about in ("Kolberg", "Stolp"):
        answer = await exchange(
            loopback, alice, where[place], f"What is the harbour of {about} a place of?", SECOND
        )
        first = quoted(answer).split("\n")[0]
        assert "**winter**" in first.lower()
        assert about in first.replace("**", "")


@pytest.mark.usefixtures("bobbin")
async def test_why_alone_asks_for_more_about_the_same(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    answer = await exchange(loopback, alice, hall, FIRST, "why?", "why?")
    assert "**lens**" in answer.text


async def test_a_reply_goes_on_after_a_restart(
    loopback: Loopback, archive: Archive, start: Start, hall: Channel, alice: Person
) -> None:
    fill(archive, **HARBOURS)
    async with start():
        answer = await exchange(loopback, alice, hall, "What is the harbour of Stolp a place of?")
    async with start():
        await alice.says(hall, SECOND, replying_to=answer)
        assert "Stolp" in quoted(await loopback.next_message(in_=hall)).replace("**", "").split("\n")[0]


@pytest.mark.usefixtures("bobbin")
async def test_an_answer_to_a_command_may_be_replied_to(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    answer = await (await alice.uses(hall, "ask", question=FIRST)).reply()
    await alice.says(hall, "why?", replying_to=answer)
    assert "**lens**" in (await loopback.next_message(in_=hall, after=answer)).text


@pytest.mark.usefixtures("bobbin")
async def test_another_person_may_go_on_from_an_answer(
    loopback: Loopback, hall: Channel, alice: Person, bob: Person
) -> None:
    answer = await exchange(loopback, alice, hall, FIRST)
    await bob.says(hall, "why?", replying_to=answer)
    assert "**lens**" in (await loopback.next_message(in_=hall)).text


@pytest.mark.usefixtures("bobbin")
async def test_a_reply_to_what_quotes_nothing_is_a_question_of_its_own(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    answer = await exchange(loopback, alice, hall, "Who won the chess olympiad in Batumi?", FIRST)
    assert "**lens**" in answer.text
    greeting = await exchange(loopback, alice, hall, "")
    await alice.says(hall, "why?", replying_to=greeting)
    assert "found nothing" in (await loopback.next_message(in_=hall)).text


async def test_a_reply_keeps_no_word_of_the_question_before(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    answer = await exchange(loopback, alice, hall, "Who cut the lens of Xanthippe into rings?")
    assert "xanthippe" not in str(answer.components).lower()
    assert "xanthippe" not in str(vars(bobbin.services)).lower()
