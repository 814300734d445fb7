import json
import logging
from io import StringIO

import pytest

from bot.health.meter import Meter
from bot.health.record import Answered, Record, Troubles
from bot.log import configure
from bot.settings import LogFormat, Settings

SERVER = 1574166776558649347
QUESTION = Answered("mention", SERVER, 0.0123, 3)


def written(form: LogFormat, record: Record, *answers: Answered) -> str:
    stream, root = StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        configure(Settings(log_format=form), stream=stream)
        for answered in answers:
            record(answered)
    finally:
        root.handlers[:], root.level = handlers, level
        logging.captureWarnings(capture=False)
    return stream.getvalue()


def test_a_question_is_one_json_object_with_time_server_latency_and_hits() -> None:
    record = Record(Meter(), b"key")
    line = json.loads(written("json", record, QUESTION))
    assert line.pop("time").endswith("+00:00")
    assert (line["event"], line["ms"], line["hits"]) == ("mention", 12, 3)
    assert line["server"] == record.mark(SERVER)
    assert set(line) == {"event", "server", "ms", "hits", "level", "logger", "message"}


def test_a_question_is_one_pretty_line() -> None:
    text = written("pretty", Record(Meter(), b"key"), QUESTION, Answered("direct message", None, 0.5, 0))
    first, second = text.splitlines()
    assert "answered: event=mention server=" in first
    assert first.endswith("ms=12 hits=3")
    assert second.endswith("event=direct message server=dm ms=500 hits=0")


def test_the_mark_of_a_server_is_steady_differs_among_servers_and_does_not_hold_its_id() -> None:
    record, again, other = (Record(Meter(), key) for key in (b"one", b"one", b"other"))
    assert record.mark(SERVER) == again.mark(SERVER) != other.mark(SERVER)
    marks = {record.mark(SERVER + number) for number in range(1000)}
    assert len(marks) == 1000
    assert str(SERVER) not in written("json", record, QUESTION)


def test_answers_are_counted_by_their_way_and_by_whether_anything_was_found() -> None:
    meter = Meter()
    record, value = Record(meter, b"key"), meter.registry.get_sample_value
    for hits in (3, 1, 0):
        record(Answered("command", None, 0.2, hits))
    assert value("bobbin_answers_total", {"way": "command", "found": "yes"}) == 2
    assert value("bobbin_answers_total", {"way": "command", "found": "no"}) == 1
    assert value("bobbin_answer_seconds_count", {"way": "command"}) == 3
    assert value("bobbin_answer_seconds_sum", {"way": "command"}) == pytest.approx(0.6)
    assert value("bobbin_answer_seconds_bucket", {"way": "command", "le": "0.1"}) == 0


def test_lines_of_the_log_are_counted_from_warning_up() -> None:
    meter = Meter()
    log, counting = logging.getLogger("bot.test.troubles"), Troubles(meter)
    log.addHandler(counting)
    log.setLevel(logging.DEBUG)
    for level in (logging.INFO, logging.WARNING, logging.ERROR, logging.ERROR):
        log.log(level, "something")
    log.removeHandler(counting)
    value = meter.registry.get_sample_value
    assert value("bobbin_log_lines_total", {"level": "warning"}) == 1
    assert value("bobbin_log_lines_total", {"level": "error"}) == 2
    assert value("bobbin_log_lines_total", {"level": "info"}) is None
