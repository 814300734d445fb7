"""The search operators: a text becomes words to rank by and filters that posts must pass.

``"exact phrase"``, ``-word``, ``author:``, ``before:``, ``after:``, ``on:``, ``in:``, ``thread:``, ``has:``,
``lang:``, ``OR`` in capitals and groups in parentheses, each of which a minus negates. What is not understood
is plain text, so no text is an error, and a text without operators is searched as it stands. ``OR`` joins its
two neighbours before the others are joined by "and": ``author:ada OR author:bob after:2024`` is what either
wrote since. Words alone never filter: they rank. Beside a filter in an ``OR``, or behind a minus, they do.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Final, TypeAlias

from retrieval.query_dates import is_ago, period_of

__all__ = [
    "KEYS",
    "PLAIN",
    "AllOf",
    "AnyOf",
    "Condition",
    "Expression",
    "Filter",
    "Kind",
    "Not",
    "Query",
    "UnwritableError",
    "conditions_of",
    "is_relative",
    "is_telling",
    "one_line",
    "operator",
    "parse_query",
    "required",
    "with_operators",
    "without_filter",
]


class Kind(StrEnum):
    """What a condition asks of a post."""

    AUTHOR = "author"
    BEFORE = "before"
    AFTER = "after"
    ON = "on"
    IN = "in"
    THREAD = "thread"
    HAS = "has"
    LANG = "lang"
    PHRASE = "phrase"
    """The words one behind the other, as they are written."""
    WORD = "word"
    """The word, whatever its ending."""


KEYS: Final = tuple(kind for kind in Kind if kind not in {Kind.PHRASE, Kind.WORD})
"""The kinds that are written as a key with a colon."""
_DATED: Final = frozenset({Kind.BEFORE, Kind.AFTER, Kind.ON})
_HAS: Final = frozenset({"link", "picture", "number"})
#: What people write for these, in the languages of the interface.
_HAS_NAMES: Final = {
    **dict.fromkeys(["links", "url", "urls", "посилання"], "link"),
    **dict.fromkeys(["pictures", "image", "images", "photo", "photos"], "picture"),
    **dict.fromkeys(["bild", "bilder", "зображення"], "picture"),
    **dict.fromkeys(["numbers", "zahl", "zahlen", "число", "числа"], "number"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What a post has to be: a kind, and the value as it was written, without its quotation marks."""

    kind: Kind
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    """What a post must not be."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Parts that a post has to pass together."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Parts of which a post has to pass one."""

    parts: tuple["Expression", ...]


