"""Time zones as people name them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.timezones import _CITIES, MAX_SUGGESTIONS, complete_timezone, find_timezone

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("berl", "Europe/Berlin"),
        ("münch", "Europe/Berlin"),
        ("Munich", "Europe/Berlin"),
        ("kyiv", "Europe/Kyiv"),
        ("Kiew", "Europe/Kyiv"),
        ("Київ", "Europe/Kyiv"),
        ("new y", "America/New_York"),
        ("San Fran", "America/Los_Angeles"),
        ("mumbai", "Asia/Kolkata"),
        ("sao pau", "America/Sao_Paulo"),
        ("beijing", "Asia/Shanghai"),
        ("Japan", "Asia/Tokyo"),
        ("Ukraine", "Europe/Kyiv"),
        ("europe/lon", "Europe/London"),
        ("America/Los_Angeles", "America/Los_Angeles"),
        ("utc", "Etc/UTC"),
        ("CET", "Europe/Berlin"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("+9", "Asia/Tokyo"),
        ("Berlni", "Europe/Berlin"),
    ],
)
def test_what_people_type_suggests_the_zone_they_mean_first(typed: str, zone: str) -> None:
    assert complete_timezone(typed, NOW)[0].zone == zone


def test_before_anything_is_typed_the_zones_of_the_readers_country_come_first() -> None:
    assert complete_timezone("", NOW, "de")[0].zone == "Europe/Berlin"
    assert complete_timezone("", NOW, "uk")[0].zone == "Europe/Kyiv"
    assert complete_timezone("", NOW, "en-GB")[0].zone == "Europe/London"
    assert complete_timezone("", NOW, "en-US")[0].zone == "America/New_York"


def test_a_label_names_city_country_zone_and_what_the_clock_shows_in_the_readers_language() -> None:
    assert complete_timezone("Kiew", NOW, "de")[0].label == "Kiew, Ukraine · Europe/Kyiv · 14:00"
    assert complete_timezone("munich", NOW)[0].label == "Munich, Germany · Europe/Berlin · 13:00"


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("hamburg", "Europe/Berlin"),
        ("US/Pacific", "US/Pacific"),
        ("x", None),
        ("", None),
    ],
)
def test_a_whole_name_is_enough_without_choosing(typed: str, zone: str | None) -> None:
    assert find_timezone(typed) == (zone and ZoneInfo(zone))


@given(st.text(max_size=120))
def test_whatever_is_typed_there_are_at_most_25_zones_that_exist_with_labels_that_fit(typed: str) -> None:
    found = complete_timezone(typed, NOW)
    assert len(found) <= MAX_SUGGESTIONS
    assert len({one.zone for one in found}) == len(found)
    assert {one.zone for one in found} <= available_timezones()
    assert all(0 < len(one.label) <= 100 for one in found)
    find_timezone(typed)


def test_every_zone_of_the_list_of_cities_exists() -> None:
    lines = [line for line in _CITIES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert {line.partition(": ")[0] for line in lines} <= available_timezones()
    assert len(lines) > 50
