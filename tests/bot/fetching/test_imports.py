"""A link imported in the terminal and in Discord: reported, taken back and forgotten like a file."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from click.testing import Result

from bot.client import Bobbin
from bot.fetching import guard
from retrieval.archive import Archive
from tests.bot.cli import commands
from tests.bot.fetching.services import INSTANCE, Mastodon, Web, serving
from tests.discord import Channel
from tests.discord.fixtures import Loopback

LINK = f"https://{INSTANCE}/@ada/1004"
ROOT = f"https://{INSTANCE}/@ada/1000"
MANAGE_SERVER = 1 << 5


def lighthouse() -> Mastodon:
    service = Mastodon()
    service.add_line("ada", [f"The lighthouse keeper counts ship {number} at night." for number in range(25)])
    return service


@pytest.fixture
def service() -> Mastodon:
    return lighthouse()


@pytest_asyncio.fixture
async def served(service: Mastodon, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Web]:
    async with serving(service) as served:
        monkeypatch.setattr(guard, "Network", served.network)
        monkeypatch.setattr(guard, "FetchLimits", lambda: guard_limits)
        yield served


guard_limits = guard.FetchLimits(apart=0.0)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOBBIN_CONTACT", "ada@example.org")
    return tmp_path


async def run(*words: str) -> Result:
    """Run a command in a thread, since it has an event loop of its own, beside that of the service."""
    return await asyncio.to_thread(commands.run, *words)


@pytest.mark.usefixtures("here")
async def test_a_link_is_imported_with_its_whole_thread_and_again_changes_nothing(served: Web) -> None:
    first = await run("import", LINK)
    assert first.exit_code == 0, first.output
    assert first.stdout.startswith(f"{ROOT}: Mastodon API (JSON)")
    assert "posts: 25 new, 0 updated, 0 unchanged" in first.stdout
    assert "posts: 0 new, 0 updated, 25 unchanged" in (await run("import", ROOT)).stdout
    assert any("contact: ada@example.org" in agent for agent in served.agents)
    assert "counts ship 7 at night" in (await run("ask", "ship 7 lighthouse keeper")).stdout
    sources = (await run("sources")).stdout
    assert ROOT in sources


@pytest.mark.usefixtures("here", "served")
async def test_a_thread_that_grew_is_brought_up_to_date(service: Mastodon) -> None:
    await run("import", LINK)
    service.add_line("ada", ["And the lighthouse keeper sleeps."], below="1024", first=1025)
    again = await run("import", LINK)
    assert "posts: 1 new" in again.stdout
    assert "threads: 0 new, 1 updated" in again.stdout


@pytest.mark.usefixtures("here", "served")
async def test_what_cannot_be_fetched_is_an_error_of_that_link_and_the_rest_goes_in(here: Path) -> None:
    (here / "page.txt").write_text("A thread of a page.\n/1\nIt has words.\n/2\n")
    result = await run("import", f"https://{INSTANCE}/@ada/77", "page.txt", "https://x.com/a/status/1", LINK)
    assert result.exit_code == 1
    assert "is no public post, or is gone" in result.stderr
    assert "is of X, which is not fetched; save the page" in result.stderr
    assert "2 files read, 2 not" in result.stdout


@pytest.mark.usefixtures("here", "served")
async def test_a_walk_that_broke_off_is_told_and_completed_later(service: Mastodon) -> None:
    service.failing = lambda path: 503 if path.endswith("/1020/context") else None
    assert "could not be read to its end" in (await run("import", ROOT)).stdout
    assert '"completeness": "fragment"' in (await run("threads", "--json")).stdout
    service.failing = lambda _path: None
    assert "1 updated" in (await run("import", ROOT)).stdout
    assert '"completeness": "complete"' in (await run("threads", "--json")).stdout


@pytest.mark.usefixtures("here", "served")
async def test_a_forgotten_author_does_not_come_back_by_link() -> None:
    await run("import", LINK)
    assert (await run("forget", f"@ada@{INSTANCE}", "--yes")).exit_code == 0
    again = await run("import", LINK)
    assert "threads: 0 new" in again.stdout
    assert "lighthouse" not in (await run("ask", "lighthouse keeper")).stdout


async def test_a_link_is_added_in_discord_for_its_server_alone(
    loopback: Loopback, hall: Channel, bobbin: Bobbin, archive: Archive
) -> None:
    ada = loopback.add_user("ada")
    assert hall.guild is not None
    hall.guild.add_member(ada, MANAGE_SERVER)
    async with serving(lighthouse()) as served:
        bobbin.guard = served.guard()
        first = await (await ada.uses(hall, "archive add", link=LINK)).reply()
        while "25" not in first.text:
            first = await loopback.edited(first)
        assert first.seen_only_by is ada
        for link, why in (
            ("https://127.0.0.1/@a/1", "leads into a private network"),
            ("https://x.com/a/status/1", "which is not fetched"),
            ("what?", "is no address"),
        ):
            refused = await (await ada.uses(hall, "archive add", link=link)).reply()
            assert why in refused.text
            assert refused.seen_only_by is ada
        both = await (await ada.uses(hall, "archive add")).reply()
        assert "one of the two" in both.text
        await bobbin.guard.close()
    (source,) = archive.catalog.uploads(hall.guild.id)
    assert source.name == ROOT
    outside = archive.ask("the lighthouse keeper", archive.catalog.scope(None))
    assert not any("counts ship" in excerpt.post.text for excerpt in outside.excerpts)
