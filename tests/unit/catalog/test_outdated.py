"""Models of the settings that the catalog no longer holds for."""

from datetime import date

import pytest

from shared.catalog import Catalog, built_in
from shared.catalog.outdated import outdated

K2 = "moonshotai/kimi-k2-thinking"
MODEL = built_in().models[K2]
PRICE = MODEL.prices[0]
DAY = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"until": DAY}, None),
        ({"until": date(2026, 12, 30)}, "it was offered until 2026-12-30"),
        ({"prices": (PRICE._replace(until=date(2027, 1, 1)),)}, None),
        ({"prices": (PRICE._replace(until=DAY),)}, "its last price ended on 2026-12-31"),
        ({"prices": (PRICE._replace(since=date(2027, 1, 1)),)}, "its first price begins on 2027-01-01"),
    ],
    ids=["last day", "day after", "last day of a price", "day after a price", "day before a price"],
)
@pytest.mark.parametrize("name", [K2, f"openrouter/{K2}", f"{K2}-20251106", f"{K2}:nitro"])
def test_a_model_is_outdated_by_its_date(name: str, changes: dict[str, object], problem: str | None) -> None:
    catalog = Catalog({K2: MODEL._replace(**changes)}, DAY)  # type: ignore[arg-type] # fields of a model

    found = list(outdated(catalog, [name, "acme/one", name]))

    assert [(each.model, each.problem.split(";")[0]) for each in found] == ([(name, problem)] if problem else [])


def test_what_is_built_in_is_up_to_date() -> None:
    catalog = built_in(date(2026, 11, 28))

    assert list(outdated(catalog, catalog.models)) == []
