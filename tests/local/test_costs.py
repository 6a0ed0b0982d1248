"""Every saved query over the log of the running functions, against the model host's own books."""

import hashlib
import json
import os
import random
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.catalog import built_in
from tests.local.bundle import lines, running_bundle, trusting
from tests.local.emulator import Emulator, wait_for
from tests.local.saved_query import ask_log
from tests.support.issuer import ISSUER, jwks, token
from tests.support.standin import StandIn, standin

Key = tuple[Any, ...]
REQUESTS = 300
USERS = ["ann", "ben", "cleo", "dan", None]
"""The last is a guest."""
PARTS = [{"feature": "checkout", "component": "cart"}, {"feature": "checkout"}, {"feature": "search"}, None]
"""What requests say they are part of; `None` says nothing, as clients of before did."""
KINDS = ["react", "html", "svg", "mermaid", "markdown", "code"]
PASSING = [
    "status code=503 hint=0 times=1", "rate-limit retry_after=0 times=1", "error-200 times=1", "cut times=1",
    "reset times=1", "mid-error times=1", "choice-error times=1", "mid-usage-reset times=1", "no-cost", "byok", "free",
    "gone times=1", "invalid times=1", "truncated times=1", "length times=1", "html times=1", "fenced", "crlf",
]  # fmt: skip
"""What a retry, a fallback, a repair or an extended attempt mends, and answers that are billed otherwise."""
LASTING = [
    "rate-limit retry_after=3600", "credit", "key", "context", "policy", "prose", "truncated", "invalid", "no-usage",
    "status code=500 hint=0", "cut", "reset", "refusal",
]  # fmt: skip
"""A failure of every class."""


BROKEN = "export default function App() { return <p>Hi</div>; }"
NANO = 10**9
FEATURE_COLUMNS = ("feature_name", "component_name", "host_name", "tier_name")


