"""Whether a text is a thread: what must be seen in it before anything of it is imported unasked.

Any one of these is a sign, judged by the text alone:

- **a page of the unrolling service**: its line "3 tweets, 1 min read", its tags, or its own sentences;
- **front matter** of a thread: the address of a post or of an unrolled page, a handle as the author, or
  the documented block, which names an author and nothing but what :mod:`retrieval.readers.front_matter`
  reads. Title, tags and layout alone are those of any note;
- **numbers in sequence** as only posts carry them: ``/1``, ``1/``, ``1/6``, ``(1/6)``, ``1/x``, and
  ``(1)`` where it closes every post. ``1.``, ``1)`` and ``(1)`` before a paragraph are lists, steps and
  articles of a law, and no sign, unless 🧵 stands above the first ``1.`` or ``1)``.

Source code, changes, mails, subtitles, calendars and the like are none, whatever numbers are in them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from retrieval.patterns import pattern
from retrieval.readers.decoding import is_blank
from retrieval.readers.front_matter import front_matter, tells_of_thread
from retrieval.readers.numbering import Marker, MarkerPlace, find_markers, is_spool
from retrieval.readers.text.boilerplate import TextPage, is_page_text, split_boilerplate, torn_tag

__all__ = ["is_program", "sureness"]

_PAGE: Final = 0.9
_NUMBERED: Final = 0.8
_FRONT: Final = 0.7

_ANNOUNCED: Final = pattern(
    r"(?:.{0,60}[\s,•·])?\d{1,4} (?:tweets?|posts?)\W{1,4}\d{1,3} min(?:ute)? read\b.{0,40}$", re.IGNORECASE
)
_WIDE: Final = 200
# Sentences of the service that no other page has; of the rest two must be there.
_OWN: Final = pattern(
    r"missing some tweet in this thread|stay in touch and get notified when new unrolls"
    r"|this thread may be removed anytime|try unrolling a thread yourself"
    r"|thread by @\w{1,30} on thread reader"
    r"|follow @threadreaderapp|@threadreaderapp unroll|did thread reader help you"
    r"|source: https://threadreaderapp\.com/|from a twitter thread mention us"
    r"|tip: mention \[?@|enjoy threader|.{0,160}(?<!\w)(?:scrolly|twtext)",
    re.IGNORECASE,
)
_TWO: Final = 2

# What other kinds of text begin with, or have in a line near their beginning.
_OTHER: Final = pattern(
    r"#!|%!|\{\\rtf|BEGIN:V|WEBVTT|diff --git |Index: |From \S+@\S+ |\\documentclass|\\begin\{"
    r"|(?:Return-Path|Received|Message-ID|MIME-Version|Delivered-To|DKIM-Signature):"
    r"|-----BEGIN |<(?:\?xml|!doctype|!--|html|head|body|div|svg|rss|feed)\b"
    r"|@@ -\d{1,9}(?:,\d{1,9})? \+\d|(?:---|\+\+\+) [ab]/",
    re.IGNORECASE,
)
_CUE: Final = pattern(r"(?:\d\d:)?\d\d:\d\d[.,]\d{3} --> ")
# A mail's head, and the lines of logs and chats.
_HEADER: Final = pattern(r"(?:From|To|Cc|Subject|Date|Sent|Reply-To): ")
_STAMP: Final = pattern(r"[\[(]?\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[ T,]{1,2}\d{1,2}:\d{2}")
_HEADERS, _HEAD_LINES = 2, 12
_OTHER_LINES: Final = 40
# How lines of code, settings and markup end, and how they begin.
_CODE_ENDS: Final = (";", "{", "}", "},", "};", "):", ");", "),", "])", "*/", "/>")
_CODE: Final = pattern(
    r"(?:import|from|def|class|async|await|return|if|elif|else|for|while|try|except|with|assert|raise|function"
    r"|const|let|var|export|public|private|static|void|int|fn|func|impl|use|pub|struct|package|using|namespace"
    r"|#include|#define|#if|local|require|insert into|create table|select)\b[^\n]*[:;({})=,\"'>]$"
    r"|</?\w[^>]*>$|[\w.\[\]\"']{1,80}\s?[:+-]?=\s?\S",
    re.IGNORECASE,
)
_SOME, _CODE_SHARE = 3, 0.25
_GLANCED: Final = 200

# Lines of programs, and what else may begin a file that has such lines in it: data, pages, saved mails.
_PROGRAM: Final = pattern(
    r"\s*(?:(?:async )?def \w|class \w.*[:{(]|from [\w.]+ import |import [\w.{*\"']|#\s?include|#!"
    r"|(?:export |async )?function \w|func \w|fn \w|(?:package|using|public|private|static) \w"
    r"|(?:const|let|var) \w+ ?=|return\b)"
)
_NO_PROGRAM: Final = pattern(r"\s*(?:[{\[<]|---\s|window\.|Grailbird\.|[A-Z][\w-]{1,40}: )")
_PROGRAM_SHARE: Final = 0.05

# Posts are short: where more text than this stands to a number, the number is not a post's.
_TEXT_A_POST: Final = 2_000
_RUN: Final = 3
_STRIDE: Final = 10
_FEW_WORDS: Final = 6
_FIGURES: Final = pattern(r"[0-9]+")
_ENDED: Final = pattern(r"""[.!?…:"”’')\]🧵👇⬇↓]\s*$""")
_BARE_TOTALS: Final = frozenset({"n/m", "(n/m)"})
_TELLING: Final = frozenset({"/n", "n/", "n/m", "(n/m)", "n/x", "(n/x)"})


