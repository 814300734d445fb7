"""A server's own threads over the loopback Discord: in, listed, out, written out, and nobody else's."""

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from bot.client import Bobbin
from bot.commands.archive import file_mark, zip_lines
from bot.settings import Settings
from retrieval.archive import Archive
from retrieval.errors import StoreError
from retrieval.formats.import_types import SavedFile
from tests.bot.archives import almost_full_disk, keep
from tests.bot.conftest import running
from tests.discord import Channel, Person, SeenMessage, Upload
from tests.discord.fixtures import Loopback
from tests.retrieval.readers.exports import zipped as zip_of

MANAGE_SERVER = 1 << 5
CRANES = "A thread about the cranes of the quay.\n/1\nThe zirconium crane lifts at night.\n/END\n"
PAGE = Upload("cranes.txt", CRANES.encode(), "text/plain")


@pytest.fixture
def ada(loopback: Loopback, hall: Channel) -> Person:
    """An admin."""
    person = loopback.add_user("ada")
    assert hall.guild is not None
    hall.guild.add_member(person, MANAGE_SERVER)
    return person


@pytest.fixture
def elsewhere(loopback: Loopback, hall: Channel, ada: Person) -> Channel:
    """A channel of another server that the same admin manages."""
    assert hall.guild is not None
    channel = loopback.add_guild("Elsewhere").add_channel("hall")
    assert channel.guild is not None
    channel.guild.add_member(ada, MANAGE_SERVER)
    return channel


def server_of(channel: Channel) -> int:
    assert channel.guild is not None
    return channel.guild.id


async def done(loopback: Loopback, message: SeenMessage, *, until: str) -> SeenMessage:
    """Wait until a message says so."""
    while until not in message.text:
        message = await loopback.edited(message)
    return message


async def added(loopback: Loopback, person: Person, channel: Channel, upload: Upload, **more: Any) -> str:
    use = await person.uses(channel, "archive add", file=upload, **more)
    first = await use.reply()
    assert first.seen_only_by is person
    while "%" in first.text or "takes it up" in first.text or "waiting until" in first.text:
        first = await loopback.edited(first)
    return first.text.replace("\\", "")


async def asked(person: Person, channel: Channel, question: str = "the zirconium crane") -> str:
    return (await (await person.uses(channel, "ask", question=question)).reply()).text


@pytest.mark.usefixtures("bobbin")
async def test_an_uploaded_file_answers_in_its_server_at_once_and_nowhere_else(
    loopback: Loopback, hall: Channel, elsewhere: Channel, ada: Person
) -> None:
    told = await added(loopback, ada, hall, PAGE)
    (first, *_) = loopback.called("PATCH", r"/messages/@original$")
    assert "▱" in str(first.json)
    assert "cranes.txt" in told
    assert "Threads: 1 new, 0 updated, 0 unchanged." in told
    assert "lifts at night" in await asked(ada, hall)
    for place in (elsewhere, ada.dm_channel):
        assert "found nothing" in await asked(ada, place)


@pytest.mark.usefixtures("bobbin")
async def test_a_zip_is_taken_in_file_by_file_and_what_is_left_out_is_reported(
    loopback: Loopback, hall: Channel, ada: Person
) -> None:
    upload = Upload("saved.zip", zip_of({"cranes.txt": CRANES, "photo.txt": "\x00\x01\x02"}))
    told = await added(loopback, ada, hall, upload, collection="quay")
    assert "is in, and can be asked" in told
    assert "Left out, since they show no sign of a thread: saved.zip/photo.txt" in told
    listed = (await (await ada.uses(hall, "archive list")).reply()).text.replace("\\", "")
    assert "cranes.txt" in listed
    assert "1 thread, 2 posts · quay" in listed


