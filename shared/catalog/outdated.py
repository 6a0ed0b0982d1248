"""Which of the models that are asked for the catalog no longer holds for."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shared.catalog.model import Model
from shared.catalog.names import catalog_name
from shared.catalog.snapshot import Catalog


class Outdated(NamedTuple):
    """A model that is past its date."""

    model: str
    problem: str
    """What has ended, and when."""


def outdated(catalog: Catalog, names: Iterable[str]) -> Iterator[Outdated]:
    """Yield those of these models that are offered no more, or have no price, on the day of this catalog."""
    for name in dict.fromkeys(names):
        model = catalog.lookup(catalog_name(name))
        if model and (problem := _problem(model, catalog.day)):
            yield Outdated(name, problem)


def _problem(model: Model, day: dt.date) -> str | None:
    if model.until and day > model.until:
        return f"it was offered until {model.until}"
    if model.price_on(day):
        return None
    ended = [price.until for price in model.prices if price.until and price.until <= day]
    if ended:
        return f"its last price ended on {max(ended)}; it is priced as an unknown model"
    begins = min(price.since for price in model.prices if price.since)
    return f"its first price begins on {begins}; it is priced as an unknown model"