def sureness(lines: Sequence[str]) -> float:
    """Return how surely the lines are a thread: 0.9 by its page, 0.8 by its numbers, 0.7 by its front matter.

    Without any sign it is 0.0. The work is linear in the lines.
    """
    start, _ = front_matter(lines)
    has_front_matter = tells_of_thread(lines)
    if _is_other(lines[start:]):
        return 0.0
    page = split_boilerplate(lines)
    if _is_page(lines, page):
        return _PAGE
    if _is_numbered(lines, page.main.span):
        return _NUMBERED
    return _FRONT if has_front_matter else 0.0


def is_program(text: str) -> bool:
    """Return whether the text is source code; what a program has in its strings is not what it is."""
    if _NO_PROGRAM.match(text[:_GLANCED]):
        return False
    lines = [line for line in text.split("\n") if not is_blank(line)]
    count = sum(_PROGRAM.match(line[:_GLANCED]) is not None for line in lines)
    return count >= _SOME and count > _PROGRAM_SHARE * len(lines)


def _is_other(lines: Sequence[str]) -> bool:
    """Return whether the lines are of a kind that is never a thread, whatever is written in it."""
    text = [line for line in lines if not is_blank(line)]
    if any(_OTHER.match(line[:_GLANCED]) for line in text[:_OTHER_LINES]):
        return True
    if sum(_CUE.match(line[:_GLANCED].lstrip()) is not None for line in text[: 4 * _OTHER_LINES]) > 1:
        return True
    if sum(_HEADER.match(line) is not None for line in text[:_HEAD_LINES]) >= _HEADERS:
        return True
    stamped = sum(_STAMP.match(line) is not None for line in text)
    if stamped >= _SOME and stamped * 2 > len(text):
        return True
    code = sum(_is_code(line[:_GLANCED].strip()) for line in text)
    return code >= _SOME and code > _CODE_SHARE * len(text)


def _is_code(line: str) -> bool:
    return line.endswith(_CODE_ENDS) or _CODE.match(line) is not None


def _is_page(lines: Sequence[str], page: TextPage) -> bool:
    if page.origin.count is not None:
        return True
    sentences = set()
    for line in lines:
        if torn_tag(line) or (len(line) <= _WIDE and _ANNOUNCED.match(line)):
            return True
        if is_page_text(line):
            if _OWN.search(line[:_WIDE]):
                return True
            sentences.add(line.strip())
    return len(sentences) >= _TWO


def _is_numbered(lines: Sequence[str], span: range) -> bool:
    """Return whether the lines carry numbers in sequence as only posts do."""
    found = find_markers(lines, span)
    size = sum(len(lines[index]) for index in span)
    own = {mark.line for mark in found if mark.place is MarkerPlace.OWN}
    if all(is_blank(lines[index]) or index in own for index in span):
        return False
    if _rises(lines, span, found):
        return True
    families: dict[tuple[MarkerPlace, str, int | None], list[Marker]] = defaultdict(list)
    for mark in found:
        if mark.number is not None and not mark.end:
            families[mark.place, mark.style, mark.total].append(mark)
    runs = [run for family in families.values() for run in _runs(family)]
    return any(_tells(lines, span, run, size) or _is_announced(lines, span, run, size) for run in runs)