Expression: TypeAlias = Condition | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of a query; a post has to pass all of them. ``start`` and ``end`` say where it is written."""

    expression: Expression
    start: int
    end: int

    @property
    def phrase(self) -> str | None:
        """Return the words where it is a quoted phrase, which is searched as well."""
        one = self.expression
        return one.value if isinstance(one, Condition) and one.kind is Kind.PHRASE else None


@dataclass(frozen=True)
class Query:
    """A text as it is understood.

    ``words`` is what is ranked by: the text without what only filters, unchanged where nothing does.
    """

    text: str
    words: str
    filters: tuple[Filter, ...] = ()

    @cached_property
    def is_plain(self) -> bool:
        """Return whether the text has no filter."""
        return not self.filters


PLAIN: Final = Query("", "")
"""No text at all."""


def conditions_of(expression: Expression) -> Iterator[Condition]:
    """Yield the conditions of an expression, those of negated parts among them."""
    if isinstance(expression, Condition):
        yield expression
    elif isinstance(expression, Not):
        yield from conditions_of(expression.part)
    else:
        for part in expression.parts:
            yield from conditions_of(part)


def is_relative(query: Query) -> bool:
    """Return whether a query means another time whenever it is asked, such as ``on:<1w``."""
    return any(
        one.kind in _DATED and is_ago(one.value)
        for part in query.filters
        for one in conditions_of(part.expression)
    )


# Tokens

#: Opening quotation marks with those that close them.
_QUOTES: Final = {
    '"': '"',
    "“": "”“",
    "„": "“”",
    "”": "”",
    "‘": "’",
    "‚": "‘’",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "「": "」",
    "『": "』",
    "״": "״",
    "＂": "＂",
}
#: Behind these no blank is written.
_CLOSE_UP: Final = frozenset("」』")
_KEY: Final = re.compile(rf"({'|'.join(KEYS)}):(?=\S)", re.IGNORECASE)
_BLANK: Final = re.compile(r"\s+")
_TRAILING: Final = "?!.,;"
#: What may stand behind a closing quotation mark.
_AFTER_QUOTE: Final = frozenset("?!.,;:)…")
_LETTER: Final = re.compile(r"[^\W\d_]")
_WORD: Final = re.compile(r"\w")
#: Deeper groups and further operators are plain text: nobody writes them, and each costs time.
_DEPTH, _MOST = 8, 32
#: A phrase or name in quotation marks is not longer.
_LONGEST: Final = 300


class _Mark(StrEnum):
    PLAIN = "plain"
    OPEN = "("
    CLOSE = ")"
    OR = "OR"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class _Token:
    mark: _Mark
    start: int
    end: int
    negated: bool = False
    condition: Condition | None = None


def _tokens(text: str) -> list[_Token]:
    """Split a text at blanks and at the parentheses of groups; what is no operator is plain."""
    tokens: list[_Token] = []
    opened: list[int] = []
    at = 0
    while at < len(text):
        if blank := _BLANK.match(text, at):
            at = blank.end()
            continue
        if text[at] == ")" and opened:
            opened.pop()
            tokens.append(_Token(_Mark.CLOSE, at, at + 1))
            at += 1
            continue
        token = _token_at(text, at, room=len(opened) < _DEPTH, inside=bool(opened))
        if token.mark is _Mark.OPEN:
            opened.append(len(tokens))
        tokens.append(token)
        at = token.end
    for place in opened:  # never closed
        tokens[place] = replace(tokens[place], mark=_Mark.PLAIN, negated=False)
    return tokens


def _token_at(text: str, at: int, *, room: bool, inside: bool) -> _Token:
    """Return the token that begins at a place where no blank is."""
    # A minus at the start of a line makes a list.
    spaced = at > 0 and text[at - 1] in " \t(\u00a0\u3000"
    negated = text[at] == "-" and (spaced or at == 0)
    begin = at + negated
    if text[begin : begin + 1] == "(" and room and (at == 0 or text[at - 1].isspace() or text[at - 1] == "("):
        return _Token(_Mark.OPEN, at, begin + 1, negated)
    quoted = _quoted(text, begin)
    if quoted is not None:
        value, end = quoted
        return _Token(_Mark.CONDITION, at, end, negated, Condition(Kind.PHRASE, value))
    if key := _KEY.match(text, begin):
        kind, begins = Kind(key[1].lower()), key.end()
        quoted = _quoted(text, begins)
        if quoted is not None:
            value, end = quoted
        else:
            end = _run_end(text, begins, inside=inside)
            end -= len(text[begins:end]) - len(text[begins:end].rstrip(_TRAILING))
            value = text[begins:end]
        if (sound := _sound(kind, value)) is not None:
            return _Token(_Mark.CONDITION, at, end, negated, Condition(kind, sound))
    end = _run_end(text, at, inside=inside)
    if negated and spaced and _LETTER.match(text, begin):
        stripped = begin + len(text[begin:end].rstrip(_TRAILING))
        # One letter is an option of a program ("ls -l"), where it is not a word of a language without blanks.
        if stripped - begin > 1 or not text[begin].isascii():
            return _Token(_Mark.CONDITION, at, stripped, negated, Condition(Kind.WORD, text[begin:stripped]))
    return _Token(_Mark.OR if text[at:end] == "OR" else _Mark.PLAIN, at, end)


def _run_end(text: str, at: int, *, inside: bool) -> int:
    """Return where a run without blanks ends, or before the parenthesis that closes the group it is in."""
    depth = 0
    for place in range(at, len(text)):
        letter = text[place]
        if letter.isspace():
            return place
        if letter == "(":
            depth += 1
        elif letter == ")":
            if inside and not depth and place > at:
                return place
            depth = max(0, depth - 1)
    return len(text)


def _quoted(text: str, at: int) -> tuple[str, int] | None:
    """Return what stands in quotation marks from a place on, and where they end; ``None`` without any."""
    closing = _QUOTES.get(text[at : at + 1])
    if closing is None:
        return None
    for place in range(at + 1, min(len(text), at + _LONGEST + 2)):
        if text[place] in closing:
            behind = text[place + 1 : place + 2]
            inner = text[at + 1 : place]
            closes_up = text[place] in _CLOSE_UP
            if behind and not closes_up and not behind.isspace() and behind not in _AFTER_QUOTE:
                continue
            return (" ".join(inner.split()), place + 1) if _WORD.search(inner) else None
    return None


def _sound(kind: Kind, value: str) -> str | None:
    """Return a key's value in the form that it is compared in, ``None`` for one that means nothing."""
    folded = value.casefold()
    if kind in _DATED:
        return folded if period_of(kind, folded, datetime(2000, 1, 1, tzinfo=UTC)) else None
    if kind is Kind.HAS:
        folded = _HAS_NAMES.get(folded, folded)
        return folded if folded in _HAS else None
    if kind is Kind.LANG:
        return folded if re.fullmatch(r"[a-z]{2,3}", folded) else None
    return value if _WORD.search(value) and value[0] != "(" else None


