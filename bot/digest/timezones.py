"""Time zones as people name them: by zone, city, country, abbreviation or difference from UTC.

The zones are those of the time-zone database. Their cities and countries in the languages that Bobbin
speaks are Babel's; ``cities.txt`` adds cities that no zone is named after.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from rapidfuzz import fuzz, process

from bot.i18n import LANGUAGES, translations_for

__all__ = ["MAX_SUGGESTIONS", "TimezoneSuggestion", "complete_timezone", "find_timezone", "timezone_name"]

#: Discord shows so many choices.
MAX_SUGGESTIONS: Final = 25

_CITIES: Final = Path(__file__).resolve().parent / "cities.txt"
_LONGEST: Final = 100
_SIMILAR: Final = 75
_SEPARATOR: Final = " · "
_DIFFERENCE: Final = re.compile(r"(?:utc|gmt)?\s*([+\-−–])\s*(\d{1,2})(?::?(\d{2}))?")

# The zones that most people live in, the likeliest first, where nothing else tells them apart.
_COMMON: Final = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Chicago",
    "Europe/Paris", "Europe/Kyiv", "Europe/Madrid", "Europe/Rome", "Europe/Warsaw", "Europe/Amsterdam",
    "America/Sao_Paulo", "Asia/Kolkata", "Asia/Tokyo", "Asia/Shanghai", "Asia/Singapore",
    "Australia/Sydney", "America/Toronto", "America/Denver", "Europe/Istanbul", "Asia/Seoul",
    "Asia/Jakarta", "America/Mexico_City", "Africa/Johannesburg", "Etc/UTC", "Europe/Vienna",
    "Europe/Zurich", "Europe/Stockholm", "Europe/Lisbon", "Europe/Athens", "Africa/Cairo",
    "Africa/Lagos", "Asia/Dubai", "Asia/Manila",
)  # fmt: skip
#: What people write for the clock of a place in either season; the database has some of it as fixed offsets.
_ABBREVIATIONS: Final = {
    "America/New_York": "et est edt nyc ny",
    "America/Chicago": "ct cdt",
    "America/Denver": "mt mst mdt",
    "America/Los_Angeles": "pt pst pdt la sf",
    "America/Anchorage": "akst akdt",
    "America/Halifax": "adt",
    "America/St_Johns": "nst ndt",
    "America/Adak": "hdt",
    "America/Sao_Paulo": "brt",
    "America/Santiago": "clt clst",
    "America/Bogota": "cot",
    "America/Lima": "pet",
    "America/Caracas": "vet",
    "America/Argentina/Buenos_Aires": "art",
    "Pacific/Honolulu": "hst",
    "Europe/London": "bst uk",
    "Europe/Lisbon": "wet west",
    "Europe/Berlin": "cet cest met mest mez mesz",
    "Europe/Kyiv": "eet eest",
    "Europe/Moscow": "msk мск",
    "Europe/Istanbul": "trt",
    "Asia/Dubai": "gst",
    "Asia/Karachi": "pkt",
    "Asia/Jakarta": "wib",
    "Asia/Singapore": "sgt",
    "Asia/Hong_Kong": "hkt",
    "Asia/Manila": "pht",
    "Asia/Seoul": "kst",
    "Asia/Tokyo": "jst",
    "Africa/Johannesburg": "sast",
    "Africa/Lagos": "wat",
    "Africa/Maputo": "cat",
    "Africa/Nairobi": "eat",
    "Asia/Tehran": "irst",
    "Asia/Dhaka": "bdt",
    "Asia/Kathmandu": "npt",
    "Asia/Bangkok": "ict",
    "Asia/Kuala_Lumpur": "myt",
    "Asia/Makassar": "wita",
    "Asia/Jayapura": "wit",
    "Etc/UTC": "z zulu",
    "Australia/Perth": "awst",
    "Australia/Adelaide": "acst acdt",
    "Australia/Sydney": "aest aedt",
    "Pacific/Auckland": "nzst nzdt",
}
#: Abbreviations that stand for clocks far apart: people are asked which they mean.
_AMBIGUOUS: Final = {
    "ist": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "cst": ("America/Chicago", "Asia/Shanghai", "America/Havana"),
    "ast": ("America/Halifax", "Asia/Riyadh"),
}
_FIXED: Final = re.compile(r"Etc/GMT([+-])(\d{1,2})")
#: The furthest whole hours for which the database has a fixed offset: behind UTC, and ahead of it.
_BEHIND, _AHEAD = 12, 14
# Where a locale names no country, the country where most of its people live.
_COUNTRIES: Final = {
    "en": "US", "uk": "UA", "cs": "CZ", "da": "DK", "el": "GR", "hi": "IN", "ja": "JP", "ko": "KR",
    "sv": "SE", "vi": "VN", "zh": "CN",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimezoneSuggestion:
    """A zone to choose: its name in the database, and a label of at most 100 characters."""

    zone: str
    label: str


@dataclass(frozen=True, slots=True)
class _City:
    """A city, or what stands for one, with the zone it is in; ``folded`` is how it is compared."""

    name: str
    zone: str
    folded: str
    extra: bool = False


def find_timezone(typed: str) -> ZoneInfo | None:
    """Return the zone that was meant by a whole name: of a zone, or of a city; ``None`` for none.

    Case, accents and underscores do not matter. An abbreviation of either season means the zone with its
    rules, a whole number of hours from UTC means just that, and the label of a suggestion its zone: some
    clients send it in the place of the value. A name that stands for several zones stands for the likeliest;
    an abbreviation that stands for clocks far apart for none.
    """
    if _SEPARATOR in typed:
        typed = next((part for part in typed.split(_SEPARATOR) if _fold(part) in _zones()), typed)
        return ZoneInfo(_zones()[_fold(typed)]) if _fold(typed) in _zones() else None
    wanted = _fold(typed)
    if not wanted or wanted in _AMBIGUOUS:
        return None
    difference = _DIFFERENCE.fullmatch(wanted)
    named = _fixed(_offset(difference)) if difference else _abbreviated().get(wanted) or _zones().get(wanted)
    if difference:
        return None if named is None else ZoneInfo(named)
    if named is None:
        named = next((place.zone for place in _places() if place.folded == wanted), None)
    return None if named is None else ZoneInfo(named)


def timezone_name(zone: str) -> str:
    """Return a zone's name as people write it: the database's ``Etc/GMT-3`` is UTC+3."""
    fixed = _FIXED.fullmatch(zone)
    if fixed is None:
        return zone
    return f"UTC{'+' if fixed[1] == '-' else '−'}{fixed[2]}" if fixed[2] != "0" else "UTC"


def complete_timezone(typed: str, now: datetime, locale: str = "en") -> list[TimezoneSuggestion]:
    """Return the zones that what was typed so far may mean, the likely first; at most 25.

    ``now`` is for what the clocks there show; ``locale``, as Discord writes it, for the language, and
    for what is likely before anything is typed.
    """
    wanted = _fold(typed)
    found: dict[str, str | None] = {}
    for zone, city in _matches(wanted, now, locale):
        found.setdefault(zone, city)
        if len(found) == MAX_SUGGESTIONS:
            break
    return [TimezoneSuggestion(zone, _label(zone, city, now, locale)) for zone, city in found.items()]


def _matches(wanted: str, now: datetime, locale: str) -> Iterator[tuple[str, str | None]]:
    """Yield zones with the city they were found by, the likely first; a zone may come twice."""
    likely = _likely(locale)
    order = {zone: place for place, zone in enumerate(likely)}
    if not wanted:
        yield from ((zone, None) for zone in likely)
        return
    difference = _DIFFERENCE.fullmatch(wanted)
    if difference:
        offset = _offset(difference)
        yield from ((zone, None) for zone in likely if ZoneInfo(zone).utcoffset(now) == offset)
        if fixed := _fixed(offset):
            yield fixed, None
        return
    if wanted in _AMBIGUOUS:
        yield from ((zone, None) for zone in _AMBIGUOUS[wanted])
        return
    if abbreviated := _abbreviated().get(wanted):
        yield abbreviated, None

    def rank(place: _City) -> tuple[int, int]:
        return _closeness(place.folded, wanted), order.get(place.zone, len(order))

    close = [place for place in _places() if _closeness(place.folded, wanted) <= _INSIDE]
    yield from ((place.zone, place.name if place.extra else None) for place in sorted(close, key=rank))
    yield from (
        (zone, None) for zone in likely if _fold(now.astimezone(ZoneInfo(zone)).tzname() or "") == wanted
    )
    countries = _countries()
    yield from (
        (zone, None)
        for zone in likely
        if any(_closeness(country, wanted) <= _WORD for country in countries.get(zone, ()))
    )
    yield from ((zone, None) for zone in likely if wanted in _fold(zone))
    exact = _zones().get(wanted)
    if exact:
        yield exact, None
    names = [place.folded for place in _places()]
    for _, _, index in process.extract(wanted, names, scorer=fuzz.ratio, limit=5, score_cutoff=_SIMILAR):
        place = _places()[index]
        yield place.zone, place.name if place.extra else None


_EXACT, _START, _WORD, _INSIDE, _FAR = range(5)


def _closeness(folded: str, wanted: str) -> int:
    if folded == wanted:
        return _EXACT
    if folded.startswith(wanted):
        return _START
    if f" {wanted}" in folded:
        return _WORD
    return _INSIDE if wanted in folded else _FAR


@cache
def _likely(locale: str) -> list[str]:
    """Return every zone once: the common ones first, before them those of the locale's own country."""
    language, _, country = locale.partition("-")
    country = country or _COUNTRIES.get(language, language.upper())
    territories = get_global("zone_territories")
    own = [zone for zone in (*_COMMON, *_canonical()) if territories.get(zone) == country]
    first = [zone for zone in own if zone in _COMMON] or own
    return list(dict.fromkeys([*first, *_COMMON, *own, *_canonical()]))