@dataclass(frozen=True)
class Order:
    """A request, and who makes it."""

    route: str
    body: Mapping[str, Any]
    user: str | None

    @property
    def caller(self) -> str:
        """What the cost line calls whoever makes it."""
        said = "127.0.0.1" if self.user is None else f"{ISSUER}\0{self.user}"
        return ("guest:" if self.user is None else "jwt:") + hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Books:
    """What the functions wrote, what the host wrote, and what the callers got.

    Of the log, the tests take only which calls belong to which request, and which of them it calls unknown; amounts are
    the host's.
    """

    log: Path
    ledger: list[dict[str, Any]]
    answers: dict[str, tuple[Order, httpx.Response]]
    """By request id."""

    def ask(self, name: str, **values: str) -> list[dict[str, Any]]:
        """What a saved query comes to."""
        return ask_log(self.log, name, **values)

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """All that the functions wrote."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    @cached_property
    def calls(self) -> list[dict[str, Any]]:
        """The `attempt` lines."""
        return [line for line in self.lines if line["message"] == "attempt"]

    @cached_property
    def took(self) -> dict[str, float]:
        """The milliseconds of each request that has a cost line."""
        return {line["request_id"]: line["duration_ms"] for line in self.lines if line["message"] == "cost"}

    @cached_property
    def rows(self) -> dict[str, dict[str, Any]]:
        """The host's row of each call, by its id."""
        return {row["generation_id"]: row for row in self.ledger if row["generation_id"]}

    @property
    def nothing(self) -> dict[str, Any]:
        """A row of a call that the host turned away."""
        return dict.fromkeys(self.ledger[0], 0)

    @cached_property
    def known(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Each call whose cost the log knows, with the host's row of it; what the host turned away has no id."""
        return [
            (call, self.rows[call["generation_id"]] if call["generation_id"] else self.nothing)
            for call in self.calls
            if call["cost_source"] != "unknown"
        ]

    @cached_property
    def paid(self) -> Counter[str]:
        """Nano-dollars by request, as the host charged them."""
        return sums((call["request_id"], row["charged_nano_usd"]) for call, row in self.known)

    @cached_property
    def done(self) -> list[tuple[str, Order, httpx.Response]]:
        """The requests that got an answer of the function's: all but the killed one."""
        return [(name, order, answer) for name, (order, answer) in self.answers.items() if answer.text[0] == "{"]


def sums(pairs: Iterable[tuple[Any, int]]) -> Counter[Any]:
    """The sum by key; a key whose sum is nothing is there too."""
    found: Counter[Any] = Counter()
    for key, amount in pairs:
        found[key] += amount
    return found


def costs(rows: Iterable[Mapping[str, Any]], *keys: str) -> dict[Any, int]:
    """Nano-dollars by the values of these fields, of what a query came to."""
    return {tuple(row[key] for key in keys): int((row["cost_usd"] or 0) * NANO) for row in rows}


def same(name: str, ours: Any, theirs: Any) -> None:
    """Show both, and insist."""
    print(f"\n{name}\n  query  {ours}\n  ledger {theirs}")
    assert ours == theirs


def orders() -> list[Order]:
    mix = random.Random(11)  # noqa: S311 - no secret
    faults = [mix.choice([*PASSING, *LASTING, *[None] * 20]) for _ in range(REQUESTS - 5)] + ["keepalive"] * 2
    made = []
    for number, fault in enumerate(faults):
        text, user = f"Number {number}" + (f" [[fault {fault}]]" if fault else ""), mix.choice(USERS)
        if number % 4:
            body = {"prompt": text, "artifactType": mix.choice(KINDS)}
            route = "generate-artifact"
        else:
            body = {"content": BROKEN, "type": "react", "errorMessage": text}
            route = "generate-artifact-fix"
        metadata = PARTS[number // 4 % len(PARTS)]
        made.append(Order(route, body | ({"metadata": metadata} if metadata else {}), user))
    return [
        *made,
        Order("generate-artifact", {"prompt": "", "metadata": PARTS[2]}, "ann"),
        Order("generate-artifact-fix", {}, None),
    ]


def send(running: Emulator, order: Order) -> httpx.Response:
    headers = {} if order.user is None else {"Authorization": f"Bearer {token(sub=order.user)}"}
    return running.call(order.body, order.route, headers=headers)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """300 requests, of which one dies with its process."""
    folder = tmp_path_factory.mktemp("costs")
    with standin() as host, jwks() as issuer:
        settings = trusting(issuer, host, ALLOW_GUESTS="true", LOCAL_CONCURRENCY="8", FUNCTION_TIMEOUT_SECONDS="6")
        with running_bundle(folder, **settings) as running:
            answers = [kill_one(running, host, Order("generate-artifact", {"prompt": "[[fault keepalive]]"}, "ann"))]
            with ThreadPoolExecutor(8) as threads:
                todo = orders()
                answers += zip(todo, threads.map(lambda order: send(running, order), todo), strict=True)
            wait_for(lambda: sum(line["message"] == "cost" for line in lines(running)) == REQUESTS - 1)
            log = folder / "functions.log"
            log.write_text(running.stdout)
            by_id = {answer.headers["x-amzn-requestid"]: (order, answer) for order, answer in answers}
            yield Books(log, host.ledger()["calls"], by_id)


def kill_one(running: Emulator, host: StandIn, order: Order) -> tuple[Order, httpx.Response]:
    """Make a request whose process is killed when the host has read it whole, and begun to answer."""
    with ThreadPoolExecutor() as threads:
        victim = threads.submit(send, running, order)
        wait_for(lambda: any(row["generation_id"] for row in host.ledger()["calls"]))
        for process in running.children():
            if b"generate_artifact_fix" not in os.fsencode(Path(f"/proc/{process}/cwd").readlink()):
                os.kill(process, signal.SIGKILL)
        return order, victim.result()


def test_nothing_is_missing(books: Books) -> None:
    """The host was called as often as the log says, and what it charged is what is booked and what nobody knows."""
    unknown = books.ask("Unknown cost")
    killed = [row for row in unknown if row["ended"] == 0]
    listed = {(row["request_id"], row["attempt"]) for row in unknown}
    # What a gateway gave up has no id, and was charged nothing here.
    named = {call["generation_id"] for call in books.calls if (call["request_id"], call["attempt"]) in listed} - {None}
    linked = {call["generation_id"] for call in books.calls} - {None}
    unnamed = [row for row in books.rows.values() if row["generation_id"] not in linked]

    same("calls", len(books.calls) + len(killed), len(books.ledger))
    assert len(books.answers) == REQUESTS
    assert len(killed) == len(unnamed) == 1, "the one whose process was killed"
    (row,) = books.ask("Killed requests")
    assert (row["request_id"], row["calls"], row["cost_usd"]) == (killed[0]["request_id"], 1, None)
    lost = sum(books.rows[each]["charged_nano_usd"] for each in named) + unnamed[0]["charged_nano_usd"]
    (today,) = books.ask("Cost today")
    charged = sum(row["charged_nano_usd"] for row in books.ledger)
    same("cost, less what is unknown", costs([today])[()], charged - lost)
    assert lost > 0


def test_today_and_each_day(books: Books) -> None:
    names = {"input": "prompt", "output": "completion", "reasoning": "reasoning"}
    tokens = {short: sum(row[f"{long}_tokens"] for _, row in books.known) for short, long in names.items()}
    calls = Counter(call["request_id"] for call in books.calls)
    expected = {"cost_usd": Decimal(books.paid.total()) / NANO, "requests": len(books.done), "calls": calls.total()}
    for name in ("Cost today", "Cost per day"):
        (row,) = books.ask(name)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d 00:00:00.000", row.pop("day"))
        same(name, {key: row[key] for key in (expected | tokens)}, expected | tokens)
        assert 0 < row["repeated"] < calls.total() - len(calls)


def kind_of(order: Order, answer: httpx.Response) -> str | None:
    body = answer.json()
    made = body.get("artifact", {}).get("type")
    asked = order.body.get("artifactType", order.body.get("type"))
    return made or (None if body.get("code") == "invalid_request" else asked)


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("Cost per function", lambda order, _: order.route.replace("-", "_")),
        ("Cost per caller", lambda order, _: order.caller),
        ("Cost per artifact type", kind_of),
    ],
)
def test_cost_by(books: Books, query: str, key: Callable[[Order, httpx.Response], str | None]) -> None:
    rows = books.ask(query)
    (field,) = {"function", "caller", "artifact_type"} & rows[0].keys()
    expected = sums(((key(order, answer),), books.paid[name]) for name, order, answer in books.done)

    same(query, costs(rows, field), dict(expected))
    counted = Counter(key(order, answer) for _, order, answer in books.done)
    same(f"{query}: requests", {row[field]: row["requests"] for row in rows}, dict(counted))
    assert [row["cost_usd"] for row in rows] == sorted((row["cost_usd"] for row in rows), reverse=True)


