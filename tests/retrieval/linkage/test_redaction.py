import hashlib
from dataclasses import replace

import pytest
from hypothesis import given

from retrieval.linkage.fingerprint import fingerprint_of
from retrieval.linkage.redaction import (
    author_mark,
    author_marks,
    author_names,
    folded_name,
    masked_file_name,
    names_another,
    without_authors,
)
from retrieval.model import Completeness, Thread, identity
from tests.retrieval.versions import OPENING, said, thread, versions


def by(author: str | None, url: str | None = None) -> Thread:
    return replace(thread(OPENING, "Rain."), author=author, url=url)


@pytest.mark.parametrize(
    ("one", "names"),
    [
        (by("@Ada"), {"ada"}),
        (by(" Ada  Example "), {"ada example"}),
        (by(None), set()),
        (by(None, "https://x.com/Ada/status/1"), {"ada"}),
        (by(None, "https://twitter.com/i/status/1"), set()),
        (by(None, "https://lace.example/@ada/1"), {"ada@lace.example"}),
        (by(None, "https://lace.example/users/ada/statuses/1"), {"ada@lace.example"}),
        (by(None, "https://bsky.app/profile/ada.example/post/3k"), {"ada.example"}),
        (by("Ada Example", "https://x.com/ada/status/1"), {"ada", "ada example"}),
        (by(None, "https://example.org/ada"), set()),
    ],
)
def test_who_a_thread_is_by_stands_in_its_author_or_its_address(one: Thread, names: set[str]) -> None:
    assert author_names(one) == names


def test_a_handle_is_the_same_with_and_without_its_at_and_case() -> None:
    assert folded_name("@ADA") == folded_name(" ada ") == "ada"
    assert names_another(by("@bob"), "ada")
    assert not names_another(by("@Ada"), "ada")
    assert not names_another(by("Ada Example"), "ada")


def test_a_thread_of_a_forgotten_author_is_gone_and_another_stays_itself() -> None:
    gone = {author_mark("ada")}
    assert without_authors(by("@ada"), gone.__contains__) is None
    other = by("@bob")
    assert without_authors(other, gone.__contains__) is other


def test_a_post_of_a_forgotten_author_goes_out_of_a_thread_of_another() -> None:
    mixed = by("@bob")
    mixed = replace(mixed, posts=(mixed.posts[0], replace(mixed.posts[1], author="@ada")))
    left = without_authors(mixed, {author_mark("ada")}.__contains__)
    assert left is not None
    assert (left.length, left.completeness, left.posts[0].text) == (1, Completeness.FRAGMENT, OPENING)


def test_a_thread_that_names_nobody_is_known_by_how_it_begins_or_by_its_ids() -> None:
    marks = author_marks(said((OPENING, "1"), ("Rain.", "2")))
    assert without_authors(thread(f"1/ {OPENING} https://t.co/a", "Other."), marks.__contains__) is None
    assert without_authors(said(("Edited.", "1"), ("Also.", "2")), marks.__contains__) is None
    assert without_authors(by("Ada Example"), marks.__contains__) is None
    assert without_authors(by("@bob"), marks.__contains__) == by("@bob")
    assert author_marks(thread("Good night.")) == frozenset()


def test_the_marks_are_those_that_earlier_releases_stored() -> None:
    one = said((OPENING, "1"), ("Rain.", "2"))
    beginning = hashlib.sha256(fingerprint_of(OPENING).plain[:60].encode()).hexdigest()
    named = {"post 1", "post 2", f"opening {identity([OPENING, 'Rain.'])}", f"beginning {beginning}"}
    assert author_marks(replace(one, id="")) == named
    assert author_mark("ada") == "author ada"


@given(versions())
def test_marks_hold_no_word_of_a_thread(one: Thread) -> None:
    for mark in author_marks(one):
        assert OPENING[:20] not in mark
    assert without_authors(one, lambda _mark: False) is one


def test_a_file_s_name_loses_an_author_s_and_nothing_else() -> None:
    assert (
        masked_file_name("twitter-2022-Ada.zip/data/ada_tweets.js", ["ada"])
        == "twitter-2022-….zip/data/…_tweets.js"
    )
    assert masked_file_name("ada example.txt", ["ada", "ada example"]) == "….txt"
    assert masked_file_name("canada.txt", ["ada"]) == "canada.txt"
    assert masked_file_name("a.txt", [""]) == "a.txt"
    assert masked_file_name("by (ada+b).txt", ["ada+b"]) == "by (…).txt"
