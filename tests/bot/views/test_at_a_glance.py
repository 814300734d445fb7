"""How tall an answer is, measured in SimCord's preview, which draws messages as Discord does."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
import pytest_asyncio
from discord.ui import LayoutView

from bot.i18n import LANGUAGES, translations_for
from bot.views.answers import answer_heading, answer_page
from bot.views.custom_id import AnswerState
from bot.views.layout import Reply
from retrieval.model import Excerpt, Post, Thread
from tests.bot.web.browsers import browsing, needs_browser

simcord: Any = pytest.importorskip("simcord", reason="there is no SimCord; the extra dev brings it")

#: A window of 656 pixels leaves a message 560.
WINDOW = 656
MEASURE = """() => {
  const height = (name) =>
    [...document.querySelectorAll(name)].map((each) => each.getBoundingClientRect().height);
  return {
    width: document.querySelector('.component-container').getBoundingClientRect().width,
    message: height('.component-container')[0],
    quotes: height('.component-container .markdown-blockquote'),
    buttons: document.querySelectorAll('.component-container button').length,
  };
}"""
QUOTE = (
    "The ferry at Gozdowice crosses at dawn because the current is calm then; by noon the wind turns it, and "
    "the ferryman waits for the evening."
)
STATE = AnswerState(7, 0, tuple(range(1, 9)), (9,))


def excerpts() -> list[Excerpt]:
    """Quote three threads with everything known of them, and titles that do not fit a line."""
    found = []
    for number in (1, 2, 3):
        moment = datetime(2024, 9, 20 + number, tzinfo=UTC)
        posts = tuple(
            Post(place, QUOTE, place, url=f"https://posts.example/{number}/{place}", posted_at=moment)
            for place in range(1, 19)
        )
        thread = Thread(posts, author="ada_of_the_oder", title=f"Ferries of the Oder, part {number}")
        found.append(
            Excerpt(posts[6], replace(thread, id=f"{number}" * 12).summary(), 0, len(QUOTE), ((4, 9),))
        )
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def draw() -> AsyncIterator[Any]:
    """Give what sends a message in SimCord and measures its drawing."""
    client = discord.Client(intents=discord.Intents(guilds=True))
    async with browsing() as browser:
        env = simcord.Env(client, settle_timeout=30.0)
        await env.start()
        guild = env.create_guild()
        channel = guild.create_text_channel("hall")
        reader = guild.add_member(env.create_user("reader"))

        async def measured(view: LayoutView) -> dict[str, Any]:
            message = await client.get_channel(channel.id).send(view=view)  # type: ignore[union-attr]
            async with env.preview(
                channel, viewers=[reader], display="fixed", width=WINDOW, height=900
            ) as preview:
                await preview.show(message)
                # SimCord would look for a browser that playwright brought.
                preview._capture_manager._browser = browser
                taken: dict[str, Any] = {}
                status = preview._capture_manager._status

                async def look(page: Any) -> Any:
                    taken.update(await page.evaluate(MEASURE))
                    return await status(page)

                preview._capture_manager._status = look
                await preview.screenshot()
                preview._capture_manager._browser = None
            return taken

        yield measured
        await env.shutdown()


@needs_browser
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("place", "language"), list(zip(("mention", "command", "private"), LANGUAGES, strict=True))
)
async def test_three_quotes_have_240_pixels_around_them_and_seven_buttons(
    draw: Any, language: str, place: str
) -> None:
    reply = Reply(7, private=place == "private", translations=translations_for(language))
    heading = "" if place == "mention" else answer_heading("Why does the ferry cross at dawn?", (), reply)
    view = answer_page(excerpts(), reply, heading=heading, state=replace(STATE, page=1), pages=3)
    shown = await draw(view)
    assert shown["width"] == pytest.approx(560, abs=8)
    assert len(shown["quotes"]) == 3
    assert shown["message"] - sum(shown["quotes"]) <= 240
    assert shown["buttons"] == 7
