from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbox.readiness import InboxEntry, TrackedEntry, decide_ready

EVERY = 10.0
PAGE = InboxEntry(size=100, modified=1)

entries = st.builds(
    InboxEntry, size=st.integers(0, 2), modified=st.integers(0, 1), files=st.just(1), arriving=st.booleans()
)
listings = st.lists(st.dictionaries(st.sampled_from(["a.txt", "b.zip", "c", "d.part"]), entries), max_size=30)


def looks(*listings_: Mapping[str, InboxEntry], every: float = EVERY) -> list[tuple[str, ...]]:
    """What is ready in each of several looks."""
    seen: Mapping[str, TrackedEntry] = {}
    found = []
    for number, listing in enumerate(listings_):
        decision = decide_ready(seen, listing, number * every)
        seen = decision.seen
        found.append(decision.ready)
    return found


def test_a_file_is_ready_when_two_looks_find_it_the_same_and_only_once() -> None:
    assert looks({"a.txt": PAGE}, {"a.txt": PAGE}, {"a.txt": PAGE}) == [(), ("a.txt",), ()]


def test_a_file_that_grows_or_changes_is_left_until_it_is_whole() -> None:
    growing = [
        {"a.txt": InboxEntry(size, modified)} for size, modified in [(1, 1), (2, 2), (2, 3), (3, 3), (3, 3)]
    ]
    assert looks(*growing) == [(), (), (), (), ("a.txt",)]


def test_two_looks_in_quick_succession_are_not_enough() -> None:
    assert looks(*[{"a.txt": PAGE}] * 6, every=1.0) == [(), (), (), (), (), ("a.txt",)]


def test_an_empty_file_is_given_time_to_be_filled() -> None:
    empty = {"a.txt": InboxEntry(0, 1)}
    assert looks(*[empty] * 8) == [(), (), (), (), (), (), ("a.txt",), ()]
    assert looks(empty, empty, {"a.txt": PAGE}, {"a.txt": PAGE})[-1] == ("a.txt",)


def test_a_file_that_could_not_be_moved_away_is_read_again_only_when_it_changes() -> None:
    changed = {"a.txt": InboxEntry(101, 2)}
    assert looks(*[{"a.txt": PAGE}] * 4, changed, changed)[-4:] == [(), (), (), ("a.txt",)]


def test_a_file_that_was_taken_away_and_comes_again_is_new() -> None:
    there: dict[str, InboxEntry] = {"a.txt": PAGE}
    assert looks(there, there, {}, there, there) == [(), ("a.txt",), (), (), ("a.txt",)]


def test_a_folder_in_which_a_file_is_arriving_waits() -> None:
    arriving, there = {"export": InboxEntry(5, 1, 2, arriving=True)}, {"export": InboxEntry(5, 1, 2)}
    assert looks(arriving, arriving, arriving, there, there) == [(), (), (), (), ("export",)]


def test_several_are_ready_in_the_order_of_their_names() -> None:
    both = {"b.txt": PAGE, "a.txt": PAGE}
    assert looks(both, both)[1] == ("a.txt", "b.txt")


@pytest.mark.parametrize(
    "name",
    [
        "done",
        "failed",
        ".hidden.txt",
        ".page.txt.swp",
        "page.txt~",
        "~$page.docx",
        "#page.txt#",
        "export.zip.part",
        "export.zip.PARTIAL",
        "export.zip.crdownload",
        "export.download",
        "page.txt.filepart",
        "page.tmp",
    ],
)
def test_unfinished_and_hidden_files_and_its_own_folders_are_never_ready(name: str) -> None:
    assert looks(*[{name: PAGE}] * 12) == [()] * 12


@given(listings)
def test_nothing_is_ready_that_changed_since_the_look_before(found: list[dict[str, InboxEntry]]) -> None:
    for number, ready in enumerate(looks(*found)):
        for name in ready:
            assert number > 0
            assert found[number][name] == found[number - 1].get(name)
            assert not found[number][name].arriving


@given(st.dictionaries(st.text(min_size=1), entries, max_size=5))
def test_what_stays_as_it_is_is_ready_exactly_once_or_never(listing: dict[str, InboxEntry]) -> None:
    ready = [name for look in looks(*[listing] * 10) for name in look]
    assert len(ready) == len(set(ready))
