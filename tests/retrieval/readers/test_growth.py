"""Twice the size takes at most three times the time, whatever a file repeats and whichever reader has it."""

import inspect
from collections.abc import Callable
from contextlib import suppress

import pytest

from retrieval.errors import ReadError
from retrieval.formats.import_types import SavedFile
from retrieval.model import Attachment, AttachmentKind, Post
from retrieval.readers.attachments import with_attachments
from retrieval.readers.html_fragment import parse_fragment
from retrieval.readers.json.bluesky import linked
from retrieval.readers.numbering import is_spool
from retrieval.readers.registry import Reader, readers
from retrieval.readers.text.markdown import plain_lines
from retrieval.readers.x_ids import post_time
from tests.growth import CHARACTERS, MOST, PAIRS, growth, repeated

TOKENS = [
    *("1/\n", "1/ a\n", "(1/", "1/2\n1/9\n", "1/ a\n7/ b\n", "🧵👇\n", "END\n", "P.S. ", "- a\n"),
    *(
        "](",
        "[a](",
        "![a](",
        "[![a](",
        "[a](b)",
        "**[",
        "[**",
        "> a\n",
        "---\n",
        "a  \n  \n",
        "<video",
        "\\[",
    ),
    *("<div>", "<div ", "</p>", "<br>a", "<b><i>", "<!--", "&amp;", "<blockquote>", 'class="content-tweet" '),
    *(
        '<p data-tweet="1">a',
        'data-tweet="1" dir="auto">a\n',
        "<a href='",
        "<div class=content-tweet>a</div>",
    ),
    *(
        '{"',
        '{"a":',
        '{"a":1}\n',
        '{"a":[',
        '["a",',
        "{x",
        "1 ",
        '{"post":{',
        '{"tweet":{',
        "\\u0",
        '{"id":"1",',
    ),
    *(
        "http://",
        "https://a.b/c ",
        "@a ",
        "#a ",
        "Missing some Tweet in this thread?\n",
        "• • •\n",
        "1 views\n",
    ),
    *("Jun 24 8 tweets 2 min read\n", "a: b\n", "at://a/", "Profile picture"),
]
FAMILIES = [*CHARACTERS, *PAIRS, *TOKENS]
# Readers of JSON all come to the same end with what is none, so of words and markup they see less.
BRACKETS = [token for token in FAMILIES if set(token) & set("{[}]\\") or token in CHARACTERS]
OF_TEXT = {"clipping", "unrolled_html", "unrolled_text"}
# What files of a form begin with, so that what is repeated is read as being of that form.
OPENINGS = {
    "unrolled_html": '<div class="content-tweet" data-tweet="12">',
    "clipping": "---\ntitle: a\n---\n[a](https://a.b) ",
    "unrolled_text": "1/ a\n\n2/ b\n\n",
    "x_export": "window.YTD.tweets.part0 = [",
    "bluesky": '{"feed":[{"post":{"uri":"at://a/app.bsky.feed.post/1","author":{"did":"a"},"record":',
    "mastodon_outbox": '{"type":"OrderedCollection","orderedItems":[',
}


def read_with(reader: Reader, action: str) -> Callable[[str], object]:
    def work(text: str) -> None:
        file = SavedFile("a file", text.encode())
        if action == "recognise":
            reader.recognise(file)
        else:
            with suppress(ReadError):
                list(reader.read(file).threads)

    return work


def name_of(reader: Reader) -> str:
    return inspect.getmodule(reader.read).__name__.rpartition(".")[2]  # type: ignore[union-attr]


@pytest.mark.slow
@pytest.mark.parametrize("action", ["recognise", "read"])
@pytest.mark.parametrize("reader", readers(), ids=name_of)
def test_recognising_and_reading_take_time_in_step_with_the_size(reader: Reader, action: str) -> None:
    opening = OPENINGS.get(name_of(reader), "")
    work = read_with(reader, action)
    families = FAMILIES if name_of(reader) in OF_TEXT else BRACKETS
    ratios = {token: growth(work, repeated(token, opening)) for token in families}
    assert {token: ratio for token, ratio in ratios.items() if ratio > MOST} == {}


@pytest.mark.parametrize(
    ("work", "make"),
    [
        (lambda text: plain_lines([text], 0), lambda size: "[**" + "*" * min(size, 99_000)),
        (is_spool, lambda size: "🧵" * size + "a"),
        (post_time, lambda size: "a" + " " * size + "b"),
        (parse_fragment, lambda size: f"<p {' '.join(f'a{number}' for number in range(size // 8))}>"),
        (
            lambda text: with_attachments(
                Post(1, text), (Attachment(AttachmentKind.LINK, one) for one in text.split())
            ),
            lambda size: "".join(f"https://a.b/{number} " for number in range(size // 16)),
        ),
        (
            lambda text: linked(
                text,
                [
                    {
                        "index": {"byteStart": at, "byteEnd": at + 9},
                        "features": [{"$type": "a#link", "uri": "http://a"}],
                    }
                    for at in range(0, len(text) - 9, 10)
                ],
            ),
            lambda size: "some word " * (size // 10),
        ),
    ],
    ids=["card", "spool", "time", "attributes", "links", "facets"],
)
def test_what_only_parts_of_a_record_reach_takes_time_in_step_too(
    work: Callable[[str], object], make: Callable[[int], str]
) -> None:
    assert growth(work, make) <= MOST
