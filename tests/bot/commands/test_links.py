"""From a quote in Discord to the page of its thread, with the question's words highlighted."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import aiohttp
import pytest
import pytest_asyncio
from selectolax.lexbor import LexborHTMLParser

from bot.client import Bobbin
from bot.database import ServerFile
from bot.settings import Settings
from bot.web.app import make_app
from bot.web.runner import site_of
from bot.web.server import serving
from bot.web.signing import signing_key
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from tests.bot.archives import keep
from tests.bot.conftest import running
from tests.discord import Channel, Person, SeenMessage
from tests.discord.fixtures import Loopback

PUBLIC = "https://threads.example.org"
QUESTION = "Why does the ferry cross at dawn?"
BEES = "The waggle dance tells the bees where the linden blooms.\n/1\nSo they fly to the linden.\n/END\n"


@pytest_asyncio.fixture
async def linked(
    loopback: Loopback,
    archive: Archive,
    settings: Settings,
    hall: Channel,  # noqa: ARG001 - the hall is there first
) -> AsyncIterator[Bobbin]:
    public = replace(settings, public_url=PUBLIC)
    async with running(Bobbin(archive, public, ready_timeout=0.01), loopback) as client:
        yield client


def links(message: SeenMessage) -> list[str]:
    """Return the addresses that a message's text leads to."""
    return [found[1] for found in re.finditer(r"\]\(<?(https?://[^)>\s]+)", message.text)]


async def opened(
    archive: Archive, settings: Settings, link: str, *, later: timedelta = timedelta()
) -> tuple[int, str]:
    """Open a link where the pages are really served; return the status and the page."""
    with ServerFile.open(settings.servers) as file:
        site = site_of(archive, settings, signing_key(file))
    moved = site if not later else type(site)(archive, site.key, now=lambda: datetime.now(UTC) + later)
    path = link.removeprefix(PUBLIC).partition("#")[0]
    async with (
        serving(make_app(moved), "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as reply,
    ):
        return reply.status, await reply.text()


@pytest.mark.usefixtures("linked")
async def test_a_quote_leads_to_its_post_with_the_words_highlighted_and_no_word_in_the_address(
    archive: Archive, settings: Settings, hall: Channel, alice: Person
) -> None:
    answer = await (await alice.uses(hall, "ask", question=QUESTION)).reply()
    link = links(answer)[0]
    assert link.startswith(f"{PUBLIC}/t/")
    assert not [word for word in ("ferry", "dawn", "cross") if word in link]
    ordinal = int(urlsplit(link).fragment)
    status, text = await opened(archive, settings, link)
    page = LexborHTMLParser(text)
    assert status == 200
    post = page.css_first(f'li[id="{ordinal}"]')
    assert post is not None
    assert {"cross", "dawn"} <= {mark.text() for mark in post.css("mark")}


@pytest.mark.usefixtures("linked")
async def test_the_post_s_own_address_comes_first_and_the_page_before_the_thread_s(
    archive: Archive, hall: Channel, alice: Person
) -> None:
    known = SavedFile("bees.txt", BEES.encode(), url="https://posts.example/bees")
    assert archive.import_file(known).error is None
    (thread,) = [one for one in archive.catalog.threads(archive.catalog.scope()) if one.url]
    first = archive.catalog.thread(thread.id, archive.catalog.scope()).posts[0]
    answer = await (
        await alice.uses(hall, "ask", question="What tells the bees where the linden blooms?")
    ).reply()
    expected = first.url or f"{PUBLIC}/t/{thread.id}"
    assert links(answer)[0].startswith(expected)


@pytest.mark.usefixtures("linked")
async def test_a_turned_page_has_links_too(hall: Channel, alice: Person) -> None:
    use = await alice.uses(hall, "ask", question="ferry current")
    answer = await use.reply()
    turned = await (await alice.presses(answer, "More")).reply()
    assert links(turned)
    assert all("?m=" in link for link in links(turned))


@pytest.mark.usefixtures("linked")
async def test_a_server_s_own_thread_is_linked_by_an_address_that_expires(
    archive: Archive, settings: Settings, hall: Channel, alice: Person
) -> None:
    assert hall.guild is not None
    keep(archive, "bees", BEES, server_id=hall.guild.id)
    answer = await (
        await alice.uses(hall, "ask", question="What tells the bees where the linden blooms?")
    ).reply()
    link = links(answer)[0]
    assert link.startswith(f"{PUBLIC}/s/")
    assert (await opened(archive, settings, link))[0] == 200
    assert (await opened(archive, settings, link, later=timedelta(hours=25)))[0] == 404
    assert (await opened(archive, settings, link.replace("/s/", "/s/A")))[0] == 404


@pytest.mark.usefixtures("bobbin")
async def test_without_a_public_address_there_is_no_link_to_a_page(hall: Channel, alice: Person) -> None:
    assert links(await (await alice.uses(hall, "ask", question=QUESTION)).reply()) == []
