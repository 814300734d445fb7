"""JSON documents and JSON lines as values, one after another; a broken one loses only itself.

Depth and size are capped in front of the parser, which is recursive. Where a document as a whole cannot
be parsed, for damage or for size, its objects are searched one by one.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from itertools import islice
from typing import Final

from retrieval.errors import ReadError
from retrieval.formats.import_types import LeftOut, SavedFile
from retrieval.patterns import pattern

__all__ = [
    "MAX_DEPTH",
    "MAX_JSON_BYTES",
    "OBJECT",
    "JsonValue",
    "Object",
    "as_list",
    "as_object",
    "clean_text",
    "is_damage",
    "json_keys",
    "json_values",
    "merge_left_out",
    "objects_in",
    "objects_within",
    "unreadable_record",
]

Object = Mapping[str, object]

MAX_JSON_BYTES: Final = 100 * 2**20
#: Levels of lists and objects; real records have a dozen.
MAX_DEPTH: Final = 200
#: Documents above this are searched object by object, since a parsed one takes a dozen times its size.
_WHOLE: Final = 32 * 2**20
_GLANCE: Final = 200_000
# How often the search for objects may pass over the same text before the rest is given up, and what any may.
_PASSES: Final = 4
_AT_LEAST: Final = 4 * 2**20
# How much of a damaged document the parser sees at first of an object, and how many times more after that.
_WINDOW: Final = MAX_DEPTH
_WIDER: Final = 8
_LONGEST_NAME: Final = 40
_CLOSE: Final = 100
# An error so close to the end of a window may be nothing but the window's end.
_NEAR_END: Final = 16
_UNTERMINATED: Final = "Unterminated string"
_TOO_DEEP: Final = f"nested more than {MAX_DEPTH} levels deep"

#: Where an object may begin, for a search in a damaged document.
OBJECT: Final = pattern(r"(?=\{)")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object of which no value is lost where damage made two names equal; the last counts."""
    held = dict(pairs)
    if len(held) < len(pairs):
        last = {name: place for place, (name, _) in enumerate(pairs)}
        held |= {f"{name}\0{at}": one for at, (name, one) in enumerate(pairs) if last[name] != at}
    return held


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object)
_APART: Final = pattern(r"[\s,\x1e\ufeff]*")
_NESTING: Final = pattern(r'"(?:[^"\\]|\\.?)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
_KEY: Final = pattern(rb'"([\w@$]{1,40})"\s*:')
_LINE: Final = pattern(rb'\{\s*"')
#: Names under which a post holds what is not its author's: quoted and reposted posts, and copies of itself.
_OTHERS: Final = frozenset(
    {"embed", "embeds", "includes", "inReplyToTweet", "metadata", "quote", "quotedTweet", "quoted_status"}
    | {"quoted_status_result", "reblog", "reference", "referenced_tweets", "retweetedTweet"}
    | {"retweeted_status"}
)
#: In front of such an object; what a page of the X API includes says whose its posts are, and is wanted.
_OF_OTHERS: Final = pattern(rf'"(?:{"|".join(sorted(_OTHERS - {"includes"}))})"\s{{0,9}}:\s{{0,9}}$')
#: What stands behind an object in a list, and never behind the value of a name.
_IN_LIST: Final = pattern(r"\s{0,50}(?:,\s{0,50}+\{|\])")
# No blank is looked at twice: a line's own blanks are taken whole, and blank lines begin lines of their own.
_JSON_LINE: Final = pattern(rb'^[^\S\n]*+[\[{][^\S\n]*+(?:$|\s*+["\[{])', re.MULTILINE)
_LINES_TRIED: Final = 5
_TOLD: Final = 100
_DAMAGE: Final = "byte that is no UTF-8, shown as \ufffd"
_DAMAGED: Final = (_DAMAGE, "damaged part: ", "line that cannot be read: ", "record ")


@dataclass(frozen=True, slots=True)
class JsonValue:
    """A value of a file. ``line`` is its line, from 1; ``None`` for a whole document.

    ``alone`` says that it was found by itself in a damaged or very large document or page, without what
    it stood in.
    """

    value: object
    line: int | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class _Broken:
    """Why no value begins at a place: where the parser stopped, and a few words."""

    at: int
    why: str


def json_values(file: SavedFile, search: re.Pattern[str] = OBJECT) -> Iterator[JsonValue | LeftOut]:
    """Yield the values of JSON lines or of a document, and what could not be read, as it comes.

    ``search`` finds the places in a damaged document or line where an object worth having may begin; the
    object is the first brace from there on. What a damaged post quotes is passed over. Several documents
    behind one another are read, too. Bytes that are not UTF-8 are shown as U+FFFD and counted.

    Raises :class:`~retrieval.errors.ReadError` for more than ``MAX_BYTES`` bytes.
    """
    content = file.content
    if len(content) > MAX_JSON_BYTES:
        size, most = len(content) / 2**20, MAX_JSON_BYTES // 2**20
        raise ReadError(file.name, f"{size:.0f} MiB are too many; split it into files of at most {most} MiB")
    content = _utf8(content)
    yield from _lines(content, search) if _is_lines(content) else _document(content, search)


def json_keys(file: SavedFile) -> frozenset[str]:
    """Return the keys in the first 200,000 bytes of what looks like JSON; empty for anything else.

    It looks like JSON when it begins with an object or a list, or has a line that does, so that one
    damaged byte in front changes nothing.
    """
    return _keys(file.content[:_GLANCE])


@lru_cache(maxsize=2)
def _keys(beginning: bytes) -> frozenset[str]:
    """Return the keys of a file's beginning; every reader of JSON asks for those of the same file."""
    glance = _utf8(beginning)
    if glance.lstrip()[:1] not in {b"{", b"["} and not _JSON_LINE.search(glance, 0, 20_000):
        return frozenset()
    return frozenset(key.decode("ascii", "ignore") for key in _KEY.findall(glance))


def as_object(value: object) -> Object:
    """Return a value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> Sequence[object]:
    """Return a value if it is a list, else an empty one."""
    return value if isinstance(value, list) else ()


def objects_in(value: object) -> Iterator[Object]:
    """Yield the objects of a value that is a list."""
    return (one for one in as_list(value) if isinstance(one, dict))


def objects_within(value: object, closed: Callable[[Object], bool]) -> Iterator[Object]:
    """Yield the objects in a value at any depth, the outer before the inner, but what posts hold of others.

    ``closed`` is asked after each whether what is in it is passed over.
    """
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(reversed(one))
        elif isinstance(one, dict):
            yield one
            if not closed(one):
                waiting.extend(held for name, held in reversed(one.items()) if name not in _OTHERS)


def clean_text(text: str) -> str:
    """Return a text as the archive takes it: newlines alike, no NUL, no lone surrogates, no blank ends."""
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def is_damage(part: LeftOut) -> bool:
    """Return whether something was left out since it is damaged, and not for what it is."""
    return part.why.startswith(_DAMAGED)


def unreadable_record(why: str, number: int, line: int | None) -> LeftOut:
    """Return the report of one record that cannot be read: by its line, else by its number, from 1."""
    if line is None:
        return LeftOut(f"record {number} of the document, which cannot be read: {why}")
    return LeftOut(f"record that cannot be read: {why}", 1, (line, line))


def merge_left_out(left_out: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """Return reports with equal ones together: neighbouring lines as a range, the rest as a sum.

    Of a file that is broken all over, the first hundred places and the number of the others are reported.
    """
    found: list[LeftOut] = []
    last: dict[str, int] = {}
    more = 0
    for one in left_out:
        at = last.get(one.why, -1)
        before = found[at].lines if at >= 0 else None
        if at >= 0 and one.lines is None and before is None:
            example = found[at].example or one.example
            found[at] = replace(found[at], count=found[at].count + one.count, example=example)
        elif before and one.lines and one.lines[0] - before[1] in {0, 1}:
            found[at] = replace(found[at], count=found[at].count + one.count, lines=(before[0], one.lines[1]))
        elif len(found) < _TOLD:
            last[one.why] = len(found)
            found.append(one)
        else:
            more += one.count
    return (*found, LeftOut("more of the same kinds", more)) if more else tuple(found)


def _utf8(content: bytes) -> bytes:
    """Return the bytes as UTF-8 without a byte order mark."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace").encode("utf-8", "replace")
    return content.removeprefix(codecs.BOM_UTF8)


