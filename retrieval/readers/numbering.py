"""How authors number their posts: which tokens are markers, and which of them form a sequence."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Final

from retrieval.patterns import pattern
from retrieval.readers.decoding import ANCHOR

__all__ = ["Marker", "MarkerPlace", "accept_markers", "find_markers", "is_spool"]

# Further than this a number tells nothing about the one before it.
_STRIDE: Final = 10
# A run of consecutive inline numbers shorter than this is a coincidence.
_RUN: Final = 3
_LONGEST_MARKER: Final = 40
_SURE: Final = 999

_N: Final = r"[1-9][0-9]{0,3}"
_DECORATION: Final = rf"[\s🧵👇⬇↓➡→\ufe0f{ANCHOR}]*"
_END: Final = r"(?:the\s)?(?:end|fin)|to\sbe\scontinued"
_BARE_END: Final = r"(?-i:[(\[]?(?:(?:THE\s)?END|FIN|TO\sBE\sCONTINUED)[.!]?[)\]]?)"
# One named group a style; its numbers are read from what it matched.
_STYLES: Final = {
    "slash_end": ("/end", rf"(?:{_N})?\s?/\s?(?:{_END})[.!]?"),
    "of": ("n/m", rf"{_N}\s?/\s?{_N}"),
    "of_unknown": ("n/x", rf"{_N}\s?/\s?(?:[xn?]|🧵|…|\.\.\.)"),
    "slash_first": ("/n", rf"/\s?{_N}"),
    "slash_last": ("n/", rf"{_N}\s?/"),
    "bracketed_of": ("(n/m)", rf"[(\[]\s?{_N}\s?(?:/|of\s)\s?{_N}\s?[)\]]"),
    "bracketed_unknown": ("(n/x)", rf"[(\[]\s?{_N}\s?/\s?[xn?]?\s?[)\]]"),
    "bracketed": ("(n)", rf"[(\[]\s?{_N}\s?[)\]]"),
    "parenthesis": ("n)", rf"{_N}\)"),
    "dot": ("n.", rf"{_N}\."),
    "bare_end": ("end", _BARE_END),
}
_ENDS: Final = frozenset({"/end", "end"})
_LISTED: Final = frozenset({"n)", "n."})


def _any_of(*names: str) -> str:
    return "(?:" + "|".join(f"(?P<{name}>{_STYLES[name][1]})" for name in names) + ")"


_INLINE: Final = ("of", "of_unknown", "slash_first", "bracketed_of", "bracketed_unknown", "bracketed")
_OWN: Final = pattern(rf"^{_DECORATION}{_any_of(*_STYLES)}{_DECORATION}(?:Image\s?)*$", re.IGNORECASE)
_START: Final = pattern(
    rf"^{_DECORATION}(?:{_any_of(*_INLINE, 'parenthesis', 'dot')}(?=[\s:🧵👇⬇↓]|$)"
    rf"|{_any_of('slash_last')}(?![\d/]))",
    re.IGNORECASE,
)
_FINISH: Final = pattern(
    rf"(?:^|(?<=[\s.!?…\"'”’)\]])){_any_of('slash_end', *_INLINE, 'slash_last')}{_DECORATION}(?:Image)*$",
    re.IGNORECASE,
)
_FIGURES: Final = pattern("[0-9]+")
_SPOOL: Final = pattern(r"^(?=[^🧵]*+🧵)[🧵👇⬇↓\ufe0f\s]*+$")


class MarkerPlace(Enum):
    """Where a marker stands: on its own line, or at the start or the end of a post's line."""

    OWN = "own"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Marker:
    """A token that may number a post.

    ``line`` is an index into the file's lines, ``text`` the token as written. ``number`` is ``None``
    for a bare end marker; ``total`` is the author's own count, where written.
    """

    line: int
    text: str
    place: MarkerPlace
    style: str
    number: int | None = None
    total: int | None = None
    end: bool = False

    @property
    def sure(self) -> bool:
        """Return whether nothing but a marker looks like this: ``/7`` or ``/END`` on its own line.

        Beyond 999 a number may be a year, and is sure only where it goes on from those below.
        """
        return self.place is MarkerPlace.OWN and self.style in {"/n", "/end"} and (self.number or 0) <= _SURE

    @property
    def listed(self) -> bool:
        """Return whether a list inside a post looks just the same: ``1.`` and ``1)``."""
        return self.style in _LISTED


