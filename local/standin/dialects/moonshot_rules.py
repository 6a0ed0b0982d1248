"""What Moonshot answers 400 to, beside the sampling. A rule returns its words, or None for what it takes."""

from collections.abc import Iterator
from typing import Any, Final

from local.standin.calls import ChatCall

_MOST_STOPS: Final = 5
_LONGEST_STOP: Final = 32
_NOT_SWITCHED_OFF: Final = "kimi-k2.7"


def objection(call: ChatCall) -> str | None:
    """Return why it does not take the request, if it does not."""
    rules = (_thinking, _stop, _tool_choice, _turns, _schema)
    return next((words for words in (rule(call) for rule in rules) if words), None)


def is_silent(call: ChatCall) -> bool:
    """Return whether the model does not think."""
    return call.thinking == "disabled" and call.model == "kimi-k2.6"


def _thinking(call: ChatCall) -> str | None:
    if call.thinking == "disabled" and call.model.startswith(_NOT_SWITCHED_OFF):
        return "invalid thinking: only type=enabled is allowed for this model"
    return None


def _stop(call: ChatCall) -> str | None:
    if len(call.stop) > _MOST_STOPS or any(len(text.encode(errors="replace")) > _LONGEST_STOP for text in call.stop):
        return f"invalid stop: at most {_MOST_STOPS} texts of at most {_LONGEST_STOP} bytes each are allowed"
    return None


def _tool_choice(call: ChatCall) -> str | None:
    """A model that thinks cannot be made to call a tool; K3 can, but not to call a certain one."""
    choice = call.body.get("tool_choice")
    form = "specified" if isinstance(choice, dict) else choice
    forced = ("specified",) if call.model.startswith("kimi-k3") else ("specified", "required")
    if form in forced and not is_silent(call):
        return f"invalid tool_choice: a model that thinks does not take {form}"
    return None


def _turns(call: ChatCall) -> str | None:
    """What the model said has to come back whole: with something in it, and with the reasoning before its calls."""
    for position, message in enumerate(call.messages):
        if message.role == "assistant" and not message.text and not message.calls:
            return f"Invalid request: the assistant message at position {position} is empty"
        if message.calls and not message.has_reasoning and not is_silent(call):
            return f"the model thinks, and the tool calls at position {position} are without their reasoning_content"
    return None


def _schema(call: ChatCall) -> str | None:
    wanted = call.body.get("response_format")
    form = wanted.get("json_schema") if isinstance(wanted, dict) else None
    schema = form.get("schema") if isinstance(form, dict) else None
    path = next(_odd_items(schema, ""), None)
    if path is None:
        return None
    details = f"<At path '{path}': items must be an object>"
    return (
        f"Invalid request: response_format.json_schema is not a valid moonshot flavored json schema, details: {details}"
    )


def _odd_items(schema: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any part of a schema
    """Yield the paths of all `items` that are no object."""
    for name, part in schema.items() if isinstance(schema, dict) else ():
        below = f"{path}.{name}".strip(".")
        if name == "items" and not isinstance(part, dict):
            yield below
        yield from _odd_items(part, below)