@cache
def _canonical() -> tuple[str, ...]:
    """Return the zones that are no other zone's older name, in the order of their names."""
    there = available_timezones()
    return (*sorted(zone for zone in get_global("zone_territories") if zone in there), "Etc/UTC")


@cache
def _abbreviated() -> dict[str, str]:
    return {name: zone for zone, names in _ABBREVIATIONS.items() for name in names.split()}


def _fixed(offset: timedelta) -> str | None:
    """Return the zone of a fixed whole number of hours ahead of UTC, ``None`` where there is none.

    The database names them the other way round, as POSIX does: ``Etc/GMT-3`` is three hours ahead.
    """
    hours, rest = divmod(offset, timedelta(hours=1))
    if rest or not -_BEHIND <= hours <= _AHEAD:
        return None
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/UTC"


@cache
def _zones() -> dict[str, str]:
    """Return every zone of the database by its folded name; older names stand for themselves."""
    return {
        _fold(zone): zone for zone in sorted(available_timezones()) if zone not in {"localtime", "Factory"}
    }


@cache
def _places() -> tuple[_City, ...]:
    """Return cities in every language that Bobbin speaks, those of likelier zones first."""
    found: dict[tuple[str, str], _City] = {}
    # The fixed offsets' names read as the opposite of what people mean by them.
    for zone in (zone for zone in _likely("en") if not _FIXED.fullmatch(zone)):
        for name in dict.fromkeys(_city(zone, language) for language in LANGUAGES):
            found.setdefault((_fold(name), zone), _City(name, zone, _fold(name)))
    for line in _CITIES.read_text(encoding="utf-8").splitlines():
        zone, colon, names = line.partition(": ")
        if colon and not line.startswith("#"):
            for name in names.split(", "):
                found.setdefault((_fold(name), zone), _City(name, zone, _fold(name), extra=True))
    return tuple(found.values())


