"""The functions for programs over HTTP, and their description in OpenAPI."""

import json
from collections.abc import Callable
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from bot.json_output import schemas, serializers
from bot.json_output.contract import FUNCTIONS, ContractError, Function, call
from bot.web.page import JSON, Page, PageRequest
from bot.web.site import Site

__all__ = ["API", "api_routes", "openapi"]

API: Final = "/api/v1"
_STATUSES: Final = {
    "bad_request": 400,
    "not_found": 404,
    "ambiguous": 300,
    "too_many": 429,
    "failed": 500,
    "unavailable": 503,
}
_VERSION: Final = "1.0.0"


def api_routes() -> list[tuple[str, Callable[[Site, PageRequest], Page]]]:
    """Return the paths of the functions and of their description, each with what makes its page."""
    return [(f"{API}/{name}", _page_of(function)) for name, function in FUNCTIONS.items()] + [
        (f"{API}/openapi.json", openapi)
    ]


def _page_of(function: Function) -> Callable[[Site, PageRequest], Page]:
    def page(site: Site, request: PageRequest) -> Page:
        try:
            fields, status = call(function.name, site.archive, request.query, request.public_url), 200
        except ContractError as error:
            fields, status = error.payload, _STATUSES[error.error]
        return Page(serializers.dumps(fields) + "\n", JSON, status)

    return page


def openapi(_site: Site, request: PageRequest) -> Page:
    """Return the description of all functions in OpenAPI 3.1."""
    return Page(json.dumps(_document(request.public_url or request.base), indent=1) + "\n", JSON)


def _document(server: str) -> dict[str, Any]:
    models = [function.outputs for function in FUNCTIONS.values()] + [schemas.Problem]
    names, described = models_json_schema(
        [(model, "serialization") for model in models], ref_template="#/components/schemas/{model}"
    )
    problem = _content(names[schemas.Problem, "serialization"])
    paths = {}
    for name, function in FUNCTIONS.items():
        inputs = function.inputs.model_json_schema()
        paths[f"{API}/{name}"] = {
            "get": {
                "operationId": name,
                "summary": function.does,
                "parameters": [
                    {
                        "name": field,
                        "in": "query",
                        "required": field in inputs.get("required", ()),
                        "description": schema.get("description", ""),
                        "schema": {key: value for key, value in schema.items() if key != "description"},
                    }
                    for field, schema in inputs["properties"].items()
                ],
                "responses": {
                    "200": {
                        "description": "The answer.",
                        **_content(names[function.outputs, "serialization"]),
                    },
                    "default": {"description": "Why there is no answer.", **problem},
                },
            }
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Bobbin",
            "version": _VERSION,
            "description": "Questions to an archive of saved threads, answered with quotes, word for word."
            " Public collections only. " + schemas.__doc__.split("\n", 1)[0],
        },
        "servers": [{"url": server or "/"}],
        "paths": paths,
        "components": {"schemas": described.get("$defs", {})},
    }


def _content(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}
