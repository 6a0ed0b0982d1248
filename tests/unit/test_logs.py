"""How a log line looks on standard output: run in a process of its own, as Lambda does."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
WRITE = """
import logging
from shared.costs.cost_line import CostLine, WorkFacts
from shared.costs.ledger import AttemptRecord, Ledger
from shared.costs.usage import Cost, CostSource, Usage, UNKNOWN
from shared.logs import Logs
from decimal import Decimal
logging.getLogger().setLevel(logging.INFO)
logs = Logs("a-stack", "ERROR")
ledger = Ledger("generate_artifact", "r-1", logs.emit)
ledger.attempt_starts("first", "m", "openrouter")
cost = Cost(Decimal("0.00023492"), CostSource.REPORTED)
ledger.attempt_ended("first", AttemptRecord("m", "m", "ok", False, cost, Usage(), 1.0, provider="\\ud800\\u2028"))
told = {"outcome": "ok", "status": 200, "caller": None, "requested_model": None, "replayed": False}
logs.emit("cost", CostLine.of(ledger, WorkFacts(), seconds=1.0, **told)._asdict())
def work(prompt):
    raise ValueError(prompt)
try:
    work("a secret prompt")
except ValueError as error:
    logs.crashed("r-1", error)
logging.getLogger("httpx").info("HTTP Request: POST")
"""


def written(code: str, **environment: str) -> list[dict[str, Any]]:
    """The lines that this code logs, in an environment such as Lambda's."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", f"from shared.logs import Logs\n{code}"],
                          cwd=ROOT, capture_output=True, text=True, check=True,
                          env=os.environ | {"AWS_LAMBDA_LOG_LEVEL": "INFO"} | environment)  # fmt: skip
    assert not done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(("level", "lines"), [("DEBUG", 2), ("WARNING", 2), ("ERROR", 1)])
def test_the_level_of_diagnostics_is_ours_to_set(level: str, lines: int) -> None:
    """Lambda says in the environment which lines it takes; what is written is the setting's business."""
    code = f"logs = Logs('s', {level!r}); logs.budget_correction_failed('r', 'p'); logs.operator_must_act('r', 'p')"

    assert len(written(code)) == lines


@pytest.mark.parametrize("service", ["root", "httpx", "kimi-artifacts", "a.b"])
def test_a_service_may_be_called_as_another_logger_is(service: str) -> None:
    (line,) = written(
        f"import logging; logs = Logs({service!r}); logs.measure({{'a': 1}}); logging.getLogger('httpx').info('x')"
    )

    assert (line["service"], line["message"], line["a"]) == (service, "metrics", 1)


def test_lines_are_json_with_time_level_and_name() -> None:
    """The cost lines do not depend on `LOG_LEVEL`; amounts are numbers, what is not known is null, nothing leaks."""
    done = subprocess.run([sys.executable, "-c", WRITE], cwd=ROOT, capture_output=True, text=True, check=True)

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["message"] for line in lines] == ["attempt_started", "attempt", "cost", "internal_error"]
    for line in lines:
        assert datetime.fromisoformat(line["timestamp"]).tzinfo is not None
        assert line["request_id"] == "r-1"
        assert line["service"] == "a-stack"
    assert [line["level"] for line in lines] == ["INFO", "INFO", "INFO", "ERROR"]
    cost = lines[2]
    assert (cost["cost_usd"], cost["cost_nano_usd"], cost["caller"]) == (0.00023492, 234_920, None)
    assert lines[3]["exception_name"] == "ValueError"
    assert "secret prompt" not in done.stdout + done.stderr
    assert not done.stderr
