"""What a digest shows again: by weight over a year, by quality and age, and the same whenever it is asked."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.database import ServerFile
from bot.digest.composer import Composer, Plan
from bot.digest.contents import Content
from bot.digest.due import EVERY_DAY
from bot.digest.editions import Edition
from bot.digest.ledger import Ledger
from bot.digest.model import DigestOptions, DigestState, Position
from bot.digest.resurfacing import (
    REST_DAYS,
    Frequency,
    Selection,
    Source,
    draw_hash,
    in_order,
    is_poor,
    is_poor_text,
    nth_date,
    pick_source,
)
from bot.digest.usage_counts import UsageCounts
from bot.i18n import translations_for
from bot.views.digests import digest_view
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.model import Completeness, ThreadSummary

UTC_ZONE, FIRST = ZoneInfo("Etc/UTC"), date(2026, 1, 1)
WORDS = ("amber", "barley", "cedar", "dune", "ember", "fjord", "garnet", "heath")


def line(author: str, number: int, **fields: object) -> str:
    words = " ".join(WORDS[number // 8**place % 8] for place in range(4))
    texts = (f"Of {words}, told by {author[1:]} in the year {number}.", f"More of the {words} follows here.")
    thread = {"bobbin": 1, "author": author, "title": f"{author} {number}", "completeness": "complete"}
    return json.dumps(thread | {"posts": [{"text": text} for text in texts]} | fields)


def fill(archive: Archive, collection: str, **authors: int) -> None:
    lines = [line(f"@{author}", number) for author, count in authors.items() for number in range(count)]
    archive.import_file(SavedFile(f"{collection}.jsonl", "\n".join(lines).encode()), collection=collection)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as opened:
        yield opened


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with ServerFile.open(tmp_path / "servers.db") as file:
        yield Ledger(file)


def year(archive: Archive, ledger: Ledger, selection: Selection, days: int = 365) -> list[tuple[str, date]]:
    """Post a digest of the archive alone on each day of a year; return what was shown when."""
    composer = Composer(archive, ledger, UsageCounts(ledger._file))
    plan = Plan(1, FIRST, UTC_ZONE, Content.ARCHIVE, selection=selection)
    shown: list[tuple[str, date]] = []
    rows: list[tuple[str, str, str]] = []
    for number in range(days):
        day = FIRST + timedelta(days=number)
        composed = composer.compose(replace(plan, day=day))
        for feature in composed.features:
            shown.append((feature.excerpt.thread.title or "", day))
            rows.append(("1", feature.excerpt.thread.id, day.isoformat()))
        with ledger._file.changing() as db:
            db.conn.executemany(
                "insert into digest_shown values (?, 0, ?, ?) on conflict do update set day = excluded.day",
                rows[-len(composed.features) :],
            )
    return shown


@pytest.mark.slow
def test_over_a_year_each_source_has_its_share_and_nothing_comes_twice_too_soon(
    archive: Archive, ledger: Ledger
) -> None:
    fill(archive, "tales", ada=1000, bob=150)
    fill(archive, "notes", cid=400, dot=50)
    tuned = (("@dot", Frequency.NEVER), ("@bob", Frequency.OFTEN), ("notes", Frequency.SELDOM))
    shown = year(archive, ledger, Selection(frequency=tuned))
    weights = {"@ada": 1000.0, "@bob": 150 * 4.0, "@cid": 400 * 0.25}
    counts, total = Counter(title.partition(" ")[0] for title, _ in shown), sum(weights.values())
    assert set(counts) == set(weights)
    assert len(shown) == 365
    for author, weight in weights.items():
        assert abs(counts[author] / 365 - weight / total) < 0.02, (author, counts)
    days: dict[str, list[date]] = {}
    for title, day in shown:
        days.setdefault(title, []).append(day)
    assert all(
        (later - earlier).days >= REST_DAYS for known in days.values() for earlier, later in pairwise(known)
    )


@given(
    weights=st.lists(st.floats(0.25, 400), min_size=1, max_size=8),
    start=st.binary(min_size=32, max_size=32),
    first=st.integers(0, 800_000),
)
@settings(max_examples=200, deadline=None)
def test_of_365_turns_in_a_row_a_source_has_its_weight_to_within_two_percent(
    weights: list[float], start: bytes, first: int
) -> None:
    sources = [Source(frozenset({number}), weight) for number, weight in enumerate(weights)]
    picked = Counter(pick_source(sources, start, first + turn)[0] for turn in range(365))
    for source in sources:
        assert abs(picked[source] / 365 - source.weight / sum(weights)) <= 0.02


def test_a_source_that_is_never_shown_has_no_turn_and_without_any_there_is_none() -> None:
    never, always = Source(frozenset({1}), 0.0), Source(frozenset({2}), 3.0)
    assert {tuple(pick_source([never, always], b"x" * 32, turn)) for turn in range(50)} == {(always,)}
    assert pick_source([never], b"x" * 32, 1) == []


@given(st.sets(st.integers(0, 6), min_size=1), st.dates(date(1, 2, 1), date(9998, 1, 1)))
def test_dates_on_weekdays_are_counted_one_by_one(weekdays: set[int], day: date) -> None:
    before, now = nth_date(day - timedelta(days=1), weekdays), nth_date(day, weekdays)
    assert now - before == (day.weekday() in weekdays)


def summary(name: str, **fields: object) -> ThreadSummary:
    usual = {"length": 3, "completeness": Completeness.COMPLETE, "opening": "Of lamps and ferries at dawn."}
    return ThreadSummary(id=name, **(usual | fields))  # type: ignore[arg-type]


POOR = [
    summary("fragment", completeness=Completeness.FRAGMENT),
    summary("preview", completeness=Completeness.PREVIEW),
    summary("book", length=400),
    summary("links", opening="https://example.org/a https://example.org/b"),
]


def test_poor_threads_come_after_all_others() -> None:
    good = [summary(f"good {number}") for number in range(9)]
    ordered = in_order([*POOR, *good], FIRST, 0, lambda thread: draw_hash(1, 0, FIRST, thread))
    assert set(ordered[:9]) == set(good)
    assert all(map(is_poor, POOR))


@pytest.mark.parametrize(
    ("text", "poor"),
    [
        ("See https://example.org/a/very/long/address/of/a/page and @someone #tag", True),
        ("So.", True),
        ("word " * 500, True),
        ("The ferry at Gozdowice crosses at dawn because the current is calm then.", False),
        ("كانت العدسة تطفو في حوض من الزئبق.", False),
        ("渡船在黎明时分过河，因为那时水流平静。", False),
        ("Паром у Гоздовіце перетинає річку на світанку, бо течія тоді спокійна.", False),
    ],
)
def test_a_post_is_poor_where_it_is_a_fragment_over_long_or_only_links(text: str, poor: bool) -> None:  # noqa: FBT001
    assert is_poor_text(text) is poor


def test_the_slider_prefers_newer_threads_the_more_the_further_it_goes() -> None:
    ages = [
        summary(f"{years}-{number}", posted_at=datetime(2025 - years, 6, 1, tzinfo=UTC))
        for years in range(5)
        for number in range(10)
    ]

    def newest(recency: int) -> int:
        return sum(first_of(number, recency).id.startswith("0-") for number in range(300))

    def first_of(server: int, recency: int) -> ThreadSummary:
        return in_order(ages, FIRST, recency, lambda thread: draw_hash(server, 0, FIRST, thread))[0]

    shares = [newest(recency) for recency in range(5)]
    assert shares == sorted(shares)
    assert 40 < shares[0] < 80
    assert shares[4] > 200


def test_digests_of_one_server_show_different_threads_and_each_the_same_again(
    archive: Archive, ledger: Ledger
) -> None:
    fill(archive, "tales", ada=40)
    composer = Composer(archive, ledger, UsageCounts(ledger._file))
    plans = [
        Plan(1, FIRST, UTC_ZONE, Content.ARCHIVE, number=number, selection=Selection(size=4))
        for number in range(3)
    ]
    shown = [composer.compose(plan).threads for plan in plans]
    assert shown == [
        Composer(archive, ledger, UsageCounts(ledger._file)).compose(plan).threads for plan in plans
    ]
    assert len(set(shown)) == 3
    assert all(len(set(threads)) == 4 for threads in shown)
    # An attempt that chose some already shows those again.
    again = replace(plans[0], feature=" ".join(shown[1]), selection=Selection(size=4))
    assert composer.compose(again).threads == shown[1]


def test_a_digest_takes_the_collections_and_authors_that_it_names(archive: Archive, ledger: Ledger) -> None:
    fill(archive, "tales", ada=5, bob=5)
    fill(archive, "notes", cid=5)
    composer, until = Composer(archive, ledger, UsageCounts(ledger._file)), archive.timeline.position()[1]

    def taken(selection: Selection) -> tuple[int, set[str]]:
        plan = Plan(1, FIRST, UTC_ZONE, Content.THREADS, until=until, selection=selection)
        composed = composer.compose(plan)
        shown = [*composed.arrivals.shown, *(feature.excerpt for feature in composed.features)]
        return composed.arrivals.total, {(one.thread.author or "") for one in shown}

    assert taken(Selection())[0] == 15
    assert taken(Selection(collections=("TALES",))) == (10, {"@ada", "@bob"})
    assert taken(Selection(authors=("@Bob",))) == (5, {"@bob"})
    assert taken(Selection(collections=("notes",), authors=("@bob",))) == (0, set())
    assert taken(Selection(collections=("gone",))) == (0, set())


def test_a_selection_is_stored_and_read_back() -> None:
    whole = Selection(("tales",), ("@ada",), 7, 3, (("@bob", Frequency.NEVER),))
    assert Selection.from_json(whole.to_json()) == whole
    assert Selection.from_json("{}") == Selection()
    assert whole.with_frequency("@BOB", Frequency.NORMAL).frequency == ()
    assert whole.with_frequency("notes", Frequency.OFTEN).factor("Notes") == 4.0


def test_the_number_of_threads_is_that_of_the_digest_in_every_kind_of_content(
    archive: Archive, ledger: Ledger
) -> None:
    fill(archive, "tales", ada=30)
    composer, until = Composer(archive, ledger, UsageCounts(ledger._file)), archive.timeline.position()[1]
    for size in range(3, 11):
        plan = Plan(1, FIRST, UTC_ZONE, until=until, selection=Selection(size=size))
        both = composer.compose(plan)
        old = composer.compose(replace(plan, content=Content.ARCHIVE))
        assert (len(both.arrivals.shown), len(both.features), len(old.features)) == (size, 1, size)
        for composed in (both, old):
            digest_view(composed, translations_for("en"))  # raises beyond a limit of Discord's


def test_digests_are_kept_apart_by_their_numbers(ledger: Ledger) -> None:
    evening, morning = datetime(2026, 11, 22, 18, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)
    daily = DigestOptions(1, UTC_ZONE, time(9))
    weekly = replace(daily, name="Weekly", weekdays=frozenset({0}))
    assert [ledger.subscribe(7, one, Position("a", 1), evening).number for one in (daily, weekly)] == [0, 1]
    assert {one.number for one in ledger.waiting(morning)} == {0, 1}  # the 23rd is a Monday
    claims = [ledger.claim(7, morning.date(), "us", Position("a", 2), morning, number) for number in (0, 1)]
    assert claims[0]
    assert claims[1]
    edition = Edition(7, 1, morning.date(), "", morning, new=("a",))
    ledger.finish(claims[1].entry, DigestState.POSTED, 5, edition)
    assert (ledger.shown(7, date.max), ledger.shown(7, date.max, 1)) == ({}, {"a": morning.date()})
    assert [one.number for one in ledger.waiting(morning + timedelta(hours=1))] == [0]
    assert [one.number for one in ledger.waiting(morning + timedelta(days=1))] == [0]
    assert ledger.subscribe(7, replace(weekly, name="weekly"), Position("a", 9), evening).number == 1
    ledger.unsubscribe(7)
    assert [one.options.name for one in ledger.subscriptions_of(7)] == ["weekly"]
    assert daily.weekdays == EVERY_DAY
