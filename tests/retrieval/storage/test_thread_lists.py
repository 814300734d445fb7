"""Lists of threads by filter and order, beside the same done in Python; a thread's neighbours."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from retrieval.archive import Archive, Neighbours, ThreadFilter, ThreadOrder
from retrieval.model import Scope, ThreadSummary
from tests.bot.web.threads import ARABIC, DATED, FRAGMENT, UNDATED, keep_threads


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("lists") / "archive.db") as opened:
        keep_threads(opened, [*DATED, UNDATED, FRAGMENT, ARABIC])
        keep_threads(opened, [FRAGMENT], server_id=5)
        yield opened


def everything(archive: Archive, scope: Scope, order: ThreadOrder) -> list[ThreadSummary]:
    listed, total = archive.thread_lists.page(scope, order=order, limit=1_000)
    assert len(listed) == total
    return listed


@pytest.mark.parametrize("order", ThreadOrder)
def test_pages_of_every_order_hold_each_thread_once(archive: Archive, order: ThreadOrder) -> None:
    scope = archive.catalog.public_scope()
    whole = everything(archive, scope, order)
    paged = [
        summary
        for offset in range(0, len(whole), 7)
        for summary in archive.thread_lists.page(scope, order=order, offset=offset, limit=7)[0]
    ]
    assert paged == whole
    assert {summary.id for summary in whole} == {one.id for one in (*DATED, UNDATED, FRAGMENT, ARABIC)}
    assert archive.thread_lists.page(scope, order=order, offset=10**30)[0] == []


def test_the_orders_are_what_they_say(archive: Archive) -> None:
    scope = archive.catalog.public_scope()
    lengths = [summary.length for summary in everything(archive, scope, ThreadOrder.LENGTH)]
    assert lengths == sorted(lengths, reverse=True)
    headings = [summary.heading.casefold() for summary in everything(archive, scope, ThreadOrder.TITLE)]
    assert headings == sorted(headings)
    dates = [summary.posted_at for summary in everything(archive, scope, ThreadOrder.DATE)]
    assert dates == sorted(filter(None, dates), reverse=True) + [None] * dates.count(None)
    arrivals = [summary.id for summary, _ in archive.timeline.latest(scope, limit=1_000)]
    assert [summary.id for summary in everything(archive, scope, ThreadOrder.ARRIVAL)] == arrivals


@pytest.mark.parametrize(
    "chosen",
    [
        ThreadFilter(),
        ThreadFilter(author="ADA_of_the_Oder"),
        ThreadFilter(words="ferry 2021"),
        ThreadFilter(words="LIGHTHOUSES turn"),
        ThreadFilter(since=date(2020, 3, 3), until=date(2021, 1, 3)),
        ThreadFilter(author="ada_of_the_oder", words="2022", since=date(2022, 5, 1)),
        ThreadFilter(author="nobody"),
        ThreadFilter(words="100%_'"),
    ],
)
def test_a_filter_selects_what_python_selects(archive: Archive, chosen: ThreadFilter) -> None:
    scope = archive.catalog.public_scope()

    def selected(thread: ThreadSummary) -> bool:
        words = " ".join(filter(None, (thread.title, thread.opening, thread.author))).casefold()
        day = thread.posted_at.date() if thread.posted_at else None
        return (
            (chosen.author is None or (thread.author or "").casefold() == chosen.author.casefold())
            and all(word in words for word in (chosen.words or "").casefold().replace("%_'", "").split())
            and (chosen.since is None or (day is not None and day >= chosen.since))
            and (chosen.until is None or (day is not None and day <= chosen.until))
        )

    expected = [one for one in everything(archive, scope, ThreadOrder.DATE) if selected(one)]
    assert archive.thread_lists.page(scope, chosen, limit=1_000) == (expected, len(expected))


def test_nothing_outside_the_scope_is_listed(archive: Archive) -> None:
    own = archive.catalog.own_scope(5)
    assert [one.id for one in everything(archive, own, ThreadOrder.DATE)] == [FRAGMENT.id]
    assert archive.thread_lists.page(Scope(frozenset())) == ([], 0)


def test_neighbours_lead_through_all_threads_of_an_author_in_the_order_of_their_dates(
    archive: Archive,
) -> None:
    scope = archive.catalog.public_scope()
    by_date = sorted(
        DATED, key=lambda thread: (thread.posted_at or datetime.max.replace(tzinfo=UTC), thread.id)
    )
    for before, thread, after in zip((None, *by_date), by_date, (*by_date[1:], None), strict=False):
        neighbours = archive.thread_lists.neighbours(thread, scope)
        assert neighbours == Neighbours(
            before.summary() if before else None, after.summary() if after else None
        )
    assert archive.thread_lists.neighbours(UNDATED, scope) == Neighbours()


def test_the_period_is_that_of_the_dated_threads(archive: Archive) -> None:
    dates = [thread.posted_at for thread in DATED if thread.posted_at]
    assert archive.thread_lists.period(archive.catalog.public_scope()) == (min(dates), max(dates))
    assert archive.thread_lists.period(archive.catalog.own_scope(5)) is None
