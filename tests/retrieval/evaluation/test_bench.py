from datetime import UTC, datetime
from pathlib import Path

import pytest

from retrieval.archive import Archive
from retrieval.evaluation.bench import Bench
from retrieval.evaluation.collection import Judged, JudgedPost, load, threads_of
from retrieval.model import Post, Thread
from retrieval.storage.store import Source, Store
from tests.retrieval.evaluation.judged import HARBOUR, write

DAY = datetime(2024, 5, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    return load(write(tmp_path_factory.mktemp("collections") / "harbour", HARBOUR))


def test_each_question_finds_its_post(harbour: Judged) -> None:
    bench = Bench.build(harbour)
    first = {name: bench.ask(text).ranking[0][0] for name, text in harbour.questions.items()}
    assert first == {"q1": "ferry-2", "q2": "ferry-3", "q3": "light-2"}


def test_threads_that_open_alike_or_are_the_same_are_all_kept() -> None:
    texts = ["Good morning! Here is what I learned about boats in a year on the island."] * 3
    posts = [
        *(JudgedPost(f"same-{number}", f"s{number}", 0, texts[0]) for number in range(5)),
        *(JudgedPost(f"long-{number}", "long", number, text) for number, text in enumerate(texts)),
        JudgedPost("empty", "e", 0, ""),
    ]
    bench = Bench.build(Judged("alike", posts, {"q": "boats on the island?"}, {"q": {"same-0": 1}}))
    assert sorted(bench.ids.values()) == sorted(post.id for post in posts)
    assert len(set(bench.threads.values())) == 7
    found = [post for post, _ in bench.ask("boats on the island?").ranking]
    assert sorted(found) == sorted(post.id for post in posts if post.text)


def test_it_finds_what_an_archive_finds_with_the_same_confidence(harbour: Judged, tmp_path: Path) -> None:
    with Store.open(tmp_path / "archive.db") as store:
        threads = [
            Thread(tuple(Post(post.ordinal, post.text, source_id=post.source_id) for post in thread.posts))
            for thread in threads_of(harbour)
        ]
        store.save(threads, store.collection("main"), Source("f", "0", "t"), DAY)
    bench = Bench.build(harbour)
    with Archive.open(tmp_path / "archive.db") as archive:
        for question in harbour.questions.values():
            answer = archive.ask(question, archive.catalog.scope(), limit=3)
            result = bench.ask(question)
            assert answer.verdict is result.verdict
            assert answer.confidence == result.confidence
            quoted = [(excerpt.post.source_id, excerpt.score) for excerpt in answer.excerpts]
            assert quoted == list(result.ranking[: len(quoted)])


def test_without_correction_a_misspelt_word_is_not_understood(harbour: Judged) -> None:
    bench = Bench.build(harbour)
    asked = "lighthuose"
    assert bench.ask(asked).ranking[0][0] == "light-1"
    assert not bench.uncorrected()(asked).ranking


def test_the_language_chooses_the_analyzer(harbour: Judged) -> None:
    assert Bench.build(harbour, "de").analyzer.language == "de"
