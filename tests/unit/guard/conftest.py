from collections.abc import Iterator

import pytest

from tests.support.table import dynamodb, forget


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with dynamodb() as address:
        yield address


@pytest.fixture
def address(server: str) -> str:
    """The address of an empty table."""
    forget(server)
    return server
