"""Unrolled pages as plain text: every layout and every way to number posts, and nothing lost."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.errors import ReadError, RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.model import Completeness
from retrieval.readers import decoding as border
from retrieval.readers import registry
from retrieval.readers.numbering import accept_markers, find_markers
from retrieval.readers.text import unrolled_text
from retrieval.readers.text.boilerplate import is_page_text
from tests.retrieval.readers.pages import LACE, PLAIN, accounted, mutations, numbers, reading, texts, thread
from tests.shared import SHARED, needs_shared

SAMPLES = Path(__file__).parents[1] / "samples"


def unnumbered(count: int) -> list[str]:
    return [f"This is what post {'abcdefghijkl'[i]} has to say." for i in range(count)]


@needs_shared
def test_the_sample_parses_to_exactly_what_is_expected() -> None:
    path = SHARED / "threads" / "000_0d8d1606e147f10d.txt"
    read = unrolled_text.read(SavedFile(path.name, path.read_bytes()))
    found = [
        {
            "completeness": part.completeness.value,
            "lines": list(part.lines or ()),
            "posts": [
                {
                    "ordinal": post.ordinal,
                    "number": post.number,
                    "marker": post.marker,
                    "lines": list(post.lines or ()),
                    "text": post.text,
                }
                for post in part.posts
            ],
        }
        for part in read.threads
    ]
    assert found == json.loads((SHARED / "threads" / "expected.json").read_text("utf-8"))["threads"]
    assert read.left_out == (LeftOut("page text", 3, (43, 45)),)
    assert len(read.warnings) == 1
    accounted(path.read_text("utf-8"), read)


def test_a_page_is_one_thread_and_its_previews() -> None:
    read = reading(LACE)
    assert [part.completeness for part in read.threads] == ["complete", "preview", "preview"]
    assert [numbers(part) for part in read.threads] == [[1, 2, 3, 4], [1, 2, 3], [2, 3]]
    assert read.threads[0].posts[3].marker == "/END"
    assert (
        read.threads[0]
        .posts[2]
        .text.endswith("_when_ you take them out.\nI learned that from a pillow that fell down the stairs.")
    )
    assert read.left_out == (LeftOut("page text", 3, (11, 13)),)
    accounted(LACE, read)


def test_a_first_post_without_a_number_is_the_first_where_the_second_follows() -> None:
    page = LACE.replace("Mine began with a broken lens.\n/1\n", "Mine began with a broken lens.\n")
    preview = reading(page).threads[1]
    assert numbers(preview) == [1, 2, 3]
    assert preview.posts[0].marker is None
    assert (
        preview.posts[0].text == "A lighthouse keeper's day begins at dusk.\nMine began with a broken lens."
    )


def test_lines_too_long_for_one_post_are_two_where_numbers_are_missing() -> None:
    long = "Salt is the enemy, and it eats brass first, then glass, then sleep. " * 3
    page = LACE + f"{long.strip()}\n{long.strip()}\n/3\n"
    preview = reading(page).threads[-1]
    assert numbers(preview) == [None, 3]
    assert texts(preview) == [long.strip(), long.strip()]
    assert any("1 post is missing" in told for told in reading(page).warnings)


def test_lines_too_long_for_one_post_stay_together_where_no_number_is_missing() -> None:
    long = "Salt is the enemy, and it eats brass first, then glass, then sleep. " * 3
    page = f"One.\n/1\n{long.strip()}\n{long.strip()}\n/2\nThree.\n/3\n"
    assert numbers(thread(page)) == [1, 2, 3]


def test_lines_too_long_for_one_post_stay_together_where_other_posts_are_too() -> None:
    long = "Salt is the enemy, and it eats brass first, then glass, then sleep. " * 5
    page = f"{long.strip()}\n/1\n{long.strip()}\n{long.strip()}\n/3\nFour.\n/4\n"
    assert numbers(thread(page)) == [1, 3, 4]


def test_short_lines_stay_together_where_a_number_is_missing() -> None:
    read = reading("One.\n/1\nTwo, perhaps.\nThree.\n/3\n")
    assert texts(read.threads[0]) == ["One.", "Two, perhaps.\nThree."]
    assert read.threads[0].completeness is Completeness.FRAGMENT
    assert read.warnings == ("lines 3–5: number 3 after 1; 1 post is missing before it",)


STYLES = [
    "/{n}",
    "{n}/",
    "{n}/4",
    "{n}/x",
    "({n} / 4)",
    "[{n}/4]",
    "({n})",
    "↓ {n}/4",
    "🧵 {n}/4",
    "{n}/4 👇",
]
LISTED = ["{n})", "{n}."]
SHAPES = {
    "own line after": "{post}\nAnd a second line.\n{mark}",
    "own line before": "{mark}\n{post}\nAnd a second line.",
    "at the start": "{mark} {post}\nAnd a second line.",
    "at the end": "{post}\nAnd a second line. {mark}",
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("style", STYLES + LISTED)
def test_every_way_to_number_posts_is_understood(style: str, shape: str) -> None:
    posts = unnumbered(4)
    page = "\n".join(
        SHAPES[shape].format(post=post, mark=style.format(n=n)) for n, post in enumerate(posts, 1)
    )
    found = thread(page)
    if style in LISTED and shape == "at the end":
        # "… in chapter 3." ends a sentence, nothing more.
        assert set(numbers(found)) == {None}
        return
    assert numbers(found) == [1, 2, 3, 4]
    assert found.completeness is Completeness.COMPLETE
    assert all(post in text for post, text in zip(posts, texts(found), strict=True))


def test_inline_markers_stay_in_the_text_and_own_line_markers_do_not() -> None:
    assert texts(thread("1/ One.\n2/ Two.\n3/ Three.")) == ["1/ One.", "2/ Two.", "3/ Three."]
    assert [post.marker for post in thread("1/ One.\n2/ Two.\n3/ Three.").posts] == ["1/", "2/", "3/"]
    assert texts(thread("One.\n1/\nTwo.\n2/\nThree.\n3/")) == ["One.", "Two.", "Three."]


@pytest.mark.parametrize("end", ["/END", "4/END", "END", "/end", "/TO BE CONTINUED", "/FIN"])
def test_an_end_marker_closes_the_thread(end: str) -> None:
    last = thread(f"One.\n/1\nTwo.\n/2\nThree.\n/3\nFour.\n{end}\n").posts[-1]
    assert (last.text, last.number, last.marker) == ("Four.", 4, end)


def test_a_postscript_after_the_end_is_a_post_without_a_number() -> None:
    found = thread("One.\n/1\nTwo.\n/END\nP.S. And one more thing.\n")
    assert numbers(found) == [1, 2, None]
    assert found.completeness is Completeness.COMPLETE


def test_a_postscript_behind_the_last_post_by_its_own_count_is_a_post() -> None:
    found = thread("1/2 One.\nStill one.\n2/2 Two.\nStill two.\nP.S. Three.\n")
    assert texts(found) == ["1/2 One.\nStill one.", "2/2 Two.\nStill two.", "P.S. Three."]


def test_styles_may_change_inside_a_thread() -> None:
    found = thread("One.\n/1\nTwo.\n/2\n3/ Three.\n4/ Four.\nFive.\n/5\nSix.\n(6)\n")
    assert numbers(found) == [1, 2, 3, 4, 5, 6]


def test_image_may_be_glued_behind_a_marker() -> None:
    found = thread("One.\n/1Image\nTwo.\n/2 ImageImage\nThree.\n/3\n")
    assert numbers(found) == [1, 2, 3]
    assert texts(found) == ["One.", "Two.", "Three."]


def test_a_lone_spool_of_thread_closes_the_first_post() -> None:
    found = thread("A story of lace.\n🧵\nIt begins in Bruges.\n/2\nIt ends in Bruges.\n/3\n")
    assert texts(found) == ["A story of lace.", "It begins in Bruges.", "It ends in Bruges."]
    assert [(post.number, post.marker) for post in found.posts] == [(1, "🧵"), (2, "/2"), (3, "/3")]


@pytest.mark.parametrize(
    "words",
    [
        "Nobody forgot 9/11",
        "We are open 24/7",
        "The odds were 50/50",
        "9/11 changed it all",
        "1/2 of the time",
        "2. of May",
    ],
)
def test_what_only_looks_like_a_number_is_text(words: str) -> None:
    found = thread(f"Some words.\n{words}\nMore words.\n{words}\nThe last words.")
    assert numbers(found) == [None] * 5
    inside = thread(f"One.\n/1\nTwo.\n{words}\n/2\n{words}\n/3\n")
    assert texts(inside) == ["One.", f"Two.\n{words}", words]


def test_a_list_inside_a_post_is_no_numbering() -> None:
    found = thread("Intro.\n\nThree things:\n1. Thread\n2. Pins\n3. Time\n\nThat is all.\n/1\nTwo.\n/2\n")
    assert numbers(found) == [1, 2]
    unmarked = thread(
        "Things I like about lace.\nA lot.\n\nSee:\n7. Thread\n8. Pins\n9. Time\n\nThat is all.\n"
    )
    assert numbers(unmarked) == [None, None, None]


def test_a_thread_that_begins_late_is_a_fragment() -> None:
    read = reading("Four.\n/4\nFive.\n/5\n")
    assert read.threads[0].completeness is Completeness.FRAGMENT
    assert "3 posts are missing" in read.warnings[0]


def test_a_thread_that_stops_before_its_own_total_is_a_fragment() -> None:
    read = reading("1/16 One.\n2/16 Two.\n3/16 Three.\n")
    assert read.threads[0].completeness is Completeness.FRAGMENT
    assert "ends at 3 of 16" in read.warnings[0]


def test_a_number_that_does_not_rise_is_kept_and_reported() -> None:
    read = reading("One.\n/1\nTwo.\n/2\nThree.\n/2\nFour.\n/4\n")
    assert numbers(read.threads[0]) == [1, 2, 2, 4]
    assert any("number 2 follows 2" in told for told in read.warnings)


def test_a_marker_without_text_is_left_out_and_no_gap() -> None:
    read = reading("One.\n/1\n/2\nThree.\n/3\n")
    assert numbers(read.threads[0]) == [1, 3]
    assert read.threads[0].completeness is Completeness.COMPLETE
    assert read.left_out[0].lines == (3, 3)


def test_two_threads_in_one_file_are_two_threads() -> None:
    read = reading("One.\n/1\nTwo.\n/2\nUno.\n/1\nDos.\n/2\nTres.\n/3\nQuattro.\n/4\n")
    assert [numbers(part) for part in read.threads] == [[1, 2], [1, 2, 3, 4]]


HEADED = """\
Ada Quill Profile picture
Jun 24 3 tweets 2 min read
The first post has a paragraph.

