"""A damaged address or time costs itself: in every form, whichever it is and however it is damaged."""

import json
import re
from collections.abc import Iterator

import pytest

from retrieval.formats.fields import utc_time, web_address
from retrieval.formats.import_types import Reading, SavedFile
from retrieval.readers.registry import read
from tests.benchmarks.fuzz import SAMPLES

#: Fields that say when or where, and identify neither a post nor whose it is.
FIELDS = (
    *("created_at", "createdAt", "indexedAt", "published", "updated", "date", "timestamp", "posted_at"),
    *("url", "avatarUrl", "iconUrl", "profile_image_url", "expanded_url", "timestampEdited", "exportedAt"),
)
FIELD = re.compile(rf'"(?:{"|".join(FIELDS)})"\s*:\s*("(?:[^"\\]|\\.)*"|null)')
BROKEN = (
    *(
        "null",
        "7",
        "[]",
        "{}",
        "true",
        '""',
        '"nonsense"',
        '"http://"',
        '"https://["',
        '"htps://a.example/1"',
    ),
    *(
        '"2023-13-45T99:99:99Z"',
        '"0001-01-01T00:00:00+14:00"',
        '"2023-06-17T10:40"',
        '"\\u0000"',
        '"https:// a"',
    ),
)
_LINE = re.compile(r"\n?\[(?:image|video|link): .*")
NAMES = sorted(path.name for path in SAMPLES.iterdir() if path.suffix in {".json", ".jsonl"})


def damaged(text: str) -> Iterator[str]:
    """Yield the text with one of its fields damaged, another one and another way each time."""
    for place, match in enumerate(FIELD.finditer(text)):
        for step in range(3):
            broken = BROKEN[(place + 5 * step) % len(BROKEN)]
            yield text[: match.start(1)] + broken + text[match.end(1) :]


def kept(reading: Reading) -> list[tuple[str | None, str | None, list[tuple[str, str | None]]]]:
    """Return what must not change: titles, authors, the words of each post without what hangs on it."""
    return sorted(
        (
            (
                thread.title,
                thread.author,
                [
                    (re.sub(r"\n?\[(?:image|video|link): .*", "", post.text), post.author)
                    for post in thread.posts
                ],
            )
            for thread in reading.threads
        ),
        key=str,
    )


@pytest.mark.parametrize("name", NAMES)
def test_damaged_addresses_and_times_of_a_form_cost_themselves(name: str) -> None:
    text = (SAMPLES / name).read_text()
    whole = kept(read(SavedFile(name, text.encode())))
    found = 0
    for broken in damaged(text):
        assert kept(read(SavedFile(name, broken.encode()))) == whole, broken
        found += 1
    assert found


@pytest.mark.parametrize("key", ["source", "published"])
@pytest.mark.parametrize("value", BROKEN)
def test_damaged_front_matter_costs_the_field(key: str, value: str) -> None:
    fields = {
        "title": "On Lamps",
        "author": "@keeper",
        "source": "https://a.example/1",
        "published": "2023-06-17",
    }
    fields[key] = json.loads(value) if value.startswith('"') else value
    head = "".join(f"{name}: {field}\n" for name, field in fields.items() if "\0" not in str(field))
    text = f"---\n{head}---\n\nThe lamp was moved.\n/1\n\nNobody knew.\n/2\n"
    (thread,) = read(SavedFile("note.md", text.encode())).threads
    assert (thread.title, thread.author, thread.length) == ("On Lamps", "@keeper", 2)


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example",
        "http://a.example:80/b?c=d#e",
        "https://[::1]/x",
        "https://xn--bcher-kva.example/ü",
    ],
)
def test_an_address_on_the_web_is_one(address: str) -> None:
    assert web_address(address) == address


@pytest.mark.parametrize(
    "value",
    [
        "",
        "https://",
        "http:///x",
        "https://a b",
        "javascript:1",
        "https://@/x",
        "ftp://a.example",
        5,
        None,
    ],
)
def test_anything_else_is_no_address(value: object) -> None:
    assert web_address(value) is None


def test_a_time_without_an_offset_is_unknown_unless_it_may_be_taken_as_utc() -> None:
    assert utc_time("2023-06-17T10:40:00") is None
    assert str(utc_time("2023-06-17", assume_utc=True)) == "2023-06-17 00:00:00+00:00"
    assert str(utc_time("2023-06-17T10:40:00+02:00")) == "2023-06-17 08:40:00+00:00"
