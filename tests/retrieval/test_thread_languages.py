"""A language for each thread: collections of several languages are searched as if each were alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.analysis.language_detection import thread_language
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.model import Verdict
from retrieval.search.live_index import Index
from retrieval.storage.store import Store

ENGLISH = [
    "The lighthouse on the small island was built in 1892.",
    "Its keeper climbs two hundred steps every evening, and he never complains.",
    "The glass lens weighs three tonnes and turns on a bath of mercury.",
]
GERMAN = [
    "Wann wurde die Brücke über den Fluss gebaut? Im Jahr 1931, und zwar aus Beton.",
    "Der Zöllner sammelte die Gebühren bis zum Krieg, danach war die Brücke frei.",
    "Heute wird das Geländer alle zehn Jahre neu gestrichen, weil es sonst rostet.",
]
CHINESE = [
    "这座图书馆建于1956年，位于河边的老城区。",
    "馆员每天晚上九点关门，然后检查所有的窗户。",
    "馆里有三万册书，其中一半是孩子们捐赠的。",
]


def saved(name: str, posts: list[str]) -> SavedFile:
    text = "".join(f"{post}\n{at}/{len(posts)}\n\n" for at, post in enumerate(posts, start=1))
    return SavedFile(f"{name}.txt", text.encode())


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("languages") / "archive.db") as archive:
        reports = [
            archive.import_file(saved("en", ENGLISH)),
            archive.import_file(saved("de", GERMAN)),
            archive.import_file(saved("zh", CHINESE)),
        ]
        assert [report.languages for report in reports] == [("en",), ("de",), ("zh",)]
        yield archive


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Who climbs the steps?", ENGLISH[1]),
        ("How much does the glass lens weigh?", ENGLISH[2]),
        ("Wer sammelte Gebühren?", GERMAN[1]),
        ("Warum wird das Geländer gestrichen?", GERMAN[2]),
        ("Wann wurde die Bruecke gebaut?", GERMAN[0]),
        ("图书馆是哪一年建的？", CHINESE[0]),
        ("馆员几点关门？", CHINESE[1]),
    ],
)
def test_a_question_in_each_language_is_answered_in_it(archive: Archive, question: str, quote: str) -> None:
    answer = archive.ask(question, archive.catalog.scope())
    assert answer.verdict is Verdict.ANSWER
    assert answer.excerpts[0].quote == quote
    assert answer.corrected == ()


def test_a_german_question_word_is_no_misspelling_of_another(archive: Archive) -> None:
    answer = archive.ask("wann brücke gebaut", archive.catalog.scope())
    assert "wann" not in dict(answer.corrected)
    assert answer.excerpts[0].quote == GERMAN[0]


def test_the_archive_names_its_languages(archive: Archive) -> None:
    assert archive.languages(archive.catalog.scope()) == {"en": 3, "de": 3, "zh": 3}


def test_languages_are_known_without_an_index(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as fresh:
        fresh.import_file(saved("de", GERMAN), at_once=False)
        assert fresh.languages(fresh.catalog.scope()) == {"de": 3}


def test_highlights_are_those_of_the_threads_language(archive: Archive) -> None:
    scope = archive.catalog.scope()
    (summary,) = [one for one in archive.catalog.threads(scope) if one.opening.startswith("Wann")]
    thread = archive.catalog.thread(summary.id, scope)
    slices = archive.answers.highlights(thread, scope, question="die Geländer der Brücken")
    assert [
        [post.text[start:end] for start, end in marked]
        for post, marked in zip(thread.posts, slices, strict=True)
    ] == [
        ["Brücke"],
        ["Brücke"],
        ["Geländer"],
    ]


@pytest.mark.parametrize(("question", "asked"), [("Где находится библиотека?", "ru"), ("ห้องสมุดอยู่ที่ไหน", "th")])
def test_a_question_in_no_language_of_the_archive_is_told_so(
    archive: Archive, question: str, asked: str
) -> None:
    assert archive.answers.other_language(question, archive.catalog.scope()) == (asked, "de", "en", "zh")


@pytest.mark.parametrize(
    "question", ["Wer sammelte die Gebühren?", "Who climbs the steps?", "图书馆在哪里？"]
)
def test_a_question_in_a_language_of_some_threads_is_not(archive: Archive, question: str) -> None:
    assert archive.answers.other_language(question, archive.catalog.scope()) == ()


def test_segments_of_each_language_are_joined_stored_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.import_file(saved("en", ENGLISH))
    with Store.open(path) as store:
        index = Index(store, tmp_path / "index", few=0)
        index.refresh()
        index.settle()
        index.close()
    with Archive.open(path) as archive:
        for name, posts in (
            ("de", GERMAN),
            ("zh", CHINESE),
            ("more", [f"{post} Really." for post in ENGLISH]),
        ):
            archive.import_file(saved(name, posts))
    with Store.open(path) as store:
        updated = Index(store, tmp_path / "index", few=0)
        updated.refresh()
        updated.settle()
        (number,) = store.states()
        expected = {"en": 6, "de": 3, "zh": 3}
        assert updated.languages(number) == expected
        updated.close()
        again = Index(store, tmp_path / "index", few=0)
        again.refresh()
        assert again.languages(number) == expected
        again.close()


@pytest.mark.parametrize(
    ("text", "likely", "language"),
    [
        ("lol", "de", "de"),
        ("", "uk", "uk"),
        ("Meet 北京大学 today, it is the one by the lake", "en", "en"),
        ("Der Hund und die Katze sind im Haus, weil es seit Tagen regnet.", "en", "de"),
        ("The dog and the cat are in the house because it has been raining for days.", "de", "en"),
        ("Собака і кіт удома, бо вже кілька днів іде дощ, і ніхто не знає, коли він скінчиться.", "ru", "uk"),
        ("Mbwa na paka wako nyumbani kwa sababu mvua inanyesha.", "sw", "sw"),
        ("The dog and the cat are in the house because it has been raining.", "sw", "sw"),
        ("狗和猫都在家里，因为一直在下雨。", "en", "zh"),
        ("犬と猫は家にいます。雨が降っているからです。", "zh", "ja"),
    ],
)
def test_a_thread_has_its_collections_language_unless_its_words_show_another(
    text: str, likely: str, language: str
) -> None:
    assert thread_language([text], likely) == language
