"""The bounded memory of what was done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.interactions.lru import RecentIds


@given(st.lists(st.integers(0, 20)), st.integers(1, 30))
def test_an_id_is_new_unless_it_is_among_the_latest_different_ones(ids: list[int], room: int) -> None:
    memory, kept = RecentIds(room), list[int]()
    for one in ids:
        assert memory.is_new(one) is (one not in kept)
        if one not in kept:
            kept = [*kept, one][-room:]


def test_what_is_forgotten_counts_as_new_again() -> None:
    memory = RecentIds()
    assert memory.is_new(7)
    memory.forget(7)
    assert memory.is_new(7)


def test_a_memory_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        RecentIds(0)
