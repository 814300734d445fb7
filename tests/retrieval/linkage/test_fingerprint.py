import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.linkage.fingerprint import (
    Fingerprint,
    beginning_hash,
    covers,
    distinguishing_lines,
    fingerprint_of,
    is_distinctive,
    may_be_same,
)
from tests.growth import MOST, growth, repeated

LONG = "The ferry crosses at dawn, because the current is calm then and the wind still sleeps"


@given(st.text())
@example("…")
@example("1/ https://t.co/ /1")
def test_every_text_has_a_wording_that_agrees_with_itself(text: str) -> None:
    said = fingerprint_of(text)
    assert said == fingerprint_of(text)
    links = [link for link in said.addresses if link.startswith(("t.co/", "pic."))]
    assert may_be_same(said, said) or links
    assert not any(character.isspace() for character in said.plain)


@given(st.text(), st.text())
def test_agreeing_is_mutual(one: str, two: str) -> None:
    assert may_be_same(fingerprint_of(one), fingerprint_of(two)) == may_be_same(
        fingerprint_of(two), fingerprint_of(one)
    )


@pytest.mark.parametrize(
    "text",
    [
        f"1/ {LONG}",
        f"{LONG} 1/12",
        f"{LONG}\n/1",
        f"(1 / 12) {LONG}",
        f"{LONG} [1/12]",
        f"↓ 1/14 {LONG}",
        f"1) {LONG}",
        f"{LONG.upper()}!!",
        f"{LONG} https://t.co/abc",
        f"{LONG} pic.twitter.com/abc",
        f"{LONG[:60]}… https://t.co/abc",
        f"{LONG[:60]}...",
    ],
)
def test_a_post_is_known_however_a_form_writes_it(text: str) -> None:
    assert may_be_same(fingerprint_of(text), fingerprint_of(LONG))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (f"1/ {LONG}", f"2/ {LONG}"),
        (f"{LONG} https://example.org/a", f"{LONG} https://example.org/b"),
        (f"{LONG} https://t.co/a", f"{LONG} https://t.co/b"),
        (f"{LONG} 9/11", f"{LONG} 24/7"),
        (LONG, f"{LONG} and more"),
        ("Yes.", "Yes!"),
        ("🧵", "🔥"),
        ("And then…", "And then we left."),
        (f"{LONG} on day 1", f"{LONG} on day 2"),
    ],
)
def test_different_posts_are_distinguished(one: str, two: str) -> None:
    assert not may_be_same(fingerprint_of(one), fingerprint_of(two))


def test_links_agree_when_one_form_shortens_what_another_shows() -> None:
    whole = fingerprint_of(f"{LONG}: https://www.example.org/harbour/ferry.")
    assert may_be_same(whole, fingerprint_of(f"{LONG}: example.org/harb…"))
    assert may_be_same(whole, fingerprint_of(f"{LONG}: https://t.co/q1"))
    assert may_be_same(
        whole, fingerprint_of(f"{LONG}: http://example.org/harbour/ferry https://t.co/picture")
    )
    assert not may_be_same(whole, fingerprint_of(f"{LONG}: example.org/mount…"))


def test_only_a_cut_text_is_covered_by_more() -> None:
    cut, full = fingerprint_of(f"{LONG[:60]}…"), fingerprint_of(LONG)
    assert covers(full, cut)
    assert not covers(cut, full)


def test_a_short_wording_is_not_telling() -> None:
    assert is_distinctive(fingerprint_of(LONG))
    assert not is_distinctive(fingerprint_of("Good morning!"))


def test_a_beginning_is_the_same_in_every_form_and_none_where_it_says_too_little() -> None:
    assert beginning_hash([f"1/ {LONG}"]) == beginning_hash([f"{LONG[:50]}… https://t.co/a"]) is not None
    assert beginning_hash(["A thread: 1/", LONG]) == beginning_hash(["A thread:", f"{LONG} 2/2"]) is not None
    assert beginning_hash(["Yes."]) is None
    assert beginning_hash(["A thr… https://t.co/a", LONG]) is None


@pytest.mark.parametrize("part", ["-", "a.", "1/", "…", "https://", "(", " ", "x.y/"])
def test_hostile_texts_cost_no_time(part: str) -> None:
    assert growth(fingerprint_of, repeated(part)) <= MOST
    fingerprint_of(part * 200_000)


@given(
    st.lists(st.lists(st.sampled_from(["a\nb", "b", "c\n\nd", "", "e "]), max_size=4), min_size=2, max_size=5)
)
def test_a_distinguishing_line_is_one_of_the_thread_s_and_not_of_all(threads: list[list[str]]) -> None:
    held = [{line.strip() for text in texts for line in text.splitlines()} - {""} for texts in threads]
    for number, line in enumerate(distinguishing_lines(threads)):
        others = [lines for place, lines in enumerate(held) if place != number]
        if line is None:
            assert all(own in lines for own in held[number] for lines in others)
        else:
            assert line in held[number]
            assert any(line not in lines for lines in others)
            if any(all(own not in lines for lines in others) for own in held[number]):
                assert all(line not in lines for lines in others)


def test_a_text_longer_than_any_post_is_compared_as_it_stands() -> None:
    long = "1/ " + "a" * 50_000
    assert fingerprint_of(long) == Fingerprint(long)
    assert fingerprint_of(long[:50_000]) == Fingerprint("a" * 49_997, number=1)


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("example.org/harb…", "https://example.org/harbour", True),
        ("https://example.org/harbour", "example.org/harb…", True),
        ("example.org/harb…", "https://example.org/mountain", False),
        ("example.org/harb…", "example.org/moun…", False),
        ("example.org/harb…", "example.org/harbou…", True),
        ("https://example.org/harb", "https://example.org/harbour", False),
        ("https://t.co/a", "https://t.co/a", True),
        ("https://t.co/a", "https://t.co/b", False),
        ("https://t.co/a", "https://example.org/harbour", True),
        ("", "https://example.org/harbour", True),
        ("https://example.org/a https://example.org/b", "https://example.org/a", False),
        ("https://example.org/a https://t.co/b", "https://example.org/a", True),
        ("https://t.co/b https://example.org/a", "https://example.org/a", False),
    ],
)
def test_links_of_one_wording_may_be_the_same(one: str, two: str, *, same: bool) -> None:
    texts = [fingerprint_of(f"{LONG} {link}".strip()) for link in (one, two)]
    assert may_be_same(*texts) is may_be_same(*reversed(texts)) is same
