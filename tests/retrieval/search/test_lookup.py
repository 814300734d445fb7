"""A thread is found by what people have of it: ids, links as they copy them, titles as they remember them."""

import string
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.archive import Archive
from retrieval.errors import AmbiguousThreadError, ThreadNotFoundError
from retrieval.formats.import_types import SavedFile
from retrieval.formats.jsonl_format import dump_line
from retrieval.model import Post, Thread
from retrieval.search.pasted_links import pasted_link

BIRDS, FIRST, SECOND = "1574166776558649344", "1574166776558649347", "1574166776558649399"
DID = "did:plc:abcdefghijklmnop"


def posts(*addresses: tuple[str | None, str | None]) -> tuple[Post, ...]:
    return tuple(
        Post(place, f"Post {place} of what stands at {address} or {name}.", source_id=name, url=address)
        for place, (name, address) in enumerate(addresses, 1)
    )


THREADS = {
    "x": Thread(
        posts((FIRST, f"https://x.com/alice/status/{FIRST}"), (SECOND, f"https://x.com/alice/status/{SECOND}")),
        title="Rivers of Łódź",
        author="@alice",
    ),
    "old": Thread(posts(("20", "https://twitter.com/jack/status/20")), author="@jack"),
    "unrolled": Thread(
        posts((None, None), (None, None)),
        title="Crème brûlée in the navy",
        url="https://threadreaderapp.com/thread/1600000000000000000.html",
    ),
    "mastodon": Thread(
        posts(("https://toots.example/users/mia/statuses/109373000000000001", "https://toots.example/@mia/109373000000000001")),
        author="@mia@toots.example",
    ),
    "bluesky": Thread(
        posts((f"at://{DID}/app.bsky.feed.post/3kabcdefgh2x", f"https://bsky.app/profile/{DID}/post/3kabcdefgh2x")),
        author="@bea.bsky.social",
    ),
    "blog": Thread(posts((None, None)), title="A day at the lock", url="https://www.blog.example/2023/a-day?id=7"),
}  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    path: Path = tmp_path_factory.mktemp("archive") / "archive.db"
    with Archive.open(path) as opened:
        lines = "".join(dump_line(thread) + "\n" for thread in THREADS.values())
        report = opened.import_file(SavedFile("threads.jsonl", lines.encode()))
        assert report.threads.new == len(THREADS)
        yield opened


def found(archive: Archive, typed: str) -> tuple[str, int | None]:
    thread, ordinal = archive.lookup.thread(typed, archive.catalog.lookup_scope())
    return next(name for name, one in THREADS.items() if one.id == thread.id), ordinal


LINKS = [
    (f"https://x.com/alice/status/{SECOND}", "x", 2),
    (f"https://twitter.com/alice/status/{SECOND}", "x", 2),
    (f"https://mobile.twitter.com/alice/status/{SECOND}?s=20&t=abc", "x", 2),
    (f"https://www.twitter.com/alice_renamed/status/{FIRST}/photo/1", "x", 1),
    (f"x.com/i/web/status/{SECOND}", "x", 2),
    (f"<https://fxtwitter.com/alice/status/{SECOND}>", "x", 2),
    (f"see https://nitter.example/alice/status/{SECOND}#m, please", "x", 2),
    (f"[thread](https://twitter.com/alice/statuses/{FIRST})", "x", 1),
    (SECOND, "x", 2),
    (f"https://threadreaderapp.com/thread/{FIRST}.html", "x", 1),
    (f"https://www.threadreaderapp.com/thread/{FIRST}", "x", 1),
    (f"https://unroll.example/t/{FIRST}?lang=en", "x", 1),
    ("https://twitter.com/jack/status/20", "old", 1),
    ("https://threadreaderapp.com/thread/1600000000000000000.html?utm_source=x", "unrolled", None),
    ("http://threadreaderapp.com/thread/1600000000000000000", "unrolled", None),
    ("https://toots.example/@mia/109373000000000001", "mastodon", 1),
    ("https://toots.example/users/mia/statuses/109373000000000001", "mastodon", 1),
    (f"https://bsky.app/profile/{DID}/post/3kabcdefgh2x", "bluesky", 1),
    ("https://bsky.app/profile/bea.bsky.social/post/3kabcdefgh2x?ref=app", "bluesky", 1),
    ("https://blog.example/2023/a-day?id=7", "blog", None),
    ("http://www.blog.example/2023/a-day?id=7#top", "blog", None),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "thread", "ordinal"), LINKS, ids=[link for link, _, _ in LINKS])
def test_a_link_finds_its_thread_and_post(
    archive: Archive, typed: str, thread: str, ordinal: int | None
) -> None:
    assert found(archive, typed) == (thread, ordinal)


