"""Bobbin's own words are in the reader's language, over the loopback Discord; quotes stay as they are."""

import re
from typing import Any

import pytest

from bot.client import Bobbin
from bot.interactions.lru import RecentLocales
from retrieval.archive import Archive
from tests.bot.archives import HOSTILE, fill
from tests.bot.conftest import visitor
from tests.discord import Channel, Person, SeenMessage
from tests.discord.fixtures import Loopback

QUESTION = "Why does the ferry cross at dawn?"
UKRAINIAN = """\
Коротка нитка про пороми Дніпра і про те, чому вони ходять на світанку.
/1
Пором біля Канева ходить на світанку, бо тоді течія спокійна, а опівдні її крутить вітер.
/2
Поромник править на тополі на тому березі.
/END
"""
#: What is Latin in every language: commands, the names of Bobbin's author and file, and marks of Discord's.
LATIN = re.compile(
    r"`/[a-z]+`|</[a-z-]+(?: [a-z-]+)?:\d+>"
    r"|<t:-?\d+:[A-Z]>|\\?@?Ada|Discord|Bobbin|Rivers|Lamps|Hostile|main|Поромы"
)

ADMINS = re.compile(r"`[^`]*`|Manage Server|JSON|Reading room")

pytestmark = pytest.mark.usefixtures("bobbin")


def speaker(loopback: Loopback, hall: Channel, locale: str) -> Person:
    person = visitor(loopback, hall, f"хтось {len(locale)}")
    person.locale = locale
    return person


def labels(message: SeenMessage) -> list[str]:
    return [button.label or button.emoji or "" for button in message.buttons]


def quotes(message: SeenMessage) -> list[str]:
    return [line for line in message.text.splitlines() if line.startswith(">")]


async def ask(person: Person, place: Channel, question: str = QUESTION, **options: bool) -> SeenMessage:
    return await (await person.uses(place, "ask", question=question, **options)).reply()


@pytest.mark.parametrize(
    ("locale", "more"), [("en-GB", "More"), ("de", "Mehr"), ("uk", "Ще"), ("fr", "More")]
)
async def test_an_answer_speaks_its_askers_language_and_quotes_in_its_own(
    loopback: Loopback, hall: Channel, alice: Person, locale: str, more: str
) -> None:
    question = "the current of the ferry"
    answer = await ask(speaker(loopback, hall, locale), hall, question)
    assert answer.offers(more)
    assert quotes(answer) == quotes(await ask(alice, hall, question))


async def test_in_a_server_that_set_its_language_what_everyone_sees_is_in_that(
    loopback: Loopback, hall: Channel
) -> None:
    assert hall.guild is not None
    hall.guild.locale = "uk"
    german = speaker(loopback, hall, "de")
    assert "Thread lesen" in labels(await ask(german, hall, private=True))
    assert "Читати гілку" in labels(await ask(german, hall))


