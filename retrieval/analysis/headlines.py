"""The line that stands for a thread in lists where its source gave it no title: the opening's own words.

It is cut from the first line that says something, in whole sentences where they are short enough. What
people write before they begin is dropped: mentions, marks of lists, numbers of posts, addresses.
"""

import re
from collections.abc import Sequence
from typing import Final

import regex

from retrieval.analysis.sentences import UNSPACED, room_for, sentences

__all__ = ["HEADLINE_LENGTH", "HEADLINE_POSTS", "headline", "shortened"]

#: Characters of a headline; half as many in Chinese, Japanese and Korean.
HEADLINE_LENGTH: Final = 80
#: A line of fewer words says little: "A thread", "Good morning".
_WORDS: Final = 3
#: The opening of a thread is in so many of its first posts.
HEADLINE_POSTS: Final = 3
#: What is read of a post; its opening is not behind that.
_READ: Final = 4_000

_ADDRESS: Final = r"(?:https?://|www\.)\S+"
_ATTACHMENT: Final = re.compile(r"\s*\[(?:image|video|quoted post|link): .*\]\s*")
# Numbers of posts ("1/", "1/12", "(1/n)", "/1"), of list items ("1.", "a)"), and anything that is neither
# a letter nor a figure nor opens what follows.
_LEADING: Final = regex.compile(
    rf"(?:\s|@[\w.]+[:,]?(?=\s|$)|{_ADDRESS}"
    r"|[(\[]?\d{1,3}/(?:\d{1,3}|[nNxX?])?[)\]]?(?=\s+[^\s\p{Ll}]|\s*$)|[(\[]?\d{1,3}/[)\]]?(?=\s|\p{L})|/\d{1,3}(?=\s|$)"
    r"|\(?(?:\d{1,3}|\p{Ll})[.)](?=\s)|[-–—+](?=\s)|#{1,6}(?=\s)"
    r"|[^\w\s\"'“”‘’«»„‚‹›「『《〈【（(\[¿¡#＃$€£¥@＠+.…–—-])*",
    regex.VERSION1,
)
_TRAILING: Final = regex.compile(
    rf"(?:\s+(?:{_ADDRESS}|[(\[]?\d{{1,3}}/(?:\d{{1,3}}|[nNxX?])?[)\]]?|[\p{{So}}\p{{Sk}}\p{{Cf}}\p{{Mn}}]+))++\s*$"
)
_SPACED_WORD: Final = regex.compile(
    rf"[\p{{L}}\p{{N}}--[{UNSPACED}]][\p{{L}}\p{{M}}\p{{N}}'’--[{UNSPACED}]]*", regex.VERSION1
)
_UNSPACED_LETTER: Final = regex.compile(rf"[[{UNSPACED}]&&\p{{L}}]", regex.VERSION1)
_ENDED: Final = regex.compile(r"[\p{P}\p{S}]")
_MARK: Final = regex.compile(r"[\p{M}ำຳ]")
#: So many letters of a script without spaces make a word, about.
_LETTERS: Final = 2
#: Where a line is cut, no mark hangs at its end.
_HANGING: Final = " ,;:-–—(\"'“„«、，；：（「"


def headline(texts: Sequence[str], limit: int = HEADLINE_LENGTH) -> str:
    """Return the opening words of a thread's posts on one line, at most ``limit`` characters.

    It is the beginning of the first line with three words or more; "…" shows that a sentence was cut. A
    thread without such a line has the first with any, one without words what it opens with.
    """
    lines = [
        line
        for text in texts[:HEADLINE_POSTS]
        for written in text[:_READ].split("\n")
        if not _ATTACHMENT.fullmatch(written) and (line := _cleaned(written))
    ]
    chosen = next((line for line in lines if _words(line) >= _WORDS), None)
    chosen = chosen or next((line for line in lines if _words(line)), None)
    return _cut(chosen, limit) if chosen else shortened(texts[0], limit)


def shortened(line: str, limit: int = HEADLINE_LENGTH) -> str:
    """Return a line's opening words as they are, cut as a headline is."""
    return _cut(" ".join(line[:_READ].split()), limit)


def _cleaned(line: str) -> str:
    line = " ".join(line.split())
    line = line[_LEADING.match(line).end() :]  # type: ignore[union-attr]  # it matches nothing, too
    return _TRAILING.sub("", f" {line}").strip()


def _words(line: str) -> int:
    return len(_SPACED_WORD.findall(line)) + len(_UNSPACED_LETTER.findall(line)) // _LETTERS


def _cut(line: str, limit: int) -> str:
    """Return as many whole sentences as there is room for; where that is less than a headline, words."""
    room = room_for(line, limit)
    if len(line) <= room:
        return line
    ends = [len(line[:end].rstrip()) for _, end in sentences(line)]
    # Thai and its neighbours have blanks within a sentence, too: nothing but its mark shows that one ends.
    whole = max((end for end in ends if end <= room and _ENDED.match(line, end - 1)), default=0)
    return line[:whole] if _words(line[:whole]) >= _WORDS else _cut_between_words(line, room)


def _cut_between_words(line: str, room: int) -> str:
    """Return the words that there is room for; letters that are written without blanks are cut anywhere."""
    end, blank = room - 1, line.rfind(" ", 0, room)
    if blank > (room // 2 if _UNSPACED_LETTER.match(line, end) else room // 4):
        end = blank
    while end > 1 and _MARK.match(line, end):
        end -= 1
    return line[:end].rstrip(_HANGING) + "…"
