"""The arithmetic of docs/capacity.md: its tables follow from its assumptions, and these from the code."""

import re
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local.emulator.guard_table import NAME
from local.sam_template import Template
from shared.costs.usage import Cost, CostSource
from shared.costs.worst_case import WorstCase
from shared.edge.admission import Admission
from shared.guard.dynamodb import Store
from shared.guard.guard import Guard
from shared.settings import Settings
from tests.infra.observed import METRICS, VALUES, resources
from tests.support.table import forget, run, table

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/capacity.md").read_text()
ARTIFACTS = (1_000, 100_000, 10_000_000)
DAY, DAYS = 86_400, 30


def rows(heading: str) -> dict[str, list[str]]:
    """The cells of each row of the table under a heading, by the first of them."""
    section = DOCUMENT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")][2:]
    return {row[0].strip(): [cell.strip() for cell in row[1:]] for row in lines}


def figures(heading: str) -> dict[str, float]:
    return {name: float(cells[0].replace(",", "")) for name, cells in rows(heading).items()}


IS, PRICES = figures("Assumptions"), figures("Prices")


def rounded(number: float) -> str:
    """Three digits, as the tables have them."""
    if number >= 1_000:
        return f"{round(number, 2 - len(str(int(number))) + 1):,.0f}"
    return f"{number:.3g}" if number < 100 else f"{number:.0f}"


def lambda_usd(gb_seconds: float) -> float:
    """A day's share of a month: the price falls in steps."""
    month, due = gb_seconds * DAYS, 0.0
    for price, step in ((1, 7.5e9), (2, 11.25e9), (3, float("inf"))):
        part = min(month, step)
        due += part * PRICES[f"Lambda, GB-second on arm64, step {price}"]
        month -= part
    return due / DAYS


class Load:
    """What so many artifacts a day come to."""

    def __init__(self, artifacts: int) -> None:
        self.artifacts = artifacts
        self.per_second = artifacts / DAY
        self.peak = self.per_second * IS["peak, times the mean"]
        self.attempts = IS["attempts per artifact"]
        self.seconds = self.attempts * IS["output tokens per attempt"] / IS["output tokens per second"]
        self.tokens = self.attempts * (IS["input tokens per attempt"] + IS["output tokens per attempt"])
        extra = self.attempts - 1  # a second attempt is reserved and settled again, in two counters
        self.writes = IS["write units per artifact"] + 4 * extra
        self.processes = self.per_second * self.seconds

    def load(self) -> dict[str, float]:
        return {
            "artifacts per second, mean": self.per_second,
            "artifacts per second, peak": self.peak,
            "concurrent requests, mean": self.processes,
            "concurrent requests, peak": self.peak * self.seconds,
            "GB-seconds a day": self.gb_seconds,
            "attempts per minute, peak": self.peak * self.attempts * 60,
            "tokens per minute, peak": self.peak * self.tokens * 60,
            "write units per second, peak": self.peak * self.writes,
            "write units per second on `spent#<day>`, peak": self.peak * 2 * self.attempts,
            "logs, GB a day": self.log_gb,
            "reads of each secret per second, peak": self.peak * self.seconds / 600,
            "open reserves, peak, USD": self.peak * self.seconds * IS["reserve of an attempt, USD"],
        }

    @property
    def gb_seconds(self) -> float:
        return self.artifacts * self.seconds * IS["memory, MB"] / 1024

    @property
    def log_gb(self) -> float:
        return self.artifacts * IS["log bytes per artifact"] / 1e9

    @property
    def model_usd(self) -> float:
        tokens = (
            IS["input tokens per attempt"] * PRICES["input, million tokens"]
            + IS["output tokens per attempt"] * PRICES["output, million tokens"]
        )
        return self.artifacts * self.attempts * tokens / 1e6

    def dollars(self) -> dict[str, float]:
        aws = {
            "Lambda, waiting": lambda_usd(self.gb_seconds),
            "Lambda, requests": self.artifacts * PRICES["Lambda, million requests"] / 1e6,
            "DynamoDB": self.artifacts * self.writes * PRICES["DynamoDB, million write units"] / 1e6,
            "logs, written": self.log_gb * PRICES["logs, GB written"],
            "logs, kept": self.log_gb * IS["days that logs are kept"] * PRICES["logs, GB-month kept"] / DAYS,
            "secrets": self.processes * DAY / 600 * PRICES["secrets, 10,000 reads"] / 10_000,
            "metrics, alarms, dashboard": PRICES["monitoring, month"] / DAYS,
        }
        total = sum(aws.values())
        return {"the model": self.model_usd} | aws | {"AWS together": total, "all": self.model_usd + total}


@pytest.mark.parametrize(("heading", "method"), [("Load", Load.load), ("Dollars a day", Load.dollars)])
def test_the_tables_follow_from_the_assumptions(heading: str, method: Any) -> None:
    columns = [method(Load(artifacts)) for artifacts in ARTIFACTS]

    assert rows(heading) == {name: [rounded(column[name]) for column in columns] for name in columns[0]}


