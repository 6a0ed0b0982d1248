"""Reads a TOML document that describes models: a table for each, by its name."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from shared.catalog.model import Model

Tables = dict[str, dict[str, Any]]
"""What a document says of each model, as it stands there."""

_MODEL = TypeAdapter(Model)


def read(text: str) -> Tables:
    """Return the tables of a document."""
    return tomllib.loads(text, parse_float=Decimal)


def models_of(tables: Tables) -> dict[str, Model]:
    """Return the models that these tables describe."""
    return {name: model_of(name, table) for name, table in tables.items()}


def model_of(name: str, table: Mapping[str, Any]) -> Model:
    """Return the model that this table describes."""
    return _MODEL.validate_python({**table, "name": name})
