"""What an unrolled page adds to the posts: its head, its own sentences, preview cards."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Final

from retrieval.patterns import pattern
from retrieval.readers.decoding import is_blank
from retrieval.readers.front_matter import Origin, front_matter
from retrieval.readers.numbering import find_markers
from retrieval.readers.text.furniture import closing_sentence, is_button, is_sentence, plain_line

__all__ = ["Section", "TextPage", "is_page_text", "split_boilerplate", "torn_tag"]

FRONT_MATTER: Final = "front matter"
PAGE_TEXT: Final = "page text"

_HEAD_LINES: Final = 80
#: A page of so many lines is taken apart once.
_REMEMBERED: Final = 1_000
_HEAD_WIDTH: Final = 60
_BETWEEN: Final = 40
_WIDEST_TITLE: Final = 240
# No thread is as short as so many short lines above the first sentence of the page.
_FEW: Final = 3

_FEET: Final = (pattern(r"did thread reader help you today\?"), pattern("send email$"))
_MORE: Final = "more from @"
_MISSING: Final = "missing some tweet in this thread?"
# The page's bullet, as it is and as broken copies show it.
_BULLETS: Final = frozenset({"•", "·", "โ€ข", "â€¢", "‚Ä¢"})

_MONTH: Final = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH_FIRST: Final = rf"{_MONTH}\s{_DAY}(?:,?\s(?P<year>\d{{4}}))?"
_DAY_FIRST: Final = rf"{_DAY}\s{_MONTH}(?:,?\s(?P<year>\d{{4}}|\d{{2}}))?"
_DATES: Final = tuple(pattern(f"{form}[\\s,•·]*$", re.IGNORECASE) for form in (_MONTH_FIRST, _DAY_FIRST))
_COUNTED: Final = r"(?P<count>\d{1,4})\s(?:tweets?|posts?)"
_MINUTES: Final = r"[\s,•·]+\d+\smin(?:ute)?\sread\b.{0,40}$"
# In 2018 name and handle may stand on the same line, or above; a Scrolly Tale has a date and no minutes.
_COUNTS: Final = tuple(
    pattern(form, re.IGNORECASE)
    for date in (_MONTH_FIRST, _DAY_FIRST)
    for form in (
        rf"[,•·\s]{{0,4}}(?:{date}[\s,•·]+)?{_COUNTED}{_MINUTES}",
        rf"\S.{{0,60}}?\s(?P<handle>@\w{{1,30}})\s?[,•·]\s{{0,4}}(?:{date}[\s,•·]+)?{_COUNTED}{_MINUTES}",
        rf"{date}\s?[,•·]\s?{_COUNTED}\s*$",
    )
)
_PROFILE: Final = pattern(r"(?:!\[)?(?P<name>\S.{0,60}?) Profile picture(?:\]\([^()]*\))?$")
_HANDLE: Final = pattern(r"@\w{1,30}$")
# A head of 2018: name and handle on one line. A page of a user: who else follows, and how many.
_NAMED: Final = pattern(r"\S.{0,60}?\s(?P<handle>@\w{1,30})$")
_TITLED: Final = pattern(
    r"(?:unrolled |a )?thread (?:written )?by (?:(?P<handle>@\w{1,30})(?:,.{0,200})?|(?P<author>\S.{0,60}))$",
    re.IGNORECASE,
)
# How long it takes to read the thread, behind the name and the words of its author.
_READ: Final = pattern(r"\b\d{1,3} min read$")
_SUBSCRIBE: Final = pattern(r"subscribe to \S.{0,60}$", re.IGNORECASE)
_SUBSCRIBED: Final = pattern(r"(?:.{0,160}\s)?[\d.,]{1,9}k? subscribed$")
_CARD_END: Final = pattern(r"read \d+ (?:tweets|posts)$", re.IGNORECASE)
_VIEWS: Final = pattern(r"[\d,.]+[km]? views$", re.IGNORECASE)
_PAGE_TITLE: Final = pattern(r"thread by @\w{1,30} on thread reader app\b.{0,40}$")
_TAG: Final = pattern(r'[\w-]{1,40}#[\w-]{1,40}"(?:\s?>| href=)')
_SCREEN_NAME: Final = pattern(r'data-screenname="(\w{1,30})"')
_TWEET: Final = pattern(r'data-tweet="(\d{1,19})"')


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one thread or of several previews, with no page text between them.

    ``span`` holds indices of lines. ``card`` says that it is exactly one preview.
    """

    span: range
    card: bool = False
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TextPage:
    """A page taken apart: its main thread's lines, its previews', and why each other line is neither."""

    main: Section
    previews: tuple[Section, ...] = ()
    origin: Origin = field(default_factory=Origin)
    left_out: dict[int, str] = field(default_factory=dict)
    broken: bool = False


