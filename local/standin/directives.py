"""How a fault is asked for: `[[fault NAME key=value …]]` in a prompt, or `NAME key=value …` in a setting."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

_IN_PROMPT: Final = re.compile(r"\[\[\s*fault\b([^\[\]]*)\]\]")
_NAME: Final = re.compile(r"\s*([a-z0-9][a-z0-9-]*)(?=\s|$)")
_OPTION: Final = re.compile(r"""\s+([a-z_]+)=(?:"([^"]*)"|(\S+))""")


class DirectiveError(ValueError):
    """A directive that cannot be followed; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Options:
    """The `key=value` pairs of a directive, read by type."""

    values: Mapping[str, str]

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, default: str = "") -> str:
        """The value as it was written."""
        return self.values.get(key, default)

    def flag(self, key: str) -> bool:
        """True for any value but 0, no and false."""
        return self.values.get(key, "0").lower() not in {"0", "no", "false"}

    def number(self, key: str, default: float) -> float:
        """The value as a number of at least 0.

        Raises:
            DirectiveError: when it is none.
        """
        try:
            number = float(self.values.get(key, default))
        except ValueError:
            number = -1
        if not 0 <= number < float("inf"):
            msg = f"{key}={self.values[key]} is not a number of 0 or more"
            raise DirectiveError(msg)
        return number

    def whole(self, key: str, default: int) -> int:
        """The value as a whole number of at least 0.

        Raises:
            DirectiveError: when it is none.
        """
        number = self.number(key, default)
        if number != int(number):
            msg = f"{key}={self.values[key]} is not a whole number"
            raise DirectiveError(msg)
        return int(number)


@dataclass(frozen=True, slots=True)
class Directive:
    """One fault by name, with its options."""

    name: str
    options: Options

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `NAME key=value key="two words"`.

        Raises:
            DirectiveError: when the text is anything else.
        """
        name = _NAME.match(text)
        if name is None:
            msg = f"{text.strip()!r} does not begin with the name of a fault"
            raise DirectiveError(msg)
        values: dict[str, str] = {}
        end = name.end()
        while option := _OPTION.match(text, end):
            values[option[1]] = option[3] if option[2] is None else option[2]
            end = option.end()
        if text[end:].strip():
            msg = f"{text[end:].strip()!r} is not a key=value"
            raise DirectiveError(msg)
        return cls(name[1], Options(values))


def take_directive(text: str) -> tuple[str, str | None]:
    """The text without its directives, and the inside of the first one, if any."""
    found = _IN_PROMPT.search(text)
    return _IN_PROMPT.sub("", text), found[1] if found else None
