"""What the operator sees when one model host serves for another: on the page, in the queries, and of the bills."""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from local.reconcile.__main__ import main
from tests.local.bundle import at, generate, lines_of, running_bundle
from tests.local.emulator import Emulator
from tests.support.standin import StandIn, standin

FIRST, SECOND = "moonshotai/kimi-k2-thinking", "custom/moonshotai/kimi-k2.6"


@dataclass(frozen=True)
class Served:
    """A bundle that has answered three requests, by OpenRouter only where a prompt says how it fails."""

    running: Emulator
    openrouter: StandIn
    custom: StandIn

    def table(self, name: str) -> list[dict[str, Any]]:
        """A table of the page of `make run`."""
        costs = httpx.get(f"{self.running.url}/costs", timeout=60, trust_env=False).json()
        (table,) = [each for each in costs["tables"] if each["name"] == name]
        return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """OpenRouter is out of credit, and the other host loses the first call of each request."""
    with standin("--fault", "credit") as openrouter, standin("--fault", "cut times=1") as custom:
        settings = {"CUSTOM_HOST_KEY": "sk-other", "CUSTOM_HOST_URL": custom.url, "MODELS": f"{FIRST},{SECOND}"}
        with running_bundle(tmp_path_factory.mktemp("run"), **at(openrouter), **settings) as running:
            for prompt in ("A todo list", "A clock", "A chart [[fault cut times=1]]"):
                answer = generate(running, prompt)
                assert answer.status_code == 200, answer.text
                lines_of(running, answer.headers["x-request-id"])
            yield Served(running, openrouter, custom)


def test_requests_that_another_host_answered_are_seen(served: Served) -> None:
    rows = served.table("Fallbacks")

    found = {(row["requested_model"], row["host"]): (row["requests"], row["answered_percent"]) for row in rows}
    assert found == {(FIRST, "custom"): (2, 100), (FIRST, "openrouter"): (1, 100)}


def test_operator_is_told_what_to_mend(served: Served) -> None:
    (row,) = served.table("Operator must act")

    assert row["requests"] == 2
    assert row["problem"].startswith("openrouter (OPENROUTER_SECRET_ARN")
    assert "credit" in row["problem"]


def test_costs_and_failures_are_told_by_host(served: Served) -> None:
    """Of the calls that the second host cut nobody knows the cost; the others are as its ledger has them."""
    rows = {row["host"]: row for row in served.table("Cost per host")}
    answered = [row for row in served.custom.ledger()["calls"] if row["finished"]]

    counts = {host: (row["calls"], row["failed"], row["failed_percent"], row["unknown"]) for host, row in rows.items()}
    assert counts == {"openrouter": (4, 3, 75, 1), "custom": (4, 2, 50, 2)}
    assert rows["custom"]["cost_usd"] == sum(row["charged_nano_usd"] for row in answered) / 10**9


def test_openrouter_is_asked_for_its_own_attempts_only(
    served: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in at(served.openrouter).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdin", io.StringIO(served.running.stdout))

    status = main([])

    printed = capsys.readouterr().out
    assert status == 1, "nobody knows what the second host's lost calls cost"
    assert "Cannot be asked for: custom keeps no record by ID; compare with its console." in printed
    assert "| 1     | asked of openrouter " in printed
    assert "| 2     | still unknown, not in the sum " in printed
