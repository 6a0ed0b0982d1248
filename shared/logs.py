"""How a log line is written: JSON on standard output, one line each, with an RFC 3339 `timestamp` and a `level`.

`service` stands in each, and is a dimension of every metric.

The cost lines are written at any `LOG_LEVEL`; that setting is for the diagnostic lines.
"""

import json
import logging
import traceback
from decimal import Decimal
from typing import Any

from aws_lambda_powertools import Logger
from pydantic import BaseModel

_NAMES = "kimi-artifacts:"


class Logs:
    """Writes the lines of the costs and the diagnostics."""

    def __init__(self, service: str, level: str = "INFO") -> None:
        # At level INFO the runtime's root logger lets httpx write a line for every call.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        # Under no name that another logger has, such as `root`, whatever the service is called.
        name = _NAMES + service
        self._costs = Logger(
            service=name,
            level="INFO",
            location=None,
            use_rfc3339=True,
            utc=True,
            log_record_order=["timestamp", "level", "message"],
            json_serializer=_to_json,
        )
        self._diagnostics = Logger(service=name, child=True)
        # Powertools' own way to set it prefers what the platform says of the lines that it takes.
        logging.getLogger(self._diagnostics.name).setLevel(level)

    def emit(self, name: str, line: BaseModel) -> None:
        """Write a line of the costs: `name` stands in `message`, the model's fields beside it."""
        self._costs.info(name, extra={"fields": line.model_dump()})

    def measure(self, fields: dict[str, Any]) -> None:
        """Write a line that CloudWatch makes metrics of."""
        self._costs.info("metrics", extra={"fields": fields})

    def operator_must_act(self, request_id: str, problem: str) -> None:
        """Write at ERROR what the operator has to mend."""
        self._diagnostics.error("operator_must_act", extra={"request_id": request_id, "problem": problem})

    def budget_correction_failed(self, request_id: str, problem: str) -> None:
        """Write at WARNING what the guard's table does not know, so that it counts too much."""
        self._diagnostics.warning("budget_correction_failed", extra={"request_id": request_id, "problem": problem})

    def crashed(self, request_id: str, error: BaseException) -> None:
        """Write where an error came from, without its text: that may hold a prompt, code or a key."""
        frames = traceback.extract_tb(error.__traceback__)
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        # An error of a child process brings its own name and place along.
        where += getattr(error, "frames", [])
        name = getattr(error, "exception_name", type(error).__name__)
        fields = {"request_id": request_id, "exception_name": name, "frames": where}
        self._diagnostics.error("internal_error", extra=fields)


def _to_json(record: dict[str, Any]) -> str:
    """The record as one line. Powertools alone would drop what is null and write a Decimal as a string."""
    fields = record.pop("fields", {})
    record["service"] = record["service"].removeprefix(_NAMES)
    return json.dumps(record | fields, default=_plain, separators=(",", ":"))


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)
