"""What the stand-in can be told at its start: by the environment (`STANDIN_*`), outranked by the command line."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Self, TypeAlias, get_args

from local.standin.directives import Directive, DirectiveError

Pace: TypeAlias = Literal["natural", "instant"]

LOOPBACK: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8788
_HIGHEST_PORT: Final = 65535


class SettingsError(ValueError):
    """A setting of the stand-in makes no sense; the text says which and why."""


@dataclass(frozen=True, slots=True)
class StandinSettings:
    """What can be chosen: address, port (0: any free one), pace, a fault for every call, and the seed of `mix`."""

    port: int = DEFAULT_PORT
    pace: Pace = "natural"
    fault: str = ""
    seed: int = 0
    host: str = LOOPBACK

    def __post_init__(self) -> None:
        """Refuse a port that cannot be.

        Raises:
            SettingsError: with the offending value quoted.
        """
        if not 0 <= self.port <= _HIGHEST_PORT:
            msg = f"the port must be 0 to {_HIGHEST_PORT}, not {self.port}"
            raise SettingsError(msg)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Return the settings that the `STANDIN_*` variables ask for; an empty variable counts as not set.

        Raises:
            SettingsError: when a variable makes no sense.
        """
        values = os.environ if environment is None else environment
        return cls(
            port=whole_number(values.get("STANDIN_PORT") or str(DEFAULT_PORT)),
            pace=named_pace(values.get("STANDIN_PACE") or "natural"),
            fault=values.get("STANDIN_FAULT", ""),
            seed=whole_number(values.get("STANDIN_SEED") or "0"),
        )

    @property
    def directive(self) -> Directive | None:
        """Return the fault for every attempt, or None.

        Raises:
            SettingsError: when the setting cannot be read as a directive.
        """
        try:
            return Directive.parse(self.fault) if self.fault.strip() else None
        except DirectiveError as error:
            raise SettingsError(str(error)) from error


def whole_number(text: str) -> int:
    """Return `text` as an integer.

    Raises:
        SettingsError: when it is none.
    """
    try:
        return int(text)
    except ValueError:
        msg = f"{text!r} is not a whole number"
        raise SettingsError(msg) from None


def named_pace(text: str) -> Pace:
    """Return the pace of this name.

    Raises:
        SettingsError: when there is none.
    """
    for pace in get_args(Pace):
        if text == pace:
            return "instant" if pace == "instant" else "natural"
    msg = f"the pace must be one of {', '.join(get_args(Pace))}, not {text!r}"
    raise SettingsError(msg)
