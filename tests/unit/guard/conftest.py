import pytest

from tests.support.table import forget


@pytest.fixture
def address(dynamodb_url: str) -> str:
    """The address of an empty table."""
    forget(dynamodb_url)
    return dynamodb_url
