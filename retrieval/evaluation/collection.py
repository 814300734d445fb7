"""A collection with judgements: read it, and turn it into threads that a store can keep.

It is a folder with ``corpus.jsonl`` (a post a line: ``id``, ``text``, and ``thread`` and ``pos`` where
posts belong to threads), ``queries.jsonl`` (``id``, ``text``) and ``qrels.tsv`` (question, post, grade).
BEIR's names are read as well: ``_id``, ``title``, and ``qrels/test.tsv`` with its header.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from retrieval.errors import ReadError
from retrieval.model import Completeness, Post, Thread

__all__ = ["Judged", "JudgedPost", "evenly", "joined", "load", "threads_of"]

_ID = ("id", "_id")
_Row = Mapping[str, object]
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class JudgedPost:
    """A post of a collection; ``place`` orders the posts of a thread."""

    id: str
    thread: str
    place: int
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A collection with judgements.

    ``questions`` are, by id, those with at least one relevant post, in the order of the file;
    ``unanswerable`` are the others, which the posts do not answer;
    ``grades`` has for each the grades of posts by id, relevant from 1. ``notes`` say in sentences what
    was left aside in reading.
    """

    name: str
    posts: Sequence[JudgedPost]
    questions: Mapping[str, str]
    grades: Mapping[str, Mapping[str, int]]
    notes: tuple[str, ...] = ()
    unanswerable: Mapping[str, str] = field(default_factory=dict)

    def relevant(self, question: str) -> set[str]:
        """Return the ids of the posts that answer a question."""
        return {post for post, grade in self.grades[question].items() if grade > 0}

    def only(self, questions: Iterable[str]) -> "Judged":
        """Return the collection with these of its questions, by id, in its own order."""
        wanted = set(questions)
        kept = {name: text for name, text in self.questions.items() if name in wanted}
        return replace(self, questions=kept)