@pytest.mark.usefixtures("bobbin")
async def test_what_is_no_thread_is_refused_with_the_reason(
    loopback: Loopback, hall: Channel, ada: Person
) -> None:
    told = await added(loopback, ada, hall, Upload("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(99)))
    assert "photo.jpg could not be read" in told.replace("*", "")
    assert "has no threads of its own" in (await (await ada.uses(hall, "archive list")).reply()).text


@pytest.mark.usefixtures("bobbin")
async def test_only_who_manages_the_server_may(loopback: Loopback, hall: Channel, alice: Person) -> None:
    for command, options in (
        ("add", {"file": PAGE}),
        ("list", {}),
        ("remove", {"file": "0"}),
        ("export", {}),
        ("stats", {}),
        ("unanswered", {}),
    ):
        use = await alice.uses(hall, f"archive {command}", even_if_hidden=True, **options)
        refused = await use.reply()
        assert refused.seen_only_by is alice
        assert "Manage Server" in refused.text
    assert loopback.called("GET", "/attachments") == []


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"upload_mib": 1}, "has 2 MiB; an upload may have 1"),
        ({"server_posts": 1}, "would bring this server beyond 1 posts"),
        ({"upload_seconds": 0}, "took longer than 0 seconds"),
    ],
)
async def test_what_is_too_much_is_reported_and_nothing_is_kept(
    loopback: Loopback,
    archive: Archive,
    settings: Settings,
    hall: Channel,
    ada: Person,
    *,
    limits: dict[str, Any],
    said: str,
) -> None:
    content = CRANES.encode() + (b" " * 2**20 if "upload_mib" in limits else b"")
    client = Bobbin(archive, replace(settings, **limits), ready_timeout=0.01)
    async with running(client, loopback):
        told = await added(loopback, ada, hall, Upload("cranes.txt", content))
        assert said in told
        assert "found nothing" in await asked(ada, hall)
    assert archive.catalog.uploads(server_of(hall)) == []


async def test_a_server_that_is_full_is_reported_before_the_file_is_read(
    loopback: Loopback, archive: Archive, settings: Settings, hall: Channel, ada: Person
) -> None:
    keep(archive, "cranes", CRANES, server_of(hall))
    client = Bobbin(archive, replace(settings, server_posts=2), ready_timeout=0.01)
    async with running(client, loopback):
        assert "already hold 2 posts, and 2 are allowed" in await added(loopback, ada, hall, PAGE)


async def test_a_server_has_ten_collections_at_most(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, ada: Person
) -> None:
    for number in range(10):
        file = SavedFile(f"{number}.txt", CRANES.replace("zirconium", f"{number}").encode())
        bobbin.archive.import_file(file, collection=f"c{number}", server_id=server_of(hall))
    assert "10 collections, and more are not allowed" in await added(
        loopback, ada, hall, PAGE, collection="one more"
    )
    assert "is in" in await added(loopback, ada, hall, PAGE, collection="c3")


async def test_a_file_that_discord_no_longer_has_is_reported(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, ada: Person
) -> None:
    assert bobbin.archive.catalog.uploads(server_of(hall)) == []
    use = await ada.uses(hall, "archive add", file=PAGE)
    loopback.world.files.clear()
    assert "could not be fetched" in (await done(loopback, await use.reply(), until="fetched")).text


async def test_a_second_upload_of_a_server_waits_for_its_first(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, elsewhere: Channel, ada: Person
) -> None:
    bobbin.uploading.servers.add(server_of(hall))
    assert "Another upload of this server" in await added(loopback, ada, hall, PAGE)
    assert "is in" in await added(loopback, ada, elsewhere, PAGE)


async def test_a_removed_file_is_asked_about_first_and_then_gone_for_good(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, ada: Person
) -> None:
    keep(bobbin.archive, "cranes", CRANES, server_of(hall))
    keep(bobbin.archive, "lamps", CRANES.replace("zirconium", "tungsten"), server_of(hall))
    choices = await ada.completes(hall, "archive remove", file="cra")
    assert [choice["name"] for choice in choices] == ["cranes.txt · own", "Everything: 2 files"]
    question = await (await ada.uses(hall, "archive remove", file=choices[0]["value"])).reply()
    assert "takes out 1 thread with 2 posts" in question.text
    assert "lifts at night" in await asked(ada, hall)
    await ada.presses(question, "Keep")
    assert "Nothing was removed" in (await loopback.edited(question)).text
    question = await (await ada.uses(hall, "archive remove", file="cranes.txt")).reply()
    await ada.presses(question, "Remove")
    assert "Removed: 1 thread, 2 posts" in (await loopback.edited(question)).text
    assert "zirconium crane lifts" not in await asked(ada, hall, "which crane lifts at night")
    assert "tungsten" in await asked(ada, hall, "the tungsten crane")
    for path in bobbin.settings.data_dir.glob("archive.db*"):
        assert b"zirconium" not in path.read_bytes()


async def test_everything_of_a_server_is_removed_at_once_and_nothing_of_anothers(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, elsewhere: Channel, ada: Person
) -> None:
    for name in ("one", "two"):
        keep(bobbin.archive, name, CRANES.replace("quay", name), server_of(hall))
        keep(bobbin.archive, name, CRANES.replace("quay", name), server_of(elsewhere))
    question = await (await ada.uses(hall, "archive remove", file="0")).reply()
    assert "Remove all files of this server?" in question.text
    await ada.presses(question, "Remove")
    assert "Removed: 2 threads" in (await loopback.edited(question)).text
    assert bobbin.archive.catalog.uploads(server_of(hall)) == []
    assert len(bobbin.archive.catalog.uploads(server_of(elsewhere))) == 2


