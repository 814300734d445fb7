"""Asking by message, over the loopback Discord."""

import asyncio
import logging

import pytest

from bot.client import Bobbin
from retrieval.archive import Archive
from tests.bot.archives import HOSTILE, fill, keep
from tests.bot.conftest import visitor
from tests.discord import Channel, Person
from tests.discord.events import message_event
from tests.discord.fixtures import Loopback

QUESTION = "Why does the ferry cross at dawn?"
QUOTED = "The **ferry** at Gozdowice **crosses** at **dawn**"
MESSAGES = r"/channels/\d+/messages$"

pytestmark = pytest.mark.usefixtures("bobbin")


def mention(loopback: Loopback, question: str = QUESTION) -> str:
    return f"{loopback.bot_user.mention} {question}"


async def test_a_mention_is_answered_with_a_quote_in_a_reply_that_pings_no_one(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    asked = await alice.says(hall, mention(loopback))
    answer = await loopback.next_message(in_=hall)
    assert QUOTED in answer.text
    assert answer.reference is not None
    assert answer.reference["message_id"] == str(asked.id)
    assert answer.pings == ()
    assert loopback.called("POST", "/typing$")


async def test_a_reply_with_the_ping_goes_on_from_the_answer(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    await alice.says(hall, mention(loopback, "Who cut the lens into rings?"))
    answer = await loopback.next_message(in_=hall)
    await alice.says(hall, "why?", replying_to=answer)
    assert "**lens**" in (await loopback.next_message(in_=hall)).text


async def test_a_reply_without_the_ping_is_left_alone(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    await alice.says(hall, mention(loopback))
    answer = await loopback.next_message(in_=hall)
    await alice.says(hall, QUESTION, replying_to=answer, ping=False)
    await loopback.stays_silent(in_=hall, after=answer)


async def test_a_direct_message_needs_no_mention(loopback: Loopback, alice: Person) -> None:
    await alice.dm(QUESTION)
    assert QUOTED in (await loopback.next_message(in_=alice.dm_channel)).text


async def test_talk_among_people_is_left_alone(
    loopback: Loopback, hall: Channel, alice: Person, bob: Person
) -> None:
    await alice.says(hall, f"{bob.mention} {QUESTION}")
    await loopback.stays_silent(in_=hall)


async def test_other_bots_are_left_alone(loopback: Loopback, hall: Channel, alice: Person) -> None:
    alice.bot = True
    await alice.says(hall, mention(loopback))
    await loopback.stays_silent(in_=hall)


@pytest.mark.parametrize("words", ["", "   ", "\n"])
async def test_an_empty_mention_explains_itself(
    loopback: Loopback, hall: Channel, alice: Person, words: str
) -> None:
    await alice.says(hall, mention(loopback, words))
    assert "I keep an archive of threads" in (await loopback.next_message(in_=hall)).text


async def test_where_nothing_fits_it_says_so_and_quotes_nothing(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    await alice.says(hall, mention(loopback, "Who won the chess olympiad in Batumi?"))
    answer = await loopback.next_message(in_=hall)
    assert "found nothing" in answer.text
    assert "\n> " not in answer.text


async def test_hostile_and_very_long_posts_stay_inert_and_within_the_limits(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person
) -> None:
    fill(archive, hostile=HOSTILE)
    await alice.says(hall, mention(loopback, "the hostile ferry bends under its freight, @everyone"))
    answer = await loopback.next_message(in_=hall)
    assert "bends" in answer.text
    assert answer.pings == ()  # and the fixture holds that Discord had nothing against the message


async def test_a_question_ends_after_a_thousand_characters(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    for words, quoted in (("the " * 200, True), ("the " * 260, False)):
        await alice.says(hall, mention(loopback, f"{words}ferry at dawn"))
        assert ("**ferry**" in (await loopback.next_message(in_=hall)).text) is quoted


async def test_a_message_that_is_handed_over_twice_is_answered_once(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    asked = await alice.says(hall, mention(loopback))
    answer = await loopback.next_message(in_=hall)
    again = loopback.world.message(asked.id)
    assert again is not None
    loopback.gateway.publish(message_event("MESSAGE_CREATE", again))
    await loopback.stays_silent(in_=hall, after=answer)
    assert len(loopback.called("POST", MESSAGES)) == 1


async def test_two_servers_at_once_see_their_own_threads_only(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person
) -> None:
    other = loopback.add_guild("Harbour").add_channel("quay")
    carol = visitor(loopback, other, "carol")
    for place, word in ((hall, "Reading"), (other, "Harbour")):
        assert place.guild is not None
        secret = f"The {word} secret lies below the mossy stairs, where nobody looks.\n/1\nSo it is.\n/END\n"
        keep(archive, f"secret of {word}", secret, place.guild.id)
    question = mention(loopback, "Where does the secret below the mossy stairs lie?")
    await asyncio.gather(alice.says(hall, question), carol.says(other, question))
    here, there = await loopback.next_message(in_=hall), await loopback.next_message(in_=other)
    assert "Reading" in here.text
    assert "Harbour" not in here.text
    assert "Harbour" in there.text
    assert "Reading" not in there.text
    await alice.dm("Where does the secret below the mossy stairs lie?")
    assert "secret lies" not in (await loopback.next_message(in_=alice.dm_channel)).text


async def test_a_question_asked_while_the_socket_is_down_is_answered_once(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    await loopback.drop_sockets()
    await alice.says(hall, mention(loopback))
    await loopback.resumed()
    answer = await loopback.next_message(in_=hall)
    await loopback.stays_silent(in_=hall, after=answer)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 503},
        {"status": 503, "after": True},
        {"reset": True},
        {"reset": True, "after": True},
    ],
    ids=["503", "503 but posted", "reset", "reset but posted"],
)
async def test_trouble_on_the_way_costs_no_answer_and_doubles_none(
    loopback: Loopback, hall: Channel, alice: Person, fault: dict[str, int | bool]
) -> None:
    loopback.fail("POST", MESSAGES, **fault)  # type: ignore[arg-type]
    await alice.says(hall, mention(loopback))
    await loopback.waiting.until(lambda: len(loopback.called("POST", MESSAGES)) == 2, 60, "a second attempt")
    await loopback.next_message(in_=hall)
    assert len(loopback.messages(hall)) == 1


async def test_a_rate_limit_is_waited_out(loopback: Loopback, hall: Channel, alice: Person) -> None:
    loopback.limit_rate("POST", MESSAGES, retry_after=0.1)
    await alice.says(hall, mention(loopback))
    assert QUOTED in (await loopback.next_message(in_=hall)).text


async def test_trouble_with_typing_does_not_hold_up_the_answer(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    loopback.fail("POST", "/typing$", status=500, times=None)
    await alice.says(hall, mention(loopback))
    assert QUOTED in (await loopback.next_message(in_=hall)).text


async def test_an_archive_in_trouble_is_reported_and_logged_without_the_question(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    archive.close()
    await alice.says(hall, mention(loopback, "Where is the treasure of Klabautermann?"))
    told = (await loopback.next_message(in_=hall)).text
    assert "cannot answer right now" in told
    (record,) = [one for one in caplog.records if one.name == "bot.interactions.errors"]
    assert "it has been closed" in record.getMessage()
    assert "Klabautermann" not in caplog.text


async def test_the_log_has_one_line_a_question_and_no_word_of_it(
    loopback: Loopback, hall: Channel, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await alice.says(hall, mention(loopback, "Why does the ferry of Gozdowice cross at dawn?"))
    await loopback.next_message(in_=hall)
    await asyncio.sleep(0.05)
    assert [one.getMessage().split()[1] for one in caplog.records if "answered:" in one.getMessage()] == [
        "event=mention"
    ]
    assert "Gozdowice" not in caplog.text


async def test_no_view_is_kept_in_memory_once_it_was_sent(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    await alice.says(hall, mention(loopback))
    answer = await loopback.next_message(in_=hall)
    await (await alice.presses(answer, "Read thread")).reply()
    await asyncio.sleep(0.05)
    assert list(bobbin.persistent_views) == []
