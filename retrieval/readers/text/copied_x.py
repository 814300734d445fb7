"""A thread copied by hand from x.com: name, handle, a dot, a date, the post, its counters; then the next."""

import re
from typing import Final

from retrieval.errors import RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.patterns import pattern
from retrieval.readers.decoding import decode, glance, is_blank
from retrieval.readers.known_posts import OTHERS, KnownPost, page_threads

__all__ = ["FORM", "read", "recognise"]

FORM = "copied from x.com (text)"

_HANDLE: Final = pattern(r"@(\w{1,30})\s*$")
_DOT: Final = pattern(r"[·•]\s*$")
_MONTHS: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATE: Final = pattern(
    rf"(?:{_MONTHS}\s\d{{1,2}}(?:,?\s\d{{4}})?|\d{{1,2}}\s{_MONTHS}(?:\s\d{{4}})?|\d{{1,3}}\s?[smhd]|now)"
    r"\s*$",
    2,
)
#: Below the handle and the dot, a date of any language: "5. März 2022", "hace 3 h", "5月3日".
_ANY_DATE: Final = pattern(r"(?=\D{0,20}\d).{1,24}$")
#: All of a head in one line: "Mira @mira · Jan 1".
_INLINE: Final = pattern(
    rf"(?:.{{1,60}}\s)?@(?P<handle>\w{{1,30}})\s?[·•]\s?(?:{_DATE.pattern})", re.IGNORECASE
)
_MOMENT: Final = pattern(
    r"(?:last edited\s?)?\d{1,2}:\d\d(?:\s?[ap]\.?\s?m\.?|\s(?:vorm|nachm)\.)?\s?[·•]\s?.{4,24}?"
    r"(?:\s?[·•]\s?[\d.,]{1,9}\s?[km]?\s?(?:views|mal angezeigt|visualizaciones|vues|просмотр\w{0,4}))?\s*$",
    2,
)
_COUNTER: Final = pattern(r"[\d.,]{1,9}\s?(?:[kmb]|Tsd\.|Mio\.|mil)?\s*$", re.IGNORECASE)
#: Counters that a copy has in one line, with the buttons beside them.
_COUNTERS: Final = pattern(
    r"(?:[\d.,]{1,9}[kmb]?\s+){2,4}[\d.,]{1,9}[kmb]?(?:\s+show (?:more )?replies)?\s*$", 2
)
_REPLYING: Final = pattern(
    r"(?:replying to|antwort an|en respuesta a|en réponse à|в ответ|у відповідь)\s*(?:@\w{1,30}\s*)*$", 2
)
_BUTTON: Final = pattern(
    r"(?:show (?:more )?replies|show more|show this thread|show probable spam|views?|quote|reply|replies"
    r"|repost|[\d.,]{1,9}\s?[kmb]? views?|like|bookmark|share|post your reply|relevant|most relevant"
    r"|view quotes"
    r"|view post engagements|read \d{1,9} repl(?:y|ies)|translate post|image|alt|gif|see new posts"
    r"|discover more|sourced from across (?:x|twitter)|more posts"
    r"|conversation|post|thread|reload|the media could not be played\.?"
    r"|(?:mehr|antworten|weitere antworten|beitrags-?engagements) anzeigen|post übersetzen|zitieren"
    r"|mostrar (?:más(?: respuestas)?|respuestas)|traducir (?:post|publicación)"
    r"|(?:afficher|voir) (?:plus|les réponses)"
    r"|показать (?:ещё|ответы)|показати (?:більше|відповіді))\s*$",
    re.IGNORECASE,
)
_MOST_COUNTERS: Final = 6


def recognise(file: SavedFile) -> float:
    """Return 0.94 for text with two heads of posts as x.com shows them, or one with its counters."""
    lines = glance(file).split("\n")
    heads = _heads(lines)
    if len(heads) > 1:
        return 0.94
    counters = sum(_COUNTER.match(line) is not None for line in lines if line)
    return 0.75 if heads and counters > 1 else 0.0


