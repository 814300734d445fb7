"""The search over a scope: each language's posts are searched apart, and the surest of them answers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from retrieval.index.bm25 import LengthNorm
from retrieval.index.segment import Segment, norm_of
from retrieval.search.filters import PostFilter
from retrieval.search.language_group import LanguageGroup
from retrieval.search.search_result import NO_CONVERSATION, Conversation, SearchResult
from retrieval.search.verdict import MODEL, VerdictModel
from retrieval.search.weights import WEIGHTS, Weights

__all__ = ["Searcher"]


class Searcher:
    """Rank the posts of some segments; every statistic is of these segments alone.

    ``norms`` are those of the segments' collections, by default that of all of them as one, and
    ``collections`` the numbers of these, by default 0. Without ``spelling``, a word that no post holds finds
    nothing; for measuring what spelling is worth.
    """

    def __init__(  # noqa: PLR0913 - all but two are named where it is called
        self,
        segments: Sequence[Segment],
        weights: Weights = WEIGHTS,
        *,
        spelling: bool = True,
        model: VerdictModel = MODEL,
        norms: Sequence[LengthNorm] | None = None,
        collections: Sequence[int] | None = None,
    ) -> None:
        #: The segments of all languages.
        self.segments = segments
        norms = norms or [norm_of(segments)] * len(segments)
        by_language: dict[str, list[tuple[Segment, LengthNorm, int]]] = {}
        for part in zip(segments, norms, collections or [0] * len(segments), strict=True):
            if len(part[0]):
                by_language.setdefault(part[0].analyzer.language, []).append(part)
        self._groups = [
            LanguageGroup(
                [segment for segment, _, _ in group],
                weights,
                spelling=spelling,
                model=model,
                norms=[norm for _, norm, _ in group],
                collections=[collection for _, _, collection in group],
            )
            for group in by_language.values()
        ]

    def search(
        self,
        question: str,
        limit: int,
        conversation: Conversation = NO_CONVERSATION,
        post_filter: PostFilter | None = None,
    ) -> SearchResult:
        """Return the best ``limit`` posts for a message; ``conversation`` is the answer that it follows.

        With a filter only posts that pass it and hold a term of the message are returned, with the scores
        that they have without it.
        """
        results = [group.search(question, limit, conversation, post_filter) for group in self._groups]
        if len(results) == 1:
            return results[0]
        if not results:
            return SearchResult()
        # Scores of two languages are no measure of each other: the surest language speaks first.
        results.sort(key=lambda result: -result.judgement.logit)
        verdict = results[0].verdict
        alike = [hit for result in results if result.verdict is verdict for hit in result.hits]
        others = [hit for result in results if result.verdict is not verdict for hit in result.hits]
        hits = [
            hit
            for some in (results[0].hits[:1], alike, others)
            for hit in sorted(some, key=lambda hit: -hit.score)
        ]
        return replace(
            results[0],
            hits=tuple(dict.fromkeys(hits))[:limit],
            terms=tuple(dict.fromkeys(term for result in results for term in result.terms)),
            weights={term: weight for result in results for term, weight in result.weights.items()},
            inherited=all(result.inherited for result in results),
        )

    def readings(self, message: str, limit: int) -> list[list[SearchResult]]:
        """Return for each language what a message finds as a whole and by its parts, for fitting the verdict.

        :meth:`search` takes the surest.
        """
        return [list(group.readings(message, limit, NO_CONVERSATION)) for group in self._groups]

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages of the posts, as ISO 639-1 codes."""
        return tuple(group.words.language for group in self._groups)

    def languages_of(self, pks: Sequence[int]) -> dict[int, str]:
        """Return the languages of posts by their numbers in the store, without those that are not here."""
        if len(self._groups) == 1:
            return dict.fromkeys(pks, self._groups[0].words.language)
        return {
            pk: segment.analyzer.language
            for segment, _ in self.parts()
            for pk in np.intersect1d(segment.pks, np.array(pks, np.int64)).tolist()
        }

    def parts(self) -> list[tuple[Segment, int]]:
        """Return the segments with posts, each with the number of its collection."""
        return [part for group in self._groups for part in group.parts]

    def terms(self, question: str) -> list[str]:
        """Return the terms that a question is searched by, misspelt ones replaced, without searching."""
        return [term for group in self._groups for term in group.terms(question)]

    def holding(self, text: str) -> list[int]:
        """Return the posts, by their numbers in the store, that hold every term of a text as written."""
        return [pk for group in self._groups for pk in group.holding(text)]

    def quoting(self, text: str) -> Iterator[tuple[Segment, int]]:
        """Yield the posts that hold a text's words one after another, each by its segment and place there."""
        for group in self._groups:
            yield from group.quoting(text)

    def nearest(self, text: str, limit: int) -> Iterator[tuple[Segment, int]]:
        """Yield, for each language, at most ``limit`` posts with most of a text's rarest terms."""
        for group in self._groups:
            yield from group.nearest(text, limit)

    def information(self, term: str, language: str) -> float:
        """Return a term's idf among the posts of a language."""
        return next(
            (group.words.worth(term) for group in self._groups if group.words.language == language), 1.0
        )

    def near_misses(self, question: str, limit: int = 3) -> list[str]:
        """Return known words near to the question's unknown ones, at most ``limit`` for each."""
        return [word for group in self._groups for word in group.near_misses(question, limit)]