@pytest.mark.parametrize(
    "shape",
    [
        "{id}",
        " {ID} ",
        "https://bobbin.example/t/{id}",
        "https://bobbin.example/archive/de/t/{id}?m=abc",
        "http://127.0.0.1:8470/t/{id}.md",
        "https://bobbin.example/s/signed-token_1/{id}?page=1",
        "https://bobbin.example/t/{id}/",
    ],
)
@pytest.mark.parametrize("name", THREADS)
def test_an_id_or_a_page_of_our_own_finds_its_thread(archive: Archive, name: str, shape: str) -> None:
    known = THREADS[name].id
    assert found(archive, shape.format(id=known, ID=known.upper())) == (name, None)


def test_the_place_of_a_post_is_known_from_its_id_and_its_anchor(archive: Archive) -> None:
    known = THREADS["x"].id
    assert found(archive, f"{known}/2") == ("x", 2)
    assert found(archive, f"https://bobbin.example/t/{known}?m=q#2") == ("x", 2)


@pytest.mark.parametrize(
    "link",
    [
        f"https://x.com/alice/status/{BIRDS}",
        "https://x.com/alice",
        "https://example.org/2023/12/31",
        "https://bobbin.example/t/000000000000",
        "https://",
        "https://[",
        "https://x.com/" + "a" * 3_000,
        "https://bsky.app/profile/bea.bsky.social/post/another",
    ],
)
def test_a_link_to_what_is_not_here_finds_nothing(archive: Archive, link: str) -> None:
    with pytest.raises(ThreadNotFoundError):
        found(archive, link)


@pytest.mark.parametrize(
    "typed",
    [
        "rivers of Łódź",
        "RIVERS OF ŁÓDŹ!",
        "rivers of łodz",
        "creme brulee in the navy",
        "Crème BRULÉE: in the navy",
    ],
)
def test_a_title_is_found_without_accents_case_and_marks(archive: Archive, typed: str) -> None:
    assert found(archive, typed)[0] in {"x", "unrolled"}


TITLES = [(name, one.title) for name, one in THREADS.items() if one.title]


@pytest.mark.parametrize(("name", "title"), TITLES, ids=[name for name, _ in TITLES])
def test_a_title_with_any_one_letter_wrong_is_found_and_completed(
    archive: Archive, name: str, title: str
) -> None:
    chance = Random(title)  # noqa: S311 - the same in every run
    for at, letter in enumerate(title):
        other = chance.choice(string.ascii_lowercase)
        if not letter.isalnum():
            continue
        if len(title[:at].rsplit(" ", maxsplit=1)[-1]) + len(title[at:].split(" ", maxsplit=1)[0]) == 1:
            continue  # without its only letter it is no word
        for wrong in (
            title[:at] + other + title[at + 1 :],
            title[:at] + title[at + 1 :],
            title[:at] + other + title[at:],
        ):
            assert found(archive, wrong)[0] == name, wrong
            near = archive.autocomplete.threads(wrong, archive.catalog.scope())
            assert THREADS[name].id in {one.id for one in near}, wrong


@pytest.mark.parametrize("begun", ["rivrs", "rivvers of", "creme brules", "Crem brul", "naxy", "brulse"])
def test_an_unfinished_title_with_a_wrong_letter_is_completed(archive: Archive, begun: str) -> None:
    assert archive.autocomplete.threads(begun, archive.catalog.scope()), begun


def test_two_wrong_letters_are_another_title(archive: Archive) -> None:
    with pytest.raises(ThreadNotFoundError):
        found(archive, "Rovars of Łódź")


def test_a_title_of_several_threads_lists_them(tmp_path: Path) -> None:
    alike = [
        replace(THREADS["x"], posts=posts((None, f"https://other.example/{n}")), id="") for n in range(3)
    ]
    with Archive.open(tmp_path / "archive.db") as archive:
        lines = "".join(dump_line(thread) + "\n" for thread in alike)
        archive.import_file(SavedFile("threads.jsonl", lines.encode()))
        for typed in ("Rivers of Łódź", "rivets of Łódź"):
            with pytest.raises(AmbiguousThreadError) as raised:
                archive.lookup.thread(typed, archive.catalog.scope())
            assert raised.value.total == 3
            assert len({one.heading for one in raised.value.candidates}) == 3


def test_a_thread_beyond_the_scope_is_not_found_by_its_link(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.import_file(SavedFile("a.jsonl", f"{dump_line(THREADS['x'])}\n".encode()), server_id=5)
        for typed in (FIRST, f"https://x.com/alice/status/{FIRST}", THREADS["x"].id, "Rivers of Łódź"):
            assert archive.lookup.thread(typed, archive.catalog.lookup_scope(5))
            with pytest.raises(ThreadNotFoundError):
                archive.lookup.thread(typed, archive.catalog.lookup_scope(6))


@given(st.text(max_size=60) | st.text("htps:/.x@#?%[]()<>12", max_size=60))
def test_any_text_is_read_as_a_link_or_as_none(text: str) -> None:
    link = pasted_link(text)
    assert link is None or all(address.startswith(("http://", "https://")) for address in link.addresses)