def split_boilerplate(lines: Sequence[str]) -> TextPage:
    """Tell a page's posts from its own text.

    ``broken`` says that the page ends its thread somewhere, so that it is surely an unrolled page.
    Every line that is not blank is in exactly one section or in ``left_out``.
    """
    return _lately_split(tuple(lines)) if len(lines) <= _REMEMBERED else _split(lines)


def _split(lines: Sequence[str]) -> TextPage:
    left_out: dict[int, str] = {}
    start, front = front_matter(lines)
    left_out.update(dict.fromkeys(range(start), FRONT_MATTER))
    end, region = _main_end(lines, start)
    broken = end < len(lines)
    announced = [index for index in range(start, end) if _announcement(lines[index])]
    if len(announced) > 1 and not any(torn_tag(line) for line in lines[start:end]):
        # A page of a user: cards of threads, each with its own count, and no thread of its own.
        left_out.update(dict.fromkeys(range(start, announced[0] + 1), PAGE_TEXT))
        origin = Origin(author=front.author, title=front.title, url=front.url, posted_at=front.posted_at)
        cards = (Section(range(announced[0] + 1, len(lines)), card=True),)
        return TextPage(Section(range(start, start)), cards, origin, left_out, broken=True)
    first, head = _head(lines, start, end)
    left_out.update(dict.fromkeys(range(start, first), PAGE_TEXT))
    origin = Origin(
        author=front.author or head.author,
        title=front.title,
        url=front.url,
        posted_at=front.posted_at or head.posted_at,
        count=head.count,
    )
    left_out.update(dict.fromkeys(range(end, region), PAGE_TEXT))
    previews = _cards(lines, region, left_out)
    if not previews and all(is_blank(line) for line in lines[first:end]):
        first, end = _text_in_head(lines, start, first, end)
        left_out = {index: why for index, why in left_out.items() if not first <= index < end}
    seen = {index: why for index, why in left_out.items() if not is_blank(lines[index])}
    return TextPage(Section(range(first, end)), previews, origin, seen, broken=broken)


#: A text is recognised by its page and read by it, too.
_lately_split: Final = lru_cache(maxsize=1)(_split)


def is_page_text(line: str) -> bool:
    """Return whether the line is one of the service's own sentences, or a torn tag of its page."""
    if is_sentence(line) or _PAGE_TITLE.match(plain_line(line)):
        return True
    return _TAG.match(line.strip()) is not None and not torn_tag(line)


def torn_tag(line: str) -> tuple[str, str | None, str] | None:
    """Return a post's id, its author's handle and the text behind them, where a torn tag names them.

    Pages whose tags were stripped carelessly show ``data-tweet="ID" dir="auto">`` before each post.
    """
    if 'data-tweet="' not in line:
        return None
    post = _TWEET.search(line)
    closing = line.find(">", post.end()) if post else -1
    if post is None or closing < 0:
        return None
    name = _SCREEN_NAME.search(line, 0, closing)
    return post[1], name[1] if name else None, line[closing + 1 :]


def _main_end(lines: Sequence[str], start: int) -> tuple[int, int]:
    """Return where the main thread ends and where the previews begin; both ``len(lines)`` if never.

    The surest sign is the page's sentence under its separator, then a separator of bullets, then the
    sentence alone; where only a sentence above all text remains, the file has no main thread, unless
    an author's end marker says that it has.
    """
    total = len(lines)
    text = again = False
    bullets, lone, above = None, None, None
    for index in range(start, total):
        line = lines[index]
        if is_blank(line):
            continue
        closing = closing_sentence(line)
        if closing is not None:
            missing = closing.startswith(_MISSING)
            before = _line_above(lines, start, index) if missing and text else None
            if before is not None and _is_separator(lines[before]):
                return before, _past_buttons(lines, index)
            if text:
                again = again or missing
                if lone is None or (missing and above is not None) or _is_repeated(lines, start, lone, index):
                    lone = index
            else:
                above = index
        elif bullets is None and text and _is_separator(line) and line.split()[0] in _BULLETS:
            bullets = index
        # A separator or a sentence of the page is no text that a thread could begin with.
        text = text or not (_is_separator(line) or is_page_text(line) or _is_heading(line))
    if bullets is not None:
        return bullets, bullets + 1
    marked = above is not None and any(mark.end for mark in find_markers(lines, range(start, total)))
    if above is not None and not marked and not again:
        return start, _past_buttons(lines, above)
    return (lone, _past_buttons(lines, lone)) if lone is not None else (total, total)


