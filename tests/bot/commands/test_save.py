"""The menu "Save to the archive": a linked thread, or a message's text, which goes with it or its author."""

import shutil

import pytest

from bot.client import Bobbin
from bot.commands.archive import first_link
from bot.settings import Settings
from retrieval.archive import Archive
from tests.bot.conftest import running
from tests.bot.fetching.services import INSTANCE, Mastodon, serving
from tests.discord import Channel, Person, SeenMessage
from tests.discord.fixtures import Loopback
from tests.discord.waiting import until

MANAGE_SERVER = 1 << 5
MENU = "Save to the archive"


@pytest.fixture
def ada(loopback: Loopback, hall: Channel) -> Person:
    person = loopback.add_user("ada")
    assert hall.guild is not None
    hall.guild.add_member(person, MANAGE_SERVER)
    return person


@pytest.fixture
def ben(loopback: Loopback, hall: Channel) -> Person:
    person = loopback.add_user("ben")
    assert hall.guild is not None
    hall.guild.add_member(person)
    return person


@pytest.fixture
def people(ada: Person, ben: Person) -> tuple[Person, Person]:
    return ada, ben


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see https://tooting.example/@ada/1, it is good", "https://tooting.example/@ada/1"),
        ("(https://tooting.example/@ada/1)", "https://tooting.example/@ada/1"),
        ("<https://bsky.app/profile/a.example/post/3k>", "https://bsky.app/profile/a.example/post/3k"),
        ("https://example.org/ and https://x.com/a/status/1", "https://x.com/a/status/1"),
        ("nothing but https://example.org/blog", None),
        ("no link", None),
        ("https://127.0.0.1/@a/1", None),
    ],
)
def test_the_first_link_of_a_service_is_taken(text: str, link: str | None) -> None:
    assert first_link(text) == link


async def saved(loopback: Loopback, ada: Person, message: SeenMessage) -> SeenMessage:
    reply = await (await ada.points_at(message, MENU)).reply()
    while "%" in reply.text or "takes it up" in reply.text:
        reply = await loopback.edited(reply)
    assert reply.seen_only_by is ada
    return reply


async def gone(archive: Archive, server_id: int) -> None:
    await until(lambda: not archive.catalog.uploads(server_id))


def server_of(channel: Channel) -> int:
    assert channel.guild is not None
    return channel.guild.id


@pytest.mark.usefixtures("bobbin")
async def test_the_text_of_a_message_is_saved_with_author_and_address_and_goes_with_it(
    loopback: Loopback, hall: Channel, ada: Person, ben: Person, archive: Archive
) -> None:
    message = await ben.says(hall, "The zirconium crane of the quay lifts at night.")
    await saved(loopback, ada, message)
    (source,) = archive.catalog.uploads(server_of(hall))
    assert source.name == f"https://discord.com/channels/{server_of(hall)}/{hall.id}/{message.id}"
    answer = await (await ada.uses(hall, "ask", question="the zirconium crane")).reply()
    assert "lifts at night" in answer.text
    assert "ben" in answer.text
    await ben.deletes(message)
    await gone(archive, server_of(hall))
    answer = await (await ada.uses(hall, "ask", question="the zirconium crane")).reply()
    assert "lifts at night" not in answer.text


@pytest.mark.usefixtures("bobbin")
async def test_a_saved_message_goes_when_its_author_wants_to_be_forgotten(
    loopback: Loopback, hall: Channel, ada: Person, ben: Person, archive: Archive
) -> None:
    own = await ada.says(hall, "The harbour master keeps a green ledger of storms.")
    await saved(loopback, ada, own)
    await saved(loopback, ada, await ben.says(hall, "The zirconium crane of the quay lifts at night."))
    await (await ben.uses(hall, "privacy", **{"forget-me": True})).reply()
    (source,) = archive.catalog.uploads(server_of(hall))
    assert source.name.endswith(f"/{own.id}")


async def test_what_was_deleted_does_not_come_back_with_an_older_archive(
    loopback: Loopback, hall: Channel, people: tuple[Person, Person], archive: Archive, settings: Settings
) -> None:
    ada, ben = people
    async with running(Bobbin(archive, settings, ready_timeout=0.01), loopback):
        message = await ben.says(hall, "The zirconium crane of the quay lifts at night.")
        await saved(loopback, ada, message)
    archive.close()
    older = shutil.copy(settings.database, settings.database.with_name("older.db"))
    with Archive.open(settings.database, handbook=settings.handbook) as again:
        async with running(Bobbin(again, settings, ready_timeout=0.01), loopback):
            await ben.deletes(message)
            await gone(again, server_of(hall))
    shutil.move(older, settings.database)
    with Archive.open(settings.database, handbook=settings.handbook) as restored:
        assert restored.catalog.uploads(server_of(hall))
        async with running(Bobbin(restored, settings, ready_timeout=0.01), loopback):
            assert not restored.catalog.uploads(server_of(hall))


async def test_the_thread_of_a_link_is_saved_and_outlives_the_message(
    loopback: Loopback, hall: Channel, people: tuple[Person, Person], bobbin: Bobbin, archive: Archive
) -> None:
    ada, ben = people
    service = Mastodon()
    service.add_line("eve", ["The lighthouse keeper counts ships.", "He never counts his own."])
    message = await ben.says(hall, f"worth keeping: https://{INSTANCE}/@eve/1001!")
    async with serving(service) as served:
        bobbin.guard = served.guard()
        await saved(loopback, ada, message)
        await bobbin.guard.close()
    await ben.deletes(message)
    (source,) = archive.catalog.uploads(server_of(hall))
    assert source.name == f"https://{INSTANCE}/@eve/1000"


@pytest.mark.usefixtures("bobbin")
async def test_a_link_to_x_is_told_how_to_save_and_a_picture_has_no_words(
    loopback: Loopback, hall: Channel, ada: Person, ben: Person, archive: Archive
) -> None:
    refused = await saved(loopback, ada, await ben.says(hall, "https://x.com/a/status/1"))
    assert "save the page" in refused.text
    empty = await saved(loopback, ada, await ben.says(hall, " "))
    assert "no text to save" in empty.text
    assert archive.catalog.uploads(server_of(hall)) == []
