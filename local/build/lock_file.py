"""Chooses requirements of a lock file by name, hashes included, so that one file locks what several layers hold."""

import re
from collections.abc import Collection
from pathlib import Path

from local.build.errors import BuildError


def only(lock_file: Path, names: Collection[str]) -> str:
    """Return the requirements with these names, as pip reads them.

    Raises:
        BuildError: one of the names is not in the file.
    """
    return "".join(text for name, text in _read(lock_file, names).items() if name in names)


def without(lock_file: Path, names: Collection[str]) -> str:
    """Return all requirements but those with these names; raises like `only`."""
    return "".join(text for name, text in _read(lock_file, names).items() if name not in names)


def _read(lock_file: Path, names: Collection[str]) -> dict[str, str]:
    # A requirement begins in the first column; its hashes and comments are indented below it.
    found = re.findall(r"^([\w.-]+)(==.*\n(?:\s.*\n)*)", lock_file.read_text("utf-8"), re.MULTILINE)
    requirements = {name: name + rest for name, rest in found}
    if missing := sorted(set(names) - set(requirements)):
        msg = f"{lock_file} does not lock {', '.join(missing)}, which the Makefile puts into a layer of its own"
        raise BuildError(msg)
    return requirements
