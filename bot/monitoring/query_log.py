"""What is told of an answered question: a line in the log and a count, never a word of it."""

import hashlib
import hmac
import logging
from dataclasses import dataclass

from bot.monitoring.metrics import Metrics

__all__ = ["AnsweredQuery", "LogLevelCounter", "QueryLog"]

log = logging.getLogger(__name__)

_PRIVATE = "dm"
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class AnsweredQuery:
    """A question that was answered: the way it came, the server (``None`` outside), seconds, quotes found."""

    way: str
    server_id: int | None
    seconds: float
    hits: int


class QueryLog:
    """A line and a count of each answer, once.

    ``key`` makes the server's mark: the same server has the same mark as long as the key is the same,
    and without the key nobody can tell which server a mark stands for, nor try them all out.
    """

    def __init__(self, metrics: Metrics, key: bytes) -> None:
        self.metrics = metrics
        self._key = key

    def __call__(self, answered: AnsweredQuery) -> None:
        """Write the line and count."""
        metrics = self.metrics
        metrics.answers.labels(answered.way, "yes" if answered.hits else "no").inc()
        metrics.answer_seconds.labels(answered.way).observe(answered.seconds)
        facts = {
            "event": answered.way,
            "server": self.mark(answered.server_id),
            "ms": round(answered.seconds * 1000),
            "hits": answered.hits,
        }
        log.info("answered: event=%(event)s server=%(server)s ms=%(ms)d hits=%(hits)d", facts)

    def mark(self, server_id: int | None) -> str:
        """Return what stands for a server in the log: eight hexadecimal digits, or ``dm``."""
        if server_id is None:
            return _PRIVATE
        return hmac.new(self._key, str(server_id).encode(), hashlib.sha256).hexdigest()[:_DIGITS]


class LogLevelCounter(logging.Handler):
    """Count the log's lines from warning up; it writes nothing."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.WARNING)
        self._meter = metrics

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line by its level."""
        self._meter.trouble.labels(record.levelname.lower()).inc()
