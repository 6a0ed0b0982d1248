"""What the client libraries raise where the chat function answers with an error."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from tests.clients.driver import MODEL, Driver
from tests.clients.served import Served, served, together
from tests.support.standin import StandIn


class Case(NamedTuple):
    """A request that fails."""

    status: int
    code: str
    message: str
    """What its message has."""
    prompt: str = "Say hello"
    order: Mapping[str, Any] = MappingProxyType({})
    param: str | None = None
    attempts: int = 0
    """How many calls of the host it takes."""
    retry_after: str | None = None


CASES = {
    "bad request": Case(
        400, "invalid_request", "from 0 to 2", order={"options": {"temperature": 3}}, param="temperature"
    ),
    "another model": Case(400, "invalid_request", MODEL, order={"model": "openai/gpt-9"}, param="model"),
    "wrong key": Case(401, "unauthorized", "key is not valid", order={"key": "ka-of-somebody-else"}),
    "too large": Case(413, "payload_too_large", "over 1 MiB", prompt="Say hello " * 120_000),
    "rate limit": Case(
        429,
        "upstream_rate_limited",
        "limiting requests",
        "Say hello [[fault rate-limit retry_after=77]]",
        attempts=1,
        retry_after="77",
    ),
    "host failed": Case(502, "upstream_error", "host failed", "Say hello [[fault error-200]]", attempts=1),
    "overloaded": Case(
        503,
        "upstream_overloaded",
        "is overloaded",
        "Say hello [[fault status code=503 hint=66]]",
        attempts=1,
        retry_after="66",
    ),
}


@pytest.mark.parametrize("way", ["whole", "streamed"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_error_is_raised_as_what_it_is(streaming: Served, client: Driver, case: Case, way: str) -> None:
    asked = streaming.ask(client, case.prompt, stream=way == "streamed", retries=0, **case.order)

    check(asked.answer.error, client, case)
    assert asked.answer.text == ""
    assert asked.answer.finish == []
    assert len(asked.attempts) == case.attempts
    assert [(line["status"], line["outcome"]) for line in asked.costs] == [(case.status, case.code)]


def check(error: dict[str, Any] | None, client: Driver, case: Case) -> None:
    """It is of the right class, and says all that the answer says."""
    assert error
    assert client.client.errors[case.status] in error["classes"]
    assert error["status"] == case.status
    assert case.message in error["message"]
    assert error["param"] == case.param
    assert error["retry_after"] == case.retry_after
    if client.client.tells_code or case.status == 400:
        assert error["code"] == case.code
        assert error["request_id"]


def test_a_path_that_there_is_not(streaming: Served, client: Driver) -> None:
    asked = streaming.ask(client, "Say hello", retries=0, url=streaming.url.replace("/v1", "/v2"))

    check(asked.answer.error, client, Case(404, "not_found", "nothing at this path"))
    assert asked.attempts == []


@pytest.fixture(scope="module")
def hurried(host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The chat function with little time for a request."""
    with served(tmp_path_factory.mktemp("hurried"), host, "stream", FUNCTION_TIMEOUT_SECONDS="3") as running:
        yield running


@pytest.mark.alone
@pytest.mark.parametrize("way", ["whole", "streamed"])
def test_a_host_that_is_silent(hurried: Served, at_once: list[Driver], way: str) -> None:
    for client, answer in zip(
        at_once,
        together(at_once, hurried.url, "Hello [[fault silence]]", stream=way == "streamed", retries=0),
        strict=True,
    ):
        check(answer.error, client, Case(504, "deadline_exceeded", "did not finish in the time"))