async def test_a_file_of_another_server_cannot_be_named_shown_or_removed(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, elsewhere: Channel, ada: Person
) -> None:
    keep(bobbin.archive, "cranes", CRANES, server_of(elsewhere))
    (theirs,) = bobbin.archive.catalog.uploads(server_of(elsewhere))
    assert await ada.completes(hall, "archive remove", file="") == []
    assert await ada.completes(hall, "archive export", collection="") == []
    for name in (str(file_mark(theirs)), theirs.name, "0"):
        assert "no such file" in (await (await ada.uses(hall, "archive remove", file=name)).reply()).text
    assert "no collection" in (await (await ada.uses(hall, "archive export", collection="own")).reply()).text
    # A button carried over from the other server.
    question = await (await ada.uses(elsewhere, "archive remove", file=str(file_mark(theirs)))).reply()
    mine = await (await ada.uses(hall, "archive list")).reply()
    message = loopback.world.message(mine.id)
    assert message is not None
    message.components = question.components
    await ada.presses(mine, "Remove")
    assert "no such file" in (await loopback.edited(mine)).text
    assert bobbin.archive.catalog.uploads(server_of(elsewhere)) == [theirs]


async def test_the_numbers_in_discord_tell_nothing_of_how_much_others_upload(
    bobbin: Bobbin, hall: Channel, elsewhere: Channel, ada: Person
) -> None:
    keep(bobbin.archive, "one", CRANES, server_of(hall))
    seen = []
    for number in range(3):
        seen.append(await ada.completes(hall, "archive remove", file=""))
        keep(
            bobbin.archive, f"theirs {number}", CRANES.replace("quay", f"quay {number}"), server_of(elsewhere)
        )
        for file in bobbin.archive.catalog.uploads(server_of(hall)):
            bobbin.archive.take_back([file.id])
        keep(bobbin.archive, "one", CRANES, server_of(hall))
    assert seen[0] == seen[1] == seen[2] != []


async def test_a_long_list_has_pages(loopback: Loopback, bobbin: Bobbin, hall: Channel, ada: Person) -> None:
    for number in range(23):
        keep(bobbin.archive, f"file {number}", CRANES.replace("quay", f"quay {number}"), server_of(hall))
    page = await (await ada.uses(hall, "archive list")).reply()
    seen = page.text
    for _ in range(2):
        await ada.presses(page, "Next")
        page = await loopback.edited(page)
        seen += page.text
    assert page.button("Next").disabled
    assert all(f"file {number}\\.txt" in seen for number in range(23))


async def test_an_export_can_be_taken_in_again(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, elsewhere: Channel, ada: Person
) -> None:
    keep(bobbin.archive, "cranes", CRANES, server_of(hall))
    choices = await ada.completes(hall, "archive export", collection="")
    assert [choice["value"] for choice in choices] == ["own"]
    exported = await (await ada.uses(hall, "archive export", collection="own")).reply()
    assert exported.seen_only_by is ada
    (attached,) = exported.attachments
    content = loopback.world.files[attached["url"].removeprefix(loopback.base_url)].data
    assert "is in" in await added(loopback, ada, elsewhere, Upload("again.zip", content))
    assert "lifts at night" in await asked(ada, elsewhere)


def test_an_export_is_cut_between_lines_into_as_few_zips_as_hold_it(tmp_path: Path) -> None:
    lines = [
        f"{number:06d} " + "".join(chr(97 + (number * 7 + at * at) % 26) for at in range(200))
        for number in range(400)
    ]
    parts = zip_lines(lines, 9_000)
    assert parts is not None
    assert all(len(content) <= 9_000 for _, content in parts)
    read = []
    for name, content in parts:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            assert packed.namelist() == [name.replace(".zip", ".jsonl")]
            read += packed.read(packed.namelist()[0]).decode().splitlines()
    assert read == lines
    assert zip_lines(lines, 300) is None
    assert zip_lines([], 300) is not None
    assert tmp_path.is_dir()


