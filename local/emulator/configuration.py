"""What the page is told at `/config`: the model hosts and their faults, the libraries, how the functions are set."""

from typing import Any
from urllib.parse import urljoin

import aiohttp
from aiohttp import web

from local.emulator.functions import Function
from local.emulator.libraries import ROUTE, Libraries
from local.emulator.model_host import ModelHosts
from local.emulator.settings import Settings

_CDN = "https://cdn.jsdelivr.net/npm/"
_STAND_IN_SECONDS = 5


class Configuration:
    """Tells the page what there is."""

    def __init__(
        self, functions: list[Function], hosts: ModelHosts, settings: Settings, libraries: Libraries | None = None
    ) -> None:
        self._hosts = hosts
        self._settings = settings
        self._libraries = libraries or Libraries()
        self._models = [model.strip() for model in _setting(functions, "MODELS").split(",") if model.strip()]
        self._workflow = _setting(functions, "WORKFLOW") or "direct"
        self._faults: list[dict[str, Any]] = []

    @property
    def routes(self) -> list[web.RouteDef]:
        """Return the routes that tell of it, and serve the libraries."""
        return [web.get("/config", self._get), *self._libraries.routes]

    async def _get(self, _: web.Request) -> web.Response:
        if self._hosts.stand_in and not self._faults:
            self._faults = await _faults_of(self._hosts)
        offline = self._libraries.are_installed()
        return web.json_response(
            {
                "hosts": dict(self._hosts.urls),
                "standIn": self._hosts.stand_in,
                "libraries": self._settings.libraries_url or (ROUTE if offline else _CDN),
                "offline": offline,
                "faults": self._faults,
                "models": self._models,
                "workflow": self._workflow,
                "guard": self._settings.guard,
            }
        )


def _setting(functions: list[Function], name: str) -> str:
    """Return a setting of the functions; empty where none of them has it."""
    return next(filter(None, (function.environment.get(name, "").strip() for function in functions)), "")


async def _faults_of(hosts: ModelHosts) -> list[dict[str, Any]]:
    """Ask the stand-in what it can do wrong; nothing where it does not answer."""
    time_limit = aiohttp.ClientTimeout(total=_STAND_IN_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=time_limit) as session,
            session.get(urljoin(hosts.first_url, "/faults")) as response,
        ):
            faults: list[dict[str, Any]] = await response.json()
            return faults
    except (aiohttp.ClientError, TimeoutError):
        return []