def evenly(items: Sequence[_Item], limit: int | None) -> Sequence[_Item]:
    """Return at most ``limit`` of the items, spread evenly from the first on; all without a limit."""
    if limit is None or limit >= len(items):
        return items
    return [items[place * len(items) // limit] for place in range(limit)]


def load(folder: Path) -> Judged:
    """Read a collection; raise ``ReadError`` naming the file, the line and what is wrong with it."""
    posts = _posts(folder / "corpus.jsonl")
    asked = _questions(folder / "queries.jsonl")
    path = folder / "qrels.tsv"
    if not path.exists():
        path = folder / "qrels" / "test.tsv"
    grades = _grades(path)
    questions = {
        name: text
        for name, text in asked.items()
        if any(grade > 0 for grade in grades.get(name, {}).values())
    }
    if not questions:
        raise ReadError(str(path), "names no relevant post for any question of queries.jsonl")
    known = {post.id for post in posts}
    lost = sum(not known.issuperset(grades[name]) for name in questions)
    unasked = len(grades.keys() - asked.keys())
    notes = (
        (len(asked) - len(questions), "without a relevant post in {path}, which nothing here answers"),
        (unasked, "judged in {path} that queries.jsonl does not hold"),
        (lost, "judged by posts that corpus.jsonl does not hold; those count as not found"),
    )
    return Judged(
        name=folder.resolve().name,
        posts=posts,
        questions=questions,
        grades={name: grades[name] for name in questions},
        unanswerable={name: text for name, text in asked.items() if name not in questions},
        notes=tuple(
            f"{count:,} question{'s' * (count > 1)} {sentence.format(path=path.name)}"
            for count, sentence in notes
            if count
        ),
    )


def joined(judged: Judged, size: int) -> Judged | None:
    """Join ``size`` posts of a thread into each; return ``None`` where threads are shorter.

    A joined post answers what one of its posts answers.
    """
    by_thread: defaultdict[str, list[JudgedPost]] = defaultdict(list)
    for post in judged.posts:
        by_thread[post.thread].append(post)
    if len(judged.posts) < size * len(by_thread):
        return None
    posts: list[JudgedPost] = []
    home: dict[str, str] = {}
    for parts in by_thread.values():
        ordered = sorted(parts, key=lambda post: post.place)
        for place in range(0, len(ordered), size):
            group = ordered[place : place + size]
            posts.append(replace(group[0], text=" ".join(post.text for post in group)))
            home.update((post.id, group[0].id) for post in group)
    grades = {
        question: {home[post]: grade for post, grade in graded.items() if post in home and grade > 0}
        for question, graded in judged.grades.items()
    }
    return Judged(f"{judged.name}, joined", posts, judged.questions, grades)


def threads_of(judged: Judged) -> list[Thread]:
    """Return the collection as threads to keep; a post's ``source_id`` is its id there.

    Every thread has an id of its own making. One derived from the opening would be shared by posts of
    the same words, and a store takes threads of one id for versions of one thread.
    """
    by_thread: defaultdict[str, list[JudgedPost]] = defaultdict(list)
    for post in judged.posts:
        by_thread[post.thread].append(post)
    return [
        Thread(
            posts=tuple(
                Post(ordinal=ordinal, text=post.text, source_id=post.id)
                for ordinal, post in enumerate(sorted(posts, key=lambda post: post.place), start=1)
            ),
            completeness=Completeness.COMPLETE,
            id=f"{number:012d}",
        )
        for number, posts in enumerate(by_thread.values())
    ]


def _posts(path: Path) -> list[JudgedPost]:
    posts: list[JudgedPost] = []
    lines: dict[str, int] = {}
    for number, row in _rows(path):
        name = _name(path, number, row, lines)
        place = row.get("pos", number)
        if not isinstance(place, int):
            raise ReadError(str(path), f"line {number} has a pos that is no whole number")
        title = row.get("title")
        text = _text(path, number, row)
        posts.append(
            JudgedPost(
                id=name,
                thread=str(row.get("thread", name)),
                place=place,
                text=f"{title}\n{text}" if title else text,
            )
        )
    if not posts:
        raise ReadError(str(path), "holds no post")
    return posts


def _questions(path: Path) -> dict[str, str]:
    lines: dict[str, int] = {}
    return {_name(path, number, row, lines): _text(path, number, row) for number, row in _rows(path)}


def _grades(path: Path) -> dict[str, dict[str, int]]:
    grades: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for number, line in _lines(path):
        cells = [cell.strip() for cell in line.split("\t")]
        if number == 1 and cells[-1].lower() == "score":
            continue
        try:
            question, post, grade = cells
            known = grades[question].setdefault(post, int(grade))
        except ValueError as error:
            wanted = "question, post and grade (a whole number) with tabs between them"
            raise ReadError(str(path), f"line {number} is not {wanted}") from error
        if known != int(grade):
            raise ReadError(str(path), f"line {number} grades {question} {post} anew: {grade}, not {known}")
    return dict(grades)


def _name(path: Path, number: int, row: _Row, lines: dict[str, int]) -> str:
    """Return a row's id, which may stand in a file only once; ``lines`` remembers where."""
    written = next((row[key] for key in _ID if key in row), None)
    if written is None:
        raise ReadError(str(path), f"line {number} has no id, neither as 'id' nor as '_id'")
    name = str(written)
    # Tabs part the cells of the judgements, and no database takes halves of a surrogate pair.
    if not name or not name.isprintable():
        raise ReadError(str(path), f"line {number} has an id that is empty or cannot be printed: {name!a}")
    if name in lines:
        raise ReadError(str(path), f"line {number} repeats the id {name} of line {lines[name]}")
    lines[name] = number
    return name


def _text(path: Path, number: int, row: _Row) -> str:
    text = row.get("text")
    if not isinstance(text, str):
        raise ReadError(str(path), f"line {number} has no text")
    return text


def _rows(path: Path) -> Iterator[tuple[int, _Row]]:
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ReadError(str(path), f"line {number} is no JSON ({error})") from error
        if not isinstance(row, dict):
            raise ReadError(str(path), f"line {number} is no JSON object")
        yield number, row


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield a file's lines with their numbers from 1, blank ones left out."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, line
    except OSError as error:
        raise ReadError(str(path), f"cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ReadError(str(path), f"is not UTF-8 ({error.reason} at byte {error.start})") from error
