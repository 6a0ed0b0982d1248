"""What a chat request asks for beside its text: tools, a format, and what the messages say of earlier calls."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from local.standin.calls import ChatCall, part_of
from local.standin.messages import BadRequestError

_CHOICES: Final = ("none", "auto", "required")
_FORMATS: Final = ("text", "json_object", "json_schema")
_ALL: Final[Mapping[str, Any]] = {"type": "object", "properties": {}}


def offered_tools(call: ChatCall) -> dict[str, Mapping[str, Any]]:
    """Return the schemas of the arguments by the names of the tools.

    Raises:
        BadRequestError: when they are no tools.
    """
    tools: dict[str, Mapping[str, Any]] = {}
    for number, tool in enumerate(_list(call.body.get("tools"), "tools")):
        function = part_of(tool, "function") if isinstance(tool, dict) else {}
        if not isinstance(function.get("name"), str) or not function["name"]:
            msg = f"tools[{number}] is no function with a name"
            raise BadRequestError(msg)
        tools[function["name"]] = function.get("parameters") or _ALL
    return tools


def tool_choice(call: ChatCall, offered: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return `none`, `auto` or `required`, and the tool where it has to be this one.

    Raises:
        BadRequestError: when it is none of them, or a tool that is not offered.
    """
    choice = call.body.get("tool_choice") or ("auto" if offered else "none")
    if isinstance(choice, dict):
        name = part_of(choice, "function").get("name")
        if not isinstance(name, str) or name not in offered:
            msg = f"tool_choice names {name!r}, which is none of the tools"
            raise BadRequestError(msg)
        return "required", name
    if choice not in _CHOICES:
        msg = f"tool_choice must be one of {', '.join(_CHOICES)}, or name a function"
        raise BadRequestError(msg)
    if choice == "required" and not offered:
        raise BadRequestError("tool_choice is required, and there are no tools")
    return choice, None


def wanted_schema(call: ChatCall) -> Mapping[str, Any] | None:
    """Return the schema of the JSON that is wanted; an empty one for any object, None for plain text.

    Raises:
        BadRequestError: when the format is unknown, or its schema is missing.
    """
    wanted = part_of(call.body, "response_format") if call.body.get("response_format") else {"type": "text"}
    if wanted.get("type") not in _FORMATS:
        msg = f"response_format.type must be one of {', '.join(_FORMATS)}"
        raise BadRequestError(msg)
    if wanted["type"] != "json_schema":
        return None if wanted["type"] == "text" else {}
    schema = part_of(wanted, "json_schema").get("schema")
    if not isinstance(schema, dict):
        raise BadRequestError("response_format.json_schema.schema must be an object")
    return schema


def tool_results(call: ChatCall) -> list[tuple[str, str]]:
    """Return the tools whose results end the conversation, each with what it returned."""
    names = {each["id"]: each["function"]["name"] for message in call.messages for each in message.calls}
    results: list[tuple[str, str]] = []
    for message in reversed(call.messages):
        if message.role != "tool":
            break
        results.insert(0, (names[message.answers], message.text))
    return results


def check_turns(call: ChatCall) -> None:
    """Refuse results of tools that were not called, and calls without a result.

    Raises:
        BadRequestError: with the position of the message.
    """
    waiting: list[str] = []
    for position, message in enumerate(call.messages):
        if message.role == "tool":
            if message.answers not in waiting:
                msg = f"messages[{position}]: tool_call_id {message.answers!r} answers no call before it"
                raise BadRequestError(msg)
            waiting.remove(message.answers)
            continue
        _refuse_waiting(waiting, position)
        waiting = [each["id"] for each in message.calls]
    _refuse_waiting(waiting, len(call.messages))


def _refuse_waiting(waiting: Sequence[str], position: int) -> None:
    if waiting:
        msg = f"messages[{position}]: the tool calls {', '.join(waiting)} have no results"
        raise BadRequestError(msg)


def _list(value: object, name: str) -> list[object]:
    """Return a field that is a list; an empty one where it is not given."""
    if value is None:
        return []
    if not isinstance(value, list):
        msg = f"{name} must be a list"
        raise BadRequestError(msg)
    return value
