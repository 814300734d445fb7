"""The pages behind nginx and Caddy themselves: a rate limit for each visitor, and a health page for none."""

import asyncio
import contextlib
import logging
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot.monitoring.health_page import routes
from bot.monitoring.metrics import Metrics
from bot.monitoring.status import BotStatus, Shard
from bot.settings import Secret, Settings
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
    default_bind 127.0.0.1
    auto_https off
    storage file_system {folder}
}}
http://127.0.0.1:{port} {{
    reverse_proxy 127.0.0.1:{behind}
}}
"""
DEPLOY = Path(__file__).resolve().parents[3] / "data" / "deploy"
SHIPPED = "threads.example.org"
TOKEN = "a-secret-of-the-health-page"  # noqa: S105 - made up for the test

installed = {
    name: pytest.param(
        name, marks=pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    )
    for name in ("nginx", "caddy")
}

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@contextlib.asynccontextmanager
async def proxy(name: str, folder: Path, behind: int, headers: str = APPENDING) -> AsyncIterator[str]:
    """Run a proxy before a port of this machine until the end; give its address."""
    port = free_port()
    template = NGINX if name == "nginx" else CADDY
    text = template.format(folder=folder, port=port, behind=behind, headers=headers)
    async with running(name, folder, text, port):
        yield f"http://127.0.0.1:{port}"


@contextlib.asynccontextmanager
async def running(name: str, folder: Path, text: str, port: int) -> AsyncIterator[None]:
    """Run a proxy with a configuration until the end, from when its port takes connections."""
    config = folder / f"{name}.conf"
    config.write_text(text)
    words: list[str | Path] = ["-p", folder, "-c", config]
    if name == "caddy":
        words = ["run", "--config", config, "--adapter", "caddyfile"]
    complaints = folder / f"{name}.log"
    with complaints.open("wb") as log:
        child = await asyncio.create_subprocess_exec(name, *words, stdout=log, stderr=log)
    try:
        async with asyncio.timeout(20):
            while True:
                assert child.returncode is None, complaints.read_text()
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    break
                await asyncio.sleep(0.05)
        yield
    finally:
        child.terminate()
        await child.wait()


def shipped(name: str, folder: Path, behind: int, plain: int, secure: int) -> str:
    """Return a shipped sample with the ports, addresses and the certificate of this machine."""
    made = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -keyout privkey.pem"
        f" -out fullchain.pem -subj /CN={SHIPPED} -addext subjectAltName=DNS:{SHIPPED}"
    )
    subprocess.run(made.split(), cwd=folder, check=True, capture_output=True)
    text = (DEPLOY / ("nginx.conf" if name == "nginx" else "Caddyfile")).read_text()
    text = text.replace("127.0.0.1:8470", f"127.0.0.1:{behind}")
    if name == "nginx":
        for port, ours in ((80, plain), (443, secure)):
            text = text.replace(f"listen {port}", f"listen 127.0.0.1:{ours}")
            text = text.replace(f"listen [::]:{port}", f"listen 127.0.0.2:{ours}")
        text = text.replace(f"/etc/letsencrypt/live/{SHIPPED}", str(folder))
        around = NGINX.format(folder=folder, port="", behind="", headers="").partition("    server {")[0]
        return f"{around}{text}}}\n"
    text = text.replace(
        f"\n{SHIPPED} {{", f"\n{SHIPPED}:{secure} {{\n\ttls {folder}/fullchain.pem {folder}/privkey.pem\n"
    )
    options = ("admin off", "default_bind 127.0.0.1", f"http_port {plain}", f"storage file_system {folder}")
    return "".join(("{\n", *(f"\t{option}\n" for option in options), "}\n", text))


#: So many requests, and no other while a test lasts.
THREE = Rate(burst=3, per_second=0.001)


def trusting(site: Site) -> Site:
    """Return the site with three requests a visitor, behind a proxy of this machine."""
    return replace(site, rate=THREE, trusted_proxies=(ip_network("127.0.0.1/32"),))


async def status(address: str, visitor: str = "127.0.0.2", **headers: str) -> int:
    """Return the status of a page for a visitor who comes from an address."""
    return (await page(address, visitor, None, **headers))[0]


async def page(
    address: str, visitor: str = "127.0.0.2", certificate: Path | None = None, **headers: str
) -> tuple[int, str, str]:
    """Return status, text and the header ``Location`` of a page; with a certificate, of the shipped name."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if certificate is not None:
        sent["Host"] = SHIPPED
    connector = aiohttp.TCPConnector(
        local_addr=(visitor, 0), ssl=ssl.create_default_context(cafile=certificate) if certificate else True
    )
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.get(
            URL(address, encoded=True),
            headers=sent,
            allow_redirects=False,
            server_hostname=SHIPPED if certificate is not None else None,
        ) as reply,
    ):
        return reply.status, await reply.text(), reply.headers.get("Location", "")


@pytest.mark.parametrize("name", installed.values())
async def test_behind_a_trusted_proxy_each_visitor_has_a_limit_of_their_own(
    site: Site, tmp_path: Path, name: str
) -> None:
    async with (
        serving(make_app(trusting(site)), "127.0.0.1", 0) as port,
        proxy(name, tmp_path, port) as address,
    ):
        assert [await status(f"{address}/nowhere") for _ in range(4)] == [404, 404, 404, 429]
        assert await status(f"{address}/nowhere", X_Forwarded_For="203.0.113.9") == 429
        assert await status(f"{address}/nowhere", "127.0.0.3") == 404


