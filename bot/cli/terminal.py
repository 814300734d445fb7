"""The archive's answers, threads and lists for a terminal: inert text, wrapped, in colour or plain."""

import os
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import StringIO
from typing import TextIO

from rich.console import Console
from rich.text import Text

from bot.digest.contents import Digest
from retrieval.model import Answer, Completeness, Excerpt, Post, Suggestions, Thread, ThreadSummary

__all__ = [
    "TerminalStyle",
    "answer",
    "context",
    "digest",
    "escape_terminal",
    "terminal_style",
    "thread",
    "threads",
]

_NARROWEST, _WIDEST = 24, 100
_BAR = "│ "
# Joiners belong to scripts and emoji and move nothing; every other format character goes.
_JOINERS = "\u200c\u200d"
_BREAKS = "\r\v\f\x85\u2028\u2029"
_PREVIEW = {
    Completeness.PREVIEW: "preview: only the first posts are known",
    Completeness.FRAGMENT: "fragment: parts are missing",
}


@dataclass(frozen=True, slots=True)
class TerminalStyle:
    """How to draw: ``width`` in columns, and whether colour codes may be used."""

    width: int = 80
    colour: bool = False


def terminal_style(stream: TextIO) -> TerminalStyle:
    """Return the look that suits a stream: colour on a terminal only, and never against NO_COLOR."""
    terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
    columns = shutil.get_terminal_size().columns
    return TerminalStyle(
        width=max(_NARROWEST, min(columns, _WIDEST)),
        colour=terminal and not os.environ.get("NO_COLOR"),
    )


def escape_terminal(text: str, *, line: bool = False) -> str:
    """Return the text without what a terminal would obey: escapes, controls, bidi and invisible marks.

    Line breaks of every kind become newlines; with ``line`` all white space becomes single spaces.
    """
    kept = "".join(_inert_character(character) for character in text.replace("\r\n", "\n"))
    return " ".join(kept.split()) if line else kept


def answer(found: Answer, look: TerminalStyle, *, explain: bool = False) -> str:
    """Draw an answer: the excerpts by thread, best first, or what to try where nothing was found.

    ``explain`` adds each score with its shares. Addresses and commands stand on lines of their own
    and are never broken, so that they can be copied; all other lines keep to the width.
    """
    if not found.answered:
        return _draw(_nothing(found.suggestions, look), look)
    lines = _searched(found.corrected)
    for summary, excerpts in found.by_thread():
        lines += [*_head(summary, look), Text()]
        for excerpt in excerpts:
            lines += [*_excerpt(excerpt, look, explain=explain), Text()]
        lines += [*_way(summary), Text()]
    return _draw(lines[:-1], look)


def _searched(corrected: Sequence[tuple[str, str]]) -> list[Text]:
    """Say which words stand in for ones that the archive does not know."""
    if not corrected:
        return []
    words = ", ".join(
        f"“{escape_terminal(searched, line=True)}” instead of “{escape_terminal(asked, line=True)}”"
        for asked, searched in corrected
    )
    return [Text(f"Searched for {words}."), Text()]


def thread(whole: Thread, look: TerminalStyle) -> str:
    """Draw a whole thread, post after post."""
    summary = whole.summary()
    lines = [*_head(summary, look), Text()]
    for post in whole.posts:
        lines += [*_post(post, summary, look), Text()]
    lines += [Text(escape_terminal(whole.url, line=True), "cyan")] if whole.url else []
    return _draw(lines if whole.url else lines[:-1], look)


def context(whole: Thread, ordinal: int, look: TerminalStyle, *, around: int = 1) -> str:
    """Draw the post at ``ordinal`` with the ``around`` posts before and after it."""
    summary = whole.summary()
    lines = [*_head(summary, look), Text()]
    for post in whole.posts[max(0, ordinal - 1 - around) : ordinal + around]:
        lines += [*_post(post, summary, look, strong=post.ordinal == ordinal), Text()]
    return _draw([*lines, *_way(summary)], look)


