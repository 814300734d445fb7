"""Logging: one handler on standard error, as lines or as JSON, with every secret redacted."""

import json
import logging
import re
import sys
from collections.abc import Hashable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TextIO

from bot.settings import LogFormat, Settings
from retrieval.errors import ArchiveError

__all__ = ["REDACTED", "Quiet", "Redaction", "configure"]

REDACTED = "[redacted]"

# Libraries that log request addresses and payloads, and with them interaction tokens, at DEBUG.
_LOGGING_TOKENS = frozenset({"discord", "aiohttp", "asyncio", "websockets"})

_CREDENTIALS = re.compile(
    r"""
    (?P<before>
        /(?:webhooks|interactions)/\d+/             # the token is the part of the path after the id
      | \b(?i:bot|bearer)\s+(?=[\w.=+/-]{20})       # an Authorization header
      | ["']?\b(?i:token)["']?\s*[:=]\s*["']?(?=[\w.=+/-]{20})
    )
    [^/\s"'?&,)\]}]+
  | \baW50ZXJhY3Rpb24[\w+/=-]+                      # an interaction token: "interaction…" in base 64
  | \b[\w-]{18,32}\.[\w-]{5,8}\.[\w-]{25,}          # a bot's token
    """,
    re.VERBOSE,
)
#: Seconds in which a traceback of one kind is not shown again, and how many kinds are remembered.
_TRACEBACK_SECONDS = 3600.0
_KINDS = 1000
_CAUSE_LENGTH = 300
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_COLOURS = {"WARNING": "33", "ERROR": "31", "CRITICAL": "1;31"}


class Redaction:
    """Replaces known secrets, and what has the shape of one, in any text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """Return the text with every secret replaced by ``[redacted]``."""
        if self._known:
            text = self._known.sub(REDACTED, text)
        return _CREDENTIALS.sub(lambda found: (found["before"] or "") + REDACTED, text)


class Quiet(logging.Filter):
    """Drops records below INFO of libraries that log tokens there, whatever their loggers' level."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record may be written."""
        return record.levelno >= logging.INFO or record.name.partition(".")[0] not in _LOGGING_TOKENS


class _Formatter(logging.Formatter):
    """Formats a record and redacts the result, so that message, arguments and traceback are covered."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self._redact = redaction
        self._shown: dict[Hashable, float] = {}

    def trouble(self, record: logging.LogRecord) -> str:
        """Return the traceback and the stack, redacted; empty when there is neither, or it is a repetition.

        Of one kind of error (its type, and the line that raised it) there is one traceback an hour.
        """
        traceback = ""
        error = record.exc_info[1] if record.exc_info else None
        # An error of the archive names the thing and the remedy itself; out of memory has one cause.
        if (
            error
            and record.exc_info
            and not isinstance(error, (ArchiveError, MemoryError))
            and not self._is_repetition(record)
        ):
            traceback = self.formatException(record.exc_info)
        return self._redact("\n".join(filter(None, (traceback, record.stack_info))))

    def _is_repetition(self, record: logging.LogRecord) -> bool:
        kind = _kind_of(record)
        if record.created - self._shown.get(kind, -_TRACEBACK_SECONDS) < _TRACEBACK_SECONDS:
            return True
        if len(self._shown) >= _KINDS:
            self._shown.clear()
        self._shown[kind] = record.created
        return False

    def message(self, record: logging.LogRecord) -> str:
        """Return the message with its arguments, redacted; both, where they do not fit each other."""
        try:
            text = record.getMessage()
        except (TypeError, ValueError, KeyError):
            text = f"{record.msg} {record.args!r}"
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            cause = " ".join(str(error).split())[:_CAUSE_LENGTH]
            text = f"{text} ({type(error).__name__}{': ' if cause else ''}{cause})"
        return self._redact(text)


def _kind_of(record: logging.LogRecord) -> Hashable:
    """Return what errors of one kind have in common: the logger, the type, and the line that raised it."""
    kind, _, traceback = record.exc_info or (None, None, None)
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    place = (traceback.tb_frame.f_code.co_filename, traceback.tb_lineno) if traceback else None
    return record.name, kind, place


class _Pretty(_Formatter):
    """One line a record: local time, level, logger, message."""

    def __init__(self, redaction: Redaction, *, colour: bool) -> None:
        super().__init__(redaction)
        self._colour = colour

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the traceback below it; control characters in the message are escaped."""
        clock = datetime.fromtimestamp(record.created, tz=UTC).astimezone().strftime("%H:%M:%S")
        message = _CONTROL.sub(lambda found: repr(found[0])[1:-1], self.message(record))
        level = f"{record.levelname:<8}"
        if self._colour and record.levelname in _COLOURS:
            level = f"\x1b[{_COLOURS[record.levelname]}m{level}\x1b[0m"
        line = f"{clock} {level} {record.name}: {message}"
        trouble = self.trouble(record)
        return f"{line}\n{trouble}" if trouble else line


class _Json(_Formatter):
    """One JSON object a line: time (ISO 8601, UTC), level, logger, message, and the traceback as "error".

    Named arguments of a message (``%(hits)d``) are members of the object too.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the object on one line."""
        named = record.args if isinstance(record.args, Mapping) else {}
        fields: dict[str, object] = {
            name: self._redact(value) if isinstance(value, str) else value for name, value in named.items()
        }
        fields |= {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message(record),
        }
        trouble = self.trouble(record)
        if trouble:
            fields["error"] = trouble
        return json.dumps(fields, ensure_ascii=False, default=lambda value: self._redact(repr(value)))


class _BobbinHandler(logging.StreamHandler[TextIO]):
    """Bobbin's one handler; its class identifies it when logging is configured again."""


def configure(settings: Settings, *, at_least: int = logging.NOTSET, stream: TextIO | None = None) -> None:
    """Send every logger to one handler on standard error, or ``stream``, in the chosen form.

    ``at_least`` raises the level for a command that shows its own progress. Calling it again replaces
    the handler, so it may be called once a command.
    """
    token = settings.discord_token.reveal() if settings.discord_token else ""
    handler = _BobbinHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(settings.log_format, Redaction([token]), handler.stream))
    handler.addFilter(Quiet())
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler, _BobbinHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    level = max(logging.getLevelNamesMapping()[settings.log_level], at_least)
    root.setLevel(level)
    for name in _LOGGING_TOKENS:
        logging.getLogger(name).setLevel(max(level, logging.INFO))
    logging.captureWarnings(capture=True)


def _formatter(form: LogFormat, redaction: Redaction, stream: TextIO) -> logging.Formatter:
    """Return the formatter for the form; colours only where a terminal shows them."""
    if form == "json":
        return _Json(redaction)
    return _Pretty(redaction, colour=stream.isatty())
