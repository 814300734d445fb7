"""Threads in ten languages, asked in them: three threads each, as three saved files."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from retrieval.analysis.language_detection import detect_language
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.model import Answer, Verdict

FILES = {path.stem: path for path in sorted((Path(__file__).parent / "corpora").glob("*.toml"))}
CORPORA: dict[str, dict[str, Any]] = {
    language: tomllib.loads(path.read_text(encoding="utf-8")) for language, path in FILES.items()
}


def asked(kind: str) -> list[Any]:
    return [
        pytest.param(language, question, corpus["threads"][thread], post, id=f"{language}-{question}")
        for language, corpus in CORPORA.items()
        for question, thread, post in corpus.get(kind, [])
    ]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Archive]]:
    opened: dict[str, Archive] = {}
    for language in CORPORA:
        opened[language] = Archive.open(tmp_path_factory.mktemp(language) / "archive.db")
        fill(opened[language], language, said=language)
    yield opened
    for archive in opened.values():
        archive.close()


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("everything") / "archive.db") as archive:
        for language in CORPORA:
            # Nobody says which language it is; the archive finds out.
            fill(archive, language, said=None)
        assert {one.name: one.language for one in archive.catalog.collections()} == {
            one: one for one in CORPORA
        }
        yield archive


def fill(archive: Archive, language: str, *, said: str | None) -> None:
    """Import the threads of a language into a collection of its name."""
    for number, posts in enumerate(CORPORA[language]["threads"]):
        rest = (f"/{place}\n{post}\n" for place, post in enumerate(posts[1:], start=1))
        text = f"{posts[0]}\n{''.join(rest)}/END\n"
        file = SavedFile(f"{number}.txt", text.encode())
        report = archive.import_file(file, collection=language, language=said)
        assert report.error is None
        assert report.posts.new == len(posts)


def ask(archive: Archive, question: str) -> Answer:
    return archive.ask(question, archive.catalog.scope())


@pytest.mark.parametrize(("language", "question", "thread", "post"), asked("questions"))
def test_a_question_finds_its_post_first(
    archives: dict[str, Archive], language: str, question: str, thread: list[str], post: int
) -> None:
    answer = ask(archives[language], question)
    assert answer.verdict is not Verdict.NOTHING, f"confidence {answer.confidence:.2f}"
    assert answer.excerpts[0].quote == thread[post]


def test_most_questions_are_answered_for_certain(archives: dict[str, Archive]) -> None:
    # The rest are shown as closest, since the corpora are some thirty posts and say most words once.
    questions = [parameter.values[:2] for parameter in asked("questions")]
    verdicts = [ask(archives[language], question).verdict for language, question in questions]
    assert verdicts.count(Verdict.ANSWER) >= 0.78 * len(verdicts)


@pytest.mark.parametrize(("language", "question", "thread", "post"), asked("hesitant"))
def test_a_question_half_answered_finds_its_thread_first(
    archives: dict[str, Archive], language: str, question: str, thread: list[str], post: int
) -> None:
    answer = ask(archives[language], question)
    if answer.answered:
        assert answer.excerpts[0].quote == thread[post]
    elif answer.excerpts:
        assert answer.excerpts[0].thread.opening.startswith(thread[0][:20])


@pytest.mark.parametrize(("language", "question", "thread", "post"), asked("questions"))
def test_a_question_finds_its_post_among_those_of_every_language(
    everything: Archive, language: str, question: str, thread: list[str], post: int
) -> None:
    # The corpora are alike, and Chinese and Japanese share characters: a translation is right, too.
    number = CORPORA[language]["threads"].index(thread)
    translations = {corpus["threads"][number][post] for corpus in CORPORA.values()}
    answer = ask(everything, question)
    assert answer.verdict is not Verdict.NOTHING, f"confidence {answer.confidence:.2f}"
    assert answer.excerpts[0].quote in translations


@pytest.mark.parametrize("language", CORPORA)
def test_a_question_about_something_else_finds_nothing(archives: dict[str, Archive], language: str) -> None:
    answer = ask(archives[language], CORPORA[language]["off_topic"])
    assert not answer.answered, f"confidence {answer.confidence:.2f}"


@pytest.mark.parametrize("language", CORPORA)
def test_every_post_finds_itself(archives: dict[str, Archive], language: str) -> None:
    for posts in CORPORA[language]["threads"]:
        for post in posts:
            answer = ask(archives[language], post)
            assert answer.answered
            assert answer.excerpts[0].quote == post


@pytest.mark.parametrize("language", CORPORA)
def test_highlights_are_in_order_and_apart(archives: dict[str, Archive], language: str) -> None:
    for question, *_ in CORPORA[language]["questions"]:
        for excerpt in ask(archives[language], question).excerpts:
            last = -1
            for start, end in excerpt.highlights:
                assert last < start < end <= len(excerpt.quote)
                last = end


@pytest.mark.parametrize(
    ("language", "question", "highlights"),
    [
        ("ja", "銀行と交渉しましたか", ["銀行", "交渉"]),
        ("ja", "アーチを修理するといくらかかりますか？", ["アーチ", "修理"]),
        ("zh", "谁收集了签名？", ["收集", "签名"]),
        ("th", "การเจรจากับธนาคาร", ["เจรจา", "ธนาคาร"]),
        ("fr", "Qui a recueilli des signatures à l'école ?", ["école", "recueilli", "signatures"]),
        ("de", "Schreibweise von Strassennamen", ["Schreibweise", "Straßennamen"]),
    ],
)
def test_highlights_are_the_words_asked_for(
    archives: dict[str, Archive], language: str, question: str, highlights: list[str]
) -> None:
    first = ask(archives[language], question).excerpts[0]
    assert [first.quote[start:end] for start, end in first.highlights] == highlights


@pytest.mark.parametrize("language", CORPORA)
def test_one_thread_tells_its_language(language: str) -> None:
    assert [detect_language(posts) for posts in CORPORA[language]["threads"]] == [language] * 3
