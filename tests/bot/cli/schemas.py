"""The JSON that scripts rely on, as schemas that allow nothing beyond it."""

import json
from typing import Any

import jsonschema
from click.testing import Result

__all__ = ["ANSWER", "FORGOTTEN", "LISTED", "POST", "REPORT", "SOURCE", "checked", "closed", "many"]

TEXT = {"type": "string"}
MAYBE = {"type": ["string", "null"]}
COUNT = {"type": "integer", "minimum": 0}


def closed(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def many(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


POST = closed(
    id=TEXT, ordinal=COUNT, number={"type": ["integer", "null"]}, text=TEXT, url=MAYBE, posted_at=MAYBE
)
KNOWN = {"id": TEXT, "title": MAYBE, "author": MAYBE, "posts": COUNT, "completeness": TEXT, "url": MAYBE}
LISTED = closed(**KNOWN, opening=TEXT, posted_at=MAYBE)
EXCERPT = closed(
    rank=COUNT,
    score={"type": "number"},
    quote=TEXT,
    highlights=many({"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2}),
    post=POST,
    thread=closed(**KNOWN),
)
ANSWER = closed(
    question=TEXT,
    answered={"type": "boolean"},
    verdict={"enum": ["answer", "closest", "nothing"]},
    confidence={"type": "number", "minimum": 0, "maximum": 1},
    corrected={"type": "object", "additionalProperties": {"type": "string"}},
    excerpts=many(EXCERPT),
    words=closed(known=many(TEXT), unknown=many(TEXT)),
    suggestions=closed(terms=many(TEXT)),
)
COUNTS = closed(new=COUNT, updated=COUNT, unchanged=COUNT)
LEFT_OUT = {
    "type": "object",
    "properties": {"why": TEXT, "count": COUNT, "lines": many(COUNT), "example": TEXT},
    "required": ["why", "count"],
    "additionalProperties": False,
}
REPORT = closed(
    file=TEXT,
    form=MAYBE,
    threads=COUNTS,
    posts=COUNTS,
    left_out=many(LEFT_OUT),
    merged=many(closed(what=TEXT, count=COUNT)),
    warnings=many(TEXT),
    error=MAYBE,
    repeated={"type": "boolean"},
)
SOURCE = closed(
    id=COUNT,
    name=TEXT,
    sha256=TEXT,
    form=TEXT,
    read_at=TEXT,
    collection=TEXT,
    server_id=MAYBE,
    threads=COUNT,
    posts=COUNT,
)
FORGOTTEN = closed(
    threads=COUNT,
    posts={"type": "integer"},
    changed=COUNT,
    files=many(closed(id=COUNT, name=TEXT, sha256=TEXT)),
    wiped={"type": "boolean"},
)


def checked(result: Result, schema: dict[str, Any]) -> Any:
    value = json.loads(result.stdout)
    jsonschema.validate(value, schema)
    return value