def threads(listed: Sequence[ThreadSummary], look: TerminalStyle) -> str:
    """Draw a list of threads: the id, the heading, and what is known of each."""
    return _draw((line for summary in listed for line in _listed(summary, look)), look)


def digest(composed: Digest, look: TerminalStyle) -> str:
    """Draw a digest: the new threads, the one from the archive, what was asked."""
    lines: list[Text] = []
    arrivals, feature, asked = composed.arrivals, composed.feature, composed.asked
    if arrivals.total:
        lines += [Text(f"New: {arrivals.total:,}", "bold underline"), Text()]
        for number, excerpt in enumerate(arrivals.shown, start=1):
            lines += _shown(replace(excerpt, rank=number), look)
        more = arrivals.total - len(arrivals.shown)
        lines += [Text(f"and {more:,} more", "dim"), Text()] if more else []
    if feature:
        ago = f", posted {feature.years} years ago today".replace(" 1 years", " one year")
        lines += [Text(f"From the archive{ago if feature.years else ''}", "bold underline"), Text()]
        lines += _shown(feature.excerpt, look)
    if asked:
        days = "yesterday" if asked.days == 1 else f"in the {asked.days} days before"
        lines += [Text("Asked here", "bold underline"), Text(f"{asked.answered:,} answered {days}")]
        for summary, count in asked.threads:
            lines += _wrap(Text(f"{count}× {escape_terminal(summary.heading, line=True)}"), look, "  ")
    return _draw(lines or [Text("(nothing)")], look)


def _shown(excerpt: Excerpt, look: TerminalStyle) -> list[Text]:
    """Return a thread with one excerpt."""
    head, quoted = _head(excerpt.thread, look), _excerpt(excerpt, look, explain=False)
    return [*head, *quoted, *_way(excerpt.thread), Text()]


def _inert_character(character: str) -> str:
    """Return what stands for one character in a terminal."""
    if character in "\n\t" or character in _JOINERS:
        return character
    if character in _BREAKS:
        return "\n"
    category = unicodedata.category(character)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return "" if category in {"Cc", "Cf"} else character