def _is_repeated(lines: Sequence[str], start: int, first: int, again: int) -> bool:
    """Return whether a sentence comes again that stood below no more than a few short lines at first.

    A page has each of them once, below its thread: where it stands in the head, damage put it there.
    """
    if first - start > _HEAD_LINES or closing_sentence(lines[first]) != closing_sentence(lines[again]):
        return False
    above = [line for line in lines[start:first] if not is_blank(line) and not is_page_text(line)]
    return len(above) <= _FEW and all(map(_headlike, above))


def _is_heading(line: str) -> bool:
    """Return whether a line is a heading of Markdown, which a clipper puts above all else."""
    return line.startswith("# ")


def _line_above(lines: Sequence[str], start: int, index: int) -> int | None:
    return next((i for i in range(index - 1, start - 1, -1) if not is_blank(lines[i])), None)


def _past_buttons(lines: Sequence[str], missing: int) -> int:
    """Return the index behind what the page shows between a thread and its previews."""
    passed = 0
    for index in range(missing + 1, len(lines)):
        passed += not is_blank(lines[index])
        if passed > _BETWEEN:
            break
        plain = plain_line(lines[index])
        if plain.startswith(_MORE):
            return index + 1
        if plain.startswith(_MISSING):
            # A page says this once; between the two there may be posts.
            break
    return missing + 1


def _is_separator(line: str) -> bool:
    """Return whether the line is three equal short tokens, as the page draws the end of a thread."""
    tokens = line.split()
    return len(tokens) == 3 and len(set(tokens)) == 1 and len(tokens[0]) <= 5  # noqa: PLR2004


def _head(lines: Sequence[str], start: int, end: int) -> tuple[int, Origin]:
    """Return the index of the thread's first line and what the page's head says of it."""
    origin, first = _announced(lines, start, end)
    first = _past_torn_head(lines, first, end)
    if titled := _titled(lines, first, end):
        return titled[0], replace(origin, author=titled[1])
    while first < end and (is_blank(lines[first]) or _in_head(lines[first], headed=origin.count is not None)):
        first += 1
    head = [line.strip() for line in lines[start:first]]
    names = [match["name"] for line in head if (match := _PROFILE.match(line))]
    handles = [line for line in head if _HANDLE.match(line)]
    named = [match["handle"] for line in head if origin.count and (match := _NAMED.match(line))]
    author = next(iter(names + named + handles), origin.author)
    return first, replace(origin, author=author)


def _titled(lines: Sequence[str], start: int, end: int) -> tuple[int, str] | None:
    """Return the index behind "Thread by NAME", any service's title, and a handle below; and who that is."""
    text = [at for at in range(start, min(end, start + _HEAD_LINES)) if not is_blank(lines[at])][:4]
    titled = _TITLED.match(lines[text[0]].strip()[:_WIDEST_TITLE]) if len(text) > 1 else None
    if titled is None:
        return None
    shown = [lines[at].strip() for at in text[1:-1]]
    # A handle stands below, perhaps with the name above it, or a line on the author; text must follow.
    handle = next((line for line in shown if _HANDLE.match(line)), titled["handle"] or titled["author"])
    head = [
        at for at, line in zip(text[1:], shown, strict=False) if _HANDLE.match(line) or _READ.search(line)
    ]
    return max([text[0], *head]) + 1, handle


def _announced(lines: Sequence[str], start: int, end: int) -> tuple[Origin, int]:
    """Return what the line "Jun 24 8 tweets 2 min read" says, and the index behind it."""
    torn = any(torn_tag(line) for line in lines[start:end])
    for index in range(start, min(end, start + _HEAD_LINES)):
        found = _announcement(lines[index])
        if found is not None:
            if torn or all(_headlike(above) for above in lines[start:index]):
                above = next((text for text in reversed(lines[start:index]) if not is_blank(text)), "")
                date = _date(found) or _dated(above)[1]
                handle = found.groupdict().get("handle")
                return Origin(author=handle, count=int(found["count"]), posted_at=date), index + 1
            break
    return Origin(), start


def _announcement(line: str) -> re.Match[str] | None:
    """Return a line that says how many posts follow, ``None`` for any other."""
    line = line.strip()
    if len(line) > 2 * _HEAD_WIDTH or not any(word in line.casefold() for word in ("tweet", "post")):
        return None
    return next((match for form in _COUNTS if (match := form.match(line))), None)


def _text_in_head(lines: Sequence[str], start: int, first: int, end: int) -> tuple[int, int]:
    """Return the bounds of what was taken for a head and is all the text there is, if it is text."""
    text = [index for index in range(start, first) if not is_blank(lines[index])]
    handles = {index for index in text if _HANDLE.match(lines[index].strip())}
    # The name stands above the handle.
    names = {above for above, below in pairwise(text) if below in handles}
    named = handles | names
    body = [index for index in text if index not in named and not _says_when(lines[index])]
    body = [index for index in body if not _in_head(lines[index], headed=True)]
    return (body[0], body[-1] + 1) if body else (first, end)