def _is_lines(content: bytes) -> bool:
    """Return whether half of the first lines are objects by themselves, and there is more than one line.

    In a list that is spread over lines, objects are followed by commas.
    """
    if b"\n" not in content.strip():
        return False
    whole = tried = 0
    for line in islice((line for line in BytesIO(content) if line.strip()), _LINES_TRIED):
        tried += 1
        text = line.decode("utf-8", "replace")
        found = _decoded(text, 0) if _LINE.match(line) else None
        whole += isinstance(found, tuple) and text[found[1] :].strip()[:1] in {"", "{"}
    return whole * 2 >= tried


def _lines(content: bytes, search: re.Pattern[str]) -> Iterator[JsonValue | LeftOut]:
    for number, raw in enumerate(BytesIO(content), start=1):
        line, damage = _text(raw)
        if damage:
            yield LeftOut(_DAMAGE, damage, (number, number))
        # Most lines need no closer look.
        shallow = line.count("{") + line.count("[") <= MAX_DEPTH
        at = _after_blank(line, 0)
        while at < len(line):
            found = _decoded(line, at, shallow=shallow)
            if isinstance(found, _Broken):
                yield LeftOut(f"line that cannot be read: {found.why}", 1, (number, number))
                following = line.find("{", at)
                if line[at] in "{[" or following < 0:
                    inside = _search(line, at + 1, search, None, number)
                    yield from (part for part in inside if isinstance(part, JsonValue))
                    break
                # Something between two records: the next one is whole.
                at = following
                continue
            yield JsonValue(found[0], number)
            at = _after_blank(line, found[1])


