"""Measure whether the excerpt of the right post holds the answer, beside SQLite's ``snippet()``.

Collections are folders with judgements whose posts are joined again into the paragraphs, and the whole
threads, that they were cut from. Only what is longer than an excerpt counts. Where the questions name no
answers, the whole judged post must lie inside. Without ``--half`` all questions count.

Run it as ``python -m tests.benchmarks.excerpts FOLDER…``, on folders that are named as their language is. It
exits with 1 where a collection that has a bar is below it, or snippets hold the answer more often.
"""

import argparse
import json
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from retrieval.analysis.analyzer import Analyzer
from retrieval.evaluation.bench import Bench
from retrieval.evaluation.collection import Judged, JudgedPost
from retrieval.search.excerpts import EXCERPT_LENGTH, cut_excerpt
from retrieval.sqlite import sqlite3
from tests.benchmarks.bars import fail_below_bar

__all__ = ["Asked", "Shares", "asked", "main", "shares"]

#: The least share of excerpts with the answer: of paragraphs, of whole threads.
BARS: Final = {
    "de": (0.899, 0.845),
    "ru": (0.918, 0.880),
    "squad": (0.903, 0.855),
    "th": (0.920, 0.866),
    "vi": (0.918, 0.872),
    "zh": (0.962, 0.952),
}
_ENGLISH: Final = frozenset({"squad"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a long post: the weights of its terms, and what tells that an excerpt answers it.

    ``spans`` are the judged posts as slices of the text; ``answers`` the answers word for word, none
    where the collection does not name them.
    """

    question: str
    text: str
    weights: dict[str, float]
    answers: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def inside(self, start: int, end: int) -> bool:
        """Return whether a slice of the text answers."""
        if self.answers:
            return any(answer in self.text[start:end] for answer in self.answers)
        return any(start <= first and last <= end for first, last in self.spans)


@dataclass(frozen=True, slots=True)
class Shares:
    """The share of excerpts, and of snippets, that hold the answer, and the time of an excerpt."""

    questions: int
    excerpts: float
    snippets: float
    microseconds: float


def asked(folder: Path, language: str, *, whole: bool) -> tuple[Analyzer, list[Asked]]:
    """Return the questions of a collection to its paragraphs, or ``whole`` threads, in their language."""
    texts: dict[str, list[str]] = defaultdict(list)
    lengths: dict[str, int] = defaultdict(int)
    places: dict[str, tuple[str, int, int]] = {}
    for row in _rows(folder / "corpus.jsonl"):
        home = str(row["thread"] if whole else row.get("para") or row["group"])
        start = lengths[home] + bool(texts[home])
        places[row["id"]] = home, start, start + len(row["text"])
        texts[home].append(row["text"])
        lengths[home] = start + len(row["text"])
    joined = {home: " ".join(parts) for home, parts in texts.items()}
    relevant: dict[str, list[str]] = defaultdict(list)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        question, post, grade = line.split("\t")
        if grade != "0":
            relevant[question].append(post)
    questions = [row for row in _rows(folder / "queries.jsonl") if row["id"] in relevant]
    homes = {row["id"]: places[relevant[row["id"]][0]][0] for row in questions}
    bench = Bench.build(
        Judged(
            folder.name,
            [JudgedPost(home, home, 0, text) for home, text in joined.items()],
            {row["id"]: row["text"] for row in questions},
            {question: {home: 1} for question, home in homes.items()},
        ),
        language,
    )
    return bench.analyzer, [
        Asked(
            row["text"],
            joined[homes[row["id"]]],
            dict(bench.search(row["text"]).weights),
            tuple(row.get("answers", ())),
            tuple(places[post][1:] for post in relevant[row["id"]] if places[post][0] == homes[row["id"]]),
        )
        for row in questions
    ]


def shares(questions: Sequence[Asked], analyzer: Analyzer, limit: int = EXCERPT_LENGTH) -> Shares:
    """Cut an excerpt for every question to a text beyond the limit."""
    long = [one for one in questions if len(one.text) > limit]
    begun = time.process_time()
    cut = [cut_excerpt(one.text, _weigh(one), analyzer, limit)[:2] for one in long]
    seconds = time.process_time() - begun
    answered = sum(one.inside(start, end) for one, (start, end) in zip(long, cut, strict=True))
    with sqlite3.connect(":memory:") as db:
        snippets = sum(one.inside(*_snippet(db, one, analyzer, limit)) for one in long)
    count = max(len(long), 1)
    return Shares(len(long), answered / count, snippets / count, seconds / count * 1e6)


def _weigh(one: Asked) -> Callable[[str], float]:
    return lambda term: one.weights.get(term, 0.0)


def _snippet(db: sqlite3.Connection, one: Asked, analyzer: Analyzer, limit: int) -> tuple[int, int]:
    """Return where SQLite's snippet of at most ``limit`` characters starts and ends in a text."""
    db.execute("drop table if exists texts")
    db.execute("create virtual table texts using fts5(text, tokenize='porter unicode61')")
    db.execute("insert into texts values (?)", [one.text])
    terms = " OR ".join(
        f'"{one.question[token.start : token.end]}"'.replace('""', "")
        for token in analyzer.tokens(one.question)
        if token.terms and '"' not in one.question[token.start : token.end]
    )
    for tokens in (64, 48, 32, 24, 16, 8) if terms else ():
        row = db.execute(
            f"select snippet(texts, 0, '', '', '', {tokens}) from texts where texts match ?",  # noqa: S608
            [terms],
        ).fetchone()
        if row is None:
            break
        if len(row[0]) <= limit:
            start = one.text.find(row[0])
            return start, start + len(row[0])
    return 0, limit


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _report(folder: Path, half: int | None) -> Iterator[str]:
    name = folder.resolve().name
    for whole in (False, True):
        analyzer, questions = asked(folder, "en" if name in _ENGLISH else name, whole=whole)
        kept = [one for one in questions if half is None or zlib.crc32(one.text[:60].encode()) % 2 == half]
        found = shares(kept, analyzer)
        kind = "threads" if whole else "paragraphs"
        print(  # noqa: T201 - a command
            f"{name:<8} {kind:<11} {found.questions:>5,} questions   excerpts {found.excerpts:.3f}"
            f"   snippets {found.snippets:.3f}   {found.microseconds:,.0f} µs an excerpt",
            flush=True,
        )
        bar = BARS.get(name, (0.0, 0.0))[whole]
        if half is None and found.excerpts < bar:
            yield f"{name}, {kind}: the answer is inside {found.excerpts:.3f} of the excerpts, not {bar}"
        if found.excerpts < found.snippets:
            yield f"{name}, {kind}: snippets hold the answer more often, {found.snippets:.3f}"


def main() -> None:
    """Read the arguments and go."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.excerpts", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="collections, named as their language is")
    parser.add_argument("--half", type=int, choices=(0, 1), help="of the threads")
    given = parser.parse_args()
    fail_below_bar(line for folder in given.folders for line in _report(folder, given.half))


if __name__ == "__main__":
    main()
