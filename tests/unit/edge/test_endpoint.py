"""The way of every request, with work of the test's own in the middle."""

import io
import json
import sys
from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from pydantic import BaseModel

from shared.artifacts.artifact import Artifact
from shared.artifacts.contract import GenerateRequest
from shared.artifacts.errors import ArtifactInvalid, ArtifactMissing
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Problem, Rule
from shared.costs.ledger import AttemptRecord
from shared.costs.usage import NOTHING, UNKNOWN, Cost, CostSource, Usage
from shared.edge.endpoint import Endpoint
from shared.edge.errors import ApiKeysMalformed, AuthUnavailable, MethodNotAllowed, TokenMissing
from shared.errors import DeadlineExceeded, Failure
from shared.model_host.errors import KeyRejected, Overloaded, RateLimited
from shared.run import Run
from tests.support.contracts import PlainContract
from tests.support.logged import logged_to

Work = Callable[[GenerateRequest, str, Run], BaseModel]


class Context:
    aws_request_id = "request-1"
    function_version = "12"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


EVENT = {
    "rawPath": "/",
    "headers": {"content-type": "application/json"},
    "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/a"}}},
    "body": '{"prompt": "hi"}',
}


class Result(BaseModel):
    said: str


@pytest.fixture(autouse=True)
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENABLE_GUARD", "false")


def ask(
    work: Work, capsys: pytest.CaptureFixture[str], body: str = '{"prompt": "hi"}'
) -> tuple[dict[str, Any], Any, list[Any]]:
    """The answer, its body, and the lines that were logged, without those of the metrics."""
    endpoint = Endpoint("generate_artifact", PlainContract(), lambda _settings: "host", work)
    with logged_to(endpoint._logs, sys.stdout):
        answer = endpoint(EVENT | {"body": body}, Context())
    return answer, json.loads(answer["body"]), [line for line in logged(capsys) if line["message"] != "metrics"]