@cache
def _countries() -> dict[str, tuple[str, ...]]:
    """Return the folded names of each zone's country in every language that Bobbin speaks."""
    locales = [Locale.parse(language) for language in LANGUAGES]
    return {
        zone: tuple(_fold(locale.territories.get(country, country)) for locale in locales)
        for zone, country in get_global("zone_territories").items()
    }


@cache
def _city(zone: str, language: str) -> str:
    """Return the name of a zone's city in a language."""
    known = Locale.parse(language).time_zones
    names = [zone, *(old for old, new in get_global("zone_aliases").items() if new == zone)]
    city = next((known[name]["city"] for name in names if "city" in known.get(name, {})), None)
    return city or zone.rpartition("/")[2].replace("_", " ")


def _label(zone: str, city: str | None, now: datetime, locale: str) -> str:
    """Return what a choice shows: the city, its country, the zone, and what the clock there shows."""
    clock = f"{now.astimezone(ZoneInfo(zone)):%H:%M}"
    if _FIXED.fullmatch(zone):
        return _SEPARATOR.join((timezone_name(zone), zone, clock))
    language = translations_for(locale).language
    country = get_global("zone_territories").get(zone, "")
    land = Locale.parse(language).territories.get(country, "")
    where = ", ".join(filter(None, (city or _city(zone, language), land)))
    return _SEPARATOR.join((where[:50], zone, clock))[:_LONGEST]


def _offset(difference: re.Match[str]) -> timedelta:
    sign, hours, minutes = difference.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return offset if sign == "+" else -offset


def _fold(text: str) -> str:
    """Return a name without case, accents and what stands between words."""
    letters = unicodedata.normalize("NFKD", text.casefold().strip()[:_LONGEST])
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[_/.,'’]", " ", bare).split())
