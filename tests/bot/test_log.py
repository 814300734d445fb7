import io
import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.log import REDACTED, Redaction, configure
from bot.settings import LogFormat, LogLevel, Secret, Settings
from retrieval.errors import StoreError

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe." + "s3cr3t-" * 5
INTERACTION = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OmFiY2RlZg"
FORMATS: list[LogFormat] = ["pretty", "json"]


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(capture=False)


def fail(why: str) -> None:
    raise RuntimeError(f"failed with {why}") from ValueError(f"because of {why}")


def logged(
    form: LogFormat = "pretty", level: LogLevel = "DEBUG", token: str = TOKEN, **options: Any
) -> io.StringIO:
    written = io.StringIO()
    settings = Settings(discord_token=Secret(token), log_format=form, log_level=level)
    configure(settings, stream=written, **options)
    return written


@pytest.mark.parametrize("form", FORMATS)
def test_a_token_is_taken_out_of_message_arguments_traceback_and_stack(form: LogFormat) -> None:
    written = logged(form, token="plain-canary")  # noqa: S106 - made up for the test
    log = logging.getLogger("bot.test")
    log.warning("message plain-canary")
    log.warning("argument %s and %r", "plain-canary", {"a": "plain-canary"})
    try:
        fail("plain-canary")
    except RuntimeError:
        log.exception("trouble", stack_info=True)
    text = written.getvalue()
    assert "plain-canary" not in text
    assert "RuntimeError: failed with [redacted]" in text
    assert "ValueError: because of [redacted]" in text
    assert text.count(REDACTED) >= 5


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (
            f"PATCH /api/v10/webhooks/123/{INTERACTION}/messages/@original",
            "/webhooks/123/[redacted]/messages",
        ),
        ("POST https://discord.com/api/v10/interactions/99/any.shape_at-all/callback", "[redacted]/callback"),
        ("POST /webhooks/123/short?wait=true", "/webhooks/123/[redacted]?wait=true"),
        (f"payload {{'token': '{INTERACTION}', 'id': 1}}", "'token': '[redacted]', 'id': 1"),
        ('{"token": "abcdefghijklmnopqrstuvwxyz", "op": 2}', '"token": "[redacted]", "op": 2'),
        (f"Authorization: Bot {TOKEN}", "Authorization: Bot [redacted]"),
        (f"another bot's {TOKEN} here", "another bot's [redacted] here"),
        (f"bare {INTERACTION} here", "bare [redacted] here"),
    ],
)
def test_whatever_has_the_shape_of_a_token_is_taken_out(line: str, left: str) -> None:
    redacted = Redaction()(line)
    assert left in redacted
    assert not any(
        secret in redacted for secret in (TOKEN, INTERACTION, "any.shape", "abcdefghijklm", "short")
    )


@pytest.mark.parametrize(
    "line",
    [
        "Connected to Gateway as Bot Bobbin of 1234567890",
        "GET /api/v10/channels/123456789012345678/messages",
        "imported page.txt: 7 threads, 36 posts; token bucket refilled",
        "https://example.org/2024/05/03/the-lamp-moved.html",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert Redaction()(line) == line


@given(before=st.text(), after=st.text(), secret=st.text("0123456789.+*?", min_size=8))
@example(before="11", after="1", secret="1" * 8)
def test_a_known_secret_never_survives(before: str, after: str, secret: str) -> None:
    redacted = Redaction([secret])(f"{before}{secret}{after}{secret}")
    assert secret not in redacted


def test_an_empty_secret_redacts_nothing() -> None:
    assert Redaction([""])("nothing to hide") == "nothing to hide"


@pytest.mark.parametrize("name", ["discord", "discord.http", "discord.gateway", "aiohttp.client"])
def test_libraries_that_know_interaction_tokens_are_never_heard_below_info(name: str) -> None:
    written = logged(level="DEBUG")
    log = logging.getLogger(name)
    log.setLevel(logging.DEBUG)
    log.debug("a payload")
    log.info("a headline")
    logging.getLogger("bot.test").debug("ours")
    log.setLevel(logging.NOTSET)
    assert "a payload" not in written.getvalue()
    assert "a headline" in written.getvalue()
    assert "ours" in written.getvalue()


def test_json_is_one_object_a_line_whatever_is_logged() -> None:
    written = logged("json")
    log = logging.getLogger("bot.test")
    log.info("two\nlines “and” quotes")
    ours = logging.getLogger().handlers[-1]
    ours.handle(logging.LogRecord("bot.test", logging.INFO, "", 1, "wrong arguments %d", ("x",), None))
    try:
        fail("two\nlines")
    except RuntimeError:
        log.exception("trouble")
    first, second, third = (json.loads(line) for line in written.getvalue().splitlines())
    assert (first["level"], first["logger"], first["message"]) == (
        "INFO",
        "bot.test",
        "two\nlines “and” quotes",
    )
    assert first["time"].endswith("+00:00")
    assert "wrong arguments" in second["message"]
    assert "Traceback" in third["error"]


@given(st.text())
@example("\x1b[2Jforged\n12:00:00 INFO bot: all is well\u2028\u202e")
def test_a_pretty_record_is_one_line_without_control_characters(message: str) -> None:
    written = logged()
    logging.getLogger("bot.test").info("%s", message)
    text = written.getvalue()
    assert text.endswith("\n")
    assert len(text[:-1].splitlines()) == 1
    assert "\x1b" not in text


def test_the_level_is_the_setting_s_and_a_command_may_raise_it() -> None:
    written = logged(level="INFO")
    logging.getLogger("bot.test").info("heard")
    quiet = logged(level="INFO", at_least=logging.WARNING)
    logging.getLogger("bot.test").info("not heard")
    logging.getLogger("bot.test").warning("warned")
    assert "heard" in written.getvalue()
    assert "not heard" not in written.getvalue() + quiet.getvalue()
    assert "warned" in quiet.getvalue()
    assert "warned" not in written.getvalue(), "configuring again must replace the handler"


def test_colours_are_for_terminals_only() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    plain, coloured = io.StringIO(), Terminal()
    for stream in (plain, coloured):
        configure(Settings(), stream=stream)
        logging.getLogger("bot.test").error("trouble")
    assert "\x1b" not in plain.getvalue()
    assert "\x1b[31m" in coloured.getvalue()


def raise_here(why: str) -> None:
    raise ValueError(why)


@pytest.mark.parametrize("form", FORMATS)
def test_of_one_kind_of_error_there_is_a_line_each_and_one_traceback_an_hour(form: LogFormat) -> None:
    written = logged(form)
    log, started = logging.getLogger("bot.test"), time.time()
    for number, minutes in enumerate([0, 1, 59, 61, 62]):
        try:
            raise_here(f"trouble {number}")
        except ValueError as error:
            record = log.makeRecord(
                log.name, logging.ERROR, __file__, 1, "failed", (), (type(error), error, None)
            )
            record.exc_info = (type(error), error, error.__traceback__)
            record.created = started + minutes * 60
            log.handle(record)
    full = StoreError("archive.db: the disk is full; free some space and try again")
    log.error("not imported", exc_info=full)
    text = written.getvalue()
    assert [f"(ValueError: trouble {number})" in text for number in range(5)] == [True] * 5
    assert text.count("Traceback") == 2
    assert "not imported (StoreError: archive.db: the disk is full" in text
