"""A small collection with judgements, written for these tests, and folders of any other."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from retrieval.evaluation.measures import QueryResult

__all__ = ["GARDEN", "HARBOUR", "Rows", "ranked", "write"]

Rows = tuple[list[dict[str, object]], list[dict[str, object]], list[tuple[str, str, int]]]


def write(folder: Path, rows: Rows) -> Path:
    posts, questions, grades = rows
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "corpus.jsonl").write_text(lines(map(json.dumps, posts)))
    (folder / "queries.jsonl").write_text(lines(map(json.dumps, questions)))
    (folder / "qrels.tsv").write_text(lines("\t".join(map(str, row)) for row in grades))
    return folder


def lines(texts: Iterable[str]) -> str:
    return "".join(f"{text}\n" for text in texts)


def ranked(rankings: Mapping[str, list[str]]) -> dict[str, QueryResult]:
    return {
        name: QueryResult([(post, 100.0 - place) for place, post in enumerate(posts)], 0.5)
        for name, posts in rankings.items()
    }


def _threads(texts: dict[str, list[str]]) -> list[dict[str, object]]:
    return [
        {"id": f"{thread}-{place}", "thread": thread, "pos": place, "text": text}
        for thread, posts in texts.items()
        for place, text in enumerate(posts, start=1)
    ]


HARBOUR: Rows = (
    _threads(
        {
            "ferry": [
                "The ferry to Skarvholm leaves from the northern pier, and this is what it carries.",
                "Marit Olander, captain of the ferry, has sailed since the winter of 1987.",
                "On Sundays the ferry takes bicycles and goats, and nobody pays for either.",
            ],
            "light": [
                "The lighthouse was painted red again, after forty years of grey.",
                "Its keeper mixes the paint with herring oil, so that the salt does not bite.",
            ],
        }
    ),
    [
        {"id": "q1", "text": "Who is Marit Olander, the captain of the ferry?"},
        {"id": "q2", "text": "Does the ferry take bicycles and goats on Sundays?"},
        {"id": "q3", "text": "What does the keeper mix into the lighthouse paint?"},
    ],
    [("q1", "ferry-2", 1), ("q2", "ferry-3", 1), ("q3", "light-2", 2), ("q3", "light-1", 1)],
)

GARDEN: Rows = (
    _threads(
        {
            "roses": [
                "Roses want their pruning before the last frost, whatever the almanac says.",
                "Cut above an outward bud, and seal the wound with beeswax.",
            ],
            "slugs": ["Slugs dislike crushed eggshells; beer traps drown them overnight."],
        }
    ),
    [
        {"id": "g1", "text": "When should roses get their pruning?"},
        {"id": "g2", "text": "What do slugs dislike about eggshells?"},
    ],
    [("g1", "roses-1", 1), ("g2", "slugs-1", 1)],
)
