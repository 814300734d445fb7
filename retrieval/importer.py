"""Saved files into collections: what was imported before is not read again, and small files go in together.

A transaction costs the disk as much as some ten posts, so files of few posts share one. None is open while a
file is read, which may take as long as its limits allow.
"""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, Final

from retrieval.analysis.language_detection import detect_language, thread_language
from retrieval.formats.import_types import Counts, FileReport, LeftOut, Limits, News, SavedFile
from retrieval.ingest.containers import content_hash, open_bundle
from retrieval.ingest.expand import ReadOutcome, read_outcomes
from retrieval.ingest.sandbox import Sandbox
from retrieval.model import Collection, Thread
from retrieval.readers.version import readers_version
from retrieval.storage.import_batch import ImportBatch
from retrieval.storage.store import Source, Store

__all__ = ["FilesProgress", "Importer", "Target"]

#: Called now and then with a file's place, how many of its posts are in, and the share of it that is done.
FilesProgress = Callable[[int, int, float], None]

#: So many threads tell which language a file is in.
_SAMPLE: Final = 100
#: Readings of at most so many threads share a transaction, until there are so many or so much time went by.
_FEW_THREADS: Final = 50
_MOST_TOGETHER: Final = 200
_LONGEST_WAIT: Final = 1.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where threads go: a collection's name, the server that it belongs to, and its language if declared.

    ``news`` says whether they are new for digests.
    """

    collection: str
    server_id: int | None = None
    language: str | None = None
    news: News = News.AT_ONCE


@dataclass(slots=True)
class _Entry:
    """A file on its way in: its place among all, its key, and what has come of it so far."""

    place: int
    key: bytes | None = None
    reports: list[FileReport] = field(default_factory=list)
    begun: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    """What is to be done for a file: pass a report on, or keep a reading and report it.

    With the ``last`` step of a file it gets its receipt; a step may be nothing but that.
    """

    entry: _Entry
    report: FileReport | None = None
    outcome: ReadOutcome | None = None
    threads: Sequence[Thread] = ()
    last: bool = False


class Importer:
    """What reads files and keeps their threads; safe to use from any thread.

    With ``sandbox`` files are read by processes of their own, without it here. ``limits`` are those of every
    file unless others are given; ``now`` is the clock that imports are dated by.
    """

    def __init__(
        self, store: Store, sandbox: Sandbox | None, limits: Limits, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._sandbox = sandbox
        self._limits = limits
        self._now = now

    def reports(
        self,
        files: Iterable[SavedFile | FileReport],
        target: Target,
        progress: FilesProgress,
        *,
        together: bool,
        limits: Limits | None = None,
    ) -> Iterator[FileReport]:
        """Import file after file and yield the report on each once it is kept, in their order.

        A report among the files, on one that could not even be opened, is passed on in its place. What one
        file holds is kept whole or not at all. ``together`` lets small files share a transaction; what
        ``progress`` raises takes back those that are not reported yet.
        """
        steps: list[_Step] = []
        since = time.monotonic()
        for place, file in enumerate(files):
            for step in self._steps(place, file, target, progress, limits or self._limits):
                since = since if steps else time.monotonic()
                if together and len(step.threads) <= _FEW_THREADS:
                    steps.append(replace(step, threads=tuple(step.threads)))
                    if len(steps) < _MOST_TOGETHER and time.monotonic() - since < _LONGEST_WAIT:
                        continue
                    yield from self._taken(steps, target, progress)
                else:
                    yield from self._taken(steps, target, progress)
                    yield from self._taken([step], target, progress)
                steps = []
        yield from self._taken(steps, target, progress)

    def _steps(
        self,
        place: int,
        file: SavedFile | FileReport,
        target: Target,
        progress: FilesProgress,
        limits: Limits,
    ) -> Iterator[_Step]:
        """Yield what is to be done for a file, reading it meanwhile unless there is a receipt of it."""
        if isinstance(file, FileReport):
            yield _Step(_Entry(place), file)
            return
        key = _key(file, target)
        receipt = self._store.receipt(key) if key else None
        if receipt is not None:
            if target.language:
                self._collection(target, ())
            yield from (_Step(_Entry(place), report) for report in _repeated(receipt))
            return
        entry = _Entry(place, key)
        single = file.bundle is None and open_bundle(file.name, file.content, limits) is None
        watched = replace(file, notice=lambda posts, share: progress(place, posts, share / 2))
        outcomes = (
            self._sandbox.outcomes(watched, limits) if self._sandbox else read_outcomes(watched, limits)
        )
        for outcome in outcomes:
            if outcome.reading is not None:
                yield _Step(entry, outcome=outcome, threads=outcome.reading.threads, last=single)
                continue
            report = FileReport(
                outcome.file,
                error=outcome.error,
                skipped=outcome.skipped,
                unknown=outcome.unknown,
                plain=outcome.plain,
            )
            yield _Step(entry, report, last=single)
        if not single:
            yield _Step(entry, last=True)

    def _taken(self, steps: Sequence[_Step], target: Target, progress: FilesProgress) -> Iterator[FileReport]:
        """Take the steps, in one transaction as far as they change anything, and yield their reports."""
        if not any(step.outcome or (step.last and step.entry.begun) for step in steps):
            for step in steps:
                if step.report is not None:
                    step.entry.reports.append(step.report)
                    yield step.report
            return
        first = (thread for step in steps for thread in step.threads)
        collection = self._collection(target, first)
        reports = []
        with self._store.importing(self._now()) as batch:
            for step in steps:
                report = step.report
                if step.outcome is not None:
                    report = _saved(batch, collection, step.outcome, step, target.news, progress)
                if report is not None:
                    step.entry.reports.append(report)
                    reports.append(report)
                _sign(batch, step)
        yield from reports

    def _collection(self, target: Target, threads: Iterable[Thread]) -> Collection:
        return self._store.collection(
            target.collection,
            server_id=target.server_id,
            language=target.language,
            likely=partial(_language_of, threads),
        )


def _saved(  # noqa: PLR0913, PLR0917 - what is known of a reading
    batch: ImportBatch,
    collection: Collection,
    outcome: ReadOutcome,
    step: _Step,
    news: News,
    progress: FilesProgress,
) -> FileReport:
    """Keep what was read of a file, and report it."""
    reading, place = outcome.reading, step.entry.place
    if reading is None:
        raise ValueError("an outcome without a reading has nothing to keep")
    saved = batch.save(
        step.threads,
        collection,
        Source(outcome.file, outcome.sha256, reading.form),
        lambda threads, posts: progress(place, posts, (1 + threads / len(step.threads)) / 2),
        news=news,
    )
    return FileReport(
        file=outcome.file,
        form=reading.form,
        threads=saved.threads,
        posts=saved.posts,
        left_out=reading.left_out + saved.left_out,
        warnings=reading.warnings,
        merged=saved.merged,
        languages=_languages_of(step.threads, collection.language),
    )


def _sign(batch: ImportBatch, step: _Step) -> None:
    """Write a file's receipt, as far as it is imported; one that could not be read in full has none."""
    entry = step.entry
    if entry.key is None:
        return
    if step.last and all(report.error is None for report in entry.reports):
        reports = json.dumps(entry.reports, default=_fields, separators=(",", ":"))
        (batch.complete_receipt if entry.begun else batch.write_receipt)(entry.key, reports)
    elif not step.last and not entry.begun:
        batch.begin_receipt(entry.key)
        entry.begun = True


