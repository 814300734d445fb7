import json
from pathlib import Path

import pytest

from retrieval.errors import ReadError
from retrieval.evaluation.collection import evenly, load, threads_of
from tests.retrieval.evaluation.judged import HARBOUR, Rows, write
from tests.shared import SHARED, needs_shared

POST: dict[str, object] = {"id": "p", "text": "A post."}
QUESTION: dict[str, object] = {"id": "q", "text": "A question?"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "harbour", HARBOUR)


def test_it_reads_posts_questions_and_grades(folder: Path) -> None:
    judged = load(folder)
    assert judged.name == "harbour"
    assert [post.id for post in judged.posts[:2]] == ["ferry-1", "ferry-2"]
    assert judged.questions["q3"].startswith("What does the keeper")
    assert judged.grades["q3"] == {"light-2": 2, "light-1": 1}
    assert judged.notes == ()


def test_it_reads_beirs_names_titles_and_folder_of_judgements(tmp_path: Path) -> None:
    post = {"_id": "d1", "title": "Tides", "text": "They come and go.", "metadata": {}}
    (tmp_path / "corpus.jsonl").write_text(json.dumps(post))
    (tmp_path / "queries.jsonl").write_text(json.dumps({"_id": "7", "text": "What comes and goes?"}))
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n7\td1\t1\n")
    judged = load(tmp_path)
    assert [(one.id, one.thread, one.text) for one in judged.posts] == [
        ("d1", "d1", "Tides\nThey come and go.")
    ]
    assert judged.grades == {"7": {"d1": 1}}


def test_posts_of_a_thread_follow_their_places_and_not_the_file(tmp_path: Path) -> None:
    posts: list[dict[str, object]] = [
        {"id": "b", "thread": "t", "pos": 10, "text": "last"},
        {"id": "c", "thread": "u", "pos": 0, "text": "other"},
        {"id": "a", "thread": "t", "pos": 9, "text": "first"},
    ]
    threads = threads_of(load(write(tmp_path, (posts, [QUESTION], [("q", "a", 1)]))))
    assert [[post.source_id for post in thread.posts] for thread in threads] == [["a", "b"], ["c"]]
    assert len({thread.id for thread in threads}) == 2


def test_questions_without_a_relevant_post_are_left_out_and_stated(tmp_path: Path) -> None:
    questions: list[dict[str, object]] = [QUESTION, {"id": "r", "text": "?"}, {"id": "s", "text": "!"}]
    grades = [("q", "p", 1), ("r", "p", 0), ("gone", "p", 1), ("q", "lost", 1)]
    judged = load(write(tmp_path, ([POST], questions, grades)))
    assert list(judged.questions) == ["q"]
    assert judged.notes == (
        "2 questions without a relevant post in qrels.tsv, which nothing here answers",
        "1 question judged in qrels.tsv that queries.jsonl does not hold",
        "1 question judged by posts that corpus.jsonl does not hold; those count as not found",
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (([{"text": "no id"}], [QUESTION], [("q", "p", 1)]), "corpus.jsonl: line 1 has no id"),
        (([POST, {"id": "b"}], [QUESTION], [("q", "p", 1)]), "corpus.jsonl: line 2 has no text"),
        (([POST, POST], [QUESTION], [("q", "p", 1)]), "corpus.jsonl: line 2 repeats the id p of line 1"),
        (([POST | {"pos": "x"}], [QUESTION], [("q", "p", 1)]), "corpus.jsonl: line 1 has a pos that is no"),
        (
            ([{"id": "\ud800", "text": "x"}], [QUESTION], [("q", "p", 1)]),
            "corpus.jsonl: line 1 has an id that",
        ),
        (([], [QUESTION], [("q", "p", 1)]), "corpus.jsonl: holds no post"),
        (([POST], [QUESTION, QUESTION], [("q", "p", 1)]), "queries.jsonl: line 2 repeats the id q"),
        (([POST], [QUESTION], []), "qrels.tsv: names no relevant post for any question"),
        (([POST], [QUESTION], [("q", "p", 1), ("q", "p", 2)]), "qrels.tsv: line 2 grades q p anew: 2, not 1"),
    ],
)
def test_what_is_wrong_is_reported_with_file_and_line(rows: Rows, told: str, tmp_path: Path) -> None:
    write(tmp_path, rows)
    with pytest.raises(ReadError) as raised:
        load(tmp_path)
    assert str(raised.value).startswith(f"{tmp_path}/{told}")


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("corpus.jsonl", b'{"id": "p"\n', "line 1 is no JSON"),
        ("queries.jsonl", b"[]\n", "line 1 is no JSON object"),
        ("queries.jsonl", b"\xff\n", "is not UTF-8"),
        ("qrels.tsv", b"q\tp\n", "line 1 is not question, post and grade"),
        ("qrels.tsv", b"q\tp\t1\nq\tp\tgood\n", "line 2 is not question, post and grade"),
    ],
)
def test_a_broken_line_is_reported(file: str, content: bytes, told: str, folder: Path) -> None:
    (folder / file).write_bytes(content)
    with pytest.raises(ReadError, match=told):
        load(folder)


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_reported(file: str, folder: Path) -> None:
    (folder / file).unlink()
    with pytest.raises(ReadError, match="cannot be opened"):
        load(folder)


def test_a_sample_is_spread_evenly_and_begins_with_the_first() -> None:
    assert evenly(range(10), 3) == [0, 3, 6]
    assert evenly("abc", 5) == evenly("abc", None) == "abc"


@needs_shared
@pytest.mark.parametrize(
    ("name", "posts", "questions"), [("squad", 4934, 2910), ("qmsum", 40841, 481), ("vaswani", 11429, 93)]
)
def test_the_collections_are_read_whole(name: str, posts: int, questions: int) -> None:
    judged = load(SHARED / "collections" / name)
    assert (len(judged.posts), len(judged.questions), judged.notes) == (posts, questions, ())
