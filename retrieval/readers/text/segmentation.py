"""Cut lines into posts: at markers, at torn tags, at blank lines or at every line."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from retrieval.patterns import pattern
from retrieval.readers.decoding import ANCHOR, is_blank
from retrieval.readers.numbering import Marker, MarkerPlace, accept_markers, find_markers, is_spool
from retrieval.readers.text.boilerplate import torn_tag

__all__ = ["Draft", "draft_text", "segment_posts", "split_first", "split_last"]

_HARD_BREAK: Final = "  "
_LIST_ITEM: Final = pattern(r"\s*(?:[-*•·–→✅]|[0-9]{1,3}[.)])\s")
_POSTSCRIPT: Final = pattern(r"P\.?\s?S[.:\s]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A post's lines before its place in a thread is known.

    ``span`` holds indices of lines, ``removed`` those that are markers and not text. ``closed`` says
    that the marker stands behind the post. ``source_id`` and ``author`` come from a torn tag.
    """

    span: range
    number: int | None = None
    total: int | None = None
    marker: str | None = None
    end: bool = False
    closed: bool = False
    removed: frozenset[int] = frozenset()
    source_id: str | None = None
    author: str | None = None


def draft_text(lines: Sequence[str], draft: Draft) -> str:
    """Return the post's text word for word, without its own-line markers and the space around it."""
    kept = []
    for index in draft.span:
        if index in draft.removed:
            continue
        tag = torn_tag(lines[index]) if draft.source_id and index == draft.span.start else None
        kept.append((tag[2] if tag else lines[index]).rstrip(" \t"))
    seen = [place for place, line in enumerate(kept) if not is_blank(line)]
    return "\n".join(kept[seen[0] : seen[-1] + 1]) if seen else ""


def segment_posts(  # noqa: PLR0913 - what is known of the lines
    lines: Sequence[str],
    span: range,
    *,
    count: int | None,
    headed: bool,
    repeats: bool,
    card: bool = False,
) -> list[Draft]:
    """Return the posts among those lines, in order; every line that is not blank is in one of them.

    ``count`` is how many the page announces, ``headed`` whether the page has such a head at all: its
    posts are then separated by single newlines, its paragraphs by blank lines. ``repeats`` says that
    the lines hold several previews, ``card`` that they are exactly one.

    Where the number of posts is known, a way to separate them that meets it wins; else none of them that
    makes more posts than another which makes too many.
    """
    tags = [index for index in span if torn_tag(lines[index])]
    accepted = accept_markers(_candidates(lines, span, headed=headed), repeats=repeats, card=card)
    if tags:
        opened = {index: index for index in tags}
        return _numbered(lines, _ranges(span, opened), accepted)
    if any(mark.place is MarkerPlace.OWN and mark.number is not None for mark in accepted):
        drafts = _at_marks(lines, span, accepted)
        if count is None or len(drafts) == count:
            return drafts
        others = (way for way in _ways(lines, span, accepted, headed=headed) if len(way) == count)
        return next(others, drafts) if card or not _sure(accepted) else drafts
    ways = _ways(lines, span, accepted, headed=headed)
    likeliest = next(ways)
    if count is not None and len(likeliest) != count:
        rest = list(ways)
        met = [way for way in rest if len(way) == count]
        if met:
            # No post begins with the second item of a list where another way to the same number is.
            likeliest = min(met, key=lambda way: sum(_listed(lines, draft.span[0]) for draft in way))
        elif len(likeliest) > count:
            # A page may lack posts, but has none too many: then lists were split, or paragraphs.
            likeliest = min((way for way in [likeliest, *rest] if len(way) > count), key=len)
        elif len(likeliest) == 1:
            # What no line break separates, blank lines do.
            likeliest = next((way for way in rest if 1 < len(way) < count), likeliest)
    return _last_end(lines, likeliest)


def _sure(accepted: Sequence[Marker]) -> bool:
    """Return whether a thread is numbered so surely that no count may override it."""
    return any(mark.sure for mark in accepted)


def _candidates(lines: Sequence[str], span: range, *, headed: bool) -> list[Marker]:
    """Return what may be markers; a list inside a paragraph is none where paragraphs can be recognised."""
    found = find_markers(lines, span)
    text = [index for index in span if not is_blank(lines[index])]
    if headed or not text or text[-1] - text[0] + 1 == len(text):
        return found
    return [
        mark
        for mark in found
        if mark.place is not MarkerPlace.START
        or not mark.listed
        or mark.line == span.start
        or is_blank(lines[mark.line - 1])
    ]


