"""Hold every request to Discord's published OpenAPI contract, where that file is at hand."""

import functools
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.discord.wire import Json

try:
    from jsonschema import Draft202012Validator, ValidationError
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    _CAN_VALIDATE = True
except ImportError:  # The contract is an extra; its absence is told, not hidden.
    _CAN_VALIDATE = False

__all__ = ["CONTRACT_PATH", "Contract", "load_contract"]

CONTRACT_PATH = Path(__file__).parents[3] / "shared" / "discord-api" / "openapi.json"
_URI = "urn:discord:openapi"
_JSON = "application/json"
#: What discord.py says of the form of a forum post, which Discord takes and does not describe.
_UNDOCUMENTED = {"use_nested_fields"}


class Contract:
    """Judge requests by Discord's OpenAPI description of its API."""

    def __init__(self, document: Json) -> None:
        """Take the parsed description."""
        # Discord takes ids as numbers, too, and clients send them so; its description says strings only.
        document["components"]["schemas"]["SnowflakeType"] = {
            "anyOf": [{"type": "string", "pattern": "^(0|[1-9][0-9]*)$"}, {"type": "integer", "minimum": 0}],
        }
        self._paths: Json = document["paths"]
        self._registry: Registry[Any] = Registry().with_resource(
            _URI, Resource.from_contents(document, default_specification=DRAFT202012)
        )
        patterns = {template: re.sub(r"\{\w+\}", "[^/]+", template) for template in self._paths}
        # A literal part such as @original goes before a parameter.
        ordered = sorted(patterns, key=lambda template: template.count("{"))
        self._patterns = [(re.compile(patterns[template]), template) for template in ordered]

    def template_of(self, path: str) -> str | None:
        """Find the template of a concrete path."""
        return next((template for pattern, template in self._patterns if pattern.fullmatch(path)), None)

    def request_faults(self, method: str, path: str, query: Mapping[str, str], body: object) -> list[str]:
        """List where a request breaks the contract; `body` is `None` where none was sent."""
        template = self.template_of(path)
        operation = None if template is None else self._paths[template].get(method.lower())
        if template is None or operation is None:
            return [f"the contract knows no {method} {path}"]
        known = operation.get("parameters", []) + self._paths[template].get("parameters", [])
        names = {parameter.get("name") for parameter in known if parameter.get("in") == "query"}
        faults = [
            f"the contract knows no query {name!r} on {method} {template}"
            for name in query
            if name not in names and name not in _UNDOCUMENTED
        ]
        media = operation.get("requestBody", {}).get("content", {}).get(_JSON)
        if media is None:
            return faults + ([f"{method} {template} takes no body"] if body is not None else [])
        if body is None:
            return faults + (
                [f"{method} {template} needs a body"] if operation["requestBody"].get("required") else []
            )
        where = ["paths", template, method.lower(), "requestBody", "content", _JSON, "schema"]
        return faults + self._schema_faults(tuple(where), body)

    def answer_faults(self, method: str, path: str, status: int, body: object) -> list[str]:
        """List where an answer breaks the contract: the loopback is held to it, too."""
        template = self.template_of(path)
        if template is None:
            return [f"the contract knows no {method} {path}"]
        answers = self._paths[template][method.lower()]["responses"]
        if _JSON not in answers.get(str(status), {}).get("content", {}):
            return []
        where = ["paths", template, method.lower(), "responses", str(status), "content", _JSON, "schema"]
        return self._schema_faults(tuple(where), body)

    def _schema_faults(self, where: tuple[str, ...], body: object) -> list[str]:
        return [_told(error) for error in self._validator(where).iter_errors(body)]

    @functools.cache  # noqa: B019 - a contract lives as long as the process, see load_contract
    def _validator(self, where: tuple[str, ...]) -> "Draft202012Validator":
        pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in where)
        return Draft202012Validator({"$ref": f"{_URI}#/{pointer}"}, registry=self._registry)


def _told(error: "ValidationError") -> str:
    """Name the innermost fault of the union's branch that was meant."""
    while error.context:
        branches: dict[object, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        error = min(branches.values(), key=_distance)[0]
    where = ".".join(str(part) for part in error.absolute_path) or "body"
    return f"{where}: {error.message[:300]}"


def _distance(branch: Iterable["ValidationError"]) -> tuple[bool, int, int]:
    faults = list(branch)
    is_other_type = any(fault.path and fault.path[-1] == "type" for fault in faults)
    return is_other_type, len(faults), -max(len(fault.path) for fault in faults)


@functools.cache
def load_contract(path: Path = CONTRACT_PATH) -> Contract | None:
    """Load the contract once; `None` where the file or the validator is not at hand."""
    if not _CAN_VALIDATE or not path.exists():
        return None
    return Contract(json.loads(path.read_text(encoding="utf-8")))
