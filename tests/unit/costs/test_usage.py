"""From a host's usage to a cost."""

import json
from decimal import Decimal
from typing import Any

import pytest

from shared.catalog import Catalog, built_in
from shared.costs.usage import NOTHING, UNKNOWN, Cost, CostSource, Usage, nano_usd, total

CATALOG = built_in()
K2 = "moonshotai/kimi-k2-thinking"


def read(text: str) -> Usage:
    return Usage.read(json.loads(text, parse_float=Decimal))


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        (
            '{"cost": 0.00023492, "is_byok": false, "cost_details": {"upstream_inference_cost": 0.00023492}}',
            "0.00023492",
        ),
        ('{"cost": 0.01, "cost_details": {"upstream_inference_cost": 0.0006}}', "0.01"),
        ('{"cost": 0, "is_byok": true, "cost_details": {"upstream_inference_cost": 0.0360795}}', "0.0360795"),
        ('{"cost": 0.001, "is_byok": true, "cost_details": {"upstream_inference_cost": 0.02}}', "0.021"),
        ('{"cost": 0}', "0"),
        ('{"cost": 5.75e-06}', "0.00000575"),
        ('{"cost": 0.0076509169000000005}', "0.0076509169000000005"),
    ],
    ids=["plain", "upstream-not-added", "byok", "byok-with-fee", "free", "tiny", "every-digit"],
)
def test_what_the_host_reports_is_what_was_spent(usage: str, usd: str) -> None:
    assert read(usage).cost(CATALOG, K2) == Cost(Decimal(usd), CostSource.REPORTED)


@pytest.mark.parametrize("cost", ["null", '"free"', "true", "-1", "1e99", "NaN", "[]"])
def test_a_cost_that_is_no_amount_counts_as_left_out(cost: str) -> None:
    usage = read(f'{{"cost": {cost}, "prompt_tokens": 1000, "completion_tokens": 2000}}')

    assert usage.cost(CATALOG, K2) == Cost(Decimal("0.0056"), CostSource.ESTIMATED)


def test_without_a_reported_cost_the_list_price_is_an_estimate() -> None:
    usage = Usage(input_tokens=1000, output_tokens=100, cached_tokens=500)

    assert usage.cost(CATALOG, f"{K2}-20251106") == Cost(Decimal("0.000625"), CostSource.ESTIMATED)
    assert usage.cost(CATALOG, "acme/unheard-of") == UNKNOWN
    assert Usage(input_tokens=1000).cost(CATALOG, K2) == UNKNOWN


def test_tokens_are_read_where_either_dialect_puts_them() -> None:
    openrouter = Usage.read(
        {
            "prompt_tokens": 9,
            "completion_tokens": 8,
            "prompt_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 3},
            "completion_tokens_details": {"reasoning_tokens": 5},
        }
    )
    moonshot = Usage.read({"prompt_tokens": 9, "completion_tokens": 8, "cached_tokens": 4, "cache_write_tokens": 3})

    assert openrouter == Usage(9, 8, 5, 4, cache_write_tokens=3)
    assert moonshot == Usage(9, 8, None, 4, cache_write_tokens=3)


@pytest.mark.parametrize("value", [None, "12", 1.5, True, -1, [], {}])
def test_a_count_that_is_no_count_is_left_out(value: Any) -> None:
    assert Usage.read({"prompt_tokens": value, "prompt_tokens_details": value}) == Usage()


REPORTED = Cost(Decimal("0.1"), CostSource.REPORTED)
ESTIMATED = Cost(Decimal("0.2"), CostSource.ESTIMATED)


@pytest.mark.parametrize(
    ("costs", "sum_"),
    [
        ([], NOTHING),
        ([NOTHING], NOTHING),
        ([UNKNOWN], UNKNOWN),
        ([UNKNOWN, UNKNOWN], UNKNOWN),
        ([REPORTED, NOTHING], REPORTED),
        ([REPORTED, ESTIMATED], Cost(Decimal("0.3"), CostSource.ESTIMATED)),
        ([UNKNOWN, REPORTED], Cost(Decimal("0.1"), CostSource.UNKNOWN)),
    ],
    ids=["none", "free", "unknown", "two-unknown", "reported", "estimated", "partly-unknown"],
)
def test_a_sum_is_as_good_as_its_weakest_part(costs: list[Cost], sum_: Cost) -> None:
    assert total(costs) == sum_


