"""``/when``: the first post that says some words, each author's first, and the months as a picture."""

import pytest

from retrieval.archive import Archive
from tests.bot.web.threads import DATED, keep_threads
from tests.discord import Channel, Person
from tests.discord.fixtures import Loopback


@pytest.mark.usefixtures("bobbin")
async def test_the_first_comes_with_the_months_the_undated_and_what_is_covered(
    archive: Archive, hall: Channel, alice: Person
) -> None:
    keep_threads(archive, DATED)
    reply = await (await alice.uses(hall, "when", words="the ferry")).reply()
    assert "The first in this archive" in reply.text
    assert r"@ada\_of\_the\_oder" in reply.text
    assert "have no known date, so any may be earlier" in reply.text
    assert "This archive covers" in reply.text
    (attachment,) = reply.attachments
    assert attachment["filename"] == "trend.png"


@pytest.mark.usefixtures("bobbin")
async def test_nothing_is_stated_in_private_and_another_server_sees_nothing(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person
) -> None:
    other = loopback.add_guild("Another room")
    place = other.add_channel("general")
    other.add_member(alice)
    keep_threads(archive, DATED, server_id=other.id)
    there = await (await alice.uses(place, "when", words="the ice did the crossing for it")).reply()
    assert "The first in this archive" in there.text
    here = await (await alice.uses(hall, "when", words="the ice did the crossing for it")).reply()
    assert "No post of this archive says" in here.text
    assert "No post of this archive has a known date" in here.text


@pytest.mark.usefixtures("bobbin")
async def test_an_author_is_shown_then_and_now(archive: Archive, hall: Channel, alice: Person) -> None:
    keep_threads(archive, DATED)
    reply = await (await alice.uses(hall, "when", words="ferry log", author="ada_of_the_oder")).reply()
    then, now = reply.text.split("### Now")
    assert "### Then" in then
    assert "2019" in then
    assert "2023" in now
    nothing = await (await alice.uses(hall, "when", words="ferry", author="@nobody")).reply()
    assert "No post by" in nothing.text
