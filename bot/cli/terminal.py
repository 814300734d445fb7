"""Rendering for a terminal: answers, threads, lists and digests, escaped, wrapped, in colour or plain."""

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

from bot.cli.options import colour_choice
from bot.digest.contents import Digest
from retrieval.model import (
    Answer,
    Cap,
    Completeness,
    Excerpt,
    Post,
    Suggestions,
    Thread,
    ThreadSummary,
    Verdict,
    Weighing,
)

__all__ = [
    "TerminalStyle",
    "answer",
    "capture_console",
    "context",
    "counted",
    "digest",
    "escape_terminal",
    "terminal_style",
    "thread",
    "threads",
]

_MIN_WIDTH, _MAX_WIDTH = 24, 100
_BAR = "│ "
# Joiners belong to scripts and emoji and move nothing; every other format character goes.
_JOINERS = "\u200c\u200d"
_BREAKS = "\r\v\f\x85\u2028\u2029"
#: What each factor of a verdict says where it speaks against an answer, and where it speaks for one.
_FACTORS = {
    "coverage": (
        "much of the question stands neither in the post nor around it",
        "the post holds what was asked",
    ),
    "letters": ("the post is spelt unlike the question", "the post has the question's letters"),
    "amount": ("there is little in the question to go by", "the post says much of what was asked"),
    "names": ("a name of the question is missing", "the names of the question are there"),
    "length": ("in long posts words meet by chance", "the posts are short, so words seldom meet by chance"),
    "pairs": (
        "the words do not stand together as they were asked",
        "words stand together as they were asked",
    ),
    "top_key": ("the archive is about none of the words", "the archive is about one of the words"),
    "key": ("the archive seldom speaks of these words", "the archive often speaks of these words"),
}
_CAPS = {
    Cap.NO_SUBJECT: "the question names no subject",
    Cap.UNCONFIRMED: "no post says that anyone did this",
    Cap.NO_NUMBER: "it asks for a number, and none stands in the posts",
}
#: Factors of less weight than this are not shown.
_WORTH_SAYING = 0.1
_PREVIEW = {
    Completeness.PREVIEW: "preview: only the first posts are known",
    Completeness.FRAGMENT: "fragment: parts are missing",
}


@dataclass(frozen=True, slots=True)
class TerminalStyle:
    """How to draw: ``width`` in columns, and whether colour codes may be used.

    ``verbatim`` is for files and other programs: no line is wrapped, indented or marked.
    """

    width: int = 80
    colour: bool = False
    verbatim: bool = False


def terminal_style(stream: TextIO) -> TerminalStyle:
    """Return the style for a stream: wrapped on a terminal only, and coloured there unless that is unwanted.

    ``--color``, NO_COLOR and FORCE_COLOR decide about colour, in this order; without them the stream does.
    """
    terminal = stream.isatty()
    columns = shutil.get_terminal_size().columns
    wanted = colour_choice()
    return TerminalStyle(
        width=max(_MIN_WIDTH, min(columns, _MAX_WIDTH)),
        colour=terminal and os.environ.get("TERM") != "dumb" if wanted is None else wanted,
        verbatim=not terminal,
    )


def escape_terminal(text: str, *, line: bool = False) -> str:
    """Remove what a terminal would interpret: escapes, control, bidirectional and invisible characters.

    Line breaks of every kind become newlines; with ``line`` all white space becomes single spaces.
    """
    kept = "".join(_escape_character(character) for character in text.replace("\r\n", "\n"))
    return " ".join(kept.split()) if line else kept


def answer(result: Answer, style: TerminalStyle, *, explain: bool = False) -> str:
    """Draw an answer: the excerpts by thread, best first, or what to try where nothing was found.

    Excerpts that only come close say so above them, with the words that the archive knows. ``explain`` adds
    each score with its shares, and what spoke for and against an answer. Addresses and commands stand on
    lines of their own and are never broken, so that they can be copied; all other lines keep to the width.
    """
    weighed = [Text(), *_weighed(result, style)] if explain else []
    if result.verdict is Verdict.NOTHING:
        return _draw([*_searched(result.corrected), *_nothing(result.suggestions, style), *weighed], style)
    lines = _searched(result.corrected)
    if result.verdict is Verdict.CLOSEST:
        lines += [Text("No post answers this for certain. The closest:", "bold yellow")]
        lines += [*_known_words(result.weighing, style), Text()]
    for summary, excerpts in result.by_thread():
        lines += [*_head(summary, style), Text()]
        for excerpt in excerpts:
            lines += [*_excerpt(excerpt, style, explain=explain), Text()]
        lines += [*_full_thread_reference(summary), Text()]
    return _draw([*lines[:-1], *weighed], style)


def _known_words(weighing: Weighing, style: TerminalStyle) -> Iterator[Text]:
    """Yield which words of the question posts hold, and which none does."""
    for label, words in (("The archive knows", weighing.known), ("No post holds", weighing.unknown)):
        if words:
            listed = ", ".join(escape_terminal(word, line=True) for word in words)
            yield from _wrap(Text(f"{label}: {listed}.", "dim"), style)


