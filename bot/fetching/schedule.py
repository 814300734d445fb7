"""When followed authors and fetched threads are asked for again, and which threads are taken. Pure.

Every function takes what came of earlier requests and ``now``, aware UTC, and returns data.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.fetching.service import Feed, FeedThread

__all__ = [
    "BACKLOG",
    "EVERY",
    "LATEST",
    "MIN_POSTS",
    "RECENT",
    "SILENCE",
    "WEEKLY",
    "Course",
    "Revisit",
    "after_failure",
    "after_feed",
    "finished_threads",
    "next_visit",
    "spread_overdue",
    "still_growing",
]

EVERY: Final = timedelta(minutes=30)
"""Between two looks at an author who posts."""
LATEST: Final = timedelta(days=1)
"""Between two looks at the most."""
SILENCE: Final = timedelta(hours=1)
"""After its last post a thread is taken for finished."""
MIN_POSTS: Final = 3
"""Posts of a thread; fewer are no thread."""
BACKLOG: Final = 20
"""Threads that a new follow takes of those that were there before."""
RECENT: Final = timedelta(days=30)
"""How long a thread is looked at again."""
WEEKLY: Final = timedelta(days=7)
"""Between two looks at a thread."""
#: So much of a wait is jitter.
_JITTER: Final = 0.2
#: A thread that was finished is asked for within so much of the end of its silence.
_PROMPT: Final = timedelta(minutes=5)
_DAY: Final = timedelta(days=1)
_MOST_FAILURES: Final = 12


@dataclass(frozen=True, slots=True)
class Course:
    """What came of the looks at an author so far.

    ``due`` is when the next look is, ``looked`` and ``succeeded`` when the last one was and the last one that
    worked; ``failures`` counts those since, and ``reason`` says why the last one failed. ``latest`` is when
    the last known post was written. ``etag`` is the validator of the last answer, while nothing in it is
    waited for.
    """

    due: datetime
    looked: datetime | None = None
    succeeded: datetime | None = None
    failures: int = 0
    reason: str | None = None
    latest: datetime | None = None
    etag: str | None = None


def _share(name: str, now: datetime) -> float:
    """Return a number in [0, 1) that looks random and is the same for the same name and moment."""
    drawn = hashlib.blake2b(f"{name} {now.isoformat()}".encode(), digest_size=8).digest()
    return int.from_bytes(drawn, "big") / 2**64


def _wait(quiet: timedelta) -> timedelta:
    """Return the wait after so long a quiet: 30 minutes for a day, then doubled as often as the quiet has."""
    wait, reached = EVERY, _DAY
    while reached <= quiet and wait < LATEST:
        wait, reached = wait * 2, reached * 2
    return min(wait, LATEST)


def _jittered(wait: timedelta, name: str, now: datetime) -> timedelta:
    return wait * (1 - _JITTER / 2 + _JITTER * _share(name, now))


def still_growing(threads: Iterable[FeedThread], now: datetime) -> list[FeedThread]:
    """Return the threads whose hour of silence is not over."""
    return [thread for thread in threads if thread.latest + SILENCE > now]


def after_feed(course: Course, feed: Feed, name: str, now: datetime) -> Course:
    """Return the course after a look that worked.

    An author who posted within a day is looked at every 30 minutes, and the wait doubles each time that their
    silence has, up to a day. A thread that may be finished soon brings the look forward to the end of its
    silence. ``Cache-Control: max-age`` is waited for.
    """
    latest = max((one for one in (course.latest, feed.latest) if one), default=None)
    quiet = now - latest if latest else RECENT
    due = now + _jittered(_wait(quiet), name, now)
    growing = [one for one in still_growing(feed.threads or (), now) if one.posts >= MIN_POSTS or one.partial]
    if growing:
        end = min(thread.latest for thread in growing) + SILENCE
        due = min(due, max(end, now + timedelta(minutes=1)) + _PROMPT * _share(name, now))
    # While something is waited for, an answer "not modified" would hide it.
    waiting = bool(still_growing(feed.threads or (), now))
    fresh = now + timedelta(seconds=feed.max_age)
    return replace(
        course,
        due=max(due, fresh),
        looked=now,
        succeeded=now,
        failures=0,
        reason=None,
        latest=latest,
        etag=None if waiting else feed.etag,
    )


def after_failure(
    course: Course, reason: str, name: str, now: datetime, *, retry_after: float | None = None
) -> Course:
    """Return the course after a look that failed: the wait doubles, and is no shorter than was asked for."""
    failures = min(course.failures + 1, _MOST_FAILURES)
    wait = min(EVERY * 2 ** (failures - 1), LATEST)
    asked = timedelta(seconds=min(retry_after or 0.0, _DAY.total_seconds()))
    due = now + max(_jittered(wait, name, now), asked)
    # What was not read then must not be taken for known.
    return replace(course, due=due, looked=now, failures=failures, reason=reason, etag=None)


def spread_overdue(due: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    """Return new moments, over the next 30 minutes, for what is overdue after a pause."""
    return {name: now + EVERY * _share(name, now) for name, at in due.items() if at < now}


def finished_threads(
    threads: Iterable[FeedThread],
    taken: Mapping[str, datetime],
    followed_at: datetime,
    now: datetime,
    room: int,
) -> list[FeedThread]:
    """Return the threads to take for a follow: of three posts or more, an hour silent, not taken as they are.

    ``taken`` has the last post's time of each thread by its key, as it was taken. Of those that had ended
    when the follow began, the latest ``room`` are taken.
    """
    chosen: list[FeedThread] = []
    for thread in sorted(threads, key=lambda one: (one.latest, one.key), reverse=True):
        known = taken.get(thread.key)
        long_enough = thread.posts >= MIN_POSTS or thread.partial
        if not long_enough or thread.latest + SILENCE > now or (known and known >= thread.latest):
            continue
        if thread.latest <= followed_at and known is None:
            if room <= 0:
                continue
            room -= 1
        chosen.append(thread)
    return chosen


@dataclass(frozen=True, slots=True)
class Revisit:
    """A fetched thread: when it is asked for next, ``None`` for never; how often in a row it was not whole.

    ``gone`` is when its first post was not there for the first time since it last was. ``remove`` says that
    it is to be taken out.
    """

    due: datetime | None
    tries: int = 0
    gone: datetime | None = None
    remove: bool = False


def next_visit(  # noqa: PLR0913 - keywords
    before: Revisit | None,
    *,
    latest: datetime | None,
    now: datetime,
    whole: bool,
    gone: bool = False,
    retry_after: float | None = None,
    name: str = "",
) -> Revisit:
    """Return when a thread is asked for again, after what came of asking for it.

    Whole ones weekly, while their last post is of the last 30 days; what could not be read sooner, the wait
    doubling from 30 minutes to a day. A first post that is not there is asked for again a day later, and the
    thread is taken out when it is still not there then.
    """
    earlier = before or Revisit(None)
    if gone:
        if earlier.gone is not None and now - earlier.gone >= _DAY:
            return Revisit(None, gone=earlier.gone, remove=True)
        first = earlier.gone or now
        return Revisit(first + _DAY + EVERY * _share(name, now), gone=first)
    if not whole:
        tries = min(earlier.tries + 1, _MOST_FAILURES)
        if tries == _MOST_FAILURES and (latest is None or now - latest > RECENT):
            return Revisit(None, tries)
        wait = max(
            _jittered(min(EVERY * 2 ** (tries - 1), LATEST), name, now), timedelta(seconds=retry_after or 0.0)
        )
        return Revisit(now + wait, tries)
    if latest is None or now - latest > RECENT:
        return Revisit(None)
    return Revisit(now + _jittered(WEEKLY, name, now))