def _fields(report: Any) -> dict[str, object]:
    """Return the fields of a report, or of a part of it, by name."""
    return {field.name: getattr(report, field.name) for field in fields(report)}


def _key(file: SavedFile, target: Target) -> bytes | None:
    """Return what is equal for files that would be read alike; ``None`` for one to be read anyway."""
    content = content_hash(file)
    if content is None:
        return None
    posted_at = file.posted_at.isoformat() if file.posted_at else None
    declared = [file.name, file.author, file.title, file.url, posted_at, file.form, file.named]
    facts = [readers_version(), content, *declared, target.collection, target.server_id]
    return hashlib.sha256(json.dumps(facts).encode()).digest()


def _repeated(receipt: str) -> Iterator[FileReport]:
    """Yield the reports of a receipt as they are when the file comes again: nothing of it is new."""
    for report in json.loads(receipt):
        left_out = (
            LeftOut(
                part["why"], part["count"], tuple(part["lines"]) if part["lines"] else None, part["example"]
            )
            for part in report["left_out"]
        )
        yield FileReport(
            report["file"],
            report["form"],
            _unchanged(report["threads"]),
            _unchanged(report["posts"]),
            tuple(left_out),
            tuple(report["warnings"]),
            skipped=report["skipped"],
            unknown=report["unknown"],
            plain=report["plain"],
            repeated=True,
            # Receipts of earlier versions do not say.
            languages=tuple(report.get("languages", ())),
        )


def _unchanged(counts: dict[str, int]) -> Counts:
    return Counts(unchanged=sum(counts.values()))


def _languages_of(threads: Iterable[Thread], likely: str) -> tuple[str, ...]:
    """Return the languages of threads, the commonest first; ``likely`` is their collection's."""
    languages = Counter(thread_language((post.text for post in thread.posts), likely) for thread in threads)
    return tuple(language for language, _ in languages.most_common())


def _language_of(threads: Iterable[Thread]) -> str:
    """Return which language the first of some threads are in, most likely."""
    return detect_language(post.text for thread in islice(threads, _SAMPLE) for post in thread.posts)
