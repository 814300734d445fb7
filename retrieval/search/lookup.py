"""Finding one thread by what people have of it: an id, a link, a title as they remember it."""

from typing import Final

from retrieval.errors import AmbiguousThreadError, ThreadNotFoundError
from retrieval.model import Scope, Thread, ThreadSummary
from retrieval.search.autocomplete import Autocomplete
from retrieval.search.pasted_links import PastedLink, pasted_link
from retrieval.storage.store import Store

__all__ = ["Lookup"]

#: How many threads are offered where a title may mean several.
_CANDIDATES: Final = 25


class Lookup:
    """The threads of an archive by id, link and title. Safe among threads."""

    def __init__(self, store: Store, autocomplete: Autocomplete) -> None:
        self._catalog = store.catalog
        self._posts = store.posts
        self._autocomplete = autocomplete

    def thread(self, typed: str, scope: Scope) -> tuple[Thread, int | None]:
        """Return the thread that a person means, and the place of the post in it where they mean one.

        What is ``typed`` is an id of a thread, also with a post's place ("abc/7"), the id of a post where it
        was posted, a link to a post, to an unrolled page or to a page of Bobbin's own, or a title, which may
        lack accents or have one wrong letter. Raises ``ThreadNotFoundError``, and ``AmbiguousThreadError``
        with the candidates where an earlier id or a title is of several threads.
        """
        typed = typed.strip()
        link = pasted_link(typed)
        if link is not None and (place := self.linked(link, scope)) is not None:
            return place
        wanted, _, ordinal = typed.lower().partition("/")
        try:
            thread = self._catalog.thread(wanted, scope)
            return thread, int(ordinal) if ordinal.isascii() and ordinal.isdecimal() else None
        except AmbiguousThreadError:
            raise
        except ThreadNotFoundError:
            titled = [] if link else self._autocomplete.titled(typed, scope)
            if not titled:
                raise
        if len(titled) > 1:
            raise AmbiguousThreadError(self._catalog.distinguished(titled[:_CANDIDATES], scope), len(titled))
        return self._catalog.thread(titled[0].id, scope), None

    def complete(self, typed: str, scope: Scope, limit: int) -> list[tuple[ThreadSummary, int | None]]:
        """Return the threads that what was typed so far may mean, each with the place of a post or ``None``.

        Of an id or a link that is its thread alone; else see :meth:`Autocomplete.threads`.
        """
        link = pasted_link(typed)
        try:
            place = link and self.linked(link, scope)
            thread, ordinal = place or (self._catalog.thread(typed.lower(), scope), None)
        except AmbiguousThreadError as error:
            return [(one, None) for one in error.candidates[:limit]]
        except ThreadNotFoundError:
            found = [] if link else self._autocomplete.threads(typed, scope, limit)
            return [(one, None) for one in found]
        return [(thread.summary(), ordinal)]

    def linked(self, link: PastedLink, scope: Scope) -> tuple[Thread, int | None] | None:
        """Return the thread that a link leads to, and the place of the post, ``None`` for none.

        Raises ``AmbiguousThreadError`` where it leads to a page that may be of several threads.
        """
        place = self._posts.by_source_id(link.post_ids, scope) or self._posts.by_address(
            link.addresses, scope
        )
        if place is None and link.handle and link.key:
            place = self._posts.by_author_and_key(link.handle, link.key, scope)
        if place is not None:
            return self._catalog.thread(place[0], scope), place[1] or None
        if link.thread_id is None:
            return None
        try:
            return self._catalog.thread(link.thread_id, scope), link.ordinal
        except AmbiguousThreadError:
            raise
        except ThreadNotFoundError:
            return None
