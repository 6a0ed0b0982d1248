"""The catalog is changed while requests run: each request is reckoned with one price list from start to end."""

import io
import json
import threading
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest

from functions.generate_artifact.app import work
from shared.artifacts.contract import GENERATED, ArtifactContract, GenerateRequest
from shared.artifacts.repair_loop import Dependencies
from shared.catalog import source
from shared.edge.endpoint import Endpoint
from shared.settings import Settings
from tests.support.logged import logged_to
from tests.support.standin import StandIn

NAME, MODEL = "/kimi-artifacts/catalog", "moonshot/kimi-k2.6"
CHEAP, DEAR = (1, 0.25, 2), (8, 3, 16)
"""Prices of a prompt's token, of a cached one and of an output token: nano-dollars are thousandths of these."""


def overlay(prices: tuple[float, float, float]) -> str:
    fresh, cached, output = prices
    return f"""
        [["{MODEL}".prices]]
        input = {fresh}
        cached_input = {cached}
        output = {output}
        source = "a test"
        date = 2026-11-28
    """


class Context:
    aws_request_id = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


@pytest.fixture(autouse=True)
def settings(host: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the function; an overlay is read beside every request, not every ten minutes."""
    given = {
        "ENABLE_GUARD": "false", "CATALOG_PARAMETER": NAME, "MODELS": MODEL, "MOONSHOT_KEY": "k",
        "MOONSHOT_BASE_URL": host.url_of("moonshot"),
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(source, "_MAX_AGE_SECONDS", 0.0)
    monkeypatch.setattr(source, "_RETRY_SECONDS", 0.0)


@pytest.fixture
def service(ssm: Any) -> Iterator["Service"]:
    ssm.put_parameter(Name=NAME, Value=overlay(DEAR), Type="String")
    service = Service()
    yield service
    service.close()


class Service:
    """The function, in this process."""

    def __init__(self) -> None:
        self._endpoint = Endpoint("generate_artifact", ArtifactContract(GenerateRequest, GENERATED), self._start, work)

    def _start(self, settings: Settings) -> Dependencies:
        dependencies = Dependencies.of(settings)
        self.close = dependencies.client.close
        return dependencies

    def ask(self, prompt: str) -> list[dict[str, Any]]:
        """The lines of one request."""
        event = {
            "headers": {"content-type": "application/json"},
            "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/a"}}},
            "body": json.dumps({"prompt": prompt, "artifactType": "markdown"}),
        }
        with logged_to(self._endpoint._logs, io.StringIO()) as log:
            self._endpoint(event, Context())
        return [json.loads(line) for line in log.getvalue().splitlines()]


def cost_at(prices: tuple[float, float, float], attempt: dict[str, Any]) -> int:
    fresh, cached, output = (round(price * 1000) for price in prices)
    prompt = (attempt["input_tokens"] - attempt["cached_tokens"]) * fresh + attempt["cached_tokens"] * cached
    return int(prompt + attempt["output_tokens"] * output)


def prices_of(lines: list[dict[str, Any]]) -> set[tuple[float, float, float]]:
    """The price lists by which what the attempts of a request cost can be explained."""
    attempts = [line for line in lines if line["message"] == "attempt"]
    assert len(attempts) == 2
    assert all(line["cost_source"] == "estimated" for line in attempts)
    return {
        prices for prices in (CHEAP, DEAR) if all(line["cost_nano_usd"] == cost_at(prices, line) for line in attempts)
    }


def test_prices_change_between_two_requests_and_never_within_one(ssm: Any, service: Service) -> None:
    """Somebody changes them every few milliseconds; each request makes two attempts, the second to repair the first."""
    done = threading.Event()

    def change() -> None:
        for prices in cycle((CHEAP, DEAR)):
            if done.wait(0.02):  # the store keeps every version, and is slow with thousands of them
                return
            ssm.put_parameter(Name=NAME, Value=overlay(prices), Type="String", Overwrite=True)

    changing = threading.Thread(target=change)
    changing.start()
    try:
        found = [prices_of(service.ask(f"Notes {number} [[fault prose times=1]]")) for number in range(40)]
    finally:
        done.set()
        changing.join()

    assert all(len(each) == 1 for each in found), "one price list for each request"
    assert set.union(*found) == {CHEAP, DEAR}, "and not the same for all"


def test_a_broken_overlay_changes_nothing_and_says_so(ssm: Any, service: Service) -> None:
    before = service.ask("Notes [[fault prose times=1]]")

    ssm.put_parameter(Name=NAME, Value=overlay((-1, 0, 1)), Type="String", Overwrite=True)
    after: list[list[dict[str, Any]]] = []
    while len(after) < 100 and not any(line["level"] == "ERROR" for lines in after for line in lines):
        after.append(service.ask("Notes [[fault prose times=1]]"))  # the overlay is read beside the requests
    after += [service.ask("Notes [[fault prose times=1]]") for _ in range(5)]

    assert all(prices_of(lines) == {DEAR} for lines in (before, *after))
    (told,) = [line for lines in after for line in lines if line["level"] == "ERROR"]
    assert told["message"] == "operator_must_act"
    assert f"{MODEL}: prices[0].input" in told["problem"]
