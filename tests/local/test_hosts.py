"""One model host fails and another answers, through `make run`: what caller, log and operator see, and both ledgers."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import httpx
import pytest

from tests.local.bundle import at_hosts, generate, lines_of, running_bundle
from tests.local.emulator import Emulator
from tests.support.standin import StandIn

OPENROUTER, MOONSHOT, CUSTOM = "moonshotai/kimi-k2-thinking", "moonshot/kimi-k3", "custom/some/model"
HOST_OF = {OPENROUTER: "openrouter", MOONSHOT: "moonshot", CUSTOM: "custom"}
ANSWERS_AS = {OPENROUTER: "moonshotai/kimi-k2-thinking-20251106", MOONSHOT: "kimi-k3", CUSTOM: "some/model"}
SETTINGS = {
    "openrouter": "openrouter (OPENROUTER_SECRET_ARN or, locally, OPENROUTER_K2T_KEY): ",
    "moonshot": "moonshot (MOONSHOT_SECRET_ARN or, locally, MOONSHOT_KEY): ",
    "custom": "custom (CUSTOM_HOST_SECRET_ARN or, locally, CUSTOM_HOST_KEY): ",
}
LIMITS = {"MAX_ATTEMPTS": "2", "FIRST_TOKEN_SECONDS": "1.5", "STALL_SECONDS": "1", "LOCAL_CONCURRENCY": "1"}
WEAKEST_FIRST = ("unknown", "estimated", "reported", "none")

Told = tuple[int, str, bool, int | None]
"""Status, code, `retryable` and `retryAfterSeconds` of an answer."""
MISCONFIGURED: Told = (503, "service_misconfigured", False, None)
LIMITED: Told = (429, "upstream_rate_limited", True, None)
FAILED: Told = (502, "upstream_error", True, None)
REJECTED: Told = (502, "upstream_error", False, None)


class Fault(NamedTuple):
    """How a host fails, how often it is asked, and what is said of it."""

    directive: str
    attempts: int
    told: Told
    problem: str = ""
    """What the operator reads behind the host and its settings; nothing where there is nothing to mend."""

    def at(self, host: str) -> str:
        return f"[[fault {self.directive} at={host}]]" if self.directive else ""

    def problem_at(self, host: str) -> list[str]:
        return [SETTINGS[host] + self.problem] if self.problem else []


CREDIT = Fault("credit", 1, MISCONFIGURED, "the host reports that credit or quota is used up")
QUOTA = CREDIT._replace(directive="quota")
TOKEN_QUOTA = CREDIT._replace(directive="quota form=tokens")
KEY = Fault("key", 1, MISCONFIGURED, "the host rejected the API key")
NOT_APPROVED = Fault(
    "forbidden type=access_terminated_error", 1, MISCONFIGURED, "this endpoint admits approved clients only"
)
GONE = Fault("gone", 1, REJECTED)
LIMIT = Fault("rate-limit", 2, LIMITED)
HOUR = Fault("rate-limit retry_after=3600", 1, (429, "upstream_rate_limited", True, 3600))
HOUR_IN_WORDS = HOUR._replace(directive="rate-limit words=3600")
HALF_AN_HOUR = Fault("rate-limit words=1800", 1, (429, "upstream_rate_limited", True, 1800))
SILENT = Fault("keepalive", 2, FAILED)
STALLED = Fault("stall", 2, FAILED)
ERROR = Fault("status code=500", 2, FAILED)
NONE = Fault("", 1, (200, "", False, None))

Pair = tuple[str, str]
IN_ORDER, REVERSED, TO_CUSTOM = (OPENROUTER, MOONSHOT), (MOONSHOT, OPENROUTER), (OPENROUTER, CUSTOM)
FALLBACKS: list[tuple[Pair, Fault]] = [
    *((IN_ORDER, fault) for fault in (CREDIT, QUOTA, KEY, NOT_APPROVED, GONE, LIMIT, HOUR, SILENT, STALLED)),
    *((REVERSED, fault) for fault in (QUOTA, TOKEN_QUOTA, NOT_APPROVED, KEY, GONE, HOUR_IN_WORDS)),
    (TO_CUSTOM, CREDIT),
]
BOTH_FAIL: list[tuple[Pair, Fault, Fault]] = [
    (IN_ORDER, CREDIT, HALF_AN_HOUR),
    (IN_ORDER, KEY, ERROR),
    (IN_ORDER, NOT_APPROVED, GONE),
    (IN_ORDER, GONE, QUOTA),
    (IN_ORDER, LIMIT, KEY),
    (IN_ORDER, HOUR, HALF_AN_HOUR),
    (IN_ORDER, ERROR, CREDIT),
    (IN_ORDER, CREDIT, KEY),
    (REVERSED, QUOTA, HOUR),
    (REVERSED, HALF_AN_HOUR, CREDIT),
    (TO_CUSTOM, GONE, QUOTA),
]


def named(*case: Any) -> str:
    """The name of a case: what fails, and where."""
    models, *faults = case
    directives = [fault.directive or "answers" for fault in [*faults, NONE]]
    return ", ".join(f"{HOST_OF[model]} {directive}" for model, directive in zip(models, directives, strict=False))


@dataclass(frozen=True)
class Served:
    """One request, its lines, and what was booked of it at each host."""

    answer: httpx.Response
    lines: list[dict[str, Any]]
    rows: dict[str, list[dict[str, Any]]]

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = self.answer.json()
        return body

    @property
    def told(self) -> Told:
        body = self.body
        retry_after = self.answer.headers.get("retry-after")
        assert body.get("retryAfterSeconds") == (retry_after and int(retry_after))
        return (
            self.answer.status_code,
            body.get("code", ""),
            body.get("retryable", False),
            body.get("retryAfterSeconds"),
        )

    def named(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["message"] == name]

    @property
    def problems(self) -> list[list[str]]:
        """What the operator is told, a list for each line; each line is an error."""
        return [line["problem"].split("; ") for line in self.lines if line["level"] == "ERROR"]

    def check_sums(self, attempts: dict[str, int]) -> None:
        """There were so many attempts at each host; their lines, its ledger and the one cost line say the same."""
        made, (cost,) = self.named("attempt"), self.named("cost")
        assert [line["host"] for line in made] == [host for host, count in attempts.items() for _ in range(count)]
        assert {host: len(self.rows[host]) for host in attempts} == attempts
        for host, rows in self.rows.items():
            for line, row in zip([line for line in made if line["host"] == host], rows, strict=True):
                check_cost(line, row)
        known = [line["cost_nano_usd"] for line in made if line["cost_nano_usd"] is not None]
        assert cost["cost_nano_usd"] == (sum(known) if known else None)
        assert cost["cost_source"] == min((line["cost_source"] for line in made), key=WEAKEST_FIRST.index)
        failed = [line for line in made[:-1] if line["outcome"] != "ok"]
        assert (cost["attempts"], cost["retries"], cost["host"]) == (len(made), len(failed), made[-1]["host"])
        assert (self.body["attempts"], cost["status"]) == (len(made), self.answer.status_code)


def check_cost(line: dict[str, Any], row: dict[str, Any]) -> None:
    """An attempt costs what its host booked for it, unless nobody can know that."""
    assert (line["status"] or 0) == row["status"]
    booked = {"reported": row["sent_nano_usd"], "estimated": row["charged_nano_usd"], "unknown": None, "none": 0}
    assert line["cost_nano_usd"] == booked[line["cost_source"]]
    if line["cost_source"] == "none":
        assert row["charged_nano_usd"] == 0


Bundles = Callable[[Pair], Emulator]


@pytest.fixture(scope="module")
def bundles(host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bundles]:
    """The bundle for a pair of models at two of the stand-in's hosts, started when it is first asked for."""
    with ExitStack() as running:

        @cache
        def bundle(models: Pair) -> Emulator:
            folder = tmp_path_factory.mktemp("run")
            return running.enter_context(running_bundle(folder, **at_hosts(host, *models), **LIMITS))

        yield bundle


