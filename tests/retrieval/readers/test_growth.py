"""Twice the size takes at most three times the time, whatever a file repeats and whichever reader has it.

Ratios of processor time are compared, never seconds, so that a busy machine changes nothing: each figure is
the least of several, and a ratio that is too high is measured again before it counts.
"""

import inspect
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pkgutil import walk_packages

import pytest

from retrieval.errors import ReadError
from retrieval.formats.import_types import SavedFile
from retrieval.readers import registry as package
from retrieval.readers.attachments import with_lines
from retrieval.readers.html_fragment import parse_fragment
from retrieval.readers.json.bluesky import linked
from retrieval.readers.json.x_fields import post_time
from retrieval.readers.numbering import is_spool
from retrieval.readers.registry import Reader, readers
from retrieval.readers.text.markdown import plain_lines

# Until a figure is this large, clocks and the machine's own doings are too much of it.
TELLING = 0.01
SIZES = (16_000, 128_000, 1_000_000)
MOST = 3.0
TRIES = 6

CHARACTERS = ["\n", " ", "\t", "\r\n", "{", "[", "(", "<", "0", "a", '"', "\\", "`", "*", "-", "@", "#", "🧵"]
PAIRS = [
    "\n ",
    "{}",
    "[]",
    "}{",
    "{[",
    "()",
    "<>",
    "ab",
    "1\n",
    "a\n",
    "\n\n1",
    '\\"',
    '"{',
    "{\n",
    "a\u0301",
]
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


def seconds(work: Callable[[str], object], text: str, times: int = 1) -> float:
    least = float("inf")
    for _ in range(times):
        began = time.process_time()
        work(text)
        least = min(least, time.process_time() - began)
    return least


def growth(work: Callable[[str], object], make: Callable[[int], str]) -> float:
    """Return how many times as long twice the size takes, at the smallest size that can tell."""
    size = next((size for size in SIZES if seconds(work, make(size)) > TELLING), None)
    if size is None:
        # The largest is done in a moment, so nothing of it grows.
        return 1.0
    once = twice = float("inf")
    for _ in range(TRIES):
        twice = min(twice, seconds(work, make(size)))
        once = min(once, seconds(work, make(size // 2)))
        # What a machine does beside takes milliseconds; what is quadratic, more than that with each size.
        if twice <= MOST * once + TELLING / 10:
            return min(twice / once, MOST)
    return twice / once


def repeated(token: str, opening: str = "") -> Callable[[int], str]:
    return lambda size: (opening + token * (size // len(token) + 1))[:size]


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


@pytest.mark.parametrize("action", ["recognise", "read"])
@pytest.mark.parametrize("reader", readers(), ids=name_of)
def test_recognising_and_reading_take_time_in_step_with_the_size(reader: Reader, action: str) -> None:
    opening = OPENINGS.get(name_of(reader), "")
    work = read_with(reader, action)
    families = FAMILIES if name_of(reader) in OF_TEXT else BRACKETS
    ratios = {token: growth(work, repeated(token, opening)) for token in families}
    assert {token: ratio for token, ratio in ratios.items() if ratio > MOST} == {}


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes], list[str]]]:
    """Yield every pattern of the readers and of what they parse with, and how its module uses it."""
    for found in walk_packages(package.__path__, f"{package.__name__}."):
        module = import_module(found.name)
        source = inspect.getsource(module)
        for name, held in vars(module).items():
            uses = [use for use in ("match", "search", "finditer", "fullmatch") if f"{name}.{use}" in source]
            uses += ["finditer"] if re.search(rf"\b{name}\.(?:sub|findall|split)\b", source) else []
            for pattern in held if isinstance(held, tuple) else (held,):
                if isinstance(pattern, re.Pattern):
                    yield f"{found.name}.{name}", pattern, uses or ["match"]


def use(pattern: re.Pattern[str] | re.Pattern[bytes], how: str) -> Callable[[str], object]:
    def work(text: str) -> None:
        subject = text if isinstance(pattern.pattern, str) else text.encode()
        found = getattr(pattern, how)(subject)
        if how == "finditer":
            for _ in found:
                pass

    return work


def test_every_pattern_takes_time_in_step_with_the_size() -> None:
    known = list(patterns())
    assert len(known) > 60
    slow = {}
    for name, pattern, uses in known:
        words = re.findall(r"[a-z/\"<:.\[*-]{3,}", str(pattern.pattern))
        for token in [*CHARACTERS, *PAIRS, *words, *(word + " " for word in words)]:
            for how in uses:
                work = use(pattern, how)
                # What is linear takes microseconds here, and is done with.
                if seconds(work, repeated(token)(4_000)) > TELLING / 10:
                    ratio = growth(work, repeated(token))
                    if ratio > MOST:
                        slow[name, how, token] = ratio
    assert slow == {}


@pytest.mark.parametrize(
    ("work", "make"),
    [
        (lambda text: plain_lines([text], 0), lambda size: "[**" + "*" * min(size, 99_000)),
        (is_spool, lambda size: "🧵" * size + "a"),
        (post_time, lambda size: "a" + " " * size + "b"),
        (parse_fragment, lambda size: f"<p {' '.join(f'a{number}' for number in range(size // 8))}>"),
        (
            lambda text: with_lines(text, (f"[link: {one}]" for one in text.split())),
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


def test_a_growth_that_is_quadratic_is_seen() -> None:
    quadratic = re.compile(rb"^\s*[\[{]", re.MULTILINE)
    assert growth(lambda text: quadratic.search(text.encode()), repeated("\n")) > MOST
