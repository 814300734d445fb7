"""Bobbin's own form: equal threads are equal lines, and lines come back as they were."""

import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.archive import Archive
from retrieval.errors import CollectionNotFoundError, RejectedError, StoreError
from retrieval.formats import jsonl_format
from retrieval.formats.import_types import TEXT, SavedFile
from retrieval.model import Attachment, AttachmentKind, Completeness, Post, Thread
from retrieval.readers.json import open_form
from retrieval.readers.registry import read
from retrieval.storage.store import Source, Store

NOON = datetime(2024, 5, 3, 12, 30, 15, 250, tzinfo=UTC)
LACE = Thread(
    (
        Post(
            1,
            "Bobbin lace\u2028is “made”\nof \t threads 🧵",
            1,
            "17",
            "https://e.org/1",
            NOON,
            "@ada",
            "/1",
            (3, 4),
        ),
        Post(2, "Two moves."),
    ),
    Completeness.FRAGMENT,
    author="@ada",
    title="Lace",
    url="https://e.org/1",
    posted_at=NOON,
)

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)
ADDRESSES = WORDS.map(lambda words: f"https://example.org/{words}")
ATTACHMENTS = st.lists(
    st.builds(Attachment, st.sampled_from(AttachmentKind), st.none() | ADDRESSES, st.none() | WORDS),
    max_size=2,
).map(tuple)
TIMES = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(lambda time: time.replace(tzinfo=UTC))  # noqa: DTZ001


@st.composite
def threads(draw: st.DrawFn) -> Thread:
    count = draw(st.integers(1, 4))
    posts = tuple(
        Post(
            ordinal,
            draw(WORDS),
            number=draw(st.none() | st.integers(-(2**63), 2**63 - 1)),
            source_id=draw(st.none() | st.integers(1, 9).map(str)),
            url=draw(st.none() | ADDRESSES),
            posted_at=draw(st.none() | TIMES),
            author=draw(st.none() | WORDS),
            marker=draw(st.none() | WORDS),
            attachments=draw(ATTACHMENTS),
        )
        for ordinal in range(1, count + 1)
    )
    return Thread(
        posts,
        draw(st.sampled_from(Completeness)),
        author=draw(st.none() | WORDS),
        title=draw(st.none() | WORDS),
        url=draw(st.none() | ADDRESSES),
        posted_at=draw(st.none() | TIMES),
    )


def back(line: str) -> Thread:
    (thread,) = jsonl_format.load_threads(json.loads(line))
    return thread


def file(*lines: str) -> SavedFile:
    return SavedFile("threads.jsonl", "".join(f"{line}\n" for line in lines).encode())


@given(threads())
def test_a_thread_is_one_line_and_comes_back_as_it_was(thread: Thread) -> None:
    line = jsonl_format.dump_line(thread)
    assert "\n" not in line
    assert back(line) == thread
    assert jsonl_format.dump_line(back(line)) == line


def test_markers_come_back_and_places_in_a_file_do_not() -> None:
    first = back(jsonl_format.dump_line(LACE)).posts[0]
    assert (first.marker, first.lines) == ("/1", None)


def test_what_is_unknown_is_left_out_and_times_are_utc_of_one_width() -> None:
    bare = Thread((Post(1, "Alone."),), posted_at=NOON.astimezone(timezone(timedelta(hours=2))))
    assert jsonl_format.dump_line(bare) == (
        f'{{"bobbin":1,"id":"{bare.id}","completeness":"complete",'
        '"posted_at":"2024-05-03T12:30:15.000250Z","posts":[{"text":"Alone."}]}'
    )


@given(threads(), st.lists(threads(), min_size=1, max_size=3))
def test_versions_come_back_in_the_place_of_what_is_made_from_them(
    thread: Thread, versions: list[Thread]
) -> None:
    assert jsonl_format.load_threads(json.loads(jsonl_format.dump_line(thread, versions))) == tuple(versions)


