"""A private thread and a missing one are the same at every entry point, in content and in time."""

import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.json_output.contract import FUNCTIONS, ContractError, call
from bot.web.routes import ROUTES
from bot.web.site import Freshness, Site
from retrieval.archive import Archive
from retrieval.errors import ThreadNotFoundError
from tests.bot.archives import LAMPS, RIVERS, fill, handbook_in
from tests.bot.web.conftest import KEY, NOON, client_of
from tests.bot.web.threads import keep_threads, thread_of

SERVER = 7
SECRET = thread_of(
    "The harbour office keeps a list of every lamp that was ever moved.",
    "The list is kept behind the blue door, and the key hangs on a nail.",
    author="@spy",
    title="Our own list of lamps",
    day=(2020, 3, 4),
)
MISSING = "zzzzzzzzzzzz"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db", handbook=handbook_in(tmp_path / "handbook")) as opened:
        fill(opened, rivers=RIVERS, lamps=LAMPS)
        keep_threads(opened, [SECRET], server_id=SERVER)
        opened.refresh()
        yield opened


@pytest.fixture
def private(archive: Archive) -> str:
    return archive.catalog.threads(archive.catalog.own_scope(SERVER))[0].id


async def test_every_address_with_a_thread_answers_the_same(archive: Archive, private: str) -> None:
    site = Site(archive, KEY, now=lambda: NOON, freshness=Freshness(NOON))
    paths = [route.path for route in ROUTES if "{thread}" in route.path and "{token}" not in route.path]
    filled = [
        path.replace("{form:txt|md|json}", form).replace("{form:csl\\\\.json|bib}", form)
        for path in paths
        for form in (("txt", "md", "json") if "txt" in path else ("bib",))
    ]
    assert len(filled) > 5
    filled += ["/api/v1/thread?id={thread}", "/threads?q={thread}", "/ask.json?q={thread}"]
    async with client_of(site) as pages:
        for path in filled:
            ours = await _reply(pages, path.replace("{thread}", private), private)
            theirs = await _reply(pages, path.replace("{thread}", MISSING), MISSING)
            assert ours == theirs, path


async def _reply(pages: aiohttp.ClientSession, path: str, name: str) -> tuple[int, dict[str, str], str]:
    async with pages.get(path) as reply:
        varying = {"date", "etag", "content-length"}
        headers = {key: value for key, value in reply.headers.items() if key.lower() not in varying}
        return reply.status, headers, (await reply.text()).replace(name, "THREAD")


def test_no_function_for_programs_says_or_does_more_for_a_private_thread(
    archive: Archive, private: str
) -> None:
    for wanted, missing in (
        (private, MISSING),
        (f"{private}/1", f"{MISSING}/1"),
        ("https://posts.example/@spy/1", "https://posts.example/@zzz/1"),
    ):
        ours, theirs = (_problem(archive, one) for one in (wanted, missing))
        assert ours[0] == theirs[0]
        # As many steps of the program as for what is missing, so that time tells nothing.
        assert ours[1] == theirs[1], (wanted, ours[1], theirs[1])
    titled, other = (_problem(archive, f"Our own list of {what}")[0] for what in ("lamps", "ravens"))
    assert titled == other
    for name, arguments in (
        ("ask", {"question": "What is behind the blue door?"}),
        ("verify", {"quote": SECRET.posts[1].text}),
        ("when", {"words": "behind the blue door"}),
        ("trend", {"words": "nail"}),
        ("threads", {"author": "@spy"}),
    ):
        fields = call(name, archive, arguments)
        FUNCTIONS[name].outputs.model_validate(fields)
        assert private not in str(fields)
        assert "key hangs on a nail" not in str(fields).replace(SECRET.posts[1].text, "")
    assert call("verify", archive, {"quote": SECRET.posts[1].text})["result"] == "absent"
    assert call("when", archive, {"words": "behind the blue door"})["total"] == 0
    assert "2020-03" not in str(call("when", archive, {"words": "ferry"})["period"])


def test_a_server_s_lookup_takes_as_many_steps_for_another_server_s_thread(
    archive: Archive, private: str
) -> None:
    def look(wanted: str) -> None:
        with pytest.raises(ThreadNotFoundError):
            archive.lookup.thread(wanted, archive.catalog.lookup_scope(SERVER + 1))

    for wanted in (private, MISSING):
        look(wanted)  # what is computed once is computed
    assert steps(lambda: look(private)) == steps(lambda: look(MISSING))


def _problem(archive: Archive, wanted: str) -> tuple[object, int]:
    payload: list[object] = []

    def ask() -> None:
        try:
            call("thread", archive, {"id": wanted})
        except ContractError as error:
            payload.append(error.payload)

    ask()  # what is computed once is computed
    taken = steps(ask)
    return payload[-1], taken


def steps(work: Any) -> int:
    """Return how many functions are called for some work, those in C among them.

    The collector of garbage waits meanwhile: what it calls depends on what other tests left behind.
    """
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    gc.collect()
    gc.disable()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
        gc.enable()
    return count