def test_cost_by_feature(books: Books) -> None:
    """What was not called has no host; of the lines, only how long each request took."""
    rows = books.ask("Cost per feature")
    called = {call["request_id"] for call in books.calls}
    groups: dict[Key, list[tuple[str, httpx.Response]]] = {}
    for request, order, answer in books.done:
        part = order.body.get("metadata") or {}
        host = "openrouter" if request in called else "none"
        key = part.get("feature", "none"), part.get("component", "none"), host, "none"
        groups.setdefault(key, []).append((request, answer))

    expected = {key: sum(books.paid[request] for request, _ in group) for key, group in groups.items()}
    same("Cost per feature", costs(rows, *FEATURE_COLUMNS), expected)
    for row in rows:
        group = groups[tuple(row[column] for column in FEATURE_COLUMNS)]
        durations = sorted(books.took[request] for request, _ in group)
        answered = sum(answer.is_success for _, answer in group)
        assert row["requests"] == len(group)
        assert row["calls"] == sum(call["request_id"] in {request for request, _ in group} for call in books.calls)
        assert row["answered_percent"] == pytest.approx(Decimal(100 * answered) / len(group))
        assert row["average_ms"] == pytest.approx(Decimal(sum(durations)) / len(durations))
        assert row["p95_ms"] == durations[-(-len(durations) * 95 // 100) - 1]
    assert {row["feature_name"] for row in rows} == {"checkout", "search", "none"}


@pytest.mark.parametrize(
    ("query", "fields"),
    [("Cost per day and model", ("model",)), ("Cost per model and provider", ("model", "provider"))],
)
def test_cost_by_model(books: Books, query: str, fields: tuple[str, ...]) -> None:
    """The host names its models with a date; a call that it turns away has no provider."""
    expected: Counter[Key] = Counter()
    lost = {call["generation_id"] for call in books.calls if call["cost_source"] == "unknown"} - {None}
    for row in books.ledger:
        if row["generation_id"] not in lost:
            names = {"model": row["model"].rpartition("-")[0], "provider": "Stand-in" if row["generation_id"] else None}
            expected[tuple(names[field] for field in fields)] += row["charged_nano_usd"]

    same(query, costs(books.ask(query), *fields), dict(expected))


def test_failures(books: Books) -> None:
    expected = Counter(
        (answer.json()["code"], answer.status_code) for _, _, answer in books.done if not answer.is_success
    )
    rows = books.ask("Failures")

    same("Failures", {(row["outcome"], row["status"]): row["requests"] for row in rows}, dict(expected))
    paid = sums(((answer.json()["code"], answer.status_code), books.paid[name])
                for name, _, answer in books.done if not answer.is_success)  # fmt: skip
    same("Failures: cost", costs(rows, "outcome", "status"), dict(paid))
    assert len(expected) >= 8, "of every class"


def test_retries(books: Books) -> None:
    """What was paid for calls that failed: all that the host charged, less what came to an end with an answer."""

    def is_answer(row: Mapping[str, Any]) -> bool:
        return bool(row["finished"]) and row["fault"] != "refusal"

    rows = books.ask("Retries")
    answers = sum(map(is_answer, books.ledger))
    lost = [
        books.rows.get(call["generation_id"], books.nothing) for call in books.calls if call["cost_source"] == "unknown"
    ]
    paid = sum(row["charged_nano_usd"] for _, row in books.known if not is_answer(row))

    same("Retries: calls", sum(row["failed_calls"] for row in rows), len(books.calls) - answers)
    same("Retries: of unknown cost", sum(row["unknown"] for row in rows), sum(not is_answer(row) for row in lost))
    same("Retries: cost", sum(costs([row])[()] for row in rows), paid)
    assert paid > 0


def test_cost_per_host(books: Books) -> None:
    (row,) = books.ask("Cost per host")
    sources = Counter(call["cost_source"] for call in books.calls)
    failed = sum(call["outcome"] != "ok" for call in books.calls)
    expected = {"calls": len(books.calls), "failed": failed} | {
        source: sources[source] for source in ("estimated", "unknown")
    }

    same("Cost per host", costs([row], "host"), {("openrouter",): books.paid.total()})
    same("Cost per host: calls", {key: row[key] for key in expected}, expected)
    assert row["failed_percent"] == pytest.approx(Decimal(100 * failed) / len(books.calls))
    assert min(expected.values()) > 0


def test_fallbacks(books: Books) -> None:
    """Of requests that called the host; what answered is another model where the first one was gone."""
    rows = books.ask("Fallbacks")
    called = {call["request_id"] for call in books.calls}
    answers = [answer for name, _, answer in books.done if name in called]

    same("Fallbacks", sum(row["requests"] for row in rows), len(answers))
    same("Fallbacks: cost", sum(costs([row])[()] for row in rows), books.paid.total())
    found = sum(row["requests"] * row["answered_percent"] for row in rows) / 100
    assert found == pytest.approx(sum(answer.is_success for answer in answers))
    assert {(row["requested_model"], row["host"]) for row in rows} == {("moonshotai/kimi-k2-thinking", "openrouter")}
    assert len({row["model"].rpartition("-")[0] for row in rows}) > 1


def test_operator_must_act(books: Books) -> None:
    rows = books.ask("Operator must act")
    refused = sum(answer.json().get("code") == "service_misconfigured" for _, _, answer in books.done)

    same("Operator must act", sum(row["requests"] for row in rows), refused)
    assert len(rows) == 2, "the key, and the credit"
    assert all(row["problem"] and row["began"] <= row["ended"] for row in rows)


def test_repaired_and_truncated(books: Books) -> None:
    (row,) = books.ask("Repaired and truncated")
    bodies = [answer.json() for _, _, answer in books.done]
    expected = {
        "requests": len(bodies),
        "repaired": sum(body.get("repaired", False) for body in bodies),
        "truncated": sum(body.get("code") == "artifact_truncated" for body in bodies),
    }

    same("Repaired and truncated", {key: row[key] for key in expected}, expected)
    assert row["repaired_percent"] == pytest.approx(Decimal(100 * expected["repaired"]) / len(bodies))
    assert min(expected.values()) > 0


def test_cost_by_purpose(books: Books) -> None:
    rows = books.ask("Cost per purpose")
    again = sum(call["purpose"] != "first" for call in books.calls)

    same("Cost per purpose", sum(costs([row])[()] for row in rows), books.paid.total())
    same("Cost per purpose: calls", sum(row["calls"] for row in rows if row["purpose"] != "first"), again)
    assert {row["purpose"] for row in rows} == {"first", "repair", "extended"}


def test_cache_savings(books: Books) -> None:
    (row,) = books.ask("Cache savings")
    saved = Decimal(0)
    for _, line in books.known:
        if price := built_in().price(line["model"] or None):
            saved += price.saved_by_cache(line["cached_tokens"])

    same("Cache savings: tokens", row["cached"], sum(line["cached_tokens"] for _, line in books.known))
    assert row["saved_usd"] == pytest.approx(saved)
    assert saved > 0


def test_slowest(books: Books) -> None:
    """Those that waited for the deadline are among them, and nobody took longer who is not."""
    rows = books.ask("Slowest requests")
    late = {name for name, _, answer in books.done if answer.json().get("code") == "deadline_exceeded"}

    same("Slowest requests", late & {row["request_id"] for row in rows}, late)
    assert [row["duration_ms"] for row in rows] == sorted(books.took.values(), reverse=True)[:20]
    assert (len(rows), len(late) > 1) == (20, True)
    for row in rows:
        order, answer = books.answers[row["request_id"]]
        assert (row["function"], row["duration_ms"] / 1000 < answer.elapsed.total_seconds()) == (
            order.route.replace("-", "_"), True)  # fmt: skip


def test_one_request(books: Books) -> None:
    for name, _, answer in books.done[::30]:
        rows = books.ask("One request", request_id=name)
        paid = sum(row["cost_usd"] or 0 for row in rows if row["message"] == "attempt")

        same(f"One request: {answer.status_code}", int(paid * NANO), books.paid[name])
        assert [row["message"] for row in rows].count("cost") == 1
        assert sum(row["message"] == "attempt" for row in rows) == answer.json().get("attempts", len(rows) // 2)


def test_the_metrics_are_the_same_figures(books: Books) -> None:
    """Summed up as CloudWatch does it: by service, and by service and model."""
    measured = [line for line in books.lines if line["message"] == "metrics"]
    whole = [line for line in measured if "function" in line]

    assert {line["service"] for line in measured} == {"local"}
    for part in (whole, [line for line in measured if "model" in line]):
        figures = sum(Decimal(str(line.get("CostUsd", 0))) for line in part)
        same("metric CostUsd", int(figures * NANO), books.paid.total())
    same("metric Requests", sum(line["Requests"] for line in whole), len(books.done))
    same("metric UnknownCosts", sum(line["UnknownCosts"] for line in whole), len(books.calls) - len(books.known))
    failures = sum(answer.status_code >= 500 for _, _, answer in books.done)
    same("metric Failures", sum(line["Failures"] for line in whole), failures)
