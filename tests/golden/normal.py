"""The one place where what differs between two runs is taken out of an output."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

__all__ = [
    "as_json",
    "normal",
    "without_figures",
    "without_samples",
    "without_stamps",
    "without_versions",
    "without_vitals",
]

_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost):\d{2,5}")
#: An id of Discord's that nobody named: of a message, an interaction, a command.
_SNOWFLAKE = re.compile(r"(?<![\d.])\d{17,20}(?!\d)")
#: In any language, behind "Reference: ".
_REFERENCE = re.compile(r"(?<=[^\W\d]: )[0-9a-f]{6}\b|(?<=\\: )[0-9a-f]{6}\b")
#: What signs an address; the key is another one in each archive. Until when and for which server stay, but of
#: digests, whose servers have another id each time.
_SEAL = re.compile(r"(?<=/s/)([\w-]{16})[\w-]{30}(?=/)|(?<=/d/)[\w-]{40}(?![\w-])")
#: The state of a page, of the archive it comes from, and of the installation that made a feed.
_ETAG = re.compile(r'(?<=Etag: W/")[0-9a-f]{24}(?=")')
_INSTALLATION = re.compile(r"(?<=tag:bobbin,2026:)[0-9a-f]{12}\b")
_SHORT = 100
_CLOCK = r"[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?"
_FIGURE = re.compile(r"(?<![\w.{-])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])")
_STAMP = re.compile(r'(?<="stamp": ")[0-9a-f]{16}(?=")|(?<=, ")[0-9a-f]{16}(?="\])')
_SAMPLE = re.compile(r"^(\w+(?:\{[^}]*\})?) [-+\d.eInfNa]+$", re.MULTILINE)
_ELSEWHERE = re.compile(r"(?:# \w+ )?(?:python|process)_|bobbin_log_")
_VERSION = re.compile(r"\b\d+\.\d+\.\d+(?:[ab.]\w+)?")


def normal(text: str, names: Mapping[str, str] | None = None) -> str:
    """Return a text with `{…}` where two runs differ.

    ``names`` are what is written in place of texts of this run: ids of people and servers, folders.
    Beside these it takes out the port of loopback addresses, Discord's other ids, the reference in the
    sentence about an inner error, the seal of signed addresses, and times of today.
    """
    for known in sorted(names or {}, key=len, reverse=True):
        text = text.replace(known, "{" + (names or {})[known] + "}")
    text = _LOOPBACK.sub(r"\1:{port}", text)
    # Before the ids, which some digests hold by chance.
    text = _ETAG.sub("{etag}", text)
    text = _SNOWFLAKE.sub("{id}", text)
    text = _SEAL.sub(lambda found: f"{found[1] or ''}{{seal}}", text)
    text = _REFERENCE.sub("{reference}", text)
    text = _INSTALLATION.sub("{installation}", text)
    today = datetime.now(UTC).date()
    # Midnight may pass while a case runs.
    days = "|".join(day.isoformat() for day in (today, today - timedelta(days=1)))
    return re.sub(rf"(?:{days}){_CLOCK}", "{now}", text)


def as_json(value: Any, names: Mapping[str, str] | None = None) -> str:
    """Write a value as JSON for reading, its keys in order, what is short on one line; normalised."""
    return normal(_laid_out(value, ""), names) + "\n"


def _laid_out(value: Any, margin: str) -> str:
    line = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if len(margin) + len(line) <= _SHORT or not isinstance(value, dict | list):
        return line
    inside = margin + " "
    if isinstance(value, list):
        parts = [_laid_out(one, inside) for one in value]
        return f"[\n{inside}" + f",\n{inside}".join(parts) + f"\n{margin}]"
    parts = [f"{json.dumps(name)}: {_laid_out(one, inside)}" for name, one in sorted(value.items())]
    return f"{{\n{inside}" + f",\n{inside}".join(parts) + f"\n{margin}}}"


def without_stamps(text: str) -> str:
    """Return JSON without what tells one state of a collection from another of the same number."""
    return _STAMP.sub("{stamp}", text)


def without_figures(text: str) -> str:
    """Return a text with `{n}` for every number in it, for what is measured anew in each run."""
    return _FIGURE.sub("{n}", text)


def without_vitals(text: str) -> str:
    """Return a health page without its numbers, and what a busy machine or a first heartbeat adds to it."""
    text = re.sub(r"<ul>.*?</ul>\n", "", text, flags=re.DOTALL)
    text = re.sub(r'"complaints": \[[^\]]*\]', '"complaints": []', text)
    text = re.sub(r"(?<=Bobbin: )(?:well|slow)|(?<=\"state\": \")(?:well|slow)", "{state}", text)
    text = re.sub(r"\d+:\d\d:\d\d", "{time}", text)
    text = re.sub(r'("latency": )(?:null|[\d.e-]+)', r"\1{n}", text)
    return re.sub(r", heartbeat \{n\} ms", "", without_figures(without_versions(text)))


def without_samples(text: str) -> str:
    """Return metrics without what they measure, and without those of Python, the process and the log."""
    lines = [line for line in text.splitlines() if not _ELSEWHERE.match(line)]
    return _SAMPLE.sub(r"\1 {n}", "\n".join(lines)) + "\n"


def without_versions(text: str) -> str:
    """Return a text with `{version}` for versions, and without the line that only some of SQLite's need."""
    lines = [line for line in text.splitlines(keepends=True) if "can damage a database" not in line]
    # SQLite is pysqlite3's where that has a wheel.
    return _VERSION.sub("{version}", "".join(lines)).replace("of pysqlite3", "of Python")
