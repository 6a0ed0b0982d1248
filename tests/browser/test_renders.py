"""The renderer draws every artifact by hand: what is expected is visible, and nothing is on the console."""

from collections.abc import Iterator

import pytest

from tests.browser.handwritten import Handwritten, handwritten
from tests.browser.rendering import LIBRARIES, expect, rendered, rendering_site, use
from tests.support.chromium import Browser, Page, chromium, executable

ARTIFACTS = list(handwritten())


@pytest.fixture(scope="module")
def drawing() -> Iterator[Browser]:
    """A browser that draws WebGL without a graphics card."""
    if executable() is None:
        pytest.skip("there is no Chromium on PATH to render in (Debian: apt-get install chromium)")
    with chromium("--use-angle=swiftshader", "--enable-unsafe-swiftshader") as running:
        yield running


@pytest.fixture(scope="module")
def page(drawing: Browser) -> Iterator[Page]:
    """The page that renders one artifact after the other."""
    if not LIBRARIES.is_dir():
        pytest.skip("the libraries of artifacts are not installed: make workbench-offline")
    with rendering_site() as address, drawing.open(address) as opened:
        opened.wait("window.show !== undefined")
        yield opened


@pytest.mark.parametrize("artifact", ARTIFACTS, ids=lambda artifact: artifact.file)
def test_it_is_visible(drawing: Browser, page: Page, artifact: Handwritten) -> None:
    drawing.thrown.clear()
    drawing.complaints.clear()

    with rendered(page, artifact):
        expect(page, artifact)
        for step in artifact.steps:
            use(page, step)
            expect(page, step)

    assert drawing.thrown == []
    if not artifact.console:
        assert drawing.complaints == []
