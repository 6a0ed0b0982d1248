"""The models as data."""

from decimal import Decimal

import pytest

from shared import catalog
from shared.settings import Settings


@pytest.mark.parametrize("name", Settings().models)
def test_the_default_models_are_in_the_catalog(name: str) -> None:
    model = catalog.lookup(name)

    assert model is not None
    assert model.cached_input_price < model.input_price < model.output_price
    assert model.source
    assert model.date


def test_a_dated_slug_is_the_model_that_it_names() -> None:
    """The host answers with a dated slug (recorded 2026)."""
    assert catalog.lookup("moonshotai/kimi-k2-thinking-20251106") == catalog.lookup("moonshotai/kimi-k2-thinking")


def test_a_routing_variant_is_its_model() -> None:
    assert catalog.lookup("moonshotai/kimi-k2-thinking:nitro") == catalog.lookup("moonshotai/kimi-k2-thinking")


def test_the_first_name_that_is_known_counts() -> None:
    assert catalog.lookup(None, "", "acme/one", "moonshotai/kimi-k2.6") == catalog.lookup("moonshotai/kimi-k2.6")


@pytest.mark.parametrize(
    "name", ["", "moonshotai/kimi-k2-thinking:free", "acme/one", "moonshotai/kimi-k2-thinking-fast", "-20251106"]
)
def test_another_model_is_unknown(name: str) -> None:
    assert catalog.lookup(name) is None


def test_the_list_price_counts_cached_tokens_at_their_own_price() -> None:
    model = catalog.lookup("moonshotai/kimi-k2-thinking")

    assert model is not None
    price = model.price(prompt_tokens=1_000_000, cached_tokens=400_000, output_tokens=200_000)
    assert price == Decimal("0.36") + Decimal("0.06") + Decimal("0.5")
    assert model.saved_by_cache(1_000_000) == Decimal("0.45")


def test_no_more_tokens_are_cached_than_the_prompt_has() -> None:
    """A host that says otherwise makes no call cheaper than one whose whole prompt was cached."""
    entry = catalog.lookup("moonshotai/kimi-k2-thinking")
    assert entry is not None

    absurd = entry.price(prompt_tokens=100, cached_tokens=10_000, output_tokens=0)

    assert absurd == entry.price(prompt_tokens=100, cached_tokens=100, output_tokens=0) > 0
