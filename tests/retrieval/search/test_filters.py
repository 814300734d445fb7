"""Filters: equal to a naive one, of the scope alone, and true in what they say where nothing is found."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.archive import Archive
from retrieval.index.postings import Postings
from retrieval.model import Answer, Post, Scope, Thread, Verdict
from retrieval.query_language import Condition, Kind
from retrieval.search.maxscore import select_top
from retrieval.search.ranker import Ranker
from retrieval.storage.store import Source, Store
from tests.retrieval.search.naive_filter import differences, made_archive

NOW = datetime(2025, 6, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SERVER, OTHER = 42, 77


def test_filters_equal_a_naive_one(tmp_path: Path) -> None:
    # 10,000 queries: python -m tests.retrieval.search.naive_filter
    chance = random.Random(7)  # noqa: S311 - made-up posts
    archive = made_archive(tmp_path / "archive.db", chance, threads=40)
    wrong, found = differences(archive, chance, 60)
    archive.store.close()
    assert wrong == []
    assert found > 30


@pytest.mark.parametrize("compiled", [False, True])
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0, 1), n=st.integers(1, 40))
def test_a_mask_leaves_documents_out_and_changes_no_score(
    *, compiled: bool, seed: int, share: float, n: int
) -> None:
    if compiled:
        pytest.importorskip("numba")
    chance = np.random.default_rng(seed)
    sizes = chance.integers(0, 400, 2).tolist()
    common = chance.zipf(1.5, 60)
    words = [f"w{number}" for number in range(60)]
    lists = [
        Postings.build(
            [
                chance.choice(words, chance.integers(0, 12), p=common / common.sum()).tolist()
                for _ in range(size)
            ]
        )
        for size in sizes
    ]
    query = dict(
        zip(chance.choice(words, 4, replace=False).tolist(), chance.uniform(0.1, 2, 4).tolist(), strict=True)
    )
    ranker = Ranker(lists, compiled=compiled)
    allowed = [chance.random(size) < share**3 for size in sizes]
    documents, scores = ranker.rank(query, n, allowed)
    everything = ranker.weigh(query)
    passing = np.flatnonzero(np.concatenate(allowed) & (everything > 0))
    expected, theirs = select_top(passing, everything[passing], n)
    assert documents.tolist() == expected.tolist()
    assert scores.tolist() == theirs.tolist()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return an archive with threads of three authors, one of them in another server's collection."""
    path = tmp_path / "archive.db"
    with Store.open(path) as store:
        for name, server, author, texts in (
            (
                "main",
                None,
                "@ada",
                ["Lace is made by hand on a pillow.", "Bobbins hold the thread of the lace."],
            ),
            (
                "main",
                None,
                "Bob",
                ["A machine makes lace in Nottingham since 1809.", "See https://example.org"],
            ),
            ("letters", None, None, ["Lace of an unknown hand."]),
            ("secret", OTHER, "@eve", ["Lace that no one else may see."]),
        ):
            begun = datetime(2024, 1, 1, tzinfo=UTC) + (DAY * 100 if author == "Bob" else DAY * 0)
            thread = Thread(
                tuple(
                    Post(place, text, posted_at=begun + DAY * place if author else None)
                    for place, text in enumerate(texts, 1)
                ),
                author=author,
            )
            store.save(
                [thread], store.collection(name, server_id=server), Source(name, f"{author}", "x"), NOW
            )
    return Archive.open(path, now=lambda: NOW)


def quotes(answer: Answer) -> list[str]:
    return [excerpt.post.text for excerpt in answer.excerpts]


def test_filters_without_words_list_the_newest_posts_first(archive: Archive) -> None:
    answer = archive.ask("author:bob", archive.catalog.scope())
    assert answer.verdict is Verdict.ANSWER
    assert answer.interpretation.listed
    assert quotes(answer) == ["See https://example.org", "A machine makes lace in Nottingham since 1809."]
    assert quotes(archive.ask("in:letters", archive.catalog.scope())) == ["Lace of an unknown hand."]
    assert quotes(archive.ask("has:link", archive.catalog.scope())) == ["See https://example.org"]


def test_a_post_without_any_word_of_the_question_is_not_returned(archive: Archive) -> None:
    answer = archive.ask("lace author:bob", archive.catalog.scope())
    assert quotes(answer) == ["A machine makes lace in Nottingham since 1809."]


