"""Every saved query on a small log, against what plain Python makes of the same lines."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Context, Decimal
from typing import Any

import pytest

from local.costs.queries import GROUPS, saved_queries
from shared.costs.cost_line import CostLine
from tests.infra.observed import queries, widgets
from tests.support.insights import rows

Line = dict[str, Any]
Rows = list[tuple[Any, ...]]
FIRST, SECOND = "2026-05-01", "2026-05-02"
K2, K26, K3 = "moonshotai/kimi-k2-thinking", "moonshotai/kimi-k2.6", "moonshot/kimi-k3"
K27 = "moonshotai/kimi-k2.7-code"


def started(time: str, request: str, number: int, **more: Any) -> Line:
    return {"timestamp": f"{time}Z", "message": "attempt_started", "request_id": request, "attempt": number,
            "function": "generate_artifact", "purpose": "first", "model": K2, **more}  # fmt: skip


def ended(time: str, request: str, number: int, nano_usd: int | None, **more: Any) -> Line:
    return {**started(time, request, number), "message": "attempt", "provider": "p", "outcome": "ok", "status": 200,
            "input_tokens": 100, "output_tokens": 40, "reasoning_tokens": 10, "duration_ms": 1500,
            "cost_nano_usd": nano_usd, "cost_source": "unknown" if nano_usd is None else "reported",
            "generation_id": f"gen-{request}-{number}", **more}  # fmt: skip


def answered(time: str, request: str, nano_usd: int | None, **more: Any) -> Line:
    return {"timestamp": f"{time}Z", "message": "cost", "request_id": request, "function": "generate_artifact",
            "caller": "c1", "artifact_type": "react", "outcome": "ok", "status": 200, "requested_model": K2,
            "model": K2, "provider": "p",
            "attempts": 1, "retries": 0, "repaired": False, "input_tokens": 100, "cached_tokens": 25,
            "cache_saved_usd": 0.1, "cost_nano_usd": nano_usd, "duration_ms": 2000, "upstream_ms": 1500,
            "generation_ids": [f"gen-{request}-1"], **more}  # fmt: skip


def must_act(time: str, request: str, problem: str) -> Line:
    return {"timestamp": f"{time}Z", "level": "ERROR", "message": "operator_must_act", "request_id": request,
            "problem": problem}  # fmt: skip


CART = {"feature": "checkout", "component": "cart", "tier": "balanced"}
FIX = {"function": "generate_artifact_fix"}
NO_CREDIT = "openrouter reports that credit is used up"
STALLED = {"outcome": "upstream_stalled", "provider": None, "input_tokens": None, "duration_ms": 60_000}
REVIEWED: list[tuple[str, int, int | None, str | None, int, int, Line]] = [
    ("mended", 50_500_000, 2, "kept", 5, 320_500, {}),
    ("approved", 41_000_000, 0, None, 3, 280_000, {}),
    ("trifles", 44_000_000, 10, None, 3, 280_500, {}),
    ("discarded", 61_000_000, 1, "discarded", 6, 420_000, {}),
    ("unreviewed", 33_000_000, None, None, 2, 250_000, {}),
    ("changed", 12_000_000, 1, "kept", 3, 90_000, {"applied": "edits", "model": K26}),
    ("lost review", 1_000_000, 3, None, 3, 95_000, {"outcome": "client_gone", "status": 499}),
]
"""What each cost and found, what became of the rebuild, its calls, its milliseconds, and what else is on the line."""
LOG: list[Line] = [
    started(f"{FIRST}T10:00:00.000", "plain", 1),
    ended(f"{FIRST}T10:00:02.000", "plain", 1, 30_000_001),
    answered(f"{FIRST}T10:00:02.000", "plain", 30_000_001),
    started(f"{FIRST}T11:00:00.000", "retried", 1, **FIX),
    ended(f"{FIRST}T11:01:00.000", "retried", 1, None, **FIX, **STALLED),
    {"timestamp": f"{FIRST}T11:01:01.000Z", "message": "retry", "request_id": "retried", "level": "WARNING"},
    started(f"{FIRST}T11:01:02.000", "retried", 2, **FIX, model=K26),
    ended(f"{FIRST}T11:01:04.000", "retried", 2, 20_000_000, **FIX, model=K26, duration_ms=500),
    answered(f"{FIRST}T11:01:05.000", "retried", 20_000_000, **FIX, caller="c2", model=K26,
             artifact_type="html", attempts=2, retries=1, duration_ms=65_000, upstream_ms=60_500),
    started(f"{SECOND}T10:00:00.000", "repaired", 1),
    ended(f"{SECOND}T10:00:01.000", "repaired", 1, 10_000_000, duration_ms=1000),
    started(f"{SECOND}T10:00:01.000", "repaired", 2, purpose="repair"),
    ended(f"{SECOND}T10:00:03.000", "repaired", 2, 5_000_000, purpose="repair", duration_ms=2000),
    answered(f"{SECOND}T10:00:03.000", "repaired", 15_000_000, repaired=True, attempts=2, cache_saved_usd=0.2,
             duration_ms=3500, upstream_ms=3000, feature="checkout", component=None, tier=None),
    answered(f"{SECOND}T10:30:00.000", "replayed", 0, replayed=True, model=None, provider=None, attempts=0,
             input_tokens=0, cached_tokens=0, cache_saved_usd=0, duration_ms=7, upstream_ms=0, **CART),
    answered(f"{SECOND}T12:00:00.000", "refused", 0, outcome="rate_limited", status=429, caller="c3",
             artifact_type=None, model=None, provider=None, attempts=0, input_tokens=0, cached_tokens=0,
             cache_saved_usd=0, duration_ms=5, upstream_ms=0),
    started(f"{FIRST}T23:59:50.000", "midnight", 1),
    ended(f"{FIRST}T23:59:59.999", "midnight", 1, 8_000_000, outcome="artifact_truncated", duration_ms=3000),
    answered(f"{SECOND}T00:00:00.000", "midnight", 8_000_000, outcome="artifact_truncated", status=502, caller="c2",
             artifact_type="svg", duration_ms=9900, upstream_ms=9500),
    started(f"{SECOND}T13:00:00.000", "killed", 1),
    ended(f"{SECOND}T13:00:04.000", "killed", 1, 4_000_000, duration_ms=4000),
    started(f"{SECOND}T13:00:04.000", "killed", 2, purpose="repair"),
    # Lines above are older than hosts: they have none.
    started(f"{SECOND}T14:00:00.000", "fallback", 1, host="openrouter"),
    ended(f"{SECOND}T14:00:00.500", "fallback", 1, 0, host="openrouter", outcome="service_misconfigured", status=402,
          provider=None, cost_source="none", input_tokens=None, duration_ms=500),
    must_act(f"{SECOND}T14:00:00.501", "fallback", NO_CREDIT),
    started(f"{SECOND}T14:00:00.600", "fallback", 2, host="moonshot", model=K3),
    ended(f"{SECOND}T14:00:09.000", "fallback", 2, 7_000_000, host="moonshot", model=K3, provider=None,
          cost_source="estimated", duration_ms=8400),
    answered(f"{SECOND}T14:00:09.000", "fallback", 7_000_000, host="moonshot", model="kimi-k3", provider=None,
             caller="c4", artifact_type="code", attempts=2, retries=1, duration_ms=9100, upstream_ms=8900, **CART),
    answered(f"{SECOND}T14:30:00.000", "stalled", 1_500_000, host="moonshot", model="kimi-k3", caller="c4",
             outcome="upstream_stalled", status=504, artifact_type="code", duration_ms=9950, upstream_ms=9800, **CART),
    must_act(f"{SECOND}T15:00:00.000", "keyless", "there is no API key"),
    answered(f"{SECOND}T15:00:00.000", "keyless", 0, outcome="service_misconfigured", status=503, caller="c3",
             artifact_type=None, model=None, provider=None, host=None, attempts=0, input_tokens=0,
             cached_tokens=0, cache_saved_usd=0, duration_ms=6, upstream_ms=0),
    started(f"{SECOND}T16:00:00.000", "lost", 1, host="moonshot", model=K3),
    ended(f"{SECOND}T16:00:50.000", "lost", 1, None, host="moonshot", model=K3, **STALLED),
    must_act(f"{SECOND}T16:00:51.000", "lost", NO_CREDIT),
    answered(f"{SECOND}T16:00:51.000", "lost", None, host="moonshot", model=K3, outcome="upstream_stalled",
             status=504, artifact_type="mermaid", requested_model=K3, caller="c6", duration_ms=51_000,
             upstream_ms=50_000),
    # Lines above are older than workflows.
    *(line for number, (purpose, model, nano_usd, duration) in enumerate([
        ("plan", K26, 2_000_000, 6_000), ("build", K2, 31_000_000, 240_000), ("review", K27, 9_000_000, 30_000),
        ("plan", K26, 2_500_000, 4_000), ("rebuild", K2, 6_000_000, 40_000),
    ], start=1) for line in (
        started(f"{SECOND}T17:0{number}:00.000", "mended", number, purpose=purpose, model=model, host="openrouter"),
        ended(f"{SECOND}T17:0{number}:30.000", "mended", number, nano_usd, purpose=purpose, model=model,
              host="openrouter", duration_ms=duration),
    )),
    *(answered(f"{SECOND}T18:0{number}:00.000", request, nano_usd, caller=f"c{number + 10}", host="openrouter",
               workflow="reviewed", findings=findings, rebuild=rebuild, attempts=calls, duration_ms=duration,
               upstream_ms=duration - 20, artifact_type="markdown", **more)
      for number, (request, nano_usd, findings, rebuild, calls, duration, more) in enumerate(REVIEWED)),
    answered(f"{SECOND}T19:00:00.000", "direct", 30_500_000, caller="c20", workflow="direct", findings=None,
             rebuild=None, host="openrouter", duration_ms=241_000, upstream_ms=240_500, artifact_type="markdown"),
    answered(f"{SECOND}T19:01:00.000", "direct again", 28_500_000, caller="c21", workflow="direct", findings=None,
             rebuild=None, host="openrouter", duration_ms=200_000, upstream_ms=199_500, artifact_type="markdown"),
    answered(f"{SECOND}T19:02:00.000", "reviewed again", 0, caller="c3", workflow="reviewed", findings=4,
             rebuild="kept", replayed=True, model=None, provider=None, attempts=0, duration_ms=8, upstream_ms=0),
]  # fmt: skip
ATTEMPTS = [line for line in LOG if line["message"] == "attempt"]
COSTS = [line for line in LOG if line["message"] == "cost"]


def day(line: Line) -> str:
    return f"{line['timestamp'][:10]} 00:00:00.000"


def time(line: Line) -> str:
    return str(line["timestamp"]).replace("T", " ").removesuffix("Z")


def by(lines: Iterable[Line], *keys: str | Callable[[Line], Any]) -> dict[tuple[Any, ...], list[Line]]:
    found = defaultdict(list)
    for line in lines:
        found[tuple(key(line) if callable(key) else line.get(key) for key in keys)].append(line)
    return found


def total(lines: Iterable[Line], field: str) -> Any:
    values = [Decimal(str(line[field])) for line in lines if line.get(field) is not None]
    return sum(values) if values else None


def usd(lines: Iterable[Line]) -> Any:
    nano_usd = total(lines, "cost_nano_usd")
    return None if nano_usd is None else nano_usd / 10**9


def mean(lines: list[Line], field: str) -> Any:
    values = [line[field] for line in lines if field in line]
    return Decimal(sum(values)) / len(values) if values else None


def most(lines: list[Line], field: str) -> Any:
    """What 99 % of less than a hundred values do not exceed, and 95 % of less than twenty."""
    return max((line[field] for line in lines if field in line), default=None)


def falling(found: Rows, place: int) -> Rows:
    """The rows sorted by a column; two that are equal there would be a mistake in the log above."""
    assert len({row[place] for row in found}) == len(found)
    return sorted(found, key=lambda row: (row[place] is not None, row[place]), reverse=True)


def days() -> Rows:
    return [
        (*key, usd(calls), len(ends), len(calls), total(ends, "retries"),
         *(total(calls, f"{name}_tokens") for name in ("input", "output", "reasoning")))
        for key, lines in sorted(by(ATTEMPTS + COSTS, day).items())
        for calls, ends in [([line for line in lines if line in ATTEMPTS], [line for line in lines if line in COSTS])]
    ]  # fmt: skip


def per_function() -> Rows:
    calls = by(ATTEMPTS, "function")
    return [(*key, usd(calls[key]), len(lines), len(calls[key]), mean(lines, "upstream_ms"), most(lines, "upstream_ms"))
            for key, lines in by(COSTS, "function").items()]  # fmt: skip


def per_cost(field: str) -> Rows:
    return [(*key, usd(lines), len(lines), total(lines, "attempts")) for key, lines in by(COSTS, field).items()]


def killed() -> Rows:
    return [
        (*key, 0, sum(line["message"] == "attempt_started" for line in lines), usd(lines), min(map(time, lines)))
        for key, lines in by((line for line in LOG if "function" in line), "request_id", "function").items()
        if not any(line in COSTS for line in lines)
    ]


def unknown() -> Rows:
    found = []
    for key, lines in by((line for line in LOG if "attempt" in line), "request_id", "attempt", "host", "model").items():
        ends = [line for line in lines if "outcome" in line]
        lost = sum(line["cost_source"] == "unknown" for line in ends)
        if not ends or lost:
            found.append((*key, len(ends), lost, min(map(time, lines))))
    return sorted(found, key=lambda row: row[-1])


def shares() -> Rows:
    found = []
    for key, lines in sorted(by(COSTS, day).items()):
        repaired = sum(line["repaired"] for line in lines)
        truncated = sum(line["outcome"] == "artifact_truncated" for line in lines)
        percents = [Decimal(100 * part) / len(lines) for part in (repaired, truncated)]
        found.append((*key, len(lines), repaired, truncated, *percents))
    return found


def savings() -> Rows:
    found = []
    for key, lines in sorted(by(COSTS, day).items()):
        cached, asked = total(lines, "cached_tokens"), total(lines, "input_tokens")
        found.append((*key, cached, asked, 100 * cached / asked, total(lines, "cache_saved_usd")))
    return found


def per_host() -> Rows:
    found = []
    for key, lines in by(ATTEMPTS, "host").items():
        failed = sum(line["outcome"] != "ok" for line in lines)
        sources = [line["cost_source"] for line in lines]
        found.append((*key, usd(lines), len(lines), failed, Decimal(100 * failed) / len(lines),
                      sources.count("estimated"), sources.count("unknown"), mean(lines, "duration_ms"),
                      most(lines, "duration_ms")))  # fmt: skip
    return found


def per_feature() -> Rows:
    found = []
    lines = [{name: "none" for name in FEATURE_KEYS if line.get(name) is None} for line in COSTS]
    served = [line | named for line, named in zip(COSTS, lines, strict=True) if not line.get("replayed")]
    for key, each in by(served, *FEATURE_KEYS).items():
        answers = sum(line["outcome"] == "ok" for line in each)
        found.append((*key, usd(each), len(each), total(each, "attempts"), mean(each, "duration_ms"),
                      most(each, "duration_ms"), Decimal(100 * answers) / len(each)))  # fmt: skip
    return falling(found, 4)


def fallbacks() -> Rows:
    found = []
    for key, lines in by((line for line in COSTS if line["attempts"]), "requested_model", "host", "model").items():
        answers = sum(line["outcome"] == "ok" for line in lines)
        found.append((*key, len(lines), Decimal(100 * answers) / len(lines), usd(lines)))
    return sorted(found, key=str)


def middle(lines: list[Line], field: str) -> Any:
    """What half of the values do not exceed."""
    return sorted(line[field] for line in lines)[(len(lines) - 1) // 2]


def reviewed() -> Rows:
    found = []
    lines = [line for line in COSTS if line.get("workflow") and line["outcome"] == "ok" and not line.get("replayed")]
    for key, each in by(lines, "model", lambda line: line.get("applied") or "none", "workflow").items():
        findings = [line["findings"] for line in each if line["findings"] is not None]
        rebuilds = [line["rebuild"] for line in each if line["rebuild"]]
        found.append((*key, len(each), Decimal(middle(each, "cost_nano_usd")) / 10**9, middle(each, "duration_ms"),
                      len(findings), sum(number > 0 for number in findings), len(rebuilds),
                      rebuilds.count("kept")))  # fmt: skip
    return falling(found, 3)


def problems() -> Rows:
    lines = [line for line in LOG if line["message"] == "operator_must_act"]
    found = [
        (*key, len(each), min(map(time, each)), max(map(time, each))) for key, each in by(lines, "problem").items()
    ]
    return sorted(found, key=lambda row: row[-1], reverse=True)


FEATURE_KEYS = ("feature", "component", "host", "tier")
FAILED = [line for line in ATTEMPTS if line["outcome"] != "ok"]
OF_ONE = ["message", "attempt", "purpose", "host", "model", "provider", "outcome", "status", "cost_usd", "cost_source",
          "duration_ms", "generation_id", "workflow", "findings", "rebuild", "problem"]  # fmt: skip
OF_SLOWEST = ["request_id", "function", "outcome", "duration_ms", "upstream_ms", "first_token_ms", "attempts", "host",
              "model", "provider"]  # fmt: skip
EXPECTED: dict[str, Rows] = {
    "One request": [(time(line), *map(line.get, OF_ONE)) for line in LOG if line["request_id"] == "retried"],
    "Cost today": days()[-1:],
    "Cost per day": days(),
    "Cost per day and model": sorted(
        ((*key, usd(lines), len(lines)) for key, lines in by(ATTEMPTS, day, "model").items()),
        key=lambda row: (row[0], -row[2]),
    ),
    "Cost per model and provider": falling([
        (*key, usd(lines), len(lines), *(total(lines, f"{name}_tokens") for name in ("input", "output", "reasoning")),
         mean(lines, "duration_ms"), most(lines, "duration_ms"))
        for key, lines in by(ATTEMPTS, "model", "provider").items()
    ], 2),
    "Cost per function": falling(per_function(), 1),
    "Cost per caller": falling(per_cost("caller"), 1),
    "Cost per artifact type": falling(per_cost("artifact_type"), 1),
    "Cost per feature": per_feature(),
    "Cost per host": falling(per_host(), 2),
    "Fallbacks": fallbacks(),
    "Operator must act": problems(),
    "Failures": sorted(
        ((*key, len(lines), usd(lines))
         for key, lines in by((line for line in COSTS if line["outcome"] != "ok"), "outcome", "status").items()),
        key=str,
    ),
    "Retries": sorted((
        (*key, len(lines), usd(lines), sum(line["cost_source"] == "unknown" for line in lines),
         mean(lines, "duration_ms"))
        for key, lines in by(FAILED, "outcome", "host", "model", "provider").items()
    ), key=str),
    "Slowest requests": falling([(time(line), *map(line.get, OF_SLOWEST)) for line in COSTS], 4),
    "Unknown cost": unknown(),
    "Killed requests": killed(),
    "Cost per purpose": falling([
        (*key, usd(lines), len(lines), mean(lines, "duration_ms")) for key, lines in by(ATTEMPTS, "purpose").items()
    ], 1),
    "Reviewed artifacts": reviewed(),
    "Repaired and truncated": shares(),
    "Cache savings": savings(),
}  # fmt: skip
IN_ANY_ORDER = {"Failures", "Fallbacks", "Retries"}
"""Some of whose rows are equal in what they are sorted by."""


def log_lines() -> list[Any]:
    """As they are written: without spaces, and among lines of others."""
    return ["START RequestId: 1", *(json.dumps(line, separators=(",", ":")) for line in LOG), '{"message":"other"}']


def rounded(found: Rows) -> Rows:
    """Quotients are doubles, which 15 digits do not tell from decimals."""
    return [tuple(Context(15).plus(each) if isinstance(each, Decimal) else each for each in row) for row in found]


@pytest.mark.parametrize("name", queries())
def test_a_saved_query_comes_to_what_plain_python_makes_of_the_lines(name: str) -> None:
    found = rows(queries()[name].replace("{{request_id}}", "retried"), *log_lines())

    if name in IN_ANY_ORDER:
        found.sort(key=str)
    assert rounded(found) == rounded(EXPECTED[name])
    assert found


@pytest.mark.parametrize("title", widgets("log"))
def test_every_query_of_the_dashboard_can_be_run(title: str) -> None:
    """Behind the log groups that it names first, which a log file has none of."""
    groups, _, query = widgets("log")[title]["query"].rpartition("SOURCE '")
    assert groups.startswith("SOURCE '")

    assert rows(query.partition("|")[2], *log_lines())


def test_figures_by_feature_can_be_had_by_other_fields() -> None:
    """With percentiles of their own, which those of smaller groups do not add up to."""
    (saved,) = [each for each in saved_queries() if each.name == "Cost per feature"]
    assert saved.regrouped(FEATURE_KEYS).text == saved.text

    by_feature = saved.regrouped(["feature"])
    found = rounded(rows(by_feature.text, *log_lines()))

    assert by_feature.name == "Cost per feature"
    assert saved.regrouped(["host", "caller"]).name == "Cost per host and caller"
    assert [row[0] for row in found] == ["none", "checkout"]
    third = Context(15).divide
    expected = Decimal("0.0235"), 3, 5, third(Decimal(22550), Decimal(3)), 9950, third(Decimal(200), Decimal(3))
    assert found[1] == ("checkout", *expected)


@pytest.mark.parametrize("field", GROUPS)
def test_every_field_to_group_by_is_one_of_the_cost_line(field: str) -> None:
    (saved,) = [each for each in saved_queries() if each.name == "Cost per feature"]

    assert field in CostLine._fields
    found: Rows = rows(saved.regrouped([field]).text, *log_lines())
    expected = {line.get(field) or "none" for line in COSTS if not line.get("replayed")}
    assert {row[0] for row in found} == expected
    assert sum(row[2] for row in found) == sum(not line.get("replayed") for line in COSTS), "all but replays"
