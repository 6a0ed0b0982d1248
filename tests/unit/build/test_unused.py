from pathlib import Path

import pytest

from local.build.errors import BuildError
from local.build.unused import remove_unused


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    for name in ("a/__init__.py", "a/tests/test_a.py", "a/b/tests/deep/test_b.py", "a/b/c.pyi", "d-1.dist-info/RECORD"):
        path = tmp_path / "python" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "python"


def remaining(layer: Path) -> set[str]:
    return {path.relative_to(layer).as_posix() for path in layer.rglob("*") if path.is_file()}


def remove(layer: Path, *lines: str) -> None:
    unused = layer.parent / "unused.txt"
    unused.write_text("\n".join(lines))
    remove_unused(layer, unused)


def test_what_a_line_names_is_removed(layer: Path) -> None:
    remove(layer, "**/tests  # tests", "*.dist-info/RECORD  # lists", "a/b/c.pyi  # a stub")

    assert remaining(layer) == {"a/__init__.py"}


def test_a_line_that_names_nothing_stops_the_build(layer: Path) -> None:
    """A library that has been rearranged is looked at again."""
    with pytest.raises(BuildError, match=r"unused\.txt:2: nothing in the layer is called a/v1: remove the line"):
        remove(layer, "a/b  # not needed", "a/v1  # the first version")


@pytest.mark.parametrize("line", ["a/b", "a/b # one space", "a/b  # ", "\n"], ids=["none", "space", "empty", "blank"])
def test_each_line_has_its_reason(layer: Path, line: str) -> None:
    with pytest.raises(BuildError, match=r"unused\.txt:1: a line is `pattern  # reason`"):
        remove(layer, line)

    assert "a/b/c.pyi" in remaining(layer)