def _weighed(result: Answer, style: TerminalStyle) -> Iterator[Text]:
    """Yield in words what spoke for and against an answer, the strongest first."""
    weighing = result.weighing
    head = f"Verdict: {result.verdict.value}, confidence {result.confidence:.2f}"
    if weighing.part:
        head += f", by the part “{escape_terminal(weighing.part, line=True)}”"
    yield from _wrap(Text(f"{head}.", "bold"), style)
    if result.inherited:
        yield from _wrap(
            Text("It names no subject, so it takes subject and verdict of the answer before."), style
        )
    yield from _known_words(weighing, style)
    for factor in sorted(weighing.factors, key=lambda factor: -abs(factor[1])):
        name, weight = factor
        if abs(weight) >= _WORTH_SAYING:
            side = "for" if weight > 0 else "against"
            yield from _wrap(
                Text(f"{side} {abs(weight):.2f}: {_FACTORS[name][weight > 0]}", "dim"), style, "  "
            )
    for cap in weighing.caps:
        yield from _wrap(Text(f"no answer, whatever else: {_CAPS[cap]}", "dim"), style, "  ")


def _searched(corrected: Sequence[tuple[str, str]]) -> list[Text]:
    """Return which known words were searched in place of unknown ones."""
    if not corrected:
        return []
    words = ", ".join(
        f"“{escape_terminal(searched, line=True)}” instead of “{escape_terminal(asked, line=True)}”"
        for asked, searched in corrected
    )
    return [Text(f"Searched for {words}."), Text()]


def thread(full_thread: Thread, style: TerminalStyle) -> str:
    """Draw a whole thread, post after post."""
    summary = full_thread.summary()
    lines = [*_head(summary, style), Text()]
    for post in full_thread.posts:
        lines += [*_post(post, summary, style), Text()]
    lines += [Text(escape_terminal(full_thread.url, line=True), "cyan")] if full_thread.url else []
    return _draw(lines if full_thread.url else lines[:-1], style)


def context(full_thread: Thread, ordinal: int, style: TerminalStyle, *, around: int = 1) -> str:
    """Draw the post at ``ordinal`` with the ``around`` posts before and after it."""
    summary = full_thread.summary()
    lines = [*_head(summary, style), Text()]
    for post in full_thread.posts[max(0, ordinal - 1 - around) : ordinal + around]:
        lines += [*_post(post, summary, style, strong=post.ordinal == ordinal), Text()]
    return _draw([*lines, *_full_thread_reference(summary)], style)


def threads(listed: Sequence[ThreadSummary], style: TerminalStyle) -> str:
    """Draw a list of threads: the id, the heading, and what is known of each."""
    return _draw((line for summary in listed for line in _listed(summary, style)), style)


def digest(composed: Digest, style: TerminalStyle) -> str:
    """Draw a digest: the new threads, the one from the archive, what was asked."""
    lines: list[Text] = []
    arrivals, feature, usage = composed.arrivals, composed.feature, composed.asked
    if arrivals.total:
        lines += [Text(f"New: {arrivals.total:,}", "bold underline"), Text()]
        for number, excerpt in enumerate(arrivals.shown, start=1):
            lines += _digest_entry(replace(excerpt, rank=number), style)
        more = arrivals.total - len(arrivals.shown)
        lines += [Text(f"and {more:,} more", "dim"), Text()] if more else []
    if feature:
        ago = f", posted {feature.years} years ago today".replace(" 1 years", " one year")
        lines += [Text(f"From the archive{ago if feature.years else ''}", "bold underline"), Text()]
        lines += _digest_entry(feature.excerpt, style)
    if usage:
        counts = ((usage.closest, "closest"), (usage.nothing, "nothing"))
        others = "".join(f" · {verdict} {count:,}" for count, verdict in counts if count)
        days = "yesterday" if usage.days == 1 else f"in the {usage.days} days before"
        lines += [Text("Asked here", "bold underline"), Text(f"{usage.answered:,} answered {days}{others}")]
        for summary, count in usage.threads:
            lines += _wrap(Text(f"{count}× {escape_terminal(summary.heading, line=True)}"), style, "  ")
    return _draw(lines or [Text("(nothing)")], style)


def _digest_entry(excerpt: Excerpt, style: TerminalStyle) -> list[Text]:
    """Return a thread with one excerpt."""
    head, quoted = _head(excerpt.thread, style), _excerpt(excerpt, style, explain=False)
    return [*head, *quoted, *_full_thread_reference(excerpt.thread), Text()]


def _escape_character(character: str) -> str:
    """Return what stands for one character in a terminal."""
    if character in "\n\t" or character in _JOINERS:
        return character
    if character in _BREAKS:
        return "\n"
    category = unicodedata.category(character)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return "" if category in {"Cc", "Cf"} else character


def capture_console(style: TerminalStyle) -> Console:
    """Return a console whose output is captured, with the width and colours of a style."""
    return Console(
        file=StringIO(),
        width=style.width,
        color_system="standard" if style.colour else None,
        force_terminal=style.colour,
        legacy_windows=False,
        _environ={},
    )


