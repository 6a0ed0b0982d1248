"""Where a host's own list says otherwise than the catalog."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from local.prices.host_lists import Listed
from shared.catalog import Catalog, Model
from shared.model_host.hosts import split_name

_ABOVE = "above the ceiling: with the guard on, OpenRouter picks no provider at this price"
_NOT_LISTED = "the host does not list this model"


class Difference(NamedTuple):
    """A figure, or a model, of which a host's list says something else."""

    model: str
    field: str
    ours: Decimal | None
    theirs: Decimal | None
    """None if the host does not list the model."""
    note: str = ""

    @property
    def ratio(self) -> Decimal | None:
        """Theirs by ours."""
        return self.theirs / self.ours if self.ours and self.theirs is not None else None


def differences(host: str, listed: Mapping[str, Listed], catalog: Catalog) -> Iterator[Difference]:
    """Yield in what a host's list differs from the catalog; a model that only the host has is no difference."""
    for name, model in sorted(catalog.models.items()):
        at, own = split_name(name)
        theirs = listed.get(own)
        if at != host:
            continue
        if theirs is None:
            yield Difference(name, "", None, None, _NOT_LISTED)
            continue
        ours, ceilings = _figures(model, catalog)
        for field, our in ours.items():
            their = theirs.get(field, our)
            if their != our:
                above = their > ceilings.get(field, their)
                yield Difference(name, field, our, their, _ABOVE if above else "")


def _figures(model: Model, catalog: Catalog) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Return the figures of a model that a host may list, and the most that its prices may be."""
    figures = {"context": Decimal(model.context), "max_output_tokens": Decimal(model.max_output_tokens)}
    price = model.price_on(catalog.day)
    if price is None:
        return figures, {}
    figures |= {"input": price.input, "cached_input": price.cached_input, "output": price.output}
    figures["cache_write"] = price.input if price.cache_write is None else price.cache_write
    return figures, dict(zip(("input", "output"), price.ceiling, strict=True))
