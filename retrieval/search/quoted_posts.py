"""The posts that were quoted last, with where their terms stand: the same ones are quoted again and again."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from threading import Lock
from typing import Final

from retrieval.analysis.analyzer import Analyzer
from retrieval.search.excerpts import PostTokens
from retrieval.storage.rows import PlacedPost
from retrieval.storage.store import Store

__all__ = ["QuotedPosts"]

#: So many characters of text are kept, of some thousand posts; with their tokens they take about 12 MB.
_CHARACTERS: Final = 300_000


class QuotedPosts:
    """Posts of a store by their numbers there, of which the last ones are kept; safe among threads.

    They are kept for as long as nothing changes in the database, which is looked at with every question, and
    at most ``characters`` of text. The post that was quoted longest ago goes first.
    """

    def __init__(self, store: Store, characters: int = _CHARACTERS) -> None:
        self._store = store
        self._characters = characters
        self._version: Hashable = None
        #: Each post with its tokens by language, as far as they were asked for.
        self._posts: OrderedDict[int, tuple[PlacedPost, dict[str, PostTokens]]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def by_pk(self, pks: Sequence[int]) -> list[PlacedPost]:
        """Return posts in the order asked for; those gone are left out. The caller checks the scope."""
        version = self._store.version()
        with self._lock:
            if version != self._version:
                self._clear()
                self._version = version
            known = {pk: self._posts[pk][0] for pk in pks if pk in self._posts}
            for pk in known:
                self._posts.move_to_end(pk)
        if missing := [pk for pk in pks if pk not in known]:
            read = {stored.pk: stored for stored in self._store.posts.by_pk(missing)}
            known |= read
            with self._lock:
                # Where the database changed meanwhile, what was read is of no known version.
                if version == self._version:
                    self._keep(read.values())
        return [known[pk] for pk in dict.fromkeys(pks) if pk in known]

    def tokens(self, stored: PlacedPost, analyzer: Analyzer) -> PostTokens:
        """Return the tokens of a post that have terms."""
        with self._lock:
            kept, by_language = self._posts.get(stored.pk, (None, {}))
            if kept is not stored:
                by_language = {}
            tokens = by_language.get(analyzer.language)
        if tokens is None:
            tokens = by_language[analyzer.language] = PostTokens.of(stored.post.text, analyzer)
        return tokens

    def clear(self) -> None:
        """Keep nothing, since what was kept may have been forgotten."""
        with self._lock:
            self._clear()

    def _clear(self) -> None:
        self._posts.clear()
        self._size = 0
        self._version = None

    def _keep(self, read: Iterable[PlacedPost]) -> None:
        for stored in read:
            if stored.pk not in self._posts:
                self._posts[stored.pk] = stored, {}
                self._size += len(stored.post.text)
        while self._size > self._characters:
            _, (oldest, _) = self._posts.popitem(last=False)
            self._size -= len(oldest.post.text)