def _document(content: bytes, search: re.Pattern[str]) -> Iterator[JsonValue | LeftOut]:
    text, damage = _text(content)
    if damage:
        yield LeftOut(_DAMAGE, damage)
    at = _after_blank(text, 0)
    whole = len(content) <= _WHOLE
    while at < len(text):
        found = _decoded(text, at) if whole else None
        if not isinstance(found, tuple):
            yield from _search(text, at if found and text[at] not in "{[" else at + 1, search, found)
            return
        yield JsonValue(found[0])
        at = _after_blank(text, found[1])


def _search(
    text: str, at: int, search: re.Pattern[str], broken: _Broken | None, first: int = 1
) -> Iterator[JsonValue | LeftOut]:
    """Yield every object that can be parsed, the outermost first; each place of damage is reported once.

    ``first`` is the line that the text begins in.
    """
    places = {broken.at: broken.why} if broken else {}
    patience = _PASSES * len(text) + _AT_LEAST
    line, counted = first, 0
    deep: set[int] = set()
    while patience > 0 and (match := search.search(text, at)):
        begin = text.find("{", match.start())
        if begin < 0:
            break
        if begin in deep:
            at = begin + 1
            continue
        found = _decoded_within(text, begin)
        if isinstance(found, tuple):
            line, counted = line + text.count("\n", counted, begin), begin
            # Damage may cut off the end of a post, so that the next one stands where that had its quote.
            if _IN_LIST.match(text, found[1], found[1] + _CLOSE) or not _OF_OTHERS.search(
                text, max(0, begin - _LONGEST_NAME), begin
            ):
                yield JsonValue(found[0], line, alone=True)
            at = found[1]
        else:
            places.setdefault(found.at, found.why)
            patience -= found.at - begin
            at = begin + 1
            if found.why == _TOO_DEEP:
                # Hundreds of openings may stand around such a place; one look tells them all.
                deep.update(_deep_openings(text, begin))
                patience -= len(text) - begin
    if patience <= 0:
        places.setdefault(at, "too tangled to be searched any further")
    line, counted = first, 0
    for place in sorted(places):
        line, counted = line + text.count("\n", counted, place), place
        yield LeftOut(f"damaged part: {places[place]}", 1, (line, line))


def _decoded(text: str, at: int, *, shallow: bool = False) -> tuple[object, int] | _Broken:
    """Return the value that begins at a place and the place behind it; ``shallow`` spares the look."""
    if text[at] not in "{[":
        # A text or a number alone is no record; it may be torn out of one, and hold the next one's brace.
        return _Broken(at, "no JSON (Expecting an object)")
    deep = None if shallow else _too_deep(text, at)
    if deep is not None:
        return _Broken(deep, _TOO_DEEP)
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        return _Broken(error.pos, f"no JSON ({error.msg})")
    except (ValueError, RecursionError):
        # A number of thousands of digits; deeper than any parser goes, if the cap were raised.
        return _Broken(at, "no JSON that can be taken (a number too long, or nested too deep)")


def _decoded_within(text: str, at: int) -> tuple[object, int] | _Broken:
    """Return what :func:`_decoded` returns, from as little of the text as tells it.

    The parser counts the lines in front of each error, so a whole document with thousands of errors would be
    counted thousands of times.
    """
    size = _WINDOW
    while True:
        window = text[at : at + size]
        found = _decoded(window, 0, shallow=size <= MAX_DEPTH)
        whole = len(window) < size
        if isinstance(found, tuple):
            return found[0], at + found[1]
        cut = found.at > len(window) - _NEAR_END or _UNTERMINATED in found.why
        if whole or not cut:
            return _Broken(at + found.at, found.why)
        size *= _WIDER


def _too_deep(text: str, at: int) -> int | None:
    """Return where a value gets too deep for the parser, ``None`` when it does not."""
    depth = 0
    for match in _NESTING.finditer(text, at):
        token = match[0]
        if token in {"{", "["}:
            depth += 1
            if depth > MAX_DEPTH:
                return match.start()
        elif token in {"}", "]"}:
            depth -= 1
            if depth <= 0:
                return None
        elif depth == 0:
            return None
    return None


def _deep_openings(text: str, at: int) -> Iterator[int]:
    """Yield where lists and objects open that are too deep for the parser, from one that is on."""
    opened: list[int] = []
    for match in _NESTING.finditer(text, at):
        token = match[0]
        if token in {"{", "["}:
            opened.append(match.start())
            if len(opened) > MAX_DEPTH:
                yield opened[-MAX_DEPTH - 1]
        elif token in {"}", "]"} and opened:
            opened.pop()


def _text(raw: bytes) -> tuple[str, int]:
    """Return bytes as text, and how many replacement characters stand in it for what is not UTF-8."""
    try:
        return raw.decode(), 0
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
        return text, text.count("\ufffd") - raw.count("\ufffd".encode())


def _after_blank(text: str, at: int) -> int:
    match = _APART.match(text, at)
    return match.end() if match else at
