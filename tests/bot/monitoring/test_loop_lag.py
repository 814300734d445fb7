import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.monitoring.loop_lag import LongestDelay, measure_loop_lag
from bot.monitoring.metrics import Metrics


async def test_a_loop_that_stands_still_is_seen_standing_still() -> None:
    metrics, longest = Metrics(), LongestDelay()
    task = asyncio.create_task(measure_loop_lag(metrics, longest, every=0.01))
    await asyncio.sleep(0.05)
    before = longest.at(asyncio.get_running_loop().time())
    time.sleep(0.4)  # noqa: ASYNC251 - a blocked loop is what the test is about
    await asyncio.sleep(0.05)
    task.cancel()
    assert before < 0.3 <= longest.at(asyncio.get_running_loop().time()) < 3
    assert (metrics.registry.get_sample_value("bobbin_event_loop_delay_seconds_count") or 0) >= 3
    assert metrics.registry.get_sample_value("bobbin_event_loop_delay_seconds_bucket", {"le": "0.25"}) != (
        metrics.registry.get_sample_value("bobbin_event_loop_delay_seconds_bucket", {"le": "+Inf"})
    )


@given(st.lists(st.tuples(st.floats(0, 40), st.floats(0, 10)), max_size=60))
def test_the_longest_is_that_of_the_time_that_is_remembered(steps: list[tuple[float, float]]) -> None:
    longest, now = LongestDelay(seconds=100, parts=10), 0.0
    seen: list[tuple[float, float]] = []
    for step, value in steps:
        now += step
        longest.see(value, now)
        seen.append((now, value))
        certain = max(value for when, value in seen if when >= now - 100)
        possible = max(value for when, value in seen if when >= now - 110)
        assert certain <= longest.at(now) <= possible
    assert longest.at(now + 120) == 0.0


def test_no_time_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="pass more than 0 seconds"):
        LongestDelay(seconds=0)
