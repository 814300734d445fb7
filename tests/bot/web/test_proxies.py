"""The pages behind nginx and Caddy themselves: a rate limit for each visitor, and a health page for none."""

import asyncio
import contextlib
import logging
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.monitoring.health_page import routes
from bot.monitoring.metrics import Metrics
from bot.monitoring.status import BotStatus, Shard
from bot.settings import Settings
from bot.web.app import make_app
from bot.web.rate_limit import Rate
from bot.web.runner import serve_beside_bot
from bot.web.server import serving
from bot.web.site import Site
from retrieval.archive import Archive
from tests.benchmarks.web import free_port
from tests.bot.monitoring.test_health_page import WELL

NGINX = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{behind};
            {headers}
        }}
    }}
}}
"""
APPENDING = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"
CADDY = """\
{{
    admin off
    auto_https off
    storage file_system {folder}
}}
http://127.0.0.1:{port} {{
    reverse_proxy 127.0.0.1:{behind}
}}
"""
TOKEN = "a-secret-of-the-health-page"  # noqa: S105 - made up for the test

installed = {
    name: pytest.param(
        name, marks=pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    )
    for name in ("nginx", "caddy")
}


@contextlib.asynccontextmanager
async def proxy(name: str, folder: Path, behind: int, headers: str = APPENDING) -> AsyncIterator[str]:
    """Run a proxy before a port of this machine until the end; give its address."""
    port, config = free_port(), folder / f"{name}.conf"
    template = NGINX if name == "nginx" else CADDY
    config.write_text(template.format(folder=folder, port=port, behind=behind, headers=headers))
    words: list[str | Path] = ["-p", folder, "-c", config]
    if name == "caddy":
        words = ["run", "--config", config, "--adapter", "caddyfile"]
    child = await asyncio.create_subprocess_exec(
        name, *words, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(20):
            while True:
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    break
                await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        await child.wait()


async def status(address: str, visitor: str = "127.0.0.2", **headers: str) -> int:
    """Return the status of a page for a visitor who comes from an address."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connector = aiohttp.TCPConnector(local_addr=(visitor, 0))
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.get(address, headers=sent, allow_redirects=False) as reply,
    ):
        return reply.status


@pytest.mark.parametrize("name", installed.values())
async def test_behind_a_trusted_proxy_each_visitor_has_a_limit_of_their_own(
    site: Site, tmp_path: Path, name: str
) -> None:
    limited = replace(
        site, rate=Rate(burst=3, per_second=0.001), trusted_proxies=(ip_network("127.0.0.1/32"),)
    )
    async with serving(make_app(limited), "127.0.0.1", 0) as port, proxy(name, tmp_path, port) as address:
        assert [await status(f"{address}/nowhere") for _ in range(4)] == [404, 404, 404, 429]
        assert await status(f"{address}/nowhere", X_Forwarded_For="203.0.113.9") == 429
        assert await status(f"{address}/nowhere", "127.0.0.3") == 404


@pytest.mark.parametrize("name", installed.values())
async def test_behind_a_proxy_that_is_not_trusted_all_share_one_limit_and_the_log_says_so(
    site: Site, tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    limited = replace(site, rate=Rate(burst=3, per_second=0.001))
    async with serving(make_app(limited), "127.0.0.1", 0) as port, proxy(name, tmp_path, port) as address:
        assert [await status(f"{address}/nowhere") for _ in range(4)] == [404, 404, 404, 429]
        assert await status(f"{address}/nowhere", "127.0.0.3", X_Forwarded_For="203.0.113.9") == 429
    assert caplog.text.count("set BOBBIN_TRUSTED_PROXIES") == 1


def monitoring() -> list[web.RouteDef]:
    async def look() -> BotStatus:
        return replace(WELL, shard_count=1, expected=(0,), shards=(Shard(0, connected=True, latency=0.05),))

    return routes(Metrics(), look)


@pytest.mark.parametrize("name", installed.values())
@pytest.mark.parametrize("change", [{"public_url": "https://x.example"}, {"trusted_proxies": "127.0.0.1"}])
async def test_what_is_public_shows_no_health_page_whatever_the_proxy_says(
    archive: Archive, tmp_path: Path, name: str, change: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    settings = Settings(_env_file=None, data_dir=tmp_path, http_port=port, **change)  # type: ignore[call-arg, arg-type]
    async with (
        serve_beside_bot(archive, settings, monitoring()),
        proxy(name, tmp_path, port, headers="") as address,
    ):
        for path in ("/health", "/metrics", "/live"):
            assert await status(address + path) == 404
            assert await status(f"http://127.0.0.1:{port}{path}", "127.0.0.1") == 404
        assert await status(address + "/") == 200
    assert "set BOBBIN_HEALTH_PORT" in caplog.text


async def test_unset_the_old_address_answers_this_machine(archive: Archive, tmp_path: Path) -> None:
    port = free_port()
    settings = Settings(_env_file=None, data_dir=tmp_path, http_port=port)  # type: ignore[call-arg]
    async with serve_beside_bot(archive, settings, monitoring()):
        address = f"http://127.0.0.1:{port}"
        for path in ("/health", "/metrics", "/live"):
            assert await status(address + path, "127.0.0.1") == 200
            assert await status(address + path, "127.0.0.1", X_Forwarded_For="127.0.0.1") == 404
            assert await status(address + path, "127.0.0.1", Host="attacker.example") == 404


@pytest.mark.parametrize("token", [None, TOKEN])
async def test_a_port_of_its_own_serves_health_to_those_with_the_token(
    archive: Archive, tmp_path: Path, token: str | None
) -> None:
    port, health = free_port(), free_port()
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=tmp_path,
        http_port=port,
        health_port=health,
        health_token=SecretStr(token) if token else None,
        public_url="https://x.example",
    )
    async with serve_beside_bot(archive, settings, monitoring()):
        address = f"http://127.0.0.1:{health}"
        carried = {"Authorization": f"Bearer {token}"} if token else {}
        for path in ("/health", "/metrics"):
            assert await status(address + path, "127.0.0.1", **carried) == 200
            if token:
                for wrong in ({}, {"Authorization": f"Bearer {token}x"}, {"Authorization": token}):
                    assert await status(address + path, "127.0.0.1", **wrong) == 401
            else:
                assert await status(address + path, "127.0.0.1", Host="attacker.example") == 404
            assert await status(f"http://127.0.0.1:{port}{path}", "127.0.0.1") == 404
        assert await status(address + "/live", "127.0.0.1") == 200


async def test_the_bot_goes_on_where_the_health_port_is_taken(
    archive: Archive, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(web.Application(), "127.0.0.1", 0) as taken:
        settings = Settings(_env_file=None, data_dir=tmp_path, http_port=0, health_port=taken)  # type: ignore[call-arg]
        async with serve_beside_bot(archive, settings, monitoring()) as address:
            assert address is not None
    assert "change BOBBIN_HEALTH_HOST or BOBBIN_HEALTH_PORT" in caplog.text
