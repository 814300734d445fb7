"""The parts of a message that may be a question by themselves.

A message of several sentences is judged by its surest part, so that what surrounds a question ("my bike has
a flat tyre, anyway: …") does not refuse it. Parts are sentences, and what follows an introduction ("No clue
whether this was covered, yet …") where that has no subject of its own.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

__all__ = ["MOST_CLAUSES", "clauses_of", "looks_like_a_question", "opens_a_question"]

#: At most so many parts of a message are asked.
MOST_CLAUSES: Final = 8
#: A part that looks like a question needs one term, another one so many, and none that looks like a
# question and has so many beside it.
_LEAST_TERMS: Final = 3
_QUESTION_TERMS: Final = 2
#: An introduction has at most so many words before a comma, and before a question word.
_INTRODUCTION: Final = 8
_BEFORE_QUESTION_WORD: Final = 6
_COMMAS: Final = 2

_BOUNDARY: Final = re.compile(r"(?<=[.!?…;:。！？؟])[\"'”’)\]]*\s+|\n+|\s+[—–-]+\s+|(?<=[。！？])")
_CONJUNCTIONS: Final = (
    r"(?:(?:but|and|so|yet|however|then|or|ok|well|hey|aber|und|also|oder|але|і|та|а|но|и)\b[,:]?\s*)*"
)
_WH_ENGLISH: Final = "what which who whom whose when where why how whats hows whos wheres whens whys"
_AUXILIARIES: Final = "is are was were do does did can could will would should has have had"
_OTHER_LANGUAGES: Final = r"""
    was wer wen wem wie wo wann warum wieso welche welcher welches welchen worum
    що хто як де коли чому куди який яка яке які что кто как где когда почему куда какой какая какие
"""
_REQUESTS: Final = r"""
    summarize summarise describe explain define discuss compare list name give show tell outline
    erkläre erklär beschreibe nenne zeige zeig erzähle erzähl vergleiche
    поясни опиши розкажи назви покажи порівняй объясни опиши расскажи назови покажи сравни
"""
_OPENING_WORDS: Final = "|".join(f"{_WH_ENGLISH} {_AUXILIARIES} {_OTHER_LANGUAGES} {_REQUESTS}".split())
_OPENS_A_QUESTION: Final = re.compile(
    rf"{_CONJUNCTIONS}(?:in what|in which|{_OPENING_WORDS})\b", re.IGNORECASE
)
_LEADING_CONJUNCTIONS: Final = re.compile(_CONJUNCTIONS, re.IGNORECASE)
_WH: Final = re.compile(r"\b(?:what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE)
_MARK: Final = re.compile(r"[?？؟]")
_COMMA: Final = re.compile(r",\s+")
#: "In a steam turbine, what …": what stands before the comma belongs to the question.
_BELONGS: Final = re.compile(
    r"\W*(?:in|on|at|by|from|to|for|of|with|during|after|before|about|according|along|as|under|until|since"
    r"|among|between|if|when|because|while|although|unlike|besides|despite"
    r"|in|im|am|bei|mit|nach|vor|seit|während|wenn|falls|weil|als|у|в|на|під|після|до|якщо|коли|через|при|если|когда)\b",
    re.IGNORECASE,
)
_STRETCHED: Final = re.compile(r"(\w)\1{2,}")


def clauses_of(
    message: str, count_terms: Callable[[str], int], is_filler: Callable[[str], bool]
) -> list[str]:
    """Return the parts of a message to ask by themselves: those that look like questions, or else all.

    ``count_terms`` counts the terms of a part that name a subject; ``is_filler`` says whether all words of an
    introduction are so common that none does. The whole message is not among the parts.
    """
    sentences = [part.strip() for part in _BOUNDARY.split(message) if part and part.strip()]
    asking: list[str] = []
    others: list[str] = []
    for sentence in sentences:
        looks_asking = looks_like_a_question(sentence)
        if count_terms(sentence) >= (1 if looks_asking else _LEAST_TERMS):
            (asking if looks_asking else others).append(sentence)
        if (rest := _after_introduction(sentence, is_filler)) and count_terms(rest):
            asking.append(rest)
    if any(count_terms(part) >= _QUESTION_TERMS for part in asking):
        others.clear()
    parts = dict.fromkeys([*asking, *others])
    parts.pop(message.strip(), None)
    return list(parts)[:MOST_CLAUSES]


def looks_like_a_question(text: str) -> bool:
    """Return whether a text has a question mark, or opens with a word that asks: why, does, explain."""
    return bool(_MARK.search(text) or _OPENS_A_QUESTION.match(text))


def opens_a_question(text: str) -> bool:
    """Return whether a text opens with a question word or an auxiliary."""
    return bool(_OPENS_A_QUESTION.match(text))


def _after_introduction(sentence: str, is_filler: Callable[[str], bool]) -> str | None:
    """Return the question behind an introduction, ``None`` where there is none."""
    for place, at_comma in _cuts(sentence):
        introduction, rest = sentence[:place], sentence[place:]
        rest = rest[_LEADING_CONJUNCTIONS.match(rest).end() :]  # type: ignore[union-attr]  # it may match nothing
        if at_comma:
            if _BELONGS.match(introduction) or len(introduction.split()) > _INTRODUCTION:
                continue
        elif len(introduction.split()) > _BEFORE_QUESTION_WORD or not is_filler(
            _STRETCHED.sub(r"\1", introduction)
        ):
            continue
        if looks_like_a_question(rest):
            return rest
    return None


def _cuts(sentence: str) -> Iterator[tuple[int, bool]]:
    """Yield where an introduction may end: after one of the first commas, or before a question word."""
    for comma in list(_COMMA.finditer(sentence))[:_COMMAS]:
        yield comma.end(), True
    if (word := _WH.search(sentence)) and word.start() > 0:
        yield word.start(), False