async def test_a_mention_is_answered_in_the_servers_language(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    assert hall.guild is not None
    known = bobbin.get_guild(hall.guild.id)
    assert known is not None
    await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    assert "Read thread" in labels(await loopback.next_message(in_=hall))
    there = loopback.add_guild("Lesesaal", locale="de").add_channel("flur")
    person = visitor(loopback, there, "leserin")
    await person.says(there, f"{loopback.bot_user.mention} {QUESTION}")
    assert "Thread lesen" in labels(await loopback.next_message(in_=there))


async def test_a_direct_message_is_answered_in_the_language_of_its_authors_latest_command(
    loopback: Loopback, hall: Channel
) -> None:
    german = speaker(loopback, hall, "de")
    await german.dm(QUESTION)
    assert "Read thread" in labels(await loopback.next_message(in_=german.dm_channel))
    await ask(german, hall)
    await german.dm(QUESTION)
    assert "Thread lesen" in labels(await loopback.next_message(in_=german.dm_channel))


async def test_a_person_who_presses_reads_their_own_language(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    answer = await ask(alice, hall)
    german = speaker(loopback, hall, "de")
    assert "und Moderatoren entfernen" in (await (await german.presses(answer, "🗑️")).reply()).text
    assert "der zitierte Beitrag" in (await (await german.presses(answer, "Read thread")).reply()).text


async def test_trouble_is_reported_in_the_readers_language(
    loopback: Loopback, archive: Archive, hall: Channel
) -> None:
    archive.close()
    assert "Betreiber" in (await ask(speaker(loopback, hall, "de"), hall)).text


async def test_who_speaks_ukrainian_reads_nothing_else_on_any_way_through_bobbin(
    loopback: Loopback, archive: Archive, hall: Channel
) -> None:
    fill(archive, Пороми=UKRAINIAN, hostile=HOSTILE)
    reader = speaker(loopback, hall, "uk")
    question = "Чому пором ходить на світанку?"
    answer = await ask(reader, hall, question)
    private = await ask(reader, hall, question, private=True)
    (choice,) = await reader.completes(hall, "thread", thread="Пороми")
    thread = await (await reader.uses(hall, "thread", thread=choice["value"])).reply()
    seen = [
        answer,
        private,
        thread,
        await ask(reader, hall, "Дирижаблі над Батумі в серпні"),
        await ask(reader, hall, "   "),
        await (await reader.presses(answer, "Читати гілку")).reply(),
        await (await reader.presses(answer, "👍")).reply(),
        await (await reader.presses(answer, "👍")).reply(),
        await (await reader.presses(private, "Поділитися")).followup(),
        await (await reader.uses(hall, "help")).reply(),
        await (await reader.uses(hall, "thread", thread="000000000000")).reply(),
        await (await reader.uses(hall, "thread", thread=choice["value"], post=99)).reply(),
        await (await reader.uses(hall, "thread", thread="порому ходить")).reply(),
        await (await reader.uses(hall, "threads", author="Ada")).reply(),
        await (await reader.uses(hall, "threads", collection="main", random=True)).reply(),
        await (await reader.uses(hall, "threads", author="nobody")).reply(),
    ]
    texts = [choice["name"], *(message.text for message in seen)]
    texts += [label for message in seen for label in labels(message)]
    modal = await (await reader.presses(private, "👎")).opened_modal()
    texts.append(modal["title"] + str(modal["components"][0]["label"]))
    for text in texts:
        assert re.findall(r"[A-Za-z]{2,}", LATIN.sub("", text)) == []


async def test_an_admin_who_speaks_ukrainian_reads_nothing_else_either(
    loopback: Loopback, hall: Channel
) -> None:
    admin = speaker(loopback, hall, "uk")
    assert hall.guild is not None
    hall.guild.add_member(admin, administrator=True)
    for command in (
        "settings",
        "privacy",
        "archive list",
        "archive stats",
        "archive unanswered",
        "digest status",
    ):
        use = await admin.uses(hall, command)
        shown = await use.reply()
        told = [shown.text, *labels(shown), *(menu.get("placeholder") or "" for menu in shown.menus)]
        for text in told:
            assert re.findall(r"[A-Za-z]{2,}", ADMINS.sub("", LATIN.sub("", text))) == [], command


def walked(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [found for option in options for found in (option, *walked(option.get("options") or []))]


async def test_every_command_has_its_name_and_description_in_every_language(loopback: Loopback) -> None:
    for command in loopback.commands:
        for told in (command, *walked(command["options"])):
            assert set(told["name_localizations"]) >= {"de", "uk"}, told["name"]
            if told.get("description"):
                assert set(told["description_localizations"]) >= {"de", "uk"}, told["name"]
            for name in (told["name"], *told["name_localizations"].values()):
                assert command["type"] != 1 or re.fullmatch(r"[-_'\w]{1,32}", name), name
                assert command["type"] != 1 or name == name.lower()
            for description in (told["description_localizations"] or {}).values():
                assert len(description) <= 100, description


def test_only_the_latest_locales_are_remembered() -> None:
    locales = RecentLocales(room=2)
    for user, locale in ((1, "de"), (2, "uk"), (1, "fr"), (3, "en")):
        locales.note(user, locale)
    assert [locales.of(user) for user in (1, 2, 3)] == ["fr", None, "en"]
