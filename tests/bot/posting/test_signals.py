"""A signal at a random moment, to real processes; the long run is ``python -m tests.benchmarks.signals``."""

from pathlib import Path

import pytest

from tests.benchmarks.signals import stopped
from tests.promises.figures import note


@pytest.mark.slow
async def test_stopped_at_random_moments_it_exits_in_time_and_leaves_no_post_half_done(
    tmp_path: Path,
) -> None:
    stops = await stopped(tmp_path, 4)
    note(str(stops))
    assert stops.shortfalls() == []
    assert stops.replies[1] > 0
