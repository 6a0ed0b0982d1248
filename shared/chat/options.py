"""Reads the options of a request, which are passed on as the OpenAI API names them, and finds those without effect."""

from collections.abc import Mapping
from typing import Any

from shared.chat.fields import Fields, checked_text
from shared.chat.tools import read_name, read_tools

_MAX_STOPS = 4
_SEED_BITS = 63
_WITHOUT_EFFECT = (
    "audio",
    "frequency_penalty",
    "function_call",
    "functions",
    "include_reasoning",
    "logit_bias",
    "logprobs",
    "min_p",
    "modalities",
    "models",
    "moderation",
    "plugins",
    "prediction",
    "presence_penalty",
    "preset",
    "prompt_cache_options",
    "prompt_cache_retention",
    "reasoning",
    "reasoning_effort",
    "repetition_penalty",
    "route",
    "service_tier",
    "store",
    "thinking",
    "top_a",
    "top_k",
    "top_logprobs",
    "transforms",
    "verbosity",
    "web_search_options",
)
"""Parameters of OpenAI, OpenRouter and Moonshot (their references, 2026) with an effect there, and none here."""


def read_options(request: Fields) -> Mapping[str, Any]:
    """Return the options of a request; those at their default are left out.

    Raises:
        InvalidRequest: one of them is not as the OpenAI API has it.
    """
    _check_one_answer(request)
    read = {
        "response_format": _response_format(request),
        "stop": _stops(request),
        "seed": request.whole_number("seed", -(2**_SEED_BITS), 2**_SEED_BITS - 1),
        "temperature": request.number("temperature", 0, 2),
        "top_p": request.number("top_p", 0, 1),
    }
    return read_tools(request) | {name: value for name, value in read.items() if value is not None}


def read_max_tokens(request: Fields) -> int | None:
    """Return how many tokens the model may write: `max_completion_tokens`, or else its older name `max_tokens`."""
    newer, older = request.whole_number("max_completion_tokens", 1), request.whole_number("max_tokens", 1)
    return older if newer is None else newer


def without_effect(request: Fields) -> tuple[str, ...]:
    """Return the names of known parameters that were given and have no effect here.

    A penalty of 0 or an empty list changes nothing elsewhere either.
    """
    names = [name for name in _WITHOUT_EFFECT if request.get(name)]
    # OpenRouter's preferences; a text is the name of a host.
    return tuple([*names, "provider"] if isinstance(request.get("provider"), Mapping) else names)


def _check_one_answer(request: Fields) -> None:
    number = request.get("n")
    if number is not None and (type(number) is not int or number != 1):
        raise request.wrong("n", "must be 1: a request has one answer")


def _response_format(request: Fields) -> dict[str, Any] | None:
    response_format = request.optional_child("response_format")
    if response_format is None:
        return None
    kind = response_format.choice("type", ("text", "json_object", "json_schema"))
    if kind == "json_schema":
        return {"type": kind, kind: _json_schema(response_format.child(kind))}
    return {"type": kind} if kind == "json_object" else None


def _json_schema(fields: Fields) -> dict[str, Any]:
    name, schema = read_name(fields), fields.verbatim_object("schema")
    if schema is None:
        raise fields.wrong("schema", "is missing")
    read = {"description": fields.optional_text("description"), "schema": schema, "strict": fields.flag("strict")}
    return {"name": name} | {key: value for key, value in read.items() if value is not None}


def _stops(request: Fields) -> list[str] | None:
    if isinstance(request.get("stop"), str):
        return [request.text("stop")]
    stops = request.array("stop", most=_MAX_STOPS)
    return [checked_text(each, f"stop[{index}]", may_be_empty=False) for index, each in enumerate(stops)] or None
