"""The container engine that `sam local invoke` uses, asked over its socket; Docker and podman speak the same API."""

import os
import sys
from collections.abc import Mapping
from typing import Any

import httpx

_DEFAULT = "unix:///var/run/docker.sock"
_NEEDED = (
    "a container engine is needed and none answers at {address}. Start Docker, or start podman with "
    "`podman system service --time=0 unix:///tmp/podman.sock` and set DOCKER_HOST=unix:///tmp/podman.sock."
)


class EngineError(Exception):
    """There is no container engine, or it lacks something."""


class Engine:
    """A container engine that answers.

    Raises:
        EngineError: there is none.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("DOCKER_HOST") or _DEFAULT
        scheme, _, rest = self._address.partition("://")
        base = "http://engine" if scheme == "unix" else f"http://{rest}"
        transport = httpx.HTTPTransport(uds=rest if scheme == "unix" else None)
        self._http = httpx.Client(base_url=base, transport=transport, timeout=5, trust_env=False)
        self._get("/_ping")

    def has_image(self, name: str) -> bool:
        """Return whether an image is there already, so that it need not be pulled."""
        return self._get(f"/images/{name}/json").status_code == httpx.codes.OK

    def host_address(self) -> tuple[str, str]:
        """Return where a container finds this machine, and where that which it is to find has to listen."""
        if sys.platform != "linux":
            return "host.docker.internal", "127.0.0.1"  # Docker Desktop leads from one to the other
        network: dict[str, Any] = self._get("/networks/bridge").json()
        for config in (network.get("IPAM") or {}).get("Config") or []:
            if gateway := config.get("Gateway"):
                return gateway, gateway
        msg = (
            "the container engine's default network has no gateway: set OPENROUTER_K2T_KEY to use the real model host."
        )
        raise EngineError(msg)

    def close(self) -> None:
        """Close the connection to it."""
        self._http.close()

    def _get(self, path: str) -> httpx.Response:
        try:
            return self._http.get(path)
        except httpx.RequestError:
            self.close()
            raise EngineError(_NEEDED.format(address=self._address)) from None
