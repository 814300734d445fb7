"""Bobbin tells systemd when it is ready, that it lives, and when it stops."""

import asyncio
import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.monitoring.sd_notify import READY, keep_watchdog, notify
from bot.settings import Settings
from tests.bot.test_client import end_of, process
from tests.discord.fixtures import Loopback


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """The service manager's end of the socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(0)
        yield listening


async def lines_until(manager: socket.socket, last: str) -> list[str]:
    lines: list[str] = []
    async with asyncio.timeout(20):
        while last not in lines:
            with suppress(BlockingIOError):
                lines += manager.recv(4096).decode().splitlines()
                continue
            await asyncio.sleep(0.02)
    return lines


async def test_the_bot_says_that_it_is_ready_that_it_lives_and_that_it_stops(
    loopback: Loopback, settings: Settings, manager: socket.socket
) -> None:
    loopback.add_guild("Reading room")
    told = {"NOTIFY_SOCKET": manager.getsockname(), "WATCHDOG_USEC": "200000"}
    async with process(loopback, settings, **told) as child:
        lines = await lines_until(manager, READY)
        lines += await lines_until(manager, "WATCHDOG=1")
        child.terminate()
        lines += await lines_until(manager, "STOPPING=1")
        assert (await end_of(child))[0] == 0
    assert "STATUS=Servers: 1" in lines


async def test_a_loop_that_is_stuck_sends_no_sign_of_life(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", manager.getsockname())
    monkeypatch.setenv("WATCHDOG_USEC", "20000")
    task = asyncio.create_task(keep_watchdog())
    await lines_until(manager, "WATCHDOG=1")
    # What holds the loop holds this test, too: nothing is sent while it does.
    while True:
        try:
            manager.recv(4096)
        except BlockingIOError:
            break
    time.sleep(0.1)  # noqa: ASYNC251 - that is the point
    with pytest.raises(BlockingIOError):
        manager.recv(4096)
    task.cancel()


@pytest.mark.parametrize(
    "environment", [{}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}]
)
async def test_without_a_watchdog_of_its_own_nothing_is_sent(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WATCHDOG_USEC", "WATCHDOG_PID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    await asyncio.wait_for(keep_watchdog(), 1)


def test_without_a_service_manager_or_with_one_that_is_gone_nothing_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify(READY)
    monkeypatch.setenv("NOTIFY_SOCKET", os.fspath(tmp_path / "gone"))
    assert not notify(READY)


def test_a_name_in_the_abstract_namespace_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"bobbin-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name}")
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        assert notify(READY, "STATUS=Answering")
        assert listening.recv(4096) == b"READY=1\nSTATUS=Answering"
