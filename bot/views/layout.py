"""Putting parts into a message: a view that outlives the process and stays within the limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from discord import Colour
from discord.ui import ActionRow, Button, Container, Item, LayoutView, Section, Separator, TextDisplay

from bot.i18n import ENGLISH, Translations, Value
from bot.views.limits import ROW_BUTTONS

__all__ = [
    "ASIDE",
    "BOBBIN",
    "CALM",
    "Part",
    "Reply",
    "date",
    "layout",
    "lines_view",
    "row",
    "section",
    "separator",
    "share_out",
    "stopped",
    "text",
]

Part = Item[LayoutView]


@dataclass(frozen=True, slots=True)
class Reply:
    """For whom a message is, and in which language.

    ``reader`` is the user who may turn its pages, and remove it where it is not ``private``; 0 is anyone
    and no one.
    """

    reader: int = 0
    private: bool = True
    translations: Translations = ENGLISH

    def say(self, key: str, /, **values: Value) -> str:
        """Return a sentence in the message's language; raises as :meth:`Translations.say` does."""
        return self.translations.say(key, **values)


BOBBIN = Colour(0xB5543A)
"""The stripe beside what the archive says."""
ASIDE = "-# "
"""What opens a line of small print."""
CALM = Colour(0x8A8F98)
"""The stripe beside what Bobbin says itself."""


def layout(parts: Sequence[Part], *, colour: Colour = BOBBIN, number: int | None = None) -> LayoutView:
    """Return the parts in one container as a view without a timeout.

    ``number`` is a number of the container's own, by which the message is known again.
    The view is already stopped: discord.py would otherwise keep each one in memory for good, though
    its buttons are dispatched by their custom_ids alone.
    """
    view = LayoutView(timeout=None)
    view.add_item(Container[Any](*parts, accent_colour=colour, id=number))
    view.stop()
    return view


def stopped(view: LayoutView) -> LayoutView:
    """Return the view, stopped; one that was made in a thread cannot be, so its parts get a new one."""
    if not view.is_finished():
        view.stop()
    if view.is_finished():
        return view
    own = LayoutView(timeout=None)
    for item in view.children:
        own.add_item(item)
    own.stop()
    return own


def text(*lines: str) -> TextDisplay[LayoutView]:
    """Return the lines, of which the empty ones are left out, as one piece of text."""
    return TextDisplay("\n".join(entry for entry in lines if entry))


def lines_view(*lines: str) -> LayoutView:
    """Return lines of Bobbin's own, whose values were made inert, as a message."""
    return layout([text(*lines)], colour=CALM)


def separator() -> Separator[LayoutView]:
    """Return a thin line between two things."""
    return Separator()


def row(*buttons: Button[Any] | None) -> ActionRow[LayoutView]:
    """Return the buttons that are there beside each other. Raises ``ValueError`` for more than five."""
    there = [button for button in buttons if button is not None]
    if not 1 <= len(there) <= ROW_BUTTONS:
        raise ValueError(f"a row holds 1 to {ROW_BUTTONS} buttons, not {len(there)}")
    return ActionRow(*there)


def section(shown: TextDisplay[LayoutView], button: Button[Any] | None) -> Part:
    """Return the text with a button beside it, or the text alone where there is no button."""
    return shown if button is None else Section(shown, accessory=button)


def date(moment: datetime | None, style: str = "D") -> str:
    """Return the markup of a day in the reader's own time zone, or "" where the time is unknown.

    The ``style`` is Discord's: "D" writes the month in letters, "d" in figures.
    """
    return "" if moment is None else f"<t:{int(moment.timestamp())}:{style}>"


def share_out(wishes: Sequence[int], total: int) -> list[int]:
    """Share ``total`` among the wishes: small ones are granted whole, the others get equal parts."""
    shares = [0] * len(wishes)
    for left, index in zip(
        range(len(wishes), 0, -1), sorted(range(len(wishes)), key=lambda at: wishes[at]), strict=True
    ):
        shares[index] = min(wishes[index], total // left)
        total -= shares[index]
    return shares
