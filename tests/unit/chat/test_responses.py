"""The bodies and headers that the chat function gives, in the shapes of the OpenAI API."""

from decimal import Decimal
from typing import Any

import pytest

from shared.chat.chat import Routed
from shared.chat.responses import (
    completion_body,
    error_body,
    kimi_body,
    kimi_failure,
    models_body,
    retry_headers,
    route_body,
    usage_of,
)
from shared.costs.usage import NOTHING, UNKNOWN, Cost, CostSource, Usage
from shared.edge.errors import HeadersTooLarge, MethodNotAllowed, NotFound, TokenMissing, UnsupportedMediaType
from shared.errors import DeadlineExceeded, Failure, InvalidRequest, ServiceMisconfigured
from shared.guard.errors import BudgetTooSmall, IdempotencyMismatch, RequestInProgress
from shared.model_host import Completion
from shared.model_host.errors import HostFailed, ModelHostFailure, Overloaded, RateLimited, Refused
from shared.model_host.tool_calls import ToolCall
from shared.routing import Router, RoutingRequest
from shared.run import Run
from tests.support.chatting import KIMI, NEWER, a_completion, an_attempt, hosted, settings_of
from tests.support.runs import a_run

CALL = ToolCall("call-1", "look", '{"at": 1}')
SENT_CALL = {"id": "call-1", "type": "function", "function": {"name": "look", "arguments": '{"at": 1}'}}
REPORTED, ESTIMATED = Cost(Decimal("0.0105"), CostSource.REPORTED), Cost(Decimal("0.002"), CostSource.ESTIMATED)


def a_run_with(*costs: Cost, usage: Usage = Usage(10, 5, 2, 4)) -> Run:  # noqa: B008 - it cannot be changed
    """A run with attempts of these costs."""
    run = a_run()
    run.ledger.attempts += [an_attempt(cost, usage) for cost in costs]
    return run


def test_a_completion_is_as_the_openai_api_has_it() -> None:
    """By our id, and under the name that the caller may use for the model again."""
    body = completion_body(a_completion(), a_run_with(REPORTED), 1_790_000_000)

    assert body == {
        "id": "chatcmpl-r-1",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": KIMI,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hi", "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {
            "prompt_tokens": 10,
            "completion_tokens": 5,
            "total_tokens": 15,
            "prompt_tokens_details": {"cached_tokens": 4},
            "completion_tokens_details": {"reasoning_tokens": 2},
            "cost": 0.0105,
        },
    }


@pytest.mark.parametrize(
    ("completion", "message"),
    [
        (a_completion(""), {"content": ""}),
        (a_completion(reasoning="Hm"), {"content": "Hi", "reasoning_content": "Hm"}),
        (a_completion("", calls=(CALL,)), {"content": None, "tool_calls": [SENT_CALL]}),
        (
            a_completion(reasoning="Hm", calls=(CALL, CALL._replace(id="call-2"))),
            {"content": "Hi", "reasoning_content": "Hm", "tool_calls": [SENT_CALL, SENT_CALL | {"id": "call-2"}]},
        ),
    ],
    ids=["empty", "reasoning", "call", "all"],
)
def test_a_message_has_what_the_model_wrote(completion: Completion, message: dict[str, Any]) -> None:
    (choice,) = completion_body(completion, a_run(), 0)["choices"]

    assert choice["message"] == {"role": "assistant", "refusal": None} | message


@pytest.mark.parametrize(
    ("reason", "plain", "with_calls"),
    [
        ("stop", "stop", "tool_calls"),
        ("tool_calls", "stop", "tool_calls"),
        ("function_call", "stop", "tool_calls"),
        ("length", "length", "length"),
        ("max_tokens", "length", "length"),
        ("model_length", "length", "length"),
        ("eos", "stop", "tool_calls"),
        (None, "stop", "tool_calls"),
    ],
)
def test_clients_are_told_one_of_the_finish_reasons_that_they_know(
    reason: str | None, plain: str, with_calls: str
) -> None:
    """Whatever a host calls it; tools that are to be called, some clients call for no other reason."""
    completions = a_completion(reason=reason), a_completion(reason=reason, calls=(CALL,))
    choices = [completion_body(each, a_run(), 0)["choices"][0] for each in completions]

    assert [choice["finish_reason"] for choice in choices] == [plain, with_calls]


