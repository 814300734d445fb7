"""``/when``: who said some words first, the first of each author, and how often by month."""

import asyncio

from discord import app_commands

from bot.charts import drawn_png, run_of_months
from bot.interactions.access import ASKING, access, everywhere
from bot.interactions.app_client import Interaction, server_in_scope
from bot.interactions.command_translations import translated, translated_options
from bot.interactions.locale import reply_to
from bot.interactions.responses import acknowledge_as_wished, begun, show_view
from bot.views.trend import PICTURE
from bot.views.when import first_mention_view, then_and_now_view
from retrieval.archive import MAX_WORDS_LENGTH

__all__ = ["when"]

_NAME = 100


@access(ASKING)
@app_commands.command(name=translated("command-when"), description=translated("command-when-does"))
@translated_options("command-when", "words", "author", "private")
@everywhere
async def when(
    interaction: Interaction,
    words: app_commands.Range[str, 1, MAX_WORDS_LENGTH],
    author: app_commands.Range[str, 1, _NAME] | None = None,
    private: bool | None = None,  # noqa: FBT001 - an option of the command, given by its name
) -> None:
    """Show the first post that says the words, out of what may be seen here, and what the archive covers."""
    services, server_id = interaction.client.services, server_in_scope(interaction)
    with services.at_work():
        if author is not None:
            await _then_and_now(interaction, words, author, wish=private)
            return
        looking = await begun(
            services.look(
                lambda archive: archive.answers.first_mention(words, archive.catalog.scope(server_id))
            )
        )
        dead_end = looking.done() and not looking.result().mentions
        hidden = await acknowledge_as_wished(interaction, wish=True if dead_end else private)
        found = await looking
        counts = {month: len(posts) for month, posts in found.months().items()}
        view = first_mention_view(
            found,
            reply_to(interaction, private=hidden),
            page_of=services.page_of(()),
            all_of_them=services.page_of_words(words),
        )
        if counts:
            picture = await asyncio.to_thread(drawn_png, run_of_months(counts))
            await show_view(interaction, view, attached={PICTURE: picture})
        else:
            await show_view(interaction, view)


async def _then_and_now(interaction: Interaction, words: str, author: str, *, wish: bool | None) -> None:
    """Show an author's earliest and latest posts on a subject; none is said in private."""
    services, server_id = interaction.client.services, server_in_scope(interaction)
    looking = await begun(
        services.look(
            lambda archive: archive.answers.then_and_now(author, words, archive.catalog.scope(server_id))
        )
    )
    dead_end = looking.done() and not looking.result().total
    private = await acknowledge_as_wished(interaction, wish=True if dead_end else wish)
    view = then_and_now_view(
        await looking, reply_to(interaction, private=private), page_of=services.page_of(())
    )
    await show_view(interaction, view)
