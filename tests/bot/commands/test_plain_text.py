"""What is no thread, uploaded over the loopback Discord: refused, and taken in where an admin asks for it."""

from typing import Any

import pytest

from bot.client import Bobbin
from bot.settings import Settings
from retrieval.archive import Archive
from tests.bot.commands.test_archive import CRANES, MANAGE_SERVER, added, server_of
from tests.bot.conftest import running
from tests.discord import Channel, Person, SeenMessage, Upload
from tests.discord.fixtures import Loopback
from tests.retrieval.readers.exports import zipped as zip_of
from tests.retrieval.readers.strangers import strangers

BUTTON = "Import as plain text"
DIARY = Upload("diary.txt", b"The zirconium gunner slept between two shots.\n\nSilence woke him.\n")


@pytest.fixture
def ada(loopback: Loopback, hall: Channel) -> Person:
    """An admin."""
    person = loopback.add_user("ada")
    assert hall.guild is not None
    hall.guild.add_member(person, MANAGE_SERVER)
    return person


async def refused(
    loopback: Loopback, person: Person, channel: Channel, upload: Upload, **more: Any
) -> SeenMessage:
    """Return the refusal of an upload as it is in the end."""
    message = await (await person.uses(channel, "archive add", file=upload, **more)).reply()
    while "%" in message.text:
        message = await loopback.edited(message)
    return message


async def settled(loopback: Loopback, message: SeenMessage) -> SeenMessage:
    message = await loopback.edited(message)
    while "%" in message.text or "takes it up" in message.text:
        message = await loopback.edited(message)
    return message


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize(
    "name", ["passwords.csv", "friend.vcf", "film.srt", "drawing.svg", "tool.py", "README.md"]
)
async def test_a_file_that_is_no_thread_is_refused_with_a_button(
    loopback: Loopback, archive: Archive, hall: Channel, ada: Person, name: str
) -> None:
    message = await refused(loopback, ada, hall, Upload(name, strangers(5)[name]))
    assert message.seen_only_by is ada
    assert "shows no sign of a thread" in message.text
    assert message.button(BUTTON).custom_id == "bob1x.main"
    assert [one["filename"] for one in message.attachments] == [name]
    assert archive.catalog.uploads(server_of(hall)) == []


@pytest.mark.usefixtures("bobbin")
async def test_what_is_no_text_has_no_button(loopback: Loopback, hall: Channel, ada: Person) -> None:
    for name in ("photo.jpg", "letter.rtf", "empty.txt", "old.txt"):
        message = await refused(loopback, ada, hall, Upload(name, strangers(5)[name]))
        assert "could not be read" in message.text
        assert not message.buttons
        assert not message.attachments


@pytest.mark.usefixtures("bobbin")
async def test_of_a_zip_only_threads_go_in_and_the_rest_is_named(
    loopback: Loopback, archive: Archive, hall: Channel, ada: Person
) -> None:
    few = {name: strangers(5)[name] for name in ("passwords.csv", "film.srt", "photo.jpg")}
    told = await added(loopback, ada, hall, Upload("saved.zip", zip_of({**few, "cranes.txt": CRANES})))
    assert "saved.zip is in, and can be asked" in told.replace("*", "")
    assert "Threads: 1 new, 0 updated, 0 unchanged." in told
    (line,) = [line for line in told.splitlines() if line.startswith("Left out, since")]
    assert all(name in line for name in few)
    everything = {f"{name}": content for name, content in strangers(6).items()}
    message = await refused(loopback, ada, hall, Upload("strangers.zip", zip_of(everything)))
    assert "shows no sign of a thread" in message.text
    assert [file.name for file in archive.catalog.uploads(server_of(hall))] == ["saved.zip/cranes.txt"]


async def test_the_button_takes_it_in_after_a_restart_into_the_collection_that_was_meant(
    loopback: Loopback, archive: Archive, settings: Settings, hall: Channel, ada: Person
) -> None:
    name = "Ґанок & crêpe 🧵"
    async with running(Bobbin(archive, settings, ready_timeout=0.01), loopback):
        message = await refused(loopback, ada, hall, DIARY, collection=name)
        assert message.button(BUTTON).custom_id == f"bob1x.{name}"
    async with running(Bobbin(archive, settings, ready_timeout=0.01), loopback):
        await ada.presses(message, BUTTON)
        done = await settled(loopback, message)
        assert "is in, and can be asked" in done.text
        assert not done.buttons
        assert not done.attachments
        (file,) = archive.catalog.uploads(server_of(hall))
        assert (file.name, file.form, file.collection) == ("diary.txt", "plain text", name)
        asked = await ada.uses(hall, "ask", question="the zirconium gunner")
        assert "slept between two shots" in (await asked.reply()).text


async def test_only_who_manages_the_server_may_press_and_while_another_upload_runs_the_button_stays(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, ada: Person
) -> None:
    assert hall.guild is not None
    message = await refused(loopback, ada, hall, DIARY)
    hall.guild.add_member(ada, 0)
    use = await ada.presses(message, BUTTON)
    assert "Manage Server" in (await use.reply()).text
    hall.guild.add_member(ada, MANAGE_SERVER)
    bobbin.uploading.servers.add(server_of(hall))
    await ada.presses(message, BUTTON)
    bobbin.uploading.servers.clear()
    assert bobbin.archive.catalog.uploads(server_of(hall)) == []
    await ada.presses(message, BUTTON)
    assert "is in" in (await settled(loopback, message)).text


async def test_a_text_that_is_too_large_to_hang_on_the_refusal_has_no_button(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, ada: Person
) -> None:
    content = b"The gunner slept between two shots. " * 1_000 + b"\n\n"
    content *= 10 * 2**20 // len(content)
    assert bobbin.archive.catalog.uploads(server_of(hall)) == []
    message = await refused(loopback, ada, hall, Upload("diary.txt", content))
    assert "too large to be kept at hand" in message.text
    assert not message.buttons
