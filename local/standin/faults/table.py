"""How a fault gets into the table: a function, its name, parameters and hosts, and the first line of its docstring."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeAlias, TypeVar

from aiohttp import web

from local.standin.dialects import DIALECTS
from local.standin.directives import DirectiveError, Options
from local.standin.exchange import Exchange
from local.standin.steps import ALL_STEPS, Step

Run: TypeAlias = Callable[[Exchange, Options], Awaitable[web.StreamResponse]]
ALL_HOSTS: Final = tuple(DIALECTS)
OPENROUTER: Final = ("openrouter",)
ALL_BUT_OPENROUTER: Final = tuple(host for host in ALL_HOSTS if host not in OPENROUTER)
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
    EDITS = "edits, where they are asked for"
    REVIEWED = "steps of a reviewed artifact"
    CHANCE = "by chance"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a fault, as `name=form`: alternatives (`a|b`), a unit in capitals for a number, or anything.

    Behind ` at ` stand the hosts that have it, if not all do.
    """

    name: str
    form: str
    hosts: tuple[str, ...] = ALL_HOSTS

    @classmethod
    def parse(cls, text: str) -> "Parameter":
        """Read `name=form` or `name=form at host+host`."""
        name, _, rest = text.partition("=")
        form, _, hosts = rest.partition(" at ")
        return cls(name, form, tuple(hosts.split("+")) if hosts else ALL_HOSTS)

    def __str__(self) -> str:
        """Return it as the list of faults has it."""
        return f"[{self.name}={self.form}{only_at(self.hosts)}]"

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
class Entry:
    """What can be asked for by a directive, as the list of faults has it."""

    name: str
    group: Group
    parameters: tuple[Parameter, ...]
    about: str
    hosts: tuple[str, ...]
    steps: tuple[Step, ...]
    needs_edits: bool


@dataclass(frozen=True, slots=True)
class Fault(Entry):
    """One thing that goes wrong."""

    needs_stream: bool
    run: Run


def only_at(hosts: tuple[str, ...]) -> str:
    """Return ` at` and the hosts; nothing for all of them."""
    return "" if hosts == ALL_HOSTS else f" at {'+'.join(hosts)}"


def only_in(steps: tuple[Step, ...]) -> str:
    """Return ` in` and the steps; nothing for all of them."""
    return "" if steps == ALL_STEPS else f" in {'+'.join(steps)}"


class Family(Generic[FunctionT]):
    """Faults whose functions are all called in the same way; an instance is their decorator.

    Args:
        adapt: makes what a fault runs of its function.
        group: of every fault that names no other.
        needs_stream: whether they happen in streams only.
        needs_edits: whether they happen only where edits are asked for.
        steps: of every fault that names no others.
    """

    def __init__(
        self,
        adapt: Callable[[FunctionT], Run],
        group: Group,
        *,
        needs_stream: bool = False,
        needs_edits: bool = False,
        steps: tuple[Step, ...] = ALL_STEPS,
    ) -> None:
        self.table: dict[str, Fault] = {}
        self._adapt = adapt
        self._group = group
        self._needs_stream = needs_stream
        self._needs_edits = needs_edits
        self._steps = steps

    def __call__(
        self,
        name: str,
        *parameters: str,
        group: Group | None = None,
        hosts: tuple[str, ...] = ALL_HOSTS,
        steps: tuple[Step, ...] | None = None,
    ) -> Callable[[FunctionT], FunctionT]:
        """Enter the decorated function under this name, for these hosts and these steps."""

        def enter(function: FunctionT) -> FunctionT:
            self.table[name] = Fault(
                name=name,
                group=group or self._group,
                parameters=tuple(Parameter.parse(parameter) for parameter in parameters),
                about=(function.__doc__ or "").partition("\n")[0],
                hosts=hosts,
                steps=steps or self._steps,
                needs_edits=self._needs_edits,
                needs_stream=self._needs_stream,
                run=self._adapt(function),
            )
            return function

        return enter
