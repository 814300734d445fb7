"""The search over a scope: each language's posts are searched apart, and the surest of them answers."""

from collections.abc import Sequence
from dataclasses import replace

from retrieval.index.bm25 import LengthNorm
from retrieval.index.segment import Segment, norm_of
from retrieval.search.language_group import LanguageGroup
from retrieval.search.search_result import NO_CONVERSATION, Conversation, SearchResult
from retrieval.search.verdict import MODEL, VerdictModel
from retrieval.search.weights import WEIGHTS, Weights

__all__ = ["Searcher"]


class Searcher:
    """Rank the posts of some segments; every statistic is of these segments alone.

    ``norms`` are those of the segments' collections, by default that of all of them as one. Without
    ``spelling``, a word that no post holds finds nothing; for measuring what spelling is worth.
    """

    def __init__(
        self,
        segments: Sequence[Segment],
        weights: Weights = WEIGHTS,
        *,
        spelling: bool = True,
        model: VerdictModel = MODEL,
        norms: Sequence[LengthNorm] | None = None,
    ) -> None:
        norms = norms or [norm_of(segments)] * len(segments)
        by_language: dict[str, list[tuple[Segment, LengthNorm]]] = {}
        for segment, norm in zip(segments, norms, strict=True):
            if len(segment):
                by_language.setdefault(segment.analyzer.language, []).append((segment, norm))
        self._groups = [
            LanguageGroup(
                [segment for segment, _ in group],
                weights,
                spelling=spelling,
                model=model,
                norms=[norm for _, norm in group],
            )
            for group in by_language.values()
        ]

    def search(self, question: str, limit: int, conversation: Conversation = NO_CONVERSATION) -> SearchResult:
        """Return the best ``limit`` posts for a message; ``conversation`` is the answer that it follows."""
        results = [group.search(question, limit, conversation) for group in self._groups]
        if len(results) == 1:
            return results[0]
        if not results:
            return SearchResult()
        results.sort(key=lambda result: -result.judgement.logit)
        hits = sorted((hit for result in results for hit in result.hits), key=lambda hit: -hit.score)
        return replace(
            results[0],
            hits=tuple(hits[:limit]),
            terms=tuple(dict.fromkeys(term for result in results for term in result.terms)),
            weights={term: weight for result in results for term, weight in result.weights.items()},
            inherited=all(result.inherited for result in results),
        )

    def readings(self, message: str, limit: int) -> list[list[SearchResult]]:
        """Return for each language what a message finds as a whole and by its parts, for fitting the verdict.

        :meth:`search` takes the surest.
        """
        return [list(group.readings(message, limit, NO_CONVERSATION)) for group in self._groups]

    def terms(self, question: str) -> list[str]:
        """Return the terms that a question is searched by, misspelt ones replaced, without searching."""
        return [term for group in self._groups for term in group.terms(question)]

    def holding(self, text: str) -> list[int]:
        """Return the posts, by their numbers in the store, that hold every term of a text as written."""
        return [pk for group in self._groups for pk in group.holding(text)]

    def information(self, term: str, language: str) -> float:
        """Return a term's idf among the posts of a language."""
        return next(
            (group.words.worth(term) for group in self._groups if group.words.language == language), 1.0
        )

    def near_misses(self, question: str, limit: int = 3) -> list[str]:
        """Return known words near to the question's unknown ones, at most ``limit`` for each."""
        return [word for group in self._groups for word in group.near_misses(question, limit)]
