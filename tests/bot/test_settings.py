import os
import re
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from bot.settings import Settings, SettingsError, load, unknown, variables

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"
CANARY = "canary-7f3a"


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("BOBBIN_")]:
        monkeypatch.delenv(name)


def test_every_setting_stands_in_the_example_under_a_comment() -> None:
    blocks = [block.splitlines() for block in EXAMPLE.read_text().strip().split("\n\n")][1:]
    assert [block[-1].partition("=")[0] for block in blocks] == variables()
    assert all(len(block) > 1 and all(line.startswith("# ") for line in block[:-1]) for block in blocks)


def test_the_example_as_it_stands_sets_the_defaults() -> None:
    defaults = load()
    Path(".env").write_text(EXAMPLE.read_text())
    assert load() == defaults
    assert unknown() == []


def test_without_any_setting_the_data_lie_in_the_folder_data_and_the_handbook_is_the_one_that_ships() -> None:
    settings = load()
    assert (settings.data_dir, settings.database) == (Path("data"), Path("data/archive.db"))
    assert settings.handbook.is_absolute()
    assert settings.discord_token is None
    assert settings.quotes_per_answer == 3


def test_the_environment_wins_over_the_file_and_an_empty_value_counts_as_unset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("BOBBIN_DATA_DIR=from-file\nBOBBIN_LOG_LEVEL=debug\nBOBBIN_QUOTES_PER_ANSWER=\n")
    monkeypatch.setenv("BOBBIN_DATA_DIR", "from-environment")
    monkeypatch.setenv("BOBBIN_LOG_LEVEL", "")
    monkeypatch.setenv("BOBBIN_DISCORD_TOKEN", "")
    settings = load()
    assert (settings.data_dir, settings.log_level) == (Path("from-environment"), "DEBUG")
    assert (settings.quotes_per_answer, settings.discord_token) == (3, None)


@pytest.mark.parametrize(
    ("written", "number"),
    [("4", 4), (" 4 ", 4), ("+4", 4), ("04", 4), ("4.0", 4), ("1_000", 1000), ("9" * 40, 10**40 - 1)],
)
def test_a_whole_number_may_be_written_as_people_write_them(
    written: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOBBIN_FOLLOWS", written)
    assert load().follows == number


@pytest.mark.parametrize(
    "written", ["-1", "4.5", "4.", "1__0", "_1", "0x4", "1e3", "٤", "four", " ", "9" * 5000]
)
def test_what_is_no_whole_number_is_refused_with_what_it_may_be(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOBBIN_FOLLOWS", written)
    with pytest.raises(SettingsError, match=r"BOBBIN_FOLLOWS .* must be a whole number of at least 0; "):
        load()


def test_names_and_words_may_be_in_any_letters_and_a_line_of_the_file_may_refer_to_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("HERE=/srv\nbobbin_data_dir=${HERE}/data\nBOBBIN_LOG_LEVEL=' Debug '\n")
    monkeypatch.setenv("bobbin_quotes_per_answer", "2")
    settings = load()
    assert (settings.data_dir, settings.log_level) == (Path("/srv/data"), "DEBUG")
    assert settings.quotes_per_answer == 2


def test_networks_of_proxies_are_read_with_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOBBIN_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8 ::1")
    assert [str(network) for network in load().trusted_proxies] == ["127.0.0.1/32", "10.0.0.0/8", "::1/128"]
    monkeypatch.setenv("BOBBIN_TRUSTED_PROXIES", "10.0.0.1/8")
    with pytest.raises(SettingsError, match="must be addresses or networks with commas between them"):
        load()


def test_other_peoples_variables_in_the_file_are_none_of_our_business() -> None:
    Path(".env").write_text("POSTGRES_PASSWORD=secret\nBOBBIN_LOG_FORMAT=JSON\n")
    assert load().log_format == "json"


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("BOBBIN_QUOTES_PER_ANSWER", "9", "must be a whole number from 1 to 5"),
        ("BOBBIN_QUOTES_PER_ANSWER", "0", "must be a whole number from 1 to 5"),
        ("BOBBIN_QUOTES_PER_ANSWER", "many", "must be a whole number from 1 to 5"),
        ("BOBBIN_LOG_LEVEL", "loud", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("BOBBIN_LOG_FORMAT", "xml", "'pretty' or 'json'"),
        ("BOBBIN_DISCORD_API", "127.0.0.1:8080", "http:// or https://"),
        ("BOBBIN_DISCORD_API", "http://[::1", "http:// or https://"),
        ("BOBBIN_HTTP_PORT", "70000", "must be a whole number from 0 to 65535"),
        ("BOBBIN_PUBLIC_URL", "threads.example.org", "http:// or https://"),
        ("BOBBIN_PUBLIC_URL", "https://example.org/bob bin", "must be like https://"),
        ("BOBBIN_PUBLIC_URL", "https://me@example.org", "must be like https://"),
        ("BOBBIN_DISCORD_GATEWAY", "http://127.0.0.1", "ws:// or wss://"),
        ("BOBBIN_DISCORD_TOKEN", "two words", "copy the token once more"),
    ],
)
def test_a_bad_value_is_reported_in_one_line_with_its_name_its_place_and_what_it_may_be(
    name: str, value: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(".env").write_text(f"{name}={value}\n")
    with pytest.raises(SettingsError, match=re.escape(remedy)) as in_file:
        load()
    assert str(in_file.value).startswith(f"{name} ({Path('.env').resolve()}, line 1) ")
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=re.escape(remedy)) as in_environment:
        load()
    assert str(in_environment.value).startswith(f"{name} (set in the environment) ")
    assert "\n" not in str(in_environment.value)


def test_a_settings_file_that_is_no_text_is_reported_by_its_name() -> None:
    Path(".env").write_bytes(b"BOBBIN_DATA_DIR=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"\.env, line 1: is no UTF-8 text"):
        load()


@given(noise=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20))
@example(noise="\n")
@profile(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_part_of_a_token_is_ever_repeated(noise: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOBBIN_DISCORD_TOKEN", f"{CANARY}{noise}{CANARY}")
    try:
        told = repr(load())
    except SettingsError as error:
        told = f"{error} {error!r} {error.__cause__} {error.__cause__!r}"
    assert CANARY not in told


def test_what_a_paste_adds_around_a_token_or_an_address_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOBBIN_DISCORD_TOKEN", f" {CANARY}\n")
    monkeypatch.setenv("BOBBIN_DISCORD_API", "http://127.0.0.1:8080/api/v10/")
    settings = load()
    assert settings.discord_token is not None
    assert settings.discord_token.reveal() == CANARY
    assert settings.discord_api == "http://127.0.0.1:8080/api/v10"


def test_settings_cannot_be_changed_once_they_are_read() -> None:
    with pytest.raises(FrozenInstanceError):
        load().quotes_per_answer = 5  # type: ignore[misc]


def test_a_folder_may_be_named_from_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("BOBBIN_DATA_DIR", "~/archive")
    assert load().data_dir == tmp_path / "archive"


def test_misspelt_variables_are_found_in_the_file_and_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("BOBBIN_DISCORD_TOKN=x\nOTHER=y\n")
    monkeypatch.setenv("BOBBIN_DATADIR", "z")
    assert unknown() == ["BOBBIN_DATADIR", "BOBBIN_DISCORD_TOKN"]


def test_the_package_s_class_and_the_loader_agree() -> None:
    assert load() == Settings()
