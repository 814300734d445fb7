"""Quotas: no stretch of time holds more questions than allowed, and what is told of the wait is true."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.servers.access import Asker, Refusal, exempt, refusal
from bot.servers.preferences import PERIODS, Preferences, Quota
from bot.servers.quotas import Usage, free_at

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ADA, BO = 11, 12

quotas = st.builds(Quota, st.integers(1, 5), st.sampled_from(PERIODS))
gaps = st.lists(st.integers(0, 40_000), max_size=40)


@given(quotas, gaps)
def test_no_stretch_holds_more_questions_than_the_quota_allows(quota: Quota, pauses: list[int]) -> None:
    usage, now, taken = Usage(), NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if usage.take(1, ADA, Preferences(person=quota), now) is None:
            taken.append(now)
    length = timedelta(seconds=quota.seconds)
    for end in taken:
        assert sum(end - length < one <= end for one in taken) <= quota.questions


@given(quotas, gaps)
def test_the_wait_that_is_shown_is_exactly_as_long_as_needed(quota: Quota, pauses: list[int]) -> None:
    usage, now = Usage(), NOW
    preferences = Preferences(person=quota)
    for pause in pauses:
        now += timedelta(seconds=pause)
        refused = usage.take(1, ADA, preferences, now)
        if refused is not None:
            why, free = refused
            assert why is Refusal.PERSON
            assert now < free <= now + timedelta(seconds=quota.seconds)
            assert usage.take(1, ADA, preferences, free - timedelta(microseconds=1)) == refused
            assert usage.take(1, ADA, preferences, free) is None
            now = free


def test_a_persons_quota_is_theirs_and_a_servers_is_everybodys() -> None:
    usage = Usage()
    preferences = Preferences(person=Quota(1, 60), server=Quota(2, 3_600))
    assert usage.take(1, ADA, preferences, NOW) is None
    assert usage.take(1, ADA, preferences, NOW) == (Refusal.PERSON, NOW + timedelta(minutes=1))
    assert usage.take(1, BO, preferences, NOW) is None
    assert usage.take(1, 13, preferences, NOW) == (Refusal.SERVER, NOW + timedelta(hours=1))
    assert usage.take(2, ADA, preferences, NOW) is None


def test_without_quotas_nothing_is_held() -> None:
    usage = Usage()
    assert all(usage.take(1, ADA, Preferences(), NOW) is None for _ in range(100))
    assert usage.held() == 0


def test_a_quota_that_was_lowered_holds_at_once() -> None:
    usage = Usage()
    for minute in range(5):
        usage.take(1, ADA, Preferences(person=Quota(5, 3_600)), NOW + timedelta(minutes=minute))
    lowered = Preferences(person=Quota(2, 3_600))
    later = NOW + timedelta(minutes=10)
    assert usage.take(1, ADA, lowered, later) == (Refusal.PERSON, NOW + timedelta(minutes=3, hours=1))
    assert usage.take(1, ADA, lowered, NOW + timedelta(minutes=3, hours=1)) is None


def test_who_is_forgotten_may_ask_anew_and_nobody_is_held_for_longer_than_a_day() -> None:
    usage = Usage()
    preferences = Preferences(person=Quota(1, 86_400))
    usage.take(1, ADA, preferences, NOW)
    usage.take(2, BO, preferences, NOW)
    assert usage.forget_person(ADA) == 1
    assert usage.take(1, ADA, preferences, NOW) is None
    assert usage.forget_person(BO) == 1
    assert usage.take(2, BO, preferences, NOW) is None
    for number in range(2_000):
        usage.take(3, 100 + number, preferences, NOW + timedelta(days=2))
    assert usage.held() == 2_000


def test_free_at_of_nobody_is_now() -> None:
    assert free_at([], Quota(1, 60), NOW) is None


ANYBODY = Asker(ADA, frozenset({5}))


@pytest.mark.parametrize(
    ("preferences", "asker", "why"),
    [
        (Preferences(), ANYBODY, None),
        (Preferences(channels=frozenset({5})), ANYBODY, None),
        (Preferences(channels=frozenset({6})), ANYBODY, Refusal.CHANNEL),
        (Preferences(channels=frozenset({6})), Asker(ADA, frozenset({5, 6})), None),
        (Preferences(channels=frozenset({6})), Asker(ADA, frozenset({5}), manages=True), Refusal.CHANNEL),
        (Preferences(roles=frozenset({7})), ANYBODY, Refusal.ROLE),
        (Preferences(roles=frozenset({7})), Asker(ADA, frozenset({5}), frozenset({7, 8})), None),
        (Preferences(roles=frozenset({7})), Asker(ADA, frozenset({5}), manages=True), None),
    ],
)
def test_who_may_ask_where(preferences: Preferences, asker: Asker, why: Refusal | None) -> None:
    assert refusal(preferences, asker, by_message=False) is why
    assert refusal(preferences, asker, by_message=True) is why


def test_messages_are_left_alone_where_only_commands_are_answered() -> None:
    preferences = Preferences(mentions=False)
    assert refusal(preferences, ANYBODY, by_message=True) is Refusal.MENTIONS
    assert refusal(preferences, ANYBODY, by_message=False) is None


def test_an_exempt_role_has_no_quota() -> None:
    preferences = Preferences(exempt=frozenset({7}))
    assert exempt(preferences, Asker(ADA, frozenset(), frozenset({7})))
    assert not exempt(preferences, ANYBODY)
    assert not exempt(Preferences(), Asker(ADA, frozenset(), frozenset({7})))
