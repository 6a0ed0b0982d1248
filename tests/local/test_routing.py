"""Models chosen by the running functions: what is asked of which tier, what the cost line says, and who books what."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.local.bundle import at_hosts, generate, lines_of, running_bundle
from tests.local.emulator import Emulator
from tests.support.standin import StandIn

FAST, BALANCED, POWERFUL = "moonshot/kimi-k2.6", "moonshotai/kimi-k2.7-code", "moonshot/kimi-k3.1-pro"
SETTINGS = {"TIER_FAST": FAST, "TIER_BALANCED": BALANCED, "TIER_POWERFUL": POWERFUL, "LOCAL_CONCURRENCY": "1"}
# A prompt of the least score is a fast one.
LIFTED = {"TIER_BOUNDS": "5,7"}
BROKEN = "export default function App() {\n  return <p>{[1, 2].map((n) => <b key={n}>{n}</b>)}</p>;\n"

Attempts = list[tuple[str, str]]


@pytest.fixture(scope="module")
def running(host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The bundle with its fast and its best tier at one host, and the balanced one at another."""
    with running_bundle(tmp_path_factory.mktemp("run"), **at_hosts(host, "auto"), **SETTINGS) as bundle:
        yield bundle


@pytest.fixture(scope="module")
def lifted(host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The same with higher bounds, and an address for the host of the fast tier that nothing listens at."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = {"MOONSHOT_BASE_URL": f"http://127.0.0.1:{unused.getsockname()[1]}/v1", "MAX_ATTEMPTS": "1"}
        settings = at_hosts(host, "auto") | SETTINGS | LIFTED | nowhere
        with running_bundle(tmp_path_factory.mktemp("run"), **settings) as bundle:
            yield bundle


def booked(running: Emulator, body: dict[str, Any]) -> tuple[Attempts, dict[str, Any]]:
    """The purpose and the model of each attempt of a request, and its cost line, which holds the sum of them."""
    written = lines_of(running, body["requestId"])
    (cost,) = [line for line in written if line["message"] == "cost"]
    made = [line for line in written if line["message"] == "attempt"]
    assert cost["cost_nano_usd"] == sum(line["cost_nano_usd"] for line in made)
    started = [line for line in written if line["message"] == "attempt_started"]
    return [(line["purpose"], line["model"]) for line in started], cost


def check_ledgers(host: StandIn, cost: dict[str, Any]) -> None:
    """A request costs what its hosts have booked: OpenRouter says it, and Moonshot's is worked out."""
    sums = [host.ledger("openrouter")["sent_nano_usd"]]
    sums += [row["charged_nano_usd"] for row in host.ledger("moonshot")["calls"]]
    assert cost["cost_nano_usd"] == sum(sums) > 0


def test_a_prompt_is_answered_by_the_tier_of_its_score(running: Emulator) -> None:
    body = generate(running, "A list", artifactType="react").json()

    attempts, cost = booked(running, body)
    assert body["success"], body
    assert attempts == [("first", BALANCED)]
    assert (cost["tier"], cost["tier_reason"]) == ("balanced", "score 4.55: balanced")
    assert cost["requested_model"] == BALANCED


def test_a_complex_prompt_goes_to_the_best(running: Emulator) -> None:
    body = generate(running, "If {{a}} is set, show {{b}}, {{c}} and {{d}}, unless {{e}}. " * 20).json()

    attempts, cost = booked(running, body)
    assert attempts == [("first", POWERFUL)]
    assert (cost["tier"], cost["host"], body["host"]) == ("powerful", "moonshot", "moonshot")


def test_a_fix_is_scored_by_its_code(running: Emulator) -> None:
    fields = {"content": BROKEN, "type": "react", "errorMessage": "Unexpected end"}

    body = running.call(fields, "generate-artifact-fix").json()

    _, cost = booked(running, body)
    assert (cost["tier"], cost["tier_reason"]) == ("balanced", "score 3.2: balanced")


@pytest.mark.parametrize("fault", ["invalid", "prose", "elided"])
def test_a_model_that_fails_twice_gives_way_to_a_better_tier(host: StandIn, running: Emulator, fault: str) -> None:
    host.forget()

    body = generate(running, f"A list [[fault {fault} at=openrouter]]", artifactType="react").json()

    attempts, cost = booked(running, body)
    assert body["success"], body
    assert (body["repaired"], body["host"], body["attempts"]) == (True, "moonshot", 3)
    assert attempts == [("first", BALANCED), ("repair", BALANCED), ("repair", POWERFUL)]
    assert (cost["tier"], cost["requested_model"], cost["retries"]) == ("powerful", BALANCED, 0)
    assert cost["tier_reason"] == "score 4.55: balanced; a repair failed: powerful"
    check_ledgers(host, cost)


def test_where_the_better_tier_fails_as_well_the_error_is_an_honest_one(running: Emulator) -> None:
    body = generate(running, "A list [[fault invalid]]", artifactType="react").json()

    attempts, cost = booked(running, body)
    assert (body["success"], body["code"]) == (False, "artifact_invalid")
    assert [model for _, model in attempts] == [BALANCED, BALANCED, POWERFUL]
    assert (cost["outcome"], cost["tier"], cost["repaired"]) == ("artifact_invalid", "powerful", False)


def test_a_tier_whose_host_has_no_credit_gives_way_to_the_next_better(host: StandIn, running: Emulator) -> None:
    host.forget()

    body = generate(running, "A list [[fault credit at=openrouter]]", artifactType="react").json()

    attempts, cost = booked(running, body)
    assert body["success"], body
    assert attempts == [("first", BALANCED), ("first", POWERFUL)]
    assert (cost["tier"], cost["tier_reason"]) == (
        "powerful",
        "score 4.55: balanced; balanced did not answer: powerful",
    )
    check_ledgers(host, cost)


def test_a_tier_whose_host_is_down_gives_way_to_the_next_better(lifted: Emulator) -> None:
    """The operator is told of the host; its better tier is not asked after a failed repair."""
    body = generate(lifted, "A list", artifactType="react").json()
    failed = generate(lifted, "A list [[fault invalid]]", artifactType="react").json()

    attempts, cost = booked(lifted, body)
    assert body["success"], body
    assert attempts == [("first", FAST), ("first", BALANCED)]
    assert (cost["tier"], cost["host"], cost["requested_model"]) == ("balanced", "openrouter", FAST)
    assert cost["tier_reason"] == "score 4.55: fast; fast did not answer: balanced"
    told = [line for line in lines_of(lifted, body["requestId"]) if line["level"] == "ERROR"]
    assert [line["problem"] for line in told] == ["moonshot (MOONSHOT_BASE_URL): the host cannot be reached"]
    attempts, cost = booked(lifted, failed)
    assert attempts == [("first", FAST), ("first", BALANCED), ("repair", BALANCED)]
    assert (failed["code"], cost["tier"]) == ("artifact_invalid", "balanced")


def test_auto_beside_a_model_is_found_at_start_up(host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = at_hosts(host, "auto", BALANCED) | {"LOCAL_CONCURRENCY": "1"}
    with running_bundle(tmp_path_factory.mktemp("run"), **settings) as bundle:
        answer = generate(bundle, "A list")

        (told,) = [line for line in lines_of(bundle, answer.json()["requestId"]) if line["level"] == "ERROR"]
    assert (answer.status_code, answer.json()["code"]) == (503, "service_misconfigured")
    assert told["problem"].startswith("MODELS: auto may stand in MODELS only, and there alone")
