"""Questions as people put them in a chat: wrapped in small talk, or inside a message about other things.

A template is a line of JSON with its ``kind`` and the ``template``, which holds the question's place:
``{q}`` as it is (inside a sentence with a small first letter, unless it begins with a name), ``{lower}`` in
small letters, ``{upper}`` in capitals, ``{bare}`` without apostrophes and marks at its end,
``{lower_bare}`` both.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Final

from retrieval.errors import ReadError
from retrieval.evaluation.collection import Judged
from retrieval.evaluation.measures import QueryResult
from retrieval.model import Verdict

__all__ = ["Template", "WrappedShare", "compare_wrapped", "load_templates", "long_message", "wrap"]

_PLACES: Final = ("{q}", "{lower}", "{upper}", "{bare}", "{lower_bare}")
#: Words with which a question begins that are no names, whatever their first letter.
_OPENING: Final = [
    "what",
    "which",
    "who",
    "whom",
    "whose",
    "when",
    "where",
    "why",
    "how",
    "is",
    "are",
    "was",
    "were",
    "do",
    "does",
    "did",
    "can",
    "could",
    "will",
    "would",
    "should",
    "has",
    "have",
    "had",
    "in",
    "on",
    "at",
    "by",
    "from",
    "to",
    "for",
    "of",
    "the",
    "a",
    "an",
    "with",
    "during",
    "after",
    "before",
    "about",
    "if",
    "according",
    "along",
    "as",
    "under",
    "name",
    "give",
    "summarize",
    "tell",
    "describe",
]
_SENTENCE_ENDS: Final = re.compile(r"[.!?:)—>]\s*$")
#: A right post counts among so many.
_TOP: Final = 10
_MARKS_AT_THE_END: Final = " ?!."
#: Sentences of everyday life, for messages of which the question is only a part.
_EVERYDAY: Final = """
My bike has a flat tyre again and the shop is closed until Tuesday.
The soup at the new noodle place was far too salty.
I keep forgetting where I put the spare keys.
The neighbours have been drilling holes since seven in the morning.
It rained so hard that the laundry on the balcony is wet again.
I finally cancelled that gym membership.
Our dog ate half a sandwich and looks very pleased with himself.
The heating makes a strange noise at night.
I promised to bake a cake and then ran out of sugar.
The dentist moved my appointment for the third time.
There was a queue at the bakery and I nearly gave up.
My phone battery barely lasts until lunch these days.
The kids built a castle out of cardboard boxes.
I painted the fence green and everyone hates it.
The tomatoes on the windowsill are slowly turning red.
I lost my umbrella on the tram.
The coffee machine at work is broken and morale is low.
The parcel was left with the wrong neighbour again.
I burned the rice, so we ordered pizza.
The elevator is out of order and I live on the sixth floor.
I found a twenty in my winter jacket, what a day.
My new shoes hurt, but they look great.
I am trying to drink less soda this year.
The plumber promised to come yesterday and never called back.
""".strip().split("\n")


@dataclass(frozen=True, slots=True)
class Template:
    """A way to put a question, and its kind: greeting, thanks, hedge, filler."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class WrappedShare:
    """What a template costs, as shares of what the plain questions reach.

    ``answered`` is how many own questions are answered, and ``first`` how many have a right post first, each
    as a share of the plain ones; ``foreign`` and ``foreign_plain`` are the shares of foreign questions that
    are answered, wrapped and plain, ``None`` without any.
    """

    kind: str
    template: str
    answered: float
    first: float
    foreign: float | None
    foreign_plain: float | None


def load_templates(path: Path) -> list[Template]:
    """Read templates, one a line; raise ``ReadError`` naming the file, the line and what is wrong with it."""
    templates = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(str(path), f"cannot be read ({error})") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            template = Template(str(row.get("kind", "")), str(row["template"]))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ReadError(str(path), f"line {number} is no JSON object with a template") from error
        if sum(template.text.count(place) for place in _PLACES) != 1:
            raise ReadError(str(path), f"line {number} does not hold one of {', '.join(_PLACES)} once")
        templates.append(template)
    if not templates:
        raise ReadError(str(path), "holds no template")
    return templates


def wrap(template: Template, question: str) -> str:
    """Put a question into a template."""
    text = template.text
    before = text.split("{q}")[0]
    inside = bool(before.strip()) and not _SENTENCE_ENDS.search(before)
    bare = re.sub(r"['’]", "", question).rstrip(_MARKS_AT_THE_END)
    return (
        text.replace("{q}", _small_first_letter(question) if inside else question)
        .replace("{lower_bare}", bare.lower())
        .replace("{lower}", question.lower())
        .replace("{upper}", question.upper())
        .replace("{bare}", bare)
    )


def long_message(question: str, random: Random) -> str:
    """Put a question among two to five sentences about other things."""
    sentences = random.sample(_EVERYDAY, random.randint(2, 5))
    place = random.randint(0, len(sentences))
    return " ".join([*sentences[:place], question, *sentences[place:]])


def compare_wrapped(
    judged: Judged,
    template: Template,
    own: Mapping[str, tuple[QueryResult, QueryResult]],
    foreign: Sequence[tuple[QueryResult, QueryResult]] = (),
) -> WrappedShare:
    """Compare the results of questions, plain and wrapped; ``own`` are by the question's id.

    Of own questions those count whose right post is among the first ten when they are asked plainly.
    """
    found = [pair for name, pair in own.items() if _rank(judged, name, pair[0]) < _TOP]
    firsts = [[_rank(judged, name, result) == 0 for result in pair] for name, pair in own.items()]
    return WrappedShare(
        template.kind,
        template.text,
        answered=_ratio([(_answered(plain), _answered(wrapped)) for plain, wrapped in found]),
        first=_ratio([(plain, wrapped) for plain, wrapped in firsts]),
        foreign=fmean(_answered(wrapped) for _, wrapped in foreign) if foreign else None,
        foreign_plain=fmean(_answered(plain) for plain, _ in foreign) if foreign else None,
    )


def _small_first_letter(question: str) -> str:
    first = question.split(" ", 1)[0]
    return question[0].lower() + question[1:] if first.lower() in _OPENING else question


def _rank(judged: Judged, name: str, result: QueryResult) -> int:
    relevant = judged.relevant(name)
    return next(
        (rank for rank, (post, _) in enumerate(result.ranking) if post in relevant), len(relevant) + 10**6
    )


def _answered(result: QueryResult) -> bool:
    return result.verdict is Verdict.ANSWER


def _ratio(pairs: Sequence[tuple[bool, bool]]) -> float:
    plain = sum(before for before, _ in pairs)
    return sum(after for _, after in pairs) / plain if plain else 0.0
