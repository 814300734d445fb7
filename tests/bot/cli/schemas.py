"""The JSON that scripts rely on, as schemas that allow nothing beyond it."""

import json
from typing import Any

import jsonschema
from click.testing import Result

__all__ = [
    "ANSWER",
    "FIRST_MENTION",
    "FORGOTTEN",
    "LISTED",
    "POST",
    "QUOTE_CHECK",
    "REPORT",
    "SOURCE",
    "checked",
    "closed",
    "many",
]

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


ATTACHMENT = closed(
    kind={"enum": ["image", "video", "quoted post", "link"]}, address=MAYBE, description=MAYBE
)
POST = closed(
    id=TEXT,
    ordinal=COUNT,
    number={"type": ["integer", "null"]},
    text=TEXT,
    url=MAYBE,
    posted_at=MAYBE,
    attachments=many(ATTACHMENT),
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
    query=closed(
        words=TEXT,
        filters=many(TEXT),
        unheld_phrases=many(TEXT),
        passing={"type": ["integer", "null"]},
        unmet=many(TEXT),
    ),
)
RESULT = {"enum": ["exact", "same", "altered", "absent", "short"]}
QUOTE_CHECK = closed(
    quote=TEXT,
    result=RESULT,
    author=MAYBE,
    author_matches={"enum": [True, False, None]},
    together={"type": "boolean"},
    places=COUNT,
    parts=many(
        closed(
            text=TEXT,
            result=RESULT,
            posts=many(closed(quote=TEXT, post=POST, thread=closed(**KNOWN))),
            difference=many(closed(quoted=TEXT, archived=TEXT)),
        )
    ),
)
MENTION = closed(
    posted_at=MAYBE,
    author=MAYBE,
    quote=TEXT,
    highlights=many({"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2}),
    post=POST,
    thread=closed(**KNOWN),
)
FIRST_MENTION = closed(
    words=TEXT,
    total=COUNT,
    undated=COUNT,
    period=closed(first=MAYBE, last=MAYBE, posts=COUNT, undated=COUNT),
    first={"anyOf": [{"type": "null"}, MENTION]},
    authors=many(MENTION),
    months=many(closed(month=TEXT, posts=COUNT)),
    mentions=many(MENTION),
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
    languages=many(TEXT),
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