def test_where_it_ends_follows_too() -> None:
    """The most artifacts a day, where traffic is even and where its peak is as assumed."""
    one = Load(DAY)  # one a second
    rates = {
        "`GlobalLimitPerMinute` 10": parameter("GlobalLimitPerMinute") / 60,
        "`DailyBudgetUsd` 50": parameter("DailyBudgetUsd") / (one.model_usd / DAY) / DAY,
        "account concurrency 1,000": 1_000 / one.seconds,
        "Moonshot's own API, highest tier: 1,000 at a time": 1_000 / one.seconds,
        "the same: 5,000,000 tokens per minute": 5e6 / 60 / one.tokens,
        "1,000 writes per second to `spent#<day>`": 1_000 / (2 * one.attempts),
        "1,000 writes per second to `minute#…`": 1_000,
        "40 reads per second of the catalog's parameter": 40 * 600 / one.seconds,
    }
    of_a_day = {"`DailyBudgetUsd` 50"}  # a peak does not matter to it

    assert {name: cells[:2] for name, cells in rows("Where it ends").items()} == {
        name: [rounded(DAY * rate), rounded(DAY * rate / (1 if name in of_a_day else IS["peak, times the mean"]))]
        for name, rate in rates.items()
    }


def parameter(name: str) -> float:
    declared: Any = Template.read(ROOT / "template.yaml", {}).section("Parameters")[name]
    return float(declared["Default"])


def test_the_assumptions_are_the_codes() -> None:
    model = "moonshotai/kimi-k2-thinking"
    listed = tomllib.loads((ROOT / "shared/catalog/models.toml").read_text())[model]
    functions: Any = Template.read(ROOT / "template.yaml", {}).section("Globals")["Function"]
    prices = (Decimal(str(listed["prices"][0]["input"])), Decimal(str(listed["prices"][0]["output"])))
    worst = WorstCase.of(prices, listed["tokens_per_second"], 2_000, int(parameter("MaxOutputTokens")))

    writes = sum(int(cells[0]) for cells in rows("Writes per request").values())
    assert IS["write units per artifact"] == writes - 1 + IS["stored answer, KB"]
    assert f"`{model}`" in DOCUMENT
    assert (PRICES["input, million tokens"], PRICES["output, million tokens"]) == tuple(map(float, prices))
    assert IS["output tokens per second"] == listed["tokens_per_second"]
    assert IS["memory, MB"] == functions["MemorySize"]
    assert IS["days that logs are kept"] == parameter("LogRetentionDays")
    assert IS["reserve of an attempt, USD"] == pytest.approx(worst.reserve / 1e9, rel=0.02)


def test_monitoring_costs_what_is_deployed_and_written() -> None:
    """By the words in docs/operations.md: two models, five outcomes, an hour in which the operator must act."""
    combinations = {"outcome": 5, "model": 2, "function": len(VALUES["function"])}
    metrics = 1  # `OperatorMustAct`
    for dimensions, names in METRICS.items():
        (count,) = [combinations[name] for name in dimensions - {"service"}] or [1]
        metrics += count * len(names)
    alarms = resources("AWS::CloudWatch::Alarm").values()
    watched = sum(sum("MetricStat" in each for each in alarm.get("Metrics", [])) or 1 for alarm in alarms)
    dashboards = len(resources("AWS::CloudWatch::Dashboard"))

    said = (ROOT / "docs/operations.md").read_text().partition("## Monitoring cost\n")[2]
    usd = [0.3 * metrics, 0.1 * watched, 3.0 * dashboards]
    assert f"two models and five outcomes {metrics} | {usd[0]:.2f} |" in said
    assert f"that they watch | {watched} | {usd[1]:.2f} |" in said
    assert f"| dashboard | {dashboards} | {usd[2]:.2f} |" in said
    assert PRICES["monitoring, month"] == pytest.approx(sum(usd))


class Counting(Store):
    """The table, and which items are written to."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._inner = table(address)._store
        self.seen: Counter[str] = Counter()

    def call(self, operation: str, request: dict[str, Any], seconds: float, *, repeatable: bool) -> dict[str, Any]:
        key = (request.get("Key") or request["Item"])["pk"]["S"]
        word = re.sub(r"^spent#[^#]+(#.*)?", lambda found: "spent of one" if found[1] else "spent", key)
        self.seen[word.partition("#")[0]] += 1
        return self._inner.call(operation, request, seconds, repeatable=repeatable)


@pytest.mark.parametrize(
    ("auth_mode", "key", "column"), [("jwt", "k-1", 0), ("jwt", None, 1), ("iam", None, 2)], ids=str
)
def test_the_writes_of_a_request_are_as_counted(
    dynamodb_url: str, auth_mode: str, key: str | None, column: int
) -> None:
    forget(dynamodb_url)
    tokens = {"jwt_issuer": "https://issuer.example", "jwt_audience": "a"}
    settings = Settings.model_validate({"guard_table": NAME, "auth_mode": auth_mode} | tokens)
    store = Counting(dynamodb_url)
    guard, asked = Guard.of(settings, store=store), run()
    assert guard is not None
    with Admission(guard, asked, {}) as admission:
        assert admission.find_replay(key, b"{}") is None
        admission.admit()
        reservation = asked.spending.reserve(WorstCase.of((Decimal("0.6"), Decimal("2.5")), 40, 2_000, 32_000))
        reservation.settle(Cost(Decimal("0.03"), CostSource.REPORTED))
        asked.spending.close()
        assert admission.store_response(b"{}")

    counted = {name: int(cells[column]) for name, cells in rows("Writes per request").items()}
    names_in_document = {
        "`once#…`": "once",
        "`calls#…`": "calls",
        "`minute#…`": "minute",
        "`spent#<day>`": "spent",
        "`spent#<day>#…`": "spent of one",
    }
    assert {names_in_document[name]: count for name, count in counted.items() if count} == dict(store.seen)
