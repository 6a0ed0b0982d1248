"""Twelve mechanical ways to break a component, as a model or a cut answer breaks it."""

import random
import re
from collections.abc import Callable

Damage = Callable[[str, random.Random], str]

_SWAPS = {"(": ")", ")": "(", "{": "}", "}": "{", "[": "]", "]": "["}
_PROSE = (
    "This component keeps its state and shows it in a list.",
    "Here is the rest of the component:",
    "Done.",
    "Note: adjust the colors to your needs.",
    "I hope this helps!",
    "Enjoy!",
)


def cut(code: str, chance: random.Random) -> str:
    """End it at any place, as an answer ends that had no room."""
    return code[: chance.randrange(len(code) // 4, max(len(code) - 1, len(code) // 4 + 1))]


def without(pattern: str) -> Damage:
    """Delete one place that matches."""
    return _at(pattern, lambda _: "")


def doubled(pattern: str) -> Damage:
    """Write one place that matches twice."""
    return _at(pattern, lambda found: found * 2)


def swapped(code: str, chance: random.Random) -> str:
    """Turn one bracket round."""
    return _at(r"[(){}\[\]]", _SWAPS.__getitem__)(code, chance)


def renamed_tag(code: str, chance: random.Random) -> str:
    """Close one tag by another name."""
    return _at(r"</\w[\w.]*>", lambda found: "</div>" if found != "</div>" else "</span>")(code, chance)


def with_line(*lines: str) -> Damage:
    """Put one of these lines between two lines, or behind the last."""

    def damage(code: str, chance: random.Random) -> str:
        kept = code.split("\n")
        kept.insert(chance.randrange(len(kept) + 1), chance.choice(lines))
        return "\n".join(kept)

    return damage


def _at(pattern: str, change: Callable[[str], str]) -> Damage:
    compiled = re.compile(pattern)

    def damage(code: str, chance: random.Random) -> str:
        places = list(compiled.finditer(code))
        if not places:
            return code
        found = chance.choice(places)
        return code[: found.start()] + change(found[0]) + code[found.end() :]

    return damage


WAYS: dict[str, Damage] = {
    "cut anywhere": cut,
    "a brace deleted": without(r"[{}]"),
    "a brace doubled": doubled(r"[{}]"),
    "a parenthesis deleted": without(r"[()]"),
    "a tag deleted": without(r"</?[A-Za-z][\w.]*>"),
    "a tag closed by another name": renamed_tag,
    "an angle bracket deleted": without(r"[<>]"),
    "a quote deleted": without(r"['\"`]"),
    "a comma deleted": without(r","),
    "a bracket turned round": swapped,
    "a fence line inserted": with_line("```", "```jsx"),
    "a line of prose inserted": with_line(*_PROSE),
}
