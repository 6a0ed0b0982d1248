"""JSON Schema of what the chat function takes.

By hand, as `shared.chat` reads requests by hand: a test holds one against the other. What one field asks of another,
such as a tool's result of its call, no schema says.
"""

from typing import Any

from local.docgen.openapi_references import ref
from shared.chat.tools import NAME
from shared.model_host.hosts import host_names

Schema = dict[str, Any]

_TEXT = "^[^\\x00]*$"
_LINE = "^[^\\x00-\\x1f\\x7f-\\x9f]*$"
_NULL = {"type": "null"}


def _object(properties: Schema, required: list[str] | None = None, **more: Any) -> Schema:  # noqa: ANN401
    return {"type": "object", "properties": properties} | ({"required": required} if required else {}) | more


def _one_of(*schemas: Schema, about: str = "") -> Schema:
    return {"anyOf": list(schemas)} | ({"description": about} if about else {})


def _text(about: str = "", *, least: int = 0, most: int | None = None, null: bool = False) -> Schema:
    """A string; null counts as absent where it need not be there."""
    bounds = {"minLength": least or None, "maxLength": most, "description": about or None}
    schema = {"type": ["string", "null"] if null else "string", "pattern": _TEXT}
    return schema | {name: value for name, value in bounds.items() if value is not None}


def _maybe(kind: str, about: str, **more: Any) -> Schema:  # noqa: ANN401
    """A value of this type, or none."""
    return {"type": [kind, "null"], **more, "description": about}


def _enum(*values: str | None, about: str = "") -> Schema:
    return {"enum": list(values)} | ({"description": about} if about else {})


_LINE_OF_SESSION = {"type": ["string", "null"], "maxLength": 256, "pattern": _LINE}
_NAME = {"type": "string", "pattern": f"^{NAME.pattern}$"}
_CONTENT = _one_of(_text(), {"type": "array", "minItems": 1, "items": ref("ChatPart")})
_MESSAGE_NAME = _text("Who of several speaks.", most=64, null=True)
_METADATA = _one_of(ref("Metadata"), _NULL)
_TOKENS = {"minimum": 1}
_MODEL = _text("One of the names that `GET /v1/models` lists.", least=1, most=200)
_PROVIDER = _one_of(
    _enum(*host_names(), None), {"type": "object"}, about="The same as this prefix on `model`; an object has no effect."
)

_PART = _one_of(
    _object({"type": {"const": "text"}, "text": _text()}, ["type", "text"]),
    _object({"type": {"const": "image_url"}, "image_url": _one_of(_text(least=1), ref("ChatImage"))},
            ["type", "image_url"]),
)  # fmt: skip
_IMAGE = _object({"url": _text(least=1), "detail": _enum("auto", "low", "high", "original", None)}, ["url"])
_CALLED = _object({"name": _text(least=1), "arguments": _text("JSON, as the model wrote it.")}, ["name", "arguments"])
_TOOL_CALL = _object(
    {"id": _text(least=1), "type": _enum("function", None), "function": _CALLED},
    ["id", "function"],
    description="A call of a tool in an earlier answer.",
)
_TEXT_MESSAGE = _object(
    {"role": _enum("system", "developer", "user"), "content": _CONTENT, "name": _MESSAGE_NAME}, ["role", "content"]
)
_TOOL_MESSAGE = _object(
    {
        "role": {"const": "tool"},
        "content": _CONTENT,
        "name": _MESSAGE_NAME,
        "tool_call_id": _text("The `id` of a call in an earlier assistant message.", least=1),
    },
    ["role", "content", "tool_call_id"],
)
_ASSISTANT_MESSAGE = _object(
    {
        "role": {"const": "assistant"},
        "content": _one_of(*_CONTENT["anyOf"], _NULL),
        "name": _MESSAGE_NAME,
        "reasoning_content": _text("What the model thought: Kimi needs it to go on.", null=True),
        "tool_calls": {"type": ["array", "null"], "maxItems": 128, "items": ref("ChatToolCall")},
    },
    ["role"],
    anyOf=[
        {"required": ["content"], "properties": {"content": {"not": _NULL}}},
        {"required": ["tool_calls"], "properties": {"tool_calls": {"type": "array", "minItems": 1}}},
    ],
)
_TOOL = _object(
    {
        "type": {"const": "function"},
        "function": _object(
            {
                "name": _NAME,
                "description": _text(null=True),
                "parameters": _maybe("object", "A JSON schema."),
                "strict": {"type": ["boolean", "null"]},
            },
            ["name"],
        ),
    },
    ["type", "function"],
)
_TOOL_CHOICE = _one_of(
    _enum("auto", "none", "required", None),
    _object(
        {"type": {"const": "function"}, "function": _object({"name": _text(least=1)}, ["name"])}, ["type", "function"]
    ),
    about="Whether a tool must be called, and which.",
)
_JSON_SCHEMA = _object(
    {
        "name": _NAME,
        "description": _text(null=True),
        "schema": {"type": "object"},
        "strict": {"type": ["boolean", "null"]},
    },
    ["name", "schema"],
)
_RESPONSE_FORMAT = _one_of(
    _object({"type": _enum("text", "json_object")}, ["type"]),
    _object({"type": {"const": "json_schema"}, "json_schema": _JSON_SCHEMA}, ["type", "json_schema"]),
    _NULL,
    about="The form of the answer.",
)
_STOP = _one_of(_text(least=1), {"type": "array", "maxItems": 4, "items": _text(least=1)}, _NULL)
_ROUTING = _object(
    {
        "score": _maybe("number", "How hard the request is for a model.", minimum=0, maximum=10),
        "intent": _text("What is to be done.", most=64, null=True),
        "previousFailures": _maybe(
            "integer", "How often the caller has tried in vain: each goes one tier up.", minimum=0, maximum=100
        ),
    },
    type=["object", "null"],
    description='For `model: "auto"`: what the caller knows of how hard the request is.',
)

