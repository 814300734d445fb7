"""A naive filter beside the real one: every post is scored without filters, and a predicate leaves some out.

Run it as ``python -m tests.retrieval.search.naive_filter --queries 10000``; it exits with status 1 where any
query differs. The predicate reads posts and threads as plain data and shares nothing with the masks.
"""

import argparse
import random
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from retrieval.analysis.analyzer import analyzer
from retrieval.linkage.redaction import author_forms, folded_name
from retrieval.model import Post, Scope, Thread
from retrieval.query_dates import period_of
from retrieval.query_language import AllOf, AnyOf, Condition, Expression, Kind, Not, parse_query
from retrieval.search.autocomplete import Autocomplete
from retrieval.search.filters import PostFilter, Resolver
from retrieval.search.live_index import Index
from retrieval.search.lookup import Lookup
from retrieval.search.search_result import NO_CONVERSATION
from retrieval.search.searcher import Searcher
from retrieval.search.weights import WEIGHTS
from retrieval.storage.store import Source, Store
from tests.benchmarks.trial import say

__all__ = ["Filtered", "differences", "made_archive"]

NOW: Final = datetime(2025, 6, 15, 12, 30, tzinfo=UTC)
_LIMIT: Final = 15
_EVERY: Final = 1_000_000
_AUTHORS: Final = ("ada", "@bob", "Clara Zetkin", "Dan (@dan)", None)
_COLLECTIONS: Final = (("main", "en"), ("side notes", "en"), ("archiv", "de"))


@dataclass(frozen=True, slots=True)
class _Known:
    """A post with all that a predicate may ask of it."""

    pk: int
    post: Post
    thread: Thread
    collection: str
    language: str


@dataclass(frozen=True, slots=True)
class Filtered:
    """A store with its index, and its posts as plain data."""

    store: Store
    index: Index
    scope: Scope
    posts: tuple[_Known, ...]

    def resolver(self) -> Resolver:
        return Resolver.of(self.store, Lookup(self.store, Autocomplete(self.store)), self.scope, NOW)