@pytest.mark.parametrize("name", installed.values())
async def test_behind_a_proxy_that_is_not_trusted_all_share_one_limit_and_the_log_says_so(
    site: Site, tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    limited = replace(site, rate=THREE)
    async with serving(make_app(limited), "127.0.0.1", 0) as port, proxy(name, tmp_path, port) as address:
        assert [await status(f"{address}/nowhere") for _ in range(4)] == [404, 404, 404, 429]
        assert await status(f"{address}/nowhere", "127.0.0.3", X_Forwarded_For="203.0.113.9") == 429
    assert caplog.text.count("set BOBBIN_TRUSTED_PROXIES") == 1


def monitoring() -> list[web.RouteDef]:
    async def look() -> BotStatus:
        return replace(WELL, shard_count=1, expected=(0,), shards=(Shard(0, connected=True, latency=0.05),))

    return routes(Metrics(), look)


@pytest.mark.parametrize("name", installed.values())
@pytest.mark.parametrize(
    "change", [{"public_url": "https://x.example"}, {"trusted_proxies": (ip_network("127.0.0.1"),)}]
)
async def test_what_is_public_shows_no_health_page_whatever_the_proxy_says(
    archive: Archive, tmp_path: Path, name: str, change: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    settings = Settings(data_dir=tmp_path, http_port=port, **change)
    async with (
        serve_beside_bot(archive, settings, monitoring()),
        proxy(name, tmp_path, port, headers="") as address,
    ):
        for path in ("/health", "/metrics", "/live"):
            assert await status(address + path) == 404
            assert await status(f"http://127.0.0.1:{port}{path}", "127.0.0.1") == 404
        assert await status(address + "/") == 200
    assert "set BOBBIN_HEALTH_PORT" in caplog.text


@needs_openssl
@pytest.mark.parametrize("name", installed.values())
async def test_the_shipped_sample_shows_the_pages_and_not_the_health(
    archive: Archive, tmp_path: Path, name: str
) -> None:
    behind, health, plain, secure = (free_port() for _ in range(4))
    settings = Settings(
        data_dir=tmp_path,
        http_port=behind,
        health_port=health,
        public_url=f"https://{SHIPPED}",
        trusted_proxies=(ip_network("127.0.0.1"),),
    )
    text, address = shipped(name, tmp_path, behind, plain, secure), f"https://127.0.0.1:{secure}"
    certificate = tmp_path / "fullchain.pem"
    async with (
        serve_beside_bot(archive, settings, monitoring()),
        running(name, tmp_path, text, secure),
    ):
        found, text, _ = await page(address + "/", certificate=certificate)
        assert found == 200
        assert "<title>" in text
        for path in ("health", "live", "metrics"):
            for written in (f"/{path}", f"/{path}?a=1", f"//{path}", f"/./{path}", f"/{path}%20"):
                assert (await page(address + written, certificate=certificate))[0] == 404, written
            # A slash at the end leads to the address without one, which is none either.
            assert (await page(f"{address}/{path}/", certificate=certificate))[0] in {308, 404}
            assert (await page(f"{address}/%{ord(path[0]):x}{path[1:]}", certificate=certificate))[0] == 404
            assert await status(f"http://127.0.0.1:{health}/{path}", "127.0.0.1") == 200
        moved, _, where = await page(f"http://127.0.0.1:{plain}/threads?q=a+b", Host=SHIPPED)
        assert moved in {301, 308}
        assert where.startswith(f"https://{SHIPPED}")
        assert where.endswith("/threads?q=a+b")


@needs_openssl
@pytest.mark.parametrize("name", installed.values())
async def test_behind_the_shipped_sample_each_visitor_has_a_limit_and_no_header_of_theirs_counts(
    site: Site, tmp_path: Path, name: str
) -> None:
    plain, secure = free_port(), free_port()
    async with serving(make_app(trusting(site)), "127.0.0.1", 0) as port:
        text, certificate = shipped(name, tmp_path, port, plain, secure), tmp_path / "fullchain.pem"
        async with running(name, tmp_path, text, secure):
            address = f"https://127.0.0.1:{secure}/nowhere"
            seen = [(await page(address, certificate=certificate))[0] for _ in range(4)]
            assert seen == [404, 404, 404, 429]
            for spoofed in ("203.0.113.9", "127.0.0.1", "203.0.113.9, 127.0.0.1", "not an address"):
                found = await page(address, certificate=certificate, X_Forwarded_For=spoofed)
                assert found[0] == 429, spoofed
            assert (await page(address, "127.0.0.3", certificate=certificate))[0] == 404


async def test_unset_the_old_address_answers_this_machine(archive: Archive, tmp_path: Path) -> None:
    port = free_port()
    settings = Settings(data_dir=tmp_path, http_port=port)
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
        data_dir=tmp_path,
        http_port=port,
        health_port=health,
        health_token=Secret(token) if token else None,
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
        settings = Settings(data_dir=tmp_path, http_port=0, health_port=taken)
        async with serve_beside_bot(archive, settings, monitoring()) as address:
            assert address is not None
    assert "change BOBBIN_HEALTH_HOST or BOBBIN_HEALTH_PORT" in caplog.text
