"""The type of answer that a question asks for. English only."""

import re
from enum import IntEnum

__all__ = ["AnswerType", "answer_type_of"]


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


def answer_type_of(question: str) -> AnswerType | None:
    """Return the type of answer that a question asks for, ``None`` when it does not show."""
    lowered = question.lower().strip()
    return next((kind for kind, pattern in _QUESTIONS if pattern.search(lowered)), None)
