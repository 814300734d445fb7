"""What people do in a real server beside asking well-formed questions, over the loopback Discord."""

import re
from dataclasses import replace
from types import SimpleNamespace

import discord
import pytest

from bot.client import Bobbin
from bot.interactions import responses
from bot.interactions.message_parsing import Wording, clean_question, wording_of
from bot.settings import Settings
from retrieval.archive import Archive
from tests.bot.conftest import Start, running, visitor
from tests.discord import Channel, Person, SeenMessage, Upload
from tests.discord.fixtures import Loopback
from tests.discord.state import Message

QUESTION = "Why does the ferry cross at dawn?"
MESSAGES = r"/channels/\d+/messages$"
READ_HISTORY, SEND = 1 << 16, 1 << 11


def stored(loopback: Loopback, message: SeenMessage) -> Message:
    found = loopback.world.message(message.id)
    assert found is not None
    return found


def fault(code: int) -> dict[str, object]:
    return {"code": code, "message": "It did not work."}


# The bot's own role


async def test_a_mention_of_the_bots_own_role_asks_it(
    loopback: Loopback, start: Start, hall: Channel, alice: Person
) -> None:
    assert hall.guild is not None
    role = hall.guild.add_own_role()
    async with start():
        await alice.says(hall, f"{role.mention} {QUESTION}")
        assert "**ferry**" in (await loopback.next_message(in_=hall)).text


async def test_where_a_role_mention_brings_no_text_it_says_to_mention_the_bot(
    loopback: Loopback, start: Start, hall: Channel, alice: Person
) -> None:
    assert hall.guild is not None
    role, other = hall.guild.add_own_role(), hall.guild.add_role("Readers")
    loopback.world.role_mentions_carry_text = False
    async with start():
        await alice.says(hall, f"{role.mention} {QUESTION}")
        answer = await loopback.next_message(in_=hall)
        assert "not the role" in answer.text
        await alice.says(hall, f"{other.mention} {QUESTION}")
        await loopback.stays_silent(in_=hall, after=answer)


# What is no question


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize(
    "words",
    [
        "thanks!",
        "Thank you so much",
        "ok",
        "lol",
        "nice",
        "danke",
        "Дякую!",
        "👍",
        "<:ok:1574166776558649347>",
    ],
)
async def test_thanks_and_small_talk_get_no_card(
    loopback: Loopback, hall: Channel, alice: Person, words: str
) -> None:
    await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    answer = await loopback.next_message(in_=hall)
    await alice.says(hall, words, replying_to=answer)
    await loopback.stays_silent(in_=hall, after=answer)


@pytest.mark.usefixtures("bobbin")
async def test_an_image_as_a_reply_gets_nothing(loopback: Loopback, hall: Channel, alice: Person) -> None:
    await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    answer = await loopback.next_message(in_=hall)
    await alice.says(hall, "", replying_to=answer, files=[Upload("a.png", b"\x89PNG", "image/png")])
    await loopback.stays_silent(in_=hall, after=answer)


@pytest.mark.parametrize("words", ["thanks!", "danke", "👍", "", "дякую"])
async def test_where_the_server_chooses_so_thanks_get_a_reaction_and_no_card(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person, words: str
) -> None:
    assert hall.guild is not None
    bobbin.servers.change(hall.guild.id, lambda before: replace(before, react=True))
    await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    answer = await loopback.next_message(in_=hall)
    files = [] if words else [Upload("a.png", b"\x89PNG", "image/png")]
    thanks = await alice.says(hall, words, replying_to=answer, files=files)
    await loopback.requested("PUT", r"/reactions/")
    await loopback.stays_silent(in_=hall, after=answer)
    assert stored(loopback, thanks).reactions == ["👍"]
    hall.deny_bot(1 << 6)
    await loopback.settled()
    await alice.says(hall, "thanks", replying_to=answer)
    await loopback.stays_silent(in_=hall, after=answer)
    assert len(loopback.called("PUT", r"/reactions/")) == 1


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize("words", ["hello", "Help!", "what can you do?", "Hallo", "привіт"])
async def test_a_greeting_gets_the_introduction(
    loopback: Loopback, hall: Channel, alice: Person, words: str
) -> None:
    await alice.says(hall, f"{loopback.bot_user.mention} {words}")
    assert "I keep an archive of threads" in (await loopback.next_message(in_=hall)).text
    private = await (await alice.uses(hall, "ask", question=words)).reply()
    assert "I keep an archive of threads" in private.text
    assert private.seen_only_by is alice


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize("words", ["?", "no", "Nein!", "ні"])
async def test_doubt_below_an_answer_shows_its_next_quotes(
    loopback: Loopback, hall: Channel, alice: Person, words: str
) -> None:
    await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    answer = await loopback.next_message(in_=hall)
    assert answer.offers("More (2/4)")
    await alice.says(hall, words, replying_to=answer)
    assert (await loopback.next_message(in_=hall)).offers("More (3/4)")


