from pathlib import Path
from typing import Any

import pytest
import yaml

from local.build.__main__ import main
from local.build.errors import BuildError
from local.build.processor import built_processor, narrow_architecture
from local.sam_template import Template

ROOT = Path(__file__).parents[3]
E_MACHINE = {"x86_64": 62, "arm64": 183, "riscv64": 243}
SECTIONS = ("Parameters", "Rules", "Conditions", "Globals", "Resources", "Outputs")


def library(build: Path, processor: str, name: str = "SharedLayer/python/a.so") -> None:
    """The header of a library, as far as it is read."""
    path = build / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x7fELF\x02\x01\x01".ljust(16, b"\0") + bytes([3, 0, E_MACHINE[processor], 0]) + bytes(44))


@pytest.mark.parametrize("processor", ["arm64", "x86_64"])
def test_processor_is_read_from_the_libraries(tmp_path: Path, processor: str) -> None:
    library(tmp_path, processor)
    library(tmp_path, processor, "TokenLayer/python/b/_rust.abi3.so")

    assert built_processor(tmp_path) == processor


def test_a_build_that_is_for_no_one_processor_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"there is no built layer in .*: run `make build` first"):
        built_processor(tmp_path)
    library(tmp_path, "arm64")
    library(tmp_path, "x86_64", "TokenLayer/python/b.so")
    with pytest.raises(BuildError, match="are for arm64 and x86_64: run `make build` again"):
        built_processor(tmp_path)
    library(tmp_path, "riscv64")
    with pytest.raises(BuildError, match=r"a\.so is for no processor that Lambda has \(e_machine 243\)"):
        built_processor(tmp_path)
    (tmp_path / "SharedLayer/python/a.so").write_text("#!/bin/sh\n")
    with pytest.raises(BuildError, match=r"a\.so is for no processor that Lambda has"):
        built_processor(tmp_path)


def built_template(build: Path) -> Any:
    """The template in its long form, as `sam build` writes it."""
    read = Template.read(ROOT / "template.yaml", {})
    template = {"AWSTemplateFormatVersion": "2010-09-09"} | {name: read.section(name) for name in SECTIONS}
    (build / "template.yaml").write_text(yaml.safe_dump(template, sort_keys=False))
    return template


def test_the_built_template_takes_no_other_processor(tmp_path: Path) -> None:
    """Neither by default nor by a parameter, and nothing else of it changes."""
    library(tmp_path, "x86_64")
    template = built_template(tmp_path)

    narrow_architecture(tmp_path, "x86_64")

    narrowed = yaml.safe_load((tmp_path / "template.yaml").read_text())
    parameter = narrowed["Parameters"]["Architecture"]
    assert (parameter["Default"], parameter["AllowedValues"]) == ("x86_64", ["x86_64"])
    template["Parameters"]["Architecture"] |= {"Default": "x86_64", "AllowedValues": ["x86_64"]}
    assert narrowed == template


def test_what_was_built_for_another_processor_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library(tmp_path, "x86_64")
    built_template(tmp_path)
    before = (tmp_path / "template.yaml").read_bytes()

    assert main(["narrow-architecture", str(tmp_path), "arm64"]) == 1

    said = capsys.readouterr().err
    assert said.startswith("make build: the layers in ")
    assert said.endswith(" are for x86_64, but arm64 was asked for: run `make build ARCH=arm64` again\n")
    assert (tmp_path / "template.yaml").read_bytes() == before
