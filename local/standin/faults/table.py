"""How a fault gets into the table: a function, its name, its parameters, and the first line of its docstring."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeAlias, TypeVar

from aiohttp import web

from local.standin.directives import DirectiveError, Options
from local.standin.exchange import Exchange

Run: TypeAlias = Callable[[Exchange, Options], Awaitable[web.StreamResponse]]
_NUMBERS: Final = {"SECONDS", "MS", "PERCENT", "P"}
FunctionT = TypeVar("FunctionT", bound=Callable[..., object])


class Group(StrEnum):
    """What kind of thing goes wrong, in the words and the order in which people read of it."""

    STATUS = "an error status"
    IN_200 = "an error inside 200"
    MID_STREAM = "in mid-stream"
    ENDLESS = "without end"
    WRITTEN = "a good answer, otherwise written"
    BILLED = "a good answer, otherwise billed"
    NOT_WHOLE = "content that is no whole artifact"
    AROUND = "an artifact with something around it"
    CHANCE = "by chance"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a fault, as `name=form`: alternatives (`a|b`), a unit in capitals for a number, or anything."""

    name: str
    form: str

    @classmethod
    def parse(cls, text: str) -> "Parameter":
        """Read `name=form`."""
        name, _, form = text.partition("=")
        return cls(name, form)

    def check(self, options: Options) -> None:
        """Refuse a value that is not of this form.

        Raises:
            DirectiveError: with the value and what it should be.
        """
        if self.name not in options:
            return
        value = options.text(self.name)
        if self.form in _NUMBERS:
            options.number(self.name, 0)
        elif self.form == "N":
            options.whole(self.name, 0)
        elif "|" in self.form and value not in self.form.split("|"):
            msg = f"{self.name}={value} is none of {self.form}"
            raise DirectiveError(msg)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong."""

    name: str
    group: Group
    parameters: tuple[Parameter, ...]
    about: str
    needs_stream: bool
    run: Run


class Family(Generic[FunctionT]):
    """Faults whose functions are all called in the same way; an instance is their decorator.

    Args:
        adapt: makes what a fault runs of its function.
        group: of every fault that names no other.
        needs_stream: whether they happen in streams only.
    """

    def __init__(self, adapt: Callable[[FunctionT], Run], group: Group, *, needs_stream: bool = False) -> None:
        self.table: dict[str, Fault] = {}
        self._adapt = adapt
        self._group = group
        self._needs_stream = needs_stream

    def __call__(self, name: str, *parameters: str, group: Group | None = None) -> Callable[[FunctionT], FunctionT]:
        """Enter the decorated function under this name."""

        def enter(function: FunctionT) -> FunctionT:
            about = (function.__doc__ or "").partition("\n")[0]
            forms = tuple(Parameter.parse(parameter) for parameter in parameters)
            run = self._adapt(function)
            self.table[name] = Fault(name, group or self._group, forms, about, self._needs_stream, run)
            return function

        return enter
