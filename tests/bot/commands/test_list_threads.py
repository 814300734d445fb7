"""``/threads`` over the loopback Discord: lists, their pages, and what completes."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.list_threads import first_day
from bot.views.custom_id import FilteredListState, packed_words
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.formats.jsonl_format import dump_line
from retrieval.model import Post, Thread
from tests.bot.archives import keep
from tests.bot.conftest import Start
from tests.discord import Channel, Person, SeenMessage
from tests.discord.fixtures import Loopback

MANY = 20


@pytest.fixture
def many(archive: Archive) -> Archive:
    """Twenty threads of Grace's from the first to the twentieth of May beside Ada's two."""
    for number in range(1, MANY + 1):
        text = f"A note on knots, the {number}th of them.\n/1\nTie it.\n/END\n"
        name = f"{number:02}"
        file = SavedFile(f"{name}.txt", text.encode(), author="@grace", title=f"Knot {name}", url=None)
        assert archive.import_file(file, collection="knots").error is None
    return archive


def heads(message: SeenMessage) -> list[str]:
    return re.findall(r"^### (.*)$", message.text, re.MULTILINE)


async def listed(person: Person, place: Channel, **options: Any) -> SeenMessage:
    return await (await person.uses(place, "threads", **options)).reply()


@pytest.mark.usefixtures("bobbin", "many")
async def test_the_pages_hold_every_thread_once(loopback: Loopback, hall: Channel, alice: Person) -> None:
    page = await listed(alice, hall)
    assert "22 threads · page 1 of 3" in page.text
    seen = heads(page)
    while "More" in [button.label for button in page.buttons]:
        await alice.presses(page, "More")
        page = await loopback.edited(page)
        seen += heads(page)
    assert sorted(seen) == sorted(
        ["Rivers", "Lamps", *(f"Knot {number:02}" for number in range(1, MANY + 1))]
    )
    await alice.presses(page, "Back")
    assert heads(await loopback.edited(page)) == seen[8:16]


@pytest.mark.usefixtures("bobbin", "many")
@pytest.mark.parametrize("name", ["@grace", "grace", "@GRACE"])
async def test_an_authors_threads_alone(hall: Channel, alice: Person, name: str) -> None:
    page = await listed(alice, hall, author=name)
    assert "Threads by \\@grace" in page.text
    assert "20 threads" in page.text
    assert all(head.startswith("Knot") for head in heads(page))


@pytest.mark.usefixtures("many")
async def test_an_authors_pages_turn_after_a_restart(
    loopback: Loopback, start: Start, hall: Channel, alice: Person
) -> None:
    async with start():
        first = await listed(alice, hall, author="@grace")
    async with start():
        await alice.presses(first, "More")
        second = await loopback.edited(first)
        assert "page 2 of 3" in second.text
        assert not set(heads(first)) & set(heads(second))


@pytest.mark.usefixtures("bobbin", "many")
async def test_a_collections_threads_alone_by_name_or_by_choice(hall: Channel, alice: Person) -> None:
    (choice,) = await alice.completes(hall, "threads", collection="kno")
    for wanted in ("Knots", choice["value"]):
        assert "20 threads" in (await listed(alice, hall, collection=wanted)).text
    both = await listed(alice, hall, collection="main", author="Ada")
    assert sorted(heads(both)) == ["Lamps", "Rivers"]


@pytest.mark.usefixtures("bobbin", "many")
async def test_threads_by_chance_differ_from_press_to_press(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    page = await listed(alice, hall, random=True)
    drawn = [heads(page)]
    for _ in range(3):
        await alice.presses(page, "Others")
        page = await loopback.edited(page)
        drawn.append(heads(page))
    assert all(len(set(few)) == 8 for few in drawn)
    assert len({tuple(few) for few in drawn}) > 1


@pytest.mark.usefixtures("bobbin", "many")
async def test_authors_complete_with_how_many_threads_they_have(hall: Channel, alice: Person) -> None:
    assert [one["name"] for one in await alice.completes(hall, "threads", author="@gr")] == [
        "@grace · 20 threads"
    ]
    assert len(await alice.completes(hall, "threads", author="")) == 2


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize("option", ["author", "collection"])
async def test_who_or_what_is_not_there_is_stated_privately_where_nothing_else_is(
    hall: Channel, alice: Person, option: str
) -> None:
    assert "no such threads" in (await listed(alice, hall, **{option: "nobody"})).text


@pytest.mark.usefixtures("bobbin", "many")
async def test_a_listed_thread_opens_and_only_the_reader_turns(
    hall: Channel, alice: Person, bob: Person
) -> None:
    page = await listed(alice, hall)
    opened = await (await bob.presses(page, "Open")).reply()
    assert opened.seen_only_by is bob
    told = await (await bob.presses(page, "More")).reply()
    assert "Only the person who asked" in told.text


@pytest.mark.usefixtures("bobbin")
async def test_another_servers_threads_authors_and_collections_are_not_there(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person
) -> None:
    elsewhere = loopback.add_guild("Elsewhere")
    keep(archive, "secret", "The secret of the square.\n/1\nSo it is.\n/END\n", elsewhere.id)
    (own,) = [one for one in archive.catalog.collections(elsewhere.id) if one.name == "own"]
    assert "2 threads" in (await listed(alice, hall)).text
    assert await alice.completes(hall, "threads", collection="own") == []
    for wanted in ("own", str(own.id)):
        assert "no such threads" in (await listed(alice, hall, collection=wanted)).text


async def test_an_archive_in_trouble_completes_nothing_and_says_so_of_a_list(
    archive: Archive, start: Start, hall: Channel, alice: Person
) -> None:
    async with start():
        archive.close()
        assert await alice.completes(hall, "threads", author="a") == []
        assert "cannot answer right now" in (await listed(alice, hall)).text


@pytest.mark.usefixtures("bobbin")
async def test_title_days_and_order_choose_threads_and_hold_on_every_page(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person
) -> None:
    lines = "".join(
        dump_line(
            Thread(
                (Post(1, f"Note {day} on sails."), *(Post(n, f"More {n}.") for n in range(2, day + 1))),
                author="@mia",
                title=f"Sail {chr(96 + day)}" if day < 20 else f"Mast {day}",
                posted_at=datetime(2023, 5, day, 12, tzinfo=UTC),
            )
        )
        + "\n"
        for day in range(1, 25)
    )
    archive.import_file(SavedFile("sails.jsonl", lines.encode()))
    page = await listed(alice, hall, title="SAIL", after="3.5.2023", before="2023-05-15", sort="length")
    assert page.text.splitlines()[0] == "## Longest threads · “SAIL” · from 3 May 2023 · to 14 May 2023"
    seen = heads(page)
    await alice.presses(page, "More")
    turned = await loopback.edited(page)
    assert turned.text.splitlines()[0] == page.text.splitlines()[0]
    assert [*seen, *heads(turned)] == [f"Sail {chr(96 + day)}" for day in range(14, 2, -1)]
    by_title = await listed(alice, hall, author="mia", after="2023-05", sort="title")
    assert heads(by_title)[0] == "Mast 20"
    for options in ({"after": "2024"}, {"before": "2023"}, {"title": "zzz"}):
        nothing = await listed(alice, hall, **options)
        assert nothing.seen_only_by is alice
        assert "no such threads" in nothing.text
    wrong = await listed(alice, hall, after="last week")
    assert wrong.seen_only_by is alice
    assert "“last week” is no day" in wrong.text.replace("\\", "")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2023", date(2023, 1, 1)),
        ("2023-05", date(2023, 5, 1)),
        ("2023/5/7", date(2023, 5, 7)),
        (" 17.5.2023 ", date(2023, 5, 17)),
        ("05.2023", date(2023, 5, 1)),
        ("31.02.2023", None),
        ("0000", None),
        ("2023-13", None),
        ("May 2023", None),
        ("17", None),
        ("", None),
    ],
)
def test_days_are_read_as_people_write_them(written: str, day: date | None) -> None:
    assert first_day(written) == day


@given(st.text(max_size=200))
def test_words_of_a_list_survive_in_a_button(words: str) -> None:
    state = FilteredListState(7, chunks=packed_words(words.encode(errors="ignore").decode()))
    assert len(state.encode()) <= 100
    assert FilteredListState.decode(state.encode()) == state
    assert words.encode(errors="ignore").decode().startswith(state.words)