def logged(capsys: pytest.CaptureFixture[str]) -> list[Any]:
    """The lines that were logged since this was asked last."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def fail(error: Exception) -> Work:
    def work(_request: GenerateRequest, _host: str, _run: Run) -> BaseModel:
        raise error

    return work


def test_a_success(capsys: pytest.CaptureFixture[str]) -> None:
    answer, body, lines = ask(lambda request, host, _run: Result(said=f"{host}:{request.prompt}\ud800"), capsys)

    assert (answer["statusCode"], answer["headers"]["x-request-id"]) == (200, "request-1")
    assert body["said"] == "host:hi\ud800"
    assert answer["body"].isascii()
    assert [(line["message"], line["outcome"], line["request_id"]) for line in lines] == [("cost", "ok", "request-1")]


@pytest.mark.parametrize(
    ("error", "status", "code", "retryable", "after"),
    [
        (Overloaded(), 503, "upstream_overloaded", True, None),
        (Overloaded(retry_after_seconds=0.2), 503, "upstream_overloaded", True, 1),
        (RateLimited(retry_after_seconds=3600), 429, "upstream_rate_limited", True, 3600),
        (DeadlineExceeded(), 504, "deadline_exceeded", True, None),
        (Failure(), 500, "internal_error", False, None),
    ],
)
def test_a_failure_is_told_in_the_shape_of_the_contract(
    error: Failure,
    status: int,
    code: str,
    retryable: bool,
    after: int | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer, body, lines = ask(fail(error), capsys)

    assert answer["statusCode"] == status
    assert (body["success"], body["code"], body["retryable"], body["requestId"]) == (
        False,
        code,
        retryable,
        "request-1",
    )
    assert (body.get("retryAfterSeconds"), answer["headers"].get("retry-after")) == (after, after and str(after))
    assert [(line["message"], line["outcome"], line["status"]) for line in lines] == [("cost", code, status)]


def test_a_failure_that_cost_nothing_says_nothing_of_a_cost(capsys: pytest.CaptureFixture[str]) -> None:
    _, body, _ = ask(fail(ArtifactMissing()), capsys)

    assert set(body) == {"success", "error", "code", "retryable", "requestId"}


@pytest.mark.parametrize(
    ("costs", "known"),
    [
        ([Cost(Decimal("0.01"), CostSource.REPORTED), Cost(Decimal("0.002"), CostSource.REPORTED)], 0.012),
        ([UNKNOWN, UNKNOWN], None),
        ([NOTHING], 0.0),
    ],
)
def test_a_failure_that_cost_money_says_how_much(
    costs: list[Cost], known: float | None, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(_request: GenerateRequest, _host: str, run: Run) -> BaseModel:
        for cost in costs:
            usage = Usage(input_tokens=10, output_tokens=5)
            run.ledger.attempts.append(
                AttemptRecord("a/b", "a/b", "ok", retryable=False, cost=cost, usage=usage, duration=1.0)
            )
        raise ArtifactMissing

    _, body, (line,) = ask(work, capsys)

    assert (body["costUsd"], body["attempts"]) == (known, len(costs))
    assert (body["costUsd"], body["attempts"]) == (line["cost_usd"], line["attempts"])
    assert body["usage"] == {
        "inputTokens": 10 * len(costs), "outputTokens": 5 * len(costs), "reasoningTokens": 0, "cachedTokens": 0,
    }  # fmt: skip
    assert "draft" not in body


def test_what_was_refused_is_given_as_a_draft(capsys: pytest.CaptureFixture[str]) -> None:
    problem = Problem(Rule.SYNTAX, "This cannot be read here.", 1, 1, "<p")

    def work(_request: GenerateRequest, _host: str, run: Run) -> BaseModel:
        run.ledger.attempts.append(
            AttemptRecord("a/b", "a/b", "ok", retryable=False, cost=NOTHING, usage=Usage(), duration=1.0)
        )
        raise ArtifactInvalid((problem,), Artifact(Kind.REACT, "A", None, "<p\ud83d\ude00" + "a" * 300_000))

    answer, body, _ = ask(work, capsys)

    assert body["code"] == "artifact_invalid"
    assert body["draft"]["type"] == "react"
    assert body["draft"]["code"].startswith("<p")
    assert len(answer["body"]) < 6_000_000


@pytest.mark.parametrize(
    ("error", "header", "value"),
    [(TokenMissing(), "www-authenticate", "Bearer"), (MethodNotAllowed(), "allow", "POST")],
)
def test_a_failure_says_in_a_header_what_http_wants_there(
    error: Failure, header: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer, _, _ = ask(fail(error), capsys)

    assert answer["headers"][header] == value


def test_a_caller_is_known_before_the_body_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    """Also on the cost line of a request that is refused after that; the work is handed the same."""
    _, said, lines = ask(lambda _request, _host, run: Result(said=run.caller.id), capsys)
    answer, _, refused = ask(lambda *_: Result(said=""), capsys, "{")

    assert answer["statusCode"] == 400
    assert said["said"] == lines[-1]["caller"] == refused[-1]["caller"]


def test_a_process_that_is_told_to_end_says_before_what_was_spent(capsys: pytest.CaptureFixture[str]) -> None:
    def end(_request: GenerateRequest, _host: str, _run: Run) -> BaseModel:
        raise SystemExit

    with pytest.raises(SystemExit):
        ask(end, capsys)

    cost, measured = logged(capsys)
    assert (cost["message"], cost["outcome"], cost["status"]) == ("cost", "internal_error", 500)
    assert measured["Failures"] == 1


def test_every_request_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    def work(_request: GenerateRequest, _host: str, run: Run) -> BaseModel:
        run.ledger.attempt_ended(
            "first",
            AttemptRecord("m", "m-1", "ok", retryable=False, cost=NOTHING, usage=Usage(3, 4), duration=1.0),
        )
        return Result(said="")

    endpoint = Endpoint("generate_artifact", PlainContract(), lambda _settings: "host", work)
    with logged_to(endpoint._logs, sys.stdout):
        endpoint(EVENT, Context())
        endpoint({}, Context())

    good, model, bad = [line for line in logged(capsys) if line["message"] == "metrics"]
    assert [(each["service"], each["level"]) for each in (good, model, bad)] == [("kimi-artifacts", "INFO")] * 3
    assert (good["function"], good["outcome"], good["InputTokens"], good["Requests"]) == (
        "generate_artifact",
        "ok",
        3,
        1,
    )
    assert (model["model"], model["OutputTokens"]) == ("m", 4)
    assert (bad["outcome"], bad["Attempts"], bad["CostUsd"]) == ("unauthorized", 0, 0)


class NoMetrics(io.StringIO):
    """Takes every line but those of the metrics."""

    def write(self, text: str) -> int:
        if "_aws" in text:
            raise OSError
        return super().write(text)


def test_what_cannot_be_measured_costs_no_answer(capsys: pytest.CaptureFixture[str]) -> None:
    endpoint = Endpoint("generate_artifact", PlainContract(), lambda _settings: "host", lambda *_: Result(said="hi"))
    with logged_to(endpoint._logs, NoMetrics()) as written:
        answer = endpoint(EVENT, Context())

    assert answer["statusCode"] == 200
    assert [json.loads(line)["message"] for line in written.getvalue().splitlines()] == ["cost"]
    assert "OSError" in capsys.readouterr().err


def test_what_cannot_be_added_up_costs_no_answer(capsys: pytest.CaptureFixture[str]) -> None:
    def work(_request: GenerateRequest, _host: str, run: Run) -> BaseModel:
        asked: Any = []  # what no figures can be told apart by
        run.ledger.attempts += [
            AttemptRecord(model, "m", "ok", retryable=False, cost=NOTHING, usage=Usage(), duration=1.0)
            for model in ("m", asked)
        ]
        return Result(said="hi")

    answer, body, lines = ask(work, capsys)

    assert (answer["statusCode"], body) == (200, {"said": "hi"})
    assert [line["message"] for line in lines] == ["cost", "internal_error"]


def test_settings_that_make_no_sense_are_measured_under_the_services_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alarm that tells the operator looks for that name."""
    monkeypatch.setenv("SERVICE_NAME", "a-stack")
    monkeypatch.setenv("MAX_CALLS", "many")
    endpoint = Endpoint("generate_artifact", PlainContract(), lambda _settings: "host", fail(Failure()))
    with logged_to(endpoint._logs, sys.stdout):
        endpoint(EVENT, Context())

    (measured,) = [line for line in logged(capsys) if line["message"] == "metrics"]
    assert (measured["service"], measured["outcome"], measured["Failures"]) == ("a-stack", "service_misconfigured", 1)


