"""Asking by command and context menu, and the buttons of an answer, over the loopback Discord."""

import logging
from dataclasses import replace

import pytest

from bot.client import Bobbin
from retrieval.archive import Archive
from tests.bot.archives import HOSTILE, fill, keep
from tests.bot.conftest import Start
from tests.discord import Channel, Person, Reply, SeenMessage
from tests.discord.fixtures import Loopback

TALKS = """\
A thread on what Prigozhin wanted, and on the negotiation that never was.
/1
Prigozhin turned back on the road, and the negotiation was left to others.
/END
"""
QUESTION = "Why does the ferry cross with the current?"
#: A post holds its words, and none that anyone painted it.
UNCERTAIN = "Who painted the lens of the lighthouse?"
CLOSEST = "No post answers this for certain"
CALLBACK = r"/interactions/.+/callback$"
ORIGINAL = r"/webhooks/.+/messages/@original$"


async def ask(person: Person, channel: Channel, *, private: bool = False) -> SeenMessage:
    options = {"private": True} if private else {}
    return await (await person.uses(channel, "ask", question=QUESTION, **options)).reply()


@pytest.mark.usefixtures("bobbin")
async def test_a_command_is_deferred_first_and_then_answered_in_the_channel(
    hall: Channel, alice: Person
) -> None:
    use = await alice.uses(hall, "ask", question=QUESTION)
    assert (await use.acknowledged()).reply is Reply.DEFERRED_MESSAGE
    answer = await use.reply()
    assert "The **ferry**" in answer.text
    assert QUESTION in answer.text.replace("\\", "")
    assert not answer.ephemeral
    assert answer.pings == ()


@pytest.mark.usefixtures("bobbin")
async def test_a_private_question_is_answered_to_its_asker_alone(hall: Channel, alice: Person) -> None:
    answer = await ask(alice, hall, private=True)
    assert answer.seen_only_by is alice
    assert "Share" in [button.label for button in answer.buttons]


@pytest.mark.usefixtures("bobbin")
async def test_a_command_works_in_direct_messages(alice: Person) -> None:
    assert "ferry" in (await ask(alice, alice.dm_channel)).text


@pytest.mark.usefixtures("bobbin")
async def test_a_command_that_finds_nothing_says_so_and_offers_what_is_near(
    hall: Channel, alice: Person
) -> None:
    answer = await (await alice.uses(hall, "ask", question="a quicksilber xylophone in Patagonia")).reply()
    assert "found nothing" in answer.text
    assert "quicksilver" in answer.text


@pytest.mark.usefixtures("bobbin")
async def test_a_misspelt_word_is_found_and_the_answer_says_what_was_searched(
    hall: Channel, alice: Person
) -> None:
    answer = await (await alice.uses(hall, "ask", question="quicksilber")).reply()
    assert "Searched for **quicksilver** instead of quicksilber" in answer.text


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize(
    ("asked", "searched"), [("Prigozin", "prigozhin"), ("What of the negotiaton?", "negotiation")]
)
async def test_a_misspelt_name_finds_its_thread(
    archive: Archive, hall: Channel, alice: Person, asked: str, searched: str
) -> None:
    fill(archive, talks=TALKS)
    answer = await (await alice.uses(hall, "ask", question=asked)).reply()
    assert f"Searched for **{searched}" in answer.text
    assert "**Talks**" in answer.text


@pytest.mark.usefixtures("bobbin")
async def test_a_question_of_spaces_is_reported_to_its_asker(hall: Channel, alice: Person) -> None:
    assert "empty question" in (await (await alice.uses(hall, "ask", question="   ")).reply()).text


@pytest.mark.usefixtures("bobbin")
async def test_the_context_menu_asks_what_another_person_wrote(
    hall: Channel, alice: Person, bob: Person
) -> None:
    asked = await bob.says(hall, QUESTION)
    assert "The **ferry**" in (await (await alice.points_at(asked, "Ask the threads")).reply()).text


@pytest.mark.usefixtures("bobbin")
async def test_the_context_menu_on_a_message_without_words_explains(
    hall: Channel, alice: Person, bob: Person
) -> None:
    told = await (await alice.points_at(await bob.says(hall, ""), "Ask the threads")).reply()
    assert "no words" in told.text
    assert told.ephemeral


