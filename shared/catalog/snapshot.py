"""The catalog as it is on one day."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from shared.catalog.model import Model, Price, Prices
from shared.catalog.names import base_name


class Catalog(NamedTuple):
    """All models that are known, with the prices of one day. It never changes."""

    models: Mapping[str, Model]
    day: dt.date

    def lookup(self, *names: str | None) -> Model | None:
        """Return the model of the first of these names that is known; None if none of them is.

        A date such as `…-20251106` and a routing variant such as `…:nitro` at the end of a name are ignored.
        """
        return next((model for name in names if name and (model := self._named(name))), None)

    def price(self, name: str | None) -> Price | None:
        """Return the list prices of a model; None if it is not known, or has none on this day."""
        model = self.lookup(name)
        return model.price_on(self.day) if model else None

    def ceiling(self, name: str) -> Prices:
        """Return the most that a provider may ask for a model; the highest of all if its prices are not known."""
        price = self.price(name)
        ceilings = [each.ceiling for each in ([price] if price else self._prices())]
        return max(prompt for prompt, _ in ceilings), max(output for _, output in ceilings)

    def tokens_per_second(self, name: str) -> int:
        """Return the output rate of a model, or the highest of all if it is not known."""
        model = self.lookup(name)
        return max(each.tokens_per_second for each in ([model] if model else self.models.values()))

    def _prices(self) -> list[Price]:
        """Return all prices of this day, or of any day if there are none on this one."""
        every = [price for model in self.models.values() for price in model.prices]
        return [price for price in every if price.holds_on(self.day)] or every

    def _named(self, name: str) -> Model | None:
        return self.models.get(name) or self.models.get(base_name(name))
