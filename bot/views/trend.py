"""The trend of some words as a message: what was counted, and its picture."""

from typing import Any

from discord import MediaGalleryItem
from discord.ui import LayoutView, MediaGallery

from bot.i18n import ENGLISH, Translations
from bot.views.escape import escape_line
from bot.views.layout import layout, text

__all__ = ["PICTURE", "trend_view"]

PICTURE = "trend.png"
"""What the picture's file is called in the message."""
_WORDS = 200


def trend_view(words: str, dated: int, undated: int, translations: Translations = ENGLISH) -> LayoutView:
    """Return the picture of months, which is sent with it, under what was counted.

    ``dated`` and ``undated`` are how many posts hold the words, with a known date and without.
    """
    counted = [translations.say("trend-counted", count=dated)]
    if undated:
        counted.append(translations.say("trend-undated", count=undated))
    described = translations.say("trend-described", words=" ".join(words.split())[:_WORDS])
    gallery = MediaGallery[Any](MediaGalleryItem(f"attachment://{PICTURE}", description=described))
    return layout([text(f"### {escape_line(words, _WORDS)}", f"-# {' '.join(counted)}"), gallery])
