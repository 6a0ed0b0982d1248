"""Limits, idempotency and budget where one model host answers for another: one request, and both hosts' costs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.local.bundle import at_hosts, running_bundle
from tests.local.emulator import Emulator
from tests.local.test_guard import PLENTY, ask, charged, spent
from tests.support.standin import StandIn

MODELS = ("moonshotai/kimi-k2-thinking", "moonshot/kimi-k3")
ONCE_EACH = {"MAX_ATTEMPTS": "1", "LOCAL_CONCURRENCY": "4"}
OUTPUT_TOKENS = 32_000
FELL_BACK = "A list [[fault credit at=openrouter]]"


@pytest.fixture(scope="module")
def guarded(host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    settings = PLENTY | at_hosts(host, *MODELS) | ONCE_EACH
    with running_bundle(tmp_path_factory.mktemp("run"), **settings) as running:
        yield running


def calls(host: StandIn) -> list[tuple[str, int]]:
    """The calls in both ledgers."""
    return [(row["host"], row["status"]) for row in host.ledger()["calls"]]


def booked(running: Emulator) -> int:
    """What the day's book holds so far; 0 before there is one."""
    try:
        return spent(running)
    except KeyError:
        return 0


def test_a_fallback_is_one_request_and_is_replayed_without_a_call(host: StandIn, guarded: Emulator) -> None:
    host.forget()
    before = booked(guarded)

    first, again, other = ask(guarded, FELL_BACK, key="k"), ask(guarded, FELL_BACK, key="k"), ask(guarded)

    one, two = first.json(), again.json()
    assert (first.status_code, one["host"], one["attempts"]) == (200, "moonshot", 2)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert one.pop("requestId") != two.pop("requestId")
    assert one == two
    assert calls(host) == [("openrouter", 402), ("moonshot", 200), ("openrouter", 200)]
    left = [int(answer.headers["x-ratelimit-remaining"]) for answer in (first, other)]
    assert left[1] == left[0] - 1
    assert booked(guarded) - before == charged(host)


def test_a_request_that_no_host_answers_is_counted_once_and_not_stored(host: StandIn, guarded: Emulator) -> None:
    host.forget()
    before = booked(guarded)
    prompt = f"{FELL_BACK} [[fault key at=moonshot times=1]]"

    failed, again = ask(guarded, prompt, key="later"), ask(guarded, prompt, key="later")

    assert (failed.status_code, failed.json()["code"]) == (503, "service_misconfigured")
    assert (again.status_code, again.json()["host"]) == (200, "moonshot")
    assert calls(host) == [("openrouter", 402), ("moonshot", 401), ("openrouter", 402), ("moonshot", 200)]
    left = [int(answer.headers["x-ratelimit-remaining"]) for answer in (failed, again)]
    assert left[1] == left[0] - 1
    assert booked(guarded) - before == charged(host)


def test_the_budget_holds_what_both_hosts_charge(host: StandIn, guarded: Emulator) -> None:
    """Reported by the one, estimated of the other."""
    host.forget()
    before = booked(guarded)
    faults = ("", "[[fault gone at=openrouter]]", "[[fault status code=503 at=openrouter]] [[fault quota at=moonshot]]")

    with ThreadPoolExecutor(6) as threads:
        prompts = [f"Number {number} {faults[number % 3]}" for number in range(24)]
        answers = list(threads.map(lambda prompt: ask(guarded, prompt), prompts))

    assert [answer.status_code for answer in answers] == [200, 200, 503] * 8
    paid = {name: host.ledger(name)["charged_nano_usd"] for name in ("openrouter", "moonshot")}
    assert min(paid.values()) > 0
    assert booked(guarded) - before == sum(paid.values())


@pytest.mark.parametrize(
    ("faults", "price"),
    [
        ("[[fault cut at=openrouter]]", {"input": 600, "output": 2500}),
        ("[[fault credit at=openrouter]] [[fault cut at=moonshot]]", {"input": 3000, "output": 15_000}),
    ],
    ids=["lost at openrouter", "lost at moonshot"],
)
def test_what_nobody_knows_is_held_at_the_price_of_the_model_that_was_asked(
    host: StandIn, guarded: Emulator, faults: str, price: dict[str, int]
) -> None:
    """All output tokens, and a prompt of less than 9,000 bytes; in addition to what is known."""
    host.forget()
    before = booked(guarded)

    ask(guarded, f"A list {faults}")

    rows: list[dict[str, Any]] = host.ledger()["calls"]
    known = sum(row["charged_nano_usd"] for row in rows if row["finished"])
    held = booked(guarded) - before - known - OUTPUT_TOKENS * price["output"]
    assert [row["fault"] for row in rows].count("cut") == 1
    assert 100 * price["input"] < held < 9_000 * price["input"]
