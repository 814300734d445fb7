"""Text of others shown literally: nothing in it formats, links, pings or hides.

What cannot be seen (bidi, zero-width and control characters) is dropped and every ASCII punctuation
mark gets a backslash. No masked link, mention, timestamp, emoji, heading or list survives that, nor
does a bare address become a link: it is shown as it was written.
"""

import string
import unicodedata
from collections.abc import Iterable

from bot.views.limits import clip, fit, units, weight, whole_before
from retrieval.model import Excerpt

__all__ = ["escape", "escape_line", "escape_parts", "plain_line", "quote"]

_PUNCTUATION = frozenset(string.punctuation)
_JOINERS = frozenset("\u200c\u200d")
_SELECTORS = range(0xFE00, 0xFE10)
_KEYCAPS = frozenset("0123456789#*")
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2065\u3164\uffa0")
_BREAKS = frozenset("\n\r\x85\u2028\u2029")
_SPACES = frozenset("\t\v\f")
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_FLAG = "\U0001f3f4"
_TAGS = range(0xE0020, 0xE0080)
_NONCHARACTERS = 0xFFFE
_ASCII = 0x7F
_VARIANTS = range(0xE0100, 0xE01F0)

_LINE = "\n> "
_ELLIPSIS = "…"
_BOLD = "**"


def escape(text: str) -> str:
    """Return Discord markup that shows the text literally, whatever it holds; newlines are kept."""
    return "".join(escape_parts(text))


def escape_line(text: str, limit: int) -> str:
    """Return the text inert and on one line, of at most ``limit`` UTF-16 units with its backslashes."""
    line = plain_line(text)
    parts = escape_parts(line)
    costs = [units(part) for part in parts]
    if sum(costs) <= limit:
        return "".join(parts)
    return "".join(parts[: fit(line, costs, limit - 1)]).rstrip() + _ELLIPSIS


def plain_line(text: str, limit: int | None = None) -> str:
    """Return the text on one line without what cannot be seen, for places that know no markup."""
    line = " ".join("".join(_seen(text)).split())
    return line if limit is None else clip(line, limit)


def escape_parts(text: str) -> list[str]:
    """Return for each code point of the text how it is shown: itself, with a backslash, or nothing."""
    return ["\\" + part if part in _PUNCTUATION else part for part in _seen(text)]


def quote(excerpt: Excerpt, budget: int | None = None) -> str:
    """Return the excerpt as a block quote of at most ``budget`` of weight, its highlights bold.

    The words are the excerpt's own. "…" at either end says that the post goes on there. What exceeds
    the budget is cut around the first highlight; without a budget nothing is cut. Raises
    ``ValueError`` when the budget does not hold even one character.
    """
    text = excerpt.quote
    parts = [_LINE if part == "\n" else part for part in escape_parts(text)]
    bold = _bold(text, parts, excerpt.highlights)
    whole = _block(excerpt, parts, bold, 0, len(text))
    if budget is None or weight(whole) <= budget:
        return whole
    costs = [weight(part) for part in parts]
    for index, is_bold in enumerate(bold):
        if is_bold and not (index and bold[index - 1]):
            costs[index] += 2 * weight(_BOLD)
    room = budget - weight("> ") - 2 * weight(_ELLIPSIS)
    if room < max(costs, default=0):
        raise ValueError(f"a budget of {budget} holds no quote")
    return _block(excerpt, parts, bold, *_window(text, costs, room, excerpt.highlights))


def _block(excerpt: Excerpt, parts: list[str], bold: list[bool], start: int, end: int) -> str:
    """Return the part ``[start:end]`` of the quote as a block quote, without space around it."""
    while start < end and _is_space(parts[start]):
        start += 1
    while start < end and _is_space(parts[end - 1]):
        end -= 1
    text, quoted = excerpt.post.text, excerpt.start
    opens = _ELLIPSIS if text[: quoted + start].strip() else ""
    closes = _ELLIPSIS if text[quoted + end :].strip() else ""
    return "> " + (opens + _emphasised(parts[start:end], bold[start:end]) + closes or _ELLIPSIS)


