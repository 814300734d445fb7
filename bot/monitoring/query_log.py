"""Log and count answered questions, without a word of them."""

import hashlib
import hmac
import logging
import time
from dataclasses import dataclass

from bot.monitoring.metrics import Metrics
from bot.monitoring.status import OutcomeWindow
from retrieval.model import Verdict

__all__ = ["AnsweredQuery", "LogLevelCounter", "QueryLog"]

log = logging.getLogger(__name__)

_PRIVATE = "dm"
_DIGITS = 8
#: The marks of so many servers are kept.
_SERVERS = 4_096


@dataclass(frozen=True, slots=True)
class AnsweredQuery:
    """An answered question: the way it came, the server (``None`` outside), seconds, and number of quotes."""

    way: str
    server_id: int | None
    seconds: float
    verdict: Verdict
    hits: int


class QueryLog:
    """Writes a log line and counts for each answer.

    ``key`` makes the server's mark: a server keeps its mark for as long as the key stays the same, and
    without the key a mark cannot be traced to a server, not even by trying all of them.
    """

    def __init__(self, metrics: Metrics, key: bytes) -> None:
        self.metrics = metrics
        #: The outcomes of the latest questions, for the health page.
        self.outcomes = OutcomeWindow()
        self._key = key
        #: The marks of the servers that asked last, by server.
        self._marks: dict[int, str] = {}

    def __call__(self, answered: AnsweredQuery) -> None:
        """Log and count an answer."""
        metrics = self.metrics
        self.outcomes.note(time.monotonic(), failed=False)
        metrics.answers.labels(answered.way, answered.verdict.value).inc()
        metrics.answer_seconds.labels(answered.way).observe(answered.seconds)
        facts = {
            "event": answered.way,
            "server": self.mark(answered.server_id),
            "ms": round(answered.seconds * 1000),
            "verdict": answered.verdict.value,
            "hits": answered.hits,
        }
        log.info(
            "answered: event=%(event)s server=%(server)s ms=%(ms)d verdict=%(verdict)s hits=%(hits)d", facts
        )

    def failed(self) -> None:
        """Count a question or press that ended with an error; the error is logged elsewhere."""
        self.metrics.questions_failed.inc()
        self.outcomes.note(time.monotonic(), failed=True)

    def mark(self, server_id: int | None) -> str:
        """Return the mark of a server in the log: eight hexadecimal digits, or ``dm``."""
        if server_id is None:
            return _PRIVATE
        mark = self._marks.get(server_id)
        if mark is None:
            if len(self._marks) >= _SERVERS:
                self._marks.clear()
            digest = hmac.new(self._key, str(server_id).encode(), hashlib.sha256).hexdigest()
            mark = self._marks[server_id] = digest[:_DIGITS]
        return mark


class LogLevelCounter(logging.Handler):
    """Counts log records from warning up; writes nothing."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.WARNING)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line by its level."""
        self._metrics.trouble.labels(record.levelname.lower()).inc()
