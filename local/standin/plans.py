"""The plans of the examples: `plans/` has them, a file for each kind."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from local.standin.artifact import Artifact
from local.standin.kinds import Kind

PARTS: Final = ("shows", "states", "interactions", "edgeCases")
_FOLDER: Final = Path(__file__).parent / "plans"


def plan_of(example: Artifact) -> dict[str, list[str]]:
    """Return the plan of an example, all its parts in their order."""
    plan = _plans()[example.title]
    return {part: plan.get(part, []) for part in PARTS}


@cache
def _plans() -> Mapping[str, dict[str, list[str]]]:
    """Return the plans by the titles of their examples."""
    files = [tomllib.loads((_FOLDER / f"{kind}.toml").read_text(encoding="utf-8")) for kind in Kind]
    return {title: plan for file in files for title, plan in file.items()}
