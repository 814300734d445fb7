"""Quotations as text: what is typography in them, where their parts end, how two of them differ. Pure.

Two texts are the same but for typography where their folded forms are equal: the kind of quotation marks and
dashes, case, white space, compatibility forms of letters and invisible characters do not count, nor does how
a link is shortened. Words, numbers, accents and other punctuation do.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import regex
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from retrieval.analysis.languages.unspaced import SCRIPTS

__all__ = [
    "ODD_LETTERS",
    "UNSPACED",
    "FoldedText",
    "Words",
    "core_of",
    "denies",
    "difference",
    "find_in",
    "fold_text",
    "is_too_short",
    "nearest_window",
    "parts_of",
    "resemblance",
    "split_words",
    "without_marks",
    "written_words",
]

_DASHES: Final = "\\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_MARKS: Final = (
    "\"'`\u00b4\u00ab\u00bb\u02bc\u05f3\u05f4\u2018-\u201f\u2032\u2033\u2039\u203a\u300c-\u300f\uff02\uff07"
)
#: Behind a number single marks are minutes and feet, double ones seconds and inches.
_DOUBLE: Final = re.compile(
    "[\"\u00ab\u00bb\u05f4\u201c-\u201f\u2033\uff02]|['`\u00b4\u2018-\u201b\u2032]{2}"
)
_INVISIBLE: Final = (
    "\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202c\u2060\u2066-\u2069\ufe0e\ufe0f\ufeff"
)
_SPACE: Final = rf"[\s{_INVISIBLE}]"
#: Ligatures, letters of full width, of mathematics and of presentation, the ellipsis; not ², ½ and №.
_COMPATIBLE: Final = (
    "\u00b5\u0130\u0132\u0133\u0149\u01c4-\u01cc\u01f1-\u01f3\u2025\u2026\u2102\u2107\u210a-\u2115\u2119-\u211d"
    "\u2124\u2128\u212c-\u213a\u213c-\u2149\ufb00-\ufdff\ufe70-\ufefc\uff01-\uffee\U0001d400-\U0001d7ff"
)
_COMPATIBLE_TAGS: Final = frozenset(
    {"<wide>", "<narrow>", "<font>", "<compat>", "<initial>", "<medial>", "<final>", "<isolated>"}
)
ODD_LETTERS: Final = rf"[\u0300-\u036f\u3099\u309a\u1160-\u11ffς{_INVISIBLE}{_COMPATIBLE}]"
"""What is folded to something else than its small letter, as a pattern."""
#: Stands for a link in a folded text; which link is compared by itself.
_LINK_SIGN, _NO_LINK = "\ue000", "\ue001"
_LINK: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>]+|(?<![\w.@/])(?:[\w-]+\.)+[a-z]{2,}/[^\s<>]+", re.IGNORECASE
)
_LINK_END: Final = re.compile(r"[)\]},;:!?\"'’”»]+$|(?<!\.)\.$")
_LINK_START: Final = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
_CUT: Final = re.compile(r"(?:…|\.{3,})$")
#: Hosts whose links stand for others, so that nobody can say from the link alone where it leads.
_SHORTENERS: Final = frozenset(
    {"t.co", "bit.ly", "buff.ly", "ow.ly", "tinyurl.com", "lnkd.in", "goo.gl", "is.gd", "dlvr.it", "trib.al"}
)
UNSPACED: Final = regex.compile(f"[{SCRIPTS}]")
_TIGHT: Final = re.compile(r"[!?;%…]|[:,.](?!\d)")
#: Loose accents, marks of Japanese sounds and parts of Korean syllables belong to the letter before.
_LOOSE: Final = "\u0300-\u036f\u3099\u309a\u1160-\u11ff"
#: Units that others are written like in another case: mW and MW, Mb and MB.
_UNIT: Final = (
    r"(?:(?<=\d)|(?<=\d[ \u00a0\u2009\u202f]))(?:m(?:Wh?|Hz|V|J|Pa|N|eV)|[kKMGTP]b(?:ps|/s)?)(?!\w)"
)
#: White space, dashes and marks in a run, letters with loose accents, compatibility forms.
_SPECIAL: Final = re.compile(
    rf"(?P<run>[\s{_INVISIBLE}{_DASHES}{_MARKS}]{{2,}}|[^\S ]"
    rf"|[{_INVISIBLE}{_DASHES}{_MARKS}]| (?={_TIGHT.pattern}))"
    rf"|(?P<accent>[^\W\d_][{_LOOSE}]+)"
    rf"|(?P<unit>{_UNIT})"
    rf"|(?P<compatible>[{_COMPATIBLE}])"
)
#: Where there are scripts without spaces, every blank may be one too many.
_SPECIAL_UNSPACED: Final = re.compile(_SPECIAL.pattern.replace(f" (?={_TIGHT.pattern})", " "))
_DASH: Final = re.compile(f"[{_DASHES}]+")
_MARK: Final = re.compile(f"[{_MARKS}]+")
_NOTHING: Final = re.compile(rf"[\s{_INVISIBLE}]+")
_WORD: Final = regex.compile(
    rf"\d+(?:[.,:]\d+)+|[{SCRIPTS}]|[^\W{SCRIPTS}]+(?:'[^\W{SCRIPTS}]+)*|[^\w\s']|'", regex.VERSION0
)
_LEAVING_OUT: Final = re.compile(
    r"\s*(?:\[\s*(?:…|\.{2,})\s*\]|\(\s*(?:…|\.{2,})\s*\)|…|\.{3,}|(?<!\S)\.(?:\s\.){2,}(?!\S))\s*"
)
#: A word with nothing but apostrophes in it.
_APOSTROPHES: Final = re.compile(r"(?:\w|['’`´\u00ad\u0300-\u036f])+")
_ENDS: Final = " '.,;:-"
_OPENS: Final = " '"
_BULLET: Final = re.compile(r"^(?:>\s*)?(?:[\-‐-―•*·]\s+)?")
#: What is not seen between letters; so many characters around a slice say whether it cuts anything.
_NOT_SEEN: Final = re.compile(rf"[{_INVISIBLE}]+")
_AROUND: Final = 10
_JOINER: Final = "\u200d"
_STICKING: Final = frozenset("\u200d\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
#: Put before a word of a script without blanks, these deny it.
_DENYING: Final = frozenset("不無无非未没沒否")
#: Signs, other digits and ranges before and behind a number that are a part of it, and digits in threes.
_BEFORE_NUMBER: Final = regex.compile(r"(?:\d[.,:/^·–—−]|(?:^|[^\w])\.|(?:^|\W)[-−+]|[\p{Sc}±~≈<>≤≥№§#×÷])$")
_BEHIND_NUMBER: Final = regex.compile(r"[.,:/^·–—−]\d|[\p{Sc}%‰°′″×]|\s[%‰]")
_GROUP: Final = re.compile(r"\d{3}(?!\d)")
_GROUP_BEFORE: Final = re.compile(r"(?<!\d)(?<!\d[.,])\d{1,3}[ \u00a0\u2009\u202f]$")
#: Words that deny what follows them at once, or what they end.
_NEGATION: Final = re.compile(
    r"not|no|never|nor|neither|nobody|nothing|none|cannot|\w+n't"
    r"|nicht|nie|niemals|kein(?:e[mnrs]?)?|niemand|nichts"
    r"|не|ні|ніколи|немає|нема|ніхто|нічого|нет|ни|никогда|никто|ничего"
    r"|ne|pas|jamais|ningún|nunca|não|non|niet|geen|nooit|nigdy"
)
_CALLS: Final = re.compile(r"[' \"]*[?!]")
_LONGEST_NEGATION: Final = 40
_LAST_WORD: Final = re.compile(r"(?<![\w'])(\w+(?:'\w+)?)[ ]\Z")
#: A word and no more than three others before the clause ends.
_REST_OF_CLAUSE: Final = re.compile(r" ([\w']+)(?: [\w']+){0,3}\s*(?:[.,;:!?\n]|\Z)")
#: A hyphen makes one word of two, a dash does not.
_BETWEEN_WORDS: Final = re.compile(r"[\s—―]+")
_LEAST_WORDS, _LEAST_LETTERS = 4, 20
#: Two letters of a script without spaces say as much as a word.
_LETTERS_A_WORD: Final = 2
#: Words become signs from here on, which no surrogate is among.
_FIRST_SIGN: Final = 0x10000
_WIDE: Final = frozenset({"W", "F"})


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A text without its typography, and where each of its characters came from.

    ``links`` are the links, in order; each is one sign in ``text``. ``starts`` are offsets in ``text`` at
    which a run begins, ``origins`` the slices of the original that the runs were made of.
    """

    original: str
    text: str
    links: tuple[str, ...]
    starts: tuple[int, ...]
    origins: tuple[tuple[int, int], ...]

    def slice_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the slice of the original that the folded slice ``[start:end]``, not empty, came from."""
        return self._origin(start)[0], self._origin(end - 1)[1]

    def _origin(self, at: int) -> tuple[int, int]:
        run = bisect_right(self.starts, at) - 1
        first, last = self.origins[run]
        length = (self.starts[run + 1] if run + 1 < len(self.starts) else len(self.text)) - self.starts[run]
        if length != last - first:
            return first, last
        return first + at - self.starts[run], first + at - self.starts[run] + 1

    def offset_of(self, place: int) -> int:
        """Return where in the folded text begins what came from a place of the original or behind it."""
        run = bisect_left(self.origins, (place, place))
        return self.starts[run] if run < len(self.starts) else len(self.text)

    def link_at(self, offset: int) -> int:
        """Return how many links stand before an offset."""
        return self.text.count(_LINK_SIGN, 0, offset)


@dataclass(frozen=True, slots=True)
class Words:
    """The words and signs of a folded text in order, and where each stands in it."""

    words: tuple[str, ...]
    slices: tuple[tuple[int, int], ...]


def fold_text(text: str) -> FoldedText:
    """Return a text without its typography."""
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[tuple[int, int]] = []
    links: list[str] = []
    size = 0

    def add(piece: str, start: int, end: int) -> None:
        nonlocal size
        if piece:
            starts.append(size)
            origins.append((start, end))
            pieces.append(piece)
            size += len(piece)

    original, text = text, text.replace(_LINK_SIGN, _NO_LINK)
    unspaced = not text.isascii() and UNSPACED.search(text) is not None
    special = _SPECIAL_UNSPACED if unspaced else _SPECIAL
    at = 0
    for first, last in [*_links(text), (len(text), len(text))]:
        for match in special.finditer(text, at, first):
            start, end = match.span()
            add(_lowered(text[at:start]), at, start)
            add(match[0] if match["unit"] else _folded(match, unspaced=unspaced), start, end)
            at = end
        add(_lowered(text[at:first]), at, first)
        if first < last:
            bare = _bare(text[first:last])
            if "/" in bare:
                links.append(text[first:last])
            add(_LINK_SIGN if "/" in bare else bare.lower(), first, last)
        at = last
    return FoldedText(original, "".join(pieces), tuple(links), tuple(starts), tuple(origins))


def _links(text: str) -> Iterator[tuple[int, int]]:
    """Yield the slices of the links of a text, without the punctuation behind them."""
    if "/" not in text and "www." not in text.lower():
        return
    for match in _LINK.finditer(text):
        trailing = _LINK_END.search(match[0])
        yield match.start(), match.start() + (trailing.start() if trailing else len(match[0]))


def _bare(link: str) -> str:
    host, slash, path = _LINK_START.sub("", link).partition("/")
    return (host.lower() + slash + path).rstrip("/")


def _folded(match: re.Match[str], *, unspaced: bool) -> str:
    written = match[0]
    if match.lastgroup == "accent":
        return _lowered(unicodedata.normalize("NFC", written))
    if match.lastgroup == "compatible":
        tag = unicodedata.decomposition(written).partition(" ")[0]
        return (unicodedata.normalize("NFKC", written) if tag in _COMPATIBLE_TAGS else written).lower()
    before, after = (
        match.string[match.start() - 1 : match.start()],
        match.string[match.end() : match.end() + 1],
    )
    # Two dashes with a blank between them are a minus behind a minus, "5 - -3".
    bare = _NOTHING.sub("", _DASH.sub("-", written))
    if bare:
        inches = before.isdigit() and _DOUBLE.match(written)
        bare = re.sub("'+", "'", _MARK.sub("'", bare))
        return bare.replace("'", '"', 1) if inches else bare
    if not any(letter.isspace() for letter in written) or _TIGHT.match(match.string, match.end()):
        return ""
    if unspaced and (UNSPACED.match(before) or UNSPACED.match(after)):
        return ""
    return " "


def _lowered(text: str) -> str:
    return text.lower().replace("ς", "σ")


def core_of(text: FoldedText) -> str:
    """Return a folded quotation without what stands at the ends of quotations: marks, a last full stop."""
    opened = text.text.lstrip(_OPENS)
    core = opened.rstrip(_ENDS)
    mark = opened[len(core) : len(core) + 1]
    # Behind a number a mark is minutes or seconds, feet or inches.
    return core + mark if core[-1:].isdigit() and mark and mark in "'\"" else core


def find_in(quote: FoldedText, text: FoldedText, start: int = 0) -> tuple[int, int] | None:
    """Return where the core of a quotation stands in a text, as a folded slice, from ``start`` on.

    It neither begins nor ends inside a word or a number nor right beside its negation, its links may be those
    of the text, and where it ends as a statement the text does not go on as a question or a call.
    """
    wanted = core_of(quote)
    ending = quote.text.rstrip(" '\"")
    states = ending.endswith(".") and not ending.endswith("..")
    while wanted and (start := text.text.find(wanted, start)) >= 0:
        end = start + len(wanted)
        if (
            not _cuts(text.original, *text.slice_of(start, end))
            and not _loses_negation(text.text, start, end)
            and not (states and _CALLS.match(text.text, end))
        ):
            skipped = text.link_at(start)
            if all(map(_may_be, quote.links, text.links[skipped : skipped + len(quote.links)])):
                return start, end
        start += 1
    return None


def denies(word: str) -> bool:
    """Return whether a word is a negation, in the languages whose negations are known."""
    return _NEGATION.fullmatch(word.casefold().replace("’", "'")) is not None


def _loses_negation(text: str, start: int, end: int) -> bool:
    """Return whether a slice of a folded text leaves out the negation beside it.

    It stands right before the slice, or behind it with no more than the rest of a clause.
    """
    before = _LAST_WORD.search(text, max(0, start - _LONGEST_NEGATION), start)
    after = _REST_OF_CLAUSE.match(text, end)
    return any(match is not None and denies(match[1]) for match in (before, after))


def _cuts(text: str, start: int, end: int) -> bool:
    """Return whether a slice begins or ends inside a word, a number or an emoji of its text."""
    before = _NOT_SEEN.sub("", text[max(0, start - _AROUND) : start])
    after = _NOT_SEEN.sub("", text[end : end + _AROUND])
    return _joined(before, text[start], text[start + 1 : start + _AROUND]) or _goes_on(
        text[max(0, end - _AROUND) : end], after
    )


def _joined(before: str, first: str, following: str) -> bool:
    """Return whether what stands before a slice belongs to its first word."""
    if not before:
        return False
    last, further = before[-1], before[-2:-1] or " "
    if not _of_word(first):
        # A sign before a number belongs to it.
        decimal = first in ".,:" and following[:1].isdigit() and last.isdigit()
        return decimal or _sticks(first) or last == _JOINER
    if UNSPACED.match(first) or UNSPACED.match(last):
        return last in _DENYING
    return (
        _of_word(last)
        or last == "_"
        or (last in "'’ʼ‐‑-" and _of_word(further))
        or (first.isdigit() and _BEFORE_NUMBER.search(before) is not None)
        or (_GROUP.match(first + following) is not None and _GROUP_BEFORE.search(before) is not None)
    )


def _goes_on(slice_end: str, after: str) -> bool:
    """Return whether what stands behind a slice belongs to its last word."""
    if not after:
        return False
    last, first, second = slice_end[-1], after[0], after[1:2] or " "
    if not _of_word(last):
        return _sticks(first) or last == _JOINER
    if UNSPACED.match(first) or UNSPACED.match(last):
        return _sticks(first)
    return (
        _of_word(first)
        or first in "_\u200d"
        or (first in "'’ʼ‐‑-" and _of_word(second))
        or (last.isdigit() and _BEHIND_NUMBER.match(after) is not None)
        or (_GROUP.match(after[1:]) is not None and _GROUP_BEFORE.search(slice_end + first) is not None)
    )


def _sticks(letter: str) -> bool:
    """Return whether a sign changes the one before it: the tone of a skin, a joiner, a sign put on it."""
    return letter in _STICKING or unicodedata.category(letter)[0] == "M"


def _of_word(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter)[0] == "M"


def _may_be(quoted: str, archived: str) -> bool:
    """Return whether a link may be a shorter writing of another, or the other of it."""
    one, other = _bare(quoted), _bare(archived)
    if one == other:
        return True
    for cut, whole in ((one, other), (other, one)):
        if _CUT.search(cut) and whole.startswith(_CUT.sub("", cut)):
            return True
    # Two short links that differ are two links.
    return len({link.partition("/")[0] in _SHORTENERS for link in (one, other)}) > 1


def without_marks(text: str) -> str:
    """Return a quotation without the marks, bullets and white space around it."""
    text = _BULLET.sub("", text.strip()).strip()
    opens, closes = "\"“„«‹「『‚‘'”", "\"”“»›」』‘’'"
    while len(text) > 1 and text[0] in opens and text[-1] in closes:
        inner = text[1:-1].strip()
        # A mark that closes before the end belongs to a word or to another quotation.
        if any(letter in '"“”„«»' for letter in inner) and text[0] not in "“„«「『":
            break
        text = _BULLET.sub("", inner).strip()
    return text


def parts_of(quote: str) -> list[str]:
    """Return the parts of a quotation between marks of omission (…, ..., […]), outside of links."""
    links = [match.span() for match in _LINK.finditer(quote)]
    parts, at = [], 0
    for match in _LEAVING_OUT.finditer(quote):
        if not any(start < match.end() and match.start() < end for start, end in links):
            parts.append(quote[at : match.start()])
            at = match.end()
    return [part for part in (*parts, quote[at:]) if any(letter.isalnum() for letter in part)]


def is_too_short(quote: str) -> bool:
    """Return whether a quotation has fewer than 4 words or 20 characters, so that it says nothing for sure.

    In scripts without spaces two letters count as a word, and wide letters as two characters.
    """
    folded = core_of(fold_text(quote))
    letters = len(UNSPACED.findall(folded))
    words = sum(
        any(letter.isalnum() for letter in UNSPACED.sub("", word)) for word in _BETWEEN_WORDS.split(quote)
    )
    width = sum(2 if unicodedata.east_asian_width(letter) in _WIDE else 1 for letter in folded)
    return words + letters // _LETTERS_A_WORD < _LEAST_WORDS or width < _LEAST_LETTERS


def split_words(text: FoldedText) -> Words:
    """Return the words and signs of a folded text; a link is a word, without its scheme."""
    slices = [piece for match in _WORD.finditer(text.text) for piece in _words_in(text, *match.span())]
    links = iter(text.links)
    pieces = (text.text[start:end] for start, end in slices)
    words = (_bare(next(links, "")) if piece == _LINK_SIGN else piece for piece in pieces)
    return Words(tuple(words), tuple(slices))


def _words_in(text: FoldedText, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a word's slice; two words with a mark between them, not an apostrophe, are two and the mark."""
    first, last = text.slice_of(start, end)
    if "'" not in text.text[start:end] or _APOSTROPHES.fullmatch(text.original, first, last):
        yield start, end
        return
    for match in re.finditer("[^']+|'", text.text[start:end]):
        yield start + match.start(), start + match.end()


