"""The kind of queries that the project saves, on the lines that the functions write."""

import io
from decimal import Decimal

import pytest

from local.insights import Events, Table, parse
from shared.costs.cost_line import WorkFacts
from shared.costs.ledger import AttemptRecord, Ledger
from shared.costs.usage import UNKNOWN, Cost, CostSource, Usage
from shared.logs import Logs
from tests.infra.observed import queries, widgets
from tests.support.logged import logged_to
from tests.support.runs import cost_line

MODEL = "moonshotai/kimi-k2-thinking"
PRICES = ["0.00023492", "0.1", "0.2"]
"""US dollars. The sum of the last two is not 0.3 in floats."""


@pytest.fixture(scope="module")
def events() -> Events:
    """Three answered requests, the second at the second try; one that fails; one whose process is killed."""
    logs, written = Logs("kimi-artifacts", "ERROR"), io.StringIO()
    with logged_to(logs, written):
        for number, price in enumerate(PRICES):
            ledger = Ledger("generate_artifact", f"r-{number}", logs.emit)
            if number == 1:
                _call(ledger, "upstream_stalled", UNKNOWN)
            _call(ledger, "ok", Cost(Decimal(price), CostSource.REPORTED))
            logs.emit("cost", cost_line(ledger, facts=WorkFacts(repaired=number == 2)))
        refused = Ledger("generate_artifact", "r-refused", logs.emit)
        logs.emit("cost", cost_line(refused, "artifact_truncated", 502))
        Ledger("generate_artifact", "r-killed", logs.emit).attempt_starts("first", MODEL)
    return Events.read(written.getvalue().splitlines(keepends=True))


def _call(ledger: Ledger, outcome: str, cost: Cost) -> None:
    ledger.attempt_starts("first", MODEL)
    usage, failed = Usage(100, 10, 5, 0), outcome != "ok"
    attempt = AttemptRecord(MODEL, MODEL, outcome, failed, cost, usage, 1.5, provider="p", generation_id="g")
    ledger.attempt_ended("first", attempt)


def run(query: str, events: Events, **parameters: str) -> Table:
    return parse(query, parameters).run(events)


@pytest.mark.parametrize("name", queries())
def test_every_saved_query_can_be_run(events: Events, name: str) -> None:
    found = run(queries()[name], events, request_id="r-1")

    assert len(found.fields) > 1
    assert found.rows


@pytest.mark.parametrize("title", widgets("log"))
def test_every_query_of_the_dashboard_can_be_run(events: Events, title: str) -> None:
    """Behind the log groups that it names first, which a log file has none of."""
    groups, _, query = widgets("log")[title]["query"].rpartition("SOURCE '")
    assert groups.startswith("SOURCE '")

    assert run(query.partition("|")[2], events).rows


def test_one_request(events: Events) -> None:
    query = """
    fields @timestamp, message, outcome, `generation_ids.0`
    | filter request_id = "{{request_id}}"
    | sort @timestamp asc
    | limit 1000
    """

    found = run(query, events, request_id="r-1")

    assert found.fields == ("@timestamp", "message", "outcome", "generation_ids.0")
    assert [row[1:] for row in found.rows] == [
        ("attempt_started", None, None),
        ("attempt", "upstream_stalled", None),
        ("attempt_started", None, None),
        ("attempt", "ok", None),
        ("cost", "ok", "g"),
    ]


def test_dollars(events: Events) -> None:
    query = (
        'filter message = "cost" | stats sum(cost_usd) as usd, sum(cost_nano_usd) / 1000000000 as same, count(*) as n'
    )

    assert run(query, events).rows == ((Decimal("0.30023492"), Decimal("0.30023492"), 4),)


def test_attempts_by_model_and_provider(events: Events) -> None:
    query = """
    filter message = "attempt"
    | stats sum(cost_nano_usd) as nano_usd, count(*) as attempts, avg(duration_ms) as ms, pct(duration_ms, 99) as p99
        by model, provider
    | sort nano_usd desc
    """

    assert run(query, events).rows == ((MODEL, "p", 300_234_920, 4, 1500, 1500),)


def test_failures(events: Events) -> None:
    query = """
    filter message = "cost" and outcome != "ok"
    | stats count(*) as requests by outcome, status
    | sort requests desc
    """

    assert run(query, events).rows == (("artifact_truncated", 502, 1),)


def test_shares(events: Events) -> None:
    query = r"""
    filter message = "cost"
    | stats count(*) as requests, sum(strcontains(@message, "\"repaired\":true")) as repaired, sum(repaired) as same,
        100 * sum(strcontains(outcome, "artifact_truncated")) / count(*) as truncated_percent
    """

    assert run(query, events).rows == ((4, 1, 1, 25),)


def test_killed(events: Events) -> None:
    """An attempt that has begun and not ended."""
    query = """
    filter message in ["attempt_started", "attempt"]
    | stats sum(strcontains(message, "attempt_started")) as started, count(*) as lines, latest(model) as model
        by request_id, attempt
    | filter lines = 1
    """

    assert run(query, events).rows == (("r-killed", 1, 1, 1, MODEL),)
