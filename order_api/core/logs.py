"""Structured logs, one JSON object per line: ids as fields, never personal data, card data or tokens."""

import logging
import os
import sys

import structlog


def configure() -> None:
    """Called once at process start. LOG_FORMAT=console makes the logs readable for people."""
    readable = os.environ.get("LOG_FORMAT", "json") == "console"
    renderer = structlog.dev.ConsoleRenderer(colors=False) if readable else structlog.processors.JSONRenderer()
    level = logging.getLevelNamesMapping()[os.environ.get("LOG_LEVEL", "INFO")]
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
