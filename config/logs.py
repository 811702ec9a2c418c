"""Logging: one line per record, as text or JSON, with secrets taken out by value and control characters made visible."""

import json
import logging
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.redaction import Redactor


def set_up_logs(level: str, form: str, redact: Redactor) -> None:
    """Send all log records to standard error in one form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json(redact) if form == "json" else _Text(redact))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("apscheduler", "slack_bolt", "slack_sdk", "mcp", "httpx2", "asyncio", "alembic", "aiosqlite"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    logging.getLogger("aiohttp.server").addFilter(_not_a_strangers_nonsense)


def _not_a_strangers_nonsense(record: logging.LogRecord) -> bool:
    """Keep out what aiohttp says of malformed HTTP: anybody can send it, and its text quotes what they sent."""
    error = record.exc_info[1] if record.exc_info else None
    return not any(kind.__name__ == "HttpProcessingError" for kind in type(error).__mro__)


def keep_out(secrets: Iterable[str]) -> None:
    """Take further secrets out of every log line: those of tools are known only once the workforce has been read."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, (_Text, _Json)):
            handler.formatter.redact.add(secrets)


class _Text(logging.Formatter):
    """`time level logger: message`, on one line."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self.redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the record on one line, secrets taken out."""
        return _one_line(self.redact(super().format(record)))


class _Json(logging.Formatter):
    """One JSON object per line."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self.redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one JSON object, secrets taken out."""
        plain = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.redact(record.getMessage()),
        }
        if record.exc_info:
            plain["error"] = self.redact(self.formatException(record.exc_info))
        return json.dumps(plain, ensure_ascii=True)


def _one_line(text: str) -> str:
    """Return `text` with line breaks and control characters escaped, so that no text can forge a log line."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
