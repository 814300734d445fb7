"""The functions for programs over HTTP: every response is what the OpenAPI document says it is."""

from typing import Any

import aiohttp
import jsonschema
import pytest

from bot.json_output.contract import FUNCTIONS, NOTICE
from retrieval.archive import Archive
from tests.bot.web.threads import DATED, UNDATED, keep_threads

QUOTE = "The ferry at Gozdowice crosses at dawn because the current is calm then"

CALLS: list[tuple[str, dict[str, Any], int]] = [
    ("ask", {"question": "Why does the ferry cross at dawn?"}, 200),
    ("ask", {"question": "carburettor torque", "limit": 2}, 200),
    ("ask", {}, 400),
    ("ask", {"question": "x", "limit": 0}, 400),
    ("ask", {"question": "x" * 1_001}, 400),
    ("ask", {"question": "x", "colour": "red"}, 400),
    ("verify", {"quote": QUOTE}, 200),
    ("verify", {"quote": QUOTE.replace("dawn", "noon"), "author": "@ada"}, 200),
    ("verify", {"quote": "the ferry"}, 200),
    ("verify", {"quote": "x" * 4_001}, 400),
    ("thread", {"id": "Rivers"}, 200),
    ("thread", {"id": "zzzzzzzzzzzz"}, 404),
    ("thread", {"id": "<script>"}, 404),
    ("when", {"words": "the ferry", "limit": 3}, 200),
    ("when", {"words": "…"}, 200),
    ("when", {"words": "x" * 201}, 400),
    ("trend", {"words": "ferry"}, 200),
    ("threads", {}, 200),
    ("threads", {"author": "@nobody"}, 200),
    ("threads", {"sort": "title", "limit": 1, "offset": 1}, 200),
    ("threads", {"sort": "colour"}, 400),
    ("nothing", {}, 404),
]


@pytest.fixture(autouse=True)
def _threads(archive: Archive) -> None:
    keep_threads(archive, DATED[:8])
    keep_threads(archive, [UNDATED])


async def document_of(pages: aiohttp.ClientSession) -> dict[str, Any]:
    async with pages.get("/api/v1/openapi.json") as reply:
        assert reply.status == 200
        document: dict[str, Any] = await reply.json()
        return document


async def test_every_function_is_described_with_its_limits(pages: aiohttp.ClientSession) -> None:
    document = await document_of(pages)
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {f"/api/v1/{name}" for name in FUNCTIONS}
    quote = document["paths"]["/api/v1/verify"]["get"]["parameters"][0]
    assert (quote["name"], quote["required"], quote["schema"]["maxLength"]) == ("quote", True, 4_000)
    result = document["components"]["schemas"]["QuoteCheck"]["properties"]
    assert result["result"]["enum"] == ["exact", "same", "altered", "absent", "short"]
    assert {one["type"] for one in result["author_matches"]["anyOf"]} == {"boolean", "null"}


async def test_every_response_is_of_the_schema_that_the_document_gives(pages: aiohttp.ClientSession) -> None:
    document = await document_of(pages)
    for name, query, status in CALLS:
        async with pages.get(f"/api/v1/{name}", params=query) as reply:
            assert reply.status == status, (name, query)
            assert reply.content_type == "application/json"
            fields = await reply.json()
        if status == 200:
            ref = document["paths"][f"/api/v1/{name}"]["get"]["responses"]["200"]
        else:
            ref = document["paths"]["/api/v1/ask"]["get"]["responses"]["default"]
        schema = ref["content"]["application/json"]["schema"] | {"components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate(fields)
        assert (fields.get("notice") == NOTICE) == (status == 200)


async def test_other_methods_and_an_ambiguous_id_get_problems(pages: aiohttp.ClientSession) -> None:
    async with pages.post("/api/v1/ask") as reply:
        assert (reply.status, (await reply.json())["error"]) == (405, "bad_request")
    async with pages.get("/api/v1/thread", params={"id": DATED[0].title or ""}) as reply:
        assert (await reply.json())["thread"]["title"] == DATED[0].title