def _seen(text: str) -> list[str]:
    """Return for each code point what of it can be seen: itself, a space, a newline or nothing."""
    if text.isascii() and text.replace("\n", " ").isprintable():
        return list(text)
    seen: list[str] = []
    last = ""  # the last character that was kept
    for index, character in enumerate(text):
        kept = _kept(character, last, text, index)
        seen.append(kept)
        last = kept or last
    return seen


def _kept(character: str, last: str, text: str, index: int) -> str:  # noqa: PLR0911 - one line a kind
    code = ord(character)
    if " " <= character < "\x7f":
        return character
    if character in _BREAKS:
        return "" if character == "\r" and text[index + 1 : index + 2] == "\n" else "\n"
    if character in _SPACES:
        return " "
    if code in _SELECTORS or code in _VARIANTS:
        # One after a sign that has variants; a run of them, or one after a letter, hides a message.
        return character if _has_variants(last) else ""
    if character in _JOINERS:
        # Emoji and several scripts need joiners between two of their signs, and only there.
        return character if _joins(last) and _joins(text[index + 1 : index + 2]) else ""
    if code in _TAGS:
        return character if last == _FLAG or (last and ord(last) in _TAGS) else ""
    if character in _BLANKS or code & _NONCHARACTERS == _NONCHARACTERS:
        return ""
    return "" if unicodedata.category(character) in _UNSEEN else character


def _has_variants(last: str) -> bool:
    if not last or ord(last) in _SELECTORS or ord(last) in _VARIANTS:
        return False
    return last in _KEYCAPS or (ord(last) > _ASCII and not last.isspace())


def _joins(neighbour: str) -> bool:
    return bool(neighbour) and ord(neighbour) > _ASCII and unicodedata.category(neighbour)[0] in "LMS"


def _bold(text: str, parts: list[str], highlights: Iterable[tuple[int, int]]) -> list[bool]:
    """Return for each code point whether it is bold: highlights without their outer punctuation.

    Emphasis that begins or ends at a space or a punctuation mark, or runs over a line's end, is left
    plain by some of Discord's clients.
    """
    bold = [False] * len(parts)
    for first, last in highlights:
        line = first
        for index in range(first, min(last, len(parts)) + 1):
            if index < min(last, len(parts)) and parts[index] != _LINE:
                continue
            start, end = line, index
            while start < end and not (_is_word(text[start], parts[start]) and whole_before(text, start)):
                start += 1
            while start < end and not (_ends_word(text[end - 1], parts[end - 1]) and whole_before(text, end)):
                end -= 1
            bold[start:end] = [True] * (end - start)
            line = index + 1
    return bold


def _is_space(part: str) -> bool:
    return part == _LINE or not part.strip()


def _is_word(character: str, part: str) -> bool:
    return bool(part) and (character.isalnum() or unicodedata.category(character) == "So")


def _ends_word(character: str, part: str) -> bool:
    return _is_word(character, part) or (bool(part) and unicodedata.category(character)[0] == "M")


def _window(
    text: str, costs: list[int], room: int, highlights: tuple[tuple[int, int], ...]
) -> tuple[int, int]:
    """Return the part of the text to show: all of it, else its start, else around the first highlight."""
    start = 0
    if sum(costs) > room and highlights and sum(costs[: highlights[0][1]]) > room * 2 // 3:
        first = min(highlights[0][0], len(text) - 1)
        before = room // 3
        earliest = first
        while earliest > 0 and costs[earliest - 1] <= before:
            before -= costs[earliest - 1]
            earliest -= 1
        start = next((cut for cut in range(earliest, first) if _opens_word(text, cut)), first)
    return start, fit(text, costs, room, start)


def _opens_word(text: str, index: int) -> bool:
    return index == 0 or (text[index - 1].isspace() and not text[index].isspace())


def _emphasised(parts: list[str], bold: list[bool]) -> str:
    """Join what is shown, with the bold runs between asterisks, opened and closed on each line."""
    if True not in bold:
        return "".join(parts)
    shown: list[str] = []
    is_open = False
    for part, is_bold in zip(parts, bold, strict=True):
        if not part:
            continue
        if is_bold != is_open:
            shown.append(_BOLD)
            is_open = is_bold
        shown.append(part)
    if is_open:
        shown.append(_BOLD)
    return "".join(shown)
