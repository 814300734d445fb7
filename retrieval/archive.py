"""The front door of the archive: import, ask, forget; its parts look up and browse."""

import hashlib
import logging
import threading
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from retrieval.errors import CollectionNotFoundError, StoreError
from retrieval.formats.import_types import FileReport, Forgotten, Limits, News, SavedFile, merged_report
from retrieval.model import Answer, Scope
from retrieval.readers.version import readers_version
from retrieval.storage.catalog import Statistics
from retrieval.storage.database import ClosedOnExit, pending_changes, refuse_missing
from retrieval.storage.migrations import migrations
from retrieval.storage.store import Source, Store
from retrieval.storage.thread_lists import Neighbours, ThreadFilter, ThreadOrder

if TYPE_CHECKING:  # loaded when first used: lists and threads are looked up without reading or searching
    from retrieval.importer import FilesProgress, Importer
    from retrieval.ingest.sandbox import Sandbox
    from retrieval.ingest.web_archive import page_folders, passed_over
    from retrieval.readers.registry import bundle_roots, known_forms
    from retrieval.search.answers import Answers
    from retrieval.search.autocomplete import Autocomplete
    from retrieval.search.index_sync import IndexSync
    from retrieval.search.live_index import Index, IndexSize
    from retrieval.search.live_index import RefreshProgress as Indexing
    from retrieval.search.lookup import Lookup
    from retrieval.search.mentions import MAX_WORDS_LENGTH
    from retrieval.search.quote_check import MAX_QUOTE_LENGTH

__all__ = [
    "MAX_QUOTE_LENGTH",
    "MAX_WORDS_LENGTH",
    "Archive",
    "Neighbours",
    "Progress",
    "Statistics",
    "ThreadFilter",
    "ThreadOrder",
    "bundle_roots",
    "known_forms",
    "page_folders",
    "passed_over",
]

log = logging.getLogger(__name__)

#: Receives, now and then, how many of a file's posts are in, and which share of the file that is.
Progress = Callable[[int, float], None]

_HANDBOOK = "handbook"
#: The folder of the stored index, beside the database.
_INDEX = "index"
#: Seconds between two looks for what other processes changed, where questions are answered for long.
_LOOKING = 1.0


