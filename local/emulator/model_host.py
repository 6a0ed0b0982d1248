"""Which model host the functions talk to: the real one if there is a key for it, else the stand-in, started here."""

from dataclasses import dataclass

from local.emulator.output import Output
from local.emulator.service import Service
from local.emulator.settings import Settings


@dataclass(frozen=True)
class ModelHost:
    """The address of a model host, and whether it is the stand-in."""

    url: str
    stand_in: bool

    @property
    def environment(self) -> dict[str, str]:
        """What a function needs to be told in order to use the stand-in."""
        return {"OPENROUTER_BASE_URL": self.url, "OPENROUTER_K2T_KEY": "stand-in"} if self.stand_in else {}


class StandIn(Service):
    """The stand-in model host as a child process, on a free port."""

    def __init__(self, settings: Settings, output: Output) -> None:
        arguments = ("local.standin", "--port", "0")
        super().__init__("stand-in model host", arguments, settings, output, prefix="STANDIN_")

    async def ready(self) -> ModelHost:
        """Wait until it listens; ServiceError if it never does."""
        return ModelHost(await self.address(), stand_in=True)
