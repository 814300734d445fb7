"""The front door of the archive: import, ask, look up, browse."""

import hashlib
import logging
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice, starmap
from pathlib import Path

from retrieval.analysis.analyzer import Analyzer, analyzer, term_mark
from retrieval.analysis.language_detection import detect_language
from retrieval.errors import CollectionNotFoundError, StoreError
from retrieval.formats.import_types import FileReport, Forgotten, Limits, Reading, SavedFile, merged_report
from retrieval.formats.jsonl_format import dump_line
from retrieval.ingest.expand import ReadOutcome, read_outcomes
from retrieval.ingest.sandbox import Sandbox
from retrieval.ingest.web_archive import page_folders, passed_over
from retrieval.model import Answer, Collection, Excerpt, Scope, Suggestions, Thread, Verdict, post_key
from retrieval.readers.registry import bundle_roots, known_forms, read
from retrieval.search.autocomplete import Autocomplete
from retrieval.search.excerpts import Slices, ThreadTerms, cut_excerpt
from retrieval.search.index_sync import IndexSync
from retrieval.search.jit import load_loops
from retrieval.search.key_excerpt import choose_key_excerpt
from retrieval.search.live_index import Index, IndexSize
from retrieval.search.live_index import RefreshProgress as Indexing
from retrieval.search.searcher import Conversation, Searcher, SearchResult
from retrieval.search.verdict import least_confidence
from retrieval.storage.catalog import Statistics
from retrieval.storage.database import ClosedOnExit, pending_changes, refuse_missing
from retrieval.storage.migrations import migrations
from retrieval.storage.store import Source, Store
from retrieval.storage.thread_lists import Neighbours, ThreadFilter, ThreadOrder