def serve(host: StandIn, running: Emulator, *directives: str) -> Served:
    """Ask for something, and say of the faults only where they are."""
    host.forget()
    answer = generate(running, " ".join(["A list", *directives]), artifactType="svg")
    lines = lines_of(running, answer.json()["requestId"])
    return Served(answer, lines, {name: host.ledger(name)["calls"] for name in HOST_OF.values()})


@pytest.mark.parametrize(("models", "fault"), FALLBACKS, ids=[named(*case) for case in FALLBACKS])
def test_another_host_answers(host: StandIn, bundles: Bundles, models: Pair, fault: Fault) -> None:
    """With 200 and its own name; the operator is told where there is something to mend, and not otherwise."""
    first, second = (HOST_OF[model] for model in models)

    served = serve(host, bundles(models), fault.at(first))

    assert served.told == NONE.told
    assert (served.body["host"], served.body["model"]) == (second, ANSWERS_AS[models[1]])
    served.check_sums({first: fault.attempts, second: 1})
    check_problems(served, fault.problem_at(first))


@pytest.mark.parametrize(("models", "fault", "other"), BOTH_FAIL, ids=[named(*case) for case in BOTH_FAIL])
def test_where_no_host_answers_the_caller_is_told_of_the_first(
    host: StandIn, bundles: Bundles, models: Pair, fault: Fault, other: Fault
) -> None:
    first, second = (HOST_OF[model] for model in models)

    served = serve(host, bundles(models), fault.at(first), other.at(second))

    assert served.told == fault.told
    served.check_sums({first: fault.attempts, second: other.attempts})
    check_problems(served, fault.problem_at(first) + other.problem_at(second))
    (cost,) = served.named("cost")
    assert cost["outcome"] == fault.told[1]


