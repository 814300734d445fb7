"""Account exports as X made them over the years, with posts of our own."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from retrieval.formats.import_types import Member, Reading, SavedFile
from retrieval.model import Thread
from retrieval.readers.x_export import x_export

__all__ = [
    "ADA",
    "KEEPER",
    "Files",
    "Guarded",
    "account",
    "assigned",
    "folder",
    "grailbird",
    "link",
    "note",
    "post",
    "posts",
    "reading",
    "texts",
    "zipped",
]

ADA, KEEPER = "31", "77"
#: After November 2010, so that ids tell the time; one a minute.
FIRST = 1_400_000_000_000_000_000
_MINUTE = 60_000 << 22

Files = Mapping[str, str | bytes]


def identified(number: int) -> int:
    return FIRST + number * _MINUTE


def post(number: int, text: str, answers: int | None = None, **more: Any) -> dict[str, Any]:
    """Ada's post number so and so; it answers another of hers, unless ``to`` says whose."""
    to = more.pop("to", None)
    record: dict[str, Any] = {
        "edit_info": {"initial": {"editTweetIds": [str(identified(number))]}},
        "retweeted": False,
        "entities": {"hashtags": [], "urls": []},
        "id": str(identified(number)),
        "id_str": str(identified(number)),
        "truncated": False,
        "created_at": "Wed Jun 02 08:00:00 +0000 2021",
        "full_text": text,
    }
    if answers is not None:
        user, handle = to or (ADA, "ada")
        record |= {"in_reply_to_status_id_str": str(identified(answers)), "in_reply_to_user_id_str": user}
        record |= {"in_reply_to_screen_name": handle}
    return record | more


def link(raw: str, short: str, long: str) -> dict[str, Any]:
    start = raw.index(short)
    return {"url": short, "expanded_url": long, "indices": [str(start), str(start + len(short))]}


def note(text: str, created_at: str, urls: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    core = {"text": text, "urls": list(urls), "mentions": []}
    return {"noteTweetId": "5", "createdAt": created_at, "core": core}


def assigned(variable: str, records: Iterable[Mapping[str, Any]], indent: int | None = 2) -> str:
    return f"{variable} = {json.dumps(list(records), indent=indent, ensure_ascii=False)}"


def posts(
    records: Iterable[Mapping[str, Any]], part: int = 0, kind: str = "tweets", name: str = "tweet"
) -> str:
    return assigned(f"window.YTD.{kind}.part{part}", ({name: record} for record in records))


def account() -> str:
    told = {"username": "ada", "accountId": ADA, "email": "ada@example.org", "accountDisplayName": "Ada"}
    return assigned("window.YTD.account.part0", [{"account": told}])


def grailbird(month: str, records: Iterable[Mapping[str, Any]]) -> str:
    body = ", ".join(json.dumps(record, indent=2) for record in records)
    return f"Grailbird.data.tweets_{month} =\n [ {body} ]"


class Guarded:
    """A bundle in memory. Members whose content is ``None`` must not be opened."""

    def __init__(self, files: Mapping[str, str | bytes | None]) -> None:
        self._contents = list(files.values())
        self.members = tuple(
            Member(name, len(content or ""), place) for place, (name, content) in enumerate(files.items())
        )

    def open(self, member: Member) -> IO[bytes]:
        content = self._contents[member.place]
        assert content is not None, f"{member.name} was opened"
        return io.BytesIO(content.encode() if isinstance(content, str) else content)


def reading(files: Mapping[str, str | bytes | None], **told: Any) -> Reading:
    return x_export.read(SavedFile("export", bundle=Guarded(files), **told))


def texts(threads: Iterable[Thread]) -> list[list[str]]:
    return [[one.text for one in thread.posts] for thread in threads]


def folder(place: Path, files: Files) -> Path:
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return place


def zipped(files: Files) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()
