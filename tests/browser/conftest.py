from collections.abc import Iterator

import pytest

from tests.browser.rendering import LIBRARIES, rendering_site
from tests.support.chromium import Browser, Page, chromium, executable
from tests.support.site import Site, site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if executable() is None:
        pytest.skip("there is no Chromium on PATH to render in (Debian: apt-get install chromium)")
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def rendering_address() -> Iterator[str]:
    if not LIBRARIES.is_dir():
        pytest.skip("the libraries of artifacts are not installed: make workbench-offline")
    with rendering_site() as serving:
        yield serving


@pytest.fixture
def rendering(browser: Browser, rendering_address: str) -> Iterator[Page]:
    """A page that renders what it is given."""
    browser.thrown.clear()
    with browser.open(rendering_address) as page:
        page.wait("window.show !== undefined")
        yield page


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
