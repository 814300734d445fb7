"""The wording of posts, compared across saved forms that spell one post differently.

One form shows where a link leads and another its short address, one keeps the author's own number and
another takes it off, one cuts a long post and ends it in "…". What is left when all that is set aside
is the wording, and only that is compared here; texts themselves are never changed.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = [
    "TELLING",
    "Fingerprint",
    "beginning_hash",
    "covers",
    "distinguishing_lines",
    "fingerprint_of",
    "is_distinctive",
    "may_be_same",
]

TELLING: Final = 40
"""From so many letters and digits on, two posts of one wording are no coincidence."""
_BEGINNING: Final = 40

_ADDRESS: Final = re.compile(
    r"https?://[!-~…]*|(?<![\w@.])(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}/[!-~…]*", re.IGNORECASE
)
_NAME_OF_SITE: Final = re.compile(r"(?:https?://)?(?:www\.)?", re.IGNORECASE)
_SHORTENED: Final = re.compile(r"(?:t\.co|pic\.twitter\.com|pic\.x\.com)/", re.IGNORECASE)
_SPAN: Final = 24
#: No post of any service is longer; what is, is compared as it stands.
_LONGEST: Final = 50_000
_IN_FRONT: Final = re.compile(
    r"\W{0,6}(?P<number>\d{1,3})(?:\s?/\s?(?:\d{1,3}|[xn?])?|[.)\]])[)\]]?(?=\s|$)", re.IGNORECASE
)
_BEHIND: Final = re.compile(
    r"(?:^|\s)[(\[]?(?:(?P<number>\d{1,3})\s?/\s?(?:\d{1,3}|[xn?]|end)?|/\s?(?P<alone>\d{1,3}|end))[)\]]?$",
    re.IGNORECASE,
)
_LETTERS: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a post says, however it was saved.

    ``plain`` is its letters and digits, case folded, without addresses and the author's numbering; of
    a short post, where a sign may be all the difference, every sign counts.
    ``addresses`` are without scheme; ``number`` is the author's own, ``None`` for none. ``cut`` says
    that the text breaks off in "…".
    """

    plain: str
    addresses: tuple[str, ...] = ()
    number: int | None = None
    cut: bool = False


def fingerprint_of(text: str) -> Fingerprint:
    """Return the wording of a post's text. Linear, whatever the text."""
    if len(text) > _LONGEST:
        return Fingerprint(text)
    addresses = tuple(_bare(address) for address in _ADDRESS.findall(text))
    body = _ADDRESS.sub(" ", text).strip()
    cut = body.endswith(("…", "..."))
    number = None
    behind = _BEHIND.search(body[-_SPAN:])
    if behind:
        body = body[: len(body) - len(behind[0])]
        written = behind["number"] or behind["alone"]
        number = int(written) if written.isdigit() else None
    else:
        front = _IN_FRONT.match(body)
        if front:
            body, number = body[front.end() :], int(front["number"])
    folded = unicodedata.normalize("NFKC", body).casefold()
    plain = "".join(_LETTERS.findall(folded))
    return Fingerprint(plain if len(plain) >= TELLING else "".join(folded.split()), addresses, number, cut)


def is_distinctive(fingerprint: Fingerprint) -> bool:
    """Return whether the wording is long enough to know the post by it."""
    return len(fingerprint.plain) >= TELLING


def covers(full: Fingerprint, part: Fingerprint) -> bool:
    """Return whether ``full`` says all that ``part`` says: the same, or ``part`` is cut and goes on so.

    Numbers that differ, and addresses that cannot be of one link, say that they are two posts.
    """
    if full.number is not None and part.number is not None and full.number != part.number:
        return False
    if full.plain == part.plain:
        return _same_links(full.addresses, part.addresses)
    return part.cut and is_distinctive(part) and full.plain.startswith(part.plain)


def may_be_same(one: Fingerprint, two: Fingerprint) -> bool:
    """Return whether the two may be one post saved in two ways."""
    return covers(one, two) or covers(two, one)


def distinguishing_lines(threads: Sequence[Iterable[str]]) -> list[str | None]:
    """Return for each thread, given by its posts' texts, the first line that no other of them holds.

    Where every line stands in some other thread, it is the first that not all of them hold; ``None`` where
    there is none.
    """
    lines = [
        list(dict.fromkeys(line.strip() for text in texts for line in text.splitlines())) for texts in threads
    ]
    holders = Counter(line for own in lines for line in own)
    return [
        next((line for line in own if line and holders[line] == 1), None)
        or next((line for line in own if line and holders[line] < len(lines)), None)
        for own in lines
    ]


def beginning_hash(texts: Iterable[str]) -> str | None:
    """Return a hash of how a thread begins, the same in every form; ``None`` where it says too little.

    It only brings together what is worth comparing: threads that differ may have it in common.
    """
    plain = ""
    for text in texts:
        fingerprint = fingerprint_of(text)
        plain += fingerprint.plain
        if len(plain) >= _BEGINNING:
            return hashlib.sha256(plain[:_BEGINNING].encode("utf-8", "surrogatepass")).hexdigest()
        if fingerprint.cut:
            break
    return None


def _bare(address: str) -> str:
    """Return an address as every form may show it: no scheme, no punctuation behind it."""
    return _NAME_OF_SITE.sub("", address.rstrip(".,;:!?'\")]}>/"), count=1).casefold()


def _same_links(one: Sequence[str], two: Sequence[str]) -> bool:
    """Return whether the links of two texts of one wording may be the same.

    A short address at the end stands for a picture, and forms that show the picture leave it away. A
    form may leave away all.
    """
    shorter, longer = sorted((list(one), list(two)), key=len)
    while len(longer) > len(shorter) and _SHORTENED.match(longer[-1]):
        longer.pop()
    if not shorter:
        return True
    return len(longer) == len(shorter) and all(map(_same_link, longer, shorter))


def _same_link(one: str, two: str) -> bool:
    short = bool(_SHORTENED.match(one)), bool(_SHORTENED.match(two))
    if one == two or short in {(True, False), (False, True)}:
        return True
    if all(short):
        return False  # a short address is made anew for every post
    return any(
        shown.endswith("…") and whole.startswith(shown.rstrip("…"))
        for shown, whole in ((one, two), (two, one))
    )