def _ways(
    lines: Sequence[str], span: range, accepted: Sequence[Marker], *, headed: bool
) -> Iterator[list[Draft]]:
    """Yield every way to tell the posts apart that makes sense here, the likeliest first."""
    text = [index for index in span if not is_blank(lines[index])]
    ways: dict[str, Callable[[], Iterable[range]]] = {
        "blocks": lambda: _ranges(span, _openings(lines, text, _apart)),
        "newlines": lambda: _ranges(span, _openings(lines, text, lambda _, above, below: below == above + 1)),
        "lists": lambda: _ranges(
            span,
            _openings(
                lines,
                text,
                lambda _, above, below: (
                    below == above + 1 and not (_listed(lines, above) and _listed(lines, below))
                ),
            ),
        ),
        # A list belongs to the line above it, be that a list or not.
        "bullets": lambda: _ranges(
            span,
            _openings(lines, text, lambda _, above, below: below == above + 1 and not _listed(lines, below)),
        ),
        "paragraphs": lambda: _ranges(
            span,
            _openings(lines, text, lambda _, above, below: below > above + 1 and not _listed(lines, below)),
        ),
        "lines": lambda: _ranges(
            span, _openings(lines, text, lambda _, __, below: not _listed(lines, below))
        ),
        "single": lambda: (range(index, index + 1) for index in text),
    }
    numbers = ["numbers"] if accepted else []
    if not text or text[-1] - text[0] + 1 == len(text):
        order = [*numbers, "single", "lines"]
    elif headed:
        order = ["newlines", *numbers, "lists", "bullets", "blocks", "paragraphs", "lines", "single"]
    elif any(_soft(lines, index) for index in span):
        order = ["blocks", *numbers, "newlines", "paragraphs", "bullets", "lines", "single"]
    else:
        order = [*numbers, "blocks", "newlines", "paragraphs", "bullets", "lines", "single"]
    for way in order:
        if way == "numbers":
            yield _at_marks(lines, span, accepted)
        else:
            yield _numbered(lines, ways[way](), accepted)


def _openings(
    lines: Sequence[str], text: Sequence[int], apart: Callable[[Sequence[str], int, int], bool]
) -> set[int]:
    return {text[0], *(after for before, after in pairwise(text) if apart(lines, before, after))}


def _apart(lines: Sequence[str], before: int, after: int) -> bool:
    """Return whether a blank line between two lines of text ends a post.

    In a Markdown clipping a line that ends in two spaces goes on behind a line of spaces, and a
    block that is nothing but a linked picture belongs to the post above it.
    """
    if after == before + 1 or lines[after].lstrip().startswith(("[![", "![", "[**", ANCHOR)):
        return False
    return not all(_soft(lines, index) for index in range(before + 1, after))


def _listed(lines: Sequence[str], index: int) -> bool:
    return _LIST_ITEM.match(lines[index]) is not None


def _soft(lines: Sequence[str], index: int) -> bool:
    line = lines[index]
    return (
        index > 0
        and line.startswith(_HARD_BREAK)
        and is_blank(line)
        and lines[index - 1].endswith(_HARD_BREAK)
    )


def _ranges(span: range, openings: Iterable[int]) -> list[range]:
    starts = sorted({span.start, *openings})
    return [range(start, stop) for start, stop in pairwise([*starts, span.stop])]


def _numbered(lines: Sequence[str], ranges: Iterable[range], accepted: Sequence[Marker]) -> list[Draft]:
    """Return a draft for each range with text, with the number that its first or last line carries."""
    by_line = {mark.line: mark for mark in accepted}
    drafts = []
    for span in ranges:
        text = [index for index in span if not is_blank(lines[index])]
        if not text:
            continue
        tag = torn_tag(lines[text[0]])
        draft = Draft(range(text[0], text[-1] + 1))
        if tag:
            draft = replace(draft, source_id=tag[0], author=tag[1])
        edges = _edges(by_line, text[1 if tag else 0 : 2 if tag else 1], text[-1:])
        removed = frozenset(mark.line for mark in edges if mark.place is MarkerPlace.OWN)
        drafts.append(replace(_carry(draft, edges[0]) if edges else draft, removed=removed))
    return drafts


def _edges(by_line: dict[int, Marker], first: Sequence[int], last: Sequence[int]) -> list[Marker]:
    opening = [by_line[i] for i in first if i in by_line and by_line[i].place is not MarkerPlace.END]
    closing = [by_line[i] for i in last if i in by_line and by_line[i].place is not MarkerPlace.START]
    return opening + closing


def _carry(draft: Draft, mark: Marker) -> Draft:
    return replace(draft, number=mark.number, total=mark.total, marker=mark.text, end=mark.end)


def _last_end(lines: Sequence[str], drafts: list[Draft]) -> list[Draft]:
    """Take a bare END that closes an unnumbered thread for what it is."""
    if len(drafts) < 1 or any(draft.number is not None for draft in drafts):
        return drafts
    line = drafts[-1].span[-1]
    mark = next(
        (
            mark
            for mark in find_markers(lines, range(line, line + 1))
            if mark.end and mark.place is MarkerPlace.OWN
        ),
        None,
    )
    if mark is None:
        return drafts
    last = replace(drafts[-1], marker=mark.text, end=True, removed=frozenset({line}))
    if draft_text(lines, last) or len(drafts) == 1:
        # A thread of nothing but "END" keeps its only word.
        return [*drafts[:-1], last] if draft_text(lines, last) else drafts
    before = drafts[-2]
    joined = range(before.span.start, last.span.stop)
    return [*drafts[:-2], replace(before, span=joined, marker=mark.text, end=True, removed=last.removed)]