def test_an_undated_post_is_of_no_time(archive: Archive) -> None:
    scope = archive.catalog.scope()
    for asked in ("lace before:3000", "lace after:1000", "lace on:2024"):
        assert "Lace of an unknown hand." not in quotes(archive.ask(asked, scope))
    assert "Lace of an unknown hand." in quotes(archive.ask("lace -on:2024", scope))


def test_where_nothing_is_found_the_answer_says_which_filter_no_post_passes(archive: Archive) -> None:
    scope = archive.catalog.scope()
    unknown = archive.ask("lace author:nobody after:2020", scope)
    assert unknown.verdict is Verdict.NOTHING
    assert [one.expression for one in unknown.interpretation.unmet] == [Condition(Kind.AUTHOR, "nobody")]
    assert unknown.interpretation.passing == 0
    without_words = archive.ask("zeppelin author:ada", scope)
    assert without_words.verdict is Verdict.NOTHING
    assert without_words.interpretation.unmet == ()
    assert without_words.interpretation.passing == 2
    together = archive.ask("lace author:ada author:bob", scope)
    assert (together.verdict, together.interpretation.unmet) == (Verdict.NOTHING, ())
    assert together.interpretation.passing == 0


def test_a_phrase_filters_only_where_some_post_holds_it(archive: Archive) -> None:
    scope = archive.catalog.scope()
    held = archive.ask('"by hand" lace', scope)
    assert quotes(held) == ["Lace is made by hand on a pillow."]
    assert held.interpretation.unheld == ()
    unheld = archive.ask('"hand lace pillow" author:ada', scope)
    assert unheld.interpretation.unheld == ("hand lace pillow",)
    assert [one.expression for one in unheld.interpretation.filters] == [Condition(Kind.AUTHOR, "ada")]
    assert quotes(unheld)[0] == "Lace is made by hand on a pillow."
    plain = archive.ask("hand lace pillow author:ada", scope)
    assert [one.score for one in unheld.excerpts] == [one.score for one in plain.excerpts]


def test_a_filter_changes_no_score(archive: Archive) -> None:
    scope = archive.catalog.scope()
    scores = {one.post.text: one.score for one in archive.ask("lace pillow", scope, limit=10).excerpts}
    for asked in (
        "author:ada",
        "in:main",
        "-machine",
        "after:2023",
        "lang:en",
        "-(author:bob OR in:letters)",
    ):
        for one in archive.ask(f"lace pillow {asked}", scope, limit=10).excerpts:
            assert one.score == scores[one.post.text]


@pytest.mark.parametrize(
    "asked", ["in:secret", "author:eve", "author:@eve lace", "lace in:secret", "lace -in:main -in:letters"]
)
def test_what_the_person_may_not_see_is_as_if_it_were_not_there(archive: Archive, asked: str) -> None:
    missing = asked.replace("secret", "nowhere").replace("eve", "noone")
    for scope in (archive.catalog.scope(), archive.catalog.scope(SERVER)):
        seen, never = archive.ask(asked, scope), archive.ask(missing, scope)
        assert seen.verdict is never.verdict is Verdict.NOTHING
        assert len(seen.interpretation.unmet) == len(never.interpretation.unmet)
        assert seen.interpretation.passing == never.interpretation.passing == 0
    assert quotes(archive.ask(asked, archive.catalog.scope(OTHER))) == ["Lace that no one else may see."]


def test_a_thread_of_another_server_is_not_named_by_its_id_or_title(archive: Archive) -> None:
    everything = Scope(frozenset(one.id for one in archive.catalog.all_collections()))
    hidden = next(one for one in archive.catalog.threads(everything) if one.author == "@eve")
    for typed in (hidden.id, f"{hidden.id}/1", '"Lace that no one else may see."'):
        answer = archive.ask(f"lace thread:{typed}", archive.catalog.scope())
        assert answer.verdict is Verdict.NOTHING
        assert len(answer.interpretation.unmet) == 1
        assert quotes(archive.ask(f"lace thread:{typed}", archive.catalog.scope(OTHER)))


def test_filters_hold_for_posts_that_came_in_later(archive: Archive) -> None:
    scope = archive.catalog.scope()
    assert quotes(archive.ask("author:carl", scope)) == []
    with Store.open(archive._store.path) as store:
        thread = Thread((Post(1, "Lace by Carl, who came later."),), author="Carl")
        store.save([thread], store.collection("main"), Source("late", "late", "x"), NOW)
    archive.refresh()
    assert quotes(archive.ask("author:carl", scope)) == ["Lace by Carl, who came later."]
    archive.forget_author("carl")
    assert quotes(archive.ask("author:carl", scope)) == []
    assert quotes(archive.ask("author:ada lace", scope))
