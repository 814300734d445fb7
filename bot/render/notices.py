"""What Bobbin says itself, in short and plain sentences."""

from discord.ui import LayoutView

from bot.catalogue import ENGLISH, Catalogue
from bot.render.inert import inert, inert_line
from bot.render.layout import CALM, layout, text
from bot.render.limits import clip, units

__all__ = ["explain_itself", "notice"]

_NOTICE = 1_500
_NAME = 80


def notice(sentence: str) -> LayoutView:
    """Return a short sentence of Bobbin's own, shown literally and cut at 1,500 characters."""
    shown = inert(clip(sentence, _NOTICE)).strip()
    return layout([text(shown if units(shown) else "…")], colour=CALM)


def explain_itself(name: str, speech: Catalogue = ENGLISH) -> LayoutView:
    """Return what somebody gets who mentions Bobbin and asks nothing.

    ``name`` is what Bobbin is called where it is said.
    """
    called = inert_line(name, _NAME) or "Bobbin"
    return layout(
        [
            text(f"### {speech.say('notice-hello', name=called)}", speech.say("notice-what-i-do")),
            text(
                speech.say("notice-how-to-ask", menu=speech.say("menu-ask")),
                speech.say("notice-how-to-look-up"),
                speech.say("notice-how-to-learn-more"),
            ),
        ],
        colour=CALM,
    )