@pytest.mark.parametrize(
    ("costs", "cost"),
    [
        ((), 0.0),
        ((NOTHING, NOTHING), 0.0),
        ((NOTHING, REPORTED), 0.0105),
        ((ESTIMATED,), 0.002),
        ((REPORTED, ESTIMATED), 0.0125),
        ((UNKNOWN,), None),
        ((UNKNOWN, REPORTED), None),
        ((UNKNOWN, NOTHING), None),
    ],
)
def test_a_cost_that_is_not_wholly_known_is_left_out(costs: tuple[Cost, ...], cost: float | None) -> None:
    """Clients add it up: a part of it would be taken for the whole."""
    usage = usage_of(a_run_with(*costs).ledger)

    assert usage.get("cost") == cost
    assert ("cost" in usage) == (cost is not None)
    assert (usage["prompt_tokens"], usage["completion_tokens"]) == (10 * len(costs), 5 * len(costs))
    assert usage["total_tokens"] == 15 * len(costs)


def test_tokens_that_a_host_does_not_report_are_none() -> None:
    """Clients add them up, and fail at null."""
    usage = usage_of(a_run_with(UNKNOWN, usage=Usage()).ledger)

    assert usage == {
        "prompt_tokens": 0,
        "completion_tokens": 0,
        "total_tokens": 0,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }


class ForbiddenError(Failure):
    status = 403


@pytest.mark.parametrize(
    ("failure", "status", "kind"),
    [
        (InvalidRequest(), 400, "invalid_request_error"),
        (TokenMissing(), 401, "authentication_error"),
        (ForbiddenError(), 403, "permission_error"),
        (NotFound(), 404, "invalid_request_error"),
        (MethodNotAllowed(), 405, "invalid_request_error"),
        (RequestInProgress(), 409, "invalid_request_error"),
        (UnsupportedMediaType(), 415, "invalid_request_error"),
        (IdempotencyMismatch(), 422, "invalid_request_error"),
        (RateLimited(), 429, "rate_limit_error"),
        (HeadersTooLarge(), 431, "invalid_request_error"),
        (Failure(), 500, "server_error"),
        (HostFailed(), 502, "server_error"),
        (ServiceMisconfigured(), 503, "server_error"),
        (DeadlineExceeded(), 504, "server_error"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Failure) else "",
)
def test_an_error_has_the_type_that_the_openai_api_has_for_its_status(failure: Failure, status: int, kind: str) -> None:
    """SDKs read exactly these four fields."""
    assert failure.status == status
    assert error_body(failure) == {
        "error": {"message": failure.message, "type": kind, "param": None, "code": failure.code}
    }


def test_an_error_names_the_parameter_that_is_wrong() -> None:
    assert error_body(InvalidRequest("No.", field="messages[2].content"))["error"] == {
        "message": "No.",
        "type": "invalid_request_error",
        "param": "messages[2].content",
        "code": "invalid_request",
    }


NOT_AGAIN = {"x-should-retry": "false"}


@pytest.mark.parametrize(
    ("failure", "costs", "headers"),
    [
        (Overloaded(), (), {}),
        (Overloaded(), (NOTHING, NOTHING), {}),
        (Overloaded(), (NOTHING, REPORTED), NOT_AGAIN),
        (Overloaded(), (ESTIMATED,), NOT_AGAIN),
        (Overloaded(), (UNKNOWN,), NOT_AGAIN),
        (Overloaded(retry_after_seconds=60), (), {}),
        (Overloaded(retry_after_seconds=60.5), (), NOT_AGAIN),
        (RateLimited(retry_after_seconds=0), (NOTHING,), {}),
        (ModelHostFailure(), (NOTHING,), NOT_AGAIN),
        (BudgetTooSmall(), (), NOT_AGAIN),
        (Failure(), (), NOT_AGAIN),
        (InvalidRequest(), (), NOT_AGAIN),
        (Refused(), (REPORTED,), NOT_AGAIN),
        (DeadlineExceeded(), (), {}),
        (DeadlineExceeded(), (UNKNOWN,), NOT_AGAIN),
    ],
    ids=lambda value: f"{type(value).__name__}" if isinstance(value, Failure) else "",
)
def test_an_sdk_is_told_not_to_repeat_what_would_be_paid_for_again_fail_again_or_come_too_early(
    failure: Failure, costs: tuple[Cost, ...], headers: dict[str, str]
) -> None:
    """The OpenAI SDKs repeat a request twice, without an idempotency key, unless this header keeps them from it."""
    assert retry_headers(failure, a_run_with(*costs)) == headers


def test_an_answer_to_a_prompt_has_its_text_and_what_it_took() -> None:
    run = a_run_with(REPORTED)

    assert kimi_body(a_completion(reason="max_tokens", reasoning="Hm"), run) == {
        "ok": True,
        "status": 200,
        "data": {
            "text": "Hi",
            "model": KIMI,
            "finishReason": "length",
            "usage": usage_of(run.ledger),
            "requestId": "r-1",
        },
    }


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (Overloaded(), {"code": "upstream_overloaded", "retryable": True}),
        (
            RateLimited(retry_after_seconds=2.1),
            {"code": "upstream_rate_limited", "retryable": True, "retryAfterSeconds": 3},
        ),
        (
            RateLimited(retry_after_seconds=0),
            {"code": "upstream_rate_limited", "retryable": True, "retryAfterSeconds": 0},
        ),
        (InvalidRequest(field="prompt"), {"code": "invalid_request", "retryable": False, "field": "prompt"}),
    ],
    ids=["overloaded", "wait", "no-wait", "field"],
)
def test_a_failure_says_its_true_status_in_the_body_as_well(failure: Failure, said: dict[str, Any]) -> None:
    assert kimi_failure(failure, a_run()) == {
        "ok": False,
        "status": failure.status,
        "data": {"error": failure.message, "requestId": "r-1"} | said,
    }


