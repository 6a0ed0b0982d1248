"""What the models of a reviewed request are told: `prompts.toml`, read once."""

import tomllib
from functools import cache
from pathlib import Path

_DATA = Path(__file__).with_name("prompts.toml")


@cache
def texts() -> dict[str, dict[str, str]]:
    """Return the texts by the step that they are for."""
    return tomllib.loads(_DATA.read_text("utf-8"))
