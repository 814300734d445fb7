"""Which posts match a search that is watched: those that pass its filters and hold its words.

Other than a question, which ranks, a watched search takes or leaves a post: each of its words has to stand in
it, whatever the ending, besides what its operators ask for. Words that the language of a post takes for
everyday ones do not count.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from retrieval.query_language import is_telling, required
from retrieval.search.filters import PostFilter, Resolver
from retrieval.search.searcher import Searcher

__all__ = ["matching_posts"]


def matching_posts(
    query: str, searcher: Searcher, resolver: Resolver, threads: Sequence[int] | None = None
) -> Iterator[tuple[int, int]]:
    """Yield the posts that match, each with its thread, by their numbers in the store.

    ``threads`` are the only ones to be looked through, by their numbers. A search of everyday words alone
    matches nothing, nor does one whose words are everyday ones in a post's language alone.
    """
    filters: dict[str, PostFilter | None] = {}
    parts = searcher.parts()
    languages = {segment.analyzer.language: segment.analyzer for segment, _ in parts}
    somewhere = any(is_telling(query, analyzer.terms) for analyzer in languages.values())
    for language, analyzer in languages.items():
        expression = required(query, analyzer.terms)
        lacking = somewhere and not is_telling(query, analyzer.terms)
        filters[language] = None if expression is None or lacking else PostFilter([expression], resolver)
    wanted = None if threads is None else np.array(threads, np.int64)
    for segment, collection in parts:
        post_filter = filters[segment.analyzer.language]
        if post_filter is None:
            continue
        homes = segment.thread_pks[segment.home]
        if wanted is None:
            mask = post_filter.mask(segment, collection)
        else:
            mask = np.isin(segment.thread_pks, wanted)[segment.home]
            if not mask.any():
                continue
            mask &= post_filter.mask(segment, collection)
        yield from zip(segment.pks[mask].tolist(), homes[mask].tolist(), strict=True)
