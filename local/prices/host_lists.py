"""Asks the hosts for their own lists of models: OpenRouter's has prices and limits, those of other hosts have ids."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx

from shared import __version__
from shared.model_host.host import Host

_TIMEOUT_SECONDS = 20.0
_MILLION = 1_000_000
_PRICES = {
    "input": "prompt",
    "cached_input": "input_cache_read",
    "cache_write": "input_cache_write",
    "output": "completion",
}
"""Our names for prices, and OpenRouter's (its documentation, 2026)."""

Listed = Mapping[str, Decimal]
"""What a host's list says of a model, by our names: prices in USD per million tokens, sizes in tokens."""


class ListError(Exception):
    """A host's list cannot be had; the text says why."""


def ask(host: Host, key: str) -> dict[str, Listed]:
    """Return what a host lists, by its own names of models.

    Raises:
        ListError: the host cannot be asked, or its answer is no list of models.
    """
    headers = {"Authorization": f"Bearer {key}", "User-Agent": f"kimi-artifacts/{__version__}"}
    try:
        answer = httpx.get(f"{host.base_url}/models", headers=headers, timeout=_TIMEOUT_SECONDS)
        found = answer.json() if answer.status_code == httpx.codes.OK else None
    except (httpx.HTTPError, ValueError) as error:
        msg = f"{host.name}: its list of models cannot be read: {type(error).__name__}"
        raise ListError(msg) from None
    if answer.status_code != httpx.codes.OK:
        msg = f"{host.name}: its list of models cannot be had: status {answer.status_code}"
        raise ListError(msg)
    models = found.get("data") if isinstance(found, dict) else None
    if not isinstance(models, list):
        msg = f"{host.name}: its answer is no list of models"
        raise ListError(msg)
    return {each["id"]: _listed(each) for each in models if isinstance(each, dict) and isinstance(each.get("id"), str)}


def _listed(model: Mapping[str, Any]) -> Listed:
    """Return what is said of a model; what is missing or no number is left out, as is the -1 of a price that varies."""
    prices, provider = _part(model, "pricing"), _part(model, "top_provider")
    said = {name: _number(prices.get(theirs), _MILLION) for name, theirs in _PRICES.items()} | {
        "context": _number(model.get("context_length")),
        "max_output_tokens": _number(provider.get("max_completion_tokens")),
    }
    return {name: value for name, value in said.items() if value is not None}


def _part(model: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = model.get(name)
    return part if isinstance(part, Mapping) else {}


def _number(value: object, factor: int = 1) -> Decimal | None:
    try:
        number = Decimal(str(value)) * factor
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None
