import asyncio
import contextvars
import threading
from collections.abc import Callable

import pytest

from bot.interactions.search_queue import SearchPace, SearchQueue


class Short(SearchPace):
    """The pace of an archive whose every search is short, however busy the machine is."""

    short = True


class Long(SearchPace):
    short = False


def here() -> bool:
    return threading.current_thread() is threading.main_thread()


@pytest.mark.parametrize(
    ("ready", "pace", "on_the_loop"),
    [(True, Short(), True), (False, Short(), False), (True, Long(), False)],
)
async def test_a_search_runs_on_the_loop_where_it_is_short_and_waits_for_nothing(
    *, ready: bool, pace: SearchPace, on_the_loop: bool
) -> None:
    assert await SearchQueue(lambda: ready, pace).run(here) is on_the_loop


async def test_between_two_short_searches_the_loop_has_a_turn() -> None:
    loop, turns, seen = asyncio.get_running_loop(), [0], []

    def turn() -> None:
        turns[0] += 1
        loop.call_soon(turn)

    def search(number: int) -> Callable[[], None]:
        return lambda: seen.append((number, turns[0]))

    loop.call_soon(turn)
    queue = SearchQueue(lambda: True, Short())
    await asyncio.gather(*(queue.run(search(number)) for number in range(20)))
    numbers, moments = zip(*seen, strict=True)
    assert numbers == tuple(range(20))
    assert len(set(moments)) == 20


async def test_searches_keep_their_order_wherever_each_runs() -> None:
    seen: list[int] = []
    at: list[bool] = []
    turn_about = iter([True, False, False, True] * 10)

    def search(number: int) -> Callable[[], None]:
        def run() -> None:
            seen.append(number)
            at.append(here())

        return run

    queue = SearchQueue(lambda: next(turn_about), Short())
    await asyncio.gather(*(queue.run(search(number)) for number in range(40)))
    assert seen == list(range(40))
    assert at == [True, False, False, True] * 10


@pytest.mark.parametrize("pace", [Short(), Long()])
async def test_an_error_is_raised_where_it_was_asked_and_the_next_search_runs(pace: SearchPace) -> None:
    queue = SearchQueue(lambda: True, pace)

    def fails() -> None:
        raise LookupError("no such post")

    failed, found = await asyncio.gather(queue.run(fails), queue.run(lambda: 7), return_exceptions=True)
    assert isinstance(failed, LookupError)
    assert found == 7


@pytest.mark.parametrize("pace", [Short(), Long()])
async def test_a_search_that_is_awaited_no_more_before_its_turn_never_runs(pace: SearchPace) -> None:
    queue, ran = SearchQueue(lambda: True, pace), []
    waiting = [asyncio.create_task(queue.run(lambda n=number: ran.append(n))) for number in range(3)]  # type: ignore[misc]
    await asyncio.sleep(0)
    waiting[1].cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert ran == [0, 2]


@pytest.mark.parametrize("pace", [Short(), Long()])
async def test_a_search_sees_the_context_of_its_question(pace: SearchPace) -> None:
    asked: contextvars.ContextVar[str] = contextvars.ContextVar("asked")
    asked.set("here")
    assert await SearchQueue(lambda: True, pace).run(asked.get) == "here"


def test_thirty_two_short_searches_in_a_row_make_the_next_one_short() -> None:
    pace = SearchPace()
    for _ in range(31):
        pace.note(0.001)
        assert not pace.short
    pace.note(0.001)
    assert pace.short
    pace.note(0.007)  # a longer one among many short ones
    assert pace.short
    pace.note(0.009)  # this one held the loop
    assert not pace.short


def test_searches_that_take_two_milliseconds_on_average_are_not_short() -> None:
    pace = SearchPace()
    for seconds in [0.0015, 0.003] * 16:
        pace.note(seconds)
    assert not pace.short
    for _ in range(32):
        pace.note(0.0015)
    assert pace.short