def made_archive(path: Path, chance: random.Random, threads: int = 60) -> Filtered:
    """Return an archive of made-up threads in three collections of two languages."""
    store = Store.open(path)
    made: list[tuple[str, str, list[Thread]]] = []
    for place, (name, language) in enumerate(_COLLECTIONS):
        collection = store.collection(name, language=language)
        written = [_thread(chance) for _ in range(threads if place == 0 else threads // 3)]
        made.append((name, language, written))
        store.save(written, collection, Source(name, name, "made up"), NOW)
    index = Index(store)
    index.refresh()
    scope = Scope(frozenset(store.states()))
    posts = []
    for collection in store.catalog.all_collections():
        for stored in store.posts_of(collection.id):
            placed = store.posts.by_pk([stored.pk])[0]
            thread = store.catalog.thread(placed.thread.id, Scope(frozenset({collection.id})))
            posts.append(_Known(stored.pk, placed.post, thread, collection.name, collection.language))
    return Filtered(store, index, scope, tuple(posts))


_WORDS: Final = [
    f"{first}{last}"
    for first in ("kor", "mel", "tas", "vun")
    for last in ("ba", "dek", "lo", "mi", "ru", "zan")
]


def _thread(chance: random.Random) -> Thread:
    dated = chance.choice([True, True, False])
    begun = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(1_300_000))
    author = chance.choice(_AUTHORS)
    posts = []
    for ordinal in range(1, chance.randint(1, 9) + 1):
        words = chance.choices(_WORDS, k=chance.randint(3, 18))
        if chance.random() < 0.2:
            words.append(str(chance.randrange(100)))
        text = " ".join(words)
        if chance.random() < 0.2:
            text += " https://example.org/" + chance.choice(["korba", "x9"])
        if chance.random() < 0.1:
            text += "\n[image: https://example.org/picture.jpg]"
        posts.append(
            Post(
                ordinal,
                f"{text} {chance.randrange(10**9):x}q",
                posted_at=begun + timedelta(microseconds=chance.randrange(10**12))
                if dated and chance.random() < 0.8
                else None,
                author="@guest" if chance.random() < 0.05 else None,
            )
        )
    return Thread(tuple(posts), author=author, posted_at=begun if dated else None)


# Queries


def random_query(chance: random.Random, archive: Filtered) -> str:
    """Return a query: words, and filters of every kind, alone, negated, in alternatives and groups."""
    parts = chance.choices(_WORDS, k=chance.randint(1, 4))
    parts += [_part(chance, archive, depth=0) for _ in range(chance.randint(1, 3))]
    chance.shuffle(parts)
    # A minus at the start of a line makes a list.
    return " ".join(["korba", *parts])


def _part(chance: random.Random, archive: Filtered, depth: int) -> str:  # noqa: PLR0911 - one for each kind
    kind = chance.randrange(12 if depth < 2 else 9)
    known = chance.choice(archive.posts)
    minus = "-" if chance.random() < 0.25 else ""
    match kind:
        case 0:
            return f"-{chance.choice(_WORDS)}"
        case 1:
            words = known.post.text.split()
            at = chance.randrange(len(words))
            return f'{minus}"{" ".join(words[at : at + chance.randint(1, 2)])}"'
        case 2:
            return minus + chance.choice(
                [
                    "author:ada",
                    "author:@ADA",
                    "author:bob",
                    'author:"clara zetkin"',
                    "author:dan",
                    "author:nobody",
                    "author:guest",
                ]
            )
        case 3 | 4:
            key = chance.choice(["before", "after", "on"])
            day = NOW - timedelta(days=chance.randrange(900))
            value = chance.choice(
                [
                    f"{day:%Y}",
                    f"{day:%Y-%m}",
                    f"{day:%Y-%m-%d}",
                    f"{day:%d.%m.%Y}",
                    "<1y",
                    ">6m",
                    "90d",
                    "700h",
                ]
            )
            return f"{minus}{key}:{value}"
        case 5:
            return minus + chance.choice(["in:main", 'in:"side notes"', "in:ARCHIV", "in:secret"])
        case 6:
            return f"{minus}thread:{known.thread.id}"
        case 7:
            return minus + chance.choice(["has:link", "has:picture", "has:number"])
        case 8:
            return minus + chance.choice(["lang:en", "lang:de", "lang:fr"])
        case 9:
            return f"{_part(chance, archive, depth + 1)} OR {_part(chance, archive, depth + 1)}"
        case _:
            inner = [
                chance.choice([chance.choice(_WORDS), _part(chance, archive, depth + 1)]) for _ in range(2)
            ]
            joint = chance.choice([" ", " OR "])
            return f"{minus}({joint.join(inner)})"


# The naive filter


def passes(one: _Known, expression: Expression, unheld: Sequence[str]) -> bool:
    """Return whether a post passes a filter, by the plain data alone."""
    if isinstance(expression, Not):
        return not passes(one, expression.part, ())
    if isinstance(expression, AllOf):
        return all(passes(one, part, unheld) for part in expression.parts)
    if isinstance(expression, AnyOf):
        return any(passes(one, part, unheld) for part in expression.parts)
    if expression.kind is Kind.PHRASE and expression.value in unheld:
        return all(_holds_word(one, word) for word in expression.value.split())
    return _PREDICATES[expression.kind](one, expression.value)


def _holds_word(one: _Known, word: str) -> bool:
    language = analyzer(one.language)
    words = language.words(word)
    if len(words) == 1 and (term := language.term(words[0])):
        return term in language.terms(one.post.text)
    return _holds_phrase(one, word)


def _holds_phrase(one: _Known, phrase: str) -> bool:
    words, wanted = analyzer(one.language).words(one.post.text), analyzer(one.language).words(phrase)
    return bool(wanted) and any(words[at : at + len(wanted)] == wanted for at in range(len(words)))


def _is_by(one: _Known, name: str) -> bool:
    written = one.post.author or one.thread.author
    return written is not None and folded_name(name) in author_forms(written)


def _is_of(kind: Kind) -> Callable[[_Known, str], bool]:
    def predicate(one: _Known, value: str) -> bool:
        moment, period = one.post.posted_at or one.thread.posted_at, period_of(kind, value, NOW)
        if moment is None or period is None:
            return False
        return (period.start is None or moment >= period.start) and (
            period.end is None or moment < period.end
        )

    return predicate


def _has(one: _Known, what: str) -> bool:
    text = one.post.text
    if what == "picture":
        return "[image: " in text
    if what == "link":
        return bool(re.search(r"https?://|www\.", re.sub(r"\[image: [^\]]*\]", "", text)))
    return bool(re.search(r"\d", re.sub(r"\[image: [^\]]*\]|https?://\S+", "", text)))


_PREDICATES: Final[dict[Kind, Callable[[_Known, str], bool]]] = {
    Kind.WORD: _holds_word,
    Kind.PHRASE: _holds_phrase,
    Kind.AUTHOR: _is_by,
    Kind.BEFORE: _is_of(Kind.BEFORE),
    Kind.AFTER: _is_of(Kind.AFTER),
    Kind.ON: _is_of(Kind.ON),
    Kind.IN: lambda one, name: one.collection.casefold() == name.casefold(),
    Kind.THREAD: lambda one, typed: one.thread.id == typed,
    Kind.HAS: _has,
    Kind.LANG: lambda one, code: one.language == code,
}


def naive(
    archive: Filtered, searcher: Searcher, exhaustive: Searcher, text: str
) -> list[list[tuple[int, float]]]:
    """Return the posts that a query finds, with their scores, best first, for each language.

    What the ranking looks at is the best by their own words and the neighbours of the very best: this is
    taken over, of the posts that pass.
    """
    query = parse_query(text)
    phrases = [one.value for part in query.filters for one in _phrases(part.expression)]
    unheld = [phrase for phrase in phrases if not any(_holds_phrase(one, phrase) for one in archive.posts)]
    expressions = [one.expression for one in query.filters if one.phrase is None or one.phrase not in unheld]
    passing = {one.pk for one in archive.posts if all(passes(one, each, unheld) for each in expressions)}
    found: list[list[tuple[int, float]]] = []
    for group, real in zip(exhaustive._groups, searcher._groups, strict=True):
        # A message of several parts is read by the part that is the surest without filters.
        part = real.search(query.words, _LIMIT, NO_CONVERSATION).part or group._written_out(query.words)
        scores = {hit.post: hit.score for hit in group._search(part, _EVERY, NO_CONVERSATION).hits}
        terms = group._parse(part, ()).terms
        own = group._ranker.weigh(terms)
        pks = [pk for segment in group._segments for pk in segment.pks.tolist()]
        home = [(at, one) for at, segment in enumerate(group._segments) for one in segment.home.tolist()]
        held = [at for at, pk in enumerate(pks) if own[at] > 0 and pk in passing]
        first = sorted(held, key=lambda at: (-own[at], at))[: WEIGHTS.keep]
        near = {
            other
            for at in first[: WEIGHTS.widen]
            for other in range(max(0, at - WEIGHTS.widen_by), min(len(pks), at + WEIGHTS.widen_by + 1))
            if home[other] == home[at]
        }
        kept = {pks[at] for at in near & set(held) | set(first)}
        found.append([(pk, scores[pk]) for pk in sorted(kept, key=lambda pk: (-scores[pk], pk))])
    return found


def _phrases(expression: Expression) -> list[Condition]:
    if isinstance(expression, Condition):
        return [expression] if expression.kind is Kind.PHRASE else []
    if isinstance(expression, Not):
        return []
    return [one for part in expression.parts for one in _phrases(part)]


def differences(archive: Filtered, chance: random.Random, queries: int) -> tuple[list[str], int]:
    """Return the queries for which the two filters differ, and how many of all found something."""
    searcher = archive.index.searcher(archive.scope)
    exhaustive = Searcher(
        [segment for segment, _ in searcher.parts()],
        replace(WEIGHTS, keep=_EVERY, spelled=_EVERY, widen=0),
        norms=[norm for group in searcher._groups for norm in group._norms],
    )
    wrong, found = [], 0
    for _ in range(queries):
        text = random_query(chance, archive)
        query = parse_query(text)
        whole = PostFilter([one.expression for one in query.filters], archive.resolver())
        post_filter, _ = whole.with_phrases_of(searcher.parts())
        hits = searcher.search(query.words, _LIMIT, post_filter=post_filter).hits
        expected = naive(archive, searcher, exhaustive, text)
        found += bool(hits)
        same = len(hits) == min(_LIMIT, sum(map(len, expected)))
        same &= {hit.post for hit in hits} <= {pk for of_language in expected for pk, _ in of_language}
        for of_language in expected:
            # Scores of two languages are no measure of each other; within one the best come first.
            scores = dict(of_language)
            ours = [hit for hit in hits if hit.post in scores]
            same &= all(hit.score == scores[hit.post] for hit in ours)
            same &= [hit.score for hit in ours] == [score for _, score in of_language[: len(ours)]]
        if not same:
            wrong.append(text)
    return wrong, found


def main() -> int:
    """Compare as many queries as asked for, over several archives; return the status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--archives", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    wrong: list[str] = []
    found = 0
    for number in range(chosen.archives):
        chance = random.Random(chosen.seed + number)  # noqa: S311 - made-up posts
        with tempfile.TemporaryDirectory() as folder:
            archive = made_archive(Path(folder) / "archive.db", chance)
            more, hits = differences(archive, chance, chosen.queries // chosen.archives)
            archive.store.close()
        wrong += more
        found += hits
    for text in wrong[:20]:
        say(f"differs: {text}")
    say(f"{chosen.queries} queries, {found} of them with hits, {len(wrong)} differ from the naive filter")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
