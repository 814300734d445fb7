"""Lines out of the spool: the same as those made in memory, and what only exports have."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from retrieval.readers import reply_tree
from retrieval.readers.x_export.disk_reply_tree import DiskReplyTree
from retrieval.readers.x_export.x_post import Account, ExportedPost

NOON = datetime(2021, 6, 2, 12, tzinfo=UTC)
ADA, KEEPER = 31, 77


@st.composite
def accounts(draw: st.DrawFn) -> list[ExportedPost]:
    """Posts of Ada's, each answering an older one, or somebody, or nobody."""
    numbers = draw(st.lists(st.integers(1, 30), unique=True, max_size=14))
    made = []
    for number in numbers:
        parent = draw(st.none() | st.integers(0, number - 1).map(lambda n: n or None))
        there = parent in numbers
        whose = ADA if there else draw(st.sampled_from([ADA, KEEPER]))
        made.append(
            ExportedPost(
                number,
                f"Post {number}.",
                f"Post {number}.",
                posted_at=NOON + timedelta(minutes=number),
                parent=parent,
                parent_user=whose if parent else None,
            )
        )
    return made


def spooled(posts: list[ExportedPost], account: Account) -> list[tuple[str, list[int], bool]]:
    with DiskReplyTree() as spool:
        for post in posts:
            spool.add(post)
        return [
            (line.start.value, [post.id or 0 for post in line.posts], line.branch)
            for line in spool.lines(account)
        ]


@given(accounts())
def test_lines_are_those_that_replies_makes_in_memory(posts: list[ExportedPost]) -> None:
    records = [
        reply_tree.PostRecord(
            str(post.id),
            str(ADA),
            str(post.parent) if post.parent else None,
            str(post.parent_user) if post.parent_user else None,
            post.posted_at,
        )
        for post in posts
    ]
    expected = [
        (chain.start.value, [int(record.id) for record in chain.posts], chain.branch)
        for chain in reply_tree.build_chains(records)
    ]
    found = spooled(posts, Account("ada", ADA))
    assert sorted(found) == sorted(expected)


@given(accounts())
def test_every_post_is_on_one_line_and_their_order_does_not_matter(posts: list[ExportedPost]) -> None:
    found = spooled(posts, Account("ada", ADA))
    assert sorted(number for _, line, _ in found for number in line) == sorted(post.id for post in posts)
    assert spooled(posts[::-1], Account("ada", ADA)) == found


def test_twenty_thousand_posts_in_one_line_and_under_one_post() -> None:
    count = 20_000
    chain = [ExportedPost(n, "x", "x", parent=n - 1 or None) for n in range(1, count + 1)]
    assert [len(line) for _, line, _ in spooled(chain, Account())] == [count]
    star = [ExportedPost(n, "x", "x", parent=1 if n > 1 else None) for n in range(1, count + 1)]
    assert [len(line) for _, line, _ in spooled(star, Account())] == [2] + [1] * (count - 2)


def test_what_is_forgotten_is_as_if_it_had_not_been_added() -> None:
    with DiskReplyTree() as spool:
        with spool.part():
            spool.add(ExportedPost(1, "One.", "One."))
        with spool.part():
            spool.add(ExportedPost(2, "Two.", "Two."))
            spool.forget()
            spool.add(ExportedPost(3, "Three.", "Three."))
        assert [post.text for line in spool.lines(Account()) for post in line.posts] == ["One.", "Three."]
