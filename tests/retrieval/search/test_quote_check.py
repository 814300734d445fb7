"""Quotations held against an archive: exact, the same, altered, absent, short, and by whom."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrieval.archive import Archive
from retrieval.model import Post, QuoteCheck, QuoteResult, Thread
from retrieval.search.quote_check import MAX_QUOTE_LENGTH, same_author, split_attribution
from retrieval.search.quote_text import denies
from retrieval.storage.store import Source, Store
from tests.benchmarks.quotes import checked, fill, made_quotes
from tests.shared import SHARED, needs_shared

LIGHTHOUSE = (
    "We walked to the old lighthouse at dawn — nobody was there.",
    "The keeper hadn’t left a note, and the door was open. See https://www.example.com/light/house/2024",
    "In the end we did not climb it because the stairs were rotten.",
)
LETTERS = (
    "The keeper of the harbour wrote 1,500 letters to the ministry.",
    "None of them was ever answered by the people in charge.",
)
TOWER = ("Am Ende haben wir den Turm nicht bestiegen, weil die Treppe morsch war.",)
BRIDGE = ("Ми так і не перейшли старий міст, бо дошки давно прогнили.",)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def thread(texts: tuple[str, ...], author: str | None, number: int, day: int = 1) -> Thread:
    posts = tuple(
        Post(place, text, posted_at=datetime(2025, 1, day, place, tzinfo=UTC))
        for place, text in enumerate(texts, 1)
    )
    return Thread(posts, author=author, id=f"{number:012d}")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("quotes") / "archive.db"
    with Store.open(path) as store:
        store.save(
            [thread(LIGHTHOUSE, "@ada", 1), thread(LETTERS, "Bob Stone (@bob)", 2)],
            store.collection("main"),
            Source("a", "a", "a"),
            NOW,
        )
        for language, texts in (("de", TOWER), ("uk", BRIDGE)):
            collection = store.collection(language, language=language)
            store.save([thread(texts, "@ada", 3)], collection, Source(language, language, language), NOW)
        private = store.collection("private", server_id=7)
        store.save(
            [thread(("The secret meeting is at the northern gate at noon.",), "@spy", 4)],
            private,
            Source("p", "p", "p"),
            NOW,
        )
    with Archive.open(path) as opened:
        opened.refresh()
        yield opened


def check(archive: Archive, quote: str, author: str | None = None) -> QuoteCheck:
    return archive.answers.check_quote(quote, archive.catalog.scope(), author=author)


@pytest.mark.parametrize(
    ("quote", "result"),
    [
        (LIGHTHOUSE[2], "exact"),
        ("We walked to the old lighthouse at dawn", "exact"),
        ("> We walked to the old lighthouse at dawn", "exact"),
        ("WE WALKED TO THE OLD LIGHTHOUSE AT DAWN - NOBODY WAS THERE", "same"),
        ("The keeper hadn't left a note, and the door was open", "same"),
        ("the door was open. See example.com/light/ho…", "same"),
        ("nobody was there. The keeper hadn’t left a note", "exact"),
        ("nobody was there.\n\nThe keeper hadn’t left a note", "exact"),
        ("We walked to the old lighthouse … the door was open", "exact"),
        ("We walked to the old lighthouse [...] because the stairs were rotten.", "exact"),
        ("because the stairs were rotten … we walked to the old lighthouse", "altered"),
        ("In the end we did climb it because the stairs were rotten.", "altered"),
        ("The keeper had left a note, and the door was open.", "altered"),
        ("The keeper hadn’t left a note, and the door was not open.", "altered"),
        ("In the end we did not climb it because the steps were rotten.", "altered"),
        ("The keeper of the harbour wrote 500 letters to the ministry", "altered"),
        ("the door was open. See example.com/dark/house", "altered"),
        (f"{LIGHTHOUSE[0]} … {LETTERS[1]}", "altered"),
        (f"{LIGHTHOUSE[0]} {LETTERS[1]}", "altered"),
        ("Am Ende haben wir den Turm bestiegen, weil die Treppe morsch war.", "altered"),
        ("Am Ende haben wir den Turm nicht bestiegen", "exact"),
        ("Ми перейшли старий міст, бо дошки давно прогнили.", "altered"),
        ("старий міст, бо дошки не давно прогнили", "altered"),
        ("ми так і не перейшли СТАРИЙ міст", "same"),
        ("An entirely different text which others never wrote down", "absent"),
        ("The secret meeting is at the northern gate at noon.", "absent"),
        ("the old lighthouse", "short"),
        ("we walked … nobody was there", "short"),
        ("", "short"),
        ("?!", "short"),
    ],
)
def test_each_quotation_is_called_what_it_is(archive: Archive, quote: str, result: str) -> None:
    assert check(archive, quote).result == result


def test_what_differs_is_shown_word_by_word_beside_the_nearest_post(archive: Archive) -> None:
    (part,) = check(archive, "In the end we did climb it because the steps were rotten.").parts
    assert [pair for pair in part.difference if pair[0] != pair[1]] == [("", "not"), ("steps", "stairs")]
    (excerpt,) = part.excerpts
    assert excerpt.quote == LIGHTHOUSE[2]
    (part,) = check(archive, "in the end we did climb it because the stairs were rotten.").parts
    assert [pair for pair in part.difference if pair[0] != pair[1]] == [("in", "In"), ("", "not")]
    (part,) = check(archive, "The keeper of the harbour wrote 500 letters to the ministry").parts
    assert ("500", "1,500") in part.difference


def test_each_part_leads_to_its_own_post(archive: Archive) -> None:
    run = check(archive, "nobody was there. The keeper hadn’t left a note")
    assert [one.quote for one in run.parts[0].excerpts] == [
        "nobody was there.",
        "The keeper hadn’t left a note",
    ]
    apart = check(archive, "We walked to the old lighthouse … because the stairs were rotten.")
    assert [part.excerpts[0].post.ordinal for part in apart.parts] == [1, 3]
    strangers = check(archive, f"{LIGHTHOUSE[0]} … {LETTERS[1]}")
    assert not strangers.together
    assert [part.result for part in strangers.parts] == [QuoteResult.EXACT] * 2


@pytest.mark.parametrize(
    ("quote", "author", "matches"),
    [
        (LETTERS[0], None, None),
        (LETTERS[0], "bob", True),
        (LETTERS[0], "@BOB", True),
        (LETTERS[0], "bob stone", True),
        (LETTERS[0], "Stone", None),
        (LETTERS[0], "Ada", False),
        (f"“{LETTERS[0]}” — Bob Stone", None, True),
        (f"“{LETTERS[0]}” (@ada)", None, False),
        ("The keeper of the harbour wrote 500 letters to the ministry", "@bob", True),
        ("An entirely different text which others never wrote down", "@bob", None),
        ("too short", "@bob", None),
        (f"{LIGHTHOUSE[0]} … {LETTERS[1]}", "@bob", False),
    ],
)
def test_a_claimed_author_is_a_result_of_its_own(
    archive: Archive, quote: str, author: str | None, *, matches: bool | None
) -> None:
    assert check(archive, quote, author).author_matches is matches


def test_an_author_is_known_by_name_and_handle() -> None:
    assert same_author("Ada Lovelace", "AdaLovelace")
    assert same_author("@ada", "Ada (@ada)")
    assert same_author("Ada", "Ada Lovelace") is None
    assert same_author("Ada", "Bob") is False
    assert same_author("Ada", None) is None
    assert split_attribution("“So it is.” — Ada Lovelace") == ("“So it is.”", "Ada Lovelace")
    for whole in (
        "He wrote “So it is” (in a letter of May).",
        "“So it is” (he did not say)",
        "“So it is” and “so it was” — Ada",
    ):
        assert split_attribution(whole) == (whole, None)
    assert split_attribution("So it is — as ever") == ("So it is — as ever", None)


def test_a_quotation_that_is_too_long_is_refused(archive: Archive) -> None:
    with pytest.raises(ValueError, match="4000 characters"):
        check(archive, "word " * MAX_QUOTE_LENGTH)


@given(quote=st.text(max_size=300))
def test_no_text_is_an_error(archive: Archive, quote: str) -> None:
    found = check(archive, quote)
    assert found.result in {QuoteResult.SHORT, QuoteResult.ABSENT, QuoteResult.ALTERED}


@given(data=st.data())
def test_every_slice_of_whole_words_is_exact_and_verbatim(archive: Archive, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([*LIGHTHOUSE, *LETTERS, *TOWER, *BRIDGE]))
    words = text.split(" ")
    start = data.draw(st.integers(0, len(words) - 5))
    # What a word right before it denies is quoted as its opposite.
    assume(start == 0 or not denies(words[start - 1]))
    quote = " ".join(words[start : data.draw(st.integers(start + 5, len(words)))])
    found = check(archive, quote)
    assert found.result in {QuoteResult.EXACT, QuoteResult.SHORT}
    for part in found.parts:
        assert "".join(one.quote for one in part.excerpts) == part.text


@needs_shared
@pytest.mark.slow
def test_quotations_made_from_the_collections_are_called_rightly(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    fill(path, SHARED / "collections")
    with Archive.open(path) as opened:
        opened.refresh()
        quotes = list(made_quotes(SHARED / "collections", 300, seed=3))
        outcome = checked(opened, opened.catalog.scope(), quotes)
    assert outcome.passed == []
    assert outcome.share >= 0.99