# The tree


@dataclass(slots=True)
class _Node:
    """A part of a text: a token, a group of nodes, or alternatives; ``seams`` are its own characters."""

    start: int
    end: int
    token: _Token | None = None
    parts: list["_Node"] = field(default_factory=list)
    either: bool = False
    negated: bool = False
    seams: list[tuple[int, int]] = field(default_factory=list)

    def understood(self) -> bool:
        """Return whether there is an operator in it; without any it is plain text."""
        if self.token is not None:
            return self.token.condition is not None
        return (self.negated and bool(self.parts)) or any(part.understood() for part in self.parts)


def _tree(tokens: Sequence[_Token]) -> list[_Node]:
    """Return the nodes of a text: groups nested, alternatives joined."""
    levels: list[list[_Node]] = [[]]
    opening: list[_Token] = []
    for token in tokens:
        if token.mark is _Mark.OPEN:
            opening.append(token)
            levels.append([])
        elif token.mark is _Mark.CLOSE:
            opened, inner = opening.pop(), _alternatives(levels.pop())
            seams = [(opened.start, opened.end), (token.start, token.end)]
            levels[-1].append(
                _Node(opened.start, token.end, None, inner, negated=opened.negated, seams=seams)
            )
        else:
            levels[-1].append(_Node(token.start, token.end, token, negated=token.negated))
    return _alternatives(levels[0])


def _alternatives(nodes: list[_Node]) -> list[_Node]:
    """Join what stands on both sides of each OR; one that lacks a side is a word."""
    joined: list[_Node] = []
    at = 0
    while at < len(nodes):
        node = nodes[at]
        while _is_or(node) and at + 1 < len(nodes) and _is_or(nodes[at + 1]):
            at += 1
            node.end = nodes[at].end
        if _is_or(node) and joined and at + 1 < len(nodes):
            before, after = joined.pop(), nodes[at + 1]
            if not before.either:
                before = _Node(before.start, before.end, None, [before], either=True)
            before.seams.append((node.start, node.end))
            before.parts.append(after)
            before.end = after.end
            joined.append(before)
            at += 2
        else:
            joined.append(node)
            at += 1
    return joined


def _is_or(node: _Node) -> bool:
    return node.token is not None and node.token.mark is _Mark.OR


def parse_query(text: str) -> Query:
    """Read a text; never raises. Without an operator its words are the text itself."""
    tokens = _tokens(text)
    if not any(token.condition or token.negated for token in tokens):
        return Query(text, text)
    tokens = _few(tokens)
    filters: list[Filter] = []
    gone: list[tuple[int, int]] = []
    for node in _tree(tokens):
        if not node.understood():
            continue
        gone += _gone(node)
        expression = _ranked(node, text)
        if expression is not None:
            filters.append(Filter(expression, node.start, node.end))
    if not filters:
        return Query(text, text)
    words = _without(text, gone)
    # What is left may be no more than the question mark behind a filter.
    return Query(text, words if _WORD.search(words) else "", tuple(filters))


def required(text: str, terms: Callable[[str], Sequence[str]]) -> Expression | None:
    """Return what a post has to be to match a text as a whole, its plain words among it.

    Words that have no ``terms``, because a language takes them for everyday ones, are left out. ``None``
    for a text of which nothing is left.
    """
    parts = [_whole(node, text) for node in _tree(_few(_tokens(text)))]
    telling = (_telling(part, terms) for part in parts if part is not None)
    return _all_of([part for part in telling if part is not None])


def is_telling(text: str, terms: Callable[[str], Sequence[str]]) -> bool:
    """Return whether a text has plain words, and any of them has ``terms``; see :func:`required`."""
    plain = [node for node in _tree(_few(_tokens(text))) if not node.understood()]
    return any(terms(text[node.start : node.end]) for node in plain)


def _telling(part: Expression, terms: Callable[[str], Sequence[str]]) -> Expression | None:
    if isinstance(part, Condition):
        return None if part.kind is Kind.WORD and not terms(part.value) else part
    if isinstance(part, Not):
        inner = _telling(part.part, terms)
        return None if inner is None else Not(inner)
    parts = [inner for one in part.parts if (inner := _telling(one, terms)) is not None]
    return _all_of(parts) if isinstance(part, AllOf) else _any_of(parts)


def _few(tokens: list[_Token]) -> list[_Token]:
    """Return the tokens with no more operators than anyone writes."""
    known = 0
    kept = []
    for token in tokens:
        known += token.condition is not None
        if known > _MOST and token.condition is not None:
            kept.append(_Token(_Mark.PLAIN, token.start, token.end))
        else:
            kept.append(token)
    return kept


