"""What an author said of a subject first and last, and how posts were edited where versions are known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from retrieval.analysis.analyzer import analyzer
from retrieval.model import Collection, Mention, PostEdit, Scope, ThenAndNow
from retrieval.search.excerpts import cut_excerpt
from retrieval.search.mentions import mention_order, posts_in_batches
from retrieval.search.quote_check import same_author
from retrieval.search.quote_text import core_of, difference, fold_text, split_words, written_words
from retrieval.search.searcher import Searcher
from retrieval.storage.post_lookup import PostLookup
from retrieval.storage.rows import PlacedPost

__all__ = ["then_and_now"]

_SIDES: Final = 2


def then_and_now(  # noqa: PLR0913, PLR0917 - what is asked, and what it is asked of
    author: str,
    subject: str,
    searcher: Searcher,
    posts: PostLookup,
    scope: Scope,
    collections: Mapping[int, Collection],
    *,
    limit: int,
) -> ThenAndNow:
    """Return an author's earliest and latest posts that hold all words of a subject, whatever their endings.

    Of few posts none is on both sides: of three, the first two are early. Posts without a known date are only
    counted, and a post that several collections hold is one.
    """
    found: dict[tuple[str, int], PlacedPost] = {}
    for stored in posts_in_batches(searcher.holding(subject), posts):
        if stored.collection_id in scope.collections and same_author(
            author, stored.post.author or stored.thread.author
        ):
            found.setdefault((stored.thread.id, stored.post.ordinal), stored)
    mentions = sorted(
        ((_mention(stored, subject, collections), stored) for stored in found.values()),
        key=lambda pair: mention_order(pair[0]),
    )
    dated = [pair for pair in mentions if pair[0].posted_at]
    early = min(limit, -(-len(dated) // _SIDES))
    late = min(limit, len(dated) - early)

    def shown(pairs: Sequence[tuple[Mention, PlacedPost]]) -> tuple[Mention, ...]:
        return tuple(replace(mention, edits=tuple(_edits(stored, posts))) for mention, stored in pairs)

    return ThenAndNow(
        author,
        " ".join(subject.split()),
        shown(dated[:early]),
        shown(dated[len(dated) - late :]),
        len(mentions),
        len(mentions) - len(dated),
    )


def _mention(stored: PlacedPost, subject: str, collections: Mapping[int, Collection]) -> Mention:
    home = collections[stored.collection_id]
    language = analyzer(home.language)
    terms = set(language.terms(subject))
    start, end, marked = cut_excerpt(stored.post.text, lambda term: float(term in terms), language)
    return Mention.of(stored.post, stored.thread, start, end, marked, server_id=home.server_id)


def _edits(stored: PlacedPost, posts: PostLookup) -> Iterator[PostEdit]:
    """Yield the other wordings of a post; one that is cut, or differs in typography alone, is none."""
    now = fold_text(stored.post.text)
    for read_at, text in posts.other_wordings(stored):
        then = fold_text(text)
        one, other = core_of(then), core_of(now)
        if one == other or other.startswith(one) or one.startswith(other):
            continue
        ours, theirs = split_words(then), split_words(now)
        yield PostEdit(
            read_at,
            tuple(
                (written_words(then, ours.slices[old]), written_words(now, theirs.slices[new]))
                for old, new in difference(ours.words, theirs.words)
            ),
        )