def test_nano_dollars_are_whole() -> None:
    assert nano_usd(Decimal("0.00023492")) == 234_920
    assert nano_usd(Decimal("0.0000000015")) == 2
    assert nano_usd(None) is None


@pytest.mark.parametrize("details", ["null", "{}", '{"upstream_inference_cost": null}'])
def test_a_bill_that_lacks_the_providers_part_is_no_reported_one(details: str) -> None:
    usage = f'{{"cost": 0.001, "is_byok": true, "cost_details": {details}}}'

    assert read(usage).cost(CATALOG, K2) == UNKNOWN


def test_more_cached_tokens_than_there_are_make_no_cost_negative() -> None:
    usage = Usage(input_tokens=10, output_tokens=0, cached_tokens=1_000_000)

    assert usage.cost(CATALOG, K2) == Cost(Decimal("0.0000015"), CostSource.ESTIMATED)


@pytest.mark.parametrize("tokens", [10**9, int("9" * 4299)])
def test_a_count_that_no_call_can_have_is_left_out(tokens: int) -> None:
    assert Usage.read({"prompt_tokens": tokens, "completion_tokens": 10**9 - 1}) == Usage(output_tokens=10**9 - 1)


@pytest.mark.parametrize(
    ("earlier", "later", "known"),
    [
        ({"cost": 0.5, "prompt_tokens": 9}, {}, {"cost": 0.5, "prompt_tokens": 9}),
        ({"cost": 0.5}, {"cost": 0}, {"cost": 0.5}),
        ({"cost": 0}, {"cost": 0.5}, {"cost": 0.5}),
        ({"cost": 0.5}, {"cost": None, "prompt_tokens": 9}, {"cost": 0.5, "prompt_tokens": 9}),
        (
            {"prompt_tokens": 9, "completion_tokens": 4},
            {"completion_tokens": 7},
            {"prompt_tokens": 9, "completion_tokens": 7},
        ),
        ({"completion_tokens": 7}, {"completion_tokens": 0}, {"completion_tokens": 7}),
        ({"cost": 0}, {}, {"cost": 0}),
        ({"cache_write_tokens": 7}, {"cache_write_tokens": 0}, {"cache_write_tokens": 7}),
    ],
    ids=[
        "empty",
        "nothing behind a cost",
        "more",
        "field by field",
        "tokens",
        "no tokens behind some",
        "free",
        "cache",
    ],
)
def test_a_later_usage_wipes_nothing(earlier: dict[str, Any], later: dict[str, Any], known: dict[str, Any]) -> None:
    assert Usage.read(later).merged_with(Usage.read(earlier)) == Usage.read(known)


def test_what_the_cache_saved_is_told_at_list_price() -> None:
    """No more is saved than the prompt has tokens, and nothing where no price is known."""
    usage = Usage(input_tokens=10, cached_tokens=4)

    assert usage.saved_by_cache(CATALOG, f"{K2}-20251106") == Decimal("0.0000018")
    assert Usage(input_tokens=2, cached_tokens=4).saved_by_cache(CATALOG, K2) == Decimal("0.0000009")
    assert usage.saved_by_cache(CATALOG, "acme/unheard-of") == Usage().saved_by_cache(CATALOG, K2) == 0


def test_tokens_written_to_the_cache_cost_what_writing_costs() -> None:
    """They are part of the prompt, as those read from the cache are."""
    models = built_in().models
    (price,) = models[K2].prices
    dear = Catalog({K2: models[K2]._replace(prices=(price._replace(cache_write=Decimal(2)),))}, CATALOG.day)
    usage = Usage(input_tokens=1000, output_tokens=0, cached_tokens=300, cache_write_tokens=600)

    assert usage.cost(dear, K2).usd == (100 * price.input + 300 * price.cached_input + 600 * 2) / 1_000_000
    assert usage.cost(CATALOG, K2).usd == (700 * price.input + 300 * price.cached_input) / 1_000_000


def test_no_more_tokens_are_written_than_the_prompt_has() -> None:
    (price,) = CATALOG.models[K2].prices
    dear = Catalog({K2: CATALOG.models[K2]._replace(prices=(price._replace(cache_write=Decimal(2)),))}, CATALOG.day)
    usage = Usage(input_tokens=10, output_tokens=0, cached_tokens=4, cache_write_tokens=1_000_000)

    assert usage.cost(dear, K2).usd == (4 * price.cached_input + 6 * 2) / 1_000_000
