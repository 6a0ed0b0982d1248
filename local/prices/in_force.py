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


def catalog_in_force(parameter: str | None, overlay_file: str | None) -> Catalog:
    """Return today's catalog; a file outranks the parameter.

    Raises:
        CatalogError: the overlay cannot be read or used.
        OSError, UnicodeError: the same of the file.
    """
    ours = built_in()
    if overlay_file:
        text = Path(overlay_file).read_text("utf-8")
    elif parameter:
        text = read_parameter(parameter, _READ_SECONDS)
    else:
        return ours
    return Catalog(changed_by(text), ours.day)


def rows(catalog: Catalog) -> Iterator[Row]:
    """Yield the models by name, each with what the overlay changed and what is past its date."""
    before, past = built_in().models, dict(outdated(catalog, catalog.models))
    for name, model in sorted(catalog.models.items()):
        periods = tuple(Period(price, price.holds_on(catalog.day)) for price in _in_order(model))
        yield Row(model, model != before.get(name), past.get(name), periods)


def _in_order(model: Model) -> list[Price]:
    return sorted(model.prices, key=lambda price: price.since or date.min)
