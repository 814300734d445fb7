"""JSON documents and lines behind caps: what is whole is read, what is not is told, and none takes long."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import ReadError
from retrieval.formats.import_types import LeftOut, SavedFile
from retrieval.readers.json.json_stream import (
    MAX_DEPTH,
    MAX_JSON_BYTES,
    JsonValue,
    clean_text,
    json_keys,
    json_values,
    merge_left_out,
    unreadable_record,
)
from tests.growth import MOST, growth

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=4), inside, max_size=3),
    max_leaves=10,
)
RECORDS = st.lists(
    st.dictionaries(st.text(max_size=4), VALUES, min_size=1, max_size=3), min_size=1, max_size=6
)


def found(content: bytes) -> tuple[list[object], list[LeftOut]]:
    values, left_out = [], []
    for one in json_values(SavedFile("saved.json", content)):
        if isinstance(one, JsonValue):
            values.append(one.value)
        else:
            left_out.append(one)
    return values, left_out


@given(RECORDS)
def test_lines_and_documents_are_read_as_they_are(records: list[dict[str, object]]) -> None:
    assert found(b"\n".join(json.dumps(one).encode() for one in [*records, records[0]])) == (
        [*records, records[0]],
        [],
    )
    assert found(json.dumps(records, indent=2).encode()) == ([records], [])
    assert found(b" ".join(json.dumps(one, indent=1).encode() for one in records)) == (records, [])


@given(st.binary(max_size=200))
def test_no_bytes_raise_or_vanish(content: bytes) -> None:
    values, left_out = found(content)
    assert values or left_out or not content.strip(b"\0 \t\r\n,\x0b\x0c\x1c\x1d\x1e\x1f\xef\xbb\xbf\xff\xfe")


def test_lines_have_their_number_and_documents_none() -> None:
    lines = list(json_values(SavedFile("x", b'{"a":1}\n\n{"a":2}{"a":3}\n')))
    assert lines == [JsonValue({"a": 1}, 1), JsonValue({"a": 2}, 3), JsonValue({"a": 3}, 3)]
    assert list(json_values(SavedFile("x", b'[\n{"a":1},\n{"a":2}\n]'))) == [JsonValue([{"a": 1}, {"a": 2}])]


def test_a_broken_line_loses_only_itself() -> None:
    values, left_out = found(b'{"a":1}\n{"a":\n{"a":3}\nwhat?\n')
    assert values == [{"a": 1}, {"a": 3}]
    assert [one.lines for one in left_out] == [(2, 2), (4, 4)]


def test_the_objects_of_a_broken_document_are_found_one_by_one() -> None:
    values, left_out = found(b'[{"a":1},\n{"a":{"b":1} "c"},\n{"a":3}]')
    assert values == [{"a": 1}, {"b": 1}, {"a": 3}]
    assert [one.lines for one in left_out] == [(2, 2)]
    assert found(b'{"a":1},{"a":2},{"a"')[0] == [{"a": 1}, {"a": 2}]


def test_other_encodings_and_damaged_bytes_are_read_and_reported() -> None:
    text = '{"ü":"🧵"}\n{"ü":2}'
    expected = [{"ü": "🧵"}, {"ü": 2}]
    for content in (text.encode(), text.encode("utf-8-sig"), text.encode("utf-16")):
        assert found(content) == (expected, [])
    values, left_out = found(b'{"a":"\xff!\xfe"}\n{"a":2}')
    assert values == [{"a": "\ufffd!\ufffd"}, {"a": 2}]
    assert left_out == [LeftOut("byte that is no UTF-8, shown as \ufffd", 2, (1, 1))]


def test_what_is_as_deep_as_the_cap_is_read_and_what_is_deeper_is_reported() -> None:
    deep = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert found(deep)[1] == []
    assert "levels deep" in found(b"[" + deep + b"]")[1][0].why
    values, left_out = found(b'{"a":1}\n' + b"[" * 200_000 + b'\n{"a":2}')
    assert values == [{"a": 1}, {"a": 2}]
    assert left_out[0].lines == (2, 2)


@pytest.mark.parametrize(
    "hostile",
    [
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"[0," * 200_000,
        b'{"' * 300_000,
        b'["' + b'\\"' * 300_000,
        b'{"a":"' + b"\\" * 300_000,
        b'[{"a":' + b"9" * 100_000 + b"}]",
        b"{}" * 300_000,
        b'{"a":[' * 100_000,
        b"\n" * 300_000,
    ],
    ids=["lists", "objects", "values", "quotes", "escapes", "slashes", "digits", "many", "mixed", "blank"],
)
def test_hostile_documents_take_time_in_step_with_their_size(hostile: bytes) -> None:
    _, left_out = found(hostile)
    assert len(merge_left_out(left_out)) <= 101
    assert growth(found, lambda size: hostile[: min(size, len(hostile))]) <= MOST


def test_a_file_beyond_the_cap_is_refused() -> None:
    with pytest.raises(ReadError, match="split it"):
        found(b" " * (MAX_JSON_BYTES + 1))


def test_keys_are_seen_only_in_what_looks_like_json() -> None:
    assert json_keys(SavedFile("x", b' [{"full_text": "a", "b c": 1}]')) == {"full_text"}
    assert json_keys(SavedFile("x", b'x{"full_text":1}\n{"id":1}')) == {"full_text", "id"}
    assert json_keys(SavedFile("x", b'A post with "full_text": inside.')) == frozenset()
    assert json_keys(SavedFile("x", '{"id":1}'.encode("utf-16"))) == {"id"}
    assert json_keys(SavedFile("x", b"")) == frozenset()


def test_a_text_is_clean_without_another_word() -> None:
    assert clean_text(" a\r\nb\rc\0 “é” \ud83e\uddf5 \ud800 ") == "a\nb\nc “é” 🧵 \ufffd"


def test_reports_of_one_kind_are_reported_together() -> None:
    lines = [LeftOut("a", 1, (n, n)) for n in (3, 4, 5, 9)]
    assert merge_left_out([*lines, LeftOut("b"), LeftOut("b", 2)]) == (
        LeftOut("a", 3, (3, 5)),
        LeftOut("a", 1, (9, 9)),
        LeftOut("b", 3),
    )
    many = merge_left_out(LeftOut(f"{n}") for n in range(250))
    assert len(many) == 101
    assert many[-1].count == 150
    assert unreadable_record("no id", 3, None).lines is None
    assert unreadable_record("no id", 3, 7).lines == (7, 7)
