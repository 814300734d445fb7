"""A place to run commands in: a folder of its own, our saved threads, and no settings but a token."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.cli.commands import run
from tests.canary import TOKEN

LAMP = """\
The lamp on the quay was moved twice last winter, and the harbour office wrote down neither move.
/1
The first move was for the ferry. Its captain could not see the pier, so the lamp went north.
/2
The second move was a quarrel. The fishermen wanted their light back, and one night they took it.
/3
The keeper slept through both. He says the lamp was always where it is.
/END
"""
BAKER = """\
Our baker closes the oven at noon, and here is why the bread is better for it.
/1
An oven that cools slowly dries the crust without burning it. The loaves of the last batch stay inside.
/2
In winter the village children warm their hands at the oven door.
/END
"""
HANDBOOK = """\
To import threads, give Bobbin the files: bobbin import PATH takes files and folders.
/1
Importing a file again changes nothing, so you may import the same folder every day.
/END
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("BOBBIN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BOBBIN_DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("BOBBIN_HTTP_PORT", "0")
    (tmp_path / "handbook").mkdir()
    (tmp_path / "handbook" / "importing.txt").write_text(HANDBOOK)
    monkeypatch.setenv("BOBBIN_HANDBOOK", "handbook")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ignoring_interrupts() -> Iterator[None]:
    """Have the tests' process ignore interrupts, as one in the background does."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def pages(place: Path) -> Path:
    folder = place / "pages"
    folder.mkdir()
    (folder / "lamp.txt").write_text(LAMP)
    (folder / "baker.txt").write_text(BAKER)
    return folder


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the data of ``filled`` is kept from its first use on."""
    return tmp_path_factory.mktemp("kept") / "data"


@pytest.fixture
def filled(pages: Path, place: Path, kept: Path) -> Path:
    if kept.exists():
        shutil.copytree(kept, place / "data")
        return pages
    assert run("import", str(pages / "lamp.txt"), "--author", "Ada Example").exit_code == 0
    assert run("import", str(pages / "baker.txt"), "--url", "https://example.org/oven").exit_code == 0
    shutil.copytree(place / "data", kept)
    return pages
