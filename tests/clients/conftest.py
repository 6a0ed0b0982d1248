"""The clients, each of which starts with the first test of it and then stays."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.clients.clients import CLIENTS, Client
from tests.clients.driver import Driver, driver

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
