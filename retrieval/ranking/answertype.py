"""The type of answer that a question asks for, and the signs of it in posts. English only.

A question that begins with "when" is better answered by a post that holds a date. The signs are judged
once, when a post is indexed, and cost a look at one bit when a question is asked.
"""

import re
from enum import IntEnum

__all__ = ["AnswerType", "signs_of", "type_of"]


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

_MONTHS = "January|February|March|April|June|July|August|September|October|November|December"
_SIGNS: dict[AnswerType, re.Pattern[str]] = {
    AnswerType.WHEN: re.compile(
        rf"\b(?:1[0-9]{{3}}|20[0-9]{{2}})s?\b|\b(?:{_MONTHS}|May \d)\b|\b\d+(?:st|nd|rd|th)\b|\bcentur"
        r"|\b\d{3} (?:AD|BC)\b|\b(?:AD|BC) \d+"
    ),
    AnswerType.NUMBER: re.compile(
        r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty"
        r"|hundreds?|thousands?|millions?|billions?|dozen|half|third|quarter|percent|once|twice)\b",
        re.IGNORECASE,
    ),
    # A capital letter that is not the first of a sentence or of a quotation.
    AnswerType.WHO: re.compile(r"(?<![.!?:\n] )(?<!^)(?<![\"“'(])\b[A-Z][a-z]+"),
    AnswerType.WHERE: re.compile(r"\b(?:in|at|near|from|of|to) (?:the )?[A-Z][a-z]+"),
    AnswerType.WHAT: re.compile(
        r"\b(?:is|are|was|were) (?:an?|the|one of|any|considered|defined|known|called)\b"
        r"|\b(?:refers? to|means?|called|known as)\b",
        re.IGNORECASE,
    ),
    AnswerType.WHY: re.compile(
        r"\b(?:because|due to|since|therefore|as a result|so that|in order to|caused?|reasons?|led to"
        r"|thus)\b",
        re.IGNORECASE,
    ),
}


def type_of(question: str) -> AnswerType | None:
    """Return the type of answer that a question asks for, ``None`` when it does not show."""
    lowered = question.lower().strip()
    return next((kind for kind, pattern in _QUESTIONS if pattern.search(lowered)), None)


def signs_of(text: str) -> int:
    """Return a bit for each type of answer that the text has a sign of."""
    return sum(1 << kind for kind, pattern in _SIGNS.items() if pattern.search(text))
