"""Lines of replies: where they begin, how they go on at a branch, and that no post is lost or doubled."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.readers.reply_tree import ChainStart, PostRecord, ReplyChain, build_chains
from tests.growth import MOST, growth

NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)


def post(name: int, parent: int | None = None, author: str | None = "ada", **known: str) -> PostRecord:
    """A post whose number is its id and its age in minutes."""
    return PostRecord(
        str(name),
        author,
        None if parent is None else str(parent),
        known.get("parent_author"),
        NOON + timedelta(minutes=name),
    )


def only(*records: PostRecord) -> ReplyChain:
    (line,) = (chain for chain in build_chains(records) if not chain.branch)
    return line


def branches(*records: PostRecord) -> list[list[int]]:
    return [ids(chain.posts) for chain in build_chains(records) if chain.branch]


def ids(posts: tuple[PostRecord, ...]) -> list[int]:
    return [int(record.id) for record in posts]


def test_answers_to_oneself_make_a_line_in_whatever_order_they_come() -> None:
    line = only(post(3, 2), post(1), post(4, 3), post(2, 1))
    assert (line.start, ids(line.posts), line.branch) == (ChainStart.ROOT, [1, 2, 3, 4], False)


def test_a_post_that_answers_nothing_and_is_not_answered_is_a_line_of_one() -> None:
    assert [(line.start, ids(line.posts)) for line in build_chains([post(2), post(1)])] == [
        (ChainStart.ROOT, [1]),
        (ChainStart.ROOT, [2]),
    ]


def test_at_a_branch_the_longest_chain_is_the_main_line() -> None:
    records = [post(1), post(2, 1), post(3, 1), post(4, 3), post(5, 1)]
    line = only(*records)
    assert ids(line.posts) == [1, 3, 4]
    assert branches(*records) == [[2], [5]]


def test_of_equally_long_chains_the_oldest_is_the_main_line() -> None:
    records = [post(1), post(5, 1), post(6, 5), post(3, 1), post(7, 3)]
    line = only(*records)
    assert ids(line.posts) == [1, 3, 7]
    assert branches(*records) == [[5, 6]]


def test_a_chain_without_times_is_younger_than_one_with_and_ids_break_ties_as_numbers() -> None:
    bare = [PostRecord(name, "ada", parent) for name, parent in (("8", None), ("9", "8"), ("10", "8"))]
    assert ids(only(*bare).posts) == [8, 9]
    assert ids(only(*bare, post(11, 8)).posts) == [8, 11]


def test_branches_of_branches_are_branches_too() -> None:
    records = [post(1), post(2, 1), post(3, 2), post(4, 3), post(5, 1), post(6, 5), post(7, 5)]
    line = only(*records)
    assert ids(line.posts) == [1, 2, 3, 4]
    assert branches(*records) == [[5, 6], [7]]


def test_a_parent_that_is_gone_is_reported_and_not_bridged() -> None:
    root, orphan = build_chains([post(1), post(3, 2, parent_author="ada"), post(4, 3)])
    assert (root.start, ids(root.posts)) == (ChainStart.ROOT, [1])
    assert (orphan.start, ids(orphan.posts)) == (ChainStart.MISSING, [3, 4])


def test_a_line_under_another_author_s_post_is_distinguished_from_one_s_own() -> None:
    there, reply = build_chains([post(1, author="bo"), post(2, 1), post(3, 2)])
    assert (there.start, reply.start, ids(reply.posts)) == (ChainStart.ROOT, ChainStart.ANOTHER, [2, 3])
    assert only(post(2, 1, parent_author="bo")).start is ChainStart.ANOTHER


def test_what_answers_nobody_knows_whom_is_unknown() -> None:
    assert only(post(2, 1)).start is ChainStart.UNKNOWN
    assert [line.start for line in build_chains([post(1, author=None), post(2, 1, author=None)])] == [
        ChainStart.ROOT,
        ChainStart.UNKNOWN,
    ]


def test_a_parent_that_is_another_s_or_nobody_s_where_the_answer_says_it_is_its_own_is_missing() -> None:
    for author in ("bo", None):
        first, orphan = build_chains([post(1, author=author), post(2, 1, parent_author="ada")])
        assert (first.start, ids(first.posts)) == (ChainStart.ROOT, [1])
        assert (orphan.start, ids(orphan.posts)) == (ChainStart.MISSING, [2])


def test_an_answer_between_two_of_the_author_s_breaks_the_line() -> None:
    found = build_chains([post(1), post(2, 1, "bo"), post(3, 2)])
    assert [(line.start, ids(line.posts)) for line in found] == [
        (ChainStart.ROOT, [1]),
        (ChainStart.ANOTHER, [2]),
        (ChainStart.ANOTHER, [3]),
    ]


def test_of_one_id_the_first_record_counts() -> None:
    first, again = post(1), post(1, 5)
    (line,) = build_chains([first, again, post(2, 1)])
    assert line.posts[0] is first
    assert len(build_chains([first, first])) == 1


def test_a_circle_is_cut_before_its_oldest_post() -> None:
    records = [post(3, 2), post(2, 1), post(1, 3), post(4, 2)]
    line = only(*records)
    assert (line.start, ids(line.posts)) == (ChainStart.MISSING, [1, 2, 3])
    assert branches(*records) == [[4]]
    assert only(post(1, 1)).start is ChainStart.MISSING


@pytest.mark.parametrize(
    "parent",
    [lambda n, _: n - 1 if n else None, lambda n, _: 0 if n else None, lambda n, count: (n + 1) % count],
    ids=["one line", "one post", "a circle"],
)
def test_trees_take_time_in_step_with_their_size(parent: Callable[[int, int], int | None]) -> None:
    def made(size: int) -> list[PostRecord]:
        return [post(n, parent(n, size)) for n in range(size)]

    assert growth(build_chains, made) <= MOST


def test_a_hundred_thousand_posts_are_read_whether_in_one_line_or_under_one_post() -> None:
    count = 100_000
    assert len(only(*(post(n, n - 1 if n else None) for n in range(count))).posts) == count
    assert len(branches(*(post(n, 0 if n else None) for n in range(count)))) == count - 2
    assert len(only(*(post(n, (n + 1) % count) for n in range(count))).posts) == count


RECORDS = st.lists(
    st.builds(
        PostRecord,
        id=st.integers(0, 12).map(str),
        author=st.sampled_from(["ada", "ada", "bo", None]),
        parent=st.none() | st.integers(0, 14).map(str),
        parent_author=st.sampled_from(["ada", "bo", None]),
        posted_at=st.none() | st.integers(0, 5).map(lambda n: NOON + timedelta(n)),
    ),
    max_size=14,
)


@given(RECORDS)
def test_every_id_is_in_exactly_one_place(records: list[PostRecord]) -> None:
    placed = [record.id for chain in build_chains(records) for record in chain.posts]
    assert sorted(placed) == sorted({record.id for record in records})


@given(RECORDS)
def test_a_chain_is_of_one_author_and_each_post_answers_the_one_before(records: list[PostRecord]) -> None:
    chains = build_chains(records)
    authors = {record.id: record.author for chain in chains for record in chain.posts}
    for chain in chains:
        assert all(after.parent == before.id for before, after in pairwise(chain.posts))
        assert {record.author for record in chain.posts} == {chain.posts[0].author}
        if chain.branch:
            assert authors[chain.posts[0].parent or ""] == chain.posts[0].author


@given(RECORDS, st.randoms())
def test_the_order_of_records_does_not_matter(records: list[PostRecord], chance: random.Random) -> None:
    unique = list({one.id: one for one in records}.values())
    shuffled = list(unique)
    chance.shuffle(shuffled)
    assert build_chains(unique) == build_chains(shuffled)