def check_problems(served: Served, problems: list[str]) -> None:
    """The operator is told all of these, in one line, and nothing else."""
    assert len(served.problems) == bool(problems)
    for said, problem in zip(served.problems[0] if problems else [], problems, strict=True):
        assert said.startswith(problem)


@pytest.fixture(scope="module")
def without_first(host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The bundle with an address for its first host that nothing listens at."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = {"OPENROUTER_BASE_URL": f"http://127.0.0.1:{unused.getsockname()[1]}/v1"}
        settings = at_hosts(host, OPENROUTER, MOONSHOT) | nowhere | LIMITS
        with running_bundle(tmp_path_factory.mktemp("run"), **settings) as running:
            yield running


@pytest.mark.parametrize(
    ("other", "told"),
    [(NONE, NONE.told), (KEY, FAILED), (HALF_AN_HOUR, FAILED)],
    ids=["the other answers", "the other rejects the key", "the other limits its rate"],
)
def test_a_host_that_is_down(host: StandIn, without_first: Emulator, other: Fault, told: Told) -> None:
    """It costs nothing and is in no ledger, and the operator is told of it whether another host answers or not."""
    served = serve(host, without_first, other.at("moonshot"))

    made, (cost,) = served.named("attempt"), served.named("cost")
    assert served.told == told
    assert [(line["host"], line["status"]) for line in made[:2]] == [("openrouter", None)] * 2
    assert [line["host"] for line in made[2:]] == ["moonshot"] * other.attempts
    assert (len(served.rows["openrouter"]), len(served.rows["moonshot"])) == (0, other.attempts)
    assert cost["cost_nano_usd"] == sum(row["charged_nano_usd"] for row in served.rows["moonshot"])
    assert (cost["attempts"], cost["retries"]) == (len(made), len(made) - 1)
    assert served.body.get("host") == ("moonshot" if other is NONE else None)
    down = "openrouter (OPENROUTER_BASE_URL): the host cannot be reached"
    check_problems(served, [down, *other.problem_at("moonshot")])
