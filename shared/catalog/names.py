"""The names of models: OpenRouter's have its own form, those of other hosts begin with the host's name."""

import re

_ROUTING_VARIANTS = {"nitro", "floor", "exacto"}
"""Suffixes that only change how the host chooses a provider (its documentation, 2026). Others name other models."""
_MAX_LENGTH = 200
_FORM = re.compile(r"custom/[!-~]+|(?!openrouter/.*/)[!-.0-~]+(?:/[!-.0-~]+)+")
"""A host of the operator's may call a model by its path, so `custom/` may have anything behind it."""


def is_model_name(name: str) -> bool:
    """Return whether a model may have this name in the catalog, where none has `openrouter/` in front of its id."""
    return len(name) <= _MAX_LENGTH and _FORM.fullmatch(name) is not None


def catalog_name(name: str) -> str:
    """Return the catalog's name for a model of the settings, where `openrouter/` may stand in front of its id."""
    vendor_and_id = name.removeprefix("openrouter/")
    return vendor_and_id if "/" in vendor_and_id else name


def base_name(name: str) -> str:
    """Return the name without the date and the routing variant that may stand at its end."""
    base, _, variant = name.partition(":")
    if variant and variant not in _ROUTING_VARIANTS:
        return name
    undated, _, date = base.rpartition("-")
    return undated if date.isdigit() else base
