"""Which model hosts the functions talk to: the real ones if there is a key for one, else the stand-in's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from local.emulator.child_process import Service
from local.emulator.functions import Function
from local.emulator.host_settings import HOSTS
from local.emulator.output import Output
from local.emulator.settings import Settings


@dataclass(frozen=True)
class ModelHosts:
    """The base URLs of the model hosts by their names, and whether they are the stand-in's."""

    urls: Mapping[str, str]
    stand_in: bool

    @classmethod
    def of(cls, functions: Iterable[Function], settings: Settings) -> Self:
        """Return the hosts with a key, as the functions are told of them by template and environment."""
        environments = [function.environment for function in functions]
        urls = {
            host.name: next(filter(None, (each.get(host.url) for each in environments)), "none")
            for host in HOSTS
            if host.name in settings.hosts
        }
        return cls(urls, stand_in=False)

    @classmethod
    def of_stand_in(cls, openrouter_url: str) -> Self:
        """Return the hosts of a stand-in that says this of where it listens."""
        root = openrouter_url.removesuffix(HOSTS[0].stand_in_path)
        return cls({host.name: root + host.stand_in_path for host in HOSTS}, stand_in=True)

    @property
    def first_url(self) -> str:
        """Return the base URL that comes first: OpenRouter's, where it is one of them."""
        return next(iter(self.urls.values()))

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment that makes a function use the stand-in."""
        if not self.stand_in:
            return {}
        keys = {host.key: "stand-in" for host in HOSTS}
        return keys | {host.url: self.urls[host.name] for host in HOSTS}


class StandIn(Service):
    """The stand-in model hosts as a child process, on a free port."""

    def __init__(self, settings: Settings, output: Output) -> None:
        arguments = ("local.standin", "--port", "0")
        super().__init__("stand-in model host", arguments, settings, output, prefix="STANDIN_")

    async def ready(self) -> ModelHosts:
        """Wait until it listens; ServiceError if it never does."""
        return ModelHosts.of_stand_in(await self.address())
