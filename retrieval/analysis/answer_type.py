"""The type of answer that a question asks for.

English has patterns for all types, other languages phrases for dates, numbers and persons, as data in
``answer_types.toml``.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files
from typing import Final

import regex

from retrieval.analysis.clauses import opens_a_question
from retrieval.analysis.languages.letters import fold, letters_of
from retrieval.analysis.languages.unspaced import SCRIPTS

__all__ = ["MARKED", "AnswerType", "AnswerWords", "answer_type_of", "answer_words", "plain_form"]

_ENGLISH: Final = "en"
#: Languages whose words are parted by marks alone ("mấy", how many; "máy", machine). What is written without
#: any mark is read without.
MARKED: Final = frozenset({"vi"})
#: At the end of what stands before a clause.
_COMMA: Final = re.compile(r"[,،，]\s*$")


class AnswerType(IntEnum):
    """A type of answer; its value is the bit that marks posts with its sign."""

    WHEN = 0
    NUMBER = 1
    WHO = 2
    WHERE = 3
    WHAT = 4
    WHY = 5


_QUESTIONS: tuple[tuple[AnswerType, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.VERBOSE))
    for kind, pattern in (
        (
            AnswerType.WHEN,
            r"""^\W*(?:(?:and|so|but|since|until|by|from)\ )?when\ (?!discuss|talk)
            |\b(?:since|until|by|from|and)\ when\b
            |\b(?:what|which)\ (?:(?:is|was|were|are)\ the\ )?(?:\w+\ )?
                (?:years?|dates?|day|month|century|decade)\b
            |\bwhen\ (?:did|was|were|is|are|does|do|has|had|have|will)\b""",
        ),
        (
            AnswerType.NUMBER,
            r"""\bhow\ (?:many|much|long|far|old|large|big|tall|high|often|fast|deep|wide|few|late|early
                |soon|heavy)\b
            |\bwhat\ (?:(?:is|was)\ the\ )?(?:\w+\ ){0,2}(?:percent|percentage|number|amount|population
                |size|speed|height|length|age|cost|price|distance|temperature|rate)\b""",
        ),
        (
            AnswerType.WHO,
            r"""\b(?:who|whom|whose)\b
            |\b(?:what|which)\ (?:\w+\ )?(?:person|man|woman|king|president|leader|author|scientist|general
                |people|name|emperor|company|group|organi[sz]ation|team)\b""",
        ),
        (
            AnswerType.WHERE,
            r"""\bwhere\b
            |\b(?:what|which)\ (?:\w+\ )?(?:city|cities|country|countries|states?|places?|town|region|county
                |continent|location|river|area|island|street|building|district)\b""",
        ),
        (
            AnswerType.WHAT,
            r"""^\W*what(?:'s|\ is|\ are|\ was|\ were)\ (?:an?\ |the\ )?[\w'\ -]{1,30}\??$
            |\bdefin|\bmean(?:ing|s)?\b""",
        ),
        (AnswerType.WHY, r"\bwhy\b|\bwhat\ (?:(?:is|was)\ the\ )?(?:cause|reason)"),
    )
)


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """What a language asks by, and the words in posts that are a sign of an answer, in :func:`plain_form`.

    ``asking`` are patterns for questions of each type, ``others`` one for words that ask for something else,
    where those of a date also begin clauses ("the year when"); ``dates`` and ``numbers`` match a word of a
    post that is a sign of one by itself, nothing where there are none.
    """

    asking: Sequence[tuple[AnswerType, regex.Pattern[str]]]
    others: regex.Pattern[str] | None
    dates: regex.Pattern[str] | None
    numbers: regex.Pattern[str] | None


def answer_type_of(question: str, language: str = _ENGLISH) -> AnswerType | None:
    """Return the type of answer that a question of an ISO 639-1 language asks for, ``None`` if unclear."""
    if language == _ENGLISH:
        lowered = question.lower().strip()
        return next((kind for kind, pattern in _QUESTIONS if pattern.search(lowered)), None)
    marked = language in MARKED and not question.isascii()
    words = answer_words(language, marked=marked)
    if words is None:
        return None
    plain = plain_form(question, language, marked=marked)
    return next(
        (
            kind
            for kind, pattern in words.asking
            if any(not _is_subordinate(plain[: phrase.start()], words) for phrase in pattern.finditer(plain))
        ),
        None,
    )


def _is_subordinate(before: str, words: AnswerWords) -> bool:
    """Return whether a clause asks nothing, as what stands before it does: "how old was she, when …"."""
    return bool(_COMMA.search(before)) and (
        opens_a_question(before)
        or (words.others is not None and words.others.search(before) is not None)
        or any(pattern.search(before) for _, pattern in words.asking)
    )


@cache
def answer_words(language: str, *, marked: bool = False) -> AnswerWords | None:
    """Return what is known of answers in an ISO 639-1 language; ``None`` for English, which has rules.

    With ``marked``, words are matched with the marks that they are listed with.
    """
    known = _known().get(language)
    if known is None:
        return None
    kinds = ((AnswerType.WHEN, "when"), (AnswerType.NUMBER, "number"), (AnswerType.WHO, "who"))
    return AnswerWords(
        asking=tuple(
            (kind, _phrases(known[name].split(","), language, marked=marked)) for kind, name in kinds
        ),
        others=_phrases(known["others"].split(","), language, marked=marked) if "others" in known else None,
        dates=_any_of(known["dates"].split(), language, marked=marked),
        numbers=_any_of(known["numbers"].split(), language, marked=marked),
    )


def plain_form(text: str, language: str, *, marked: bool = False) -> str:
    """Return a text as phrases and words are matched: its letters folded, Latin ones without accents.

    With ``marked``, accents stay.
    """
    normal = letters_of(language).normal(text)
    return normal if marked else fold(normal, whole=True)


@cache
def _known() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files(__package__) / "answer_types.toml").read_text(encoding="utf-8"))


def _phrases(phrases: Sequence[str], language: str, *, marked: bool) -> regex.Pattern[str]:
    """Return a pattern for any of some phrases; where words have spaces, it begins and ends with a word.

    A Thai word does not begin behind a vowel that is written before its consonant.
    """
    plain = sorted(
        (plain_form(phrase.strip(), language, marked=marked) for phrase in phrases), key=len, reverse=True
    )
    border = rf"(?:(?<![\p{{L}}\p{{M}}\p{{N}}])|(?<=[{SCRIPTS}]))", r"(?!-?[\p{L}\p{M}\p{N}])"
    choices = [
        rf"(?<![เแโใไ]){regex.escape(phrase)}"
        if regex.match(f"[{SCRIPTS}]", phrase)
        else f"{border[0]}{regex.escape(phrase, literal_spaces=True)}{border[1]}"
        for phrase in plain
    ]
    return regex.compile("|".join(choices))


def _any_of(words: Sequence[str], language: str, *, marked: bool) -> regex.Pattern[str] | None:
    if not words:
        return None
    plain = (
        plain_form(word.removesuffix("*"), language, marked=marked) + (".*" if word.endswith("*") else "")
        for word in words
    )
    return regex.compile("|".join(plain))