def test_a_line_by_hand_needs_nothing_but_the_version_and_texts() -> None:
    (by_hand,) = jsonl_format.load_threads({"bobbin": 1, "posts": [{"text": "Alone."}]})
    assert by_hand == Thread((Post(1, "Alone."),))
    assert jsonl_format.load_threads({"bobbin": 1, "id": "no id of ours", "posts": [{"text": "Alone."}]}) == (
        by_hand,
    )


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"bobbin": None}, "'bobbin' is no version"),
        ({"bobbin": True}, "'bobbin' is no version"),
        ({"bobbin": 0}, "'bobbin' is no version"),
        ({"posts": []}, "'posts' is no list"),
        ({"posts": {"text": "x"}}, "'posts' is no list"),
        ({"posts": [{"text": "x"}, "y"]}, "post 2 has no text"),
        ({"posts": [{"text": None}]}, "post 1 has no text"),
        ({"posts": [{"text": 1}]}, "'text' is no text"),
        ({"posts": [{"text": "x", "number": "1"}]}, "number of post 1"),
        ({"posts": [{"text": "x", "number": 2**63}]}, "number of post 1"),
        ({"completeness": "whole"}, "'completeness' is none of"),
        ({"completeness": []}, "'completeness' is none of"),
        ({"versions": {}}, "'versions' is no list"),
        ({"versions": [1]}, "'versions' is no list"),
        ({"versions": [{"posts": []}]}, "'posts' is no list"),
    ],
)
def test_a_line_that_is_wrong_says_what_is_wrong_and_loses_only_itself(
    broken: dict[str, Any], words: str
) -> None:
    value = json.loads(jsonl_format.dump_line(LACE)) | broken
    with pytest.raises(ValueError, match=words):
        jsonl_format.load_threads(value)
    found = read(file(jsonl_format.dump_line(LACE), json.dumps(value)))
    whole, *fragments = found.threads
    assert whole == LACE
    assert {one.completeness for one in fragments} <= {Completeness.FRAGMENT}
    (left_out,) = found.left_out
    assert words in left_out.why
    assert left_out.lines == (2, 2)


