"""The operator's changes to the catalog: taken as a whole, or refused as a whole with what is wrong."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.catalog import Catalog, Model, built_in, changed_by
from shared.catalog.errors import OverlayError

K2, K26, K3 = "moonshotai/kimi-k2-thinking", "moonshotai/kimi-k2.6", "moonshotai/kimi-k3"
DAY = date(2026, 11, 28)
PRICE = 'input = 1\ncached_input = 0.5\noutput = 2.25\nsource = "a page"\ndate = 2026-11-27\n'
WHOLE = 'context = 8\nmax_output_tokens = 4\nthinking = "switch"\ntokens_per_second = 9\nrate_source = "a page"\n'


def overlaid(text: str) -> Catalog:
    return Catalog(changed_by(text), DAY)


def refused(text: str) -> tuple[str, ...]:
    with pytest.raises(OverlayError) as raised:
        changed_by(text)
    return raised.value.problems


def test_what_is_given_replaces_what_is_built_in() -> None:
    ours = overlaid(f'["{K2}"]\nmax_output_tokens = 1000\nuntil = 2026-12-31')

    before, after = built_in(DAY).models[K2], ours.models[K2]
    assert (after.max_output_tokens, after.until) == (1000, date(2026, 12, 31))
    assert (after.context, after.temperature, after.prices) == (before.context, before.temperature, before.prices)
    assert {**ours.models, K2: before} == built_in(DAY).models


def test_prices_are_replaced_as_a_whole_and_are_exact() -> None:
    ours = overlaid(f'[["moonshotai/kimi-k2.6".prices]]\n{PRICE}')

    assert ours.price("moonshotai/kimi-k2.6:nitro") == ours.models["moonshotai/kimi-k2.6"].prices[0]
    assert ours.ceiling("moonshotai/kimi-k2.6") == (Decimal(1), Decimal("2.25"))


def test_a_new_model_is_known_with_all_that_it_needs() -> None:
    ours = overlaid(f'["custom/llama:free"]\n{WHOLE}\n[["custom/llama:free".prices]]\n{PRICE}')

    assert ours.ceiling("custom/llama:free") == (Decimal(1), Decimal("2.25"))
    assert refused(f'["custom/llama"]\n{WHOLE}') == ("custom/llama: prices: is missing",)


def test_another_way_of_thinking_brings_its_own_effort() -> None:
    assert overlaid(f'["{K3}"]\nthinking = "always"').models[K3].effort is None
    assert overlaid(f'["{K3}"]\nthinking = "effort"\neffort = "low"').models[K3].effort == "low"


@pytest.mark.parametrize(
    ("changes", "efforts"),
    [
        ("max_output_tokens = 20_000", ("high", "low")),
        ('edit_effort = "minimal"', ("high", "minimal")),
        ('effort = "none"', ("none", None)),
        ('effort = "max"\nedit_effort = "none"', ("max", "none")),
        ('thinking = "always"', (None, None)),
        ('thinking = "switch"\nedit_effort = "none"', (None, "none")),
    ],
)
def test_edits_are_never_thought_about_more_than_the_operator_says(
    changes: str, efforts: tuple[str | None, str | None]
) -> None:
    """What is built in for edits goes with the effort, or the way of thinking, that it was chosen beside."""
    model = overlaid(f'["{K3}"]\n{changes}').models[K3]

    assert (model.effort, model.edit_effort) == efforts


def test_how_a_model_is_told_to_answer_in_json_may_be_changed() -> None:
    """As where a host has learnt schemas, or a provider answers 400 to them; of a new model it need not be said."""
    asks_for_less = overlaid(f'["{K26}"]\njson_answers = "json_object"')
    new = overlaid(f'["custom/llama"]\n{WHOLE}\n[["custom/llama".prices]]\n{PRICE}')

    assert (built_in(DAY).models[K26].json_answers, asks_for_less.models[K26].json_answers) == (
        "json_schema",
        "json_object",
    )
    assert new.models["custom/llama"].json_answers is None


def test_a_model_that_can_be_switched_off_is_switched_off_by_no_effort() -> None:
    assert overlaid(f'["{K26}"]\neffort = "none"').models[K26].effort == "none"


def prices(*periods: str) -> str:
    return "".join(f'[["{K2}".prices]]\n{PRICE}{period}\n' for period in periods)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x = [", "it is not valid TOML (at end of document)"),
        (f'["{K2}"]\ncontext = 1e9999999999999999999', "it is not valid TOML"),
        (f'["{K2}"]\ncontext = {"1" * 5000}', "it is not valid TOML"),
        (f'["{K2}"]\ncontext = {"[" * 5000}', "it is not valid TOML"),
        (f'["{K2}"]\nprize = 1', f"{K2}: prize: is no field of a model"),
        (f'["{K2}"]\nname = "a/b"', f"{K2}: name: is no field of a model"),
        (f'["{K2}"]\n"\\u0007{"x" * 99}" = 1', f"{K2}: \\x07{'x' * 36}: is no field of a model"),
        (f'["{K2}"]\ncontext = "262144"', f"{K2}: context: must be a valid integer"),
        (f'["{K2}"]\ncontext = 262144.0', f"{K2}: context: must be a valid integer"),
        (f'["{K2}"]\ncontext = true', f"{K2}: context: must be a valid integer"),
        (f'["{K2}"]\ntokens_per_second = 0', f"{K2}: tokens_per_second: must be greater than or equal to 1"),
        (f'["{K2}"]\nthinking = "often"', f"{K2}: thinking: must be 'always', 'switch' or 'effort'"),
        (f'["{K2}"]\njson_answers = "text"', f"{K2}: json_answers: must be 'json_schema' or 'json_object'"),
        (f'["{K2}"]\ntemperature = nan', f"{K2}: temperature: must be a finite number"),
        (f'["{K2}"]\nuntil = "2026-12-31"', f"{K2}: until: must be a valid date"),
        (f'["{K2}"]\nuntil = 2026-12-31T10:00:00', f"{K2}: until: must be a valid date"),
        (f'["{K2}"]\nprices = 5', f"{K2}: prices: must be a valid tuple"),
        (f'["{K2}"]\nprices = [[1, 1, 1, "a page", 2026-11-27]]', f"{K2}: prices[0]: must be a table"),
        (f'["{K2}"]\nprices = []', f"{K2}: prices: must have at least one"),
        (prices("cache_write = -1"), f"{K2}: prices[0].cache_write: must be greater than or equal to 0"),
        (prices("cache_write = inf"), f"{K2}: prices[0].cache_write: must be a finite number"),
        (prices('cache_write = "1"'), f"{K2}: prices[0].cache_write: must be a finite number"),
        (prices("cache_write = 10001"), f"{K2}: prices[0].cache_write: must be less than or equal to 10000"),
        (prices("cache_write = 1e-10"), f"{K2}: prices[0].cache_write: must have no more than 9 decimal places"),
        (prices("ceiling_input = 0.99"), f"{K2}: prices[0].ceiling_input: is below input"),
        (prices("ceiling_output = 2"), f"{K2}: prices[0].ceiling_output: is below output"),
        (prices("", "").replace("output = 2.25", "", 1), f"{K2}: prices[0].output: is missing"),
        (prices("since = 2026-01-01"), f"{K2}: prices[0].since: is no field of a model"),
        (prices("until = 2026-01-01", "from = 2026-01-02\nuntil = 2026-01-02"),
         f"{K2}: prices[1].until: must be a day after from"),
        (prices("from = 2026-01-02\nuntil = 2026-01-01"), f"{K2}: prices[0].until: must be a day after from"),
        (prices("", ""), f"{K2}: prices: two of them hold on the same day"),
        (prices("from = 2026-02-01", "until = 2026-02-02"), f"{K2}: prices: two of them hold on the same day"),
        (prices("from = 2026-01-01\nuntil = 2026-04-01", "from = 2026-02-01\nuntil = 2026-03-01"),
         f"{K2}: prices: two of them hold on the same day"),
        (f'["{K2}"]\ncontext = 98303', f"{K2}: max_output_tokens: is more than context"),
        (f'["{K3}"]\nmax_output_tokens = 15999', f"{K3}: least_output_tokens: is more than max_output_tokens"),
        (f'["{K2}"]\neffort = "low"', f'{K2}: effort: is none that a model with thinking "always" can be told'),
        (f'["{K26}"]\neffort = "low"', f'{K26}: effort: is none that a model with thinking "switch" can be told'),
        (f'["{K2}"]\nthinking = "effort"', f'{K2}: effort: must be given where thinking is "effort"'),
        (f'["{K2}"]\nedit_effort = "low"',
         f'{K2}: edit_effort: is none that a model with thinking "always" can be told'),
        (f'["{K26}"]\nedit_effort = "low"',
         f'{K26}: edit_effort: is none that a model with thinking "switch" can be told'),
        (f'["{K2}"]\ntemperature = 1.01', f"{K2}: temperature: is outside temperature_range"),
        (f'["{K2}"]\ntemperature_range = [1, 0]', f"{K2}: temperature_range: ends below its start"),
        ('["kimi-k3"]', "'kimi-k3': is no model's name, such as 'moonshotai/kimi-k3' or 'moonshot/kimi-k3'"),
        ('"a/b" = 1', "'a/b': must be a table"),
    ],
)  # fmt: skip
def test_what_is_refused_is_named(text: str, problem: str) -> None:
    assert refused(text) == (problem,)


def test_of_a_sound_and_a_broken_table_neither_is_taken() -> None:
    """And all that is wrong is told at once, but not without end."""
    text = f'["{K2}"]\ncontext = 100000\n["{K3}"]\ncontext = 0\nthinking = 1'

    assert len(refused(text)) == 2
    assert len(refused("".join(f'["a/{number}"]\n' for number in range(50)))) == 20


def test_following_prices_may_leave_days_without_any() -> None:
    ours = Catalog(changed_by(prices("from = 2026-03-01", "until = 2026-02-01")), date(2026, 2, 15))

    assert ours.price(K2) is None


SCALARS = st.one_of(
    st.sampled_from(["nan", "inf", "-0.0", "0e999999", "1e-400", "true", '"x"', "2026-01-01", "07:32:00", "{}", "[]"]),
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.dates().map(str),
)
FIELDS = st.sampled_from(
    ["input", "cached_input", "output", "until", "from", "date", "source", "context", "max_output_tokens", "thinking",
     "effort", "edit_effort", "json_answers", "temperature", "temperature_range", "prices", "tokens_per_second", "x"]
)  # fmt: skip
TABLES = st.builds(
    lambda head, fields: head + "".join(f"{name} = {value}\n" for name, value in fields.items()),
    st.sampled_from(
        [f'["{K2}"]\n', f'["{K3}"]\n', '["a/b"]\n', f'[["{K2}".prices]]\n', f'[["{K2}".prices]]\n{PRICE}', ""]
    ),
    st.dictionaries(FIELDS, SCALARS, max_size=4),
)


@settings(max_examples=500)
@given(st.one_of(st.text(), TABLES, st.builds(str.__add__, TABLES, TABLES)))
def test_no_text_is_anything_but_taken_or_refused(text: str) -> None:
    """Every problem names a model, or says that the text is no TOML; and what is taken can be reckoned with."""
    problems: tuple[str, ...] = ()
    models: Mapping[str, Model] = {}
    try:
        models = changed_by(text)
    except OverlayError as error:
        problems = error.problems

    assert bool(models) is not bool(problems)
    assert all(": " in problem or problem.startswith("it is not valid TOML") for problem in problems)
    assert all(problem.isprintable() for problem in problems)
    for price in (price for model in models.values() for price in model.prices):
        assert price.cost(prompt_tokens=10**9, cached_tokens=5, written_tokens=5, output_tokens=10**9) >= 0
        assert all(0 <= float(each) <= 10_000 for each in price.ceiling)


def test_the_documents_example_is_what_it_says() -> None:
    document = (Path(__file__).parents[3] / "docs" / "operations.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", document, re.DOTALL)

    models = changed_by(example)

    assert models.keys() - built_in().models.keys() == {"custom/my-model"}
    december = [Catalog(models, date(2026, 12, day)).ceiling("moonshotai/kimi-k2.6") for day in (14, 15)]
    assert december == [(Decimal("0.65"), Decimal("3.41")), (Decimal("0.8"), Decimal(4))]
