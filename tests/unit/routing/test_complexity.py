"""How complex a request is: the bounds of what is measured, the weights of each intent, and the intent of a prompt."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.routing.complexity import complexity, measure

RULES = tomllib.loads((Path(__file__).parents[3] / "shared/routing/complexity.toml").read_text("utf-8"))
INTENTS = RULES["intents"]
TEXTS = st.text(st.sampled_from("aA1 {}./:\n é") | st.characters(), max_size=400)


@pytest.mark.parametrize("intent", INTENTS)
def test_the_weights_of_an_intent_are_those_of_the_six_factors_and_add_up_to_one(intent: str) -> None:
    weights = INTENTS[intent]["weights"]

    assert list(weights) == ["prompt", "data", "conditions", "references", "reasoning", "output"]
    assert sum(weights.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("count", "level"),
    [(0, 2), (199, 2), (200, 5), (499, 5), (500, 7), (999, 7), (1000, 9), (100_000, 9)],
)
def test_a_longer_prompt_has_a_higher_level(count: int, level: int) -> None:
    assert complexity("x" * count).factors["prompt"] == level


@pytest.mark.parametrize(
    ("count", "level"),
    [(0, 2), (999, 2), (1000, 5), (9999, 5), (10_000, 7), (49_999, 7), (50_000, 9)],
)
def test_more_data_has_a_higher_level(count: int, level: int) -> None:
    assert complexity("Sum up", "x" * count).factors["data"] == level


@pytest.mark.parametrize("factor", ["conditions", "references"])
@pytest.mark.parametrize(("count", "level"), [(0, 2), (1, 5), (3, 5), (4, 7), (7, 7), (8, 9), (50, 9)])
def test_each_condition_and_reference_counts(factor: str, count: int, level: int) -> None:
    words = {"conditions": "Stop if it is hot. ", "references": "See {{v%d}}. "}[factor]

    assert complexity("".join(words.replace("%d", str(number)) for number in range(count))).factors[factor] == level


@pytest.mark.parametrize(
    ("prompt", "conditions", "references"),
    [
        ("If it rains, stay, unless Ann calls; otherwise go.", 3, 0),
        ("Stay IF and only if it rains, as long as you like", 3, 0),
        ("This and that or the other, and a gift", 0, 0),
        ("{{name}} and {{ name }} and {{other.part}}", 0, 3),
        ("{{name}} twice: {{name}}", 0, 1),
        ("https://a.example/x, http://b.example (see http://b.example)", 0, 2),
        ("{name} {{}} {{a b}} http://", 0, 0),
    ],
)
def test_what_counts_as_a_condition_and_as_a_reference(prompt: str, conditions: int, references: int) -> None:
    measured = measure(prompt)

    assert (measured["conditions"], measured["references"]) == (conditions, references)


def test_data_states_no_condition_and_refers_to_nothing() -> None:
    assert measure("Sort this", "if {{a}}") == {"prompt": 17, "data": 8, "conditions": 0, "references": 0}


@pytest.mark.parametrize(
    ("prompt", "intent"),
    [
        ("Write a line", "generate"),
        ("Please EXPLAIN why the sky is blue", "generate"),
        ("Translate this, then write a summary", "transform"),
        ("Extract the name", "extract"),
        ("Send it to Ann", "action"),
        ("Decide who goes", "conditional"),
        ("What is the capital of France?", "other"),
        ("The writer's lists", "other"),
        ("", "other"),
    ],
)
def test_the_first_word_that_is_known_says_the_intent(prompt: str, intent: str) -> None:
    assert complexity(prompt).intent == intent


@pytest.mark.parametrize(
    ("given", "intent"), [("generate", "generate"), (" Transform ", "transform"), ("mystery", "other"), ("", "other")]
)
def test_an_intent_that_is_given_outranks_the_words(given: str, intent: str) -> None:
    assert complexity("Extract the name", intent=given).intent == intent


@pytest.mark.parametrize(
    ("intent", "score"),
    [("other", 2.5), ("extract", 2.65), ("action", 2.15), ("conditional", 3.0), ("transform", 3.2), ("generate", 4.55)],
)
def test_each_intent_has_a_least_score(intent: str, score: float) -> None:
    assert complexity("x", intent=intent).score == score


@given(TEXTS, TEXTS, st.none() | st.sampled_from([*INTENTS, "mystery"]))
def test_the_score_of_any_text_is_on_the_scale(prompt: str, data: str, intent: str | None) -> None:
    own = complexity(prompt, data, intent)

    assert 0 <= own.score <= 10
    assert all(0 <= factor <= 10 for factor in own.factors.values())


@given(TEXTS, TEXTS, st.sampled_from(list(INTENTS)))
def test_more_of_the_same_is_never_simpler(prompt: str, data: str, intent: str) -> None:
    assert complexity(f"{prompt} {prompt}", data + data, intent).score >= complexity(prompt, data, intent).score
