from collections.abc import Iterator

import pytest

from tests.support.chromium import Browser, chromium, executable
from tests.support.site import Site, site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if executable() is None:
        pytest.skip("there is no Chromium on PATH to render in (Debian: apt-get install chromium)")
    with chromium() as running:
        yield running


@pytest.fixture
def here() -> Iterator[Site]:
    """The site that the page is of."""
    with site() as serving:
        yield serving


@pytest.fixture
def elsewhere() -> Iterator[Site]:
    """A site that must not hear of anything."""
    with site() as serving:
        yield serving
