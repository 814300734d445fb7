"""What Bobbin says itself, in short and plain sentences."""

from discord.ui import LayoutView

from bot.render.inert import inert, inert_line
from bot.render.layout import CALM, layout, text
from bot.render.limits import clip, units

__all__ = ["EXPIRED", "FAILED", "GONE", "NOT_YOURS", "explain_itself", "notice"]

EXPIRED = "This button no longer works. Ask again and you get fresh ones."
NOT_YOURS = "Only the person who asked can turn these pages. Ask me yourself and you get your own."
GONE = "That is no longer in the archive, so I cannot show it."
FAILED = "Something went wrong on my side. It has been written down; please try again in a moment."

_NOTICE = 1_500
_NAME = 80


def notice(sentence: str) -> LayoutView:
    """Return a short sentence of Bobbin's own, shown literally and cut at 1,500 characters."""
    shown = inert(clip(sentence, _NOTICE)).strip()
    return layout([text(shown if units(shown) else "…")], colour=CALM)


def explain_itself(name: str) -> LayoutView:
    """Return what somebody gets who mentions Bobbin and asks nothing.

    ``name`` is what Bobbin is called where it is said.
    """
    called = inert_line(name, _NAME) or "Bobbin"
    return layout(
        [
            text(
                f"### Hello, I am {called}",
                "I keep an archive of threads. Ask me something and I look for the posts that answer it and"
                " quote them word for word, each with a way to the full thread. I make nothing up: where the"
                " archive has no answer, I say so.",
            ),
            text(
                "**Ask:** mention me with your question, reply to me, write me a direct message, or use"
                " `/ask`. On any message, choose Apps › Ask the threads.",
                "**Look up:** `/thread` shows a thread in full.",
                "**More:** `/help` answers questions about me.",
            ),
        ],
        colour=CALM,
    )
