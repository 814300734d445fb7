"""The readers find each other by themselves, and the surest one reads."""

import pytest

from retrieval.errors import UnknownFormError
from retrieval.formats.import_types import TEXT, SavedFile
from retrieval.readers.registry import read, readers
from retrieval.readers.text import unrolled_text


def test_every_module_is_a_reader() -> None:
    assert unrolled_text in readers()
    for reader in readers():
        assert reader.FORM
        assert callable(reader.recognise)
        assert callable(reader.read)


def test_no_two_readers_share_a_form() -> None:
    forms = [reader.FORM for reader in readers()]
    assert len(set(forms)) == len(forms)


def test_plain_text_finds_a_reader_only_where_it_is_asked_for() -> None:
    with pytest.raises(UnknownFormError, match=r"note\.txt: shows no sign of a thread") as caught:
        read(SavedFile("note.txt", b"Only one post."))
    assert caught.value.plain
    assert read(SavedFile("note.txt", b"Only one post.", form=TEXT)).form == "plain text"


def test_a_form_that_is_not_known_is_an_error_that_names_the_file() -> None:
    with pytest.raises(UnknownFormError, match=r"photo\.jpg: no known form of saved thread"):
        read(SavedFile("photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF"))


def test_the_name_of_a_file_decides_nothing() -> None:
    assert (
        read(SavedFile("photo.jpg", b"One.\n/1\nTwo.\n/2\n")).threads
        == read(SavedFile("a", b"One.\n/1\nTwo.\n/2\n")).threads
    )
