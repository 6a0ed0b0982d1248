"""The renderer's list of libraries offers what a component may import, in the versions that the check knows."""

import json
import re
import zlib
from pathlib import Path
from typing import Any, Final

import pytest

from shared.artifacts.allowed_imports import AllowedImports, package_of

ROOT: Final = Path(__file__).parents[2]
LIST: Final = json.loads((ROOT / "docs/client/renderer/libraries.json").read_text())
CHECKED: Final = json.loads(
    zlib.decompress((ROOT / "shared/artifacts/syntax/parsers/exports.json.z").read_bytes())
)  # fmt: skip
FRAME: Final = json.loads((ROOT / "local/parsers/frame/package.json").read_text())
PARSERS: Final = json.loads((ROOT / "local/parsers/package.json").read_text())["devDependencies"]


def home(target: str | list[str]) -> tuple[str, str, str]:
    """Package, version and file of what a module leads to."""
    found = re.fullmatch(r"((?:@[^/]+/)?[^/@]+)@([^/]+)/(.+)", target if isinstance(target, str) else target[0])
    assert found is not None
    return found[1], found[2], found[3]


def entry(target: str | list[str]) -> dict[str, Any] | None:
    name, version, file = home(target)
    found: dict[str, Any] | None = LIST["packages"].get(f"{name}@{version}", {}).get(file)
    return found


def test_each_allowed_package_is_offered_and_no_other() -> None:
    allowed = set(AllowedImports.default().names)

    assert {package_of(module) for module in LIST["modules"]} == allowed
    assert allowed <= set(LIST["modules"])


def test_each_module_leads_to_a_file_of_the_list() -> None:
    for module, target in LIST["modules"].items():
        if not module.endswith("*") or isinstance(target, list):
            assert entry(target) is not None, module


def test_each_import_of_a_file_leads_to_a_file_of_the_list() -> None:
    for package, files in LIST["packages"].items():
        for file, described in files.items():
            imports = described.get("imports", [])
            rows = imports.values() if isinstance(imports, dict) else [row[2] for row in imports]
            passed = [origin for origin, _ in described.get("barrel", {}).values()]
            for target in (*rows, *passed):
                whole = f"{package}/{target[2:]}" if target and target.startswith("./") else target
                assert whole is None or entry(whole) is not None, f"{package}/{file} imports {target}"


def test_each_file_has_a_hash() -> None:
    for files in LIST["packages"].values():
        for described in files.values():
            assert re.fullmatch(r"sha256-[A-Za-z0-9+/]{43}=", described["integrity"])


def test_versions_are_those_that_the_check_knows() -> None:
    for module, target in LIST["modules"].items():
        if module in CHECKED and not module.endswith("*"):
            name, version, _ = home(target)
            assert (module, FRAME["dependencies"][module]) == (name, version)
            assert CHECKED[module]["version"] == version


@pytest.mark.parametrize(("tool", "parser"), [("babel", "@babel/parser"), ("mermaid", "mermaid")])
def test_what_reads_an_artifact_is_what_checked_it(tool: str, parser: str) -> None:
    _, version, _ = home(LIST["tools"][tool])

    assert version == PARSERS[parser]


def test_the_check_lets_through_the_modules_of_the_list() -> None:
    for package in AllowedImports.default().names:
        known = CHECKED[package]
        offered = {module for module in LIST["modules"] if package_of(module) == package and "*" not in module}
        assert offered <= {*known["entries"], *known["paths"]}, package


def test_the_list_has_what_the_check_lets_through() -> None:
    for package in AllowedImports.default().names:
        for path in (*CHECKED[package]["entries"], *CHECKED[package]["paths"]):
            assert leads_somewhere(path), path


def leads_somewhere(module: str) -> bool:
    """What `lookup` in libraries.js does: by its name, without its extension, or by a pattern."""
    for name in (module, module.removesuffix(".js")):
        if name in LIST["modules"]:
            return True
        folder, _, rest = name.rpartition("/")
        while folder:
            target = LIST["modules"].get(f"{folder}/*")
            if isinstance(target, list) or (
                target and (entry(target.replace("*", rest)) or entry(f"{target.replace('*', rest)}.js"))
            ):
                return True
            folder, _, last = folder.rpartition("/")
            rest = f"{last}/{rest}"
    return False
