import gc
import sys
from collections.abc import Iterator

import pytest

from bot.runtime import freeze_loaded_objects, resume_gc


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    interval = sys.getswitchinterval()
    yield
    sys.setswitchinterval(interval)
    gc.unfreeze()
    gc.enable()


def test_threads_take_short_turns_and_what_is_there_is_not_looked_through_again() -> None:
    gc.unfreeze()
    freeze_loaded_objects()
    assert sys.getswitchinterval() == pytest.approx(0.0005)
    assert gc.get_freeze_count() > 10_000
    assert len(gc.get_objects()) < gc.get_freeze_count() / 10


def test_what_is_loaded_later_is_left_out_and_not_looked_through_either() -> None:
    freeze_loaded_objects()
    assert not gc.isenabled()
    collections = [generation["collections"] for generation in gc.get_stats()]
    loaded = [[number] for number in range(10_000)]
    before = gc.get_freeze_count()
    resume_gc()
    assert gc.get_freeze_count() >= before + len(loaded)
    assert [generation["collections"] for generation in gc.get_stats()] == collections
    assert gc.isenabled()
