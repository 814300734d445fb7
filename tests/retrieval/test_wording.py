import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.wording import agree, beginning, covers, telling, wording

LONG = "The ferry crosses at dawn, because the current is calm then and the wind still sleeps"


@given(st.text())
@example("…")
@example("1/ https://t.co/ /1")
def test_every_text_has_a_wording_that_agrees_with_itself(text: str) -> None:
    said = wording(text)
    assert said == wording(text)
    links = [link for link in said.addresses if link.startswith(("t.co/", "pic."))]
    assert agree(said, said) or links
    assert not any(character.isspace() for character in said.plain)


@given(st.text(), st.text())
def test_agreeing_is_mutual(one: str, two: str) -> None:
    assert agree(wording(one), wording(two)) == agree(wording(two), wording(one))


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
    assert agree(wording(text), wording(LONG))


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
def test_different_posts_are_told_apart(one: str, two: str) -> None:
    assert not agree(wording(one), wording(two))


def test_links_agree_when_one_form_shortens_what_another_shows() -> None:
    whole = wording(f"{LONG}: https://www.example.org/harbour/ferry.")
    assert agree(whole, wording(f"{LONG}: example.org/harb…"))
    assert agree(whole, wording(f"{LONG}: https://t.co/q1"))
    assert agree(whole, wording(f"{LONG}: http://example.org/harbour/ferry https://t.co/picture"))
    assert not agree(whole, wording(f"{LONG}: example.org/mount…"))


def test_only_a_cut_text_is_covered_by_more() -> None:
    cut, full = wording(f"{LONG[:60]}…"), wording(LONG)
    assert covers(full, cut)
    assert not covers(cut, full)


def test_a_short_wording_is_not_telling() -> None:
    assert telling(wording(LONG))
    assert not telling(wording("Good morning!"))


def test_a_beginning_is_the_same_in_every_form_and_none_where_it_says_too_little() -> None:
    assert beginning([f"1/ {LONG}"]) == beginning([f"{LONG[:50]}… https://t.co/a"]) is not None
    assert beginning(["A thread: 1/", LONG]) == beginning(["A thread:", f"{LONG} 2/2"])
    assert beginning(["Yes."]) is None


@pytest.mark.parametrize("part", ["-", "a.", "1/", "…", "https://", "(", " ", "x.y/"])
def test_hostile_texts_cost_no_time(part: str) -> None:
    started = time.perf_counter()
    for text in (part * (49_999 // len(part)), part * 200_000):
        wording(text)
    assert time.perf_counter() - started < 2
