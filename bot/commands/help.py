"""``/help``: what Bobbin does, or an answer from its handbook."""

import time

from discord import app_commands

from bot.commands.ask import answer_view, log_answer
from bot.interactions.access import EVERYONE, access, everywhere
from bot.interactions.app_client import Interaction, server_in_scope
from bot.interactions.command_translations import translated, translated_options
from bot.interactions.locale import reply_to, translations_of
from bot.interactions.message_parsing import MAX_QUESTION_LENGTH, own_names
from bot.interactions.responses import acknowledge, show_view
from bot.views.notices import explain_itself

__all__ = ["help_"]


@access(EVERYONE)
@app_commands.command(name=translated("command-help"), description=translated("command-help-does"))
@translated_options("command-help", "question")
@everywhere
async def help_(
    interaction: Interaction, question: app_commands.Range[str, 1, MAX_QUESTION_LENGTH] | None = None
) -> None:
    """Explain Bobbin to the person who asks, privately."""
    started, services = time.perf_counter(), interaction.client.services
    translations = translations_of(interaction, private=True)
    with services.at_work():
        await acknowledge(interaction, private=True)
        if not question or not question.strip():
            name = own_names(interaction.client, interaction.guild)[0]
            await show_view(interaction, explain_itself(name, translations))
            return
        found = await services.ask_handbook(question.strip())
        reply = reply_to(interaction, private=True)
        view = answer_view(
            services, found, reply, server_id=server_in_scope(interaction), question=question.strip()
        )
        await show_view(interaction, view)
        log_answer(services, "help", started, found, server_in_scope(interaction))