def _rises(lines: Sequence[str], span: range, found: Iterable[Marker]) -> bool:
    """Return whether sure markers follow one another, such as ``/1`` and ``/2`` on lines of their own.

    A thread of one post has one: ``/1``, below all its text.
    """
    sure = [mark for mark in found if mark.sure]
    if len(sure) == 1 and sure[0].number == 1 and not sure[0].end:
        text = [index for index in span if not is_blank(lines[index])]
        return text[-1] == sure[0].line and sum(len(lines[index]) for index in text) <= _TEXT_A_POST
    numbers: list[int | None] = [mark.number for mark in sure]
    spool = next((index for index in span if is_spool(lines[index])), None)
    if spool is not None and len(numbers) == 1:
        numbers = [1, *numbers]
    return any(
        before is not None and (after is None or before < after <= before + _STRIDE)
        for before, after in pairwise(numbers)
    )


def _runs(family: Sequence[Marker]) -> Iterable[list[Marker]]:
    """Yield the runs of consecutive numbers in a family, in the order of the lines."""
    run: list[Marker] = []
    for mark in family:
        if run and mark.number != (run[-1].number or 0) + 1:
            yield run
            run = []
        run.append(mark)
    if run:
        yield run


def _tells(lines: Sequence[str], span: range, run: Sequence[Marker], size: int) -> bool:
    """Return whether a run of consecutive numbers is that of posts."""
    first = run[0]
    if len(run) < _TWO or size > len(run) * _TEXT_A_POST or (first.number or 0) > _STRIDE:
        return False
    if first.style == "(n)":
        return len(run) >= _RUN and _closes_every_post(lines, span, run)
    if first.style not in _TELLING:
        return False
    if first.place is MarkerPlace.OWN:
        return first.total is None or len(run) >= min(_RUN, first.total) or first.style == "(n/m)"
    beside = [_beside(lines[mark.line], mark) for mark in run]
    return _are_posts(lines, run, beside)


def _is_announced(lines: Sequence[str], span: range, run: Sequence[Marker], size: int) -> bool:
    """Return whether blocks with ``1.`` or ``1)`` follow a first one that has a spool of thread in it."""
    first = run[0]
    if not first.listed or first.number != 1 or len(run) < _RUN or size > len(run) * _TEXT_A_POST:
        return False
    above = [lines[index] for index in range(span.start, first.line) if not is_blank(lines[index])]
    apart = all(is_blank(lines[mark.line - 1]) for mark in run if mark.line)
    return apart and 0 < len(above) <= _SOME and any("🧵" in line for line in above)


def _closes_every_post(lines: Sequence[str], span: range, run: Sequence[Marker]) -> bool:
    """Return whether ``(1)``, ``(2)``, … stand behind the posts, the last one behind all text."""
    last = next((index for index in reversed(span) if not is_blank(lines[index])), -1)
    return run[0].place is not MarkerPlace.START and (run[0].number or 0) <= _TWO and run[-1].line == last


def _beside(line: str, mark: Marker) -> str:
    """Return what stands on the line beside a marker."""
    line = line.strip()
    if mark.place is MarkerPlace.START:
        return line.partition(mark.text)[2]
    return line.rpartition(mark.text)[0]


def _are_posts(lines: Sequence[str], run: Sequence[Marker], beside: Sequence[str]) -> bool:
    """Return whether the words beside a run's numbers are those of posts.

    Those of fractions, page numbers, progress and paths are not: "1/3 cup", "Page 1/3", "[1/3] Linking",
    "1/one.txt".
    """
    first = run[0]
    words = [text.split() for text in beside]
    if len({_FIGURES.sub("0", text.strip()) for text in beside}) <= len(run) // 2:
        return False
    if not any(char.isalpha() for text in beside for char in text[:_WIDE]):
        return False
    if (
        first.place is MarkerPlace.START
        and first.style == "n/"
        and all(len(own) == 1 and not text[:1].isspace() for own, text in zip(words, beside, strict=True))
    ):
        return False
    if first.style in _BARE_TOTALS:
        if len(run) < min(_RUN, first.total or _RUN) and _are_measures(first, beside):
            return False
        if first.text.startswith("[") and _are_dense(lines, run) and not _are_sentences(beside):
            return False
    opening = {_FIGURES.sub("0", own[0]) for own in words if own}
    few = all(len(own) <= _FEW_WORDS for own in words)
    return not (few and len(opening) == 1 and not _are_sentences(beside))


def _are_measures(first: Marker, beside: Sequence[str]) -> bool:
    """Return whether two numbers with one total are fractions: "1/3 cup" and "2/3 spoon"."""
    return first.place is MarkerPlace.START and any(text.lstrip()[:1].islower() for text in beside)


def _are_dense(lines: Sequence[str], run: Sequence[Marker]) -> bool:
    return all(mark.line == 0 or not is_blank(lines[mark.line - 1]) for mark in run)


def _are_sentences(beside: Sequence[str]) -> bool:
    return any(_ENDED.search(text.rstrip()[-_FEW_WORDS:]) for text in beside)
