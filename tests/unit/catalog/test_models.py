"""What `models.toml` says, held against the figures that were read from the hosts' lists in November 2026."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from shared.catalog import __file__ as package
from shared.catalog import built_in, changed_by
from shared.catalog.names import is_model_name

MODELS = Path(package).with_name("models.toml")
NOVEMBER = built_in(date(2026, 11, 28))
K3_FAMILY = [name for name in NOVEMBER.models if "kimi-k3" in name]


def test_the_built_in_document_is_sound_and_read_as_an_overlay_is() -> None:
    """It is checked here and not when it is read; to the digit, because only a Decimal price is exact."""
    assert repr(dict(NOVEMBER.models)) == repr(changed_by(MODELS.read_text("utf-8")))


@pytest.mark.parametrize(
    ("name", "prices", "context", "longest"),
    [
        ("moonshotai/kimi-k2-thinking", "0.60 2.50 0.15", 262_144, 98_304),
        ("moonshotai/kimi-k2.5", "0.41 2.06 0.07", 256_000, 4_096),
        ("moonshotai/kimi-k2.6", "0.65 3.41 0.15", 262_144, 235_929),
        ("moonshotai/kimi-k2.7-code", "0.60 3.50 0.16", 262_144, 235_929),
        ("moonshotai/kimi-k3", "0.19 16 0.18", 1_048_576, 131_072),
        ("moonshotai/kimi-k3.1-pro", "2 10 0.20", 1_048_576, 131_072),
        ("moonshot/kimi-k2.6", "0.95 4 0.16", 262_144, 235_929),
        ("moonshot/kimi-k2.7-code", "0.95 4 0.19", 262_144, 235_929),
        ("moonshot/kimi-k2.7-code-highspeed", "1.90 8 0.38", 262_144, 235_929),
        ("moonshot/kimi-k3", "3 15 0.30", 1_048_576, 131_072),
        ("moonshot/kimi-k3.1-pro", "2 10 0.20", 1_048_576, 131_072),
        ("moonshot/kimi-k3.1-pro-highspeed", "4 20 0.20", 1_048_576, 131_072),
    ],
)
def test_price_and_limits(name: str, prices: str, context: int, longest: int) -> None:
    model, price = NOVEMBER.lookup(name), NOVEMBER.price(name)

    assert model
    assert price
    assert [price.input, price.output, price.cached_input] == [Decimal(each) for each in prices.split()]
    assert (model.context, model.max_output_tokens) == (context, longest)


@pytest.mark.parametrize(
    ("day", "written"), [(date(2026, 10, 14), None), (date(2026, 10, 15), Decimal(3)), (date(2030, 1, 1), Decimal(3))]
)
def test_moonshot_bills_what_k3_writes_to_the_cache_since_october(day: date, written: Decimal | None) -> None:
    price = built_in(day).price("moonshot/kimi-k3")

    assert price
    assert price.cache_write == written


@pytest.mark.parametrize(
    ("name", "ceiling"),
    [
        ("moonshotai/kimi-k2-thinking", "0.60 2.50"),
        ("moonshotai/kimi-k2.6", "0.95 4"),
        ("moonshotai/kimi-k2.7-code", "0.95 4"),
        ("moonshotai/kimi-k3", "3 16"),
        ("moonshotai/kimi-k3.1-pro", "2 10"),
        ("moonshot/kimi-k3.1-pro-highspeed", "4 20"),
        ("custom/anything", "4 20"),
    ],
)
def test_a_provider_at_the_vendors_price_is_not_shut_out(name: str, ceiling: str) -> None:
    """The list price at OpenRouter is the cheapest provider's; the vendor's own may be higher."""
    assert NOVEMBER.ceiling(name) == tuple(Decimal(each) for each in ceiling.split())


@pytest.mark.parametrize("name", K3_FAMILY)
def test_k3_is_told_how_much_to_think_and_gets_the_tokens_for_it(name: str) -> None:
    """It refuses any temperature; told nothing it may think as much as it can; an answer of few tokens is empty."""
    model = NOVEMBER.models[name]

    assert (model.temperature, model.thinking, model.effort) == (None, "effort", "high")
    assert model.least_output_tokens == 16_000 < model.max_output_tokens


@pytest.mark.parametrize("name", NOVEMBER.models)
def test_a_model_is_found_by_a_name_that_settings_may_have(name: str) -> None:
    model = NOVEMBER.models[name]

    assert is_model_name(name)
    assert NOVEMBER.price(name)
    assert model.least_output_tokens <= model.max_output_tokens <= model.context
    assert (model.effort is not None) == (model.thinking == "effort"), "what can be switched off is on"


@pytest.mark.parametrize("name", NOVEMBER.models)
def test_a_model_that_can_thinks_less_about_edits(name: str) -> None:
    """K3 is told to think a little; none is told what it cannot be told."""
    model = NOVEMBER.models[name]

    assert model.edit_effort == {"always": None, "switch": "none", "effort": "low"}[model.thinking]


@pytest.mark.parametrize("name", NOVEMBER.models)
def test_a_model_is_told_to_answer_in_json_as_its_host_takes_it(name: str) -> None:
    """Moonshot's own API documents no schema."""
    told = {"moonshotai": "json_schema", "moonshot": "json_object"}[name.partition("/")[0]]

    assert NOVEMBER.models[name].json_answers == told


def test_a_minute_of_an_unknown_model_is_that_of_the_fastest() -> None:
    assert NOVEMBER.tokens_per_second("moonshotai/kimi-k2-thinking") == 40
    assert NOVEMBER.tokens_per_second("custom/anything") == 260


def test_what_a_cache_asks_counts_into_the_ceiling() -> None:
    """The whole prompt may be written to the cache, or read from it."""
    price = NOVEMBER.models["moonshot/kimi-k3"].prices[-1]

    assert price._replace(cache_write=Decimal(6)).ceiling == (Decimal(6), Decimal(15))
    assert price._replace(cached_input=Decimal(6)).ceiling == (Decimal(6), Decimal(15))
    assert price._replace(cache_write=Decimal(0)).ceiling == (Decimal(3), Decimal(15))
