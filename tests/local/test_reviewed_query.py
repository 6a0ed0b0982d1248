"""The queries about reviewed artifacts, on what the running bundle writes."""

import json
from decimal import Decimal
from pathlib import Path

from local.costs.queries import saved_queries
from tests.local.bundle import generate, lines, lines_of, running_bundle
from tests.support.insights import run

QUERIES = {query.name: query.text for query in saved_queries()}


def test_a_log_says_what_reviews_change_and_what_each_step_costs(tmp_path: Path) -> None:
    with running_bundle(tmp_path) as bundle:
        costs = {}
        for workflow in ("direct", "reviewed"):
            answer = generate(bundle, "A todo list", artifactType="react", workflow=workflow).json()
            costs[workflow] = lines_of(bundle, answer["requestId"])[-1]
        log = [json.dumps(line, separators=(",", ":")) for line in lines(bundle)]

    found = run(QUERIES["Reviewed artifacts"], *log)
    rows = [dict(zip(found.fields, row, strict=True)) for row in found.rows]
    by_workflow = {str(row["workflow"]): row for row in rows}
    assert {name: row["median_usd"] for name, row in by_workflow.items()} == {
        name: Decimal(cost["cost_nano_usd"]) / 10**9 for name, cost in costs.items()
    }
    counts = ("requests", "reviews", "with_findings", "rebuilt", "kept")
    assert [by_workflow["direct"][name] for name in counts] == [1, 0, 0, 0, 0]
    assert [by_workflow["reviewed"][name] for name in counts] == [1, 1, 1, 1, 1]

    purposes = run(QUERIES["Cost per purpose"], *log)
    calls = {row[purposes.fields.index("purpose")]: row[purposes.fields.index("calls")] for row in purposes.rows}
    assert calls == {"first": 1, "plan": 2, "build": 1, "review": 1, "rebuild": 1}