def _ranked(node: _Node, text: str) -> Expression | None:
    """Return what a part filters by where its words rank: at the top, and in groups that are all of "and"."""
    if node.token is not None or node.either or node.negated:
        return _whole(node, text)
    inner = [_ranked(part, text) for part in node.parts if part.understood()]
    return _all_of([part for part in inner if part is not None])


def _whole(node: _Node, text: str) -> Expression | None:
    """Return a part with its words as conditions."""
    expression: Expression | None
    if node.token is not None:
        word = text[node.start : node.end]
        expression = node.token.condition or (Condition(Kind.WORD, word) if _WORD.search(word) else None)
    else:
        parts = [part for inner in node.parts if (part := _whole(inner, text)) is not None]
        expression = _any_of(parts) if node.either else _all_of(parts)
    return Not(expression) if node.negated and expression is not None else expression


def _all_of(parts: Sequence[Expression]) -> Expression | None:
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts)) if parts else None


def _any_of(parts: Sequence[Expression]) -> Expression | None:
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts)) if parts else None


def _gone(node: _Node) -> Iterator[tuple[int, int]]:
    """Yield the places of what only filters: keys, negated parts, and the signs between them."""
    if node.negated or (node.token is not None and _is_key(node.token)):
        yield node.start, node.end
    elif node.token is None:
        yield from node.seams
        for part in node.parts:
            yield from _gone(part)


def _is_key(token: _Token) -> bool:
    return token.condition is not None and token.condition.kind is not Kind.PHRASE


def _without(text: str, gone: Iterable[tuple[int, int]]) -> str:
    """Return a text without some places in it, with single blanks around them."""
    kept, at = [], 0
    for start, end in sorted(gone):
        kept.append(text[at:start])
        at = max(at, end)
    kept.append(text[at:])
    if len(kept) == 1:
        return text
    return re.sub(r"[ \t]{2,}", " ", " ".join(part.strip(" \t") for part in kept)).strip()


# Writing

_MARKS: Final = re.compile(f"[{''.join(_QUOTES)}’」』]")
_LISTED: Final = re.compile(r"(?<=\n)([ \t]*-)(?=\S)")


def one_line(text: str) -> str:
    """Return a text on one line; the dashes at the start of lines stay those of a list."""
    return " ".join(_LISTED.sub(r"\1 ", text).split())


def operator(kind: Kind, value: str) -> str:
    """Return a condition as it is written, "" for a value that none can have.

    Quotation marks that could not be read back are left out of it.
    """
    value = " ".join(value.split())
    return _written(kind, value) or _written(kind, " ".join(_MARKS.sub(" ", value).split()))


def _written(kind: Kind, value: str) -> str:
    for written in (f"{kind}:{value}", f'{kind}:"{value}"', f"{kind}:“{value}”"):
        query = parse_query(written)
        if (
            not query.words
            and len(query.filters) == 1
            and (one := query.filters[0].expression) == Condition(kind, getattr(one, "value", ""))
            and getattr(one, "value", "").casefold() == (_sound(kind, value) or "").casefold()
        ):
            return written
    return ""


class UnwritableError(ValueError):
    """A condition of this kind cannot have this value."""

    def __init__(self, kind: Kind, value: str) -> None:
        super().__init__(f"{kind}: {value!r}")
        self.kind, self.value = kind, value


def with_operators(text: str, values: Iterable[tuple[Kind, str | None]]) -> str:
    """Return a text with conditions behind it, as options and forms give them; empty ones are left out.

    Raises ``UnwritableError`` for a value that none can have, such as a date that is none.
    """
    written = [text.strip()]
    for kind, value in values:
        if value and value.strip():
            condition = operator(kind, value)
            if not condition:
                raise UnwritableError(kind, value)
            written.append(condition)
    return " ".join(filter(None, written))


def without_filter(query: Query, place: int) -> str:
    """Return the text of a query without one of its filters, by its place among them.

    A quoted phrase loses its quotation marks, and its words are still searched.
    """
    one = query.filters[place]
    before, within, after = query.text[: one.start], query.text[one.start : one.end], query.text[one.end :]
    if one.phrase is not None:
        within = within[1:-1]
    else:
        kept = parse_query(within).words
        within = kept if kept != within else ""
    text = " ".join(part for part in (before.strip(" \t"), within.strip(), after.strip(" \t")) if part)
    if text.startswith("-") and not parse_query(text).filters and parse_query(f" {text}").filters:
        # A minus at the start of a line makes a list; in parentheses it does not.
        word = parse_query(f" {text}").filters[0]
        text = f"-({text[1 : word.end - 1]}){text[word.end - 1 :]}"
    return text
