"""``/help``: what Bobbin does, or an answer from its handbook."""

import time

from discord import app_commands

from bot.commands.access import EVERYONE, access
from bot.commands.ask import answer_view, log_answer
from bot.commands.desk import AnyInteraction, desk_of, server_of
from bot.commands.naming import named
from bot.commands.question import LONGEST
from bot.commands.replies import acknowledge, show
from bot.commands.speech import speech_of
from bot.render.notices import explain_itself

__all__ = ["help_"]


@access(EVERYONE)
@app_commands.command(name=named("command-help"), description=named("command-help-does"))
@app_commands.rename(question=named("command-help-question"))
@app_commands.describe(question=named("command-help-question-is"))
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def help_(
    interaction: AnyInteraction, question: app_commands.Range[str, 1, LONGEST] | None = None
) -> None:
    """Explain Bobbin to whoever asks, privately."""
    started, desk = time.perf_counter(), desk_of(interaction)
    speech = speech_of(interaction, private=True)
    with desk.at_work():
        await acknowledge(interaction, private=True)
        if not question or not question.strip():
            me = interaction.guild.me if interaction.guild else interaction.client.user
            await show(interaction, explain_itself(me.display_name if me else "Bobbin", speech))
            return
        found = await desk.ask_handbook(question.strip())
        view = answer_view(
            desk,
            found,
            server_id=server_of(interaction),
            asker=interaction.user.id,
            question=question.strip(),
            private=True,
            speech=speech,
        )
        await show(interaction, view)
        log_answer(desk, "help", started, found, server_of(interaction))
