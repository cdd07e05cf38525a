"""Logs of the queue's processes: one line an event, with job, batch and locale, never a text."""

from __future__ import annotations

import logging
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict

STRANGERS = ("celery", "kombu", "redis", "filelock", "asyncio")
"""Loggers whose messages may hold what a message of the queue held."""
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}


def logger(role: str) -> Any:  # noqa: ANN401 (structlog's own)
    """A logger whose events carry the role of this process."""
    return structlog.get_logger(role=role)


def configure(*, level: str = "info", as_json: bool | None = None) -> None:
    """Send all logs of this process to standard error, as JSON unless that is a terminal.

    Events of other programs' code are cut to what cannot hold a text: the name of the logger, the
    message without what was put into it, and the kind of an exception.
    """
    plain = sys.stderr.isatty() if as_json is None else not as_json
    final = structlog.dev.ConsoleRenderer() if plain else structlog.processors.JSONRenderer()
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _where_it_failed,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.addFilter(_without_texts)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, final],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(LEVELS[level])
    for name in STRANGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", message="You're running the worker with superuser")


def _where_it_failed(_logger: object, _method: str, event: EventDict) -> EventDict:
    """In place of an exception its kind and its way through the code: its message may be a text."""
    if event.pop("exc_info", None) and (error := sys.exception()):
        way = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["at"] = [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in way]
    return event


def _without_texts(record: logging.LogRecord) -> bool:
    """Cut a stranger's record to its first line, unfilled, and its exception to its kind."""
    if record.name.partition(".")[0] in STRANGERS:
        lines = str(record.msg).strip().splitlines() or [""]
        record.msg = f"{record.name}: {lines[0][:200]}"
        record.args = None
        if record.exc_info and record.exc_info[0]:
            record.msg += f" ({record.exc_info[0].__name__})"
        record.exc_info = record.exc_text = record.stack_info = None
    return True
