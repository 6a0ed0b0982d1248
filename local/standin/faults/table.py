"""How a fault gets into the table: a function, its name, its parameters, and the first line of its docstring."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

from aiohttp import web

from local.standin.directives import DirectiveError, Options
from local.standin.exchange import Exchange

Run: TypeAlias = Callable[[Exchange, Options], Awaitable[web.StreamResponse]]
_NUMBERS: Final = {"SECONDS", "MS", "PERCENT", "P"}
FunctionT = TypeVar("FunctionT", bound=Callable[..., object])


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
    parameters: tuple[Parameter, ...]
    about: str
    needs_stream: bool
    run: Run


class Family(Generic[FunctionT]):
    """Faults of one sort, whose functions are all called in the same way; an instance is their decorator."""

    def __init__(self, adapt: Callable[[FunctionT], Run], *, needs_stream: bool = False) -> None:
        self.table: dict[str, Fault] = {}
        self._adapt = adapt
        self._needs_stream = needs_stream

    def __call__(self, name: str, *parameters: str) -> Callable[[FunctionT], FunctionT]:
        """Enter the decorated function under this name."""

        def enter(function: FunctionT) -> FunctionT:
            about = (function.__doc__ or "").partition("\n")[0]
            forms = tuple(Parameter.parse(parameter) for parameter in parameters)
            self.table[name] = Fault(name, forms, about, self._needs_stream, self._adapt(function))
            return function

        return enter