__all__ = [
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

#: Told, now and then, how many of a file's posts are in, and which share of the file that is.
Progress = Callable[[int, float], None]

_HANDBOOK = "handbook"
#: The folder of the stored index, beside the database.
_INDEX = "index"
#: Seconds between two looks for what other processes changed, where questions are answered for long.
_LOOKING = 1.0
#: So many threads tell which language a file is in.
_SAMPLE = 100
#: A button's custom_id has room for so many marks.
_MARKS = 8
#: So many posts are shown where none is an answer.
_CLOSEST = 3
#: A post is quoted beside the best one from this share of its score on.
_WORTH_QUOTING = 1 / 3


class Archive(ClosedOnExit):
    """Saved threads in one SQLite file, and the answers out of them.

    What needs no search is asked of its parts: ``catalog`` (scopes, collections, files, threads),
    ``thread_lists`` (filtered, ordered), ``timeline`` (what came when), ``autocomplete``.

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
        self.autocomplete = Autocomplete(store)
        self._limits = limits or Limits()
        self._isolation = Sandbox(limits) if limits else None
        self._index = Index(store, store.path.parent / _INDEX)
        self._now = now
        self._handbook: Path | None = None
        self._terms = ThreadTerms()
        self._upkeep = IndexSync(store, self._index, self._update_file)

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
        self._upkeep.close()
        self._index.close()
        self._store.close()

    def claim_writing(self) -> None:
        """Be the one process that writes, where SQLite is too old for two; raise ``StoreError`` for another.

        A bot claims it at its start, so that an import beside it is refused at once and not by chance.
        """
        self._store.claim_writing()

    # Importing

    def import_file(  # noqa: PLR0913 - what is declared of a file
        self,
        file: SavedFile,
        *,
        collection: str = "main",
        server_id: int | None = None,
        language: str | None = None,
        progress: Progress = lambda _posts, _share: None,
        at_once: bool = True,
    ) -> FileReport:
        """Read a saved file into a collection as :meth:`import_files` does, and tell all in one report.

        Of a zip of several files the report sums up; what could not be read of it is among the warnings.
        """
        reports = self.import_files(
            file,
            collection=collection,
            server_id=server_id,
            language=language,
            progress=progress,
            at_once=at_once,
        )
        return merged_report(file.name, list(reports))

    def import_files(  # noqa: PLR0913 - as above
        self,
        file: SavedFile,
        *,
        collection: str = "main",
        server_id: int | None = None,
        language: str | None = None,
        progress: Progress = lambda _posts, _share: None,
        at_once: bool = True,
        limits: Limits | None = None,
    ) -> Iterator[FileReport]:
        """Read a saved file into a collection, all of it or nothing, and tell what came of it.

        A zip or a folder that is not read as one is as many files, each reported when it is imported. A file
        that cannot be read is reported by ``error``; the archive stays as it was. What is no thread is an
        error, too, but in a zip or folder it is ``skipped``.
        ``progress`` receives how many of a file's posts are read or imported, and which share of the work is
        done (0 to 1); what it raises leaves the archive as it was. With ``at_once`` the next question
        takes up what came in, and waits for it; without, it is there after the next :meth:`refresh`.
        ``limits`` are those of this file, where the archive's are not to hold.
        """
        watched = replace(file, notice=lambda posts, share: progress(posts, share / 2))
        isolated = self._isolation
        allowed = limits or self._limits
        outcomes = isolated.outcomes(watched, allowed) if isolated else read_outcomes(watched, allowed)
        for outcome in outcomes:
            if outcome.reading is None:
                yield FileReport(
                    outcome.file,
                    error=outcome.error,
                    skipped=outcome.skipped,
                    unknown=outcome.unknown,
                    plain=outcome.plain,
                )
                continue
            first = islice(outcome.reading.threads, _SAMPLE)
            likely = detect_language(post.text for thread in first for post in thread.posts)
            target = self._store.collection(collection, server_id=server_id, language=language, likely=likely)
            report = self._keep(outcome, outcome.reading, target, progress)
            if at_once:
                self._upkeep.note_change()
            yield report

    def _keep(
        self, outcome: ReadOutcome, reading: Reading, target: Collection, progress: Progress
    ) -> FileReport:
        saved = self._store.save(
            reading.threads,
            target,
            Source(outcome.file, outcome.sha256, reading.form),
            self._now(),
            lambda threads, posts: progress(posts, (1 + threads / len(reading.threads)) / 2),
        )
        return FileReport(
            file=outcome.file,
            form=reading.form,
            threads=saved.threads,
            posts=saved.posts,
            left_out=reading.left_out + saved.left_out,
            warnings=reading.warnings,
            merged=saved.merged,
        )

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
                return starmap(dump_line, self._store.threads_of(known.id, author=author))
        raise CollectionNotFoundError(
            f"no collection {collection!r} in the archive; `bobbin check` tells which there are"
        )

    def refresh(self, progress: Indexing | None = None) -> bool:
        """Take up what was imported, by this process or another; return whether anything was.

        Questions asked meanwhile are answered out of what was there before. ``progress`` receives, now
        and then, how many posts of how many are read.
        """
        return self._upkeep.refresh(progress)

    def watch(self, every: float = _LOOKING) -> None:
        """Look in the background for what other processes changed, each ``every`` seconds, until closed.

        For processes that answer questions for long: what was imported is then taken up before the first
        question that asks for it.
        """
        self._upkeep.watch(every)

    def state(self) -> Hashable:
        """Return what is equal for as long as nothing changes in the archive, nor in what is searched."""
        return self.catalog.state(), tuple(self._index.states.items())

    def hasten(self, then: Callable[[], object] = lambda: None) -> None:
        """Load in the background what makes answers faster where the extra ``fast`` is installed.

        For who answers many questions: it takes as long as some hundred of them. ``then`` is called when
        that is done, by whatever thread.
        """
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
            self._terms.clear()
            self._upkeep.note_change()
            self._index.unstore()
        return forgotten

    # Finding

    def ask(self, question: str, scope: Scope, *, limit: int = 5, previous: Answer | None = None) -> Answer:
        """Return what the archive holds on a question: a verdict, and at most ``limit`` excerpts, best first.

        Where none is an answer, at most three excerpts come closest. ``previous`` is the answer before it
        in a conversation: its terms enter with less weight, and a question that names no subject takes its
        own. Raises ``ValueError`` for a ``limit`` below 1.
        """
        if limit < 1:
            raise ValueError("an answer has room for at least one excerpt")
        return self._upkeep.searched(
            scope, lambda searcher: self._answer(question, scope, searcher, limit, previous)
        )

    def _answer(
        self, question: str, scope: Scope, searcher: Searcher, limit: int, previous: Answer | None
    ) -> Answer:
        # Some hits may turn out to be the same post in two collections, so a few more are fetched.
        result = searcher.search(question, limit * 2 + 5, self._conversation(previous, scope))
        verdict = result.verdict
        room = min(limit, _CLOSEST) if verdict is Verdict.CLOSEST else limit
        wanted = room + (len(previous.excerpts) if previous else 0)
        excerpts = self._excerpts(result, scope, wanted) if verdict is not Verdict.NOTHING else ()
        if previous and result.inherited:
            # "Why?" asks for more about the same, so what was quoted already comes last.
            excerpts = _fresh_first(excerpts, previous)
        if not excerpts:
            verdict = Verdict.NOTHING
        return Answer(
            question=question,
            excerpts=excerpts[:room],
            confidence=result.confidence,
            verdict=verdict,
            terms=result.terms,
            corrected=result.corrected,
            suggestions=_suggestions(question, searcher) if verdict is Verdict.NOTHING else Suggestions(),
            weighing=result.weighing(),
            inherited=result.inherited,
        )

    def marks(self, answer: Answer) -> tuple[int, ...]:
        """Return 16-bit marks of the question's terms, at most eight; they cannot be read back."""
        return tuple(term_mark(term) for term in answer.terms[:_MARKS])

    def recall(self, keys: Sequence[int], marks: Sequence[int], scope: Scope) -> tuple[Excerpt, ...]:
        """Return the excerpts of posts by their keys, with the marked terms highlighted.

        Posts that are gone or outside the scope are left out. An excerpt's rank is its key's place.
        """
        wanted = frozenset(marks)
        collections = {known.id: known for known in self.catalog.all_collections()}
        excerpts = {}
        for stored in self._store.posts.by_key(keys, scope):
            start, end, marked = cut_excerpt(
                stored.post.text,
                lambda term: float(term_mark(term) in wanted),
                analyzer(collections[stored.collection_id].language),
            )
            excerpts[stored.key] = Excerpt(
                stored.post,
                stored.thread,
                start,
                end,
                marked,
                rank=keys.index(stored.key) + 1,
                server_id=collections[stored.collection_id].server_id,
            )
        return tuple(excerpts[key] for key in keys if key in excerpts)

    def recalled(
        self,
        keys: Sequence[int],
        marks: Sequence[int],
        scope: Scope,
        *,
        verdict: Verdict = Verdict.ANSWER,
    ) -> Answer:
        """Return what is left to know of an answer from its keys, marks and verdict, to follow up on it.

        The question itself is not: its terms are those of the quoted posts that bear its marks. Its
        confidence is the least that its verdict has.
        """
        excerpts = self.recall(keys, marks, scope)
        languages = {known.id: known.language for known in self.catalog.all_collections()}
        wanted = frozenset(marks)
        terms = [
            term
            for stored in self._store.posts.by_key(keys, scope)
            for term in analyzer(languages[stored.collection_id]).terms(stored.post.text)
            if term_mark(term) in wanted
        ]
        return Answer(
            question="",
            excerpts=excerpts,
            confidence=least_confidence(verdict),
            verdict=verdict if excerpts else Verdict.NOTHING,
            terms=tuple(dict.fromkeys(terms)),
        )

    # Looking into threads

    def highlights(
        self, thread: Thread, scope: Scope, *, question: str = "", marks: Sequence[int] = ()
    ) -> tuple[Slices, ...]:
        """Return for each post of a thread where the question's words, or marked terms, stand in it.

        Where none does, its words are looked for as what the archive takes them for, misspelt as they are.
        """
        language = analyzer(self.catalog.language_of(thread.id, scope) or "")
        slices = self._where(thread, language, set(language.terms(question)), frozenset(marks))
        if question and not any(slices):
            # What no post holds as it was written, the archive may know in another spelling.
            terms = self._upkeep.searched(scope, lambda searcher: searcher.terms(question))
            return self._where(thread, language, set(terms), frozenset())
        return slices

    def _where(
        self, thread: Thread, language: Analyzer, terms: set[str], marks: frozenset[int]
    ) -> tuple[Slices, ...]:
        return self._terms.highlights(
            thread,
            language,
            lambda term: term in terms or (bool(marks) and term_mark(term) in marks),
        )

    def written(self, answer: Answer) -> dict[str, str]:
        """Return how each term of an answer's question was written there; a stem says less to a person."""
        words = " ".join([answer.question, *(searched for _, searched in answer.corrected)])
        written: dict[str, str] = {}
        for language in {known.language for known in self.catalog.all_collections()}:
            for token in analyzer(language).tokens(words):
                for term in token.terms:
                    written.setdefault(term, words[token.start : token.end])
        return {term: written.get(term, term) for term in answer.terms}

    def months(self, words: str, scope: Scope) -> dict[str | None, int]:
        """Return in how many posts of each month ("2023-12") all the words stand, whatever their ending.

        A post without a date counts for its thread's; ``None`` has those where neither is known.
        """
        return dict(
            self._upkeep.searched(scope, lambda searcher: self._store.posts.months(searcher.holding(words)))
        )

    def holds_terms(self, words: str, scope: Scope) -> bool:
        """Return whether words hold any search term of a scope's languages; stop words alone do not."""
        languages = {
            known.language for known in self.catalog.all_collections() if known.id in scope.collections
        }
        return any(analyzer(language).terms(words) for language in languages)

    def telling(self, thread_id: str, scope: Scope) -> Excerpt:
        """Return the excerpt that tells most of what a thread is about, by the scope's own weights.

        Raises ``ThreadNotFoundError``.
        """
        thread = self.catalog.thread(thread_id, scope)
        placed = self._store.posts.by_key([post_key(thread_id, 1)], scope)
        collections = {known.id: known for known in self.catalog.all_collections()}
        home = collections[placed[0].collection_id] if placed else None
        language = home.language if home else "en"
        choice = self._upkeep.searched(
            scope,
            lambda searcher: choose_key_excerpt(
                [post.text for post in thread.posts],
                lambda term: searcher.information(term, language),
                analyzer(language),
            ),
        )
        post, server_id = thread.posts[choice.post], home.server_id if home else None
        return Excerpt(post, thread.summary(), choice.start, choice.end, server_id=server_id)

    def index_size(self) -> IndexSize:
        """Return how large the search index is; raise ``StoreError`` when the database refuses."""
        self.catalog.all_collections()
        return self._index.size()

    def check(self) -> list[str]:
        """Return what is wrong with the database, each a sentence with its remedy; none when sound."""
        return self._store.problems()

    def _excerpts(self, result: SearchResult, scope: Scope, limit: int) -> tuple[Excerpt, ...]:
        collections = {known.id: known for known in self.catalog.all_collections()}
        stored = {placed.pk: placed for placed in self._store.posts.by_pk([hit.post for hit in result.hits])}
        excerpts: dict[tuple[str, int], Excerpt] = {}
        least = result.hits[0].score * _WORTH_QUOTING
        for hit in result.hits:
            if hit.score < least:
                break
            placed = stored.get(hit.post)
            if placed is None or placed.collection_id not in scope.collections:
                continue  # forgotten since the index was made
            place = (placed.thread.id, placed.post.ordinal)
            if place in excerpts:
                continue
            home = collections[placed.collection_id]
            language = analyzer(home.language)
            start, end, marked = cut_excerpt(
                placed.post.text, lambda term: result.weights.get(term, 0.0), language
            )
            rank = len(excerpts) + 1
            excerpts[place] = Excerpt(
                placed.post,
                placed.thread,
                start,
                end,
                marked,
                rank,
                score=hit.score,
                shares=hit.shares,
                terms=hit.terms,
                server_id=home.server_id,
            )
            if rank == limit:
                break
        return tuple(excerpts.values())

    def _conversation(self, previous: Answer | None, scope: Scope) -> Conversation:
        """Return what a search needs of the answer before it."""
        if previous is None:
            return Conversation()
        threads = [excerpt.thread.id for excerpt in previous.excerpts]
        return Conversation(previous.terms, self.catalog.thread_pks(threads, scope), previous.confidence)

    def _update_file(self) -> None:
        """Bring a file that was opened, or put in the place of the open one, up to date.

        What was forgotten after it was written is forgotten in it, too.
        """
        forgotten = self._store.sync_tombstones(self._now())
        if forgotten is not None:
            log.warning(
                "%s is older than what was forgotten since: removed %d threads, %d posts",
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
        threads = [thread for file in files for thread in read(file).threads]
        # Of the threads and not of the files: another version of Bobbin may read them otherwise.
        digest = hashlib.sha256("\n".join(map(dump_line, threads)).encode()).hexdigest()
        if self.catalog.handbook_digest(_HANDBOOK) == (digest if threads else None):
            return
        try:
            target = self._store.collection(_HANDBOOK, handbook=True)
            self._store.replace(threads, target, Source(_HANDBOOK, digest, _HANDBOOK), self._now())
        except StoreError as error:
            if not self.catalog.holds_threads(Scope(frozenset(self._store.states()))):
                raise
            log.warning("the handbook could not be brought up to date; the next start tries again: %s", error)


def _suggestions(question: str, searcher: Searcher) -> Suggestions:
    """Return the nearest known words to the unknown ones, without any that were searched."""
    return Suggestions(tuple(dict.fromkeys(searcher.near_misses(question))))


def _fresh_first(excerpts: Sequence[Excerpt], previous: Answer) -> tuple[Excerpt, ...]:
    """Put the excerpts of posts that the answer before quoted behind the others; number them anew."""
    quoted = {(excerpt.thread.id, excerpt.post.ordinal) for excerpt in previous.excerpts}
    fresh_first = sorted(excerpts, key=lambda excerpt: (excerpt.thread.id, excerpt.post.ordinal) in quoted)
    return tuple(replace(excerpt, rank=rank) for rank, excerpt in enumerate(fresh_first, start=1))
