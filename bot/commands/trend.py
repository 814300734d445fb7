"""``/trend``: how often words were posted about by month, as a picture."""

import asyncio

from discord import app_commands

from bot.charts import drawn_png, run_of_months
from bot.interactions.access import READING, access, everywhere
from bot.interactions.app_client import Interaction, server_in_scope
from bot.interactions.command_translations import translated, translated_options
from bot.interactions.locale import translations_of
from bot.interactions.responses import acknowledge_as_wished, begun, send_private, show_view
from bot.views.trend import PICTURE, trend_view
from retrieval.archive import Archive
from retrieval.model import Scope, Uncounted

__all__ = ["trend"]

_LONGEST = 100


@access(READING)
@app_commands.command(name=translated("command-trend"), description=translated("command-trend-does"))
@translated_options("command-trend", "words", "private")
@everywhere
async def trend(
    interaction: Interaction,
    words: app_commands.Range[str, 1, _LONGEST],
    private: bool | None = None,  # noqa: FBT001 - an option of the command, given by its name
) -> None:
    """Show in how many posts of each month the words stand, out of what may be seen here."""
    services, server_id = interaction.client.services, server_in_scope(interaction)
    with services.at_work():
        counting = await begun(
            services.look(lambda archive: _counted(archive, words, archive.catalog.scope(server_id)))
        )
        dead_end = counting.done() and not any(month for month in counting.result()[0])
        hidden = await acknowledge_as_wished(interaction, wish=True if dead_end else private)
        translations = translations_of(interaction, private=hidden)
        counts, uncounted = await counting
        undated = counts.pop(None, 0)
        dated = {month: count for month, count in counts.items() if month is not None}
        if not dated:
            sentence = (
                translations.say("trend-undated", count=undated)
                if undated
                else translations.say(f"trend-{uncounted or 'none'}")
            )
            await send_private(interaction, sentence)
            return
        picture = await asyncio.to_thread(drawn_png, run_of_months(dated))
        view = trend_view(words, sum(dated.values()), undated, translations)
        await show_view(interaction, view, attached={PICTURE: picture})


def _counted(archive: Archive, words: str, scope: Scope) -> tuple[dict[str | None, int], Uncounted | None]:
    """Return the counts by month, or why there are none."""
    uncounted = archive.answers.uncounted(words, scope)
    return ({} if uncounted else archive.answers.months(words, scope)), uncounted
