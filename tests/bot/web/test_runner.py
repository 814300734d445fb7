"""The pages from settings to an address: alone as a process, and beside the bot."""

import logging
import os
import signal
import socket
import time
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.settings import Settings
from bot.web.runner import serve_beside_bot, serve_pages
from retrieval.archive import Archive
from tests.benchmarks.web import bot, free_port
from tests.bot.cli.commands import process
from tests.discord import LoopbackDiscord


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, http_port=0)


async def test_pages_are_served_at_the_address_that_is_given(archive: Archive, settings: Settings) -> None:
    async with (
        serve_pages(archive, settings) as address,
        aiohttp.ClientSession() as session,
        session.get(address + "/") as reply,
    ):
        assert reply.status == 200
        assert address.startswith("http://127.0.0.1:")


HERE = ["localhost", "LOCALHOST.", "127.0.0.1", "127.8.9.1:80", "[::1]", "bobbin.localhost"]
ELSEWHERE = [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example:80",
    "10.0.0.7",
]


async def statuses(archive: Archive, settings: Settings, hosts: list[str]) -> list[int]:
    found = []
    async with serve_pages(archive, settings) as address, aiohttp.ClientSession() as session:
        for host in hosts:
            for path in ("/", "/ask?q=ferry", "/feed.atom", "/static/nothing"):
                async with session.get(address + path, headers={"Host": host}) as reply:
                    found.append(reply.status)
                    if reply.status == 421:
                        assert "localhost" in await reply.text()
    return found


async def test_pages_for_this_machine_answer_no_other_name(archive: Archive, settings: Settings) -> None:
    assert set(await statuses(archive, settings, HERE)) == {200, 404}
    assert set(await statuses(archive, settings, ELSEWHERE)) == {421}


@pytest.mark.parametrize(
    "change",
    [
        {"http_host": "0.0.0.0"},  # noqa: S104 - on purpose
        {"public_url": "https://threads.example"},
        {"trusted_proxies": (ip_network("127.0.0.1/32"),)},
    ],
)
async def test_pages_for_others_answer_by_any_name(
    archive: Archive, settings: Settings, change: dict[str, Any]
) -> None:
    opened = replace(settings, **change)
    assert set(await statuses(archive, opened, ["threads.example", "10.0.0.7"])) == {200, 404}


def test_serve_opens_the_first_page_where_it_is_to(tmp_path: Path) -> None:
    browser = tmp_path / "xdg-open"
    browser.write_text(f'#!/bin/sh\necho "$@" > "{tmp_path}/opened"\n')
    browser.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    with process("serve", "--port", "0", "--open", cwd=tmp_path, env={"PATH": path}) as serving:
        assert serving.stdout is not None
        address = serving.stdout.readline().split()[4]
        opened = tmp_path / "opened"
        deadline = time.monotonic() + 60
        while not (opened.exists() and opened.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        serving.send_signal(signal.SIGTERM)
        serving.communicate(timeout=60)
    assert opened.read_text().strip() == address


async def test_the_bot_goes_on_without_pages_where_the_port_is_taken(
    archive: Archive, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = replace(settings, http_port=taken.getsockname()[1])
        async with serve_beside_bot(archive, busy) as address:
            assert address is None
        with pytest.raises(OSError, match="change BOBBIN_HTTP_HOST or BOBBIN_HTTP_PORT"):
            async with serve_pages(archive, busy):
                pass
    assert "pages not served" in caplog.text


def test_serve_prints_its_address_and_leaves_in_order(tmp_path: Path) -> None:
    with process("serve", "--port", "0", cwd=tmp_path) as serving:
        assert serving.stdout is not None
        assert serving.stdout.readline().startswith("Bobbin's pages are at http://127.0.0.1:")
        serving.send_signal(signal.SIGTERM)
        _, errors = serving.communicate(timeout=60)
    assert (serving.returncode, errors) == (0, "")


def test_serve_says_in_a_sentence_that_its_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with process("serve", "--port", str(taken.getsockname()[1]), cwd=tmp_path) as serving:
            _, errors = serving.communicate(timeout=60)
    assert serving.returncode == 1
    assert "BOBBIN_HTTP_PORT" in errors
    assert "Traceback" not in errors


async def test_the_bot_s_process_serves_pages_and_tells_this_machine_of_its_health(
    tmp_path: Path, archive: Archive
) -> None:
    assert archive.catalog.statistics(archive.catalog.scope()).threads == 2
    port = free_port()
    async with LoopbackDiscord() as discord, bot(discord, tmp_path, port), aiohttp.ClientSession() as session:
        for path, status in (("/", 200), ("/health", 200), ("/metrics", 200), ("/t/0123456789ab", 404)):
            async with session.get(f"http://127.0.0.1:{port}{path}") as reply:
                assert reply.status == status, path
        async with session.get(
            f"http://127.0.0.1:{port}/health", headers={"X-Forwarded-For": "203.0.113.9"}
        ) as reply:
            assert reply.status == 404