def _before(lines: Sequence[str], span: range, accepted: Sequence[Marker]) -> bool:
    """Return whether own-line markers stand before their posts, and not behind them."""
    own = [mark for mark in accepted if mark.place is MarkerPlace.OWN]
    text = [index for index in span if not is_blank(lines[index])]
    first, last = own[0].line == text[0], own[-1].line == text[-1]
    if own[0].style == "/n":
        return first and not last
    if not first and own[0].number == 1 and (own[0].total is not None or _points_down(lines[own[0].line])):
        # Above the first marker stands the first post; what follows the last one is a trailing line.
        return False
    # Above "2/" stands the first post, so that it opens the second.
    return first or not last or own[0].number == 2  # noqa: PLR2004


def _points_down(line: str) -> bool:
    """Return whether a marker points to the next post, as one below its own post does."""
    return any(arrow in line for arrow in "↓⬇👇")


def _at_marks(lines: Sequence[str], span: range, accepted: Sequence[Marker]) -> list[Draft]:
    """Return the drafts between markers; one without text keeps nothing but its marker."""
    own_opens = any(mark.place is MarkerPlace.OWN for mark in accepted) and _before(lines, span, accepted)
    opens: dict[int, Marker] = {}
    closes: dict[int, Marker] = {}
    for mark in accepted:
        before = mark.place is MarkerPlace.START or (
            mark.place is MarkerPlace.OWN and own_opens and mark.number is not None
        )
        (opens if before else closes)[mark.line] = mark
    drafts: list[Draft] = []
    starts = {
        *opens,
        *(line + 1 for line in closes if line + 1 < span.stop),
        *_postscript(lines, span, accepted[-1]),
    }
    for part in _ranges(span, starts):
        text = [index for index in part if not is_blank(lines[index])]
        if text:
            opening, closing = opens.get(text[0]), closes.get(text[-1])
            drafts += _between(lines, range(text[0], text[-1] + 1), opening, closing)
    return drafts


def _postscript(lines: Sequence[str], span: range, last: Marker) -> list[int]:
    """Return where a postscript begins behind the post that is the last by its own count, if one does."""
    if last.number is None or last.number != last.total:
        return []
    return [index for index in range(last.line + 1, span.stop) if _POSTSCRIPT.match(lines[index])][:1]


def _between(
    lines: Sequence[str], span: range, opening: Marker | None, closing: Marker | None
) -> list[Draft]:
    removed = frozenset(mark.line for mark in (opening, closing) if mark and mark.place is MarkerPlace.OWN)
    draft = Draft(span, removed=removed)
    if opening is None:
        return [replace(_carry(draft, closing), closed=True) if closing else draft]
    draft = _carry(draft, opening)
    if closing is None or closing.number is None or closing.number == opening.number:
        return [replace(draft, end=draft.end or (closing is not None and closing.end))]
    parts = split_last(lines, draft)
    if parts is None:
        return [replace(draft, end=draft.end or closing.end)]
    return [_carry(parts[0], opening), replace(_carry(parts[1], closing), closed=True)]


def split_last(lines: Sequence[str], draft: Draft) -> tuple[Draft, Draft] | None:
    """Part the last paragraph from a draft, or its last line where it has no paragraphs.

    The marker behind a post certainly belongs to what stands right above it, so the second part keeps
    it; the first keeps nothing but its lines. ``None`` when there is only one line.
    """
    text = [index for index in draft.span if index not in draft.removed and not is_blank(lines[index])]
    gaps = [
        after for before, after in pairwise(text) if any(is_blank(lines[i]) for i in range(before + 1, after))
    ]
    if len(text) < 2:  # noqa: PLR2004 (nothing to part)
        return None
    return _part(draft, text, gaps[-1] if gaps else text[-1])


def split_first(lines: Sequence[str], draft: Draft) -> tuple[Draft, Draft] | None:
    """Part the first post from a draft where a lone 🧵 closes it, else as :func:`part_last` does."""
    text = [index for index in draft.span if index not in draft.removed and not is_blank(lines[index])]
    spools = [index for index in text if is_spool(lines[index])]
    if len(spools) == 1 and spools[0] not in {text[0], text[-1]}:
        first, second = _part(draft, text, text[text.index(spools[0]) + 1])
        marker = lines[spools[0]].strip()
        return replace(first, marker=marker, removed=first.removed | {spools[0]}), second
    return split_last(lines, draft)


def _part(draft: Draft, text: Sequence[int], at: int) -> tuple[Draft, Draft]:
    above = text[text.index(at) - 1]
    first = Draft(range(draft.span.start, above + 1), removed=frozenset(i for i in draft.removed if i < at))
    return first, replace(draft, span=range(at, draft.span.stop), removed=draft.removed - first.removed)