@pytest.mark.usefixtures("bobbin")
async def test_more_and_back_turn_the_pages_for_the_asker(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    first = await ask(alice, hall)
    await alice.presses(first, "More")
    second = await loopback.edited(first)
    pages = [first, second]
    while pages[-1].offers("More"):
        await alice.presses(pages[-1], "More")
        pages.append(await loopback.edited(pages[-1]))
    await alice.presses(pages[-1], f"Back (1/{len(pages)})")
    again = await loopback.edited(pages[-1])
    quotes = [line for page in pages for line in page.text.splitlines() if line.startswith(">")]
    assert again.text == first.text
    assert len(quotes) == len(set(quotes)) > 5


@pytest.mark.usefixtures("bobbin")
async def test_every_page_says_what_was_asked_and_what_was_searched(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    page = await (await alice.uses(hall, "ask", question="the *curent* of the ferry")).reply()
    above = page.text.splitlines()[:2]
    assert "curent" in above[0]
    assert "Searched for **current** instead of curent" in above[1]
    for button in ("More", "More", "More", "Back"):
        await alice.presses(page, button)
        page = await loopback.edited(page)
        assert page.text.splitlines()[:2] == above


@pytest.mark.usefixtures("bobbin")
async def test_more_pressed_by_others_shows_them_the_page_alone(
    loopback: Loopback, hall: Channel, alice: Person, bob: Person
) -> None:
    answer = await ask(alice, hall)
    told = await (await bob.presses(answer, "More")).reply()
    assert told.seen_only_by is bob
    assert told.offers("More (3/4)")
    assert loopback.now(answer).edits == answer.edits
    await bob.presses(told, "More")
    assert (await loopback.edited(told)).offers("More (4/4)")


async def test_pages_turn_after_a_restart(
    loopback: Loopback, start: Start, hall: Channel, alice: Person
) -> None:
    async with start():
        first = await ask(alice, hall)
    async with start():
        await alice.presses(first, "More")
        second = await loopback.edited(first)
        assert second.offers("More (3/4)")
        assert "**ferry**" in second.text


async def test_the_closest_posts_stay_the_closest_on_every_page_shared_and_replied_to_after_a_restart(
    loopback: Loopback, start: Start, hall: Channel, alice: Person
) -> None:
    async with start() as bobbin:
        assert hall.guild is not None
        bobbin.servers.change(hall.guild.id, lambda before: replace(before, quotes=1))
        use = await alice.uses(hall, "ask", question=UNCERTAIN, private=True)
        first = await use.reply()
        assert CLOSEST in first.text
    async with start():
        await alice.presses(first, "More")
        second = await loopback.edited(first)
        await alice.presses(second, "More")
        third = await loopback.edited(second)
        await alice.presses(third, "Back")
        again = await loopback.edited(third)
        public = await (await alice.presses(again, "Share")).followup()
        await alice.says(hall, "why?", replying_to=public)
        reply = await loopback.next_message(in_=hall)
        for page in (second, third, again, public, reply):
            assert CLOSEST in page.text
            assert "\n>" in page.text


@pytest.mark.usefixtures("bobbin")
async def test_sharing_posts_the_same_page_once_and_names_who_shared_it_without_a_ping(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    private = await ask(alice, hall, private=True)
    use = await alice.presses(private, "Share")
    public = await use.followup()
    shared = await loopback.edited(private)
    assert f"Alice asked: {QUESTION}" in public.text.replace("\\", "")
    assert not public.ephemeral
    assert public.pings == ()
    quotes = [line for line in private.text.splitlines() if line.startswith(">")]
    assert quotes == [line for line in public.text.splitlines() if line.startswith(">")]
    assert shared.button("Shared").disabled
    assert [button.label for button in public.buttons].count("Share") == 0


@pytest.mark.usefixtures("bobbin")
async def test_two_quick_presses_share_once(loopback: Loopback, hall: Channel, alice: Person) -> None:
    private = await ask(alice, hall, private=True)
    uses = [await alice.presses(private, "Share"), await alice.presses(private, "Share")]
    await loopback.edited(private)
    assert sum(len(use.followups) for use in uses) == 1


@pytest.mark.usefixtures("bobbin")
async def test_a_private_answer_turns_its_pages_and_stays_private(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    private = await ask(alice, hall, private=True)
    await alice.presses(private, "More")
    second = await loopback.edited(private)
    assert second.ephemeral
    assert "Share" in [button.label for button in second.buttons]


@pytest.mark.usefixtures("bobbin")
async def test_every_page_of_a_hostile_answer_is_taken_by_discord(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person
) -> None:
    fill(archive, hostile=HOSTILE)
    use = await alice.uses(hall, "ask", question="hostile ferry freight heading quote @everyone")
    page = await use.reply()
    while page.offers("More"):
        await alice.presses(page, "More")
        page = await loopback.edited(page)
        assert page.pings == ()


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize("code", [10062, 10015])
async def test_an_expired_interaction_is_logged_and_no_one_is_notified(
    loopback: Loopback, hall: Channel, alice: Person, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    caplog.set_level(logging.INFO)
    path = CALLBACK if code == 10062 else ORIGINAL
    loopback.fail("*", path, status=404, body={"message": "Unknown", "code": code})
    await alice.uses(hall, "ask", question=QUESTION)
    await loopback.requested("*" if code == 0 else ("POST" if code == 10062 else "PATCH"), path)
    await loopback.stays_silent(in_=hall)
    assert "expired: interaction" in caplog.text
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize("after", [False, True], ids=["refused", "taken"])
async def test_an_acknowledgement_that_discord_loses_costs_no_answer(
    loopback: Loopback, hall: Channel, alice: Person, *, after: bool
) -> None:
    loopback.fail("POST", CALLBACK, status=503, after=after)
    assert "ferry" in (await (await alice.uses(hall, "ask", question=QUESTION)).reply()).text


@pytest.mark.usefixtures("bobbin")
async def test_a_lost_connection_on_the_answer_is_made_good(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    loopback.fail("PATCH", ORIGINAL, reset=True)
    assert "ferry" in (await ask(alice, hall)).text


@pytest.mark.usefixtures("bobbin")
async def test_an_archive_in_trouble_replaces_the_thinking_by_a_sentence(
    archive: Archive, hall: Channel, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    archive.close()
    told = await ask(alice, hall)
    assert "cannot answer right now" in told.text
    assert "has been notified" in told.text
    assert QUESTION not in caplog.text


async def test_out_of_memory_is_one_sentence_and_one_line_of_the_log(
    bobbin: Bobbin,
    hall: Channel,
    alice: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(bobbin.archive.answers, "ask", exhausted)
    assert (await ask(alice, hall)).text.startswith("I cannot answer right now")
    (line,) = [record for record in caplog.records if "not answered" in record.message]
    assert "there is not enough memory; close other programs" in line.message
    assert line.exc_info is None


async def test_trouble_behind_a_button_is_reported_privately_and_leaves_the_answer(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    answer = await ask(alice, hall)
    bobbin.archive.close()
    told = await (await alice.presses(answer, "More")).followup()
    assert "cannot answer right now" in told.text
    assert told.ephemeral
    assert loopback.now(answer).text == answer.text


@pytest.mark.usefixtures("bobbin")
async def test_options_write_operators_and_every_page_says_how_they_were_understood(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    use = await alice.uses(hall, "ask", question="the ferry", collection="main", before="3000")
    page = await use.reply()
    # The ferry's posts have no date, so nothing is before anything.
    assert "No post here matches: before 3000" in page.text.replace("\\", "")
    page = await (await alice.uses(hall, "ask", question="the ferry -ice", collection="main")).reply()
    above = page.text.splitlines()[:2]
    assert "the ferry -ice in:main" in above[0].replace("\\", "")
    assert "Only posts: not with ice · in main." in above[1].replace("\\", "")
    for button in ("More", "More", "Back"):
        await alice.presses(page, button)
        page = await loopback.edited(page)
        assert page.text.splitlines()[:2] == above


@pytest.mark.usefixtures("bobbin")
async def test_a_date_that_is_none_is_told_to_its_asker(hall: Channel, alice: Person) -> None:
    told = await (await alice.uses(hall, "ask", question="ferry", after="christmas")).reply()
    assert told.seen_only_by is alice
    assert "“christmas” cannot be read as after" in told.text


@pytest.mark.usefixtures("bobbin")
async def test_another_servers_collection_and_authors_are_not_there(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person
) -> None:
    elsewhere = loopback.add_guild("Elsewhere")
    keep(archive, "secret", "The secret ferry of the square.\n/1\nThe ferry is there.\n/END\n", elsewhere.id)
    assert await alice.completes(hall, "ask", question="ferry", collection="own") == []
    (choice,) = await alice.completes(hall, "ask", question="ferry", collection="mai")
    assert choice["value"] == "main"
    hidden, missing = [
        (await (await alice.uses(hall, "ask", question="ferry", collection=name)).reply()).text
        for name in ("own", "abc")
    ]
    assert hidden.replace("own", "abc") == missing
