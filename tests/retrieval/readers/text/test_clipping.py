"""Markdown clippings: posts by blank lines, their words kept, and what is Markdown's own taken off."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import ReadError, RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.model import Completeness
from retrieval.readers.registry import read
from retrieval.readers.text import clipping, unrolled_text
from tests.retrieval.readers.pages import PLAIN, numbers, texts

SAMPLES = Path(__file__).parents[1] / "samples"
FRONT = "---\ntitle: On lace\n---\n"
SIGNED = "---\ntitle: On lace\nauthor: Ada Quill\n---\n"


def sample(name: str) -> Reading:
    return clipping.read(SavedFile(name, (SAMPLES / name).read_bytes()))


def posts(body: str) -> list[str]:
    return texts(clipping.read(SavedFile("a.md", f"{FRONT}{body}".encode())).threads[0])


def test_a_clipping_is_one_thread_with_its_paragraphs_and_its_previews() -> None:
    thread, *previews = sample("clipping.md").threads
    assert texts(thread) == [
        (
            "Everybody asks how a pillow for bobbin lace is stuffed.\n\n"
            "It starts with sawdust, a lot of it. Ask @benbodkin about straw."
        ),
        (
            "1/ The cover is wool: https://lace.example/pillows/how-pins-hold\n"
            "[image: https://pbs.example/media/wool.jpg]"
        ),
        (
            "2/ Wool is _not_ felt. I said so in CLOTH.md years ago.\n"
            "[image: A bent pin, from the side]\n[link: http://cloth.example/]"
        ),
        (
            "3/ One example:\n1. Stuff it tight.\n\n2. Turn it once a year.\n"
            "[video: https://video.example/a.mp4]\n[image: https://pbs.example/media/turned.jpg]"
        ),
        "That is all. P.S. Straw is for horses.",
    ]
    assert numbers(thread) == [None, 1, 2, 3, None]
    assert [preview.completeness for preview in previews] == [Completeness.PREVIEW] * 2
    assert texts(previews[1])[-1].startswith("1) Nobody knows.")


def test_the_front_matter_says_author_and_source_and_a_made_up_title_is_none() -> None:
    thread = sample("clipping.md").threads[0]
    assert (thread.author, thread.title) == ("@adaquill", None)
    assert thread.url == "https://threadreaderapp.com/thread/1748300000000000002.html?utm_campaign=topunroll"
    notes = sample("notes.md").threads[0]
    assert (notes.author, notes.title) == ("Salt Hand", "On the cat of the lighthouse")
    assert notes.posted_at == datetime(2022, 11, 3, tzinfo=UTC)


def test_boxes_of_linked_pages_are_left_out_and_counted() -> None:
    reasons = {gone.why for gone in sample("clipping.md").left_out}
    assert "preview of a linked page (its address is kept)" in reasons
    assert not any("A page about pins" in text for text in texts(sample("clipping.md").threads[0]))


def test_lines_drawn_part_posts_and_headings_may_number_them() -> None:
    read = sample("notes.md")
    assert texts(read.threads[0]) == [
        "The cat came with the lamp oil.\n\nIt has never left.\n[link: https://salt.example/cat/never]",
        (
            "The second keeper wrote:\n\n> She owns the stairs, we only climb them.\n"
            "[image: The cat on the gallery]"
        ),
        "She was **not** a good mouser.",
    ]
    assert numbers(read.threads[0]) == [1, 2, 3]
    assert LeftOut("line drawn between posts", 1, (14, 14)) in read.left_out


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("[a](https://b.example/c) word", "a word\n[link: https://b.example/c]"),
        ("[b.example/lo…](https://b.example/long)", "https://b.example/long"),
        ("[b.example](https://b.example/)", "b.example"),
        ("<https://b.example/>", "https://b.example/"),
        ("[@quill](https://x.com/quill) said", "@quill said"),
        ("![A cat](https://b.example/c.png)", "[image: A cat]"),
        ("![Image](https://b.example/c.png) x", "x\n[image: https://b.example/c.png]"),
        ("[x](https://b.example/a_(b)) y", "x y\n[link: https://b.example/a_(b)]"),
        ('[x](https://b.example/a "its title") y', "x y\n[link: https://b.example/a]"),
        ("1\\. one\\_two \\[three\\]", "1. one_two [three]"),
        ("see [this", "see [this"),
        ("f(x)[0](y", "f(x)[0](y"),
        ("> quoted", "quoted"),
        ("# not a title", "not a title"),
        ("#hashtag", "#hashtag"),
        ("**bold** and _thin_ `code`", "**bold** and _thin_ `code`"),
    ],
)
def test_markdown_is_made_plain_and_words_stay(line: str, text: str) -> None:
    assert posts(line) == [text]


def test_a_quotation_around_everything_goes_and_one_inside_a_post_stays() -> None:
    assert posts("> One.\n>\n> Two.\n") == ["One.", "Two."]
    assert posts("One.\n\nHe said:\n> No.\n") == ["One.", "He said:\n> No."]


def test_a_heading_above_everything_is_the_title() -> None:
    read = clipping.read(SavedFile("a.md", b"# On *salt*\n\nOne. [x](https://a.example)\n\nTwo.\n"))
    assert read.threads[0].title == "On *salt*"
    assert read.left_out == (LeftOut("heading (the thread's title)", 1, (1, 1)),)


def test_a_picture_alone_belongs_to_the_post_above() -> None:
    assert posts("One.\n\n![Image](https://a.example/i)\n\nTwo.\n") == [
        "One.\n[image: https://a.example/i]",
        "Two.",
    ]


@pytest.mark.parametrize(
    ("content", "sure"),
    [
        (f"{SIGNED}One. [a](https://b.example)\n".encode(), 0.95),
        (f"{SIGNED}One.  \n  \nStill one.\n\nTwo.\n".encode(), 0.95),
        (b"1/ One. [a](https://b.example)\n\n2/ Two.\n", 0.95),
        (f"{FRONT}One. [a](https://b.example)\n".encode(), 0.0),
        (b"One. [a](https://b.example)\n", 0.0),
        (f"{SIGNED}{PLAIN}".encode(), 0.0),
        (PLAIN.encode(), 0.0),
        (b'{"a": "[b](https://c.example)"}', 0.0),
        (b"<div>[a](https://b.example)</div>", 0.0),
        (b"", 0.0),
        (b"\xff\xfe\x00", 0.0),
    ],
)
def test_the_form_is_recognised_by_its_content(content: bytes, sure: float) -> None:
    assert clipping.recognise(SavedFile("a.txt", content)) == sure


def test_plain_text_with_front_matter_is_read_as_text() -> None:
    assert read(SavedFile("a.md", f"{SIGNED}{PLAIN}".encode())).form == unrolled_text.FORM
    assert read(SavedFile("a.txt", (SAMPLES / "clipping.md").read_bytes())).form == clipping.FORM


def test_a_file_without_text_is_rejected() -> None:
    with pytest.raises(RejectedError, match="holds no text"):
        clipping.read(SavedFile("a.md", b"\n"))


PIECES = st.sampled_from(
    [
        *["One.", "Two words", "", "  ", "x  ", "---", "***", "# Head", "## 2/3", "> said", "1/ a", "/2"],
        *["[a](https://b.example)", "![a](https://b.example)", "[![a](https://b)](https://c)", "[[a](", "\\"],
        *[
            "[**a** b](https://c.example)",
            "<video>",
            "</video>",
            "• • •",
            "Missing some Tweet in this thread?",
        ],
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=20).map("\n".join))
def test_no_line_is_lost_or_used_twice(body: str) -> None:
    lines = f"{FRONT}{body}".split("\n")
    try:
        made = clipping.read(SavedFile("a.md", "\n".join(lines).encode()))
    except ReadError:
        return
    owners = dict.fromkeys(range(1, len(lines) + 1), 0)
    for thread in made.threads:
        for post in thread.posts:
            assert post.text.strip()
            assert post.lines is not None
            for line in range(post.lines[0], post.lines[1] + 1):
                owners[line] += 1
    for gone in made.left_out:
        assert gone.lines is not None
        for line in range(gone.lines[0], gone.lines[1] + 1):
            owners[line] += not owners[line]
    assert all(times == 1 or not lines[line - 1].strip() for line, times in owners.items()), owners
