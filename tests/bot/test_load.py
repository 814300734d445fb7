"""Many questions at once, and the line cut meanwhile: the small form of ``tests/benchmarks/load.py``."""

import asyncio

import pytest

from bot.client import Bobbin
from tests.benchmarks.load import Crowd, cut_now_and_then
from tests.bot.conftest import Start
from tests.discord.fixtures import Loopback

# Each asks a hundred questions at once.
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("way", ["mention", "ask"])
async def test_all_are_answered_once_when_all_ask_at_once(
    loopback: Loopback, bobbin: Bobbin, way: str
) -> None:
    crowd = Crowd(loopback, way)
    crowd.gather(people=40, servers=5)
    questions = 200 if way == "mention" else 80
    await crowd.go(questions, at_once=True)
    assert len(crowd.replies) == crowd.asked == questions
    assert set(crowd.replies.values()) == {1}
    assert (await bobbin.bot_status()).in_hand == 0


async def test_no_answer_is_lost_or_doubled_when_the_line_is_cut_meanwhile(
    loopback: Loopback, start: Start
) -> None:
    crowd = Crowd(loopback, "mention")
    crowd.gather(people=20, servers=5)
    async with start():
        cutting = asyncio.create_task(cut_now_and_then(loopback, times=20, every=0.05))
        await crowd.go(200, at_once=False)
        cutting.cancel()
    assert len(crowd.replies) == crowd.asked == 200
    assert set(crowd.replies.values()) == {1}
    assert len(loopback.gateway.identifies) == 1
