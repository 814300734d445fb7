"""``/verify`` and "Check the quotes": results, posts and claimed authors, in the words of each language."""

from typing import Any

import pytest

from bot.interactions.message_parsing import quotes_in
from retrieval.archive import Archive
from tests.bot.web.threads import DATED, keep_threads
from tests.discord import Channel, Person
from tests.discord.fixtures import Loopback

TRUE = "The ferry at Gozdowice crosses at dawn because the current is calm then"

pytestmark = pytest.mark.usefixtures("bobbin")


async def verified(hall: Channel, person: Person, quote: str, **options: Any) -> str:
    return (await (await person.uses(hall, "verify", quote=quote, **options)).reply()).text


async def test_each_result_is_stated_with_the_post_it_is_of(hall: Channel, alice: Person) -> None:
    exact = await verified(hall, alice, TRUE)
    assert "**Exact.**" in exact
    assert f"> {TRUE}" in exact
    assert "The same but for typography" in await verified(hall, alice, f"“{TRUE.upper()}”")
    altered = await verified(hall, alice, TRUE.replace("dawn", "noon"))
    assert "**Altered.**" in altered
    assert "~~noon~~ **dawn**" in altered
    assert "Not in this archive" in await verified(hall, alice, "Carburettors were never mentioned by them")
    assert "Too short" in await verified(hall, alice, "the ferry")
    assert "false" not in exact + altered


async def test_a_claimed_author_is_stated_apart(archive: Archive, hall: Channel, alice: Person) -> None:
    keep_threads(archive, DATED)
    quote = "The ferry crossed at dawn because the current was calm"
    assert "is the one of the archive" in await verified(hall, alice, quote, author="@ada_of_the_oder")
    differs = await verified(hall, alice, quote, author="Bob <@1>")
    assert r"Bob \<\@1\>" in differs
    assert r"@ada\_of\_the\_oder" in differs


async def test_the_quotations_of_a_message_are_checked_one_by_one(hall: Channel, alice: Person) -> None:
    message = await alice.says(
        hall, f"> {TRUE}\n— Ada\nand she also said “A ferryman steers by the stars on the far bank.”"
    )
    reply = await (await alice.points_at(message, "Check the quotes")).reply()
    assert "**Exact.**" in reply.text
    assert r"claimed author, \@Ada, is the one" in reply.text
    message = await alice.says(hall, "She said “A ferryman steers by the stars on the far bank.” and left")
    reply = await (await alice.points_at(message, "Check the quotes")).reply()
    assert "~~stars~~ **poplars**" in reply.text
    message = await alice.says(hall, "🚢")
    reply = await (await alice.points_at(message, "Check the quotes")).reply()
    assert "no text in that message" in reply.text


@pytest.mark.parametrize(
    ("content", "quotes"),
    [
        ("> one\n> two\n\nwhat?", ["one\ntwo"]),
        ("> **one** two", ["one two"]),
        ("> one two\n— Ada Lovelace", ["“one two” — Ada Lovelace"]),
        ("He: “one two” (@ada). She: «three four»", ["“one two” (@ada)", "«three four»"]),
        ('say "one two" now', ['"one two"']),
        ("nothing marked at all", ["nothing marked at all"]),
        ("<@123> ", []),
    ],
)
def test_quotations_are_found_in_messages(content: str, quotes: list[str]) -> None:
    class Message:
        channel = poll = None
        message_snapshots: tuple[object, ...] = ()
        embeds: tuple[object, ...] = ()

    message = Message()
    message.content = content  # type: ignore[attr-defined]
    assert quotes_in(message) == quotes  # type: ignore[arg-type]


async def test_a_private_post_of_another_server_is_not_in_this_archive(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person
) -> None:
    other = loopback.add_guild("Another room")
    place = other.add_channel("general")
    other.add_member(alice)
    keep_threads(archive, DATED, server_id=other.id)
    quote = "The ferry rested on the slip while the ice did the crossing for it."
    assert "**Exact.**" in await verified(place, alice, quote)
    here = await verified(hall, alice, quote)
    assert "**Exact.**" not in here
    assert "oder" not in here
