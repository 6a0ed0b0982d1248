"""The models: price, limits and quirks of each, as data in `models.toml`, which the operator's overlay may change.

Prices are list prices, for estimating a cost that the host does not report; a reported cost always wins.
"""

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from shared.catalog.model import Model, Price, Prices
from shared.catalog.snapshot import Catalog

__all__ = ["Catalog", "Model", "Price", "Prices", "built_in", "changed_by"]

_DATA = Path(__file__).with_name("models.toml")


def built_in(today: date | None = None) -> Catalog:
    """Return the catalog of this bundle, with the prices of today (UTC) or of another day."""
    return Catalog(_models(), today or datetime.now(UTC).date())


def changed_by(overlay: str) -> dict[str, Model]:
    """Return the models of this bundle as the operator's overlay changes them.

    Raises:
        OverlayError: the overlay cannot be used.
    """
    from shared.catalog.document import read  # noqa: PLC0415
    from shared.catalog.overlay import with_overlay  # noqa: PLC0415

    return with_overlay(read(_DATA.read_text("utf-8")), overlay)


@cache
def _models() -> dict[str, Model]:
    # With the first look-up, not with the module: a cold start need not wait for it.
    from shared.catalog.unchecked import models_of  # noqa: PLC0415

    return models_of(_DATA.read_text("utf-8"))
