"""What the chat function gives: completions, usage, models and failures, in the shapes of the OpenAI API."""

from collections.abc import Collection, Mapping
from typing import Any

from shared.chat.chat import Routed
from shared.costs.ledger import Ledger
from shared.costs.usage import CostSource
from shared.errors import Failure
from shared.model_host import Completion
from shared.run import Run

_ERROR_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
"""The error types of the OpenAI API by status; those of other statuses are told by `error_type`."""
_MIN_SERVER_ERROR = 500
_MAX_SDK_WAIT_SECONDS = 60
"""The longest `retry-after` that all of OpenAI's SDKs heed; they repeat a request sooner where it is longer (2026)."""
_FINISH_REASONS = {"max_tokens": "length", "model_length": "length", "length": "length"}


def completion_id(run: Run) -> str:
    """Return our id of a completion; the host's would let a caller ask the host about it."""
    return f"chatcmpl-{run.id}"


def completion_body(completion: Completion, run: Run, created: int) -> dict[str, Any]:
    """Return the body of a completion; `created` is in seconds since 1970."""
    message: dict[str, Any] = {"role": "assistant", "content": completion.content, "refusal": None}
    if completion.reasoning:
        message["reasoning_content"] = completion.reasoning
    if completion.tool_calls:
        message["content"] = completion.content or None
        message["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in completion.tool_calls
        ]
    return {
        "id": completion_id(run),
        "object": "chat.completion",
        "created": created,
        "model": completion.requested_model.name,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason(completion)}],
        "usage": usage_of(run.ledger),
    }


def finish_reason(completion: Completion) -> str:
    """Return why the model stopped, in the words of the OpenAI API; hosts pass on those of others, too."""
    reason = completion.finish_reason or "stop"
    if completion.tool_calls and reason not in _FINISH_REASONS:
        return "tool_calls"
    return _FINISH_REASONS.get(reason, "stop")


def usage_of(ledger: Ledger) -> dict[str, Any]:
    """Return tokens and cost over all attempts, as the cost line has them; `cost` in USD, left out where unknown."""
    usage, cost = ledger.usage, ledger.cost
    prompt, output = usage.input_tokens or 0, usage.output_tokens or 0
    body: dict[str, Any] = {
        "prompt_tokens": prompt,
        "completion_tokens": output,
        "total_tokens": prompt + output,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens or 0},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning_tokens or 0},
    }
    if cost.source is not CostSource.UNKNOWN and cost.usd is not None:
        body["cost"] = float(cost.usd)
    return body


def error_body(failure: Failure) -> dict[str, Any]:
    """Return the body of the answer to a request that failed."""
    return {
        "error": {
            "message": failure.message,
            "type": error_type(failure.status),
            "param": failure.field,
            "code": failure.code,
        }
    }


def kimi_body(completion: Completion, run: Run) -> dict[str, Any]:
    """Return the body of an answer on `/api/kimi`."""
    data = {
        "text": completion.content,
        "model": completion.requested_model.name,
        "finishReason": finish_reason(completion),
        "usage": usage_of(run.ledger),
        "requestId": run.id,
    }
    return {"ok": True, "status": 200, "data": data}


def kimi_failure(failure: Failure, run: Run) -> dict[str, Any]:
    """Return the body of a failure on `/api/kimi`; `status` is that of the answer itself."""
    data = {
        "error": failure.message,
        "code": failure.code,
        "retryable": failure.retryable,
        "field": failure.field,
        "retryAfterSeconds": failure.retry_after_whole_seconds,
        "requestId": run.id,
    }
    return {
        "ok": False,
        "status": failure.status,
        "data": {name: each for name, each in data.items() if each is not None},
    }


def models_body(names: Collection[str], run: Run) -> dict[str, Any]:
    """Return the list of models; what the catalog knows of one is said beside what the OpenAI API has."""
    return {"object": "list", "data": [_model(name, run) for name in names]}


def route_body(routed: Routed) -> dict[str, Any]:
    """Return which models a request would be answered by, in order, and why."""
    models = [model.name for model in routed.models]
    body: dict[str, Any] = {"object": "route", "model": models[0], "fallbacks": models[1:], "tier": None}
    choice = routed.choice
    if choice is None:
        return body | {"reason": "the request names the model"}
    return body | {
        "tier": choice.tier,
        "reason": choice.reason,
        "effective": choice.effective,
        "callerScore": choice.caller_score,
        "ownScore": choice.own_score,
        "intent": choice.intent,
        "factors": choice.factors,
        "tiers": {tier: [model.name for model in models] for tier, models in choice.candidates.items()},
    }


def _model(name: str, run: Run) -> dict[str, Any]:
    # The catalog knows no day on which a model was made, and clients need a number.
    model: dict[str, Any] = {"id": name, "object": "model", "created": 0, "owned_by": name.partition("/")[0]}
    if entry := run.catalog.lookup(name):
        model |= {"context_length": entry.context, "max_output_tokens": entry.max_output_tokens}
    return model


def retry_headers(failure: Failure, run: Run) -> Mapping[str, str]:
    """Return `x-should-retry: false` where the SDKs, which repeat a request by themselves, should not.

    They should not where it would be paid for once more, would fail again, or would be sent before its time.
    """
    seconds = failure.retry_after_seconds or 0
    is_paid = run.ledger.cost.source is not CostSource.NONE
    in_vain = not failure.retryable or seconds > _MAX_SDK_WAIT_SECONDS
    return {"x-should-retry": "false"} if is_paid or in_vain else {}


def error_type(status: int) -> str:
    """Return the type that the OpenAI API gives an error of this status."""
    return _ERROR_TYPES.get(status, "server_error" if status >= _MIN_SERVER_ERROR else "invalid_request_error")
