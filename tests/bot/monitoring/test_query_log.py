import json
import logging
from io import StringIO

import pytest

from bot.log import configure
from bot.monitoring.metrics import Metrics
from bot.monitoring.query_log import AnsweredQuery, LogLevelCounter, QueryLog
from bot.settings import LogFormat, Settings
from retrieval.model import Verdict

SERVER = 1574166776558649347
QUESTION = AnsweredQuery("mention", SERVER, 0.0123, Verdict.ANSWER, 3)


def written(form: LogFormat, record: QueryLog, *answers: AnsweredQuery) -> str:
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
    record = QueryLog(Metrics(), b"key")
    line = json.loads(written("json", record, QUESTION))
    assert line.pop("time").endswith("+00:00")
    assert (line["event"], line["ms"], line["verdict"], line["hits"]) == ("mention", 12, "answer", 3)
    assert line["server"] == record.mark(SERVER)
    assert set(line) == {"event", "server", "ms", "verdict", "hits", "level", "logger", "message"}


def test_a_question_is_one_pretty_line() -> None:
    text = written(
        "pretty",
        QueryLog(Metrics(), b"key"),
        QUESTION,
        AnsweredQuery("direct message", None, 0.5, Verdict.NOTHING, 0),
    )
    first, second = text.splitlines()
    assert "answered: event=mention server=" in first
    assert first.endswith("ms=12 verdict=answer hits=3")
    assert second.endswith("event=direct message server=dm ms=500 verdict=nothing hits=0")


def test_the_mark_of_a_server_is_steady_differs_among_servers_and_does_not_hold_its_id() -> None:
    record, again, other = (QueryLog(Metrics(), key) for key in (b"one", b"one", b"other"))
    assert record.mark(SERVER) == again.mark(SERVER) != other.mark(SERVER)
    marks = {record.mark(SERVER + number) for number in range(1000)}
    assert len(marks) == 1000
    assert str(SERVER) not in written("json", record, QUESTION)


def test_answers_are_counted_by_their_way_and_by_verdict() -> None:
    metrics = Metrics()
    record, value = QueryLog(metrics, b"key"), metrics.registry.get_sample_value
    for verdict, hits in ((Verdict.ANSWER, 3), (Verdict.CLOSEST, 1), (Verdict.NOTHING, 0)):
        record(AnsweredQuery("command", None, 0.2, verdict, hits))
        assert value("bobbin_answers_total", {"way": "command", "verdict": verdict.value}) == 1
    assert value("bobbin_answer_seconds_count", {"way": "command"}) == 3
    assert value("bobbin_answer_seconds_sum", {"way": "command"}) == pytest.approx(0.6)
    assert value("bobbin_answer_seconds_bucket", {"way": "command", "le": "0.1"}) == 0


def test_lines_of_the_log_are_counted_from_warning_up() -> None:
    metrics = Metrics()
    log, counting = logging.getLogger("bot.test.troubles"), LogLevelCounter(metrics)
    log.addHandler(counting)
    log.setLevel(logging.DEBUG)
    for level in (logging.INFO, logging.WARNING, logging.ERROR, logging.ERROR):
        log.log(level, "something")
    log.removeHandler(counting)
    value = metrics.registry.get_sample_value
    assert value("bobbin_log_lines_total", {"level": "warning"}) == 1
    assert value("bobbin_log_lines_total", {"level": "error"}) == 2
    assert value("bobbin_log_lines_total", {"level": "info"}) is None
