"""From a digest in Discord to its page, over the loopback Discord and the pages as they are served."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from selectolax.lexbor import LexborHTMLParser
from sqlite_utils import Migrations

from bot.client import Bobbin
from bot.database import ServerFile
from bot.digest.editions import Edition, Editions
from bot.digest.tables import m001_digests, m002_several
from bot.settings import Settings
from bot.web.app import make_app
from bot.web.runner import site_of
from bot.web.server import serving
from bot.web.signing import signing_key
from retrieval.archive import Archive
from tests.bot.archives import fill, keep
from tests.bot.commands.test_digest import BEES, Clock, admin, clock, digest, posted, set_up, tick
from tests.bot.conftest import running
from tests.discord import Channel, Person
from tests.discord.fixtures import Loopback

__all__ = ["admin", "clock"]

PUBLIC = "https://threads.example.org"
OWN = "The keeper of this server counts the lamps on the pier each night.\n/1\nThere are nine.\n/END\n"
MORNING = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)


@pytest_asyncio.fixture
async def bobbin(
    loopback: Loopback, archive: Archive, settings: Settings, clock: Clock, hall: Channel
) -> AsyncIterator[Bobbin]:
    assert hall.guild
    public = replace(settings, public_url=PUBLIC)
    async with running(Bobbin(archive, public, ready_timeout=0.01, now=clock), loopback) as client:
        client.digests.scheduler.stop()
        yield client


def link_in(text: str) -> str:
    found = re.search(rf"\]\({PUBLIC}(/d/[^)]+)\)", text)
    assert found
    return found[1]


async def opened(archive: Archive, settings: Settings, path: str) -> tuple[int, str]:
    with ServerFile.open(settings.servers) as file:
        site = site_of(archive, settings, signing_key(file))
    async with (
        serving(make_app(site), "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as reply,
    ):
        return reply.status, await reply.text()


async def test_a_digest_leads_to_its_page_which_shows_what_it_showed(  # noqa: PLR0917
    bobbin: Bobbin, archive: Archive, settings: Settings, admin: Person, hall: Channel, clock: Clock
) -> None:
    assert hall.guild
    await set_up(admin, hall)
    fill(archive, bees=BEES)
    keep(archive, "lamps on the pier", OWN, server_id=hall.guild.id)
    preview = await (await admin.uses(hall, "digest preview")).final()
    clock.now = MORNING
    assert await tick(bobbin) == 1
    path = link_in(posted(hall)[0])
    assert link_in(preview.messages[0].text) == path
    status, body = await opened(archive, settings, path)
    page = LexborHTMLParser(body)
    assert status == 200
    shown = posted(hall)[0].replace("**", "").replace("\\", "")
    quotes = [one.text().strip("… \n").split("\n")[0] for one in page.css("blockquote")]
    assert len(quotes) >= 2
    assert all(quote[:40] in shown for quote in quotes)
    assert "counts the lamps on the pier" in body
    await digest(admin, hall, "off")
    assert (await opened(archive, settings, path))[0] == 200  # the digest ended, its pages stay
    assert (await opened(archive, settings, path[:-1] + "9"))[0] == 404


async def test_days_without_a_digest_have_no_page(
    bobbin: Bobbin, archive: Archive, admin: Person, hall: Channel, clock: Clock
) -> None:
    assert hall.guild
    await set_up(admin, hall, content="news")
    clock.now = MORNING
    await tick(bobbin)
    fill(archive, bees=BEES)
    clock.now += timedelta(days=1)
    await tick(bobbin)
    editions = Editions(bobbin.server_file).latest(hall.guild.id, 0, limit=10)
    assert [one.day.isoformat() for one in editions] == ["2026-11-24"]


@pytest.mark.parametrize("later", [timedelta(minutes=5), timedelta(days=1)])
async def test_a_digest_whose_process_died_before_recording_it_has_its_page_once(  # noqa: PLR0917
    bobbin: Bobbin,
    archive: Archive,
    admin: Person,
    hall: Channel,
    clock: Clock,
    later: timedelta,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_: object) -> None:
        raise OSError("killed")

    assert hall.guild
    present = datetime.now(UTC).replace(second=0, microsecond=0)  # which the loopback's messages are of
    clock.now = present - timedelta(days=1)
    await set_up(admin, hall, timezone="UTC", at=f"{clock.now:%H:%M}")
    await digest(admin, hall, "now")
    fill(archive, bees=BEES)
    (first,) = Editions(bobbin.server_file).latest(hall.guild.id, 0, limit=10)
    clock.now = present
    with monkeypatch.context() as killing:
        killing.setattr(bobbin.digests.ledger, "finish", die)
        await tick(bobbin)
    assert Editions(bobbin.server_file).latest(hall.guild.id, 0, limit=10) == [first]
    clock.now += later
    await tick(bobbin)
    editions = Editions(bobbin.server_file).latest(hall.guild.id, 0, limit=10)
    second = next(one for one in editions if one.day == first.day + timedelta(days=1))
    assert [one.day for one in editions].count(second.day) == 1
    known = [archive.catalog.thread(one, archive.catalog.scope()) for one in second.new]
    assert ["waggle" in one.posts[0].text for one in known] == [True]
    assert len(posted(hall)) == len(editions) == (2 if later < timedelta(days=1) else 3)


async def test_without_a_public_address_there_is_no_link(  # noqa: PLR0917
    loopback: Loopback, archive: Archive, settings: Settings, clock: Clock, admin: Person, hall: Channel
) -> None:
    async with running(Bobbin(archive, settings, ready_timeout=0.01, now=clock), loopback) as client:
        client.digests.scheduler.stop()
        await set_up(admin, hall)
        clock.now = MORNING
        await tick(client)
        assert "/d/" not in posted(hall)[0]


def test_digests_of_an_earlier_version_have_pages_of_what_is_known_of_them(tmp_path: Path) -> None:
    with ServerFile.open(tmp_path / "servers.db") as file:
        before = Migrations("digest")
        before(name="m001_digests")(m001_digests)
        before(name="m002_several")(m002_several)
        file.bring_up(before)
        with file.changing() as db:
            for day, state, feature in (
                ("2026-11-21", "posted", "f1"),
                ("2026-11-22", "quiet", None),
                ("2026-11-23", "posted", "f2 f3"),
                ("2026-11-24", "posted", None),
                ("2026-11-25", "claimed", "f4"),
            ):
                db.execute(
                    "insert into digests"
                    " values ('7', 2, ?, ?, 'us', ?, ?, 0, '77', null, 'archive', 8, 10, ?, '5')",
                    [day, state, f"{day}T09:00:00.000000+00:00", f"{day}T09:02:00.000000+00:00", feature],
                )
            for thread, date in (("n1", 21), ("f1", 21), ("n2", 23), ("f3", 23)):
                db.execute("insert into digest_shown values ('7', 2, ?, ?)", [thread, f"2026-11-{date}"])
    with ServerFile.open(tmp_path / "servers.db") as file:
        editions = Editions(file).latest(7, 2, limit=10)

    def known(day: int, **threads: tuple[str, ...]) -> Edition:
        moment = datetime(2026, 11, day, 9, tzinfo=UTC)
        return Edition(7, 2, moment.date(), "", moment, **threads)  # type: ignore[arg-type]

    assert editions == [
        known(24),
        known(23, new=("n2",), archive=("f2", "f3")),
        known(21, new=("n1",), archive=("f1",)),
    ]