async def test_stats_count_what_the_server_may_ask_and_nothing_of_anothers(
    bobbin: Bobbin, hall: Channel, elsewhere: Channel, ada: Person
) -> None:
    keep(bobbin.archive, "cranes", CRANES, server_of(hall))
    told = [(await (await ada.uses(place, "archive stats")).reply()).text for place in (hall, elsewhere)]
    assert "Its own: 1 thread with 2 posts, in 1 collection. 199,998 posts more are allowed." in told[0]
    assert "Its own: 0 threads with 0 posts, in 0 collections. 200,000 posts more" in told[1]
    assert "Open to every server: 2 threads with 10 posts." in told[1]


async def test_stats_tell_how_answers_were_judged_and_what_was_written_without_a_name(
    bobbin: Bobbin, hall: Channel, elsewhere: Channel, ada: Person
) -> None:
    keep(bobbin.archive, "cranes", CRANES, server_of(hall))
    (thread,) = bobbin.archive.catalog.threads(bobbin.archive.catalog.own_scope(server_of(hall)))
    for place in (hall, elsewhere):
        await bobbin.services.judge(server_of(place), [thread.id], helpful=True)
        await bobbin.services.judge(server_of(place), [thread.id], helpful=False)
    await bobbin.services.note(server_of(hall), [thread.id], "the *wrong* crane")
    told, other = [
        (await (await ada.uses(place, "archive stats")).reply()).text for place in (hall, elsewhere)
    ]
    assert "Answers judged: 1 times helpful, 1 times not." in told
    assert "Cranes: 1 of 2 times" in told
    assert r"the \*wrong\* crane" in told
    assert "Cranes" not in other
    assert "crane" not in other


async def test_words_that_found_nothing_are_kept_only_where_that_is_wanted(
    bobbin: Bobbin, hall: Channel, elsewhere: Channel, ada: Person, alice: Person
) -> None:
    await asked(alice, hall, "Sourdough from Patagonia")
    assert "are not kept" in (await (await ada.uses(hall, "archive unanswered")).reply()).text
    bobbin.servers.change(server_of(hall), lambda before: replace(before, unanswered=True))
    for _ in range(2):
        await asked(alice, hall, "Sourdough from Patagonia")
    told = await (await ada.uses(hall, "archive unanswered")).reply()
    assert "sourdough from patagonia" in told.text
    assert "2 times" in told.text
    assert "Alice" not in told.text
    assert bobbin.unanswered.of(server_of(elsewhere), datetime.now(UTC).date(), limit=9) == []


async def test_a_zip_that_the_disk_cuts_short_says_what_is_in_and_what_is_not(
    loopback: Loopback, bobbin: Bobbin, archive: Archive, hall: Channel, ada: Person
) -> None:
    long = "".join(f"{number} " + "winch " * 200 + f"\n/{number}\n" for number in range(1, 300))
    connections = archive._store._connections
    upload = Upload("saved.zip", zip_of({"cranes.txt": CRANES, "long.txt": long}))
    with almost_full_disk(connections, pages=20):
        told = await added(loopback, ada, hall, upload)
    assert "saved.zip was broken off: archive.db: the disk is full; free some space" in told.replace("*", "")
    assert "Of the files in it, 1 are in, and of the others nothing." in told
    assert "Nothing was changed" not in told
    assert [file.name for file in archive.catalog.uploads(server_of(hall))] == ["saved.zip/cranes.txt"]
    assert "zirconium" in await asked(ada, hall)
    assert "the disk is full" in str(bobbin.self_test.run().last_failed_write)
    with almost_full_disk(connections, pages=0):
        told = await added(loopback, ada, hall, Upload("long.txt", long.encode()))
    assert told == "archive.db: the disk is full; free some space and try again. Nothing was changed."


@pytest.mark.usefixtures("bobbin")
async def test_a_removal_after_which_the_index_is_refused_does_not_claim_that_nothing_was_changed(
    loopback: Loopback, archive: Archive, hall: Channel, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await added(loopback, ada, hall, PAGE)
    (file,) = archive.catalog.uploads(server_of(hall))
    question = await (await ada.uses(hall, "archive remove", file=str(file_mark(file)))).reply()

    def refuse() -> bool:
        raise StoreError("/srv/bobbin/archive.db: the disk refuses to read or write it; check the disk")

    monkeypatch.setattr(archive, "refresh", refuse)
    await ada.presses(question, "Remove")
    (sent, *_) = await loopback.waiting.until(
        lambda: loopback.called("POST", r"^/webhooks/\d+/[^/]+$") or None,
        60,
        "the sentence about the trouble",
    )
    told = str(sent.json).replace("\\", "")
    assert "archive.db: the disk refuses" in told
    assert "What was done before that stays" in told
    assert "/srv" not in told
    assert archive.catalog.uploads(server_of(hall)) == []
