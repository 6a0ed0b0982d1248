"""Which model host the functions talk to: the real one if there is a key for it, else the stand-in, started here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from local.emulator.child_process import Service
from local.emulator.functions import Function
from local.emulator.output import Output
from local.emulator.settings import Settings


@dataclass(frozen=True)
class ModelHost:
    """The address of a model host, and whether it is the stand-in."""

    url: str
    stand_in: bool

    @classmethod
    def of(cls, functions: Iterable[Function]) -> Self:
        """Return the host that the functions are told of by template and environment."""
        urls = (function.environment.get("OPENROUTER_BASE_URL") for function in functions)
        return cls(next(filter(None, urls), "none"), stand_in=False)

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment that makes a function use the stand-in."""
        return {"OPENROUTER_BASE_URL": self.url, "OPENROUTER_K2T_KEY": "stand-in"} if self.stand_in else {}


class StandIn(Service):
    """The stand-in model host as a child process, on a free port."""

    def __init__(self, settings: Settings, output: Output) -> None:
        arguments = ("local.standin", "--port", "0")
        super().__init__("stand-in model host", arguments, settings, output, prefix="STANDIN_")

    async def ready(self) -> ModelHost:
        """Wait until it listens; ServiceError if it never does."""
        return ModelHost(await self.address(), stand_in=True)
