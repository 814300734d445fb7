"""Threads in a file: what goes in comes out, in any order, and slices like a list."""

import gc
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.formats.thread_file import ThreadFile
from retrieval.model import Attachment, AttachmentKind, Completeness, Post, Thread

TIMES = st.none() | st.datetimes(datetime(2007, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - UTC by timezones
NAMES = st.none() | st.text(max_size=8)
LINES = st.none() | st.tuples(st.integers(1, 9), st.integers(1, 9))
POSTS = st.builds(
    Post,
    ordinal=st.just(1),
    text=st.text(st.characters()),
    number=st.none() | st.integers(),
    source_id=NAMES,
    url=NAMES,
    posted_at=TIMES,
    author=NAMES,
    marker=NAMES,
    lines=LINES,
    attachments=st.lists(
        st.builds(Attachment, st.sampled_from(AttachmentKind), NAMES, NAMES), max_size=2
    ).map(tuple),
)


@st.composite
def threads(draw: st.DrawFn) -> Thread:
    posts = draw(st.lists(POSTS, min_size=1, max_size=3))
    ordered = (replace(one, ordinal=place) for place, one in enumerate(posts, start=1))
    return Thread(
        tuple(ordered),
        draw(st.sampled_from(Completeness)),
        draw(NAMES),
        draw(NAMES),
        draw(NAMES),
        draw(TIMES),
    )


def everything(thread: Thread) -> list[object]:
    """Also what does not count when threads are compared."""
    return [thread, thread.lines, *((one.marker, one.lines) for one in thread.posts)]


@given(st.lists(threads(), max_size=4))
def test_what_goes_in_comes_out(given_threads: list[Thread]) -> None:
    kept = ThreadFile.write(given_threads, io.BytesIO())
    assert list(map(everything, kept)) == list(map(everything, given_threads))
    assert len(kept) == len(given_threads)
    assert list(reversed(kept)) == given_threads[::-1]
    assert kept[1:] == given_threads[1:]


def test_it_is_read_more_than_once_and_from_more_than_one_place() -> None:
    kept = ThreadFile.write([Thread((Post(1, text),)) for text in "abc"], io.BytesIO())
    pairs = [(one.posts[0].text, other.posts[0].text) for one in kept for other in kept]
    assert pairs == [(one, other) for one in "abc" for other in "abc"]
    with pytest.raises(IndexError):
        kept[3]


def test_its_file_is_closed_with_it() -> None:
    file = io.BytesIO()
    kept = ThreadFile.write([], file)
    assert not file.closed
    del kept
    gc.collect()
    assert file.closed


@pytest.mark.parametrize(
    "line", [b"1\n", b"{}\n", b"[[],1]\n", b"x\n", b'[[["a"]],"complete",1,1,1,1,"",1]\n']
)
def test_a_line_that_is_no_thread_is_a_value_error(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        ThreadFile(io.BytesIO(line))[0]
