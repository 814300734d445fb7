"""Notes of the Fediverse: HTML as a reader sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.model import Attachment, AttachmentKind
from retrieval.readers.json.mastodon_post import MAX_NOTE_CHARACTERS, account_handle, mastodon_text
from tests.growth import MOST, growth, repeated

SHORTENED = (
    '<a href="https://example.org/a/very/long/way"><span class="invisible">https://</span>'
    '<span class="ellipsis">example.org/a/very</span><span class="invisible">/long/way</span></a>'
)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p>One.<br>Two.<br/>Three.</p>", "One.\nTwo.\nThree."),
        (f"<p>See {SHORTENED}!</p>", "See https://example.org/a/very/long/way!"),
        (
            '<p><span class="h-card"><a href="https://x.example/@bo">@<span>bo</span></a></span> Hi</p>',
            "@bo Hi",
        ),
        (
            '<p>On <a href="https://x.example/tags/lace" class="mention hashtag">#<span>lace</span></a></p>',
            "On #lace",
        ),
        ("R&amp;D &lt;3 &quot;it&#39;s&quot; “fine” -- _so_", 'R&D <3 "it\'s" “fine” -- _so_'),
        ("<p>Two:</p><ul><li>cross</li><li>twist</li></ul><p>All.</p>", "Two:\n\ncross\ntwist\n\nAll."),
        ("<p>Before</p><blockquote><p>Said</p></blockquote><p>after</p>", "Before\n\nSaid\n\nafter"),
        ("<script>bad()</script><p>Good.</p><style>x</style>", "Good."),
        ("Bare text", "Bare text"),
        ("<p></p>", ""),
        ("<p>:blobcat: 🧵</p>", ":blobcat: 🧵"),
    ],
)
def test_html_becomes_the_text_that_is_seen(html: str, expected: str) -> None:
    assert mastodon_text(html) == (expected, (), False)


def test_a_link_behind_words_hangs_on_the_note() -> None:
    assert mastodon_text('<p>Read <a href="https://example.org/x">this</a>.</p>') == (
        "Read this.",
        (Attachment(AttachmentKind.LINK, "https://example.org/x"),),
        False,
    )


def test_a_note_beyond_the_caps_is_cut_and_reported() -> None:
    assert mastodon_text("<div>" * 100_000)[2]
    assert mastodon_text("x" * (MAX_NOTE_CHARACTERS + 1))[2]
    assert mastodon_text("<" * 200_000 + "&" * 200_000) is not None
    for token in ("<div>", "<", "&", "x"):
        assert growth(mastodon_text, repeated(token)) <= MOST


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<br>", "a", " ", "<a href='https://e.org'>", "</a>", "<", ">", "&lt;"]
        )
    ).map("".join)
)
def test_no_html_raises(html: str) -> None:
    mastodon_text(html)


@given(st.lists(st.text("ab", min_size=1), min_size=1))
def test_no_word_of_a_paragraph_is_lost(paragraphs: list[str]) -> None:
    html = "".join(f"<p>{one}</p>" for one in paragraphs)
    assert mastodon_text(html)[0] == "\n\n".join(paragraphs)


def test_a_profile_s_address_tells_the_handle() -> None:
    assert account_handle("https://lace.example/users/ada") == "@ada@lace.example"
    assert account_handle(None, "https://Lace.example/@ada_1/123") == "@ada_1@lace.example"
    assert account_handle("https://lace.example/ap/users/1234") is None
    assert (
        account_handle("https://lace.example/users/1234", "https://lace.example/@ada") == "@ada@lace.example"
    )
