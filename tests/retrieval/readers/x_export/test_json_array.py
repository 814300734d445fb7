"""Records out of a stream: the sound way, the way around damage, and no way to take all the memory."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.readers.x_export.json_array import BrokenRecord, Restart, array_records

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
WRAPPED = st.lists(
    st.fixed_dictionaries({"tweet": st.dictionaries(st.text(), VALUES, max_size=3)}), max_size=6
)


def read(text: str | bytes) -> list[Any]:
    """What holds in the end, as whoever reads must take it: all that came before is forgotten."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    found: list[Any] = []
    for value in array_records(lambda: io.BytesIO(raw)):
        found = [] if isinstance(value, Restart) else [*found, value]
    return found


@given(WRAPPED, st.sampled_from([None, 1, 2, 4]))
def test_what_is_written_is_read(values: list[Any], indent: int | None) -> None:
    assert read(f"window.YTD.tweets.part0 = {json.dumps(values, indent=indent)}") == values


@given(WRAPPED, st.sampled_from([None, 2]))
def test_what_stands_behind_damage_is_read_as_well(values: list[Any], indent: int | None) -> None:
    body = json.dumps([{"tweet": {"a": "\ud83d"}}, *values], indent=indent)
    found = read(f"window.YTD.tweets.part0 = {body}".replace('"a"', '"a', 1))
    assert isinstance(found[0], BrokenRecord)
    assert found[1:] == values


def test_records_without_a_name_are_distinguished_by_their_lines() -> None:
    values: list[Any] = [{"id": number, "entities": [{"a": 1}, {"b": 2}]} for number in range(4)]
    body = ", ".join(json.dumps(value, indent=2) for value in values)
    whole = f"Grailbird.data.tweets_2014_01 =\n [ {body} ]"
    assert read(whole) == values
    found = read(whole.replace('"id": 1', '"id": ]'))
    assert [found[0], *found[2:]] == [values[0], *values[2:]]
    assert isinstance(found[1], BrokenRecord)


def many(count: int) -> Iterator[dict[str, Any]]:
    return ({"tweet": {"id": number, "text": "x" * 700}} for number in range(count))


def test_openings_between_two_slices_are_found() -> None:
    values = list(many(2_000))
    damaged = f"window.YTD.tweets.part0 = {json.dumps(values, indent=1)}".replace('"id": 1000,', '"id": ,')
    found = read(damaged)
    assert [one for one in found if not isinstance(one, BrokenRecord)] == values[:1000] + values[1001:]
    assert [str(one) for one in found if isinstance(one, BrokenRecord)] == ["record 1001: not JSON"]


def test_what_is_too_long_for_a_record_is_reported_and_passed_over() -> None:
    values = [{"tweet": {"id": 1}}, {"tweet": {"id": 2, "text": "y" * 5_000_000}}, {"tweet": {"id": 3}}]
    found = read(f"window.YTD.tweets.part0 = {json.dumps(values)}")
    assert values[0] in found
    assert values[2] in found
    assert any("longer than 4 MiB" in one for one in found if isinstance(one, BrokenRecord))


def test_a_long_record_that_is_none_too_long_is_read() -> None:
    values = [{"tweet": {"id": 2, "text": "y" * 500_000}}]
    assert read(f"window.YTD.tweets.part0 = {json.dumps(values)}") == values


@pytest.mark.parametrize(
    "text", ["", "window.YTD", "window.YTD.tweets.part0 = ", "window.YTD.tweets.part0 = [}"]
)
def test_where_there_is_no_array_there_are_no_records(text: str) -> None:
    assert not [one for one in read(text) if not isinstance(one, BrokenRecord)]


@pytest.mark.parametrize("tail", [";", "\n;\n", "]", "\n\n"])
def test_what_a_script_may_end_in_is_no_damage(tail: str) -> None:
    values = list(many(2))
    assert read(f"window.YTD.tweets.part0 = {json.dumps(values)}{tail}") == values


@given(st.binary(max_size=400))
def test_no_bytes_raise(raw: bytes) -> None:
    read(b"window.YTD.tweets.part0 = [" + raw)
    read(b'window.YTD.tweets.part0 = [{"tweet":{"a":"' + raw)