def test_the_models_are_listed_with_what_the_catalog_knows() -> None:
    body = models_body((KIMI, "some/body", "auto"), a_run())

    entry = a_run().catalog.lookup(KIMI)
    assert entry
    assert body == {
        "object": "list",
        "data": [
            {
                "id": KIMI,
                "object": "model",
                "created": 0,
                "owned_by": "moonshotai",
                "context_length": entry.context,
                "max_output_tokens": entry.max_output_tokens,
            },
            {"id": "some/body", "object": "model", "created": 0, "owned_by": "some"},
            {"id": "auto", "object": "model", "created": 0, "owned_by": "auto"},
        ],
    }


def test_a_route_to_a_model_that_the_request_names_has_no_tier() -> None:
    assert route_body(Routed([hosted(KIMI), hosted(NEWER)], None)) == {
        "object": "route",
        "model": KIMI,
        "fallbacks": [NEWER],
        "tier": None,
        "reason": "the request names the model",
    }


def test_a_route_says_how_it_was_chosen() -> None:
    tiers = {"TIER_FAST": KIMI, "TIER_BALANCED": f"{NEWER},{KIMI}", "TIER_POWERFUL": "some/body"}
    choice = Router.of(settings_of(MODELS="auto", **tiers)).choose(RoutingRequest("Say hi", score=5))

    body = route_body(Routed(choice.models, choice))

    assert body == {
        "object": "route",
        "model": NEWER,
        "fallbacks": [KIMI, "some/body"],
        "tier": "balanced",
        "reason": choice.reason,
        "effective": choice.effective,
        "callerScore": 5,
        "ownScore": choice.own_score,
        "intent": choice.intent,
        "factors": choice.factors,
        "tiers": {"balanced": [NEWER, KIMI], "powerful": ["some/body"]},
    }
    assert choice.factors