def is_spool(line: str) -> bool:
    """Return whether the line is a spool of thread and nothing else: 🧵, perhaps with a hand."""
    return _SPOOL.match(line) is not None


def find_markers(lines: Sequence[str], span: range) -> list[Marker]:
    """Return every token among those lines that may be a marker, in order; most of them are not.

    A line has at most one candidate on its own, else at most one at its start and one at its end.
    """
    found = []
    for index in span:
        line = lines[index].strip()
        if not line:
            continue
        if len(line) <= _LONGEST_MARKER:
            own = _find(_OWN, line, index, MarkerPlace.OWN)
            if own is not None:
                found.append(own)
                continue
        for expression, part, place in (
            (_START, line[:_LONGEST_MARKER], MarkerPlace.START),
            (_FINISH, line[-_LONGEST_MARKER:], MarkerPlace.END),
        ):
            mark = _find(expression, part, index, place)
            if mark is not None:
                found.append(mark)
    return found


def _find(expression: re.Pattern[str], text: str, line: int, place: MarkerPlace) -> Marker | None:
    match = expression.search(text)
    if match is None or match.lastgroup is None:
        return None
    style, token = _STYLES[match.lastgroup][0], match[match.lastgroup]
    numbers = [int(figures) for figures in _FIGURES.findall(token)]
    number, total = (numbers[0] if numbers else None), (numbers[1] if len(numbers) > 1 else None)
    if number is not None and total is not None and number > total:
        return None
    return Marker(line, token, place, style, number, total, end=style in _ENDS)


def accept_markers(
    candidates: Sequence[Marker], *, repeats: bool = False, card: bool = False
) -> list[Marker]:
    """Return the candidates that do number posts, in order.

    ``/7`` on its own line always does. Everything else counts only as part of a consistent rising
    sequence: at least three consecutive numbers in one style, or consecutive numbers with one total,
    or the very number that is missing between two that count. ``9/11``, ``24/7`` and ``50/50`` thus
    stay what they are. ``repeats`` says that several short threads follow one another, ``card`` that the
    lines are the first three posts of one: there two consecutive numbers are enough, or one on its own line.
    """
    sure = [mark for mark in candidates if mark.sure and mark.number is not None]
    chain = _best_chain(candidates) or (_card_chain(candidates) if card or repeats else [])
    outnumbered = len(chain) > len(sure) and not (sure and chain[0].listed)
    anchors = chain if outnumbered else sure
    if not anchors:
        return []
    accepted = _fill(candidates, anchors, repeats=repeats)
    return _with_ends(candidates, accepted)


def _best_chain(candidates: Sequence[Marker]) -> list[Marker]:
    families: dict[tuple[MarkerPlace, str, int | None], list[Marker]] = defaultdict(list)
    for mark in candidates:
        if mark.number is not None and not mark.end:
            families[mark.place, mark.style, mark.total].append(mark)
    chains = [_consecutive(family) for family in families.values()]
    ends = [mark for mark in candidates if mark.end]
    found = max((chain for chain in chains if _convincing(chain, ends)), key=len, default=[])
    return found or max(map(_with_gaps, families.values()), key=len, default=[])


def _with_gaps(family: Sequence[Marker]) -> list[Marker]:
    """Return a family that rises from 1 with a number missing here and there, empty for any other."""
    numbers = [mark.number or 0 for mark in family]
    rising = all(before < number <= before + 2 for before, number in pairwise([0, *numbers]))
    plain = all(mark.total is None and not mark.listed for mark in family)
    return list(family) if plain and rising and numbers[0] == 1 and len(family) >= _RUN else []


def _card_chain(candidates: Sequence[Marker]) -> list[Marker]:
    """Return the markers of a preview: consecutive ones of a style, at least one of them on its own line."""
    few = [
        mark
        for mark in candidates
        if mark.number is not None
        and mark.number <= _RUN
        and not mark.end
        and not (mark.listed and mark.place is not MarkerPlace.OWN)
    ]
    for own in (mark for mark in few if mark.place is MarkerPlace.OWN):
        chain = [own]
        for mark in few:
            if (
                mark.line > chain[-1].line
                and mark.style == own.style
                and mark.number == (chain[-1].number or 0) + 1
            ):
                chain.append(mark)
        return chain
    return []


