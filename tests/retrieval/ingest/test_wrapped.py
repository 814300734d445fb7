"""What pages and archives are wrapped in: gzip, tar, MHTML, the folder beside a page, a Mastodon archive."""

import base64
import gzip
import io
import json
import quopri
import tarfile
import zipfile
from collections.abc import Mapping
from email.message import Message

import pytest

from retrieval.formats.import_types import Limits, SavedFile
from retrieval.ingest.expand import ReadOutcome, read_outcomes
from retrieval.ingest.web_archive import page_folders
from tests.retrieval.readers.records import mastodon_note

PAGE = (
    '<html><head><meta charset="{charset}"></head><body><div class="content-tweet" data-screenname="ada" '
    'data-tweet="1670000000000000000">Grün ist die Lampe – 1/2</div><div class="content-tweet" '
    'data-screenname="ada" data-tweet="1670000000000000001">Ja. 2/2</div></body></html>'
)
WORDS = ["Grün ist die Lampe – 1/2", "Ja. 2/2"]
OUTBOX = {"type": "OrderedCollection", "orderedItems": [mastodon_note(0), mastodon_note(1, answers=0)]}
ARCHIVE = {
    "outbox.json": json.dumps(OUTBOX).encode(),
    "actor.json": b'{"type": "Person", "outbox": "outbox.json"}',
    "likes.json": b'{"type": "OrderedCollection", "orderedItems": ["https://a.example/1"]}',
    "bookmarks.json": b'{"type": "OrderedCollection", "orderedItems": []}',
    "avatar.png": b"\x89PNG",
    **{f"media_attachments/files/{n}/a.jpg": b"\xff\xd8" for n in range(9)},
}


def outcomes(name: str, content: bytes, limits: Limits | None = None) -> list[ReadOutcome]:
    return list(read_outcomes(SavedFile(name, content), limits or Limits()))


def words(outcome: ReadOutcome) -> list[list[str]]:
    assert outcome.reading is not None, outcome.error
    return [[post.text for post in thread.posts] for thread in outcome.reading.threads]


def tarred(files: Mapping[str, bytes], mode: str = "w:gz", prefix: str = "") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(prefix + name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "iso-8859-15", "utf8"])
def test_the_encoding_that_a_page_declares_is_honoured(charset: str) -> None:
    page = PAGE.format(charset=charset).replace("–", "-" if charset == "iso-8859-15" else "–")
    (outcome,) = outcomes("page.html", page.encode(charset))
    assert words(outcome)[0][1] == WORDS[1]
    assert words(outcome)[0][0].startswith("Grün ist die Lampe")
    assert "\ufffd" not in words(outcome)[0][0]


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_the_page_in_an_mhtml_file_is_read_decoded(encoding: str) -> None:
    part = Message()
    part["Content-Type"] = "text/html; charset=utf-8"
    part["Content-Transfer-Encoding"] = encoding
    body = PAGE.format(charset="utf-8").encode()
    coded = {"quoted-printable": quopri.encodestring(body), "base64": base64.encodebytes(body)}.get(
        encoding, body
    )
    head = (
        b"From: <Saved by Blink>\r\nSubject: A page\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="--b"\r\n\r\n\r\n----b\r\n'
    )
    (outcome,) = outcomes("page.mhtml", head + part.as_bytes() + coded + b"\r\n----b--\r\n")
    assert words(outcome) == [WORDS]


def test_a_page_packed_with_gzip_is_read() -> None:
    (outcome,) = outcomes("page.html.gz", gzip.compress(PAGE.format(charset="utf-8").encode()))
    assert words(outcome) == [WORDS]


def test_a_gzip_that_grows_too_much_or_is_damaged_is_refused() -> None:
    bomb = gzip.compress(b"a" * 3_000_000)
    assert "zip bomb" in (outcomes("a.txt.gz", bomb, Limits(ratio=2))[0].error or "")
    assert outcomes("a.txt.gz", gzip.compress(PAGE.encode())[:-20])[0].error
    packed = tarred({"a.txt": b"a" * 3_000_000})
    assert "zip bomb" in (outcomes("a.tar.gz", packed, Limits(ratio=2))[0].error or "")
    assert "more than" in (outcomes("a.tar.gz", tarred(ARCHIVE), Limits(members=3))[0].error or "")


@pytest.mark.parametrize("prefix", ["", "./", "archive-2026/"])
@pytest.mark.parametrize("mode", ["w:gz", "w"])
def test_a_mastodon_archive_is_one_bundle(prefix: str, mode: str) -> None:
    (outcome,) = outcomes("archive.tar.gz", tarred(ARCHIVE, mode, prefix))
    assert outcome.reading is not None
    assert [thread.length for thread in outcome.reading.threads] == [2]
    assert [(part.why, part.count) for part in outcome.reading.left_out] == [
        ("file of the archive that was not opened; only posts are read", len(ARCHIVE) - 1)
    ]


def test_a_zip_of_a_mastodon_archive_is_one_bundle_too() -> None:
    (outcome,) = outcomes("archive.zip", zipped(ARCHIVE))
    assert outcome.error is None
    assert [len(posts) for posts in words(outcome)] == [2]


def test_files_of_a_tar_are_read_each_by_itself() -> None:
    found = outcomes(
        "saved.tar.gz", tarred({"a.html": PAGE.format(charset="utf-8").encode(), "b.bin": b"\0\1"})
    )
    assert {one.file: one.reading is not None for one in found} == {
        "saved.tar.gz/a.html": True,
        "saved.tar.gz/b.bin": False,
    }
    assert all(one.error is None for one in found)


def test_the_folder_beside_a_saved_page_is_one_line() -> None:
    files = {"Page.html": PAGE.format(charset="utf-8").encode()}
    files |= {f"Page_files/{n}.js": b"function a() { return 1/2 }" for n in range(5)}
    found = outcomes("saved.zip", zipped(files))
    assert len(found) == 2
    (skipped,) = [one for one in found if one.skipped]
    assert (skipped.file, (skipped.skipped or "")[:7]) == ("saved.zip/Page_files", "5 files")


def test_a_folder_counts_as_a_page_s_only_beside_its_page() -> None:
    assert page_folders(["a_files/x.js", "b.html", "b_files/y.js", "c/d.htm", "c/d_files/e/z"]) == {
        "b_files/": ["b_files/y.js"],
        "c/d_files/": ["c/d_files/e/z"],
    }
