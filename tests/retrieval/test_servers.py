"""Servers never mix: whatever is done, each sees exactly what it would see if there were no other.

Beside the archive of all servers stand archives that hold, each, the public threads and those of one
server. After any sequence of uploads, removals and forgotten servers, every answer, list, completion
and count of the one archive must be that of the other, scores and suggestions included: so nothing of
a server is seen, counted, completed or hinted at elsewhere, nor moves the order of an answer.
"""

import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from retrieval.archive import Archive
from retrieval.errors import ThreadNotFoundError
from retrieval.formats.import_types import SavedFile
from retrieval.model import Answer, Thread, post_key

SERVERS = (11, 12, 13, 14, 15)
WORDS = ("ferry", "crane", "quay", "lantern", "rope", "poplar", "Prigozhin", "negotiation", "driftwood")

servers = st.sampled_from(SERVERS)
places = st.sampled_from((None, *SERVERS))
words = st.sampled_from((*WORDS, *(f"secret{server}" for server in SERVERS)))
texts = st.lists(words, min_size=1, max_size=12).map(" ".join)
misspelt = st.sampled_from(("secert11", "secret1", "Prigozin", "lanterm", "drifwood", "negotiaton"))


class Mixed(RuleBasedStateMachine):
    """All servers in one archive, beside one archive each."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.open = ExitStack()
        self.mixed = self.open.enter_context(Archive.open(self.folder / "mixed.db"))
        self.alone = {
            place: self.open.enter_context(Archive.open(self.folder / f"{place}.db"))
            for place in (None, *SERVERS)
        }
        self.threads: list[str] = []
        self.answers: list[tuple[Answer, tuple[int, ...]]] = []

    def teardown(self) -> None:
        self.open.close()
        shutil.rmtree(self.folder)

    def concerned(self, server_id: int | None) -> list[Archive]:
        """The archives that what is kept for a server, or for all, goes into."""
        alone = list(self.alone.values()) if server_id is None else [self.alone[server_id]]
        return [self.mixed, *alone]

    @initialize(first=texts)
    def begin(self, first: str) -> None:
        self.upload(None, "main", [first, *WORDS])

    @rule(
        server_id=places,
        collection=st.sampled_from(("main", "more")),
        posts=st.lists(texts, min_size=1, max_size=4),
    )
    def upload(self, server_id: int | None, collection: str, posts: list[str]) -> None:
        own = f" secret{server_id}" if server_id else ""
        body = "".join(f"{post}{own}\n/{number}\n" for number, post in enumerate(posts, start=1))
        file = SavedFile(f"{hash(body) % 99}{own}.txt", f"{body}END\n/END\n".encode(), author=f"author{own}")
        for archive in self.concerned(server_id):
            archive.import_file(file, collection=collection, server_id=server_id)
        (archive, scope) = (self.mixed, self.mixed.catalog.scope(server_id))
        self.threads = [*self.threads, *(one.id for one in archive.catalog.threads(scope))][-60:]

    @rule(server_id=servers, which=st.integers(0, 9), rehearse=st.booleans())
    def remove(self, server_id: int, which: int, rehearse: bool) -> None:  # noqa: FBT001 - drawn
        outcomes = []
        for archive in self.concerned(server_id):
            files = archive.catalog.uploads(server_id)
            if files:
                gone = archive.take_back([files[which % len(files)].id], rehearse=rehearse)
                outcomes.append((gone.threads, gone.posts, gone.changed, [file.name for file in gone.files]))
        assert outcomes[1:] == outcomes[:-1]

    @rule(server_id=servers)
    def forget(self, server_id: int) -> None:
        for archive in self.concerned(server_id):
            archive.forget_server(server_id)
        assert self.mixed.catalog.uploads(server_id) == []

    @rule(server_id=servers, language=st.sampled_from(("en", "de", "uk")))
    def speak(self, server_id: int, language: str) -> None:
        for archive in self.concerned(server_id):
            archive.set_language(server_id, language)

    @rule(place=places, question=texts | misspelt, limit=st.integers(1, 8), follows=st.booleans())
    def ask(self, place: int | None, question: str, limit: int, follows: bool) -> None:  # noqa: FBT001 - drawn
        # Also an answer that was given elsewhere is gone on from.
        previous = self.answers[-1][0] if follows and self.answers else None
        answers = []
        for archive in (self.mixed, self.alone[place]):
            archive.refresh()
            answers.append(
                archive.ask(question, archive.catalog.scope(place), limit=limit, previous=previous)
            )
        assert seen(answers[0]) == seen(answers[1])
        self.answers = [*self.answers, (answers[0], self.mixed.answers.marks(answers[0]))][-20:]

    @rule(place=places, which=st.integers(0, 19))
    def recall(self, place: int | None, which: int) -> None:
        if self.answers:
            answer, marks = self.answers[which % len(self.answers)]
            keys = [post_key(excerpt.thread.id, excerpt.post.ordinal) for excerpt in answer.excerpts]
            mixed, alone = (
                archive.answers.recall(keys, marks, archive.catalog.scope(place))
                for archive in (self.mixed, self.alone[place])
            )
            assert mixed == alone
            for key in keys:
                assert located(self.mixed, key, place) == located(self.alone[place], key, place)

    @rule(place=places, which=st.integers(0, 59))
    def open_thread(self, place: int | None, which: int) -> None:
        if self.threads:
            thread_id = self.threads[which % len(self.threads)]
            mixed, alone = (opened(archive, thread_id, place) for archive in (self.mixed, self.alone[place]))
            assert mixed == alone

    @rule(place=places, typed=texts | misspelt | st.sampled_from(("", "s", "sec", "author secret12")))
    def look_up(self, place: int | None, typed: str) -> None:
        for archive in (self.mixed, self.alone[place]):
            archive.refresh()
        mixed, alone = (
            (
                archive.autocomplete.threads(typed, archive.catalog.scope(place)),
                archive.catalog.threads(archive.catalog.scope(place)),
                archive.catalog.threads(archive.catalog.scope(place), author=f"author secret{place}"),
                archive.catalog.statistics(archive.catalog.scope(place)),
                archive.catalog.statistics(archive.catalog.public_scope()),
                [(one.name, one.server_id, one.language) for one in archive.catalog.collections(place)],
                [(one.name, one.threads, one.posts) for one in archive.catalog.uploads(place or 0)],
            )
            for archive in (self.mixed, self.alone[place])
        )
        assert mixed == alone

    @rule(place=servers, collection=st.sampled_from(("main", "more")))
    def export(self, place: int, collection: str) -> None:
        mixed, alone = (
            list(archive.export(collection, server_id=place))
            if any(
                (one.name, one.server_id) == (collection, place) for one in archive.catalog.collections(place)
            )
            else None
            for archive in (self.mixed, self.alone[place])
        )
        assert mixed == alone


def seen(answer: Answer) -> Answer:
    """What anybody can see of an answer; the shares of its scores are told to nobody."""
    return replace(answer, excerpts=tuple(replace(one, shares=()) for one in answer.excerpts))


def located(archive: Archive, key: int, place: int | None) -> object:
    try:
        return archive.catalog.locate(key, archive.catalog.scope(place))
    except ThreadNotFoundError:
        return None


def opened(archive: Archive, thread_id: str, place: int | None) -> Thread | None:
    try:
        return archive.catalog.thread(thread_id, archive.catalog.scope(place))
    except ThreadNotFoundError:
        return None


def test_each_server_sees_what_it_would_see_if_there_were_no_other() -> None:
    run_state_machine_as_test(
        Mixed, settings=settings(max_examples=12, stateful_step_count=40, deadline=None)
    )
