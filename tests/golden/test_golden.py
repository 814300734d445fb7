"""What Bobbin prints, sends, serves and stores is what was recorded, to the byte."""

from pathlib import Path

import pytest

from tests.golden.normal import normal
from tests.golden.record import GROUPS, RECORDED, differences, read, record, strangers, told
from tests.golden.seams import custom_ids

_MOST_BYTES = 3_000_000
_QUICK = {"search", "states"}


@pytest.mark.parametrize(
    "group", [pytest.param(name, marks=() if name in _QUICK else pytest.mark.slow) for name in GROUPS]
)
async def test_all_is_as_it_was_recorded(group: str, tmp_path: Path) -> None:
    found = differences(group, await GROUPS[group](tmp_path / group), read(group))
    assert not found, told(found)


def test_every_recorded_file_belongs_to_a_group_and_all_are_small_enough_to_read() -> None:
    assert strangers() == []
    assert all(read(group) for group in GROUPS)
    assert sum(path.stat().st_size for path in RECORDED.rglob("*") if path.is_file()) < _MOST_BYTES


async def test_a_changed_byte_a_lost_output_and_a_new_one_are_each_named(tmp_path: Path) -> None:
    made = dict(await GROUPS["states"](tmp_path))
    (case,) = made
    line = made[case].splitlines()[3]
    changed = line[:-1] + ("0" if line[-1] != "0" else "1")
    (found,) = differences("states", {case: made[case].replace(line, changed)}, read("states"))
    assert f"-{line}" in found.splitlines()
    assert f"+{changed}" in found.splitlines()
    assert f"states/{case} now" in found
    (found,) = differences("states", {}, read("states"))
    assert "nothing produces it any more" in found
    (found,) = differences("states", made | {"more.txt": "A lamp.\n"}, read("states"))
    assert "states/more.txt is produced and not recorded" in found
    (found,) = differences("states", {case: made[case].replace("\n", "\r\n")}, read("states"))
    assert "ends of its lines" in found


async def test_a_change_of_the_program_itself_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    least, *others = custom_ids()
    monkeypatch.setattr("tests.golden.chat.custom_ids", lambda: [(least[0], others[0][1]), *others])
    (found,) = differences("states", await GROUPS["states"](tmp_path), read("states"))
    assert f"+{least[0]}: {others[0][1]}" in found


def test_recording_replaces_what_was_and_is_then_what_is_compared_with(tmp_path: Path) -> None:
    record("chat", {"en/ask.json": "[1]\n", "en/help.json": "[]\n"}, tmp_path)
    record("chat", {"en/ask.json": "[2]\n"}, tmp_path)
    assert read("chat", tmp_path) == {"en/ask.json": "[2]\n"}
    (tmp_path / "attic").mkdir()
    assert strangers(tmp_path) == ["attic"]


def test_only_what_differs_between_two_runs_is_taken_out() -> None:
    text = (
        "<@1574166776558649347> at 127.0.0.1:45123, score 23.98100494321551, 3 April 2023, <t:1772454600:R>"
    )
    assert normal(text, {"1574166776558649347": "alice"}) == text.replace(
        "1574166776558649347", "{alice}"
    ).replace("45123", "{port}")
    assert normal("in 1574166776558649348 (Reference: 1db87d)") == "in {id} (Reference: {reference})"
