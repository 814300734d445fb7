"""What is a thread by a sign, and what is not, whatever numbers are in it."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import ReadError, RejectedError, UnknownFormError
from retrieval.formats.import_types import TEXT, SavedFile
from retrieval.readers.registry import read
from retrieval.readers.text import plain_text
from retrieval.readers.text.recognition import is_program, sureness
from tests.retrieval.readers.pages import LACE, PLAIN, texts
from tests.retrieval.readers.strangers import BINARY, PROSE, strangers
from tests.shared import SHARED, needs_shared

SAMPLES = Path(__file__).parents[2] / "readers" / "samples"

POSTS = [
    "The lamp on the quay was moved twice last winter, and nobody wrote down why.",
    "The first move was for the ferry, whose captain could not see the pier.",
    "The second one was a quarrel with the fishermen, who wanted their light back.",
    "So it stands where it stood, and the keeper says that it was always there.",
]
STYLES = ["/{n}", "{n}/", "{n}/4", "{n}/x", "{n}/🧵", "({n}/4)", "[{n}/4]", "↓ {n}/4", "🧵 {n}/4", "{n}/4 👇"]
SHAPES = ["{post}\n{mark}\n", "{mark}\n{post}\n", "{mark} {post}\n", "{post} {mark}\n"]


def sure(text: str) -> float:
    return sureness(text.split("\n"))


@pytest.mark.parametrize("gap", ["", "\n"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("style", STYLES)
def test_numbers_in_sequence_are_a_sign_wherever_they_stand(style: str, shape: str, gap: str) -> None:
    page = gap.join(shape.format(post=post, mark=style.format(n=n)) for n, post in enumerate(POSTS, 1))
    assert sure(page) == 0.8


@pytest.mark.parametrize("style", ["/{n}", "{n}/", "{n}/2", "({n}/2)"])
def test_two_posts_are_a_sequence(style: str) -> None:
    assert sure("\n\n".join(f"{post} {style.format(n=n)}" for n, post in enumerate(POSTS[:2], 1))) == 0.8
    assert sure("\n\n".join(f"{style.format(n=n)} {post}" for n, post in enumerate(POSTS[:2], 1))) == 0.8


@pytest.mark.parametrize(
    "page",
    [
        "One.\n/1\nTwo.\n/END\n",
        "A story of lace.\n🧵\nIt begins in Bruges.\n/2\n",
        "One.\n/1\nThree.\n/3\n",
        "The only one.\nIn two lines.\n/1\n",
        "Four.\n/4\nFive.\n/5\n",
        "1/16 One.\n2/16 Two.\n3/16 Three.\n",
        "One (1)\n\nTwo (2)\n\nThree (3)\n",
        "1/ One.\n2/ Two.\n3/ Three.",
        "1/The lamp moved.\n2/It moved twice.",
        "A thread on bread 🧵\n\n1. Bread is old.\n\n2. Salt is older.\n\n3. Both keep.\n",
    ],
)
def test_a_part_of_a_sequence_is_a_sign(page: str) -> None:
    assert sure(page) == 0.8


@pytest.mark.parametrize("style", ["{n}.", "{n})", "({n})"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_list_is_no_sign(style: str, gap: str) -> None:
    assert sure(gap.join(f"{style.format(n=n)} {post}" for n, post in enumerate(POSTS, 1))) == 0.0


@pytest.mark.parametrize(
    "line",
    [
        "Jun 24 3 tweets 2 min read",
        "Jun 24, 2021 • 4 posts • 2 min read",
        ", 3 tweets, 1 min read Read on Twitter",
        "Missing some Tweet in this thread? You can try to",
        "Thread by @adaquill on Thread Reader App",
        "Stay in touch and get notified when new unrolls are available from this author!",
        'thread#showTweet" data-screenname="quill" data-tweet="1212092628029698048" dir="auto">',
    ],
)
def test_the_page_of_the_unrolling_service_is_a_sign(line: str) -> None:
    assert sure(f"{line}\n{PROSE}") == 0.9
    assert sure(f"{PROSE}\n{line}\n") == 0.9


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("title: On lace\nauthor: Ada Quill", True),
        ("author: Ada Quill\nurl: https://example.org/lace\ndate: 2021-06-24", True),
        ("author: '@quill'\ntags: [a]", True),
        ("source: https://threadreaderapp.com/thread/1748300000000000002.html\ntags:\n  - a", True),
        ("url: https://x.com/quill/status/1748300000000000002", True),
        ("url: https://mastodon.example/@quill/112345678901234567", True),
        ("url: https://bsky.app/profile/quill.example/post/3kabc", True),
        ("title: Thread by @quill on Thread Reader App\ntags: [a]", True),
        ("title: On lace", False),
        ("title: On lace\ntags: [a, b]", False),
        ("layout: post\ntitle: On lace\nauthor: Ada Quill", False),
        ("title: On lace\nsource: https://example.org/lace\ntags: clippings", False),
        ("aliases: [lace]\ncssclass: wide", False),
    ],
)
def test_front_matter_is_a_sign_where_only_a_thread_has_it(block: str, told: bool) -> None:  # noqa: FBT001
    assert (sure(f"---\n{block}\n---\n{PROSE}") > 0) is told


@pytest.mark.parametrize("seed", range(15))
def test_nothing_is_taken_for_a_thread_that_is_none(seed: int) -> None:
    known = {"author": "Ada", "title": "On lace", "url": "https://example.org/lace"}
    for name, content in strangers(seed).items():
        with pytest.raises(UnknownFormError) as caught:
            raise AssertionError((name, read(SavedFile(name, content, **known))))  # type: ignore[arg-type]
        assert caught.value.plain == (name not in BINARY and name not in {"page.html", "empty.txt"}), name


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_text_is_taken_when_it_is_asked_for(seed: int) -> None:
    for name, content in strangers(seed).items():
        file = SavedFile(name, content, form=TEXT)
        if plain_text.refusal(file) is None:
            assert read(file).form == plain_text.FORM, name
            assert read(file).threads, name
        else:
            with pytest.raises(RejectedError):
                read(file)


def test_a_thread_that_is_asked_for_as_text_is_read_as_what_it_is() -> None:
    file = SavedFile("lace.txt", LACE.encode(), form=TEXT)
    assert read(file).form == "unrolled page (text)"
    made = read(SavedFile("plain.txt", PLAIN.encode(), form=TEXT))
    assert (made.form, len(made.threads[0].posts)) == ("plain text", 3)


def test_markdown_that_is_asked_for_is_made_plain() -> None:
    made = read(SavedFile("a.md", b"# On salt\n\nOne. [x](https://a.example)\n\nTwo.\n", form=TEXT))
    assert (made.form, made.threads[0].title) == ("plain text", "On salt")
    assert texts(made.threads[0]) == ["One. x\n[link: https://a.example]", "Two."]


def test_every_sample_of_a_thread_is_recognised() -> None:
    """All but the one that has no sign, and what an export holds beside posts."""
    for path in sorted(path for path in SAMPLES.rglob("*") if path.is_file()):
        file = SavedFile(path.name, path.read_bytes())
        if path.name == "unnumbered.txt":
            with pytest.raises(UnknownFormError):
                read(file)
            continue
        try:
            assert read(file).threads, path.name
        except RejectedError:
            assert path.name in {"layout_e.txt", "account.js", "note-tweet.js"}


@needs_shared
def test_every_shared_thread_is_recognised() -> None:
    forms = SHARED / "cases" / "forms"
    names = [*forms.glob("weekly_*"), *forms.glob("unroll_*"), *forms.glob("marker_*"), *forms.glob("clip_*")]
    names += [forms / "copied_from_x.txt", forms / "threadreader.mhtml", *(SHARED / "threads").glob("*.txt")]
    names += (SHARED / "formats" / "x_api_v2").glob("*.json*")
    assert len(names) > 15
    for path in names:
        try:
            read(SavedFile(path.name, path.read_bytes()))
        except RejectedError:
            continue
    for path in forms.glob("not_a_thread*"):
        with pytest.raises(UnknownFormError):
            read(SavedFile(path.name, path.read_bytes()))


def test_bytes_that_are_no_text_are_refused_by_their_reader_only_where_they_show_a_thread() -> None:
    with pytest.raises(ReadError, match="not text in UTF-8") as caught:
        read(SavedFile("old.txt", "Grüße.\n/1\nUnd schöne Tage.\n/2\n".encode("latin-1")))
    assert not isinstance(caught.value, UnknownFormError)


def test_a_thread_about_programs_is_no_program() -> None:
    text = "1/ Never write this:\nimport os\n2/ Nor this:\nreturn 1\n3/ But do this.\n4/ That is all.\n"
    assert not is_program(text)
    assert sure(text) == 0.8


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(STYLES), st.sampled_from(SHAPES))
def test_a_random_thread_is_recognised(seed: int, style: str, shape: str) -> None:
    rng = random.Random(seed)  # noqa: S311 - examples, no secrets
    posts = [
        rng.choice(POSTS) + f" {rng.choice(POSTS)}" * rng.randint(0, 1) for _ in range(rng.randint(3, 12))
    ]
    style = style.replace("4", str(len(posts)))
    if len(set(posts)) > len(posts) // 2:
        assert sure("".join(shape.format(post=p, mark=style.format(n=n)) for n, p in enumerate(posts, 1)))


@pytest.mark.parametrize("unit", ["a", "\n", "1/", "/1\n", "1/ a\n", "(", "a\n\n", "x = 1\n", "- ", "[1/9] "])
def test_recognising_takes_time_in_line_with_the_size(unit: str) -> None:
    def taken(size: int) -> float:
        lines = (unit * (size // len(unit))).split("\n")
        best = 9.0
        for _ in range(3):
            begun = time.process_time()
            sureness(lines)
            best = min(best, time.process_time() - begun)
        return best

    assert taken(200_000) <= max(3.5 * taken(100_000), 0.05)
