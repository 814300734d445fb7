"""``/verify`` and "Check the quotes": whether posts hold a quotation, word for word."""

from collections.abc import Sequence

import discord
from discord import app_commands

from bot.interactions.access import ASKING, access, everywhere
from bot.interactions.app_client import Interaction, server_in_scope
from bot.interactions.command_translations import translated, translated_options
from bot.interactions.locale import reply_to, translations_of
from bot.interactions.message_parsing import quotes_in
from bot.interactions.responses import acknowledge_as_wished, send_private, show_view
from bot.views.quotes import MOST_QUOTES, checked_quotes
from retrieval.archive import MAX_QUOTE_LENGTH, Archive
from retrieval.model import QuoteCheck

__all__ = ["check_the_quotes", "verify"]

_NAME = 100


@access(ASKING)
@app_commands.command(name=translated("command-verify"), description=translated("command-verify-does"))
@translated_options("command-verify", "quote", "author", "private")
@everywhere
async def verify(
    interaction: Interaction,
    quote: app_commands.Range[str, 1, MAX_QUOTE_LENGTH],
    author: app_commands.Range[str, 1, _NAME] | None = None,
    private: bool | None = None,  # noqa: FBT001 - an option of the command, given by its name
) -> None:
    """Say whether posts hold a quotation, and whether it is by the author it is claimed to be of."""
    with interaction.client.services.at_work():
        await _check(interaction, [quote], author, wish=private)


@access(ASKING)
@app_commands.context_menu(name=translated("menu-verify"))
@everywhere
async def check_the_quotes(interaction: Interaction, message: discord.Message) -> None:
    """Check what a message quotes, for the person who picks the menu; without a quotation, all of it."""
    with interaction.client.services.at_work():
        quotes = quotes_in(message)
        if not quotes:
            own = translations_of(interaction, private=True)
            await send_private(interaction, own.say("quotes-no-quote"))
            return
        await _check(interaction, quotes, None, wish=None)


async def _check(
    interaction: Interaction, quotes: Sequence[str], author: str | None, *, wish: bool | None
) -> None:
    services, server_id = interaction.client.services, server_in_scope(interaction)

    def check(archive: Archive) -> list[QuoteCheck]:
        scope = archive.catalog.scope(server_id)
        return [archive.answers.check_quote(quote, scope, author=author) for quote in quotes[:MOST_QUOTES]]

    private = await acknowledge_as_wished(interaction, wish=wish)
    checks = await services.look(check)
    view = checked_quotes(
        checks,
        reply_to(interaction, private=private),
        left_out=max(0, len(quotes) - MOST_QUOTES),
        page_of=services.page_of(()),
    )
    await show_view(interaction, view)
