"""The packages that a component may import: those of the frame that renders it.

The default list is data, `allowed_imports.toml`; the setting `ALLOWED_IMPORTS` replaces it.
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Self

_DATA = Path(__file__).with_name("allowed_imports.toml")


class AllowedImports:
    """An allow-list of packages. A name allows a package and its modules; `@scope/*` allows a whole scope."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self._exact = frozenset(self.names)
        self._scopes = tuple(name[:-1] for name in self.names if name.endswith("/*"))

    @classmethod
    def default(cls) -> Self:
        """Return the list that applies if the operator sets none."""
        return cls(_default_packages())

    def allows(self, module: str) -> bool:
        """Return whether a component may import this module."""
        return module in self._exact or package_of(module) in self._exact or module.startswith(self._scopes)


def package_of(module: str) -> str:
    """Return the package that a module belongs to."""
    parts = module.split("/")
    return "/".join(parts[:2]) if module.startswith("@") else parts[0]


@cache
def _default_packages() -> tuple[str, ...]:
    return tuple(tomllib.loads(_DATA.read_text("utf-8"))["packages"])
