"""Rendering for a terminal: answers, threads, lists and digests, escaped, wrapped, in colour or plain."""

import os
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, TextIO

from rich.text import Text

from bot.cli.options import colour_choice
from retrieval.model import (
    Answer,
    Cap,
    Completeness,
    Excerpt,
    FirstMention,
    Mention,
    Period,
    Post,
    QuoteCheck,
    QuoteResult,
    Suggestions,
    ThenAndNow,
    Thread,
    ThreadSummary,
    Uncounted,
    Verdict,
    Weighing,
)

if TYPE_CHECKING:
    from rich.console import Console

    from bot.digest.contents import Digest

__all__ = [
    "TerminalStyle",
    "answer",
    "capture_console",
    "context",
    "counted",
    "digest",
    "escape_terminal",
    "first_mention",
    "language_called",
    "quote_check",
    "terminal_style",
    "then_and_now",
    "thread",
    "threads",
    "trend",
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
_UNCOUNTED = {
    None: "No post of this archive holds these words.",
    Uncounted.COMMON: "These words are too common to count: nearly every post holds them.",
    Uncounted.WORDLESS: "There is no word in this to count.",
}
_BARS = 40
_UNDATED = 20
_RESULTS = {
    QuoteResult.EXACT: "Exact: a post of this archive holds it, character by character.",
    QuoteResult.SAME: (
        "The same but for typography: only marks, dashes, case, spaces or shortened links differ."
    ),
    QuoteResult.ALTERED: "Altered: no post of this archive holds it like this. The nearest:",
    QuoteResult.ABSENT: "Not in this archive, which says nothing about whether it was written elsewhere.",
    QuoteResult.SHORT: (
        "Too short to check: texts of fewer than 4 words or 20 characters are the same by chance."
    ),
}
_APART = "Altered: no thread of this archive holds its parts in this order. Each by itself:"
_PARTS = {
    QuoteResult.EXACT: "exact",
    QuoteResult.SAME: "the same but for typography",
    QuoteResult.ALTERED: "altered",
    QuoteResult.ABSENT: "not in this archive",
    QuoteResult.SHORT: "too short by itself",
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


def answer(
    result: Answer, style: TerminalStyle, *, languages: Sequence[str] = (), explain: bool = False
) -> str:
    """Draw an answer: the excerpts by thread, best first, or what to try where nothing was found.

    Excerpts that only come close say so above them, with the words that the archive knows. ``languages``
    are the question's and the archive's, where they differ. ``explain`` adds each score with its shares, and
    what spoke for and against an answer. Addresses and commands stand on lines of their own and are never
    broken, so that they can be copied; all other lines keep to the width.
    """
    weighed = [Text(), *_weighed(result, style)] if explain else []
    if result.verdict is Verdict.NOTHING:
        lines = [*_understood(result, languages, style), *_searched(result.corrected)]
        return _draw([*lines, *_nothing(result.suggestions, style), *weighed], style)
    lines = [*_understood(result, languages, style), *_searched(result.corrected)]
    if result.verdict is Verdict.CLOSEST:
        lines += [Text("No post answers this for certain. The closest:", "bold yellow")]
        lines += [*_known_words(result.weighing, style), Text()]
    for summary, excerpts in result.by_thread():
        lines += [*_head(summary, style), Text()]
        for excerpt in excerpts:
            lines += [*_excerpt(excerpt, style, explain=explain), Text()]
        lines += [*_full_thread_reference(summary), Text()]
    return _draw([*lines[:-1], *weighed], style)


def _understood(result: Answer, languages: Sequence[str], style: TerminalStyle) -> list[Text]:
    """Return how the operators of the question were understood, and its language."""
    interpretation = result.interpretation
    if not (interpretation.filters or interpretation.unmet or interpretation.unheld or languages):
        return []
    from bot.i18n import ENGLISH  # noqa: PLC0415 - slow to import, and most questions have no operators
    from bot.operators import filter_notes, language_notes  # noqa: PLC0415 - as above

    notes = [
        *filter_notes(interpretation, result.verdict, ENGLISH),
        *language_notes(languages, ENGLISH),
    ]
    lines = [line for note in notes for line in _wrap(Text(escape_terminal(note, line=True), "dim"), style)]
    return [*lines, Text()] if lines else []


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


def first_mention(found: FirstMention, style: TerminalStyle) -> str:
    """Draw who said some words when: the first post, each author's first, bars by month, what is undated."""
    words = escape_terminal(found.words, line=True)
    lines: list[Text] = []
    if found.first:
        lines += [Text(f"The first in this archive to say “{words}”", "bold"), Text()]
        lines += [*_mention(found.first, style), Text()]
        others = [one for one in found.by_author() if one.posted_at and one is not found.first]
        lines += [Text("The first of each other author", "bold")] if others else []
        lines += [line for one in others for line in _mention_line(one, style)] + ([Text()] if others else [])
        lines.append(Text("Posts by month", "bold"))
        lines += [*_bars({month: len(posts) for month, posts in found.months().items()}), Text()]
    elif not found.mentions:
        lines += [*_wrap(Text(f"No post of this archive says “{words}”."), style), Text()]
    if found.undated:
        count = len(found.undated)
        said = f"Without a known date, so perhaps earlier: {count:,}"
        lines += [*_wrap(Text(said, "bold"), style)]
        lines += [line for one in found.undated[:_UNDATED] for line in _mention_line(one, style)]
        more = count - _UNDATED
        lines += [Text(f"  and {more:,} more, listed by --csv", "dim")] if more > 0 else []
        lines.append(Text())
    return _draw([*lines, *_wrap(Text(_covered(found.period), "dim"), style)], style)


def then_and_now(found: ThenAndNow, style: TerminalStyle) -> str:
    """Draw an author's earliest posts on a subject, then the latest, each with its edits."""
    author, subject = (escape_terminal(text, line=True) for text in (found.author, found.subject))
    if not found.total:
        return _draw(_wrap(Text(f"No post by {author} in this archive is about “{subject}”."), style), style)
    lines: list[Text] = []
    for title, mentions in (("Then", found.earliest), ("Now", found.latest)):
        lines += [Text(title, "bold underline"), Text()] if mentions else []
        for mention in mentions:
            lines += [*_mention(mention, style)]
            for edit in mention.edits:
                lines.append(Text(f"  Another wording, read {_date(edit.read_at)}:", "dim"))
                lines += _wrap(_marked_difference(edit.difference), style, "    ")
            lines.append(Text())
    undated = f", {found.undated:,} of them without a known date" if found.undated else ""
    return _draw(
        [*lines, Text(f"Posts by {author} about “{subject}”: {found.total:,}{undated}.", "dim")], style
    )


def trend(counts: Mapping[str | None, int], style: TerminalStyle, uncounted: Uncounted | None = None) -> str:
    """Draw how many posts there are by month, and under ``None`` how many without a known date.

    Where nothing was counted, ``uncounted`` says why.
    """
    dated = {month: posts for month, posts in sorted(counts.items(), key=str) if month is not None}
    lines = [*_bars(dated)]
    if counts.get(None):
        lines.append(Text(f"Without a known date: {counts[None]:,}", "dim"))
    return _draw(lines or [Text(_UNCOUNTED[uncounted])], style)


def _bars(months: Mapping[str, int]) -> Iterator[Text]:
    most = max(months.values(), default=1)
    for month, posts in months.items():
        bar = "█" * max(1, round(posts / most * _BARS))
        yield Text(f"  {month}  {posts:>6,}  ").append(bar, "cyan")


def _mention(mention: Mention, style: TerminalStyle) -> Iterator[Text]:
    by = f", by {escape_terminal(mention.author, line=True)}" if mention.author else ""
    yield Text(f"  {_date(mention.posted_at)}{by}" if mention.posted_at else f"  undated{by}")
    yield from _excerpt(mention.excerpt, style, explain=False)
    yield from _full_thread_reference(mention.excerpt.thread)


def _mention_line(mention: Mention, style: TerminalStyle) -> Iterator[Text]:
    """Yield one post in a line: date, author, and the id that `bobbin thread` opens."""
    facts = [
        _date(mention.posted_at) if mention.posted_at else None,
        escape_terminal(mention.author, line=True) if mention.author else "author unknown",
        f"bobbin thread {mention.excerpt.thread.id}/{mention.excerpt.post.ordinal}",
    ]
    yield from _wrap(Text(" · ".join(filter(None, facts))), style, "  ", "    ")


def _covered(period: Period) -> str:
    undated = f"; {period.undated:,} of its {period.posts:,} posts have no known date"
    if period.first is None or period.last is None:
        return f"No post of this archive has a known date{undated}."
    return f"This archive covers {_date(period.first)} to {_date(period.last)}{undated}."


def quote_check(check: QuoteCheck, style: TerminalStyle) -> str:
    """Draw what the archive holds of a quotation: the result, what differs, and the posts, word for word."""
    apart = check.result is QuoteResult.ALTERED and not check.together
    verdict = _APART if apart else _RESULTS[check.result]
    held = check.result in {QuoteResult.EXACT, QuoteResult.SAME}
    lines = [*_wrap(Text(verdict, "bold green" if held else "bold yellow"), style)]
    lines += _wrap(Text(_claimed(check)), style) if _claimed(check) else []
    if check.places > 1:
        lines.append(Text(f"It stands in {check.places:,} places; one of them is shown.", "dim"))
    for part in check.parts:
        if apart:
            text = escape_terminal(part.text, line=True)
            lines += [Text(), *_wrap(Text(f"“{text}”: {_PARTS[part.result]}", "dim"), style)]
        if part.difference:
            lines += [Text(), *_wrap(_marked_difference(part.difference), style, "  ")]
        for excerpt in part.excerpts:
            lines += [Text(), *_head(excerpt.thread, style), *_excerpt(excerpt, style, explain=False)]
            lines += _full_thread_reference(excerpt.thread)
    return _draw(lines, style)


def _claimed(check: QuoteCheck) -> str:
    """Return a sentence on the claimed author; empty where none is claimed, or no post is near."""
    authors = dict.fromkeys(
        escape_terminal(excerpt.post.author or excerpt.thread.author or "", line=True)
        for part in check.parts
        for excerpt in part.excerpts
    )
    if check.author is None or not authors:
        return ""
    claimed, known = escape_terminal(check.author, line=True), ", ".join(filter(None, authors))
    if check.author_matches:
        return f"The claimed author, {claimed}, is the one of the archive."
    if check.author_matches is None:
        return f"The claimed author is {claimed}; the archive cannot tell whether that is so."
    return f"The claimed author is {claimed}; in the archive it is {known}."


def _marked_difference(difference: Sequence[tuple[str, str]]) -> Text:
    """Return both texts in one: [-what the quotation has-] and {+what the archive has+} where they differ."""
    pieces: list[Text] = []
    for quoted, archived in difference:
        ours, theirs = escape_terminal(quoted, line=True), escape_terminal(archived, line=True)
        if quoted == archived:
            pieces.append(Text(ours))
            continue
        pieces += [Text(f"[-{ours}-]", "red")] if ours else []
        pieces += [Text(f"{{+{theirs}+}}", "green")] if theirs else []
    return Text(" ").join(pieces)


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


def digest(composed: "Digest", style: TerminalStyle) -> str:
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
        said = ago if feature.years and not composed.further else ""
        lines += [Text(f"From the archive{said}", "bold underline"), Text()]
        for one in composed.features:
            lines += _digest_entry(one.excerpt, style)
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


def capture_console(style: TerminalStyle) -> "Console":
    """Return a console whose output is captured, with the width and colours of a style."""
    from rich.console import Console  # noqa: PLC0415 - slow to import; what goes into files and pipes needs none

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


def language_called(code: str) -> str:
    """Return the English name of a language by its ISO 639-1 code, the code where it has none."""
    from babel import Locale  # noqa: PLC0415 - loaded only where a language is named

    return str(Locale("en").languages.get(code, code))


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