def test_a_field_has_one_name(capsys: pytest.CaptureFixture[str]) -> None:
    """As the contract has it: what only looks like it is unknown, and ignored."""
    said: list[str | None] = []

    def work(request: GenerateRequest, _host: str, _run: Run) -> BaseModel:
        said.append(request.session_id)
        return Result(said="")

    for name in ("sessionId", "session_id"):
        ask(work, capsys, json.dumps({"prompt": "hi", name: "s-1"}))

    assert said == ["s-1", None]


def test_what_only_the_operator_can_mend_is_logged_for_the_operator(capsys: pytest.CaptureFixture[str]) -> None:
    answer, body, lines = ask(fail(KeyRejected()), capsys)

    assert (answer["statusCode"], body["code"], body["retryable"]) == (503, "service_misconfigured", False)
    assert "key" not in body["error"].lower()
    assert [(line["level"], line["message"]) for line in lines] == [("ERROR", "operator_must_act"), ("INFO", "cost")]
    assert "API key" in lines[0]["problem"]


def test_what_is_wrong_with_a_secret_is_told_although_its_last_keys_still_work(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once per request, until it is corrected; whoever withdrew a key has to learn that it still works."""
    monkeypatch.setenv("AUTH_MODE", "key")
    monkeypatch.setenv("API_KEYS", json.dumps({"web": sha256(b"ka-web").hexdigest()}))
    endpoint = Endpoint("generate_artifact", PlainContract(), lambda _settings: "host", lambda *_: Result(said="hi"))
    runtime: Any = endpoint._runtime
    event = EVENT | {"headers": {"content-type": "application/json", "authorization": "Bearer ka-web"}}
    with logged_to(endpoint._logs, sys.stdout):
        endpoint(event, Context())
        runtime.authenticator._api_keys._cache.failure = ApiKeysMalformed("must hold at least one key")
        answer = endpoint(event, Context())

    lines = [line for line in logged(capsys) if line["message"] != "metrics"]
    assert answer["statusCode"] == 200
    assert [line["message"] for line in lines] == ["cost", "operator_must_act", "cost"]
    assert {line["caller"] for line in lines if line["message"] == "cost"} == {"key:web"}
    assert lines[1]["problem"].endswith("must hold at least one key")


def test_why_nobody_can_be_checked_is_the_operators_to_know(capsys: pytest.CaptureFixture[str]) -> None:
    answer, body, lines = ask(fail(AuthUnavailable("status 404", retry_after_seconds=4.2)), capsys)

    assert (answer["statusCode"], answer["headers"]["retry-after"], body["retryable"]) == (503, "5", True)
    assert [(line["message"], line.get("problem")) for line in lines] == [
        ("operator_must_act", "status 404"),
        ("cost", None),
    ]
    assert "404" not in body["error"]


def test_a_crash_is_an_answer_too_and_leaks_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    answer, body, lines = ask(fail(RuntimeError("the secret prompt")), capsys)

    assert (answer["statusCode"], body["code"]) == (500, "internal_error")
    assert [line["message"] for line in lines] == ["internal_error", "cost"]
    assert (lines[1]["outcome"], lines[1]["function_version"]) == ("internal_error", "12")
    assert "secret" not in json.dumps([body, lines])


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ("{}", "prompt", "is missing"),
        ('{"prompt": 5}', "prompt", "must be a string"),
        ('{"prompt": " \\n"}', "prompt", "must not be empty"),
        ('{"prompt": "' + "x" * 10_001 + '"}', "prompt", "at most 10,000 characters"),
        ('{"prompt": "\\ud800"}', "prompt", "valid Unicode"),
        ('{"prompt": "a\\u0000b"}', "prompt", "NUL"),
        ('{"prompt": "a", "sessionId": "\\u0000"}', "sessionId", "control characters"),
        ('{"prompt": "a", "sessionId": "a\\nb"}', "sessionId", "control characters"),
        ('{"prompt": "a", "sessionId": "\\udfff"}', "sessionId", "valid Unicode"),
        ('{"prompt": "a", "artifactType": "\\ud800"}', "artifactType", "must be one of react, html"),
        ('{"prompt": "a", "artifactType": "audio"}', "artifactType", "must be one of react, html"),
        ('{"prompt": "a", "artifactType": 1}', "artifactType", "must be a string"),
        ('{"prompt": "a", "sessionId": "' + "x" * 257 + '"}', "sessionId", "at most 256 characters"),
    ],
)
def test_a_bad_field_is_named(body: str, field: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer, said, lines = ask(lambda *_: Result(said=""), capsys, body)

    assert (answer["statusCode"], said["code"], said["field"]) == (400, "invalid_request", field)
    assert says in said["error"]
    assert lines[-1]["outcome"] == "invalid_request"


def test_a_field_is_trimmed_and_the_unknown_ignored(capsys: pytest.CaptureFixture[str]) -> None:
    text = '{"prompt": " ' + "x" * 10_000 + ' ", "artifactType": null, "tone": "warm"}'

    _, said, _ = ask(lambda request, *_: Result(said=str(len(request.prompt))), capsys, text)

    assert said["said"] == "10000"


def test_what_is_left_out_is_no_part_of_a_requests_identity() -> None:
    """So that an `Idempotency-Key` of before holds after a deployment that adds a field."""
    bare, full = GenerateRequest.read({"prompt": " hi "}), GenerateRequest.read({"prompt": "hi", "artifactType": "svg"})

    assert bare.identity == GenerateRequest.read({"prompt": "hi", "new": 1}).identity == b'{"prompt":"hi"}'
    assert full.identity != bare.identity


def test_control_characters_of_a_text_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """Terminals' colours come along with error messages."""
    _, said, _ = ask(lambda request, *_: Result(said=request.prompt), capsys, r'{"prompt": "\u001b[31mred\f"}')

    assert said["said"] == "\x1b[31mred"


def test_a_field_that_is_there_twice_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    answer, said, _ = ask(lambda *_: Result(said=""), capsys, '{"prompt": "a", "prompt": "b"}')

    assert (answer["statusCode"], said["code"], said["field"]) == (400, "invalid_json", "prompt")


def test_settings_that_make_no_sense_are_answered(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function that fails to start could not say why."""
    monkeypatch.setenv("MAX_ATTEMPTS", "many")

    answer, body, lines = ask(lambda *_: Result(said=""), capsys)

    assert (answer["statusCode"], body["code"]) == (503, "service_misconfigured")
    assert "MAX_ATTEMPTS" not in body["error"]
    assert "MAX_ATTEMPTS" in lines[0]["problem"]


def test_a_contract_says_what_paths_and_methods_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """A method without a body needs no content type; another method is told which there are."""
    endpoint = Endpoint(
        "generate_artifact", PlainContract(), lambda _: "host", lambda request, *_: Result(said=request.prompt)
    )
    http = EVENT["requestContext"]

    def call(method: str, path: str) -> tuple[int, Any, str | None]:
        context = {**http, "http": {"method": method}}  # type: ignore[dict-item]
        with logged_to(endpoint._logs, sys.stdout):
            answer = endpoint({"rawPath": path, "requestContext": context}, Context())
        return answer["statusCode"], json.loads(answer["body"]), answer["headers"].get("allow")

    assert call("GET", "/state") == (200, {"said": "state"}, None)
    assert call("POST", "/")[0] == 415
    status, body, allow = call("POST", "/state")
    assert (status, body["error"], allow) == (405, "Only GET is allowed here.", "GET")
    status, body, _ = call("GET", "/other")
    assert (status, body["error"]) == (404, "There is nothing at this path. Send the request to `/` or `/state`.")
    capsys.readouterr()
