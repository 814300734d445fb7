"""Discord's markup as HTML: what Bobbin writes and nothing more."""

import re
from datetime import UTC, datetime
from html import escape
from string import punctuation

from babel.dates import format_date, format_datetime, format_time, format_timedelta

__all__ = ["html_of"]

_INLINE = re.compile(
    rf"\\(?P<mark>[{re.escape(punctuation)}])"
    r"|\[(?P<label>[^\]]+)\]\(<(?P<url>[^>\s]+)>\)"
    r"|<t:(?P<time>-?\d+)(?::(?P<style>[tTdDfFR]))?>"
    r"|</(?P<command>[^:<>]+):[^<>]+>"
    r"|<(?P<kind>#|@&|@!?)(?P<id>[^<>]+)>"
    r"|\*\*(?P<bold>(?:\\.|[^*\\])+)\*\*"
    r"|`(?P<code>[^`]+)`"
)
_BLOCKS = (
    ("### ", "h3"),
    ("## ", "h2"),
    ("# ", "h1"),
    ("-# ", "small"),
    ("> ", "blockquote"),
    ("- ", "li"),
)
_SIGNS = {"#": "#", "@&": "@"}


def html_of(markup: str, locale: str, now: datetime) -> str:
    """Return the markup of a text as HTML; times are shown in UTC, as one who reads it ``now`` sees them."""
    shown: list[str] = []
    before = ""
    for line in markup.split("\n"):
        mark, tag = next((each for each in _BLOCKS if line.startswith(each[0])), ("", "p"))
        words = _inline(line.removeprefix(mark), locale, now)
        if tag == before == "blockquote":
            shown[-1] = shown[-1].removesuffix("</blockquote>") + f"<br>{words}</blockquote>"
        else:
            shown.append(f"<{tag}>{words}</{tag}>")
        before = tag
    return "".join(shown)


def _inline(line: str, locale: str, now: datetime) -> str:
    shown, at = [], 0
    for found in _INLINE.finditer(line):
        shown += [escape(line[at : found.start()]), _piece(found, locale, now)]
        at = found.end()
    return "".join([*shown, escape(line[at:])])


def _piece(  # noqa: PLR0911 - one line a kind
    found: re.Match[str], locale: str, now: datetime
) -> str:
    if mark := found["mark"]:
        return escape(mark)
    if label := found["label"]:
        return f'<a href="{escape(found["url"])}">{escape(label)}</a>'
    if moment := found["time"]:
        when = datetime.fromtimestamp(int(moment), UTC)
        return f"<time>{escape(_time(when, found['style'] or 'f', locale, now))}</time>"
    if command := found["command"]:
        return f'<span class="mention">/{escape(command)}</span>'
    if kind := found["kind"]:
        return f'<span class="mention">{_SIGNS.get(kind, "@")}{escape(found["id"].strip("{}"))}</span>'
    if bold := found["bold"]:
        return f"<strong>{_inline(bold, locale, now)}</strong>"
    return f"<code>{escape(found['code'])}</code>"


def _time(when: datetime, style: str, locale: str, now: datetime) -> str:
    match style:
        case "R":
            return format_timedelta(when - now, add_direction=True, locale=locale)
        case "t" | "T":
            return format_time(when, "short" if style == "t" else "medium", locale=locale)
        case "d" | "D":
            return format_date(when, "short" if style == "d" else "long", locale=locale)
    return format_datetime(when, "d MMMM y HH:mm" if locale != "en" else "MMMM d, y h:mm a", locale=locale)
