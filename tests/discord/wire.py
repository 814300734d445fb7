"""Name what travels over the wire: JSON, calls, answers and refusals."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

__all__ = ["FAR_FUTURE", "Answer", "Call", "Json", "Refusal", "Request", "Upload", "encode", "invalid_form"]

# JSON as the wire carries it has no narrower type than this one.
Json: TypeAlias = dict[str, Any]

FAR_FUTURE = float("inf")


class Refusal(Exception):  # noqa: N818 - Discord refuses; the client makes an error of it
    """Refuse a call with Discord's own status, code and words."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        """Keep the parts that Discord puts into an error's body."""
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.body: Json = {"message": message, "code": code}
        if errors is not None:
            self.body["errors"] = errors


def invalid_form(faults: list[str]) -> Refusal:
    """Make the refusal of a body that breaks a rule, naming each broken rule."""
    errors: Json = {"_errors": [{"code": "INVALID", "message": fault} for fault in faults]}
    return Refusal(400, 50035, "Invalid Form Body", errors)


@dataclass(frozen=True)
class Upload:
    """Hold a file on its way to or from Discord."""

    name: str
    data: bytes
    content_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Call:
    """Hold one HTTP call after routing: template, path parameters, query and body."""

    method: str
    path: str
    template: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    uploads: tuple[Upload, ...] = ()

    def number(self, name: str) -> int:
        """Give a path parameter as a number; 404 for what cannot be an id."""
        value = self.params[name]
        if not value.isdecimal():
            raise Refusal(400, 50035, "Invalid Form Body", {name: f"Value {value!r} is not snowflake."})
        return int(value)

    @property
    def fields(self) -> Json:
        """Give the body where it is an object, else an empty one."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(frozen=True)
class Answer:
    """Hold the answer to a call; `None` as body means 204."""

    body: Any = None
    status: int = 200


@dataclass
class Request:
    """Record one request as tests look at it; `when` is in seconds of `time.monotonic()`."""

    method: str
    path: str
    json: Any
    when: float
    status: int | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    uploads: tuple[Upload, ...] = ()
    authorization: str | None = None
    user_agent: str | None = None

    def __str__(self) -> str:
        """Show the request in one line."""
        path = re.sub(r"/[\w-]{40,}", "/…", self.path)
        return f"{self.method} {path} -> {self.status if self.status is not None else 'no answer'}"


def encode(value: object) -> str:
    """Write JSON without spaces, as Discord does."""
    return json.dumps(value, separators=(",", ":"))
