"""Measure what the decision costs whether posts answer: its time as a share of the whole search.

The decision is everything between the ranking and the verdict: the evidence of the best post, its features,
what rules an answer out. Each question is asked once, after as many others; times are of the processor.

Run it as ``python -m tests.benchmarks.verdict --posts 1000,100000``.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.analysis.analyzer import analyzer
from retrieval.index.segment import Segment
from retrieval.search.searcher import Searcher
from tests.benchmarks.corpus import Corpus

__all__ = ["main", "shares"]

_TOP = 10


def shares(searcher: Searcher, questions: list[str]) -> tuple[list[float], list[float]]:
    """Return for each question the seconds of its search, and those of its decision."""
    spent = 0.0

    def timed(decide: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            nonlocal spent
            begun = time.process_time()
            judgement = decide(*arguments)
            spent += time.process_time() - begun
            return judgement

        return run

    for group in searcher._groups:
        group._judge = timed(group._judge)  # type: ignore[method-assign]  # seen from outside, to be timed
    searches, decisions = [], []
    for question in questions:
        spent, begun = 0.0, time.process_time()
        searcher.search(question, _TOP)
        searches.append(time.process_time() - begun)
        decisions.append(spent)
    return searches, decisions


def main() -> None:
    """Read the arguments and go."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.verdict", description=__doc__)
    parser.add_argument("--posts", default="1000,10000,100000", help="sizes, apart by commas")
    parser.add_argument("--questions", type=int, default=300)
    given = parser.parse_args()
    for posts in map(int, given.posts.split(",")):
        with tempfile.TemporaryDirectory(prefix="verdict-") as folder:
            corpus = Corpus.made(Path(folder), posts, 2 * given.questions)
            rows = zip(range(posts), corpus.threads().tolist(), corpus.texts(), strict=True)
            searcher = Searcher([Segment.build(analyzer("en"), rows)])
            questions = [" ".join(words) for words in corpus.questions()]
            shares(searcher, questions[given.questions :])
            searches, decisions = shares(searcher, questions[: given.questions])
        ratios = np.array(decisions) / np.array(searches)
        print(  # noqa: T201 - a command
            f"{posts:>10,} posts: a search {np.median(searches) * 1e6:,.0f} µs, the decision "
            f"{np.median(decisions) * 1e6:,.0f} µs; {sum(decisions) / sum(searches):.1%} of all, "
            f"{np.median(ratios):.1%} of the middle search"
        )


if __name__ == "__main__":
    main()
