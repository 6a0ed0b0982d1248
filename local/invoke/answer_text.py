"""What the body of an answer comes to, in a few words, whichever function gave it."""

import json
from collections.abc import Mapping
from typing import Any

_EVENT = "data: "
_END = "[DONE]"


def describe(body: str) -> str:
    """Return why a request failed; or else which model answered it, for how much, as far as the body says that."""
    said = fields_of(body)
    data = said.get("data")
    if isinstance(data, list):
        return f"{len(data)} models: {', '.join(model['id'] for model in data)}"
    if isinstance(data, dict):  # of /api/kimi
        said |= data
    if error := said.get("error"):
        return str(error["message"] if isinstance(error, dict) else error)
    if said.get("object") == "route":
        return f"{said['model']} would be asked: {said['reason']}"
    return f"made with {said['model']} for {_cost(said)}"


def fields_of(body: str) -> dict[str, Any]:
    """Return the fields of a JSON body; of a stream those of its last event, and what only earlier ones say."""
    lines = [line.removeprefix(_EVENT) for line in body.splitlines() if line.startswith(_EVENT)]
    fields: dict[str, Any] = {}
    for text in [line for line in lines if line != _END] or [body]:
        fields |= json.loads(text)
    return fields


def _cost(said: Mapping[str, Any]) -> str:
    usd = said.get("costUsd", said.get("usage", {}).get("cost"))
    return "a cost that the answer does not say" if usd is None else f"${usd}"
