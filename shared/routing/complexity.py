"""How complex a request is: a score from 0 to 10 out of its text, by the rules in `complexity.toml`."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).with_name("complexity.toml")
_REFERENCE = re.compile(r"\{\{\s*+[\w.-]++\s*+\}\}|https?://[^\s<>\"')\]]++")
"""A `{{placeholder}}` or a link."""
_OTHER = "other"


class Complexity(NamedTuple):
    """The score of a request, and what it is made of."""

    score: float
    intent: str
    """What is to be done, as `complexity.toml` names it."""
    factors: Mapping[str, float]
    """What the score is the weighted sum of, each from 0 to 10."""


class _Intent(NamedTuple):
    factors: Mapping[str, float]
    weights: Mapping[str, float]


class _Rules(NamedTuple):
    levels: tuple[float, ...]
    neutral: float
    bounds: Mapping[str, list[int]]
    condition: re.Pattern[str]
    intents: Mapping[str, _Intent]
    intent_of_word: Mapping[str, str]
    intent_word: re.Pattern[str]


def complexity(prompt: str, data: str = "", intent: str | None = None) -> Complexity:
    """Return how complex a request is.

    Args:
        prompt: what is asked.
        data: what it is asked about.
        intent: what is to be done, as `complexity.toml` names it; None: the prompt's words say it.
    """
    rules = _rules()
    name = _intent_of(prompt) if intent is None else intent.strip().lower()
    name = name if name in rules.intents else _OTHER
    measured = {factor: _level(factor, count) for factor, count in measure(prompt, data).items()}
    factors = {**measured, **rules.intents[name].factors}
    weights = rules.intents[name].weights
    # Rounded, so that a sum of decimal fractions is on the side of a bound that it is on by hand.
    return Complexity(round(sum(weights[factor] * factors[factor] for factor in weights), 6), name, factors)


def measure(prompt: str, data: str = "") -> dict[str, int]:
    """Return what is measured of a request, by the factor that it decides; conditions up to the last bound."""
    rules = _rules()
    conditions = islice(rules.condition.finditer(prompt), rules.bounds["conditions"][-1])
    return {
        "prompt": len(prompt) + len(data),
        "data": len(data),
        "conditions": sum(1 for _ in conditions),
        "references": len({found[0] for found in _REFERENCE.finditer(prompt)}),
    }


def neutral_score() -> float:
    """Return the score of a request of which nothing is known."""
    return _rules().neutral


def _level(factor: str, count: int) -> float:
    rules = _rules()
    return rules.levels[bisect_right(rules.bounds[factor], count)]


def _intent_of(prompt: str) -> str:
    rules = _rules()
    word = rules.intent_word.search(prompt)
    return rules.intent_of_word[word[0].lower()] if word else _OTHER


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE | re.ASCII)


@cache
def _rules() -> _Rules:
    table = tomllib.loads(_DATA.read_text("utf-8"))
    intents = table["intents"]
    intent_of_word = {word: name for name, intent in intents.items() for word in intent["words"]}
    return _Rules(
        levels=tuple(table["levels"]),
        neutral=table["neutral"],
        bounds=table["bounds"],
        condition=_any_of(table["words"]["conditions"]),
        intents={name: _Intent(intent["factors"], intent["weights"]) for name, intent in intents.items()},
        intent_of_word=intent_of_word,
        intent_word=_any_of(intent_of_word),
    )
