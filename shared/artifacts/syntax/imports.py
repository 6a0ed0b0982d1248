"""Which packages a component may import: those that the frame it is rendered in has."""

from collections.abc import Iterable


class Imports:
    """An allow-list of packages. A name allows the package and what lies in it; `@scope/*` allows a whole scope."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self._exact = frozenset(self.names)
        self._scopes = tuple(name[:-1] for name in self.names if name.endswith("/*"))

    def allows(self, module: str) -> bool:
        """Return whether a component may import this module."""
        return module in self._exact or package_of(module) in self._exact or module.startswith(self._scopes)


def package_of(module: str) -> str:
    """Return the package that a module lies in."""
    parts = module.split("/")
    return "/".join(parts[:2]) if module.startswith("@") else parts[0]
