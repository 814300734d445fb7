"""File descriptors: shared so that none is silent, and a connection is accepted when none is left."""

import contextlib
import os
import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.descriptors import ReservingSocket, free_descriptors, split_descriptors
from tests.benchmarks.descriptors import burst
from tests.promises.figures import note


@given(st.integers(64, 100_000))
def test_the_shares_leave_room_for_what_the_process_needs(limit: int) -> None:
    budget = split_descriptors(limit)
    assert budget.outgoing >= 4
    assert budget.page_clients >= 2
    assert budget.outgoing + budget.page_clients + 40 <= limit


@pytest.fixture
def exhausted() -> Iterator[list[int]]:
    """Leave this process without a descriptor, until one of those in the list is closed."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    opened: list[int] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    try:
        yield opened
    finally:
        for descriptor in opened:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def fill(opened: list[int]) -> None:
    with contextlib.suppress(OSError):
        while True:
            opened.append(os.open(os.devnull, os.O_RDONLY))


def test_a_connection_is_accepted_with_no_descriptor_left(exhausted: list[int]) -> None:
    with ReservingSocket() as listening, socket.socket() as first, socket.socket() as second:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.reserve()
        fill(exhausted)
        assert free_descriptors() == 0
        for client in (first, second):
            client.connect(listening.getsockname())
            accepted, _ = listening.accept()
            accepted.sendall(b"well")
            assert client.recv(4) == b"well"
            accepted.close()


def test_beyond_the_reserve_one_connection_makes_room_for_another_or_is_turned_away(
    exhausted: list[int],
) -> None:
    held: list[socket.socket] = []

    def make_room() -> bool:
        if held:
            held.pop(0).close()
            return True
        return False

    with ReservingSocket(make_room=make_room) as listening, contextlib.ExitStack() as clients:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.reserve()
        made = [clients.enter_context(socket.socket()) for _ in range(5)]
        fill(exhausted)
        for client in made[:2]:
            client.connect(listening.getsockname())
            held.append(listening.accept()[0])
        made[2].connect(listening.getsockname())
        with pytest.raises(BlockingIOError):
            listening.accept()
        held.append(listening.accept()[0])  # in the place of the first
        assert made[0].recv(1) == b""
        waiting, held[:] = held[:], []
        made[3].connect(listening.getsockname())
        with pytest.raises(BlockingIOError):
            listening.accept()
        assert made[3].recv(1) == b""  # turned away, not left waiting
        for one in waiting:
            one.close()
        made[4].connect(listening.getsockname())
        listening.accept()[0].close()


@pytest.mark.slow
async def test_with_64_descriptors_each_of_twice_as_many_questions_has_a_reply(tmp_path: Path) -> None:
    outcome = await burst(64, tmp_path)
    note(f"64 descriptors, {outcome.asked} questions: {outcome.told} told, {outcome.silent} silent")
    assert (outcome.asked, outcome.silent) == (128, 0)