#: What this front door passes on, by the module that is loaded when it is first asked for.
_PASSED_ON = {
    "MAX_QUOTE_LENGTH": "retrieval.search.quote_check",
    "MAX_WORDS_LENGTH": "retrieval.search.mentions",
    "bundle_roots": "retrieval.readers.registry",
    "known_forms": "retrieval.readers.registry",
    "page_folders": "retrieval.ingest.web_archive",
    "passed_over": "retrieval.ingest.web_archive",
}


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Load what is passed on when it is first asked for."""
        if name not in _PASSED_ON:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_PASSED_ON[name]), name)


@dataclass(frozen=True, slots=True)
class _Search:
    """What answers questions: the index, what keeps it in step with the store, and what asks it."""

    index: "Index"
    sync: "IndexSync"
    answers: "Answers"


class ImportKeywords(TypedDict, total=False):
    """What is declared of an import; see :meth:`Archive.import_files`."""

    collection: str
    server_id: int | None
    language: str | None
    progress: Progress
    at_once: bool
    limits: Limits | None
    news: News


class Archive(ClosedOnExit):
    """Saved threads in one SQLite file, and the answers out of them.

    It imports, forgets and keeps the index in step. The rest is asked of its parts: ``answers`` (what
    needs a search), ``catalog`` (scopes, collections, files, threads), ``thread_lists`` (filtered,
    ordered), ``timeline`` (what came when), ``autocomplete``, ``lookup`` (one thread by id, link or title).

    Whatever process opens it sees one state of it: lists, threads and completion read the file, and before
    every question the index is held against the file and brought up to date. What has been forgotten, or
    was in a file that another one replaced, is never quoted.

    Every method may be called from any thread. Methods that take a :class:`Scope` see nothing beyond
    it. Any of them raises :class:`~retrieval.errors.StoreError` when the database refuses.
    """

    def __init__(self, store: Store, now: Callable[[], datetime], limits: Limits | None = None) -> None:
        self._store = store
        self.catalog = store.catalog
        self.timeline = store.timeline
        self.thread_lists = store.thread_lists
        self.on_refused_write, self.finish_wiping = store.on_refused_write, store.finish_wiping
        self.erased_subjects, self.note_erased = store.erased_subjects, store.note_erased
        self._now = now
        self._limits = limits
        self._handbook: Path | None = None
        self._making = threading.RLock()
        self._search: _Search | None = None
        self._isolation: Sandbox | None = None

    # The parts that take long to load are made when first used, once among threads.

    @property
    def answers(self) -> "Answers":
        """Return what needs a search."""
        return self._searching().answers

    @property
    def _sync(self) -> "IndexSync":
        return self._searching().sync

    def _note_change(self) -> None:
        """Have the search look at what was changed; one that is made later sees it anyway."""
        if self._search is not None:
            self._search.sync.note_change()

    @property
    def _index(self) -> "Index":
        return self._searching().index

    @property
    def autocomplete(self) -> "Autocomplete":
        """Return what completes what is typed."""
        return self._looking_up[0]

    @property
    def lookup(self) -> "Lookup":
        """Return what finds one thread by id, link or title."""
        return self._looking_up[1]

    @cached_property
    def _looking_up(self) -> "tuple[Autocomplete, Lookup]":
        from retrieval.search.autocomplete import Autocomplete  # noqa: PLC0415 - as above
        from retrieval.search.lookup import Lookup  # noqa: PLC0415

        autocomplete = Autocomplete(self._store)
        return autocomplete, Lookup(self._store, autocomplete)

    def _searching(self) -> _Search:
        if self._search is None:
            from retrieval.search.answers import Answers  # noqa: PLC0415 - as above
            from retrieval.search.index_sync import IndexSync  # noqa: PLC0415
            from retrieval.search.live_index import Index  # noqa: PLC0415

            with self._making:
                if self._search is None:
                    index = Index(self._store, self._store.path.parent / _INDEX)
                    sync = IndexSync(self._store, index, self._update_file)
                    answers = Answers(self._store, sync, self.lookup, self._now)
                    self._search = _Search(index, sync, answers)
        return self._search

    @cached_property
    def _importer(self) -> "Importer":
        from retrieval.importer import Importer  # noqa: PLC0415 - as above
        from retrieval.ingest.sandbox import Sandbox  # noqa: PLC0415

        with self._making:
            if self._limits and self._isolation is None:
                self._isolation = Sandbox(self._limits)
            return Importer(self._store, self._isolation, self._limits or Limits(), self._now)

    @staticmethod
    def pending_changes(path: Path) -> list[str]:
        """Return what :meth:`open` will change in the tables of an earlier version; this writes nothing.

        Raises :class:`~retrieval.errors.StoreError` for a file of a newer version or one that cannot be read.
        """
        return pending_changes(path, [migrations])

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        handbook: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        limits: Limits | None = None,
        traces: Iterable[Path] = (),
    ) -> "Archive":
        """Open the archive in the file ``path``, made with its folder where it is missing.

        ``handbook`` is a folder of saved threads that explain Bobbin; they are taken in when they
        differ from those taken in before. Nothing is written where nothing changed, so the file may be
        locked by another program, or be one that only may be read. ``now`` is the clock that imports are
        dated by. With ``limits``, files are read by processes of their own that are kept to them; without,
        here. ``traces`` are databases and folders that are only filled where there was an archive: where the
        file is missing, empty or without tables, and any of them is filled, it is not made anew but refused.
        """
        refuse_missing(path, traces)
        archive = cls(Store.open(path), now, limits)
        archive._handbook = handbook
        try:
            archive._update_file()
        except BaseException:
            archive.close()
            raise
        return archive

    def close(self) -> None:
        """Close the database once the index is stored, and end the processes that read files."""
        if self._isolation:
            self._isolation.close()
        if self._search:
            self._search.sync.close()
            self._search.index.close()
        self._store.close()

    def claim_writing(self) -> None:
        """Be the one process that writes, where SQLite is too old for two; raise ``StoreError`` for another.

        A bot claims it at its start, so that an import beside it is refused at once and not by chance.
        """
        self._store.claim_writing()

    # Importing

    def import_file(self, file: SavedFile, **options: Unpack[ImportKeywords]) -> FileReport:
        """Read a saved file into a collection as :meth:`import_files` does, and return one report.

        Of a zip of several files the report sums up; what could not be read of it is among the warnings.
        """
        return merged_report(file.name, list(self.import_files(file, **options)))

    def import_files(  # noqa: PLR0913 - what is declared of a file
        self,
        file: SavedFile,
        *,
        collection: str = "main",
        server_id: int | None = None,
        language: str | None = None,
        progress: Progress = lambda _posts, _share: None,
        at_once: bool = True,
        limits: Limits | None = None,
        news: News = News.AT_ONCE,
    ) -> Iterator[FileReport]:
        """Read a saved file into a collection, all of it or nothing, and tell what came of it.

        A zip or a folder that is not read as one is as many files, each reported when it is imported. A file
        that cannot be read is reported by ``error``; the archive stays as it was. What is no thread is an
        error, too, but in a zip or folder it is ``skipped``.
        ``progress`` receives how many of a file's posts are read or imported, and which share of the work is
        done (0 to 1); what it raises leaves the archive as it was. With ``at_once`` the next question
        takes up what came in, and waits for it; without, it is there after the next :meth:`refresh`.
        ``limits`` are those of this file, where the archive's are not to hold. ``news`` says whether threads
        that were not in the collection before are new for digests.
        """
        return self.import_all(
            [file],
            collection=collection,
            server_id=server_id,
            language=language,
            progress=lambda _place, posts, share: progress(posts, share),
            at_once=at_once,
            limits=limits,
            news=news,
            together=False,
        )

    def import_all(  # noqa: PLR0913 - as above
        self,
        files: Iterable[SavedFile | FileReport],
        *,
        collection: str = "main",
        server_id: int | None = None,
        language: str | None = None,
        progress: "FilesProgress" = lambda _place, _posts, _share: None,
        at_once: bool = True,
        limits: Limits | None = None,
        news: News = News.AT_ONCE,
        together: bool = True,
    ) -> Iterator[FileReport]:
        """Import many files as :meth:`import_files` does one, and yield their reports in their order.

        A report among them, on a file that cannot be opened, is passed on. Small files are kept together, in
        one transaction, so their reports come together. ``progress`` receives the file's place, too; what it
        raises takes back the files that are not reported yet.
        """
        from retrieval.importer import Target  # noqa: PLC0415 - as above

        target = Target(collection, server_id, language, news)
        for report in self._importer.reports(files, target, progress, together=together, limits=limits):
            if at_once and report.read and not report.repeated:
                self._note_change()
            yield report

    # Exporting

    def export(
        self, collection: str = "main", *, server_id: int | None = None, author: str | None = None
    ) -> Iterator[str]:
        """Return a collection's threads in the open form, a line each, in the order of their ids.

        The lines are made as they are asked for, out of one state of the archive. ``author`` keeps those
        of one author. Raises :class:`~retrieval.errors.CollectionNotFoundError`.
        """
        for known in self.catalog.all_collections():
            if not known.handbook and (known.name, known.server_id) == (collection, server_id):
                from retrieval.formats.jsonl_format import dump_line  # noqa: PLC0415 - as above

                return starmap(dump_line, self._store.threads_of(known.id, author=author))
        raise CollectionNotFoundError(
            f"no collection {collection!r} in the archive; `bobbin check` tells which there are"
        )

    def refresh(self, progress: "Indexing | None" = None) -> bool:
        """Take up what was imported, by this process or another; return whether anything was.

        Questions asked meanwhile are answered out of what was there before. ``progress`` receives, now
        and then, how many posts of how many are read.
        """
        return self._sync.refresh(progress)

    def watch(self, every: float = _LOOKING) -> None:
        """Look in the background for what other processes changed, each ``every`` seconds, until closed.

        For processes that answer questions for long: what was imported is then taken up before the first
        question that asks for it.
        """
        self._importer  # noqa: B018 - made now, for later there may be no descriptor left to load it with
        self._sync.watch(every)

    def state(self) -> Hashable:
        """Return what is equal for as long as nothing changes in the archive, nor in what is searched."""
        return self.catalog.state(), tuple(self._index.states.items())

    def hasten(self, then: Callable[[], object] = lambda: None) -> None:
        """Load in the background what makes answers faster where the extra ``fast`` is installed.

        For who answers many questions: it takes as long as some hundred of them. ``then`` is called when
        that is done, by whatever thread.
        """
        from retrieval.search.jit import load_loops  # noqa: PLC0415 - as above

        load_loops().add_done_callback(lambda _loaded: then())

    # What belongs to a server

    def set_language(self, server_id: int, language: str) -> bool:
        """Make this the language of a server's own collections; return whether any had another.

        The next :meth:`refresh` takes it up.
        """
        return bool(self._store.set_language(server_id, language))

    def forget_server(self, server_id: int) -> Forgotten:
        """Take out everything that belongs to a server alone, for good."""
        return self._forgotten(self._store.forget_server(server_id, self._now()), rehearse=False)

    # Provenance

    def take_back(self, sources: Sequence[int], *, rehearse: bool = False) -> Forgotten:
        """Take files back by their numbers: what is known from none but these goes for good.

        What other files give, too, stays as they gave it. With ``rehearse`` nothing is
        changed; what would be is returned.
        """
        forgotten = self._store.take_back(sources, self._now(), rehearse=rehearse)
        return self._forgotten(forgotten, rehearse=rehearse)

    def forget_author(self, author: str, *, rehearse: bool = False) -> Forgotten:
        """Take an author's threads and posts out of every collection, and never let them in again.

        ``author`` is a handle or a name; case and a leading "@" do not matter. With ``rehearse`` nothing
        is changed; what would be is returned. Raises ``ValueError`` for a name without a letter.
        """
        if not any(character.isalnum() for character in author):
            raise ValueError("an author needs a name")
        forgotten = self._store.forget_author(author, self._now(), rehearse=rehearse)
        return self._forgotten(forgotten, rehearse=rehearse)

    def _forgotten(self, forgotten: Forgotten, *, rehearse: bool) -> Forgotten:
        if not rehearse:
            self.answers.forget_texts()
            self._note_change()
            self._index.unstore()
        return forgotten

    def ask(self, question: str, scope: Scope, *, limit: int = 5, previous: Answer | None = None) -> Answer:
        """Answer a question as :meth:`~retrieval.search.answers.Answers.ask` does."""
        return self.answers.ask(question, scope, limit=limit, previous=previous)

    @property
    def searches_at_once(self) -> bool:
        """Return whether a question is answered now without waiting for the index to be brought up to date.

        Raises :class:`~retrieval.errors.StoreError` when the database refuses.
        """
        return self._search is not None and self._search.sync.current

    def languages(self, scope: Scope) -> dict[str, int]:
        """Return how many posts of a scope are in each language, by ISO 639-1 code, most first.

        Each thread has its own, which is its collection's where its words do not clearly show another.
        """
        posts: Counter[str] = Counter()
        for number in scope.collections:
            posts.update(self._index.languages(number))
        return dict(posts.most_common())

    def index_size(self) -> "IndexSize":
        """Return how large the search index is; raise ``StoreError`` when the database refuses."""
        self.catalog.all_collections()
        return self._index.size()

    def check(self) -> list[str]:
        """Return what is wrong with the database, each a sentence with its remedy; none when sound."""
        return self._store.problems()

    def _update_file(self) -> None:
        """Bring a file that was opened, or put in the place of the open one, up to date.

        What was forgotten after it was written is forgotten in it, too.
        """
        forgotten = self._store.sync_tombstones(self._now())
        if forgotten is not None:
            log.warning(
                "%s is older than what was forgotten since; removed threads: %d, posts: %d",
                self._store.path,
                forgotten.threads,
                forgotten.posts,
            )
            self._forgotten(forgotten, rehearse=False)
        self._take_in()

    def _take_in(self) -> None:
        """Make the handbook's collection hold exactly the threads of the folder; write only what differs.

        Where that cannot be written, an archive with threads to answer from goes on as it is.
        """
        if self._handbook is None:
            return
        files = [SavedFile(path.name, path.read_bytes()) for path in sorted(self._handbook.glob("*.txt"))]
        contents = b"".join(hashlib.sha256(part).digest() for file in files for part in _parts(file))
        unread = hashlib.sha256(contents + readers_version().encode()).hexdigest()
        known, _, known_unread = (self.catalog.handbook_digest(_HANDBOOK) or "").partition(" ")
        if known_unread == unread or (not files and not known):
            return  # the same files, read by the same code
        from retrieval.formats.jsonl_format import dump_line  # noqa: PLC0415 - as above
        from retrieval.readers.registry import read  # noqa: PLC0415

        threads = [thread for file in files for thread in read(file).threads]
        # Of the threads and not of the files: another version of Bobbin may read them otherwise.
        digest = hashlib.sha256("\n".join(map(dump_line, threads)).encode()).hexdigest()
        if known == (digest if threads else ""):
            return
        try:
            target = self._store.collection(_HANDBOOK, handbook=True)
            self._store.replace(
                threads, target, Source(_HANDBOOK, f"{digest} {unread}", _HANDBOOK), self._now()
            )
        except StoreError as error:
            if not self.catalog.holds_threads(Scope(frozenset(self._store.states()))):
                raise
            log.warning("the handbook could not be brought up to date; the next start tries again: %s", error)


def _parts(file: SavedFile) -> tuple[bytes, bytes]:
    return file.name.encode("utf-8", "surrogateescape"), file.content
