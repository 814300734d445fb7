"""What pages of several sites and years show around a thread, and how its posts are told apart there."""

import pytest

from retrieval.formats.import_types import SavedFile
from retrieval.model import Thread
from retrieval.readers import registry

POSTS = (
    "Tide mills worked twice a day, whatever the weather did.",
    "The pond was filled by the flood and held behind a gate.",
    "At ebb the gate was opened, and the wheel turned for five hours.",
    "So the miller slept in two halves, like the sea.",
)
BODY = "\n\n".join(POSTS)
TALE = (
    "Share this Scrolly Tale with your friends.",
    "A Scrolly Tale is a new way to read Twitter threads with a more visually immersive experience.",
    "Discover more beautiful Scrolly Tales like this.",
)
FOLLOW = "You can follow @mill_nora."
TIP = "Tip: mention @{} on a Twitter thread with the keyword “{}” to get a link to it."


def threads(text: str, name: str = "page.txt") -> tuple[Thread, ...]:
    return tuple(registry.read(SavedFile(name, text.encode())).threads)


@pytest.mark.parametrize(
    ("head", "author"),
    [
        ("Thread by @mill_nora", "@mill_nora"),
        ("Thread by @mill_nora, Tide mills worked twice a day, whatever [...]", "@mill_nora"),
        ("A thread written by @mill_nora", "@mill_nora"),
        ("Thread by @mill_nora\n\nNora Mill\n@mill_nora", "@mill_nora"),
        (
            "A thread written by @mill_nora\nNora Mill @mill_nora Keeper. Mar. 11, 2019 3 min read",
            "@mill_nora",
        ),
        ("Nora Mill Profile picture\nWrites of mills.\n\nDec 18, 2021, 4 tweets", "Nora Mill"),
        ("Nora Mill Profile picture\n18 Dec 2021 • 4 posts", "Nora Mill"),
        ("Profile picture\nNora Mill @mill_nora, 4 tweets, 1 min read", "@mill_nora"),
        (
            "Profile picture\nNora Mill @mill_nora, 18 Dec 21, 4 tweets, 1 min read Read on Twitter",
            "@mill_nora",
        ),
    ],
)
@pytest.mark.parametrize(
    "foot",
    [
        "\n".join(TALE),
        "\n\n".join(TALE),
        " ".join(TALE),
        f"{FOLLOW}\n\n____\n{TIP.format('twtextapp', 'unroll')}\n\nLatest Threads Unrolled:",
        f"{FOLLOW}\nShare this threadBookmark\n{TIP.format('me', 'compile')}\n\nEnjoy Threader? Sign up.",
        "This thread is saved with TwText.com",
    ],
)
def test_head_and_foot_of_any_site_are_no_posts(head: str, author: str, foot: str) -> None:
    for between in ("\n", "\n\n"):
        (thread,) = threads(f"{head}{between}{BODY}\n\n{foot}\n")
        assert (thread.author, tuple(post.text for post in thread.posts)) == (author, POSTS)


@pytest.mark.parametrize(
    "post",
    [
        "You can follow @mill_nora. She has more mills.",
        "A scrolly tale of the sea, in which the reader gets wet.",
        "Tips: mention the mill when you buy flour.",
        "May 3, 12 posts of oak stood in the pond.",
    ],
)
def test_words_that_are_like_those_of_a_page_stay_in_their_post(post: str) -> None:
    (thread,) = threads(f"{POSTS[0]} 1/3\n\n{post} 2/3\n\n{POSTS[2]} 3/3\n")
    assert [one.text for one in thread.posts] == [f"{POSTS[0]} 1/3", f"{post} 2/3", f"{POSTS[2]} 3/3"]


@pytest.mark.parametrize("count", [5, 9, 13])
def test_paragraphs_of_a_page_that_announces_more_are_told_apart(count: int) -> None:
    head = f"Nora Mill Profile picture\n@mill_nora\nJan 9 • {count} tweets • 1 min read\n"
    (thread,) = threads(f"{head}{BODY}\n\n• • •\n\nMissing some Tweet in this thread?\n")
    assert (thread.completeness, tuple(post.text for post in thread.posts)) == ("fragment", POSTS)


def test_of_two_ways_to_the_announced_number_the_one_that_tears_no_list_is_taken() -> None:
    head = "Nora Mill Profile picture\n@mill_nora\nJan 9, 2023 • 3 tweets • 1 min read\n"
    posts = [
        "Bring to the mill:\n• boots\n• a pencil\n• patience",
        "Do not bring:\n• dogs\n• drones",
        POSTS[3],
    ]
    (thread,) = threads(head + "\n\n".join(posts) + "\n")
    assert (thread.completeness, [post.text for post in thread.posts]) == ("complete", posts)


@pytest.mark.parametrize(
    ("marks", "numbers"),
    [
        (("1/", "2/", "3/", "4/4"), [1, 2, 3, 4]),
        (("1/", "2/", "3/", "9/11"), [1, 2, 3, None]),
        (("(1 of 4)", "(2 of 4)", "(3 of 4)", "(4 of 4)"), [1, 2, 3, 4]),
        (("[1 OF 4]", "[2 OF 4]", "[3 OF 4]", "[4 OF 4]"), [1, 2, 3, 4]),
    ],
)
def test_the_last_number_may_name_the_total_and_a_total_may_follow_of(
    marks: tuple[str, ...], numbers: list[int | None]
) -> None:
    (thread,) = threads("\n\n".join(f"{post} {mark}" for post, mark in zip(POSTS, marks, strict=True)))
    assert [post.number for post in thread.posts] == numbers
