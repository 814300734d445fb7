"""``/privacy``: what Bobbin keeps of whom, and being forgotten."""

import asyncio

from discord import app_commands

from bot.commands.access import EVERYONE, access
from bot.commands.admin import keeper_of
from bot.commands.desk import AnyInteraction, desk_of, server_of
from bot.commands.naming import named
from bot.commands.replies import acknowledge, show
from bot.commands.speech import own_speech
from bot.privacy.forgetting import forget_account
from bot.render.privacy import forgotten, privacy_text

__all__ = ["privacy"]


@access(EVERYONE)
@app_commands.command(name=named("command-privacy"), description=named("command-privacy-does"))
@app_commands.rename(forget_me=named("command-privacy-forget"))
@app_commands.describe(forget_me=named("command-privacy-forget-is"))
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def privacy(
    interaction: AnyInteraction,
    forget_me: bool = False,  # noqa: FBT001, FBT002 - an option of the command, given by its name
) -> None:
    """Tell what is kept, or forget the person who asks; to them alone."""
    keeper, person = keeper_of(interaction), interaction.user.id
    with desk_of(interaction).at_work():
        await acknowledge(interaction, private=True)
        if not forget_me:
            unanswered = keeper.servers.of(server_of(interaction)).unanswered
            await show(interaction, privacy_text(own_speech(interaction), unanswered=unanswered))
            return
        speech = own_speech(interaction)
        questions = keeper.gate.forget_person(person)
        keeper.desk.locales.forget(person)
        await asyncio.to_thread(forget_account, keeper.server_file, person)
        await show(interaction, forgotten(questions, speech))