@pytest.mark.usefixtures("bobbin")
async def test_small_talk_by_command_is_answered_to_its_asker_alone(hall: Channel, alice: Person) -> None:
    answer = await (await alice.uses(hall, "ask", question="thanks")).reply()
    assert answer.seen_only_by is alice


@pytest.mark.parametrize(
    "words", ["thanks for nothing, ferryman", "What do thanks cost?", "hello world programs", "no ferry"]
)
def test_a_question_that_holds_such_words_is_a_question(words: str) -> None:
    assert wording_of(words) is Wording.QUESTION


# What is read, and what is left out


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("<@1> <@!2> <@&3> <#4> why <:ferry:1574166776558649347> <a:x:1>?", "why ?"),
        ("since <t:1700000000:R> </ask:12345678901234567> </digest setup:1> <id:customize>", "since"),
        ("@everyone @here why?", "why?"),
        ("Bobbin, why does it cross?", "why does it cross?"),
        ("hey Bobbin, why?", "hey why?"),
        ("@Bobbin why?", "why?"),
        ("why is that, Bobbin?", "why is that?"),
        ("What is a bobbin of thread?", "What is a bobbin of thread?"),
    ],
)
def test_what_is_no_word_of_a_question_is_left_out(text: str, question: str) -> None:
    assert clean_question(text, ["Bobbin"]) == question


@pytest.mark.usefixtures("bobbin")
async def test_a_forward_is_read_where_it_arrives(
    loopback: Loopback, hall: Channel, alice: Person, bob: Person
) -> None:
    original = stored(loopback, await bob.says(hall, QUESTION))
    await alice.says(alice.dm_channel, "", forwarded=[original])
    assert "**ferry**" in (await loopback.next_message(in_=alice.dm_channel)).text
    forward = await bob.says(hall, "", forwarded=[original])
    assert "**ferry**" in (await (await alice.points_at(forward, "Ask the threads")).reply()).text


@pytest.mark.usefixtures("bobbin")
async def test_the_menu_reads_embeds_and_polls(hall: Channel, alice: Person, bob: Person) -> None:
    embedded = await bob.says(
        hall, "", embeds=[{"type": "rich", "title": "The ferry", "description": "crosses"}]
    )
    assert "**ferry**" in (await (await alice.points_at(embedded, "Ask the threads")).reply()).text
    poll = await bob.says(hall, "", poll=QUESTION)
    assert "**ferry**" in (await (await alice.points_at(poll, "Ask the threads")).reply()).text


@pytest.mark.usefixtures("bobbin")
async def test_a_command_cleans_a_question_as_messages_do(hall: Channel, alice: Person) -> None:
    words = "<@1> <:emoji:1574166776558649347> </ask:1> <t:1700000000:R> why does the ferry cross?"
    answer = await (await alice.uses(hall, "ask", question=words, private=True)).reply()
    assert "-# why does the ferry cross\\?" in answer.text


# Edits