And another one.
The second post has one.
The third has two.

Here it is.
"""


def test_a_page_with_a_head_parts_posts_by_newlines_and_paragraphs_by_blank_lines() -> None:
    read = reading(HEADED)
    assert texts(read.threads[0]) == [
        "The first post has a paragraph.\n\nAnd another one.",
        "The second post has one.",
        "The third has two.\n\nHere it is.",
    ]
    assert (read.threads[0].author, read.threads[0].posted_at) == ("Ada Quill", None)
    assert read.left_out == (LeftOut("page text", 2, (1, 2)),)
    assert not read.warnings


@pytest.mark.parametrize("date", ["Jun 24, 2021", "24 Jun 21", "24 Jun 2021", "June 24th, 2021"])
def test_a_date_with_its_year_is_known(date: str) -> None:
    found = thread(HEADED.replace("Jun 24", f"{date} •"))
    assert found.posted_at == datetime(2021, 6, 24, tzinfo=UTC)


def test_the_count_of_the_head_is_checked() -> None:
    read = reading(HEADED.replace("3 tweets", "9 tweets"))
    assert len(read.threads[0].posts) == 3
    assert read.warnings == ("the page announces 9 posts, 3 were recognised",)


def test_the_count_of_the_head_decides_how_posts_are_distinguished() -> None:
    page = "Ada Quill Profile picture\nJun 24 2 tweets 1 min read\nOne.\nStill one.\n\nTwo.\nStill two.\n"
    assert texts(thread(page)) == ["One.\nStill one.", "Two.\nStill two."]


def test_preview_cards_begin_with_a_date_and_end_with_their_length() -> None:
    cards = "Jul 1, 2020\nA card.\n\nIts second paragraph.\nIts second post.\nRead 17 tweets\n"
    cards += "May 5\nAnother card.\nRead 4 tweets\n"
    read = reading(
        HEADED + "• • •\nMissing some Tweet in this thread? You can try to\nforce a refresh\n" + cards
    )
    assert [texts(part) for part in read.threads[1:]] == [
        ["A card.\n\nIts second paragraph.", "Its second post."],
        ["Another card."],
    ]
    assert [part.posted_at for part in read.threads[1:]] == [datetime(2020, 7, 1, tzinfo=UTC), None]
    assert {part.author for part in read.threads} == {"Ada Quill"}
    accounted(
        HEADED + "• • •\nMissing some Tweet in this thread? You can try to\nforce a refresh\n" + cards, read
    )


def test_torn_tags_tell_posts_apart_and_name_them() -> None:
    tag = 'thread#showTweet" data-screenname="quill" data-tweet="{}" dir="auto">'
    page = "\n".join(
        [tag.format(1212092628029698048), "One.", "Still one.", tag.format(1212092628029698049) + "Two."]
    )
    found = thread(page)
    assert texts(found) == ["One.\nStill one.", "Two."]
    assert found.posts[0].url == "https://x.com/quill/status/1212092628029698048"
    assert found.posts[0].posted_at == datetime(2019, 12, 31, 19, 26, 16, 771_000, tzinfo=UTC)
    assert found.author == "@quill"


def test_front_matter_says_what_the_page_does_not() -> None:
    front = (
        '---\ntitle: "On lace"\nsource: https://example.org/lace\nauthor: Ada Quill\ndate: 2021-06-24\n---\n'
    )
    read = reading(
        front + PLAIN, author="Somebody Else", title="Another title", url="https://example.org/other"
    )
    found = read.threads[0]
    assert (found.title, found.url, found.author) == ("On lace", "https://example.org/lace", "Ada Quill")
    assert found.posted_at == datetime(2021, 6, 24, tzinfo=UTC)
    assert read.left_out == (LeftOut("front matter", 6, (1, 6)),)


def test_a_clipping_keeps_the_paragraphs_of_a_post_together() -> None:
    front = '---\nauthor:\n  - "[[@quill]]"\n---\n'
    page = front + "One.  \n  \nStill one.\n\n2/ Two.\n\n[![picture](x)](y)\n\nThree.\n"
    found = thread(page)
    assert texts(found) == ["One.\n\nStill one.", "2/ Two.\n\n[![picture](x)](y)", "Three."]
    assert found.author == "@quill"


def test_three_dashes_without_keys_are_text() -> None:
    assert texts(thread("---\nOne.\n---\nTwo.\n")) == ["---", "One.", "---", "Two."]


def test_what_the_operator_knows_goes_where_the_file_is_silent() -> None:
    main, *previews = reading(
        LACE, author="Ada Quill", title="On lace", url="https://example.org/lace"
    ).threads
    assert (main.author, main.title, main.url) == ("Ada Quill", "On lace", "https://example.org/lace")
    assert {(part.author, part.title, part.url) for part in previews} == {("Ada Quill", None, None)}


def test_unknown_stays_unknown() -> None:
    main = thread(LACE)
    assert (main.author, main.title, main.url, main.posted_at) == (None, None, None, None)


def test_a_page_of_previews_only_is_rejected_and_says_so() -> None:
    with pytest.raises(RejectedError, match="only previews of other threads"):
        reading(LACE[LACE.index("• • •") :])


def test_text_without_numbers_is_parted_by_blank_lines_else_by_lines() -> None:
    assert texts(thread(PLAIN)) == [
        "The first post says what a thread is about.",
        "The second one goes on.\nIt has two lines.",
        "The third one ends it.",
    ]
    assert texts(thread("One.\nTwo.\nThree.")) == ["One.", "Two.", "Three."]
    assert texts(thread("Only one paragraph.")) == ["Only one paragraph."]


def test_paragraphs_of_a_numbered_post_keep_their_blank_lines() -> None:
    assert texts(thread("One.\n\nStill one.\n/1\nTwo.\n/END\n")) == ["One.\n\nStill one.", "Two."]


def test_a_lost_separator_still_leaves_previews_previews() -> None:
    page = LACE.replace("• • •\nMissing some Tweet in this thread? You can try to\nforce a refresh\n", "")
    assert [part.completeness for part in reading(page).threads] == ["complete", "preview", "preview"]


@pytest.mark.parametrize("bullets", ["โ€ข โ€ข โ€ข", "â€¢ â€¢ â€¢", "* * *"])
def test_a_broken_separator_is_page_text(bullets: str) -> None:
    assert reading(LACE.replace("• • •", bullets)).left_out == (LeftOut("page text", 3, (11, 13)),)


@pytest.mark.parametrize("content", [b"", b" \n\t\n", b"\xef\xbb\xbf", "\u200b\u2028\n".encode()])
def test_a_file_without_text_is_rejected(content: bytes) -> None:
    with pytest.raises(RejectedError, match="holds no text"):
        unrolled_text.read(SavedFile("empty.txt", content))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"caf\xe9", "not text in UTF-8"),
        (b"a\0b", "NUL"),
        (b"\xff\xfea", "not text in UTF-16"),
        (b"a" * (border.MAX_TEXT_BYTES + 1), "too large"),
        (b"a\n" * (border.MAX_LINES + 2), "lines"),
    ],
)
def test_what_is_no_text_is_an_error_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=reason) as caught:
        unrolled_text.read(SavedFile("odd.bin", content))
    assert caught.value.name == "odd.bin"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_encoding_that_says_what_it_is_reads_alike(encoding: str) -> None:
    page = LACE.replace("\n", "\r\n").encode(encoding)
    assert unrolled_text.read(SavedFile("page.txt", page)).threads == reading(LACE).threads


def test_odd_line_ends_inside_a_line_do_not_part_it() -> None:
    words = "One\x0ctwo\x85three\u2028four \u201cfive\u201d \u2014 _six_ \ufb01 🧵"
    assert texts(thread(f"{words}\n/1\nTwo.\n/2")) == [words, "Two."]


def test_lone_surrogates_are_dropped_and_reported() -> None:
    read = reading("One \ud800word.")
    assert texts(read.threads[0]) == ["One word."]
    assert "surrogates" in read.warnings[0]


@pytest.mark.parametrize(
    ("content", "sure"),
    [
        (LACE.encode(), 0.9),
        (b"One.\n/1\nTwo.\n/2\n", 0.8),
        (PLAIN.encode(), 0.0),
        (b"[1/11] One.", 0.0),
        (b'{"a": 1}', 0.0),
        (b'[\n {"a": 1}]', 0.0),
        (b"<!DOCTYPE html><html>", 0.0),
        (b"PK\x03\x04abc", 0.0),
        (b"a\0b", 0.0),
        (b"caf\xe9", 0.0),
        (b"caf\xe9\n/1\nTwo.\n/2\n", 0.01),
        (b"", 0.0),
    ],
)
def test_the_form_is_recognised_by_its_content(content: bytes, sure: float) -> None:
    assert unrolled_text.recognise(SavedFile("page.json", content)) == sure


def sample(name: str) -> Reading:
    return unrolled_text.read(SavedFile(name, (SAMPLES / name).read_bytes()))


def test_layout_b_keeps_lists_together_where_the_count_says_so() -> None:
    read = sample("layout_b.txt")
    assert texts(read.threads[0]) == [
        "Everybody asks how a pillow is stuffed.\n\nIt starts with sawdust, a lot of it.",
        "The cover is wool, because pins hold in it.",
        "Here is what happens with linen:\n\n1. It slips.\n2. It tears.",
        "So stuff it tight, and turn it once a year.",
    ]
    assert read.threads[0].posted_at == datetime(2021, 6, 24, tzinfo=UTC)
    assert not read.warnings


def test_the_head_of_a_card_is_no_preview() -> None:
    previews = sample("layout_b.txt").threads[1:]
    assert [texts(preview)[0][:12] for preview in previews] == ["My grandmoth", "Who invented"]
    assert [preview.posted_at for preview in previews] == [
        datetime(2020, 12, 30, tzinfo=UTC),
        datetime(2020, 12, 13, tzinfo=UTC),
    ]


def test_layout_c_leaves_the_head_out_however_long_and_trusts_the_tags_for_the_author() -> None:
    read = sample("layout_c.txt")
    thread, preview = read.threads
    assert [post.source_id for post in thread.posts] == [f"174830000000000000{n}" for n in (1, 2, 3)]
    assert texts(thread)[0] == "Everybody asks how a pillow is stuffed.\nIt starts with sawdust, a lot of it."
    assert (thread.author, preview.author) == ("@adaquill", "@adaquill")
    assert thread.url == "https://x.com/adaquill/status/1748300000000000001"
    assert LeftOut("page text", 33, (8, 42)) in read.left_out


def test_text_above_the_first_torn_tag_is_a_post() -> None:
    page = "Save as PDF\nOne, whose tag was lost.\n" + 'data-tweet="5" dir="auto">Two.\n'
    assert texts(thread(page)) == ["One, whose tag was lost.", "Two."]


def test_layout_e_is_refused_with_the_reason() -> None:
    with pytest.raises(RejectedError, match="only previews of other threads"):
        sample("layout_e.txt")


def test_mixed_numbers_and_a_postscript() -> None:
    found = sample("mixed_numbers.txt").threads[0]
    assert numbers(found) == [1, 2, 3, 4, 5, 6, None]
    assert texts(found)[0].endswith("Nobody forgot 9/11 of the rules.")
    assert texts(found)[-1] == "P.S. The bucket must be dry."
    assert found.completeness is Completeness.COMPLETE


def test_short_lines_above_a_head_line_are_kept_where_they_are_all_the_text() -> None:
    read = reading("Nobody told me.\nSo I ask.\nJun 24 8 tweets 2 min read\n")
    assert texts(read.threads[0]) == ["Nobody told me.", "So I ask."]
    assert read.warnings == ("the page announces 8 posts, 2 were recognised",)
    with pytest.raises(RejectedError, match="no text but the page's own"):
        reading("Ada Quill\n@quill\nJun 24 8 tweets 2 min read\n")


@pytest.mark.parametrize(
    "style",
    [
        "{post}\n/{n}",
        "/{n}\n{post}",
        "{n}/ {post}",
        "{n}/{all} {post}",
        "{post}\n{n}/{all}",
        "{post} ({n}/{all})",
    ],
)
@pytest.mark.parametrize("count", [999, 1_000, 3_000])
def test_thousands_of_numbered_posts_are_all_kept(style: str, count: int) -> None:
    words = [f"Post of {'abcd'[n % 4]} and {n * 7919 % 10007} things." for n in range(1, count + 1)]
    page = "\n".join(style.format(post=post, n=n, all=count) for n, post in enumerate(words, 1))
    read = reading(f"{page}\n")
    assert numbers(read.threads[0]) == list(range(1, count + 1))
    assert (len(read.threads), read.left_out, read.warnings) == (1, (), ())
    assert all(post in text for post, text in zip(words, texts(read.threads[0]), strict=True))


def test_years_are_no_numbers() -> None:
    found = thread("It began. (2019)\nIt went on. (2020)\nIt ended. (2021)\n/2022\nThat is all.\n")
    assert numbers(found) == [None] * 5


def test_a_copy_of_the_pages_own_text_hides_no_post() -> None:
    lines = (SAMPLES / "layout_b.txt").read_text("utf-8").split("\n")
    told = "• • •\nMissing some Tweet in this thread? You can try to\nforce a refresh"
    whole = sample("layout_b.txt").threads
    words = {line for part in whole for post in part.posts for line in post.text.split("\n") if line}
    for copied in (told, "Did Thread Reader help you today?", "Send Email!"):
        for at in range(11, len(lines)):
            page = "\n".join([*lines[:at], copied, *lines[at:]])
            try:
                read = reading(page)
            except RejectedError:
                continue
            said = {line for part in read.threads for post in part.posts for line in post.text.split("\n")}
            assert words <= said, (copied, at, words - said)


def test_few_damaged_bytes_are_shown_and_reported_and_hide_nothing() -> None:
    page = LACE.encode()
    for damage, told in ((b"\xff", "line 2: damaged"), (b"\0", "NUL")):
        read = unrolled_text.read(SavedFile("a.txt", page.replace(b"(A short", damage + b"(A short")))
        assert any(told in warning for warning in read.warnings)
        assert texts(read.threads[0])[1:] == texts(thread(LACE))[1:]


def test_what_is_glued_to_the_pages_text_is_not_the_pages() -> None:
    page = LACE.replace("force a refresh\nA lighthouse", "force a refreshA lighthouse")
    assert texts(reading(page).threads[1])[0].startswith("force a refreshA lighthouse")


PIECES = st.sampled_from(
    [
        *["", " ", "  ", "One.", "Two words", "x  ", "long " * 60, "Image", "🧵", "\u2028"],
        *["/1", "/2", "/3", "/7", "/END", "END", "1/", "2/", "1/3", "2/3", "3/3", "(1)", "6/END"],
        *["1. a", "2. b", "3. c", "a 1/", "b 2/", "c 3/", "1/ a", "2/ b", "3/ c", "1/2 a 2/2"],
        *["• • •", "Missing some Tweet in this thread?", "force a refresh", "More from @quill"],
        *["Jun 24", "May 5, 2020", "Read 17 tweets", "Jun 24 8 tweets 2 min read", "@quill"],
        *["Ada Quill Profile picture", "Did Thread Reader help you today?", 'tag#error" >'],
        *["---", "title: x", 'x data-tweet="123" dir="auto">word', 'data-tweet="5">', "[![a](b)](c)"],
    ]
)
PAGES = st.lists(PIECES, max_size=24).map("\n".join)


@settings(max_examples=600, deadline=None)
@given(st.one_of(PAGES, st.text(max_size=200)))
@example("/1")
@example("1/ a\n/END\n/END")
@example("Jun 24 8 tweets 2 min read")
def test_no_line_of_any_text_is_lost_or_used_twice(text: str) -> None:
    try:
        read = reading(text)
    except ReadError:
        return
    accounted(text, read)
    assert reading(text) == read


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=80))
def test_any_text_with_something_to_see_gives_a_thread(words: str) -> None:
    if border.is_blank(words) or words.startswith("\ufeff"):
        return
    if not all(is_page_text(line) or border.is_blank(line) for line in f"Seen: {words}".split("\n")):
        assert reading("Seen: " + words).threads


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    file = SavedFile("any", content)
    assert 0.0 <= unrolled_text.recognise(file) <= 1.0
    try:
        read = unrolled_text.read(file)
    except ReadError:
        return
    assert read.threads


def test_two_thousand_damaged_pages_lose_no_line() -> None:
    for page in mutations(LACE + PLAIN, 2_000):
        accounted(page, reading(page))


def test_damage_to_one_post_leaves_the_others_as_they_were() -> None:
    whole = set(texts(thread(LACE)))
    page = LACE.replace("Two moves are all there is", "Two m\u2028ves /9 all there is")
    assert len(whole & set(texts(thread(page)))) == 3


def test_candidates_grow_with_the_lines_and_no_faster() -> None:
    for size in (100, 1_000, 10_000):
        lines = ["1/9 a 9/9"] * size
        candidates = find_markers(lines, range(size))
        assert len(candidates) == 2 * size
        assert len(accept_markers(candidates)) <= size


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize("marked", ["{0}/ {1}", "{1} {0}/"])
def test_numbers_count_behind_a_gap_and_the_thread_is_a_fragment(marked: str, between: str) -> None:
    words = ("The lamp was moved in spring.", "Ships sailed past it.", "The keeper lit a fire.", "It rained.")
    lines = [marked.format(number, text) for number, text in zip((1, 2, 4, 5), words, strict=True)]
    reading = registry.read(SavedFile("a.txt", between.join(lines).encode()))
    (thread,) = reading.threads
    assert [post.number for post in thread.posts] == [1, 2, 4, 5]
    assert thread.completeness is Completeness.FRAGMENT
    assert any("1 post is missing before it" in warning for warning in reading.warnings)


def test_bullets_inside_a_post_are_no_posts_where_the_header_counts() -> None:
    text = (
        "Mira Example @mira\nJun 24, 2020 3 tweets 2 min read\nThe lamp was moved.\n• one reason\n"
        "• another reason\nNobody wrote it down.\nSo ships sailed past it.\n"
    )
    (thread,) = registry.read(SavedFile("a.txt", text.encode())).threads
    assert [post.text for post in thread.posts] == [
        "The lamp was moved.\n• one reason\n• another reason",
        "Nobody wrote it down.",
        "So ships sailed past it.",
    ]
    assert thread.completeness is Completeness.COMPLETE


def test_a_marker_alone_on_a_line_of_a_preview_numbers_the_post_above() -> None:
    text = (
        "The lamp was moved.\n/1\nNobody wrote it down.\n/2\nSo ships sailed.\n/END\n• • •\nMore from @mira\n"
        "Jan 5, 2020\nWheat was dear that year.\n2/\nSalt came from the coast.\n3/\nNobody kept accounts.\n"
    )
    _, preview = registry.read(SavedFile("a.txt", text.encode())).threads
    assert preview.completeness is Completeness.PREVIEW
    assert [(post.number, post.text) for post in preview.posts][1:] == [
        (2, "Salt came from the coast."),
        (3, "Nobody kept accounts."),
    ]


def page_texts(text: str) -> list[list[str]]:
    reading = registry.read(SavedFile("a.txt", text.encode()))
    return [[post.text for post in thread.posts] for thread in reading.threads]


TIDES = ("Why do tides lag?", "Water has mass.", "The basins differ.", "The floor drags.")


def test_a_run_that_ends_with_an_end_marker_behind_its_last_post_is_a_run() -> None:
    reading = registry.read(SavedFile("a.txt", b"A moon. /1\nA sea. /2\nA shore. /END\n"))
    assert [post.number for post in reading.threads[0].posts] == [1, 2, 3]


@pytest.mark.parametrize("mark", ["{}/", "{})", "({}/7)", "{}/7"])
def test_two_markers_on_lines_of_their_own_part_the_posts_of_a_preview(mark: str) -> None:
    page = (
        "A moon.\n/1\nA sea.\n/2\nA shore.\n/END\n• • •\nMissing some Tweet in this thread? You can try to\n"
    )
    preview = f"Gulls.\n{mark.format(2)}\nThey cry.\n{mark.format(3)}\nThey fly.\n"
    assert page_texts(page + "force a refresh\n" + preview)[1] == ["Gulls.", "They cry.", "They fly."]


def test_of_ways_that_make_too_many_posts_the_fewest_are_made() -> None:
    head = "Ola Hansen\n@ola\nMay 5, 2022 • 3 tweets • 1 min read\n"
    text = f"{TIDES[0]}\nYou need:\n• a bucket\n• a stick\n• patience\n{TIDES[2]}\n{TIDES[3]}\n• • •\n"
    (posts,) = page_texts(f"{head}{text}Missing some Tweet in this thread? You can try to\nforce a refresh\n")
    assert posts == [TIDES[0], "You need:\n• a bucket\n• a stick\n• patience", *TIDES[2:]]


@pytest.mark.parametrize(
    "foot",
    [
        "Get real-time email alerts when new unrolls are available from this author!\n",
        "Subscribe to Ola Hansen\nGet real-time email alerts when new unrolls are available\n",
        "This content may be removed anytime!\nBecome Premium\n",
        "Share this Scrolly Tale with your friends.\nTweet\n",
        "Created with Scrolly.to\nUnroll another thread\n",
    ],
)
def test_the_foot_of_a_page_makes_no_preview(foot: str) -> None:
    page = "\n".join(f"{post}\n/{place}" for place, post in enumerate(TIDES, 1))
    missing = "Missing some Tweet in this thread?\nYou can try to force a refresh.\n"
    assert page_texts(f"{page}\n{missing}{foot}") == [list(TIDES)]


@pytest.mark.parametrize(
    "title", ["Thread by Ola Hansen", "Unrolled thread by Ola Hansen\n@ola", "THREAD BY @ola"]
)
def test_the_title_of_any_service_names_the_author_and_is_no_post(title: str) -> None:
    page = "\n\n".join(f"{post} {place}/4" for place, post in enumerate(TIDES, 1))
    (thread,) = registry.read(SavedFile("a.txt", f"{title}\n\n{page}\n".encode())).threads
    assert (thread.author in {"Ola Hansen", "@ola"}, len(thread.posts)) == (True, 4)
    assert thread.posts[0].text.startswith(TIDES[0])
