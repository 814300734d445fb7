"""Time zones as people name them."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.timezones import (
    _CITIES,
    MAX_SUGGESTIONS,
    _closeness,
    _places,
    complete_timezone,
    find_timezone,
    timezone_name,
)

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
    assert complete_timezone("", NOW, "is")[0].zone == "Atlantic/Reykjavik", "a country without a common one"
    australian = [suggestion.zone for suggestion in complete_timezone("", NOW, "en-AU")[:2]]
    assert australian == ["Australia/Sydney", "Europe/Berlin"], "of a large country its common one alone"


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


SUMMER, WINTER = datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        *[(name, "America/New_York") for name in ("EST", "EDT", "ET", "NYC", "nyc")],
        *[(name, "America/Denver") for name in ("MST", "MDT", "MT")],
        *[(name, "America/Los_Angeles") for name in ("PST", "PDT", "PT")],
        *[(name, "Europe/Berlin") for name in ("CET", "CEST", "MEZ", "MESZ", "met")],
        *[("HST", "Pacific/Honolulu"), ("CT", "America/Chicago"), ("BST", "Europe/London")],
        *[("MSK", "Europe/Moscow"), ("EET", "Europe/Kyiv"), ("AEDT", "Australia/Sydney")],
    ],
)
def test_an_abbreviation_of_either_season_means_the_zone_with_its_rules(typed: str, zone: str) -> None:
    found = find_timezone(typed)
    assert found == ZoneInfo(zone)
    for now in (SUMMER, WINTER):
        assert complete_timezone(typed, now)[0].zone == zone


@pytest.mark.parametrize("hours", range(-12, 15))
@pytest.mark.parametrize("form", ["GMT{:+d}", "UTC{:+d}", "{:+d}", "utc {:+03d}:00", "gmt{:+d}:00"])
def test_an_offset_is_read_as_written(hours: int, form: str) -> None:
    zone = find_timezone(form.format(hours))
    assert zone is not None
    assert zone.utcoffset(NOW) == timedelta(hours=hours)
    assert timezone_name(zone.key) == (f"UTC{hours:+d}".replace("-", "−") if hours else "Etc/UTC")


@pytest.mark.parametrize("typed", ["IST", "cst", "AST", "UTC+5:30", "+99"])
def test_what_may_mean_several_clocks_is_asked_back(typed: str) -> None:
    assert find_timezone(typed) is None


def test_ambiguous_abbreviations_offer_their_zones_first() -> None:
    assert [one.zone for one in complete_timezone("IST", NOW)] == [
        "Asia/Kolkata",
        "Asia/Jerusalem",
        "Europe/Dublin",
    ]


@given(st.sampled_from(["", "berl", "GMT+3", "IST", "kiew", "new y"]), st.sampled_from(["en", "de", "uk"]))
def test_the_label_of_a_suggestion_means_its_zone(typed: str, locale: str) -> None:
    for suggestion in complete_timezone(typed, NOW, locale):
        assert find_timezone(suggestion.label) == ZoneInfo(suggestion.zone)


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Etc/GMT-3", "UTC+3"),
        ("Etc/GMT+11", "UTC−11"),
        ("Etc/GMT-0", "UTC"),
        ("Etc/GMT", "Etc/GMT"),
        ("Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_a_fixed_offset_has_the_name_that_people_write(zone: str, name: str) -> None:
    assert timezone_name(zone) == name


def test_a_city_is_never_of_a_fixed_offset() -> None:
    zones = {city.zone for city in _places()}
    assert not [zone for zone in zones if re.match(r"Etc/GMT[+-]", zone)]
    assert {"Europe/Berlin", "America/New_York"} <= zones


def test_an_exact_name_is_nearer_than_a_beginning_a_word_a_part_and_anything_else() -> None:
    names = ("san", "san juan", "el san", "elsan", "lima")
    assert [_closeness(name, "san") for name in names] == sorted(_closeness(name, "san") for name in names)
    assert len({_closeness(name, "san") for name in names}) == len(names)


#: Hours from UTC in January and in July, whichever season's abbreviation is written.
_CLOCKS = {
    "ET EST EDT NYC NY": (-5, -4),
    "CT CDT": (-6, -5),
    "MT MST MDT": (-7, -6),
    "PT PST PDT LA SF": (-8, -7),
    "HST": (-10, -10),
    "AKST AKDT": (-9, -8),
    "BST": (0, 1),
    "GMT UTC Z": (0, 0),
    "WET WEST": (0, 1),
    "CET CEST MEZ MESZ MEST": (1, 2),
    "EET EEST": (2, 3),
    "MSK МСК TRT EAT": (3, 3),
    "WAT": (1, 1),
    "CAT SAST": (2, 2),
    "GST": (4, 4),
    "PKT": (5, 5),
    "BDT": (6, 6),
    "ICT WIB": (7, 7),
    "SGT HKT PHT MYT WITA AWST": (8, 8),
    "JST KST WIT": (9, 9),
    "AEST AEDT": (11, 10),
    "NZST NZDT": (13, 12),
    "CLT CLST": (-3, -4),
    "BRT ART": (-3, -3),
}


@pytest.mark.parametrize(
    ("written", "hours"), [(name, hours) for names, hours in _CLOCKS.items() for name in names.split()]
)
def test_an_abbreviation_has_the_clock_of_each_season(written: str, hours: tuple[int, int]) -> None:
    for typed in (written, written.lower()):
        zone = find_timezone(typed)
        assert zone is not None
        offsets = [datetime(2026, month, 15, 12, tzinfo=zone).utcoffset() for month in (1, 7)]
        assert offsets == [timedelta(hours=each) for each in hours]


@pytest.mark.parametrize("locale", ["en", "de", "uk"])
@pytest.mark.parametrize("month", [1, 7])
def test_the_label_of_every_suggestion_means_its_zone(locale: str, month: int) -> None:
    for typed in ("", "ber", "new", "ist", "+3", "pst", "san", "cet", "z"):
        for one in complete_timezone(typed, datetime(2026, month, 15, 12, tzinfo=UTC), locale):
            zone = find_timezone(one.label)
            assert zone is not None
            assert zone.key == one.zone
