from collections.abc import Iterator

import pytest

from tests.support.standin import StandIn, standin


@pytest.fixture(scope="session")
def host() -> Iterator[StandIn]:
    with standin() as running:
        yield running
