"""Writes log lines: JSON on standard output, each with an RFC 3339 `timestamp`, a `level` and the `service`.

`service` is also a dimension of every metric. `LOG_LEVEL` applies to diagnostic lines only: cost lines are written at
any level.
"""

import json
import logging
import traceback
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from aws_lambda_powertools import Logger

_NAME_PREFIX = "kimi-artifacts:"


class Logs:
    """Writes cost lines and diagnostic lines."""

    def __init__(self, service: str, level: str = "INFO") -> None:
        # At level INFO the runtime's root logger would write a line of httpx for every call.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        # The prefix keeps the name from being another logger's, such as `root`, whatever the service is called.
        name = _NAME_PREFIX + service
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
        # Set here because Powertools would prefer the platform's own log level to this one.
        logging.getLogger(self._diagnostics.name).setLevel(level)

    def emit(self, name: str, fields: dict[str, Any]) -> None:
        """Write a cost line: `name` as its `message`, and these fields."""
        self._costs.info(name, extra={"fields": fields})

    def measure(self, fields: dict[str, Any]) -> None:
        """Write a line from which CloudWatch extracts metrics."""
        self._costs.info("metrics", extra={"fields": fields})

    def operator_must_act(self, request_id: str, problem: str) -> None:
        """Log at ERROR what the operator has to correct."""
        self._diagnostics.error("operator_must_act", extra={"request_id": request_id, "problem": problem})

    def catalog_refused(self, problems: Sequence[str]) -> None:
        """Log at ERROR why the operator's overlay of the catalog is not in force; the last good one is."""
        problem = f"the overlay of the catalog is refused: {'; '.join(problems)}"
        self._diagnostics.error("operator_must_act", extra={"problem": problem})

    def catalog_accepted(self) -> None:
        """Log at INFO that the overlay is in force after one was refused."""
        self._diagnostics.info("catalog_accepted")

    def model_outdated(self, model: str, problem: str) -> None:
        """Log at WARNING that a model of the settings is past its date."""
        self._diagnostics.warning("model_outdated", extra={"model": model, "problem": problem})

    def budget_correction_failed(self, request_id: str, problem: str) -> None:
        """Log at WARNING that the counters in the guard's table are too high."""
        self._diagnostics.warning("budget_correction_failed", extra={"request_id": request_id, "problem": problem})

    def crashed(self, request_id: str, error: BaseException) -> None:
        """Log where an error came from, without its text, which may hold a prompt, code or a key."""
        frames = traceback.extract_tb(error.__traceback__)
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        # An error from a child process carries its own name and frames.
        where += getattr(error, "frames", [])
        name = getattr(error, "exception_name", type(error).__name__)
        fields = {"request_id": request_id, "exception_name": name, "frames": where}
        self._diagnostics.error("internal_error", extra=fields)


def _to_json(record: dict[str, Any]) -> str:
    """Return the record as one line. Powertools itself would drop nulls and write a Decimal as a string."""
    fields = record.pop("fields", {})
    record["service"] = record["service"].removeprefix(_NAME_PREFIX)
    return json.dumps(record | fields, default=_json_default, separators=(",", ":"))


def _json_default(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)