_COMPLETION = {
    "model": _MODEL,
    "provider": _PROVIDER,
    "messages": {"type": "array", "minItems": 1, "maxItems": 1_000, "items": ref("ChatMessage")},
    "max_completion_tokens": _maybe("integer", "How many tokens the model may write.", **_TOKENS),
    "max_tokens": _maybe("integer", "The older name of `max_completion_tokens`, which outranks it.", **_TOKENS),
    "stream": _maybe("boolean", "Whether the answer is sent as it is written, in server-sent events."),
    "stream_options": _object(
        {"include_usage": _maybe("boolean", "Whether a stream ends with its usage.")}, type=["object", "null"]
    ),
    "tools": {"type": ["array", "null"], "maxItems": 128, "items": ref("ChatTool")},
    "tool_choice": _TOOL_CHOICE,
    "parallel_tool_calls": _maybe("boolean", "Whether several tools may be called at once."),
    "response_format": _RESPONSE_FORMAT,
    "stop": _STOP | {"description": "Where the model is to stop."},
    "seed": _maybe("integer", "For answers that are alike.", minimum=-(2**63), maximum=2**63 - 1),
    "temperature": _maybe("number", "Left out for a model that does not take it.", minimum=0, maximum=2),
    "top_p": _maybe("number", "Left out for a model that does not take it.", minimum=0, maximum=1),
    "n": {"enum": [1, None], "description": "A request has one answer."},
    "metadata": _METADATA,
    "session_id": _LINE_OF_SESSION
    | {"description": "Requests with the same one go to the same provider; it is on the cost line."},
    "prompt_cache_key": _LINE_OF_SESSION | {"description": "OpenAI's name of `session_id`, which outranks it."},
    "routing": _ROUTING,
}
_ROUTE = _COMPLETION | {
    "model": _text("As in a completion; absent, it is `auto`.", least=1, most=200, null=True),
    "messages": _COMPLETION["messages"] | {"type": ["array", "null"]},
    "prompt": _text("In place of `messages`.", least=1, null=True),
}
_KIMI = {
    "prompt": _text("What is asked.", least=1),
    "system": _text("The system prompt.", null=True),
    "template": _text("The name of a system prompt, in place of `system`.", least=1, null=True),
    "variables": _maybe("object", "What is put into the template."),
    "model": _text("As in a completion; absent, the first name of the list.", least=1, most=200, null=True),
    **{name: _COMPLETION[name] for name in ("provider", "max_completion_tokens", "max_tokens", "metadata")},
}

REQUESTS: dict[str, Schema] = {
    "ChatRequest": _object(_COMPLETION, ["model", "messages"]),
    "RouteRequest": _object(
        _ROUTE,
        anyOf=[
            {"required": ["messages"], "properties": {"messages": {"not": _NULL}}},
            {"required": ["prompt"], "properties": {"prompt": {"not": _NULL}}},
        ],
    ),
    "KimiRequest": _object(_KIMI, ["prompt"]),
    "ChatMessage": _one_of(*map(ref, ("ChatTextMessage", "ChatAssistantMessage", "ChatToolMessage"))),
    "ChatTextMessage": _TEXT_MESSAGE,
    "ChatAssistantMessage": _ASSISTANT_MESSAGE,
    "ChatToolMessage": _TOOL_MESSAGE,
    "ChatPart": _PART,
    "ChatImage": _IMAGE,
    "ChatTool": _TOOL,
    "ChatToolCall": _TOOL_CALL,
}
