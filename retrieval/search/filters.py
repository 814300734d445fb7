"""Which posts pass the filters of a query: a mask over the posts of each segment, made of arrays.

A filter is resolved once for a scope (names of collections, ids of threads, dates), and then judged by
segment: words and phrases by the posting lists, authors, times, links and pictures by the facts that the
store has of the posts, which are read when they are first asked for. Nothing outside the scope is known here,
so a filter can tell nothing of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import chain, islice, product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.arrays import Integers, distinct
from retrieval.errors import AmbiguousThreadError, ThreadNotFoundError
from retrieval.index.segment import FACTS, Segment
from retrieval.linkage.redaction import folded_name
from retrieval.model import Scope
from retrieval.query_dates import Span, period_of
from retrieval.query_language import (
    AllOf,
    AnyOf,
    Condition,
    Expression,
    Kind,
    Not,
)
from retrieval.search.lookup import Lookup
from retrieval.search.query import ENGLISH
from retrieval.storage.post_facts import PostFacts
from retrieval.storage.store import Store

__all__ = ["Mask", "PostFilter", "Resolver"]

Mask = NDArray[np.bool_]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
#: Of so many posts at a time the newest that pass are looked for.
_BLOCK: Final = 4_096
#: Before the time of every post.
_UNDATED: Final = -(2**63)
#: Where fewer than one post in so many are of a time, they are marked one by one.
_FEW: Final = 8
#: At most so many ways to put the accents into a phrase are looked for.
_MOST_WAYS: Final = 64
_NUMBERS: Final = "holds a number"
_ORDER: Final = "newest last"


@dataclass(frozen=True, slots=True)
class Resolver:
    """What the names in filters mean within a scope, at a time.

    ``collections`` returns the numbers of the collections of a name, ``threads`` those of the threads of
    an id or a link, ``facts`` what the store has of posts, by their numbers.
    """

    collections: Callable[[str], Iterable[int]]
    threads: Callable[[str], Iterable[int]]
    facts: Callable[[Integers], PostFacts]
    now: datetime

    @classmethod
    def of(cls, store: Store, lookup: Lookup, scope: Scope, now: datetime) -> "Resolver":
        """Resolve names by what a scope holds, and nothing else."""
        named: dict[str, list[int]] = {}
        for collection in store.catalog.all_collections():
            if collection.id in scope.collections:
                named.setdefault(collection.name.casefold(), []).append(collection.id)

        def threads(typed: str) -> list[int]:
            try:
                ids = [lookup.thread(typed, scope)[0].id]
            except AmbiguousThreadError as error:
                ids = [candidate.id for candidate in error.candidates]
            except ThreadNotFoundError:
                return []
            return store.catalog.thread_pks(ids, scope)

        return cls(lambda name: named.get(name.casefold(), ()), threads, store.facts.of, now)


class PostFilter:
    """The filters of one question, resolved; a post has to pass all of them."""

    def __init__(self, expressions: Iterable[Expression], resolver: Resolver) -> None:
        self._expressions = tuple(expressions)
        self._resolver = resolver
        self._resolved: dict[Condition, Any] = {}
        self._holding: dict[tuple[int, Condition], Integers] = {}
        self._masks: dict[int, Mask] = {}

    def with_phrases_of(self, parts: Sequence[tuple[Segment, int]]) -> tuple["PostFilter", tuple[str, ...]]:
        """Return the filter without quoted phrases that no post of some segments holds, and these phrases.

        Where such a phrase is a part of an OR or of a group, its words take its place.
        """
        unheld = tuple(
            condition.value
            for condition in dict.fromkeys(chain.from_iterable(map(_quoted_phrases, self._expressions)))
            if not self.meets(condition, parts)
        )
        if not unheld:
            return self, ()
        words = {phrase: _words(phrase) for phrase in unheld}
        kept = [
            _with_words(expression, words)
            for expression in self._expressions
            if not (isinstance(expression, Condition) and expression.value in words)
            or expression.kind is not Kind.PHRASE
        ]
        return PostFilter(kept, self._resolver), unheld

    @property
    def filters(self) -> bool:
        """Return whether there is anything to pass."""
        return bool(self._expressions)

    def mask(self, segment: Segment, collection: int) -> Mask:
        """Return which posts of a segment of a collection pass all filters."""
        known = self._masks.get(id(segment))
        if known is None:
            masks = [self._mask(expression, segment, collection) for expression in self._expressions]
            known = reduce(np.logical_and, masks) if masks else np.ones(len(segment), bool)
            self._masks[id(segment)] = known
        return known

    def count(self, parts: Iterable[tuple[Segment, int]]) -> int:
        """Return how many posts of some segments, each of a collection, pass all filters."""
        return sum(int(np.count_nonzero(self.mask(*part))) for part in parts)

    def meets(self, expression: Expression, parts: Iterable[tuple[Segment, int]]) -> bool:
        """Return whether any post of some segments passes a part of the filters by itself."""
        return any(bool(self._mask(expression, *part).any()) for part in parts)

    def newest(self, parts: Iterable[tuple[Segment, int]], limit: int) -> list[int]:
        """Return the posts that pass, by their numbers in the store, the newest first, those undated last."""
        dated: list[tuple[int, int]] = []
        for segment, collection in parts:
            facts = self._facts_of(segment)
            for post in _newest_first(segment, facts, self.mask(segment, collection), limit).tolist():
                place = int(facts.moments[post])
                time = int(facts.times[place]) if place >= 0 else _UNDATED
                dated.append((time, int(segment.pks[post])))
        return [pk for _, pk in sorted(dated, reverse=True)[:limit]]

    def _facts_of(self, segment: Segment) -> PostFacts:
        """Return what the store has of the posts of a segment, read once."""
        facts = segment.memo.get(FACTS)
        if facts is None:
            facts = segment.memo[FACTS] = self._resolver.facts(segment.pks)
        return facts

    def _mask(self, expression: Expression, segment: Segment, collection: int) -> Mask:
        if isinstance(expression, Not):
            return ~self._mask(expression.part, segment, collection)
        if isinstance(expression, AllOf | AnyOf):
            masks = [self._mask(part, segment, collection) for part in expression.parts]
            return reduce(np.logical_and if isinstance(expression, AllOf) else np.logical_or, masks)
        return self._passing(expression, segment, collection)

    def _passing(self, condition: Condition, segment: Segment, collection: int) -> Mask:  # noqa: PLR0911 - a line each
        if condition not in self._resolved:
            self._resolved[condition] = _resolved(condition, self._resolver)
        meant = self._resolved[condition]
        match condition.kind:
            case Kind.WORD | Kind.PHRASE:
                mask = np.zeros(len(segment), bool)
                mask[self._holding_posts(condition, segment)] = True
                return mask
            case Kind.IN:
                return np.full(len(segment), collection in meant)
            case Kind.LANG:
                return np.full(len(segment), segment.analyzer.language == meant)
            case Kind.THREAD:
                return np.isin(segment.thread_pks, meant)[segment.home]
            case Kind.AUTHOR:
                facts = self._facts_of(segment)
                masks = [facts.authors == number for number in facts.names.get(meant, ())]
                return reduce(np.logical_or, masks) if masks else np.zeros(len(segment), bool)
            case Kind.HAS:
                if meant == "number":
                    return _with_numbers(segment)
                facts = self._facts_of(segment)
                return facts.links if meant == "link" else facts.pictures
        return _within(meant, segment, self._facts_of(segment))

    def _holding_posts(self, condition: Condition, segment: Segment) -> Integers:
        key = (id(segment), condition)
        posts = self._holding.get(key)
        if posts is None:
            posts = self._holding[key] = _holding(condition, segment)
        return posts


def _quoted_phrases(expression: Expression) -> Iterator[Condition]:
    """Yield the phrases of an expression that no minus stands before."""
    if isinstance(expression, Condition):
        if expression.kind is Kind.PHRASE:
            yield expression
    elif isinstance(expression, AllOf | AnyOf):
        for part in expression.parts:
            yield from _quoted_phrases(part)


def _words(phrase: str) -> Expression:
    return AllOf(tuple(Condition(Kind.WORD, word) for word in phrase.split()))


def _with_words(expression: Expression, words: Mapping[str, Expression]) -> Expression:
    """Return an expression with words in the place of some of its phrases."""
    if isinstance(expression, AllOf | AnyOf):
        return replace(expression, parts=tuple(_with_words(part, words) for part in expression.parts))
    if isinstance(expression, Condition) and expression.kind is Kind.PHRASE:
        return words.get(expression.value, expression)
    return expression


def _resolved(condition: Condition, resolver: Resolver) -> Any:
    """Return what a condition means in a scope: numbers, a span of microseconds, or its folded value."""
    match condition.kind:
        case Kind.IN:
            return frozenset(resolver.collections(condition.value))
        case Kind.THREAD:
            return np.array(list(resolver.threads(condition.value)), np.int64)
        case Kind.AUTHOR:
            return folded_name(condition.value)
        case Kind.BEFORE | Kind.AFTER | Kind.ON:
            return period_of(condition.kind, condition.value, resolver.now)
    return condition.value


def _holding(condition: Condition, segment: Segment) -> Integers:
    """Return the posts that hold a word, whatever its ending, or words as they are written.

    Words that are typed without accents stand for those with them, as they do in the ranking.
    """
    analyzer = segment.analyzer
    words = analyzer.words(condition.value)
    ways = product(*(_written(word, segment) for word in words))
    held = [np.zeros(0, np.int64)]
    for way in islice(ways, _MOST_WAYS):
        if condition.kind is Kind.WORD and len(way) == 1 and (term := analyzer.term(way[0])) is not None:
            start, end = segment.postings.span(term)
            held.append(segment.postings.posts[start:end].astype(np.int64))
        else:
            held.append(np.array(segment.holding(way), np.int64))
    return distinct(np.concatenate(held))


def _written(word: str, segment: Segment) -> list[str]:
    """Return a word, and where it is typed without accents the words of a segment that have them."""
    if segment.analyzer.language == ENGLISH or not word.isascii() or not word.isalpha():
        return [word]
    return [word, *(form for form, _ in segment.speller.with_accents(word))]


def _within(period: Span | None, segment: Segment, facts: PostFacts) -> Mask:
    """Return which posts are of a time; those undated are of none."""
    if period is None:
        return np.zeros(len(facts.moments), bool)
    first, last = (
        None if moment is None else int(facts.times.searchsorted((moment - _EPOCH) // _MICROSECOND))
        for moment in (period.start, period.end)
    )
    least = np.int32(first or 0)
    if last is None:
        return facts.moments >= least
    order, rising = _by_time(segment, facts)
    start, end = rising.searchsorted([least, np.int32(last)]).tolist()
    if (end - start) * _FEW > len(order):
        mask = facts.moments < np.int32(last)
        mask &= facts.moments >= least
        return mask
    mask = np.zeros(len(order), bool)
    mask[order[start:end]] = True
    return mask


def _by_time(segment: Segment, facts: PostFacts) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the posts of a segment, the newest last and those undated first, and their moments."""
    if _ORDER not in segment.memo:
        order = np.argsort(facts.moments, kind="stable").astype(np.int32)
        segment.memo[_ORDER] = order, facts.moments[order]
    ordered: tuple[NDArray[np.int32], NDArray[np.int32]] = segment.memo[_ORDER]
    return ordered


def _with_numbers(segment: Segment) -> Mask:
    """Return which posts hold a word with a digit; an address is no word."""
    if _NUMBERS not in segment.memo:
        words = segment.vocabulary
        counted = np.fromiter((any(letter.isdigit() for letter in word) for word in words), bool, len(words))
        mask = np.zeros(len(segment), bool)
        places = np.flatnonzero(counted[segment.sequence]) if len(words) else np.zeros(0, np.int64)
        mask[segment.sequence_starts.searchsorted(places, side="right") - 1] = True
        segment.memo[_NUMBERS] = mask
    numbers: Mask = segment.memo[_NUMBERS]
    return numbers


def _newest_first(segment: Segment, facts: PostFacts, allowed: Mask, limit: int) -> Integers:
    """Return at most ``limit`` of the posts that are allowed, the newest first, those undated last."""
    order, _ = _by_time(segment, facts)
    kept: list[Integers] = []
    found = 0
    for end in range(len(order), 0, -_BLOCK):
        block = order[max(0, end - _BLOCK) : end][::-1]
        passing = block[allowed[block]]
        kept.append(passing.astype(np.int64))
        found += len(passing)
        if found >= limit:
            break
    return np.concatenate(kept)[:limit] if kept else np.zeros(0, np.int64)
