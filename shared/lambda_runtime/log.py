"""Writes the lines of libraries and of this runtime: JSON on standard output, as Lambda's own runtime does.

The bundle's own lines have a handler of their own (`shared.logs`).
"""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from shared.lambda_runtime.runtime_api import Error


def set_up(environment: Mapping[str, str]) -> None:
    """Have the lines of all loggers written that have no handler of their own."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonFormatter())
    logging.root.addHandler(handler)
    logging.root.setLevel(environment.get("AWS_LAMBDA_LOG_LEVEL", "INFO").replace("TRACE", "DEBUG"))


def error(error: Error, request_id: str | None = None) -> None:
    """Write a line about a failure."""
    print(json.dumps(_head("ERROR") | {"message": "runtime_error", "request_id": request_id, **error}))  # noqa: T201


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_head(record.levelname) | {"logger": record.name, "message": record.getMessage()})


def _head(level: str) -> dict[str, object]:
    return {"timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level}