def _draw(lines: Iterable[Text], style: TerminalStyle) -> str:
    """Turn finished lines into one string that ends in a newline."""
    if style.verbatim and not style.colour:
        return "".join(f"{line.plain}\n" for line in lines)
    console = capture_console(style)
    with console.capture() as captured:
        for line in lines:
            console.print(line, soft_wrap=True, highlight=False, markup=False, emoji=False)
    return captured.get()


def _wrap(text: Text, style: TerminalStyle, first: str = "", rest: str | None = None) -> Iterator[Text]:
    """Yield the text in lines that keep to the width, each behind its indent, or verbatim as they are."""
    if style.verbatim:
        yield from text.split("\n", allow_blank=True)
        return
    indent = first
    rest = first if rest is None else rest
    columns_left = max(8, style.width - max(len(first), len(rest)))
    for line in text.wrap(capture_console(style), columns_left, tab_size=4):
        indented = Text().append(indent, "dim").append_text(line)
        indented.rstrip()
        yield indented
        indent = rest


def _head(summary: ThreadSummary, style: TerminalStyle) -> Iterator[Text]:
    """Yield the thread's heading, and below it author, date and how much is known."""
    yield from _wrap(Text(escape_terminal(summary.heading, line=True), "bold"), style)
    facts = _facts(summary)
    if facts:
        yield from _wrap(Text(" · ".join(facts), "dim"), style)


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


def _excerpt(excerpt: Excerpt, style: TerminalStyle, *, explain: bool) -> Iterator[Text]:
    """Yield one quote: its number and place, the text behind a bar, and the post's address."""
    place = _place(excerpt.post, excerpt.thread)
    facts = [place if excerpt.whole else f"{place}, in part"]
    if excerpt.post.posted_at and excerpt.post.posted_at != excerpt.thread.posted_at:
        facts.append(_date(excerpt.post.posted_at))
    yield from _wrap(Text(f"[{excerpt.rank}] {' · '.join(facts)}", "dim"), style, "  ", "      ")
    yield from _wrap(_highlighted(excerpt), style, f"  {_BAR}")
    if explain:
        parts = " + ".join(
            f"{escape_terminal(name, line=True)} {share:.2f}" for name, share in excerpt.shares
        )
        label = f"score {excerpt.score:.2f}" + (f" = {parts}" if parts else "")
        yield from _wrap(Text(label, "dim"), style, "  ", "      ")
    if excerpt.post.url:
        yield Text("  ").append(escape_terminal(excerpt.post.url, line=True), "cyan")


def _highlighted(excerpt: Excerpt) -> Text:
    """Return the quote with its matched words set apart; each piece is escaped by itself."""
    quote, text, at = excerpt.quote, Text(), 0
    for start, end in excerpt.highlights:
        text.append(escape_terminal(quote[at:start])).append(escape_terminal(quote[start:end]), "bold yellow")
        at = end
    return text.append(escape_terminal(quote[at:]))


def _post(
    post: Post, summary: ThreadSummary, style: TerminalStyle, *, strong: bool = False
) -> Iterator[Text]:
    """Yield one whole post behind a bar; a strong one stands out among its neighbours."""
    facts = [_place(post, summary)]
    if post.posted_at and post.posted_at != summary.posted_at:
        facts.append(_date(post.posted_at))
    if post.author and post.author != summary.author:
        facts.append(f"by {escape_terminal(post.author, line=True)}")
    yield from _wrap(Text(" · ".join(facts), "bold" if strong else "dim"), style, "  ")
    yield from _wrap(Text(escape_terminal(post.text)), style, f"  {'┃ ' if strong else _BAR}")


def counted(number: int, noun: str) -> str:
    """Return a number with its English noun: "1 post", "1,200 posts"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _full_thread_reference(summary: ThreadSummary) -> Iterator[Text]:
    """Yield the command that prints the full thread, and its address where known."""
    label = "Full thread:" if summary.completeness is Completeness.COMPLETE else "All that is known:"
    yield Text("  ").append(label, "dim").append(f" bobbin thread {summary.id}")
    if summary.url:
        yield (
            Text("  ")
            .append("Address:", "dim")
            .append(" ")
            .append(escape_terminal(summary.url, line=True), "cyan")
        )


def _listed(summary: ThreadSummary, style: TerminalStyle) -> Iterator[Text]:
    """Yield one thread of a list."""
    heading = Text(summary.id, "cyan").append("  ").append(escape_terminal(summary.heading, line=True))
    yield from _wrap(heading, style, "", " " * 4)
    yield from _wrap(
        Text(" · ".join([counted(summary.length, "post"), *_facts(summary)]), "dim"), style, " " * 4
    )


def _nothing(suggestions: Suggestions, style: TerminalStyle) -> Iterator[Text]:
    """Yield that nothing fits, and the nearest words."""
    yield from _wrap(Text("Nothing in the archive answers this.", "bold"), style)
    if suggestions.terms:
        words = ", ".join(escape_terminal(term, line=True) for term in suggestions.terms)
        yield from _wrap(Text(f"Did you mean: {words}?"), style)
    yield from _wrap(Text("Try other words, or see what there is: bobbin threads"), style)
