"""Discord's limits, and cutting text to fit them without breaking words or graphemes.

Discord's API counts code points and its clients count UTF-16 units. Lengths here are in UTF-16 units,
which are never fewer, so what fits here fits both. Messages of components have a second limit, in bytes
(discord-api-docs #8554); :func:`weight` counts both at once.
"""

import unicodedata
from collections.abc import Sequence

__all__ = [
    "BYTES",
    "CHOICES",
    "CHOICE_NAME",
    "COMPONENTS",
    "CUSTOM_ID",
    "DISPLAYED",
    "LABEL",
    "ROW_BUTTONS",
    "SECTION_TEXTS",
    "UNIT",
    "URL",
    "clip",
    "fit",
    "units",
    "weight",
    "whole_before",
]

DISPLAYED = 4_000
"""Characters of all text displays of a message together."""
BYTES = 10_170
"""UTF-8 bytes of all text displays of a message together, with 12 more for each; beyond, Discord fails."""
UNIT = 20
"""The weight of one UTF-16 unit; a text of ``DISPLAYED * UNIT`` has at most 8,888 bytes."""
_WIDE = 27
COMPONENTS = 40
"""Components of a message, counted with nesting."""
SECTION_TEXTS = 3
ROW_BUTTONS = 5
LABEL = 80
CUSTOM_ID = 100
URL = 512
CHOICES = 25
"""Choices of one autocompletion."""
CHOICE_NAME = 100

_BMP = 0xFFFF
_LAST_OF_BMP = chr(_BMP)
_WIDE_FROM = "\u0800"
_JOINER = "\u200d"
_EXTENDS = (
    (0x200D, 0x200D),  # joins what stands before it with what follows
    (0xFE00, 0xFE0F),  # chooses a variant of what stands before it
    (0x1F3FB, 0x1F3FF),  # the colour of a skin
    (0xE0020, 0xE007F),  # spells the name of a flag
    (0xE0100, 0xE01EF),  # chooses a variant, too
)
_REGIONAL = range(0x1F1E6, 0x1F200)
_LONGEST_GRAPHEME = 64


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units."""
    if not text or max(text) <= _LAST_OF_BMP:
        return len(text)
    return len(text) + sum(ord(character) > _BMP for character in text)


def weight(text: str) -> int:
    """Return what a text takes of a message: 20 a UTF-16 unit, or 9 a UTF-8 byte where that is more (27).

    Texts whose weights fit into ``DISPLAYED * UNIT`` fit Discord's limits of characters and of bytes:
    the forty texts that a message may have take 480 bytes of their own.
    """
    if not text or max(text) < _WIDE_FROM:
        return UNIT * len(text)
    return sum(UNIT if each < _WIDE_FROM else _WIDE if ord(each) <= _BMP else 2 * UNIT for each in text)


def clip(text: str, limit: int) -> str:
    """Return the text, cut after a word and closed with "…" when it exceeds ``limit`` UTF-16 units."""
    if units(text) <= limit:
        return text
    if limit < 1:
        return ""
    return text[: fit(text, [units(character) for character in text], limit - 1)].rstrip() + "…"


def fit(text: str, costs: Sequence[int], budget: int, start: int = 0) -> int:
    """Return the largest ``end`` for which ``text[start:end]`` costs no more than ``budget``.

    ``costs`` holds what each code point of the text costs. Within the last half of what fits the cut
    falls between words; failing that, between graphemes; failing that, between code points.
    """
    end = start
    while end < len(text) and costs[end] <= budget:
        budget -= costs[end]
        end += 1
    if end == len(text):
        return end
    for cut in range(end, (start + end) // 2, -1):
        if (text[cut].isspace() or text[cut - 1].isspace()) and whole_before(text, cut):
            return cut
    for cut in range(end, max(start, end - _LONGEST_GRAPHEME), -1):
        if whole_before(text, cut):
            return cut
    return end


def whole_before(text: str, index: int) -> bool:
    """Return whether a cut before ``text[index]`` leaves every grapheme whole."""
    if not 0 < index < len(text):
        return True
    before, after = text[index - 1], text[index]
    if before == _JOINER or (before == "\r" and after == "\n"):
        return False
    if unicodedata.category(after).startswith("M"):
        return False
    code = ord(after)
    if any(first <= code <= last for first, last in _EXTENDS):
        return False
    if code in _REGIONAL:
        # Two of them make a flag, so a run of them is cut after every second one only.
        run = index
        while run > 0 and ord(text[run - 1]) in _REGIONAL:
            run -= 1
        return (index - run) % 2 == 0
    return True
