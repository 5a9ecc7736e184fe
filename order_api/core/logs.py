"""Structured logs, one JSON object per line: ids as fields, never personal data, card data or tokens."""

import logging
import os
import sys
from contextlib import suppress
from typing import Any

import structlog


class Unfailing:
    """Standard output, whose lines are lost where it cannot take them: a closed pipe, a full disk. What was done stays
    done."""

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            sys.stdout.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stdout.flush()


def configure() -> None:
    """Called once at process start. LOG_FORMAT=console makes the logs readable for people."""
    readable = os.environ.get("LOG_FORMAT", "json") == "console"
    renderer = structlog.dev.ConsoleRenderer(colors=False) if readable else structlog.processors.JSONRenderer()
    level = logging.getLevelNamesMapping()[os.environ.get("LOG_LEVEL", "INFO")]
    stream: Any = Unfailing()
    logging.basicConfig(level=logging.WARNING, stream=stream, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
