"""Zips and folders: exports read as one, other files by themselves, hostile zips refused."""

import io
import stat
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import ReadError
from retrieval.formats.import_types import Limits, Member, SavedFile
from retrieval.ingest.containers import Folder, Zip
from retrieval.ingest.expand import ReadOutcome, read_outcomes
from retrieval.readers.registry import bundle_roots
from retrieval.readers.x_export import x_export
from tests.retrieval.readers.exports import Guarded, account, folder, post, posts, texts, zipped

EXPORT = {
    "data/tweets.js": posts([post(1, "The lamp moved."), post(2, "Twice.", 1)]),
    "data/account.js": account(),
}
PRIVATE = {
    "data/direct-messages.js": "private",
    "data/like.js": "private",
    "data/tweets_media/a.jpg": "private",
}
PAGE = "The lamp on the quay was moved.\n/1\nNobody wrote it down.\n/END\n"
LIMITS = Limits()


def unpacked(content: bytes, limits: Limits = LIMITS) -> list[ReadOutcome]:
    return list(read_outcomes(SavedFile("saved.zip", content), limits))


def only(content: bytes, limits: Limits = LIMITS) -> ReadOutcome:
    (outcome,) = unpacked(content, limits)
    return outcome


def words(outcome: ReadOutcome) -> list[list[str]]:
    assert outcome.reading is not None, outcome.error
    return texts(outcome.reading.threads)


def reason(content: bytes, limits: Limits = LIMITS) -> str:
    outcome = only(content, limits)
    assert outcome.reading is None
    return outcome.error or ""


def test_an_export_is_one_file_whether_it_is_a_zip_or_a_folder(tmp_path: Path) -> None:
    files = {**EXPORT, **PRIVATE}
    from_zip = only(zipped(files))
    bundle = Folder(folder(tmp_path, files), tuple(files), LIMITS)
    (from_folder,) = read_outcomes(SavedFile("saved", bundle=bundle), LIMITS)
    assert words(from_zip) == words(from_folder) == [["The lamp moved.", "Twice."]]
    assert from_zip.sha256 == from_folder.sha256
    assert from_zip.file == "saved.zip"


def test_of_an_export_in_a_zip_nothing_but_post_files_can_be_opened() -> None:
    content = zipped({**EXPORT, **PRIVATE})
    # What is not opened may as well be damaged.
    for name in PRIVATE:
        at = content.index(name.encode()) - 30
        content = content[:at] + b"\0\0\0\0" + content[at + 4 :]
    with zipfile.ZipFile(io.BytesIO(content)) as archive, pytest.raises(zipfile.BadZipFile):
        archive.read("data/like.js")
    assert words(only(content)) == [["The lamp moved.", "Twice."]]


def test_an_export_is_found_in_a_folder_of_a_zip_beside_other_files_and_other_exports() -> None:
    older = {"old/tweet.js": posts([post(5, "Old.")], kind="tweet"), "old/direct-message.js": "private"}
    inside = {f"new/{name}": content for name, content in {**EXPORT, **PRIVATE}.items()}
    found = unpacked(zipped({**inside, **older, "page.txt": PAGE, "new/page.txt": PAGE}))
    assert {one.file: words(one)[0][0] for one in found} == {
        "saved.zip/new": "The lamp moved.",
        "saved.zip/old": "Old.",
        "saved.zip/page.txt": "The lamp on the quay was moved.",
        "saved.zip/new/page.txt": "The lamp on the quay was moved.",
    }


def test_the_files_of_any_other_zip_are_read_one_by_one_and_hidden_ones_are_counted() -> None:
    files: dict[str, str | bytes] = {
        "a/page.txt": PAGE,
        "picture.jpg": b"\xff\xd8\xff\xe0",
        "__MACOSX/a/._page.txt": "x",
        "a/.DS_Store": "x",
    }
    hidden, page, picture = unpacked(zipped(files))
    assert hidden.reading is not None
    assert [(one.why, one.count) for one in hidden.reading.left_out] == [
        ("hidden file of the zip or folder, not opened", 2)
    ]
    assert (page.file, words(page)[0][0]) == ("saved.zip/a/page.txt", "The lamp on the quay was moved.")
    assert (picture.file, picture.reading) == ("saved.zip/picture.jpg", None)
    assert (picture.error, picture.unknown) == (None, True)
    assert "no known form" in (picture.skipped or "")


def test_a_folder_that_has_the_names_of_an_export_and_is_none_is_read_file_by_file() -> None:
    found = unpacked(zipped({"data/tweets.js": "export const tweets = [];", "page.txt": PAGE}))
    assert [one.file for one in found] == ["saved.zip/data/tweets.js", "saved.zip/page.txt"]


