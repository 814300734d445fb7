"""What the search finds in small collections of ours: hits with their shares, verdicts, words, completions.

Figures are rounded, since the last bits of a sum depend on the processor.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.model import Answer, Excerpt
from retrieval.search.search_result import NO_CONVERSATION, Conversation, SearchResult
from tests.golden.normal import as_json
from tests.retrieval.floors import QUESTIONS, THREADS, searcher

__all__ = ["search"]

_CORPORA: Final = Path(__file__).parents[1] / "retrieval" / "corpora"
_DIGITS: Final = 3
#: Beside the judged questions: small talk, several parts, misspelt and joined words, names, nothing at all.
_ASKED: Final = (
    "thanks!",
    "hi, who built the weir? and how long do ropes of manila float?",
    "who painted the weir?",
    "how many brothers recast the bell?",
    "how many ropes?",
    "ferrys in wnter",
    "bass-bar",
    "bassbar",
    "life boat",
    "HANNA BRANDT",
    "who is Hanna Brandt",
    "What is it?",
    "and then it was that which",
    "The barge was sold.",
    "is the",
    "a berth costs less from october to march",
    "u know abt spring tides?",
    "glue bowsprit",
    "quantum chromodynamics",
    "",
)
_FOLLOWS: Final = (("why?", ("weir", "built"), ()), ("and the oak piles?", ("weir",), (15,)))
_TYPED: Final = ("", "what", "the bees of", "beees", "harbor", "wint", "of the", "notes kitchen")


async def search(folder: Path) -> Mapping[str, str]:
    """Return what is found for questions of several kinds, in the judged collection and in ten languages."""
    cases: dict[str, Any] = {}
    found = searcher()
    asked = [(judged.text, Conversation(judged.before)) for judged in QUESTIONS]
    asked += [(text, NO_CONVERSATION) for text in _ASKED]
    asked += [(text, Conversation(before, threads, 0.7)) for text, before, threads in _FOLLOWS]
    cases["hits"] = {
        f"{text} after {' '.join(conversation.terms)}".removesuffix(" after "): [
            _result(found.search(text, 3, conversation)),
            [_result(reading) for readings in found.readings(text, 1) for reading in readings[1:]],
            {"terms": found.terms(text), "near": found.near_misses(text), "holding": found.holding(text)},
        ]
        for text, conversation in asked
    }
    with Archive.open(folder / "archive.db") as archive:
        questions = _filled(archive)
        scope = archive.catalog.scope()
        answers: dict[str, Any] = {}
        for text in [*questions, *_ASKED]:
            answer = archive.ask(text, scope, limit=3)
            answers[text] = [
                _answer(answer),
                archive.answers.other_language(text, scope),
                _answer(archive.ask("why?", scope, limit=2, previous=answer)),
            ]
        cases["answers"] = answers
        names = [thread.id for thread, *_ in archive.lookup.complete("", scope, 100)]
        cases["key excerpts"] = [_excerpt(archive.answers.key_excerpt(name, scope)) for name in names]
        cases["completions"] = {
            typed: [
                [thread.title or thread.opening for thread in archive.autocomplete.threads(typed, scope, 5)],
                [thread.title or thread.opening for thread in archive.autocomplete.titled(typed, scope)],
                archive.answers.holds_terms(typed, scope),
            ]
            for typed in _TYPED
        }
    return {f"{name.replace(' ', '-')}.json": as_json(_rounded(case)) for name, case in cases.items()}


def _filled(archive: Archive) -> list[str]:
    """Import the judged collection and the threads in ten languages; return what is asked in these."""
    files: dict[tuple[str, str | None], Any] = {("floors", None): THREADS.values()}
    questions = []
    for path in sorted(_CORPORA.glob("*.toml")):
        corpus = tomllib.loads(path.read_text(encoding="utf-8"))
        files[path.stem, path.stem] = corpus["threads"]
        questions += [question for question, *_ in corpus["questions"][:3]] + [corpus["off_topic"]]
    for (name, language), threads in files.items():
        for number, posts in enumerate(threads):
            text = "".join(f"{post}\n/{place}\n" for place, post in enumerate(posts, 1)) + "/END\n"
            file = SavedFile(f"{number}.txt", text.encode())
            archive.import_file(file, collection=name, language=language)
    archive.refresh()
    return questions


def _result(result: SearchResult) -> Any:
    return {
        "hits": [[hit.post, hit.score, dict(hit.shares), dict(hit.terms)] for hit in result.hits],
        "verdict": result.verdict,
        "logit": result.judgement.logit,
        "weighing": _fields(result.weighing()),
        **{name: getattr(result, name) for name in ("terms", "weights", "corrected", "part", "inherited")},
    }


def _answer(answer: Answer) -> Any:
    return {
        "verdict": answer.verdict,
        "confidence": answer.confidence,
        "excerpts": [_excerpt(excerpt) for excerpt in answer.excerpts],
        "terms": answer.terms,
        "corrected": answer.corrected,
        "suggestions": answer.suggestions.terms,
        "weighing": _fields(answer.weighing),
        "inherited": answer.inherited,
    }


def _excerpt(excerpt: Excerpt) -> Any:
    marked = [excerpt.quote[start:end] for start, end in excerpt.highlights]
    return [excerpt.thread.id, excerpt.post.ordinal, excerpt.rank, excerpt.quote, marked]


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__ if getattr(value, name)}


def _rounded(value: Any) -> Any:
    match value:
        case float():
            return round(value, _DIGITS)
        case Mapping():
            return {key: _rounded(each) for key, each in value.items()}
        case list() | tuple():
            return [_rounded(each) for each in value]
        case _:
            return value
