"""Arrows point one way, from functions to the catalog (`ORDER`); and from edge past them to guard."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ORDER = [
    "functions", "shared.edge", "shared.artifacts", "shared.chat", "shared.routing", "shared.model_host",
    "shared.guard", "shared.run", "shared.costs", "shared.catalog", "shared.lambda_runtime",
]  # fmt: skip
FOR_ALL = {
    "shared",
    "shared.aws",
    "shared.secrets_manager",
    "shared.key_hashes",
    "shared.bounded",
    "shared.transport",
    "shared.progress",
    "shared.settings",
    "shared.deadline",
    "shared.metadata",
    "shared.errors",
}
ONLY_EDGE = {"shared.logs", "shared.guard"}


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name for name in names if name.split(".")[0] in {"shared", "functions", "local", "tests", "benchmarks"}}


def room(name: str) -> str | None:
    return next((each for each in ORDER if name == each or name.startswith(f"{each}.")), None)


FILES = [path for folder in ("functions", "shared") for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_from_its_own_room_or_below(path: Path) -> None:
    here = room(".".join(path.relative_to(ROOT).with_suffix("").parts))

    for name in imports(path):
        there = room(name)
        if there is None:
            shared = next((each for each in FOR_ALL | ONLY_EDGE if name == each or name.startswith(f"{each}.")), None)
            assert shared is not None, f"{name} is none of the rooms that a function may import"
            assert shared not in ONLY_EDGE or here == "shared.edge", f"{name} is the edge's"
        elif here is not None:
            assert ORDER.index(here) <= ORDER.index(there), f"{name} points the wrong way"
            assert there not in ONLY_EDGE or here in {there, "shared.edge"}, f"{name} is the edge's"
        else:
            assert path.name == "logs.py", f"{path.name} may be imported by all, so it imports no room"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_from_another_package_by_its_face(path: Path) -> None:
    """At most `shared.artifacts.syntax`: what lies deeper is a package's own business."""
    package = path.relative_to(ROOT).parts[:3]
    modules = [
        node.module.split(".")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module
    ]

    deep = [".".join(parts) for parts in modules if parts[0] == "shared" and len(parts) > 3]
    assert not [name for name in deep if tuple(name.split(".")[:3]) != package]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_runtime_and_the_bundle_know_nothing_of_each_other(path: Path) -> None:
    """The same handler runs on Lambda's own runtime; and ours starts before anything of the bundle is loaded."""
    runtime = "shared.lambda_runtime"
    is_runtime = path.parent.name == "lambda_runtime"

    assert all(name.startswith(runtime) is is_runtime or name == "shared" for name in imports(path))


def test_the_stand_in_shares_nothing_with_what_it_tests() -> None:
    for path in (ROOT / "local" / "standin").rglob("*.py"):
        assert not {name for name in imports(path) if name.startswith(("shared", "functions"))}, path


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_group_is_repeated_possessively(path: Path) -> None:
    """Before 3.11.5, Python matches `(?:…)*+` wrongly (CPython issue 106052); an atomic group says the same."""
    strings = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]

    assert not [text for text in strings if isinstance(text, str) and re.search(r"(?<!\\)\)[*+?]\+", text)]
