"""Measure what filters cost a question: p50 with a filter beside p50 without, in the same run.

For each size one archive of made-up posts, with authors and times; the same questions are asked without a
filter and with each kind of filter, in turns, so that an hour in which the machine is slower is so for all.
``one left`` is a filter that a single post of all passes. A time is the smaller of what the clock and the
processor say. The exit status is 1 where a filter's p50 is more than ``--times`` that without.

Run it as ``python -m tests.benchmarks.filters --posts 10000,100000,1000000``.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from pathlib import Path
from typing import Final

import numpy as np

from retrieval.archive import Archive
from retrieval.model import Post, Scope, Thread
from retrieval.search.jit import compiled_loops
from retrieval.storage.store import Source, Store
from tests.benchmarks.corpus import Corpus, word
from tests.benchmarks.search import numbers
from tests.benchmarks.trial import say

__all__ = ["main"]

_DAY: Final = datetime(2020, 1, 1, tzinfo=UTC)
_AT_ONCE: Final = 5_000
_AUTHORS: Final = 50
#: The author of a single post.
_LAST: Final = "lonelyauthor"


def _threads(corpus: Corpus, chance: random.Random) -> Iterator[Thread]:
    posts = zip(corpus.threads().tolist(), corpus.texts(), strict=True)
    for thread, members in groupby(posts, key=lambda post: post[0]):
        begun = _DAY + timedelta(minutes=chance.randrange(60 * 24 * 2000))
        yield Thread(
            tuple(
                Post(
                    ordinal,
                    text,
                    posted_at=begun + timedelta(minutes=ordinal),
                    author=_LAST if (thread, ordinal) == (0, 1) else None,
                )
                for ordinal, (_, text) in enumerate(members, start=1)
            ),
            author=f"author{chance.randrange(_AUTHORS)}",
            posted_at=begun,
        )


def _made(folder: Path, corpus: Corpus) -> Path:
    path = folder / f"filters-{corpus.folder.name}" / "archive.db"
    if not path.exists():
        chance = random.Random(1)  # noqa: S311 - made-up posts
        with Store.open(path) as store:
            collection, threads = store.collection("main"), _threads(corpus, chance)
            while batch := list(islice(threads, _AT_ONCE)):
                store.save(batch, collection, Source("made up", batch[0].id, "made up"), _DAY)
    return path


def _filters(chance: random.Random, common: str, rare: str) -> dict[str, Callable[[], str]]:
    """Return for each kind of filter what is written behind a question, drawn anew each time."""

    def day() -> datetime:
        return _DAY + timedelta(days=chance.randrange(2000))

    return {
        "author:": lambda: f"author:author{chance.randrange(_AUTHORS)}",
        "after: (half)": lambda: f"after:{_DAY + timedelta(days=1000):%Y-%m-%d}",
        "on: a month": lambda: f"on:{day():%Y-%m}",
        "on: a day": lambda: f"on:{day():%Y-%m-%d}",
        "in: (all)": lambda: "in:main",
        "-word, common": lambda: f"-{common}",
        "-word, rare": lambda: f"-{rare}",
        "has:link": lambda: "has:link",
        "OR of two": lambda: f"author:author{chance.randrange(_AUTHORS)} OR on:{day():%Y-%m}",
        "-(a b)": lambda: f"-(author:author{chance.randrange(_AUTHORS)} after:{day():%Y})",
        "one left": lambda: f"author:{_LAST}",
    }


def measure(archive: Archive, questions: list[str], scope: Scope, common: str, rare: str) -> dict[str, float]:
    """Return p50 in microseconds by kind of filter, "" for none."""
    filters = _filters(random.Random(2), common, rare)  # noqa: S311 - as above
    for text in questions[: len(questions) // 4]:  # warm, the facts of posts among it
        for write in (lambda: "", *filters.values()):
            archive.ask(f"{text} {write()}", scope)
    times: dict[str, list[float]] = {"": [], **{name: [] for name in filters}}
    for text in questions[len(questions) // 4 :]:
        for name, taken in times.items():
            asked = f"{text} {filters[name]()}" if name else text
            wall, cpu = time.perf_counter(), time.thread_time()
            archive.ask(asked, scope)
            taken.append(min(time.perf_counter() - wall, time.thread_time() - cpu))
    return {name: float(np.median(taken)) * 1e6 for name, taken in times.items()}


def main() -> int:
    """Print a table for each size; return 1 where a filter takes too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=numbers, default=[10_000, 100_000])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--times", type=float, default=1.2)
    parser.add_argument("--numpy", action="store_true", help="without the compiled loops")
    parser.add_argument("--folder", type=Path, help="where to keep the made archives; else they are deleted")
    chosen = parser.parse_args()
    too_slow = 0
    with tempfile.TemporaryDirectory(prefix="bobbin-") as scratch:
        folder = chosen.folder or Path(scratch)
        for posts in chosen.posts:
            corpus = Corpus.made(folder / f"{posts}-{chosen.questions}", posts, 2 * chosen.questions, 1)
            path = _made(folder, corpus)
            with Archive.open(path) as archive:
                archive.refresh()
                if not chosen.numpy:
                    compiled_loops(wait=True)
                begun = time.perf_counter()
                archive.ask("author:author1", archive.catalog.scope())
                first = time.perf_counter() - begun
                texts = [" ".join(terms) for terms in corpus.questions()[: chosen.questions]]
                taken = measure(archive, texts, archive.catalog.scope(), word(3), word(5_000))
            plain = taken.pop("")
            say(f"{posts:,} posts, p50 without a filter {plain:,.0f} µs; first filter {first:.2f} s")
            for name, middle in taken.items():
                slow = middle > chosen.times * plain
                too_slow += slow
                say(f"  {name:<16}{middle:>9,.0f} µs  × {middle / plain:.2f}{'  too slow' if slow else ''}")
    return int(bool(too_slow))


if __name__ == "__main__":
    sys.exit(main())
