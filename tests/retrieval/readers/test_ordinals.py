"""Numbers of posts whose bounds are certain."""

from retrieval.readers.ordinals import NumberedPost, number_posts, numbering_gaps


def numbers(*texts: str) -> list[int | None]:
    return [post.number for post in number_posts(texts)]


def test_numbers_in_any_style_that_run_along_with_the_posts_are_a_sequence() -> None:
    assert numbers("1/ One.", "Two.\n\n2/", "Three. 3/", "4) Four.") == [1, 2, 3, 4]
    assert numbers("An opening.", "1. One.", "2. Two.", "3. Three.") == [None, 1, 2, 3]


def test_what_only_looks_like_a_number_is_text() -> None:
    assert numbers("Open 24/7", "9/11 changed it", "The odds: 50/50", "1/2 of it") == [None] * 4
    assert numbers("One:\n1. Thread\n2. Pins\n3. Time\nThat is all.", "Two.") == [None, None]


def test_what_the_page_takes_for_numbers_counts_from_two_on() -> None:
    texts = ("1/ One.", "Two. 2/")
    assert [post.number for post in number_posts(texts)] == [None, None]
    assert [post.number for post in number_posts(texts, [{"1/"}, {"2/"}])] == [1, 2]


def test_a_marker_on_its_own_line_is_no_text_but_a_post_of_nothing_else_keeps_it() -> None:
    found = number_posts(["One.\n/1", "Two.\n\n/2", "/3"])
    assert [post.text for post in found] == ["One.", "Two.", "/3"]
    assert [post.marker for post in found] == ["/1", "/2", "/3"]


def test_an_end_has_the_next_number() -> None:
    assert [(post.number, post.end) for post in number_posts(["One.\n/1", "Two.\n/END"])] == [
        (1, False),
        (2, True),
    ]


def test_gaps_are_reported() -> None:
    assert numbering_gaps([NumberedPost("a", 1), NumberedPost("b", 2)]) == []
    assert numbering_gaps([NumberedPost("a", 1), NumberedPost("b"), NumberedPost("c", 3)]) == []
    assert numbering_gaps([NumberedPost("a", 2)]) == ["post 1: number 2 after 0; 1 post is missing before it"]
    assert numbering_gaps([NumberedPost("a", 1), NumberedPost("b", 1)]) == [
        "post 2: number 1 follows 1; kept as it stands"
    ]
    assert numbering_gaps([NumberedPost("a", 1, 5)]) == ["the thread ends at 1 of 5; the rest is missing"]