def _says_when(line: str) -> bool:
    return _dated(line)[0] or any(form.match(line.strip()[: 2 * _HEAD_WIDTH]) for form in _COUNTS)


def _past_torn_head(lines: Sequence[str], first: int, end: int) -> int:
    """Return the index behind the last of the page's own lines above the first torn tag of a post."""
    tag = next((index for index in range(first, end) if torn_tag(lines[index])), first)
    own = [index for index in range(first, tag) if _in_head(lines[index], headed=True)]
    return own[-1] + 1 if own else first


def _headlike(line: str) -> bool:
    return len(line.strip()) <= _HEAD_WIDTH or is_page_text(line) or "data-category=" in line


def _in_head(line: str, *, headed: bool) -> bool:
    text = line.strip()
    if is_page_text(line) or _VIEWS.match(text) or (len(text) <= 2 * _HEAD_WIDTH and _PROFILE.match(text)):
        return True
    return headed and (is_button(text) or bool(_NAMED.match(text) or _SUBSCRIBED.match(text)))


def _date(match: re.Match[str]) -> datetime | None:
    """Return the midnight (UTC) of a date that names its year; no year is ever guessed."""
    year = match["year"]
    if not year:
        return None
    try:
        # The service is younger than 2000, so two figures say enough.
        moment = datetime.strptime(
            f"{match['day']} {match['month'].title()} {year[-2:]}", "%d %b %y"
        ).replace(tzinfo=UTC)
        return moment.replace(year=int(year) if len(year) > 2 else 2000 + int(year))  # noqa: PLR2004
    except ValueError:
        return None


def _dated(line: str) -> tuple[bool, datetime | None]:
    """Return whether the line is a date and nothing else, and which, where the year is there."""
    text = line.strip()
    if len(text) > _HEAD_WIDTH:
        return False, None
    match = next((match for form in _DATES if (match := form.match(text))), None)
    return (True, _date(match)) if match else (False, None)


def _foot(lines: Sequence[str], start: int) -> int:
    """Return where the page's foot begins: at the last of its sentences, and behind all cards."""
    plain = [plain_line(line) for line in lines[start:]]
    feet = (index for foot in _FEET for index in range(len(plain) - 1, -1, -1) if foot.match(plain[index]))
    found = start + next(feet, len(plain))
    cards = any(_dated(line)[0] or _CARD_END.match(line.strip()) for line in lines[found:])
    return len(lines) if cards else found


def _is_between(lines: Sequence[str], start: int, index: int) -> bool:
    """Return whether a line is a button of the page, or its author's picture, between thread and previews."""
    line = lines[index]
    shown = line.strip()[: 2 * _HEAD_WIDTH]
    if not (is_button(line) or _PROFILE.match(shown) or _SUBSCRIBE.match(shown)):
        return False
    before = _line_above(lines, start, index)
    return before is None or is_page_text(lines[before]) or is_button(lines[before])


def _card_head(lines: Sequence[str], begin: int, date: int) -> int:
    """Return where a card's own head begins: its author's picture, name and handle above the date."""
    above = [index for index in range(max(begin, date - 4), date) if not is_blank(lines[index])]
    if above and _HANDLE.match(lines[above[-1]].strip()):
        # The name stands above the handle.
        above = above[:-2]
        upto = max(begin, date - 2) if not above else above[-1] + 1
    else:
        upto = date
    if above and _PROFILE.match(lines[above[-1]].strip()):
        upto = above[-1]
    return upto


def _cards(lines: Sequence[str], start: int, left_out: dict[int, str]) -> tuple[Section, ...]:
    """Return the sections behind the thread, cut at dates, at "Read 17 tweets" and at page text."""
    total = len(lines)
    foot = _foot(lines, start)
    left_out.update(dict.fromkeys(range(foot, total), PAGE_TEXT))
    sections: list[Section] = []
    begin, posted_at, card = start, None, False

    def close(end: int, *, card: bool) -> None:
        if any(not is_blank(line) for line in lines[begin:end]):
            sections.append(Section(range(begin, end), card, posted_at))

    opened = False
    for index in range(start, foot):
        dated, moment = _dated(lines[index])
        ends = _CARD_END.match(lines[index].strip()) is not None
        if not (
            dated or ends or is_page_text(lines[index]) or (not opened and _is_between(lines, start, index))
        ):
            continue
        opened = opened or dated
        upto = _card_head(lines, begin, index) if dated else index
        close(upto, card=card or ends)
        left_out.update(dict.fromkeys(range(upto, index + 1), PAGE_TEXT))
        begin, card, posted_at = index + 1, dated, moment
    close(foot, card=card)
    return tuple(sections)
