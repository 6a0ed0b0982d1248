"""Makes the built-in models, which need no check but that of the tests: what checks an overlay takes longer to load."""

import tomllib
from decimal import Decimal
from typing import Any

from shared.catalog.model import Model, Price


def models_of(text: str) -> dict[str, Model]:
    """Return the models of a document that is known to be sound."""
    tables: dict[str, dict[str, Any]] = tomllib.loads(text, parse_float=Decimal)
    return {name: _model(name, table) for name, table in tables.items()}


def _model(name: str, table: dict[str, Any]) -> Model:
    rest: dict[str, Any] = {field: _value(value) for field, value in table.items() if field != "prices"}
    return Model(name=name, prices=tuple(map(_price, table["prices"])), **rest)


def _price(table: dict[str, Any]) -> Price:
    return Price(**{"since" if field == "from" else field: value for field, value in table.items()})


def _value(value: object) -> object:
    """Return a value as a model has it; only prices are exact."""
    if isinstance(value, list):
        return tuple(map(_value, value))
    return float(value) if isinstance(value, Decimal) else value
