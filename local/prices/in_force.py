"""The catalog in force: what is built in, with the overlay of a parameter or of a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from shared.catalog import Catalog, Model, Price, built_in, changed_by
from shared.catalog.outdated import outdated
from shared.catalog.parameter import read_parameter

_READ_SECONDS = 10.0


class Period(NamedTuple):
    """Prices of a model, and whether they hold today."""

    price: Price
    in_force: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One model of the catalog."""

    model: Model
    changed: bool
    """Whether the overlay changes it, or brings it."""
    outdated: str | None
    """What of it is past its date."""
    periods: tuple[Period, ...]


def read_overlay(parameter: str | None, file: str | None) -> str:
    """Return the text of the overlay, empty if there is none; a file outranks the parameter.

    Raises:
        CatalogError: the parameter cannot be read.
        OSError, UnicodeError: the same of the file.
    """
    if file:
        return Path(file).read_text("utf-8")
    return read_parameter(parameter, _READ_SECONDS) if parameter else ""


def catalog_in_force(overlay: str) -> Catalog:
    """Return today's catalog with this overlay.

    Raises:
        CatalogError: the overlay cannot be used.
    """
    return Catalog(changed_by(overlay), built_in().day)


def rows(catalog: Catalog) -> Iterator[Row]:
    """Yield the models by name, each with what the overlay changed and what is past its date."""
    before, past = built_in().models, dict(outdated(catalog, catalog.models))
    for name, model in sorted(catalog.models.items()):
        periods = tuple(Period(price, price.holds_on(catalog.day)) for price in _in_order(model))
        yield Row(model, model != before.get(name), past.get(name), periods)


def _in_order(model: Model) -> list[Price]:
    return sorted(model.prices, key=lambda price: price.since or date.min)