def read(file: SavedFile) -> Reading:
    """Return the thread: the posts of one author that follow one another; those of others are left out.

    Every line that is not blank is in exactly one post or in ``left_out``.
    """
    text, notes = decode(file)
    lines = text.split("\n")
    heads = _heads(lines)
    posts = []
    kept: set[int] = set()
    for place, (_, after, handle) in enumerate(heads):
        end = heads[place + 1][0] if place + 1 < len(heads) else len(lines)
        span = _text(lines, after, end)
        if span:
            posts.append(
                KnownPost(
                    "\n".join(lines[i].rstrip() for i in span),
                    None,
                    handle,
                    lines=(span[0] + 1, span[-1] + 1),
                )
            )
            kept.update(span)
    if not posts:
        raise RejectedError(file.name, "holds no post, only what x.com shows around posts; copy it once more")
    threads, others, odd = page_threads(
        posts, None, title=file.title, author=file.author, opener=_torn_head(lines[: heads[0][0]])
    )
    around = [index for index, line in enumerate(lines) if index not in kept and not is_blank(line)]
    left_out = (
        [LeftOut("names, dates and counters that x.com shows around posts", len(around))] if around else []
    )
    if others:
        left_out.append(LeftOut(OTHERS, others))
    return Reading(FORM, tuple(threads), tuple(left_out), (*notes, *odd))


def _heads(lines: list[str]) -> list[tuple[int, int, str]]:
    """Return where heads of posts begin and what is behind them, each with its handle."""
    seen = [index for index, line in enumerate(lines) if not is_blank(line)]
    heads: list[tuple[int, int, str]] = []
    for place, index in enumerate(seen):
        line = lines[index].strip()
        if len(line) > 200:  # noqa: PLR2004 - no head is so long
            continue
        if inline := _INLINE.match(line):
            alone = line.startswith("@")
            begin = seen[place - 1] if alone and place else index
            heads.append((begin, index + 1, inline["handle"]))
            continue
        handle = _HANDLE.match(line)
        if handle is None or not place:
            continue
        after = [lines[at].strip() for at in seen[place + 1 : place + 3]]
        if len(after) > 1 and _DOT.match(after[0]) and _ANY_DATE.match(after[1]):
            name = seen[place - 1]
            # A name line that is all there is below another head is that post, and this head lost its name.
            words = heads and heads[-1][1] == name and lines.count(lines[name]) == 1
            heads.append((index if words else name, seen[place + 2] + 1, handle[1]))
        elif heads == [] and len(after) > 1 and _opened(lines, seen[place + 1 :]):
            # The post that was opened has its time below its text.
            heads.append((seen[place - 1], index + 1, handle[1]))
    return heads


def _torn_head(above: list[str]) -> str | None:
    """Return the handle of a head that lost its dot or date, above all others: that post opened the page."""
    shown = [line.strip()[:200] for line in above if not is_blank(line)]
    for place, line in enumerate(shown):
        handle = _HANDLE.match(line)
        if handle and any(map(_DOT.match, shown[place + 1 : place + 2])):
            return handle[1]
        if handle and any(map(_DATE.match, shown[place + 2 : place + 3])):
            return handle[1]
    return None


def _opened(lines: list[str], below: list[int]) -> bool:
    return any(_MOMENT.match(lines[index].strip()[:200]) for index in below[:60])


def _text(lines: list[str], begin: int, end: int) -> list[int]:
    """Return the lines of a post: without the time, the counters and the buttons below it."""
    span = [index for index in range(begin, end) if not is_blank(lines[index])]
    moment = next((p for p, index in enumerate(span) if _MOMENT.match(lines[index].strip()[:200])), None)
    if moment is not None:
        span = span[:moment]
    if span and _REPLYING.match(lines[span[0]].strip()[:200]):
        # The names of those whom the post answers stand below, a line each.
        names = next(
            (p for p, at in enumerate(span[1:], 1) if not lines[at].strip().startswith("@")), len(span)
        )
        span = span[names:] if names < len(span) else span
    counters = 0
    while span:
        line = lines[span[-1]].strip()[:200]
        if _BUTTON.match(line) or _DOT.match(line) or _COUNTERS.match(line):
            pass
        elif _COUNTER.match(line) and counters < _MOST_COUNTERS:
            counters += 1
        else:
            break
        span.pop()
    return list(range(span[0], span[-1] + 1)) if span else []
