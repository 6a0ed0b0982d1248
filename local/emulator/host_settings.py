"""The settings of each model host, and where the stand-in has it."""

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass


@dataclass(frozen=True)
class HostSettings:
    """One host: the names of its settings, and the path of the stand-in's base URL.

    Attributes:
        name: as in the names of models.
        key: the setting of its key.
        url: the setting of its base URL.
        stand_in_path: where the stand-in has it.
        needs_url: whether there is no other base URL than that of the setting.
    """

    name: str
    key: str
    url: str
    stand_in_path: str
    needs_url: bool = False

    def problem(self, environment: Mapping[str, str]) -> str | None:
        """Return what is wrong where one setting is there without the other."""
        if self.url in environment and self.key not in environment:
            return f"{self.url} is set and {self.key} is not: set both to use that host, or neither."
        if self.needs_url and self.key in environment and self.url not in environment:
            return f"{self.key} is set and {self.url} is not: set both to use that host, or neither."
        return None


HOSTS = (
    HostSettings("openrouter", "OPENROUTER_K2T_KEY", "OPENROUTER_BASE_URL", "/api/v1"),
    HostSettings("moonshot", "MOONSHOT_KEY", "MOONSHOT_BASE_URL", "/moonshot/v1"),
    HostSettings("kimi", "KIMI_KEY", "KIMI_BASE_URL", "/kimi/coding/v1"),
    HostSettings("custom", "CUSTOM_HOST_KEY", "CUSTOM_HOST_URL", "/custom/v1", needs_url=True),
)


def drop_blank(environment: MutableMapping[str, str]) -> None:
    """Remove settings of hosts that were left blank, as in a copied `.env`: they are not set."""
    for host in HOSTS:
        for name in (host.key, host.url):
            if not environment.get(name, "").strip():
                environment.pop(name, None)


def problems(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the settings of the hosts."""
    for host in HOSTS:
        if problem := host.problem(environment):
            yield problem
