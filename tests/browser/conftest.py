from collections.abc import Iterator

import pytest

from tests.browser.rendering import rendering_site
from tests.local.emulator import Emulator
from tests.support.chromium import Browser, Page, chromium, executable
from tests.support.libraries import skip_without_libraries
from tests.support.site import Site, site
from tests.support.workbench import Workbench, workbench


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if executable() is None:
        pytest.skip("there is no Chromium on PATH to render in (Debian: apt-get install chromium)")
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def rendering_address() -> Iterator[str]:
    skip_without_libraries()
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
def tab(browser: Browser, bundle: Emulator) -> Iterator[Workbench]:
    """A tab with the page of `make run`."""
    browser.thrown.clear()
    with workbench(browser, bundle.url) as opened:
        yield opened


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
