"""What can be asked of the stand-in inside a prompt: `[[fault NAME key=value …]]` and `[[edit from="…" to="…"]]`.

A fault can be asked for in a setting too, as `NAME key=value …`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

# Atomic, so that a quotation mark without its partner is read once.
_IN_PROMPT: Final = re.compile(r"""\[\[\s*(fault|edit)\b((?>(?:="[^"]*"|='[^']*'|[^\[\]])*))\]\]""")
_NAME: Final = re.compile(r"\s*([a-z0-9][a-z0-9-]*)(?=\s|$)")
_OPTION: Final = re.compile(r"""\s+([a-z_]+)=(?:"([^"]*)"|'([^']*)'|(\S+))""")


class DirectiveError(ValueError):
    """A directive that cannot be followed; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Options:
    """The `key=value` pairs of a directive, read by type."""

    values: Mapping[str, str]

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, default: str = "") -> str:
        """Return the value as it was written."""
        return self.values.get(key, default)

    def flag(self, key: str) -> bool:
        """Return true for any value but 0, no and false."""
        return self.values.get(key, "0").lower() not in {"0", "no", "false"}

    def number(self, key: str, default: float) -> float:
        """Return the value as a number of at least 0.

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
        """Return the value as a whole number of at least 0.

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

    @property
    def hosts(self) -> tuple[str, ...] | None:
        """Return the hosts that it is meant for (`at=one+other`), or None for all."""
        return tuple(self.options.text("at").split("+")) if "at" in self.options else None

    @property
    def steps(self) -> tuple[str, ...] | None:
        """Return the steps of a reviewed request that it is meant for (`step=one+other`), or None if it names none."""
        return tuple(self.options.text("step").split("+")) if "step" in self.options else None

    def is_for(self, host: str) -> bool:
        """Return whether it is meant for this host."""
        return self.hosts is None or host in self.hosts

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
            values[option[1]] = next(value for value in option.groups()[1:] if value is not None)
            end = option.end()
        if text[end:].strip():
            msg = f"{text[end:].strip()!r} is not a key=value"
            raise DirectiveError(msg)
        return cls(name[1], Options(values))


@dataclass(frozen=True, slots=True)
class Edit:
    """A text to be replaced in the code that is to be fixed, and what takes its place."""

    old: str
    new: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `from="…" to="…"`.

        Raises:
            DirectiveError: when the text is anything else.
        """
        values = Directive.parse(f"edit {text}").options.values
        if values.keys() != {"from", "to"} or not values["from"]:
            msg = f'an edit is [[edit from="…" to="…"]], and not {text.strip()!r}'
            raise DirectiveError(msg)
        return cls(values["from"], values["to"])

    def apply(self, code: str) -> str:
        """Return the code with the one text wherever the other was.

        Raises:
            DirectiveError: when it was nowhere.
        """
        if self.old not in code:
            msg = f"{self.old!r} is not in the code that is to be fixed"
            raise DirectiveError(msg)
        return code.replace(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A prompt, and what its directives ask for, each as it was written."""

    text: str
    faults: tuple[str, ...]
    edits: tuple[str, ...]

    @classmethod
    def read(cls, prompt: str) -> Self:
        """Take the directives out of a prompt."""
        found = _IN_PROMPT.findall(prompt)
        faults, edits = (tuple(inside for name, inside in found if name == wanted) for wanted in ("fault", "edit"))
        return cls(_IN_PROMPT.sub("", prompt), faults, edits)
