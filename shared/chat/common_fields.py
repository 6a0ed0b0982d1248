"""Reads the fields that requests of several paths have: model, session id and metadata; writes canonical bytes."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shared.chat.fields import Fields
from shared.metadata import NAME_RULE, Metadata
from shared.model_host.hosts import host_names

_MAX_MODEL_LENGTH = 200
_MAX_SESSION_LENGTH = 256
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_METADATA_ERRORS = {
    "string_type": "must be a string",
    "string_unicode": "must be valid Unicode: it holds half of a surrogate pair",
}


def names_model(request: Fields) -> bool:
    """Return whether a request says which model is to be asked."""
    return request.get("model") is not None or _host(request) is not None


def read_model(request: Fields) -> str:
    """Return the name of a model, with the host in front that `provider` names."""
    host, model = _host(request), request.text("model", most=_MAX_MODEL_LENGTH)
    return model if host is None or model.startswith(f"{host}/") else f"{host}/{model}"


def read_session_id(request: Fields) -> str | None:
    """Return OpenRouter's `session_id`, or else what OpenAI calls `prompt_cache_key`."""
    session_id, cache_key = _session_id(request, "session_id"), _session_id(request, "prompt_cache_key")
    return cache_key if session_id is None else session_id


def read_metadata(request: Fields) -> Metadata:
    """Return the feature and the component that a request is part of."""
    fields = request.child_or_empty("metadata")
    try:
        return Metadata.model_validate({name: fields.get(name) for name in Metadata.model_fields})
    except ValidationError as error:
        first = error.errors()[0]
    raise fields.wrong(str(first["loc"][0]), _METADATA_ERRORS.get(first["type"], NAME_RULE))


def canonical(values: Mapping[str, Any]) -> bytes:
    """Return JSON whose names are in one order; a value that is null or an empty object is left out."""
    return json.dumps({name: each for name, each in values.items() if each not in (None, {})}, sort_keys=True).encode()


def _host(request: Fields) -> str | None:
    """Return the host that `provider` names; an object there is OpenRouter's, and has no effect here."""
    if isinstance(request.get("provider"), Mapping):
        return None
    return request.optional_choice("provider", host_names())


def _session_id(request: Fields, name: str) -> str | None:
    value = request.optional_text(name, most=_MAX_SESSION_LENGTH)
    if value and _CONTROL.search(value):  # it is logged, as one line
        raise request.wrong(name, "must not hold control characters")
    return value
