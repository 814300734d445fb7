"""Servers never mix, at any of Discord's doors; `python -m tests.benchmarks.servers` does it longer."""

import pytest

from tests.bot.conftest import Start
from tests.bot.mixing import Mixing
from tests.discord.fixtures import Loopback


@pytest.mark.slow
async def test_nothing_of_a_server_is_shown_counted_completed_or_hinted_at_elsewhere(
    loopback: Loopback, start: Start
) -> None:
    async with start() as client:
        mixing = Mixing(client, loopback)
        done = await mixing.run(600)
        for place, text in mixing.everything():
            mixing.hold(place, text, "left standing")
    assert mixing.leaks == []
    assert min(done.values()) > 2
    assert mixing.shown > 300
    # A label says which page it leads to: "More (2/3)".
    assert {"More", "Read thread"} <= {label.partition(" (")[0] for label in mixing.pressed}
