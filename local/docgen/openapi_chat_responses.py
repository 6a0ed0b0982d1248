"""JSON Schema of what the chat function gives, by hand as `shared.chat.responses` and `shared.chat.events` write it."""

from typing import Any

from local.docgen.openapi_references import ref

Schema = dict[str, Any]

_STRING, _NUMBER, _COUNT = {"type": "string"}, {"type": "number"}, {"type": "integer", "minimum": 0}
_NULL = {"type": "null"}
_ID = {"type": "string", "pattern": "^chatcmpl-.", "description": "`chatcmpl-` and the request ID."}
_MODEL = {"type": "string", "description": "The model that answered, as a caller may name it."}
_REASON = {"enum": ["stop", "length", "tool_calls"]}
_REASONING = {"type": "string", "description": "What the model thought."}


def _whole(properties: Schema, *optional: str, **more: Any) -> Schema:  # noqa: ANN401
    """An object in which all fields are there but the optional ones, and no other is."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        **more,
    }


def _list(items: Schema, **more: int) -> Schema:
    return {"type": "array", "items": items, **more}


_USAGE = _whole(
    {
        "prompt_tokens": _COUNT,
        "completion_tokens": _COUNT,
        "total_tokens": _COUNT,
        "prompt_tokens_details": _whole({"cached_tokens": _COUNT}),
        "completion_tokens_details": _whole({"reasoning_tokens": _COUNT}),
        "cost": {"type": "number", "minimum": 0, "description": "USD; absent where it is not known."},
    },
    "cost",
    description="Over all attempts of the request, as on its cost line.",
)
_FUNCTION = _whole({"name": _STRING, "arguments": _STRING | {"description": "JSON, as the model wrote it."}})
_CALL = _whole({"id": _STRING, "type": {"const": "function"}, "function": _FUNCTION})
_MESSAGE = _whole(
    {
        "role": {"const": "assistant"},
        "content": {"type": ["string", "null"]},
        "refusal": _NULL,
        "reasoning_content": _REASONING,
        "tool_calls": _list(_CALL, minItems=1),
    },
    "reasoning_content",
    "tool_calls",
)
_CHOICE = _whole({"index": {"const": 0}, "message": _MESSAGE, "logprobs": _NULL, "finish_reason": _REASON})
_WARNINGS = _list(_STRING) | {"description": "`not_stored`: a repetition with this `Idempotency-Key` is paid for."}
_CALL_PIECE = {
    "type": "object",
    "properties": {
        "index": _COUNT,
        "id": _STRING,
        "type": {"const": "function"},
        "function": {"type": "object", "properties": {"name": _STRING, "arguments": _STRING}},
    },
    "required": ["index", "function"],
}
_DELTA = {
    "type": "object",
    "properties": {
        "role": {"const": "assistant"},
        "content": {"type": ["string", "null"]},
        "reasoning_content": _REASONING,
        "tool_calls": _list(_CALL_PIECE, minItems=1),
    },
    "additionalProperties": False,
}
_CHUNK_CHOICE = _whole(
    {"index": {"const": 0}, "delta": _DELTA, "logprobs": _NULL, "finish_reason": {"enum": [*_REASON["enum"], None]}}
)
_CHAT_MODEL = _whole(
    {
        "id": _STRING,
        "object": {"const": "model"},
        "created": {"const": 0},
        "owned_by": _STRING,
        "context_length": _COUNT,
        "max_output_tokens": {"type": ["integer", "null"]},
    },
    "context_length",
    "max_output_tokens",
)
_CHOSEN = ("effective", "callerScore", "ownScore", "intent", "factors", "tiers")
_SCORE = {"type": ["number", "null"], "minimum": 0, "maximum": 10}
_ROUTE = _whole(
    {
        "object": {"const": "route"},
        "model": _STRING,
        "fallbacks": _list(_STRING),
        "tier": {"enum": ["fast", "balanced", "powerful", None]},
        "reason": _STRING,
        "effective": _SCORE,
        "callerScore": _SCORE,
        "ownScore": _SCORE,
        "intent": {"type": ["string", "null"]},
        "factors": {"type": "object", "additionalProperties": _NUMBER},
        "tiers": {"type": "object", "additionalProperties": _list(_STRING)},
    },
    *_CHOSEN,
)
_KIMI_DATA = _whole(
    {"text": _STRING, "model": _MODEL, "finishReason": _REASON, "usage": ref("ChatUsage"), "requestId": _STRING}
)
_KIMI_ERROR = _whole(
    {
        "error": _STRING,
        "code": _STRING,
        "retryable": {"type": "boolean"},
        "field": _STRING,
        "retryAfterSeconds": _COUNT,
        "requestId": _STRING,
    },
    "field",
    "retryAfterSeconds",
)
_ERROR = _whole(
    {
        "message": _STRING | {"description": "What happened and what to do."},
        "type": _STRING,
        "param": {"type": ["string", "null"], "description": "The place in the request that is wrong."},
        "code": _STRING,
    }
)

RESPONSES: dict[str, Schema] = {
    "ChatCompletion": _whole(
        {
            "id": _ID,
            "object": {"const": "chat.completion"},
            "created": _COUNT,
            "model": _MODEL,
            "choices": _list(_CHOICE, minItems=1, maxItems=1),
            "usage": ref("ChatUsage"),
            "warnings": _WARNINGS,
        },
        "warnings",
    ),
    "ChatCompletionChunk": _whole(
        {
            "id": _ID,
            "object": {"const": "chat.completion.chunk"},
            "created": _COUNT,
            "model": _MODEL,
            "choices": _list(_CHUNK_CHOICE, maxItems=1),
            "usage": ref("ChatUsage"),
        },
        "usage",
    ),
    "ChatUsage": _USAGE,
    "ChatError": _whole({"error": _ERROR}),
    "ChatModels": _whole({"object": {"const": "list"}, "data": _list(ref("ChatModel"), minItems=1)}),
    "ChatModel": _CHAT_MODEL,
    "Route": _ROUTE,
    "KimiResponse": _whole(
        {"ok": {"const": True}, "status": {"const": 200}, "data": _KIMI_DATA, "warnings": _WARNINGS}, "warnings"
    ),
    "KimiFailure": _whole({"ok": {"const": False}, "status": {"type": "integer"}, "data": _KIMI_ERROR}),
}