def _draw(lines: Iterable[Text], look: TerminalStyle) -> str:
    """Turn finished lines into one string that ends in a newline."""
    console = Console(
        file=StringIO(),
        width=look.width,
        color_system="standard" if look.colour else None,
        force_terminal=look.colour,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as captured:
        for line in lines:
            console.print(line, soft_wrap=True, highlight=False, markup=False, emoji=False)
    return captured.get()


def _wrap(text: Text, look: TerminalStyle, first: str = "", rest: str | None = None) -> Iterator[Text]:
    """Yield the text in lines that keep to the width, each behind its indent."""
    indent = first
    rest = first if rest is None else rest
    room = max(8, look.width - max(len(first), len(rest)))
    for line in text.wrap(Console(width=look.width, file=StringIO(), _environ={}), room, tab_size=4):
        indented = Text().append(indent, "dim").append_text(line)
        indented.rstrip()
        yield indented
        indent = rest


def _head(summary: ThreadSummary, look: TerminalStyle) -> Iterator[Text]:
    """Yield the thread's heading, and below it author, date and how much is known."""
    yield from _wrap(Text(escape_terminal(summary.heading, line=True), "bold"), look)
    facts = _facts(summary)
    if facts:
        yield from _wrap(Text(" · ".join(facts), "dim"), look)


def _facts(summary: ThreadSummary) -> list[str]:
    """Return what is known of a thread beside its words; what is unknown is not mentioned."""
    facts = [f"by {escape_terminal(summary.author, line=True)}" if summary.author else None]
    facts.append(_date(summary.posted_at) if summary.posted_at else None)
    facts.append(_PREVIEW.get(summary.completeness))
    return [fact for fact in facts if fact]


def _date(moment: datetime) -> str:
    """Return a date as 3 May 2024, by UTC."""
    return f"{moment.astimezone(UTC):%d %B %Y}".lstrip("0")


def _place(post: Post, summary: ThreadSummary) -> str:
    """Return where a post stands: post 7 of 18."""
    known = "" if summary.completeness is Completeness.COMPLETE else " known"
    return f"post {post.ordinal} of {summary.length}{known}"


def _excerpt(excerpt: Excerpt, look: TerminalStyle, *, explain: bool) -> Iterator[Text]:
    """Yield one quote: its number and place, the words behind a bar, and the post's address."""
    place = _place(excerpt.post, excerpt.thread)
    facts = [place if excerpt.whole else f"{place}, in part"]
    if excerpt.post.posted_at and excerpt.post.posted_at != excerpt.thread.posted_at:
        facts.append(_date(excerpt.post.posted_at))
    yield from _wrap(Text(f"[{excerpt.rank}] {' · '.join(facts)}", "dim"), look, "  ", "      ")
    yield from _wrap(_highlighted(excerpt), look, f"  {_BAR}")
    if explain:
        parts = " + ".join(
            f"{escape_terminal(name, line=True)} {share:.2f}" for name, share in excerpt.shares
        )
        told = f"score {excerpt.score:.2f}" + (f" = {parts}" if parts else "")
        yield from _wrap(Text(told, "dim"), look, "  ", "      ")
    if excerpt.post.url:
        yield Text("  ").append(escape_terminal(excerpt.post.url, line=True), "cyan")


def _highlighted(excerpt: Excerpt) -> Text:
    """Return the quote with its matched words set apart; each piece is made inert by itself."""
    quote, text, at = excerpt.quote, Text(), 0
    for start, end in excerpt.highlights:
        text.append(escape_terminal(quote[at:start])).append(escape_terminal(quote[start:end]), "bold yellow")
        at = end
    return text.append(escape_terminal(quote[at:]))


def _post(post: Post, summary: ThreadSummary, look: TerminalStyle, *, strong: bool = False) -> Iterator[Text]:
    """Yield one whole post behind a bar; a strong one stands out among its neighbours."""
    facts = [_place(post, summary)]
    if post.posted_at and post.posted_at != summary.posted_at:
        facts.append(_date(post.posted_at))
    if post.author and post.author != summary.author:
        facts.append(f"by {escape_terminal(post.author, line=True)}")
    yield from _wrap(Text(" · ".join(facts), "bold" if strong else "dim"), look, "  ")
    yield from _wrap(Text(escape_terminal(post.text)), look, f"  {'┃ ' if strong else _BAR}")


def _way(summary: ThreadSummary) -> Iterator[Text]:
    """Yield the way to the full thread: its address where known, and the command either way."""
    told = "Full thread:" if summary.completeness is Completeness.COMPLETE else "All that is known:"
    yield Text("  ").append(told, "dim").append(f" bobbin thread {summary.id}")
    if summary.url:
        yield (
            Text("  ")
            .append("Address:", "dim")
            .append(" ")
            .append(escape_terminal(summary.url, line=True), "cyan")
        )


def _listed(summary: ThreadSummary, look: TerminalStyle) -> Iterator[Text]:
    """Yield one thread of a list."""
    heading = Text(summary.id, "cyan").append("  ").append(escape_terminal(summary.heading, line=True))
    yield from _wrap(heading, look, "", " " * 4)
    posts = "1 post" if summary.length == 1 else f"{summary.length} posts"
    yield from _wrap(Text(" · ".join([posts, *_facts(summary)]), "dim"), look, " " * 4)


def _nothing(suggestions: Suggestions, look: TerminalStyle) -> Iterator[Text]:
    """Yield an honest word that nothing fits, and the nearest things to try."""
    yield from _wrap(Text("Nothing in the archive answers this.", "bold"), look)
    if suggestions.terms:
        words = ", ".join(escape_terminal(term, line=True) for term in suggestions.terms)
        yield from _wrap(Text(f"Did you mean: {words}?"), look)
    if suggestions.threads:
        yield from _wrap(Text("The closest threads:"), look)
        for summary in suggestions.threads:
            yield from _listed(summary, look)
    else:
        yield from _wrap(Text("Try other words, or see what there is: bobbin threads"), look)