@pytest.mark.usefixtures("bobbin")
async def test_an_edit_that_adds_the_mention_is_answered(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    asked = await alice.says(hall, QUESTION)
    await loopback.stays_silent(in_=hall)
    await alice.edits(asked, f"{loopback.bot_user.mention} {QUESTION}")
    assert "**ferry**" in (await loopback.next_message(in_=hall)).text


@pytest.mark.usefixtures("bobbin")
async def test_an_edit_within_a_minute_edits_the_answer(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    asked = await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    answer = await loopback.next_message(in_=hall)
    await alice.edits(asked, f"{loopback.bot_user.mention} Who cut the lens into rings?")
    assert "**lens**" in (await loopback.edited(answer)).text
    assert len([message for message in loopback.messages(hall) if message.author is loopback.bot_user]) == 1


@pytest.mark.usefixtures("bobbin")
async def test_an_edit_that_changes_no_word_of_the_question_changes_nothing(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    asked = await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    answer = await loopback.next_message(in_=hall)
    await alice.edits(asked, f"{loopback.bot_user.mention}   {QUESTION} <:x:1574166776558649347>")
    await loopback.stays_silent(in_=hall, after=answer)
    assert loopback.now(answer).edits == answer.edits


# What is in the way


@pytest.mark.usefixtures("bobbin")
async def test_without_the_message_history_the_answer_stands_by_itself(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    hall.deny_bot(READ_HISTORY)
    await loopback.settled()
    await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    answer = await loopback.next_message(in_=hall)
    assert "**ferry**" in answer.text
    assert answer.reference is None
    assert len(loopback.called("POST", MESSAGES)) == 1


@pytest.mark.usefixtures("bobbin")
async def test_where_sending_is_impossible_asker_and_owner_learn_it_once_without_a_doomed_request(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    assert hall.guild is not None
    hall.deny_bot(SEND)
    await loopback.settled()
    for _ in range(2):
        await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
        await loopback.settled()
    told = await loopback.next_message(in_=alice.dm_channel)
    assert f"I cannot answer you in <#{hall.id}>" in told.text
    owner = loopback.world.dm_between(hall.guild.owner, loopback.bot_user)
    assert "Give me View Channel and Send Messages" in (await loopback.next_message(in_=owner)).text
    assert len(loopback.messages(owner)) == 1
    assert [call.status for call in loopback.called("POST", MESSAGES)] == [200, 200]


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize(
    ("code", "words"),
    [(50083, "archived"), (160005, "locked"), (20016, "slow mode"), (200000, "AutoMod")],
)
async def test_what_keeps_an_answer_back_has_a_sentence_and_no_second_request(  # noqa: PLR0917 - fixtures
    loopback: Loopback, hall: Channel, alice: Person, caplog: pytest.LogCaptureFixture, code: int, words: str
) -> None:
    loopback.fail("POST", rf"/channels/{hall.id}/messages$", status=400, body=fault(code))
    await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    assert words in (await loopback.next_message(in_=alice.dm_channel)).text
    assert len(loopback.called("POST", rf"/channels/{hall.id}/messages$")) == 1
    assert [record for record in caplog.records if record.exc_info] == []


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize("code", [10008, 10003])
async def test_a_question_deleted_before_its_answer_is_one_line_of_the_log(
    loopback: Loopback, hall: Channel, alice: Person, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    caplog.set_level("INFO")
    loopback.fail("POST", rf"/channels/{hall.id}/messages$", status=404, body=fault(code))
    await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    await loopback.requested("POST", rf"/channels/{hall.id}/messages$")
    await loopback.settled()
    assert len(loopback.called("POST", MESSAGES)) == 1
    lines = [
        record for record in caplog.records if record.name.startswith("bot.") and "gone" in record.message
    ]
    assert [(record.levelname, record.exc_info) for record in lines] == [("INFO", None)]


async def test_a_fault_of_discords_own_is_not_sent_again() -> None:
    attempts: list[int] = []

    async def send() -> None:
        attempts.append(1)
        raise discord.DiscordServerError(SimpleNamespace(status=500, reason=""), "fault")

    with pytest.raises(discord.DiscordServerError):
        await responses._persist(send)
    assert len(attempts) == 1


# A suggestion's label arrives as its value


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize("locale", ["en-US", "de", "uk"])
async def test_the_label_of_a_thread_or_its_title_opens_it(
    loopback: Loopback, hall: Channel, locale: str
) -> None:
    reader = visitor(loopback, hall, "reader")
    reader.locale = locale
    for choice in await reader.completes(hall, "thread", thread=""):
        page = await (await reader.uses(hall, "thread", thread=choice["name"])).reply()
        assert choice["name"].split(" · ")[0][:30] in page.text.replace("\\", "")
        assert "## " in page.text.splitlines()[0]
    titled = await (await reader.uses(hall, "thread", thread="rivers")).reply()
    assert titled.text.startswith("### Rivers")
    (rivers,) = await reader.completes(hall, "thread", thread="Rivers")
    address = f"https://bobbin.example/t/{rivers['value']}?m=abc#3"
    assert (await (await reader.uses(hall, "thread", thread=address)).reply()).text.startswith("### Rivers")


@pytest.mark.usefixtures("bobbin")
async def test_the_label_of_an_author_lists_that_authors_threads(hall: Channel, alice: Person) -> None:
    for choice in await alice.completes(hall, "threads", author=""):
        listed = await (await alice.uses(hall, "threads", author=choice["name"])).reply()
        assert "Threads by" in listed.text


# Dead ends


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize(
    ("command", "options"),
    [("thread", {"thread": "zzzz"}), ("trend", {"words": "zzzq"}), ("threads", {"author": "zzzz"})],
)
async def test_a_dead_end_is_private(
    loopback: Loopback, hall: Channel, alice: Person, command: str, options: dict[str, str]
) -> None:
    use = await alice.uses(hall, command, **{"private": False, **options})  # type: ignore[arg-type]
    assert (await use.reply()).seen_only_by is alice
    assert [message for message in loopback.messages(hall) if not message.ephemeral] == []


# Commands


async def test_commands_that_another_program_replaced_are_registered_again(
    loopback: Loopback, start: Start
) -> None:
    async with start():
        names = {command["name"] for command in loopback.commands}
    loopback.registry.replace([{"name": "other", "description": "of another program", "type": 1}])
    async with start():
        assert {command["name"] for command in loopback.commands} == names


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize("locale", ["en-US", "de", "uk"])
async def test_the_commands_that_a_message_names_are_links_in_every_language(
    loopback: Loopback, hall: Channel, locale: str
) -> None:
    reader = visitor(loopback, hall, "reader")
    reader.locale = locale
    introduction = (await (await reader.uses(hall, "help")).reply()).text
    ids = {command["name"]: command["id"] for command in loopback.commands}
    for name in ("ask", "thread", "help"):
        assert f"</{name}:{ids[name]}>" in introduction
    # A reader of another language is told the name as well, for the link shows the English one.
    assert "`/" not in re.sub(r"`/[^`]+` \(</[^>]+>\)", "", introduction)


# Questions about Bobbin, empty archives, other languages


@pytest.mark.usefixtures("bobbin")
async def test_a_question_about_bobbin_is_answered_by_the_handbook_which_the_card_says(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    await alice.says(hall, f"{loopback.bot_user.mention} How do I ask in a server?")
    answer = await loopback.next_message(in_=hall)
    assert "this is from Bobbin’s handbook" in answer.text
    assert "use the command" in answer.text
    by_command = await (await alice.uses(hall, "ask", question="How do I ask in a server?")).reply()
    assert "this is from Bobbin’s handbook" in by_command.text
    other = await (await alice.uses(hall, "ask", question=QUESTION)).reply()
    assert "handbook" not in other.text


async def test_an_empty_archive_is_called_empty_wherever_a_question_is_asked(
    loopback: Loopback, settings: Settings, hall: Channel, alice: Person, bob: Person
) -> None:
    with Archive.open(settings.database, handbook=settings.handbook) as empty:
        async with running(Bobbin(empty, settings, ready_timeout=0.01), loopback):
            for question in ("How do I ask in a server?", "Why do zebras yodel?"):
                await alice.says(hall, f"{loopback.bot_user.mention} {question}")
                assert "archive is still empty" in (await loopback.next_message(in_=hall)).text
                await alice.says(alice.dm_channel, question)
                direct = await loopback.next_message(in_=alice.dm_channel)
                assert "archive is still empty" in direct.text
                by_command = await (await alice.uses(hall, "ask", question=question)).reply()
                assert "archive is still empty" in by_command.text
                pointed = await alice.points_at(await bob.says(hall, question), "Ask the threads")
                assert "archive is still empty" in (await pointed.reply()).text


@pytest.mark.usefixtures("bobbin")
async def test_a_public_nothing_is_one_line(loopback: Loopback, hall: Channel, alice: Person) -> None:
    await alice.says(hall, f"{loopback.bot_user.mention} Why do zebras yodel?")
    nothing = await loopback.next_message(in_=hall)
    assert len(nothing.text.splitlines()) == 1
    assert [button.emoji for button in nothing.buttons] == ["🗑️"]


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Warum jodeln die Zebras im Zoo?", "German"),
        ("Чому зебри співають у зоопарку?", "Ukrainian"),
        ("¿Por qué cantan las cebras del zoo?", "Spanish"),
    ],
)
async def test_a_question_in_another_language_than_the_archives_gets_a_note(
    loopback: Loopback, hall: Channel, alice: Person, question: str, language: str
) -> None:
    await alice.says(hall, f"{loopback.bot_user.mention} {question}")
    assert f"reads as {language}; the archive is in English" in (await loopback.next_message(in_=hall)).text


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize("question", ["Why do zebras yodel?", "Zebra Jodler", "Fresnel", "zebras"])
async def test_names_and_the_archives_own_language_get_no_such_note(
    loopback: Loopback, hall: Channel, alice: Person, question: str
) -> None:
    await alice.says(hall, f"{loopback.bot_user.mention} {question}")
    assert "reads as" not in (await loopback.next_message(in_=hall)).text
