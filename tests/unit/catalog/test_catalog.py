"""The models as data."""

from datetime import date
from decimal import Decimal

import pytest

from shared.catalog import Catalog, Price, built_in
from shared.settings import Settings

CATALOG = built_in()
K2 = "moonshotai/kimi-k2-thinking"


def price(name: str) -> Price:
    found = CATALOG.price(name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", Settings().models)
def test_the_default_models_are_in_the_catalog(name: str) -> None:
    listed = price(name)

    assert listed.cached_input < listed.input < listed.output
    assert listed.source


def test_a_dated_slug_is_the_model_that_it_names() -> None:
    """The host answers with a dated slug (recorded 2026)."""
    assert CATALOG.lookup(f"{K2}-20251106") == CATALOG.lookup(K2)


def test_a_routing_variant_is_its_model() -> None:
    assert CATALOG.lookup(f"{K2}:nitro") == CATALOG.lookup(K2)


def test_the_first_name_that_is_known_counts() -> None:
    assert CATALOG.lookup(None, "", "acme/one", "moonshotai/kimi-k2.6") == CATALOG.lookup("moonshotai/kimi-k2.6")


@pytest.mark.parametrize("name", ["", f"{K2}:free", "acme/one", f"{K2}-fast", "-20251106"])
def test_another_model_is_unknown(name: str) -> None:
    assert CATALOG.lookup(name) is None
    assert CATALOG.price(name) is None


def test_the_list_price_counts_cached_tokens_at_their_own_price() -> None:
    cost = price(K2).cost(prompt_tokens=1_000_000, cached_tokens=400_000, output_tokens=200_000)

    assert cost == Decimal("0.36") + Decimal("0.06") + Decimal("0.5")
    assert price(K2).saved_by_cache(1_000_000) == Decimal("0.45")


def test_no_more_tokens_are_cached_than_the_prompt_has() -> None:
    """A host that says otherwise makes no call cheaper than one whose whole prompt was cached."""
    absurd = price(K2).cost(prompt_tokens=100, cached_tokens=10_000, output_tokens=0)

    assert absurd == price(K2).cost(prompt_tokens=100, cached_tokens=100, output_tokens=0) > 0


def test_a_price_that_ends_is_followed_by_the_next_on_its_day() -> None:
    """`from` is the first day of a price, `until` the first on which it holds no more."""
    old, new = (
        price(K2)._replace(since=None, until=date(2026, 10, 15)),
        price(K2)._replace(input=Decimal(9), since=date(2026, 10, 15), until=date(2026, 11, 1)),
    )
    model = CATALOG.models[K2]._replace(prices=(old, new))

    assert model.price_on(date(2026, 10, 14)) == old
    assert model.price_on(date(2026, 10, 15)) == model.price_on(date(2026, 10, 31)) == new
    assert model.price_on(date(2026, 11, 1)) is None


def test_a_model_without_a_price_in_force_is_priced_as_an_unknown_one() -> None:
    """What else is known of it still counts."""
    ended = CATALOG.models[K2]._replace(prices=(price(K2)._replace(until=date(2026, 1, 1)),))
    ours = Catalog({**CATALOG.models, K2: ended}, date(2026, 1, 1))

    assert ours.lookup(K2) == ended
    assert ours.price(K2) is None
    assert ours.ceiling(K2) == ours.ceiling("acme/one") == (Decimal(4), Decimal(20))
    alone = Catalog({K2: ended}, date(2026, 1, 1))
    assert alone.ceiling("acme/one") == (Decimal("0.6"), Decimal("2.5")), "something has to be reserved"
