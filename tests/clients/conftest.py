"""The clients, each of which starts with the first test of it and then stays."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.clients.clients import CLIENTS, Client
from tests.clients.driver import Driver, driver
from tests.clients.served import Served, served
from tests.support.standin import StandIn

Drivers = Callable[[Client], Driver]


@pytest.fixture(scope="session")
def drivers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drivers]:
    """Start a client once."""
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("clients")
        yield cache(lambda client: stack.enter_context(driver(client, folder)))


@pytest.fixture(scope="session", params=CLIENTS, ids=lambda client: client.name)
def client(request: pytest.FixtureRequest, drivers: Drivers) -> Driver:
    """Each client in turn."""
    if missing := request.param.is_missing:
        pytest.skip(missing)
    return drivers(request.param)


@pytest.fixture(scope="session")
def at_once(drivers: Drivers) -> list[Driver]:
    """All clients that are installed, for what takes its time."""
    return [drivers(each) for each in CLIENTS if not each.is_missing] or pytest.skip(CLIENTS[0].is_missing)


@pytest.fixture(scope="session")
def modes(host: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Served]]:
    """Serve the chat function in a mode."""
    with ExitStack() as stack:
        yield cache(lambda mode: stack.enter_context(served(tmp_path_factory.mktemp(mode), host, mode)))


@pytest.fixture(scope="session", params=["buffered", "stream"])
def chat(request: pytest.FixtureRequest, modes: Callable[[str], Served]) -> Served:
    """The chat function in each mode."""
    return modes(request.param)


@pytest.fixture(scope="session")
def streaming(modes: Callable[[str], Served]) -> Served:
    """The chat function whose answers arrive as they are written."""
    return modes("stream")