def resemblance(quoted: Sequence[str], archived: Sequence[str]) -> tuple[float, int]:
    """Return how alike a quotation and the likest part of a text are (0 to 1), and where that begins."""
    signs: dict[str, str] = {}
    one, other = (
        "".join(signs.setdefault(word, chr(_FIRST_SIGN + len(signs))) for word in words)
        for words in (quoted, archived)
    )
    alignment = fuzz.partial_ratio_alignment(one, other)
    return (
        (alignment.score / 100, alignment.dest_start)
        if alignment and len(one) <= len(other)
        else (
            fuzz.ratio(one, other) / 100,
            0,
        )
    )


def nearest_window(quoted: Sequence[str], archived: Sequence[str]) -> tuple[int, int]:
    """Return the slice of a text's words that is nearest to a quotation by the fewest changes.

    The alignment is Sellers' (1980): Levenshtein's, with a free beginning and a free end in the text.
    """
    costs: list[tuple[float, int]] = [(0.0, at) for at in range(len(archived) + 1)]
    for number, word in enumerate(quoted, start=1):
        row: list[tuple[float, int]] = [(float(number), 0)]
        for at, other in enumerate(archived, start=1):
            kept, dropped, added = costs[at - 1], costs[at], row[at - 1]
            row.append(
                min(
                    (kept[0] + (0.0 if word == other else 1.0), kept[1]),
                    (dropped[0] + 1.0, dropped[1]),
                    (added[0] + 1.0, added[1]),
                )
            )
        costs = row
    end = min(range(len(costs)), key=lambda at: (costs[at][0], abs(at - costs[at][1] - len(quoted))))
    return costs[end][1], end


def difference(quoted: Sequence[str], archived: Sequence[str]) -> Iterator[tuple[slice, slice]]:
    """Yield, in order, slices of both lists of words that are equal or stand for each other."""
    for step in Levenshtein.opcodes(quoted, archived):
        yield slice(step.src_start, step.src_end), slice(step.dest_start, step.dest_end)


def written_words(folded: FoldedText, slices: Sequence[tuple[int, int]]) -> str:
    """Return the original of some words that follow one another, empty for none."""
    if not slices:
        return ""
    start, end = folded.slice_of(slices[0][0], slices[-1][1])
    return folded.original[start:end]