@pytest.mark.parametrize(
    "damage",
    [
        {"url": "javascript:alert(1)"},
        {"url": "htps://a.example"},
        {"url": 7},
        {"posted_at": "yesterday"},
        {"posted_at": "2024-05-03"},
        {"posted_at": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_a_damaged_address_or_time_costs_itself_and_not_the_post_title_or_author(
    damage: dict[str, Any],
) -> None:
    value = json.loads(jsonl_format.dump_line(LACE)) | damage
    value["posts"][0] |= damage
    (thread,) = jsonl_format.load_threads(value)
    assert [post.text for post in thread.posts] == [post.text for post in LACE.posts]
    assert (thread.title, thread.author) == (LACE.title, LACE.author)
    assert getattr(thread, next(iter(damage))) is None
    found = read(file(json.dumps(value)))
    assert found.left_out == ()
    assert found.warnings == ("addresses, times or attachments that are damaged, left unknown: 2",)


@pytest.mark.parametrize(
    "damage", ["a cat", 7, {"kind": "image"}, [7], ["a cat"], [{"kind": ["image"]}], [{"kind": "hologram"}]]
)
def test_a_damaged_attachment_costs_itself_and_no_other(damage: Any) -> None:
    sound = {"kind": "image", "address": "https://a.example/cat.jpg", "description": "A cat"}
    value = json.loads(jsonl_format.dump_line(LACE))
    value["posts"][0]["attachments"] = damage
    value["posts"][1]["attachments"] = [*(damage if isinstance(damage, list) else []), sound]
    found = read(file(json.dumps(value)))
    (thread,) = found.threads
    assert [post.text for post in thread.posts] == [post.text for post in LACE.posts]
    assert [post.attachments for post in thread.posts] == [
        (),
        (Attachment(AttachmentKind.IMAGE, "https://a.example/cat.jpg", "A cat"),),
    ]
    (warning,) = found.warnings
    assert warning.startswith("addresses, times or attachments that are damaged")


def test_the_whole_posts_of_a_broken_line_are_kept_as_a_fragment() -> None:
    broken = jsonl_format.dump_line(LACE).replace('"title":', '"title"').replace("Two moves", "Three moves")
    found = read(file(jsonl_format.dump_line(LACE), broken))
    whole, fragment = found.threads
    assert whole == LACE
    assert fragment.completeness is Completeness.FRAGMENT
    assert [post.text for post in fragment.posts] == [LACE.posts[0].text, "Three moves."]
    assert found.left_out[0].lines == (2, 2)
    assert found.warnings == (
        "1 thread is broken; the posts that are whole are kept, each thread's as a fragment",
    )


@pytest.mark.parametrize(
    ("damage", "kept"),
    [
        (('"completeness":"fragment"', '"completeness":"torn"'), [post.text for post in LACE.posts]),
        (('"posts":', '"pests":'), [post.text for post in LACE.posts]),
    ],
)
def test_of_a_thread_that_cannot_be_read_the_whole_posts_are_kept(
    damage: tuple[str, str], kept: list[str]
) -> None:
    line = jsonl_format.dump_line(replace(LACE, url=None))
    broken = line.replace(*damage)
    assert broken != line
    found = read(file(jsonl_format.dump_line(Thread((Post(1, "Alone."),))), broken))
    assert [post.text for post in found.threads[1].posts] == kept
    assert found.threads[1].completeness is Completeness.FRAGMENT
    assert found.left_out[0].lines == (2, 2)


def test_a_newer_version_is_left_out_and_named_never_guessed_at() -> None:
    newer = json.dumps(json.loads(jsonl_format.dump_line(LACE)) | {"bobbin": 2})
    found = read(file(jsonl_format.dump_line(LACE), newer))
    assert found.threads == (LACE,)
    assert [(one.why, one.lines) for one in found.left_out] == [
        ("thread in a newer version of the form; update Bobbin to read it", (2, 2))
    ]
    with pytest.raises(RejectedError, match="update Bobbin"):
        read(file(newer, newer))


def test_keys_that_nobody_knows_are_passed_over_and_named() -> None:
    value = json.loads(jsonl_format.dump_line(LACE)) | {"mood": "calm"}
    value["posts"][0]["likes"] = 3
    found = read(file(json.dumps(value)))
    assert found.threads == (LACE,)
    assert found.warnings[0].endswith("were passed over: likes, mood")


def test_what_the_operator_says_fills_what_the_file_leaves_open() -> None:
    bare = jsonl_format.dump_line(Thread((Post(1, "Alone."),)))
    named = SavedFile("x", f"{bare}\n{jsonl_format.dump_line(LACE)}\n".encode(), author="@bo")
    assert [thread.author for thread in open_form.read(named).threads] == ["@bo", "@ada"]


# Through the archive


def exported(archive: Archive, **which: Any) -> bytes:
    return b"".join(f"{line}\n".encode() for line in archive.export(**which))


def filled(path: Path, batches: Sequence[Sequence[Thread]]) -> None:
    with Store.open(path) as store:
        for number, batch in enumerate(batches):
            source = Source(f"{number}.txt", f"{number:064}", "test")
            store.save(batch, store.collection("main"), source, NOON)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(threads(), min_size=1, max_size=4), min_size=1, max_size=4), st.randoms())
def test_export_import_into_an_empty_archive_and_export_gives_the_same_bytes(
    batches: list[list[Thread]], chance: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        filled(Path(folder, "one.db"), batches)
        with Archive.open(Path(folder, "one.db")) as one:
            before = exported(one)
        lines = before.splitlines(keepends=True)
        assert len(lines) == len({json.loads(line)["id"] for line in lines})
        chance.shuffle(lines)
        with Archive.open(Path(folder, "two.db")) as two:
            report = two.import_file(SavedFile("export.jsonl", b"".join(lines)))
            assert report.error is None
            assert exported(two) == before
            two.import_file(SavedFile("export.jsonl", before))
            assert exported(two) == before


def test_an_export_is_of_one_collection_and_of_one_author_where_wanted(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        archive.import_file(file(jsonl_format.dump_line(LACE)))
        archive.import_file(SavedFile("b.txt", b"Somebody else's words.", form=TEXT), collection="others")
        archive.import_file(
            SavedFile("c.txt", b"A secret of the server's.", form=TEXT), collection="main", server_id=5
        )
        assert exported(archive).count(b"\n") == 1
        assert b"Somebody" in exported(archive, collection="others")
        for name in ("@ada", "ada", "@ADA"):
            assert exported(archive, author=name) == exported(archive)
        assert exported(archive, author="bo") == b""
        with pytest.raises(CollectionNotFoundError, match="'elsewhere'"):
            exported(archive, collection="elsewhere")
        with pytest.raises(CollectionNotFoundError):
            exported(archive, collection="handbook")


def test_an_export_shows_one_moment_while_others_write(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        for number in range(3):
            archive.import_file(
                SavedFile(f"{number}", f"Thread {number} is about the quay.".encode(), form=TEXT)
            )
        lines = archive.export()
        first = next(lines)
        archive.import_file(SavedFile("more", b"One thread more, and it is about the pier.", form=TEXT))
        assert len([first, *lines]) == 3
        assert len(list(archive.export())) == 4


def test_an_export_of_a_closed_archive_is_a_clear_error(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        archive.import_file(file(jsonl_format.dump_line(LACE)))
    with pytest.raises(StoreError):
        exported(archive)