NAMES = ["../../page.txt", "/etc/page.txt", "..\\page.txt", "C:\\page.txt", "a/../../page.txt", "\x1b[2J.txt"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_a_zip_is_never_a_path(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    before = sorted(tmp_path.rglob("*"))
    assert words(only(zipped({name: PAGE})))[0][0] == "The lamp on the quay was moved."
    assert sorted(tmp_path.rglob("*")) == before


# Hostile zips


def test_a_member_that_grows_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped({"page.txt": b"a" * 20_000_000})
    assert len(bomb) < 30_000
    assert "zip bomb" in reason(bomb)
    export = {"data/tweets.js": posts([post(1, "Here.")]) + " " * 20_000_000, "data/account.js": account()}
    assert "zip bomb" in reason(zipped(export))


def test_members_that_overlap_are_refused() -> None:
    content = zipped({"a.txt": bytes(range(256)) * 40})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.start_dir
    record = content[start : content.rindex(b"PK\x05\x06")]
    many = record * 50
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 50, 50, len(many), start, 0)
    assert "zip bomb" in reason(content[:start] + many + end)


def test_a_size_that_is_a_lie_cannot_make_more_than_it_says() -> None:
    content = zipped({"a.txt": b"a" * 900_000})
    lying = content.replace(struct.pack("<L", 900_000), struct.pack("<L", 900))
    assert "damaged" in reason(lying)


def test_a_zip_with_too_many_files_is_refused() -> None:
    assert "more than 3 files" in reason(zipped({f"{n}.txt": PAGE for n in range(4)}), Limits(members=3))


def test_what_is_read_of_a_zip_altogether_is_bounded() -> None:
    big = {f"{n}.txt": PAGE + "word " * 200_000 for n in range(3)}
    errors = [one.error for one in unpacked(zipped(big), Limits(unpacked=2_100_000, ratio=10_000))]
    assert "would have to be read" in (errors[2] or "")


def test_one_file_of_a_zip_is_bounded() -> None:
    big = zipped({"a.txt": PAGE + "word " * 500_000, "b.txt": PAGE})
    large, small = unpacked(big, Limits(file=2**20, ratio=10_000))
    assert "larger than 1 MiB" in (large.error or "")
    assert words(small)


def test_a_zip_in_a_zip_is_not_opened() -> None:
    assert "a zip in a zip" in reason(zipped({"inner.zip": zipped({"page.txt": PAGE})}))


def test_an_office_document_is_no_zip_of_threads() -> None:
    assert "office document" in reason(zipped({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}))


def test_an_empty_zip_is_reported() -> None:
    assert reason(zipped({})) == "holds no file to import"


def test_an_encrypted_member_is_reported() -> None:
    content = zipped({"data/tweets.js": EXPORT["data/tweets.js"]})
    central = content.rindex(b"PK\x01\x02")
    locked = content[: central + 8] + b"\x01\x00" + content[central + 10 :]
    assert "is encrypted" in reason(locked)


def test_a_link_in_a_zip_is_not_followed() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo("page.txt")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert "is a link" in reason(made.getvalue())


def test_a_packing_without_bounds_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("page.txt", PAGE)
    assert "unusual way" in reason(made.getvalue())


def test_a_damaged_export_keeps_what_could_be_unpacked() -> None:
    content = zipped(
        {"data/tweets.js": posts([post(n, f"Post {n} {zlib.crc32(b'%d' % n)}") for n in range(3000)])}
    )
    at = len(content) // 2
    outcome = only(content[:at] + bytes(200) + content[at + 200 :])
    assert outcome.reading is not None
    assert 100 < len(outcome.reading.threads) < 3000
    assert any("damaged" in warning for warning in outcome.reading.warnings)


ZIP = zipped({**EXPORT, "page.txt": PAGE})


@given(st.integers(0, len(ZIP) - 1), st.binary(max_size=6), st.integers(0, 40))
def test_no_damage_to_a_zip_raises(at: int, put: bytes, gone: int) -> None:
    for outcome in unpacked(ZIP[:at] + put + ZIP[at + gone :]):
        assert (outcome.reading is None) == bool(outcome.error)


@given(st.binary(max_size=200))
def test_nothing_that_begins_like_a_zip_raises(rest: bytes) -> None:
    unpacked(b"PK\x03\x04" + rest)
    unpacked(b"PK\x05\x06" + rest)


# Folders that may be bundles


def test_what_belongs_to_an_export_goes_with_it_and_nothing_else_does() -> None:
    export = ["x/data/tweets.js", "x/data/like.js", "x/data/tweets_media/1.jpg", "x/Your archive.html"]
    others = ["x/page.txt", "notes/page.txt", "y.txt"]
    assert bundle_roots([*export, *others]) == {"x/": export}
    assert bundle_roots(["tweets.js", "account.js", "page.txt"]) == {"": ["tweets.js", "account.js"]}
    assert bundle_roots(["/a/data/js/tweets/2014_01.js", "/a/index.html"]) == {
        "/a/": ["/a/data/js/tweets/2014_01.js", "/a/index.html"]
    }
    assert bundle_roots(["2014_01.js", "2014_02.js"]) == {"": ["2014_01.js", "2014_02.js"]}
    assert bundle_roots(["note-tweet.js", "account.js", "deleted-tweets.js", "tweet-headers.js"]) == {}


def test_a_folder_names_what_cannot_be_opened(tmp_path: Path) -> None:
    gone = Folder(folder(tmp_path, EXPORT), ("data/tweets.js", "data/gone.js"), LIMITS)
    assert [member.size for member in gone.members][1] == 0
    with pytest.raises(ReadError, match="No such file"):
        gone.open(gone.members[1])
    with pytest.raises(ReadError, match="would have to be read"):
        Folder(tmp_path, ("data/tweets.js",), Limits(unpacked=10)).open(Member("data/tweets.js", 11, 0))


def test_a_zip_that_is_gone_is_reported(tmp_path: Path) -> None:
    bundle = Zip("saved.zip", tmp_path / "saved.zip", LIMITS)
    (outcome,) = read_outcomes(SavedFile("saved.zip", bundle=bundle), LIMITS)
    assert outcome.error == "cannot be read: No such file or directory"


def test_readers_of_single_files_are_not_asked_about_bundles() -> None:
    file = SavedFile("export", bundle=Guarded({"page.txt": None}))
    assert x_export.recognise(file) == 0.0


def test_a_name_of_many_folders_costs_no_more_than_its_length() -> None:
    deep = "a/" * 32_000 + "x.js"
    began = time.process_time()
    roots = bundle_roots([deep, "data/tweets.js"])
    assert time.process_time() - began < 1
    assert roots == {"": ["data/tweets.js"]}
