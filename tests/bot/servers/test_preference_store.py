"""The settings of servers: kept at once, read without the file, and forgotten whole."""

import tempfile
import threading
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.database import ServerFile
from bot.servers.preference_store import PreferenceStore
from bot.servers.preferences import PERIODS, Preferences, Quota
from retrieval.errors import StoreError

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
LARGEST = 2**64 - 1

ids = st.frozensets(st.integers(1, LARGEST), max_size=25)
quotas = st.none() | st.builds(Quota, st.integers(1, 10_000), st.sampled_from(PERIODS))
preferences = st.builds(
    Preferences,
    channels=ids,
    roles=ids,
    exempt=ids,
    mentions=st.booleans(),
    quotes=st.integers(1, 5),
    private=st.booleans(),
    language=st.none() | st.sampled_from(["en", "uk", "zh"]),
    person=quotas,
    server=quotas,
    unanswered=st.booleans(),
    react=st.booleans(),
)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[ServerFile]:
    with ServerFile.open(tmp_path / "servers.db") as opened:
        yield opened


@pytest.fixture
def servers(file: ServerFile) -> PreferenceStore:
    return PreferenceStore(file)


@settings(deadline=None)
@given(st.dictionaries(st.integers(1, LARGEST), preferences, max_size=5))
def test_what_was_decided_is_read_again_when_the_file_is_opened(wanted: dict[int, Preferences]) -> None:
    with tempfile.TemporaryDirectory() as folder, ServerFile.open(Path(folder, "servers.db")) as file:
        servers = PreferenceStore(file)
        for server_id, one in wanted.items():
            servers.change(server_id, lambda _before, one=one: one)  # type: ignore[misc]
        again = PreferenceStore(file)
        assert {server_id: again.of(server_id) for server_id in again.decided()} == wanted


def test_nothing_decided_and_no_server_give_the_defaults(file: ServerFile) -> None:
    defaults = Preferences(quotes=5)
    servers = PreferenceStore(file, defaults)
    assert servers.of(7) is servers.of(None) is defaults


def test_a_change_leaves_the_other_settings_and_the_other_servers(servers: PreferenceStore) -> None:
    servers.change(7, lambda one: replace(one, mentions=False))
    servers.change(7, lambda one: replace(one, quotes=1))
    servers.change(8, lambda one: replace(one, private=True))
    assert servers.of(7) == Preferences(mentions=False, quotes=1)
    assert servers.of(8) == Preferences(private=True)


def test_a_number_of_quotes_that_nobody_chose_follows_the_operators(file: ServerFile) -> None:
    PreferenceStore(file, Preferences(quotes=2)).change(7, lambda one: replace(one, mentions=False))
    PreferenceStore(file, Preferences(quotes=2)).change(8, lambda one: replace(one, quotes=4))
    again = PreferenceStore(file, Preferences(quotes=3))
    assert (again.of(7).quotes, again.of(8).quotes) == (3, 4)


def test_changes_of_many_threads_are_all_kept(servers: PreferenceStore, file: ServerFile) -> None:
    def add(channel: int) -> None:
        servers.change(7, lambda one: replace(one, channels=one.channels | {channel}))

    threads = [threading.Thread(target=add, args=(channel,)) for channel in range(1, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert servers.of(7).channels == PreferenceStore(file).of(7).channels == frozenset(range(1, 21))


def test_what_the_file_refuses_is_not_in_force(servers: PreferenceStore, file: ServerFile) -> None:
    file.close()
    with pytest.raises(StoreError):
        servers.change(7, lambda one: replace(one, mentions=False))
    assert servers.of(7).mentions


@pytest.mark.parametrize("name", [field.name for field in fields(Preferences)])
def test_every_setting_has_a_value_that_holds_where_nobody_decided(name: str) -> None:
    assert hasattr(Preferences(), name)


def test_values_that_no_setting_can_have_are_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="1 to 5 quotes"):
        Preferences(quotes=6)
    with pytest.raises(ValueError, match="at most 25"):
        Preferences(roles=frozenset(range(26)))
    with pytest.raises(ValueError, match="a minute, an hour or a day"):
        Quota(3, 7)
    with pytest.raises(ValueError, match="1 to 10,000"):
        Quota(0, 60)


def test_the_first_note_of_leaving_counts_until_it_comes_back(
    servers: PreferenceStore, file: ServerFile
) -> None:
    servers.leave(7, NOW)
    servers.leave(7, NOW + timedelta(days=3))
    assert servers.departed() == PreferenceStore(file).departed() == {7: NOW}
    servers.come_back(7)
    servers.come_back(7)
    assert servers.departed() == PreferenceStore(file).departed() == {}
    with pytest.raises(ValueError, match="zone"):
        servers.leave(7, datetime(2026, 5, 4))  # noqa: DTZ001


def test_a_forgotten_server_leaves_nothing_behind(servers: PreferenceStore, file: ServerFile) -> None:
    for server_id in (7, 8):
        servers.change(server_id, lambda one: replace(one, private=True))
        servers.leave(server_id, NOW)
    servers.forget(7)
    for each in (servers, PreferenceStore(file)):
        assert each.of(7) == Preferences()
        assert each.of(8).private
        assert each.departed().keys() == each.decided() == {8}
