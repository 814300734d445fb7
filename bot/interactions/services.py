"""What every command works with: the archive, in a thread but for short searches, and the work in hand."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from urllib.parse import quote

from bot.digest.usage_counts import UsageCounts
from bot.interactions.lru import RecentIds, RecentLocales, RecentReplies
from bot.interactions.search_queue import SearchQueue
from bot.monitoring.query_log import QueryLog
from bot.servers.feedback_store import Feedback
from bot.servers.preference_store import PreferenceStore
from bot.servers.preferences import Preferences
from bot.servers.unanswered import Unanswered
from bot.views.custom_id import AnswerState
from bot.web.addresses import PageOf, Pages
from retrieval.archive import Archive
from retrieval.commits import count_commits
from retrieval.model import Answer, Excerpt, Post, Scope, Thread, ThreadSummary, Verdict, post_key

__all__ = [
    "MAX_QUOTES_PER_ANSWER",
    "AnswerSource",
    "AnsweredQuestion",
    "Services",
]

MAX_QUOTES_PER_ANSWER = 8
"""How many excerpts one answer has on all its pages: as many as its buttons can remember."""

# More threads take turns with the event loop, which must acknowledge others within three seconds: of
# 100 lookups at once the median one was acknowledged after 60 ms with two, after 470 ms with six.
_AT_ONCE = 2

T = TypeVar("T")


class AnswerSource(StrEnum):
    """What a question was asked of."""

    ARCHIVE = "archive"
    HANDBOOK = "handbook"
    """The threads about Bobbin itself, since the archive has no answer."""
    EMPTY = "empty"
    """The same, since the archive holds no thread."""


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """An answer with what its buttons remember of it: post keys in order of rank, and term marks.

    ``source`` says what was asked. ``languages`` are the question's, where no thread is in it, and those of
    the threads: none where it is an answer, or the question's is not sure.
    """

    answer: Answer
    keys: tuple[int, ...]
    marks: tuple[int, ...]
    source: AnswerSource = AnswerSource.ARCHIVE
    languages: tuple[str, ...] = ()


class Services:
    """The archive as the commands use it: no call holds the event loop for long.

    ``answered`` are the messages that were answered, ``shared`` the private answers that were shared,
    ``judged`` who judged which, ``replies`` the replies to messages, ``explained`` who learned what is in the
    way of an answer, and ``locales`` the languages of the latest people: all in memory only, and of a
    bounded number. ``server_id`` is everywhere the server whose own threads may be seen beside
    the public ones, ``None`` outside servers. ``pages`` gives the addresses of the public pages. Every
    method may raise ``ArchiveError``.
    """

    def __init__(  # noqa: PLR0913 - an answer needs all of them
        self,
        archive: Archive,
        *,
        servers: PreferenceStore,
        feedback: Feedback,
        unanswered: Unanswered,
        usage: UsageCounts,
        record: QueryLog,
        now: Callable[[], datetime],
        pages: Pages | None,
        operator: int | None,
    ) -> None:
        self._archive = archive
        self._servers = servers
        self._feedback = feedback
        self._unanswered = unanswered
        self._usage = usage
        self._now = now
        self._room = asyncio.Semaphore(_AT_ONCE)
        # Questions have one queue: two searches at once hand Python's lock to and fro.
        self._searches = SearchQueue(lambda: archive.searches_at_once)
        self._working = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.record = record
        self._pages = pages
        self.operator = operator
        self.answered = RecentIds()
        self.replies = RecentReplies()
        self.explained = RecentIds()
        self.shared = RecentIds()
        self.judged = RecentIds()
        self.locales = RecentLocales()

    def preferences(self, server_id: int | None) -> Preferences:
        """Return what a server decided; this reads memory only."""
        return self._servers.of(server_id)

    def page_of(self, marks: Sequence[int]) -> PageOf:
        """Return what gives the address of an excerpt's page, with the marked terms highlighted.

        It gives none where others could not open the pages. A server's own thread gets a signed one.
        """
        pages, now = self._pages, self._now()

        def address(excerpt: Excerpt) -> str | None:
            if pages is None:
                return None
            return pages.address(
                excerpt.thread.id,
                now,
                server_id=excerpt.server_id,
                ordinal=excerpt.post.ordinal,
                marks=marks,
            )

        return address

    def page_of_words(self, words: str) -> str | None:
        """Return the address of the page that lists every public post with some words, if there is one."""
        return None if self._pages is None else f"{self._pages.public_url}/when?q={quote(words, safe='')}"

    def privately(self, server_id: int | None, *, wish: bool | None) -> bool:
        """Return whether an answer is for one person alone: as they wish, else as the server prefers."""
        return self.preferences(server_id).private if wish is None else wish

    async def ask(
        self, question: str, server_id: int | None, *, previous: AnswerState | None = None
    ) -> AnsweredQuestion:
        """Answer a question; ``previous`` is what the buttons remember of the answer it follows up on.

        Where the archive does not answer it, and the handbook does, the answer is the handbook's.
        """

        def ask() -> AnsweredQuestion:
            catalog = self._archive.catalog
            scope, handbook = catalog.scope(server_id), catalog.handbook_scope()
            before = previous and self._archive.answers.recall_answer(
                previous.keys, previous.marks, catalog.lookup_scope(server_id), verdict=previous.verdict
            )
            # Of an answer whose posts are all gone, or of another server, nothing is left to go on from.
            before = before if before and before.excerpts else None
            if scope == handbook:
                found = replace(self._find(question, scope, previous=before), source=AnswerSource.EMPTY)
            else:
                found = self._find(question, scope, previous=before)
                # Filters are about the archive, and the handbook must not pass for it.
                if found.answer.verdict is not Verdict.ANSWER and not found.answer.interpretation.filters:
                    about_bobbin = self._find(question, handbook, previous=before)
                    if about_bobbin.answer.verdict is Verdict.ANSWER:
                        return replace(about_bobbin, source=AnswerSource.HANDBOOK)
            if not found.answer.answered:
                found = replace(found, languages=self._archive.answers.other_language(question, scope))
            return found

        found = await self._searches.run(ask)
        if not found.answer.answered and server_id is not None and self.preferences(server_id).unanswered:
            today, verdict = self._now().date(), found.answer.verdict
            await asyncio.to_thread(self._unanswered.note, server_id, question, today, verdict)
        threads = [excerpt.thread.id for excerpt in found.answer.excerpts] if found.answer.answered else []
        # The digest says which threads of the archive were quoted most.
        quoted = [] if found.source is AnswerSource.HANDBOOK else threads
        self._usage.note(server_id, quoted, self._now(), found.answer.verdict)
        return found

    async def ask_handbook(self, question: str) -> AnsweredQuestion:
        """Answer a question about Bobbin itself."""
        return await self._searches.run(lambda: self._find(question, self._archive.catalog.handbook_scope()))

    async def recall(
        self, keys: Sequence[int], marks: Sequence[int], server_id: int | None
    ) -> tuple[Excerpt, ...]:
        """Return the excerpts that buttons remember; those that are gone are left out."""
        return await self.look(
            lambda archive: archive.answers.recall(keys, marks, archive.catalog.lookup_scope(server_id))
        )

    async def locate(self, key: int, server_id: int | None) -> tuple[Thread, Post]:
        """Return the post of a key, and its thread.

        Raises ``ThreadNotFoundError``, ``AmbiguousThreadError`` where it may be of several threads.
        """
        return await self.look(
            lambda archive: archive.catalog.locate(key, archive.catalog.lookup_scope(server_id))
        )

    async def thread(self, thread_id: str, server_id: int | None) -> Thread:
        """Return the thread of an id.

        Raises ``ThreadNotFoundError``, ``AmbiguousThreadError`` where the id was that of several threads.
        """
        return await self.look(
            lambda archive: archive.catalog.thread(thread_id, archive.catalog.lookup_scope(server_id))
        )

    async def look_up(self, typed: str, server_id: int | None) -> tuple[Thread, int | None]:
        """Return the thread of an id, a link or a title, and the place of the post that it leads to.

        Raises ``ThreadNotFoundError``, ``AmbiguousThreadError`` where it may be of several threads.
        """
        return await self.look(
            lambda archive: archive.lookup.thread(typed, archive.catalog.lookup_scope(server_id))
        )

    async def completions(
        self, typed: str, server_id: int | None, *, limit: int
    ) -> list[tuple[ThreadSummary, int | None]]:
        """Return the threads that what was typed so far may mean, each with the place of a linked post."""
        return await self.look(
            lambda archive: archive.lookup.complete(typed, archive.catalog.scope(server_id), limit)
        )

    async def complete(self, text: str, server_id: int | None, *, limit: int) -> list[ThreadSummary]:
        """Return the threads that what was typed so far may mean, by title, author and words."""
        return await self.look(
            lambda archive: archive.autocomplete.threads(text, archive.catalog.scope(server_id), limit)
        )

    async def new_threads(
        self, since: int, until: int, server_id: int | None, *, offset: int, limit: int
    ) -> tuple[list[ThreadSummary], int]:
        """Return threads that came in between two positions of the archive, and how many there are."""
        return await self.look(
            lambda archive: archive.timeline.new_threads(
                archive.catalog.visible_scope(server_id), since=since, until=until, offset=offset, limit=limit
            )
        )

    async def look(self, work: Callable[[Archive], T]) -> T:
        """Return what ``work`` reads from the archive, in a thread; it has to keep to the scope."""
        return await self._in_thread(lambda: work(self._archive))

    async def judge(self, server_id: int | None, threads: Sequence[str], *, helpful: bool) -> None:
        """Count threads as helpful to a server, or as not."""
        await asyncio.to_thread(self._feedback.count, server_id, threads, helpful=helpful)

    async def note(self, server_id: int | None, threads: Sequence[str], words: str) -> None:
        """Keep the words of a person about an answer that quoted these threads."""
        await asyncio.to_thread(self._feedback.note, server_id, threads, words, self._now())

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Count what runs inside as work in hand, which a shutdown waits for; and what it commits."""
        count_commits()
        self._working += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._working -= 1
            if not self._working:
                self._idle.set()

    @property
    def working(self) -> int:
        """Return how many questions and presses are in hand."""
        return self._working

    async def finish(self, seconds: float) -> bool:
        """Wait until nothing is in hand, at most ``seconds``; return whether all was finished."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _in_thread(self, work: Callable[[], T]) -> T:
        async with self._room:
            return await asyncio.to_thread(work)

    def _find(self, question: str, scope: Scope, *, previous: Answer | None = None) -> AnsweredQuestion:
        with self.record.metrics.search_seconds.time():
            answer = self._archive.ask(question, scope, limit=MAX_QUOTES_PER_ANSWER, previous=previous)
        keys = tuple(post_key(excerpt.thread.id, excerpt.post.ordinal) for excerpt in answer.excerpts)
        return AnsweredQuestion(answer, keys, self._archive.answers.marks(answer) if keys else ())
