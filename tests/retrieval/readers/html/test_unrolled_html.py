"""Unrolled pages as HTML: three generations of them, what hangs on posts, and hostile markup."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import ReadError, RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.model import Completeness, Thread
from retrieval.readers.html import unrolled_html
from retrieval.readers.html.unrolled_html import MAX_HTML_BYTES, MAX_POSTS
from retrieval.readers.html_fragment import parse_fragment
from retrieval.readers.registry import read
from tests.retrieval.readers.pages import numbers, texts

SAMPLES = Path(__file__).parents[1] / "samples"
CARD = """\
<div class="thread-card"><span class="screenName">@benbodkin</span><span class="time" data-time="1519000000">
</span><div class="card-tweets"><div class="content-tweet">Linen is older than wool.</div></div>
<a href="/thread/965000000000000001.html">Read 12 tweets</a></div>"""


def sample(year: int) -> Reading:
    path = SAMPLES / f"unrolled_{year}.html"
    return unrolled_html.read(SavedFile(path.name, path.read_bytes()))


def page(*posts: str, head: str = "", foot: str = "") -> Reading:
    made = [
        f'<div id="tweet_{n}" class="content-tweet" data-action="click->thread#showTweet"'
        f' data-screenname="quill" data-tweet="{n}">{text}</div>'
        for n, text in enumerate(posts, 1)
    ]
    return unrolled_html.read(SavedFile("page.html", "\n".join([head, *made, foot]).encode()))


def text_of(post: str) -> str:
    return page(post).threads[0].posts[0].text


def main(reading: Reading) -> Thread:
    return reading.threads[0]


def test_a_page_of_today_names_its_posts_their_author_and_their_times() -> None:
    thread = main(sample(2024))
    assert (thread.author, thread.completeness) == ("@adaquill", Completeness.COMPLETE)
    assert thread.url == "https://x.com/adaquill/status/1748300000000000001"
    assert thread.posted_at == datetime(2024, 1, 19, 11, 2, 56, 500_000, UTC)
    assert [post.source_id for post in thread.posts] == [f"174830000000000000{n}" for n in range(1, 6)]
    assert {post.author for post in thread.posts} == {"@adaquill"}
    assert thread.posts[1].posted_at == thread.posted_at
    assert thread.posts[0].lines == (19, 24)


def test_a_page_of_today_keeps_words_paragraphs_and_what_hangs_on_posts() -> None:
    assert texts(main(sample(2024))) == [
        (
            "Everybody asks how a pillow for bobbin lace is stuffed. “With straw” is the short answer & it is"
            " wrong. 🧵\n\nIt starts with sawdust, a lot of it."
        ),
        (
            "The cover is wool, because pins hold in it. I measured that with @benbodkin in 2019:"
            " https://lace.example/pillows/how-pins-hold-in-wool"
        ),
        (
            "This is what it looks like when the wool is too thin:\n"
            "[image: A pillow with bent pins, seen from the side]\n"
            "[image: https://pbs.example/media/bent.jpg]"
        ),
        (
            "Ben disagrees, and he is right about linen:\n"
            "[quoted post: https://twitter.com/benbodkin/status/1748000000000000009]"
        ),
        "So stuff it tight, 🧶 and turn it  once a year.\n[video: https://video.example/a.mp4]",
    ]


def test_words_that_the_author_did_not_write_are_left_out_and_counted() -> None:
    read = sample(2024)
    assert not any("Linen holds better" in text for text in texts(main(read)))
    assert {gone.why: gone.count for gone in read.left_out} == {
        "page text": 20,
        "words of a quoted post (its address is kept)": 1,
        "preview of a linked page (its address is kept)": 1,
    }


def test_cards_are_previews_with_their_own_address_and_time() -> None:
    previews = sample(2024).threads[1:]
    assert [preview.completeness for preview in previews] == [Completeness.PREVIEW] * 2
    assert [texts(preview) for preview in previews] == [
        ["My grandmother kept her pins in a whale's tooth.", "She counted them\nevery Sunday."],
        ["Who invented the bobbin winder? Nobody knows."],
    ]
    assert previews[0].url == "https://threadreaderapp.com/thread/1741000000000000001.html"
    assert previews[0].posted_at == datetime(2023, 12, 30, 9, 53, 20, tzinfo=UTC)
    assert {preview.author for preview in previews} == {"@adaquill"}


def test_a_page_of_2019_has_numbers_and_its_heads_time_and_address() -> None:
    thread = main(sample(2019))
    assert numbers(thread) == [None, 1, 2, 3]
    assert [post.source_id for post in thread.posts] == [None] * 4
    assert (thread.author, thread.url) == ("@adaquill", "https://x.com/adaquill/status/1093990000000000001")
    assert thread.posted_at == datetime(2019, 2, 8, 21, 6, 40, tzinfo=UTC)
    assert texts(thread)[1:] == [
        "1. The lens floats on mercury.\n[image: https://pbs.example/media/lens.jpg]",
        "2. The keeper's clock runs five minutes late, on purpose.\n[video: https://video.example/clock.mp4]",
        "3. Nobody has ever counted the steps twice\nand come to the same number.",
    ]


def test_a_page_of_2018_tells_its_thread_from_cards_and_takes_its_numbers() -> None:
    thread, *previews = sample(2018).threads
    assert numbers(thread) == [1, 2, 3]
    assert texts(thread)[0] == "Salt was money once. Here is how it was counted."
    assert texts(thread)[1].endswith("[quoted post: https://twitter.com/cakestamp/status/961000000000000001]")
    assert (thread.author, thread.posted_at) == ("@salthand", datetime(2018, 3, 1, 10, 26, 40, tzinfo=UTC))
    assert [(preview.author, preview.length) for preview in previews] == [("@benbodkin", 2), ("@adaquill", 1)]
    assert {preview.completeness for preview in previews} == {Completeness.PREVIEW}


def test_a_page_of_previews_only_is_refused_with_the_reason() -> None:
    with pytest.raises(RejectedError, match="only previews of other threads"):
        unrolled_html.read(SavedFile("cards.html", (CARD + CARD).encode()))
    with pytest.raises(RejectedError, match="only previews of other threads"):
        unrolled_html.read(SavedFile("card.html", CARD.encode()))


def test_posts_cut_out_of_a_page_of_2018_are_a_thread() -> None:
    cut = (
        '<div class="card-tweets"><div class="content-tweet">One.</div><div class="content-tweet">Two.</div>'
    )
    thread = main(unrolled_html.read(SavedFile("cut.html", cut.encode())))
    assert (texts(thread), thread.completeness) == (["One.", "Two."], Completeness.COMPLETE)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("One<br />\n<br />\nTwo", "One\n\nTwo"),
        ("One\n   two\n", "One two"),
        ("“One” -- _two_ — three…", "“One” -- _two_ — three…"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<b>bold</b> and <i>thin</i>", "bold and thin"),
        ("words<sup class='tw-permalink'>link</sup>", "words"),
        ("see <a href='https://a.example/long/path'>a.example/lon…</a>", "see https://a.example/long/path"),
        ("see <a href='https://a.example/'>a.example</a>", "see a.example"),
        ("<a href='https://a.example/x'>this</a> one", "this one\n[link: https://a.example/x]"),
        ("<a class='entity-mention' href='https://twitter.com/q'>@q</a> hi", "@q hi"),
        ("x <img alt='' src='https://a.example/i.png'> y", "x y\n[image: https://a.example/i.png]"),
        ("x<img alt='Image' src='data:image/png;base64,AA'>", "x"),
        ("x<img alt='A\ncat' src='/1px.png' data-src='https://a.example/c'>", "x\n[image: A cat]"),
        ("x<div class='row'>y</div>z", "x\ny\nz"),
        ("said <blockquote>words of mine</blockquote>", "said\nwords of mine"),
        ("<script>alert(1)</script>x<!-- hidden -->", "x"),
    ],
)
def test_markup_is_put_to_text_as_a_browser_shows_it(markup: str, text: str) -> None:
    assert text_of(markup) == text


def test_a_thread_has_the_id_that_it_has_in_a_form_without_pictures() -> None:
    words = "Everybody asks how a pillow for bobbin lace is stuffed, and nobody knows."
    with_picture = page(f'{words}<img alt="A pillow" src="https://a.example/p.png">', "Two.")
    assert main(with_picture).id == main(page(words, "Two.")).id
    assert (
        main(with_picture).id == read(SavedFile("a.txt", f"{words}\n/1\nTwo.\n/2\n".encode())).threads[0].id
    )


def test_the_count_of_the_head_is_checked() -> None:
    read = page("One.", "Two.", head='<div class="thread-info">Aug 18 • 3 tweets • 1 min read</div>')
    assert read.warnings == ("the page announces 3 posts, 2 were read",)
    assert main(read).completeness is Completeness.FRAGMENT


def test_a_long_head_is_read_from_its_end() -> None:
    head = "<style>a > b {}</style>" + '<a href="/x">menu</a>' * 5_000
    read = page("One.", head=f'{head}<div class="thread-info">3 tweets</div>')
    assert read.warnings == ("the page announces 3 posts, 1 were read",)


def test_a_post_shown_twice_is_kept_once() -> None:
    doubled = page("One.", "Two.").threads[0].posts
    read = page("One.", "Two.", foot='<div class="content-tweet" data-tweet="1">One.</div>')
    assert main(read).posts == doubled
    assert LeftOut("post that the page shows twice") in read.left_out


def test_two_posts_of_one_id_are_both_kept() -> None:
    read = page("One.", "Two.", foot='<div class="content-tweet" data-tweet="1">Three.</div>')
    assert texts(main(read)) == ["One.", "Two.", "Three."]
    assert [post.source_id for post in main(read).posts] == ["1", "2", None]
    assert "another post carries the id 1" in read.warnings[0]


def test_a_post_that_is_not_closed_ends_where_the_page_goes_on() -> None:
    torn = '<div class="content-tweet" data-tweet="7">Two.<div class="thread-info">3 tweets</div>page text'
    read = page("One.", foot=torn)
    assert texts(main(read)) == ["One.", "Two."]
    assert "not closed" in read.warnings[0]
    open_end = (
        '<div class="content-tweet" data-tweet="7">Two.<br>• • •<br>Missing some Tweet in this thread? x'
    )
    assert texts(main(page("One.", foot=open_end))) == ["One.", "Two."]


def test_damage_to_one_post_reaches_no_other() -> None:
    for damage in ('<div class="x', "<!--", "<textarea>", "<script>", "</div></div></div>", "<table><td>"):
        assert texts(main(page("One.", damage, "Three.")))[-1] == "Three."


def test_a_page_inside_markdown_takes_author_and_title_from_the_front_matter() -> None:
    front = "---\ntitle: On lace\nauthor: Ada Quill\n---\n"
    read = unrolled_html.read(SavedFile("post.md", f'{front}<div id="tweet_1">One.</div>'.encode()))
    assert (main(read).title, main(read).author) == ("On lace", "Ada Quill")
    assert read.left_out == (LeftOut("front matter", 4, (1, 4)),)


def test_what_the_operator_knows_goes_where_the_page_is_silent() -> None:
    file = SavedFile("p.html", b'<div class="content-tweet">One.</div>', author="Ada", title="Lace")
    assert (main(unrolled_html.read(file)).author, main(unrolled_html.read(file)).title) == ("Ada", "Lace")


@pytest.mark.parametrize(
    ("content", "sure"),
    [
        (b'<div class="content-tweet">x</div>', 0.95),
        (b"<p class='a content-tweet b'>x", 0.95),
        (b"<html><body><p>content-tweet</p>", 0.0),
        (b'<iframe data-tweet-id="5">', 0.0),
        (b'{"html": "<div class=content-tweet>"}', 0.0),
        (b"plain text", 0.0),
        (b"", 0.0),
        (b"\xff\xd8\xff\xe0", 0.0),
    ],
)
def test_the_form_is_recognised_by_its_content(content: bytes, sure: float) -> None:
    assert unrolled_html.recognise(SavedFile("page.txt", content)) == sure


POST = '<div class="content-tweet" data-tweet="{}">'


@pytest.mark.parametrize(
    "markup",
    [
        POST.format(1) + "<div>" * 100_000,
        (POST.format(1) + "<div>" * 2_000) * 100,
        "<div>" * 100_000 + POST.format(1) + "x</div>",
        POST.format(1)[:-1] + "".join(f" a{n}=b" for n in range(50_000)) + ">x",
        POST.format(1) + " " * 2_000_000 + "x",
        POST.format(1) + "<br>" * 200_000 + "x",
        POST.format(1) + "\n" * 90_000,
        "<div tweet_1" * 200_000 + POST.format(1) + "x",
        POST.format(1) + "<div '\"" * 200_000,
        "".join(POST.format(n) + "x</div>" for n in range(1, MAX_POSTS + 2)),
    ],
)
def test_hostile_markup_is_read_or_refused(markup: str) -> None:
    try:
        unrolled_html.read(SavedFile("hostile.html", markup.encode()))
    except ReadError as error:
        assert error.reason  # noqa: PT017 (to be refused is as good as to be read)


def test_depth_is_capped_before_the_parser() -> None:
    cut = parse_fragment("<div>" * 100_000)
    assert cut.cut
    assert not parse_fragment("<br>" * 10_000 + "<div></div>").cut


def test_too_much_is_an_error_that_says_so() -> None:
    with pytest.raises(ReadError, match="32 MiB"):
        unrolled_html.read(SavedFile("big.html", b"<div>" + b" " * MAX_HTML_BYTES))
    with pytest.raises(RejectedError, match="holds no text"):
        unrolled_html.read(SavedFile("empty.html", b'<div class="content-tweet"></div>'))


PIECES = st.sampled_from(
    [
        *[POST.format(n) for n in range(1, 5)],
        *['<div id="tweet_2">', '<div class="content-tweet">', "</div>", "<br>", "words ", "2/ ", "<b>"],
        *['<div class="thread-card">', '<div class="card-tweets">', '<span class="time" data-time="9">'],
        *[
            '<span class="screenName">@q</span>',
            "<blockquote>",
            '<a href="https://x.com/a/status/5">',
            "</a>",
        ],
        *[
            '<img alt="a cat">',
            "<!--",
            "-->",
            "<script>",
            "<table><td>",
            '"',
            "'",
            "<",
            ">",
            "\n",
            "&#0;",
            "…",
        ],
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=24).map("".join))
def test_any_markup_is_read_or_refused(markup: str) -> None:
    file = SavedFile("any.html", markup.encode())
    assert 0.0 <= unrolled_html.recognise(file) <= 1.0
    try:
        read = unrolled_html.read(file)
    except ReadError:
        return
    for thread in read.threads:
        assert all(post.text and post.text == post.text.strip("\n ") for post in thread.posts)


@pytest.mark.parametrize("count", ["{} tweets, 2 min read", "<b>{}</b> posts • <i>1 min read</i>"])
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("threads", [2, 5])
def test_a_page_of_a_user_holds_only_previews(count: str, order: int, threads: int) -> None:
    cards = (
        (
            f"<p>{count.format(n + 9)}</p>",
            f'<div class="content-tweet" data-screenname="ada">Opening {n}.</div>',
        )
        for n in range(threads)
    )
    page = "".join("".join(card[::order]) for card in cards)
    with pytest.raises(RejectedError, match="only previews"):
        read(SavedFile("user.html", f"<html><body>{page}</body></html>".encode()))
