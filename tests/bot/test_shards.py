import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shards import EVERYTHING, Shards

counts = st.integers(1, 200)
splits = counts.flatmap(
    lambda count: st.tuples(st.lists(st.integers(0, 3), min_size=count, max_size=count), st.just(count))
)


@pytest.mark.parametrize(
    ("text", "ids", "count"),
    [
        ("0/2", (0,), 2),
        (" 1 / 2 ", (1,), 2),
        ("0-3/16", (0, 1, 2, 3), 16),
        ("7-9, 0,5/16", (0, 5, 7, 8, 9), 16),
        ("0/1", (0,), 1),
    ],
)
def test_numbers_and_ranges_are_read(text: str, ids: tuple[int, ...], count: int) -> None:
    assert Shards.parse(text) == Shards(ids, count)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "2/2",
        "0/0",
        "a/b",
        "1-/2",
        "-1/2",
        "0,0/2",
        "3-1/4",
        "0/2/4",
        "0-99999999999/4",
        "0/99999999",
    ],
)
def test_what_cannot_be_shards_is_refused_with_how_to_write_them(text: str) -> None:
    with pytest.raises(ValueError, match=r"like 0/2, 0-3/16"):
        Shards.parse(text)


@given(splits)
def test_processes_that_split_the_shards_serve_every_server_once(split: tuple[list[int], int]) -> None:
    owners, count = split
    shares = [
        Shards(ids, count)
        for process in set(owners)
        if (ids := tuple(shard for shard, owner in enumerate(owners) if owner == process))
    ]
    for server_id in [None, *(number << 22 | 7 for number in range(count * 2))]:
        assert sum(share.has(server_id) for share in shares) == 1
    assert sum(share.leads for share in shares) == 1
    assert all(Shards.parse(str(share)) == share for share in shares)


def test_alone_a_process_serves_everything() -> None:
    assert EVERYTHING.has(None)
    assert EVERYTHING.has(1574166776558649347)
    assert EVERYTHING.leads
