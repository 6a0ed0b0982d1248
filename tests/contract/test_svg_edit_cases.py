"""Edits of drawings that nobody of this project made, from the folder that ARTIFACT_CASES names.

Of each case there is a drawing before and after a change. The edits between are those that the stand-in writes.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.standin.blocks import as_text, blocks_between
from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.edits import apply_edits, read_edits
from shared.artifacts.extraction import unwrap
from shared.artifacts.kinds import Kind
from shared.artifacts.syntax import find_problems

if not os.environ.get("ARTIFACT_CASES"):
    pytest.skip("ARTIFACT_CASES names no folder with cases", allow_module_level=True)

FILE = Path(os.environ["ARTIFACT_CASES"]) / "svg_edits.json"
if not FILE.is_file():
    pytest.skip(f"there is no {FILE.name} in the folder that ARTIFACT_CASES names", allow_module_level=True)

# Drawings that the published change moves out of sight: it turns them about the corner of the canvas. The edits apply
# like any others, and the check is right. A case that draws nothing without standing here fails, and so does one that
# stands here and draws something.
DRAW_NOTHING = {"easy-27", "easy-69"}
OUT_OF_SIGHT = "This draws nothing: all of it lies outside the `viewBox`."

IMPORTS = AllowedImports.default()
CASES = [pytest.param(each, id=each["id"]) for each in json.loads(FILE.read_text())["cases"]]


def as_given(code: str) -> str:
    return code


def element_a_line(code: str) -> str:
    """A drawing in one line changes as a whole; with an element a line, a change is that of a few."""
    lines = code.replace(" />", "/>").replace("><", ">\n<").split("\n")
    return "\n".join(line.strip() for line in lines)


def test_the_file_has_cases() -> None:
    assert CASES


@pytest.mark.parametrize("layout", [as_given, element_a_line], ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("case", CASES)
def test_edits_lead_from_the_original_to_the_modified_drawing(
    case: dict[str, Any], layout: Callable[[str], str]
) -> None:
    """They are read from an answer, apply one after the other, and the drawing passes the check."""
    original, modified = (layout(unwrap(case[name])[0]) for name in ("original", "modified"))
    assert original != modified

    blocks = blocks_between(original, modified)
    answer = read_edits(f"Here are the edits:\n\n```svg\n{as_text(blocks)}\n```\n")

    assert (len(answer.edits), answer.unfinished, answer.problem) == (len(blocks), False, None)
    changed = apply_edits(original, answer.edits)
    assert changed == modified
    problems = [problem.message for problem in find_problems(changed, Kind.SVG, None, IMPORTS)]
    assert problems == ([OUT_OF_SIGHT] if case["id"] in DRAW_NOTHING else [])
