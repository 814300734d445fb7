"""What Bobbin says itself, in short and plain sentences."""

import re

from discord.ui import LayoutView

from bot.i18n import ENGLISH, Translations
from bot.views.escape import escape, escape_line
from bot.views.layout import CALM, layout, text
from bot.views.limits import clip, units

__all__ = ["explain_itself", "notice"]

_NOTICE = 1_500
_NAME = 80
#: The name of a command between backticks, as the escape left it.
_COMMAND = re.compile(r"\\`\\/([\w ]+(?:\\-\w+)?)\\`")


def notice(sentence: str) -> LayoutView:
    """Return a short sentence of Bobbin's own, shown literally but for commands, cut at 1,500 characters."""
    shown = _COMMAND.sub(r"`/\1`", escape(clip(sentence, _NOTICE)).strip())
    return layout([text(shown if units(shown) else "…")], colour=CALM)


def explain_itself(name: str, translations: Translations = ENGLISH) -> LayoutView:
    """Return the introduction for a person who mentions Bobbin and asks nothing.

    ``name`` is Bobbin's name in that place.
    """
    called = escape_line(name, _NAME) or "Bobbin"
    return layout(
        [
            text(
                f"### {translations.say('notice-hello', name=called)}", translations.say("notice-what-i-do")
            ),
            text(
                translations.say("notice-how-to-ask", menu=translations.say("menu-ask")),
                translations.say("notice-how-to-look-up"),
                translations.say("notice-how-to-learn-more"),
            ),
        ],
        colour=CALM,
    )
