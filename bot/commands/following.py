"""``/archive follow``, ``unfollow``, ``following``: authors whose threads come to a server by themselves."""

import asyncio
from typing import Final

from discord import app_commands
from discord.app_commands import Choice

from bot.commands.archive import archive, complete_collection
from bot.fetching.errors import FetchError
from bot.fetching.schedule import BACKLOG
from bot.interactions.access import MANAGING, access
from bot.interactions.app_client import Interaction
from bot.interactions.command_translations import translated, translated_options
from bot.interactions.errors import log_error
from bot.interactions.locale import own_translations
from bot.interactions.responses import acknowledge, send_private_view, show_view
from bot.servers.follow_store import Place
from bot.servers.following import FollowRefusedError, find_followed
from bot.views.escape import escape_line
from bot.views.following import following_lines, following_view
from bot.views.layout import lines_view
from bot.views.limits import CHOICE_NAME, CHOICES, clip
from bot.views.uploads import bold_name

__all__ = ["follow", "followed_lines", "following", "unfollow"]

_AUTHOR: Final = 300
_COLLECTION: Final = 40
_REASON: Final = 300


@access(MANAGING)
@archive.command(
    name=translated("command-archive-follow"), description=translated("command-archive-follow-does")
)
@translated_options("command-archive-follow", "author", "collection", group="command-archive")
async def follow(
    interaction: Interaction,
    author: app_commands.Range[str, 1, _AUTHOR],
    collection: app_commands.Range[str, 1, _COLLECTION] = "main",
) -> None:
    """Follow an author into one of the server's own collections."""
    client, translations = interaction.client, own_translations(interaction)
    with client.services.at_work():
        await acknowledge(interaction, private=True)
        place = Place(interaction.guild_id, collection.strip() or "main")
        try:
            account, new = await client.following.follow(author.strip(), place)
        except FetchError as error:
            sentence = translations.say(
                "follow-failed", name=bold_name(author), reason=escape_line(str(error), _REASON)
            )
            await send_private_view(interaction, lines_view(sentence))
            return
        except FollowRefusedError as error:
            await send_private_view(
                interaction, lines_view(translations.say(f"follow-most-{error.bound}", most=error.most))
            )
            return
        key = "follow-begun" if new else "follow-already"
        name, into = bold_name(account.handle), bold_name(place.collection)
        await send_private_view(
            interaction, lines_view(translations.say(key, name=name, collection=into, most=BACKLOG))
        )


@access(MANAGING)
@archive.command(
    name=translated("command-archive-unfollow"), description=translated("command-archive-unfollow-does")
)
@translated_options("command-archive-unfollow", "author", group="command-archive")
async def unfollow(interaction: Interaction, author: app_commands.Range[str, 1, _AUTHOR]) -> None:
    """End a follow of the server."""
    client, translations = interaction.client, own_translations(interaction)
    with client.services.at_work():
        await acknowledge(interaction, private=True)
        store = client.following.store
        known = await asyncio.to_thread(store.following, interaction.guild_id)
        ended = find_followed(known, author)
        if not ended:
            await send_private_view(
                interaction, lines_view(translations.say("follow-unknown", name=bold_name(author)))
            )
            return
        for one in ended:
            await asyncio.to_thread(store.remove, one.follow.id)
        name = bold_name(ended[0].account.handle)
        await send_private_view(interaction, lines_view(translations.say("follow-ended", name=name)))


@access(MANAGING)
@archive.command(
    name=translated("command-archive-following"), description=translated("command-archive-following-does")
)
async def following(interaction: Interaction) -> None:
    """List whom the server follows, and how that goes."""
    with interaction.client.services.at_work():
        await acknowledge(interaction, private=True)
        known = await asyncio.to_thread(interaction.client.following.store.following, interaction.guild_id)
        await show_view(interaction, following_view(known, own_translations(interaction)))


async def followed_lines(interaction: Interaction) -> list[str]:
    """Return what the state of a digest says of the authors whose threads its server sees."""
    known = await asyncio.to_thread(interaction.client.following.serving, interaction.guild_id)
    return following_lines(known, own_translations(interaction))


@unfollow.autocomplete("author")
async def _complete_author(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer the authors that the server follows."""
    wanted = typed.strip().removeprefix("@").casefold()
    try:
        known = await asyncio.to_thread(interaction.client.following.store.following, interaction.guild_id)
    except Exception as error:  # noqa: BLE001 - a completion that fails offers nothing
        log_error(error, "completion")
        return []
    handles = [one.account.handle for one in known if wanted in one.account.handle.casefold()]
    return [
        Choice(name=clip(handle, CHOICE_NAME), value=clip(handle, CHOICE_NAME))
        for handle in handles[:CHOICES]
    ]


follow.autocomplete("collection")(complete_collection)
