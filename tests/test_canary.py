"""The watch sees the token wherever it is left: each kind of leak fails a session of its own."""

import base64
import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.log import Redaction
from retrieval.sqlite import sqlite3
from tests.canary import INTERACTION, ON_PURPOSE, TOKEN, leaks_in, traces_in

ROOT = Path(__file__).resolve().parents[1]
SECRET = TOKEN.rpartition(".")[2]

LEAKS = {
    "printed": "print(TOKEN)",
    "half printed": "print(SECRET[:20])",
    "logged": "logging.getLogger('bot').warning('with %s', TOKEN)",
    "logged, an interaction's": "logging.getLogger('bot').warning('with %s', INTERACTION)",
    "raised": "raise RuntimeError(TOKEN)",
    "in a database": (
        "db = sqlite3.connect(tmp_path / 'a.db'); db.execute('create table t (x)');"
        "db.execute('insert into t values (?)', (TOKEN,)); db.commit(); db.close()"
    ),
    "in a page": "(tmp_path / 'page.html').write_text(f'<p>{TOKEN}</p>')",
    "in a name": "(tmp_path / SECRET).mkdir()",
    "in base 64": "(tmp_path / 'x').write_bytes(base64.b64encode(f'Bot {TOKEN}'.encode()))",
    "in a page over the wire": (
        "import aiohttp, aiohttp.web as web, asyncio\n"
        "    async def page(_): return web.Response(text=TOKEN)\n"
        "    async def look():\n"
        "        app = web.Application(); app.router.add_get('/', page)\n"
        "        runner = web.AppRunner(app); await runner.setup()\n"
        "        await web.TCPSite(runner, '127.0.0.1', 0).start()\n"
        "        port = runner.addresses[0][1]\n"
        "        async with aiohttp.ClientSession(trace_configs=[watched()]) as session:\n"
        "            async with session.get(f'http://127.0.0.1:{port}/') as response: await response.text()\n"
        "        await runner.cleanup()\n"
        "    asyncio.run(look())"
    ),
    "by a program": "heard(subprocess.check_output([sys.executable, '-c', f'print({TOKEN!r})'], text=True))",
}
CLEAN = {
    "nothing": "pass",
    "the settings file": "(tmp_path / '.env').write_text(f'BOBBIN_DISCORD_TOKEN={TOKEN}')",
    "another token": "print('MTIz.GvQx7a.' + 'x' * 38)",
}
HEAD = """\
import base64, logging, sqlite3, subprocess, sys
from tests.canary import INTERACTION, TOKEN, heard, watched
SECRET = TOKEN.rpartition(".")[2]
def test_something(tmp_path):
"""


def session(folder: Path, body: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(f"{HEAD}    {body}\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.canary", "-p", "no:cacheprovider", *options]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def apart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose name tells the watch over these tests to leave it alone."""
    return tmp_path_factory.mktemp(ON_PURPOSE)


@pytest.mark.slow
@pytest.mark.parametrize("body", LEAKS.values(), ids=LEAKS)
def test_a_leak_of_any_kind_fails_the_session(apart: Path, body: str) -> None:
    ended = session(apart, body)
    assert ended.returncode == 1, ended.stdout
    assert "the token was found" in ended.stdout


def test_a_leak_in_a_process_beside_fails_it_too(apart: Path) -> None:
    ended = session(apart, LEAKS["in a page"], "-n", "1")
    assert ended.returncode == 1, ended.stdout
    assert "page.html" in ended.stdout


@pytest.mark.parametrize("body", CLEAN.values(), ids=CLEAN)
def test_where_nothing_leaks_the_session_passes(apart: Path, body: str) -> None:
    ended = session(apart, body)
    assert ended.returncode == 0, ended.stdout


def test_the_token_looks_like_any_other() -> None:
    assert TOKEN not in Redaction()(f"a token that was not made known, {TOKEN}, in a line")
    assert not traces_in(Redaction()(f"with {TOKEN} and aW50ZXJhY3Rpb246{INTERACTION}").encode())


@pytest.mark.parametrize("shift", range(3))
def test_it_is_known_in_base_64_wherever_it_stands(shift: int) -> None:
    assert traces_in(base64.b64encode(b"x" * shift + SECRET.encode() + b"rest"))
    assert not traces_in(base64.b64encode(b"x" * 60))


def test_the_log_of_a_database_is_looked_at_too(apart: Path) -> None:
    db = sqlite3.connect(apart / "a.db")
    db.execute("pragma journal_mode = wal")
    db.execute("create table t (x)")
    db.execute("insert into t values (?)", (TOKEN,))
    db.commit()
    assert {"a.db-wal"} <= set(leaks_in(apart))
    db.close()
    (apart / "packed.gz").write_bytes(gzip.compress(TOKEN.encode()))
    assert "packed.gz" not in set(leaks_in(apart)), "what is packed is not unpacked"
