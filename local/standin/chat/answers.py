"""The answer to a chat request: a text that repeats the prompt, JSON in the wanted form, or calls of tools."""

import re
from collections.abc import Mapping
from typing import Any, Final

from local.standin.calls import ChatCall
from local.standin.chat.clues import Clues
from local.standin.chat.request import check_turns, offered_tools, tool_choice, tool_results, wanted_schema
from local.standin.chat.schema import Sample
from local.standin.json_text import to_json
from local.standin.replies import Reply, ToolCall

_COUNT: Final = re.compile(r"\bcount to (\d{1,4})\b", re.IGNORECASE)
_LONGEST: Final = 400


def chat_reply(call: ChatCall) -> Reply:
    """Return what the model says; the same request is always answered in the same way.

    Raises:
        BadRequestError: when the request is not one that a host takes.
    """
    check_turns(call)
    schema, tools = wanted_schema(call), offered_tools(call)
    names = _called(call, tools)
    if names:
        return _calling(call, tools, names)
    if schema is not None:
        return Reply(None, _thought("JSON in the form that is asked for"), to_json(_in_form(call, schema)))
    return Reply(None, _thought("a short text"), f" {_text(call)}")


def _called(call: ChatCall, tools: Mapping[str, Any]) -> list[str]:
    """Return the tools to call, in the order in which the prompt names them: one named twice is called twice."""
    choice, name = tool_choice(call, tools)
    if choice == "none" or tool_results(call):
        return []
    if name is not None:
        return [name]
    # The longest name first, so that one which is the beginning of another is not found in it.
    patterns = "|".join(re.escape(tool).replace("_", "[_ ]") for tool in sorted(tools, key=len, reverse=True))
    found = re.findall(rf"(?<![\w-])(?:{patterns})(?![\w-])", call.last_prompt, re.IGNORECASE) if tools else []
    written = {tool.lower().replace("_", " "): tool for tool in tools}
    names = [written[mention.lower().replace("_", " ")] for mention in found]
    if not names and choice == "required":
        names = [next(iter(tools))]
    return names[:1] if call.body.get("parallel_tool_calls") is False else names


def _calling(call: ChatCall, tools: Mapping[str, Any], names: list[str]) -> Reply:
    """Return calls of these tools, numbered through the whole conversation as Kimi numbers them."""
    prompt = call.last_prompt
    for name in names:
        prompt = prompt.replace(name, "")
    clues = Clues(prompt)
    earlier = sum(len(message.calls) for message in call.messages)
    calls = tuple(
        ToolCall(f"functions.{name}:{number}", name, to_json(Sample(tools[name], clues).value()))
        for number, name in enumerate(names, earlier)
    )
    return Reply(None, _thought(f"a call of {' and '.join(names)}"), None, "tool_calls", tool_calls=calls)


def _in_form(call: ChatCall, schema: Mapping[str, Any]) -> object:
    """Return a value that fits the schema; the text in an object where any will do."""
    return Sample(schema, Clues(call.last_prompt)).value() if schema else {"answer": _text(call)}


def _text(call: ChatCall) -> str:
    """Return a text: what the tools have returned, numbers up to one, or the prompt again."""
    results = tool_results(call)
    if results:
        return " ".join(f"The tool {name} says: {_excerpt(result)}" for name, result in results)
    counting = _COUNT.search(call.last_prompt)
    if counting:
        return ", ".join(map(str, range(1, int(counting[1]) + 1)))
    said = f"You wrote: {_excerpt(call.last_prompt)}\n\nThat is message {len(call.prompts)} of yours"
    images = f", and there are {call.images} images with it" if call.images else ""
    return f"{said}{images}. I am a stand-in and no model, so this is all that I can say to it."


def _excerpt(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _thought(plan: str) -> str:
    """Return a few words of reasoning, and none of the prompt's."""
    return f" The user has sent a message, and what fits it best is {plan}. I will keep to what was asked for."
