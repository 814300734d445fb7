"""``/trend``: how often words were posted about by month, as a picture."""

import asyncio

from discord import app_commands

from bot.charts import drawn_png, run_of_months
from bot.commands.access import READING, access
from bot.commands.desk import AnyInteraction, desk_of, server_of
from bot.commands.naming import named
from bot.commands.replies import acknowledge_as_wished, show, tell
from bot.commands.speech import speech_of
from bot.render.trend import PICTURE, trend_view

__all__ = ["trend"]

_LONGEST = 100


@access(READING)
@app_commands.command(name=named("command-trend"), description=named("command-trend-does"))
@app_commands.rename(words=named("command-trend-words"), private=named("option-private"))
@app_commands.describe(words=named("command-trend-words-is"), private=named("command-trend-private-is"))
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def trend(
    interaction: AnyInteraction,
    words: app_commands.Range[str, 1, _LONGEST],
    private: bool | None = None,  # noqa: FBT001 - an option of the command, given by its name
) -> None:
    """Show in how many posts of each month the words stand, out of what may be seen here."""
    desk, server_id = desk_of(interaction), server_of(interaction)
    with desk.at_work():
        hidden = await acknowledge_as_wished(interaction, wish=private)
        speech = speech_of(interaction, private=hidden)
        counts = await desk.look(lambda archive: archive.months(words, archive.scope(server_id)))
        undated = counts.pop(None, 0)
        dated = {month: count for month, count in counts.items() if month is not None}
        if not dated:
            said = speech.say("trend-undated", count=undated) if undated else speech.say("trend-none")
            await tell(interaction, said)
            return
        picture = await asyncio.to_thread(drawn_png, run_of_months(dated))
        view = trend_view(words, sum(dated.values()), undated, speech)
        await show(interaction, view, attached={PICTURE: picture})
