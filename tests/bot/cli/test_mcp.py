"""``bobbin mcp``: tools for programs, in a recorded session; every quote is verbatim."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.cli.mcp import make_server
from bot.json_output.contract import FUNCTIONS, NOTICE
from retrieval.archive import Archive
from tests.bot.archives import LAMPS, RIVERS, fill, handbook_in
from tests.bot.web.threads import DATED, UNDATED, keep_threads, thread_of

client = pytest.importorskip("mcp", reason="the extra mcp is not installed")

ROOT = Path(__file__).resolve().parents[3]
RECORDED = Path(__file__).parent / "recorded_mcp_session.json"
SECRET = thread_of("The harbour office keeps a list of every lamp that was ever moved.", title="Our own")
URL = "https://threads.example.org"
SESSION: list[tuple[str, dict[str, Any]]] = [
    ("ask", {"question": "Why does the ferry cross at dawn?", "limit": 1}),
    ("verify", {"quote": "The ferry at Gozdowice crosses at noon because the current is calm then"}),
    ("verify", {"quote": "The ferry crosses at dawn … and the ice does the crossing for it"}),
    ("when", {"words": "the current was calm", "limit": 1}),
    ("trend", {"words": "quicksilver"}),
    ("threads", {"author": "@Ada", "limit": 1}),
    ("thread", {"id": "zzzzzzzzzzzz"}),
    ("ask", {"question": ""}),
]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db", handbook=handbook_in(tmp_path / "handbook")) as opened:
        fill(opened, rivers=RIVERS, lamps=LAMPS)
        keep_threads(opened, DATED[:3])
        keep_threads(opened, [UNDATED])
        keep_threads(opened, [SECRET], server_id=7)
        yield opened


async def test_the_session_is_as_it_was_recorded(archive: Archive) -> None:
    async with client.Client(make_server(archive, URL)) as session:
        tools = (await session.list_tools()).tools
        assert [tool.name for tool in tools] == list(FUNCTIONS)
        held: list[Any] = []
        for name, arguments in SESSION:
            result = await session.call_tool(name, arguments)
            (content,) = result.content
            fields = json.loads(content.text)
            assert fields == (result.structured_content or fields)
            schema = next(tool.output_schema for tool in tools if tool.name == name)
            if not result.is_error:
                jsonschema.validate(fields, schema)
                assert fields.pop("notice") == NOTICE
            held.append(
                {"tool": name, "arguments": arguments, "error": bool(result.is_error), "result": fields}
            )
    written = json.dumps(_without_figures(held), ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("RECORD_MCP"):  # RECORD_MCP=1 pytest tests/bot/cli/test_mcp.py records it anew
        RECORDED.write_text(written, encoding="utf-8")
    assert written == RECORDED.read_text(encoding="utf-8")


async def test_a_hundred_quotes_of_a_hundred_are_verbatim(archive: Archive) -> None:
    texts = {
        f"{thread.id}/{post.ordinal}": post.text
        for thread, _ in archive._store.threads_of(archive.catalog.collections()[0].id)
        for post in thread.posts
    }
    quotes = 0
    async with client.Client(make_server(archive)) as session:
        for text in list(texts.values()) * 10:
            words = text.split()
            question = " ".join(words[quotes % 3 : quotes % 3 + 12])
            for name, arguments in (
                ("ask", {"question": question}),
                ("when", {"words": " ".join(words[:2])}),
            ):
                fields = (await session.call_tool(name, arguments)).structured_content
                for one in fields.get("excerpts", fields.get("mentions", ())):
                    known = texts.get(one["post"]["id"], one["post"]["text"])
                    assert one["post"]["text"] == known
                    assert one["quote"] in known
                    quotes += 1
            if quotes >= 100:
                break
    assert quotes >= 100


async def test_no_tool_knows_of_a_private_thread(archive: Archive) -> None:
    private = archive.catalog.threads(archive.catalog.own_scope(7))[0]
    quote = SECRET.posts[0].text
    async with client.Client(make_server(archive, URL)) as session:
        missing = await session.call_tool("thread", {"id": "zzzzzzzzzzzz"})
        for wanted in (private.id, f"{private.id}/1", "Our own", f"{URL}/t/{private.id}"):
            assert (await session.call_tool("thread", {"id": wanted})).content == missing.content
        for name, arguments in (
            ("ask", {"question": quote}),
            ("verify", {"quote": quote}),
            ("when", {"words": "every lamp that was ever moved"}),
            ("trend", {"words": "office"}),
            ("threads", {}),
        ):
            text = (await session.call_tool(name, arguments)).content[0].text
            assert private.id not in text
            assert "list of every lamp" not in text.replace(quote, "")
        verified = await session.call_tool("verify", {"quote": quote})
        assert verified.structured_content["result"] == "absent"


@pytest.mark.slow
async def test_the_command_speaks_over_standard_input_and_output(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "data" / "archive.db") as opened:
        fill(opened, rivers=RIVERS)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOBBIN_")}
    server = client.StdioServerParameters(
        command=sys.executable,
        args=["-m", "bot", "mcp"],
        env=environment | {"PYTHONPATH": str(ROOT), "BOBBIN_DATA_DIR": str(tmp_path / "data")},
        cwd=str(tmp_path),
    )
    async with client.Client(server) as session:
        result = await session.call_tool("ask", {"question": "Why does the ferry cross at dawn?"})
        assert result.structured_content["verdict"] == "answer"


def _without_figures(value: Any) -> Any:
    """Return a value without scores and confidence, which change with the weights of the ranking."""
    if isinstance(value, dict):
        return {
            key: _without_figures(one) for key, one in value.items() if key not in {"score", "confidence"}
        }
    return [_without_figures(one) for one in value] if isinstance(value, list) else value
