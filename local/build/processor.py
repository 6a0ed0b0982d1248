"""The processor that a build is for: read from what was built, and written into the built template."""

from pathlib import Path

import yaml

from local.build.errors import BuildError

_PARAMETER = "Architecture"
_ELF = b"\x7fELF"
_MACHINES = {62: "x86_64", 183: "arm64"}
"""Lambda's names for the values of `e_machine` in an ELF header."""


def built_processor(build: Path) -> str:
    """Return what the libraries of all built layers were compiled for: `arm64` or `x86_64`.

    Args:
        build: the folder that `sam build` fills.

    Raises:
        BuildError: nothing is built there, or for several processors, or for one that Lambda does not have.
    """
    processors = {_processor(path) for path in sorted(build.glob("*/python/**/*.so"))}
    if not processors:
        msg = f"there is no built layer in {build}: run `make build` first"
        raise BuildError(msg)
    if len(processors) > 1:
        msg = f"the layers in {build} are for {' and '.join(sorted(processors))}: run `make build` again"
        raise BuildError(msg)
    return processors.pop()


def narrow_architecture(build: Path, asked: str) -> None:
    """Leave parameter Architecture of the built template only what the layers are for, so that no other is deployed.

    Raises:
        BuildError: the layers are for another processor than was asked for.
    """
    built = built_processor(build)
    if built != asked:
        msg = f"the layers in {build} are for {built}, but {asked} was asked for: run `make build ARCH={asked}` again"
        raise BuildError(msg)
    path = build / "template.yaml"
    template = yaml.safe_load(path.read_text("utf-8"))
    template["Parameters"][_PARAMETER] |= {"Default": built, "AllowedValues": [built]}
    path.write_text(yaml.safe_dump(template, sort_keys=False, width=120), "utf-8")


def _processor(library: Path) -> str:
    with library.open("rb") as file:
        header = file.read(20)
    machine = int.from_bytes(header[18:20], "little")
    if header[:4] != _ELF or machine not in _MACHINES:
        msg = f"{library} is for no processor that Lambda has (e_machine {machine}): build with ARCH=arm64 or x86_64"
        raise BuildError(msg)
    return _MACHINES[machine]