def _consecutive(family: Sequence[Marker]) -> list[Marker]:
    """Return the longest run n, n+1, n+2, … in the order of the lines; linear in the family."""
    length: dict[int, int] = {}
    before: dict[int, int | None] = {}
    latest: dict[int, int] = {}
    best: int | None = None
    reach = 0
    for position, mark in enumerate(family):
        number = mark.number or 0
        here = length.get(number - 1, 0) + 1
        if here <= length.get(number, 0):
            continue
        length[number] = here
        before[position] = latest.get(number - 1)
        latest[number] = position
        if here > reach:
            best, reach = position, here
    chain = []
    while best is not None:
        chain.append(family[best])
        best = before[best]
    return chain[::-1]


def _convincing(chain: Sequence[Marker], ends: Sequence[Marker]) -> bool:
    if not chain:
        return False
    first = chain[0]
    if (first.number or 0) > _SURE:
        return False
    if first.total is not None:
        return len(chain) >= min(2, first.total)
    listed_late = first.listed and (first.number or 0) > 2  # noqa: PLR2004 (a post or its neighbour)
    # "/1", "/2" and "/END" behind three posts are a run, too.
    ended = first.number == 1 and any(
        mark.style == "/end" and mark.place is first.place and mark.line > chain[-1].line
        for mark in ends[-1:]
    )
    return len(chain) + ended >= _RUN and not listed_late


def _fill(candidates: Sequence[Marker], anchors: Sequence[Marker], *, repeats: bool) -> list[Marker]:
    """Return the anchors, what continues their style, and the numbers missing between them."""
    families = {(mark.place, mark.style, mark.total) for mark in anchors}
    totals = {mark.total for mark in anchors}
    fixed = {id(mark) for mark in anchors}
    ahead = _numbers_ahead(candidates, fixed)
    goes_on = _goes_on(candidates)
    accepted: list[Marker] = []
    last = 0
    for mark, following in zip(candidates, ahead, strict=True):
        number = mark.number
        if number is None or (accepted and accepted[-1].line == mark.line and id(mark) not in fixed):
            continue
        kin = (mark.place, mark.style, mark.total) in families
        # Behind a wider gap a number counts where its own total, or the next number, says that it is one.
        far = mark.total is not None or id(mark) in goes_on
        fits = number == last + 1 if not kin else last < number and (number <= last + _STRIDE or far)
        fits = fits and (following is None or number < following or following <= last)
        if following is None and not kin:
            fits = fits and not mark.listed
        # Of a thread numbered "1/", "2/" the author may know the total at its end: "4/4".
        last_of_all = mark.total is not None and number == mark.total == last + 1
        trusted = kin or mark.total is None or mark.total in totals or mark.end or last_of_all
        restart = kin and number == 1 and (repeats or last > 1) and not mark.listed
        if id(mark) in fixed or mark.sure or (fits and trusted) or restart:
            if accepted and accepted[-1].line == mark.line:
                accepted.pop()
            accepted.append(mark)
            last = number
    return accepted


def _goes_on(candidates: Sequence[Marker]) -> set[int]:
    """Return the candidates that the next one of their family continues, and those that continue one."""
    latest: dict[tuple[MarkerPlace, str, int | None], Marker] = {}
    found: set[int] = set()
    for mark in candidates:
        family = (mark.place, mark.style, mark.total)
        before = latest.get(family)
        if before is not None and mark.number == (before.number or 0) + 1:
            found |= {id(before), id(mark)}
        latest[family] = mark
    return found


def _numbers_ahead(candidates: Sequence[Marker], fixed: set[int]) -> list[int | None]:
    ahead: list[int | None] = []
    following: int | None = None
    for mark in reversed(candidates):
        ahead.append(following)
        if id(mark) in fixed:
            following = mark.number
    return ahead[::-1]


def _with_ends(candidates: Sequence[Marker], accepted: Sequence[Marker]) -> list[Marker]:
    """Add the bare end markers that follow a number; of several before the next number, the last."""
    lines = {mark.line for mark in accepted}
    ends: dict[int, Marker] = {}
    numbered = sorted(accepted, key=lambda mark: mark.line)
    position = 0
    for mark in candidates:
        while position < len(numbered) and numbered[position].line <= mark.line:
            position += 1
        if mark.end and mark.number is None and position and mark.line not in lines:
            restarts = position == len(numbered) or (numbered[position].number or 0) <= (
                numbered[position - 1].number or 0
            )
            if mark.sure or restarts:
                ends[position] = mark
    return sorted([*accepted, *ends.values()], key=lambda mark: mark.line)
