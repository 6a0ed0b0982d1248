"""Which models a request gets: by scores and bounds, by failures before, and by what can be asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.routing import Choice, Router, RoutingRequest
from shared.routing.tiers import TIERS, effective_score, raised, tier_for
from shared.settings import Settings, SettingsError
from tests.support.runs import a_run

KEYS = {"OPENROUTER_K2T_KEY": "k", "MOONSHOT_KEY": "k"}
FAST, BALANCED, POWERFUL = "moonshot/fast", "a/balanced", "a/powerful"
LISTS = {"TIER_FAST": f"{FAST},a/spare", "TIER_BALANCED": f"{BALANCED},a/spare", "TIER_POWERFUL": POWERFUL}
SCORES = st.floats(0, 10)


def settings(given: dict[str, str] | None = None, keys: dict[str, str] = KEYS) -> Settings:
    return Settings.from_environment({"MODELS": "auto", "ENABLE_GUARD": "false", **keys, **LISTS, **(given or {})})


def choose(score: float, failures: int = 0, given: dict[str, str] | None = None, keys: dict[str, str] = KEYS) -> Choice:
    router = Router.of(settings(given, keys))
    return router.choose(RoutingRequest(score=score, previous_failures=failures))


def names(choice: Choice) -> list[str]:
    return [model.name for model in choice.models]


@pytest.mark.parametrize(
    ("callers", "own", "effective"),
    [(None, None, 5), (0, None, 0), (None, 0, 0), (7.25, None, 7.25), (None, 2.5, 2.5), (0, 10, 4), (10, 0, 6)],
)
def test_the_callers_score_weighs_more_than_the_requests_own(
    callers: float | None, own: float | None, effective: float
) -> None:
    assert effective_score(callers, own) == effective


@pytest.mark.parametrize(
    ("score", "tier"),
    [(0, "fast"), (2.999999, "fast"), (3, "balanced"), (6.5, "balanced"), (6.500001, "powerful"), (10, "powerful")],
)
def test_the_bounds_belong_to_balanced(score: float, tier: str) -> None:
    assert tier_for(score, (3.0, 6.5)) == tier
    assert choose(score).tier == tier


def test_a_sum_of_decimal_fractions_is_on_the_side_of_a_bound_that_it_is_on_by_hand() -> None:
    assert 0.6 * 4.1 + (1 - 0.6) * 1.35 < 3
    assert effective_score(4.1, 1.35) == 3


@pytest.mark.parametrize(("score", "tier"), [(0.9, "fast"), (1, "balanced"), (2, "balanced"), (2.1, "powerful")])
def test_the_bounds_are_settings(score: float, tier: str) -> None:
    assert choose(score, given={"TIER_BOUNDS": "1,2"}).tier == tier


@pytest.mark.parametrize(
    ("score", "failures", "tier"),
    [
        (0, 0, "fast"),
        (0, 1, "balanced"),
        (0, 2, "powerful"),
        (0, 9, "powerful"),
        (5, 1, "powerful"),
        (9, 3, "powerful"),
    ],
)
def test_each_earlier_failure_goes_one_tier_up(score: float, failures: int, tier: str) -> None:
    choice = choose(score, failures)

    assert (choice.tier, choice.effective) == (tier, score)
    assert choice.reason.endswith(f"; earlier failures {failures}: {tier}" if failures else f": {tier}")


@pytest.mark.parametrize("better", range(3))
def test_a_tier_is_raised_to_the_best_at_most(better: int) -> None:
    assert raised("balanced", better) == TIERS[min(1 + better, 2)]


@pytest.mark.parametrize(
    ("score", "models", "tiers"),
    [
        (0, [FAST, "a/spare", BALANCED, POWERFUL], ("balanced", "powerful")),
        (5, [BALANCED, "a/spare", POWERFUL], ("powerful",)),
        (9, [POWERFUL], ()),
    ],
)
def test_the_better_tiers_follow_and_no_model_is_asked_twice(
    score: float, models: list[str], tiers: tuple[str, ...]
) -> None:
    choice = choose(score)

    assert names(choice) == models
    assert choice.tiers == tiers


def test_models_of_one_host_share_it() -> None:
    models = Router.of(settings()).models

    assert [model.name for model in models] == [FAST, "a/spare", BALANCED, POWERFUL]
    assert len({id(model.host) for model in models}) == 2


def test_a_request_is_scored_by_its_text_where_there_is_one() -> None:
    choice = Router.of(settings()).choose(RoutingRequest("Write a line", score=2))

    assert (choice.caller_score, choice.own_score, choice.effective, choice.tier) == (2, 4.55, 3.02, "balanced")
    assert (choice.intent, choice.factors["reasoning"]) == ("generate", 8)
    assert choice.reason == "score 3.02 (caller 2, request 4.55): balanced"


def test_without_text_there_is_no_score_of_the_requests_own() -> None:
    choice = choose(7)

    assert (choice.own_score, choice.intent, choice.factors) == (None, None, {})
    assert choice.reason == "score 7: powerful"


@pytest.mark.parametrize(
    ("lists", "score", "tier", "reason"),
    [
        ({}, 0, "fast", "score 0: fast"),
        ({"TIER_FAST": FAST}, 0, "balanced", "score 0: fast; fast has no model that can be asked: balanced"),
        (
            {"TIER_FAST": FAST, "TIER_BALANCED": "custom/x"},
            0,
            "powerful",
            "score 0: fast; fast has no model that can be asked: powerful",
        ),
        (
            {"TIER_POWERFUL": FAST},
            9,
            "balanced",
            "score 9: powerful; powerful has no model that can be asked: balanced",
        ),
        (
            {"TIER_BALANCED": FAST, "TIER_POWERFUL": FAST},
            5,
            "fast",
            "score 5: balanced; balanced has no model that can be asked: fast",
        ),
    ],
    ids=["some-of-fast", "not-fast", "only-powerful", "not-powerful", "only-fast"],
)
def test_a_tier_without_a_model_gives_way_to_the_next_better_or_else_to_the_best(
    lists: dict[str, str], score: float, tier: str, reason: str
) -> None:
    """Here only OpenRouter has a key; what is at Moonshot cannot be asked."""
    choice = choose(score, given=lists, keys={"OPENROUTER_K2T_KEY": "k"})

    assert (choice.tier, choice.reason) == (tier, reason)
    assert FAST not in names(choice)


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        (
            {"OPENROUTER_K2T_KEY": "", "MOONSHOT_KEY": ""},
            ["TIER_FAST: moonshot/fast", "TIER_FAST: a/spare", "TIER_BALANCED: a/balanced", "TIER_BALANCED: a/spare",
             "TIER_POWERFUL: a/powerful"],
        ),
        ({"TIER_FAST": "kimi/kimi-for-coding", "KIMI_KEY": "k"}, ["TIER_FAST: kimi/kimi-for-coding may only be asked"]),
        ({"TIER_FAST": "a/b,moonshot/"}, ["TIER_FAST: 'moonshot/' names no model"]),
        ({"TIER_FAST": "Moonshot/x", "TIER_POWERFUL": "/x"}, ["TIER_FAST: 'Moonshot/x'", "TIER_POWERFUL: '/x'"]),
    ],
    ids=["no-key", "by-name-only", "no-name", "two-at-once"],
)  # fmt: skip
def test_what_makes_no_sense_is_found_at_start_up(given: dict[str, str], problems: list[str]) -> None:
    with pytest.raises(SettingsError) as raised:
        Router.of(settings(given))

    assert len(raised.value.problems) == len(problems)
    assert all(problem.startswith(begins) for problem, begins in zip(raised.value.problems, problems, strict=True))


@pytest.mark.parametrize(
    ("score", "chain"), [(0, ["fast", "balanced", "powerful"]), (5, ["balanced", "powerful"]), (9, ["powerful"])]
)
def test_a_failed_repair_goes_one_tier_up_until_the_best(score: float, chain: list[str]) -> None:
    choice: Choice | None = choose(score)
    found = []

    while choice:
        found.append(choice.tier)
        last, choice = choice, choice.one_better()

    assert found == chain
    assert last.reason == "; a repair failed: ".join([f"score {score}: {chain[0]}", *chain[1:]])
    assert names(last) == [POWERFUL]


def test_before_anything_is_asked_the_tier_of_a_run_is_the_one_that_was_chosen() -> None:
    run = a_run()

    noted = choose(0).note(run)

    assert (noted.tier, run.tier, run.tier_reason) == ("fast", "fast", "score 0: fast")


@given(SCORES, SCORES, SCORES | st.none())
def test_a_higher_score_of_the_caller_is_never_a_lower_tier(one: float, other: float, own: float | None) -> None:
    low, high = (effective_score(score, own) for score in sorted([one, other]))

    assert low <= high
    assert TIERS.index(tier_for(low, (3.0, 6.5))) <= TIERS.index(tier_for(high, (3.0, 6.5)))


@given(SCORES | st.none(), st.text(max_size=50), st.integers(0, 5))
def test_any_request_gets_models_and_no_reason_holds_its_text(score: float | None, text: str, failures: int) -> None:
    choice = ROUTER.choose(RoutingRequest(f"qqzx{text}", f"zzqy{text}", None, score, failures))

    assert choice.models
    assert 0 <= choice.effective <= 10
    assert "qqzx" not in choice.reason
    assert "zzqy" not in choice.reason
    assert choice.reason.isascii()


ROUTER = Router.of(settings())
