"""The properties of a resource of the template, read with the types that they must have."""

from typing import NoReturn

from local.sam_template import TemplateError, Tree


class Properties:
    """A map of the template, read with the types that it must have; TemplateError names what has another."""

    def __init__(self, where: str, value: Tree) -> None:
        self._where = where
        if not isinstance(value, dict):
            msg = f"{where} must be a map in the template"
            raise TemplateError(msg)
        self._values = value

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str | None = None) -> str:
        """Return a value as text; numbers and truth values are written as YAML writes them."""
        value = self._values.get(name, default)
        if isinstance(value, bool):
            return str(value).lower()
        return str(value) if isinstance(value, str | int | float) else self._refuse(name, "text")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty where there is none."""
        value = self._values.get(name, [])
        return tuple(map(str, value)) if isinstance(value, list) else self._refuse(name, "a list")

    def number(self, name: str, default: float) -> float:
        """Return a value as a number."""
        try:
            return float(self.text(name, str(default)))
        except ValueError:
            self._refuse(name, "a number")

    def part(self, name: str) -> "Properties":
        """Return the map under a name, empty where there is none."""
        return Properties(f"{self._where}.{name}", self._values.get(name, {}))

    def items(self) -> dict[str, str]:
        """Return all values as text by their names."""
        return {name: self.text(name) for name in self._values}

    def _refuse(self, name: str, what: str) -> NoReturn:
        msg = f"{self._where}.{name} must be {what} in the template"
        raise TemplateError(msg)
