"""The renderer draws every artifact by hand, and every example of the stand-in, with nothing on the console."""

from collections.abc import Iterator

import pytest

from local.standin.examples import examples
from shared.artifacts.kinds import Kind
from tests.browser.handwritten import Handwritten, handwritten
from tests.browser.rendering import expect, rendered, rendering_site, use
from tests.support.chromium import Browser, Page, chromium, executable
from tests.support.libraries import skip_without_libraries

ARTIFACTS = list(handwritten())
EXAMPLES = [
    Handwritten(file=each.title, kind=Kind(each.kind.value), code=each.code, title=each.title, language=each.language)
    for each in (example.artifact for example in examples())
]


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
    skip_without_libraries()
    with rendering_site() as address, drawing.open(address) as opened:
        opened.wait("window.show !== undefined")
        yield opened


@pytest.fixture(autouse=True)
def console(drawing: Browser, artifact: Handwritten) -> Iterator[None]:
    """Nothing is thrown or complained of, unless the artifact says why."""
    drawing.thrown.clear()
    drawing.complaints.clear()
    yield
    assert drawing.thrown == []
    assert bool(drawing.complaints) is bool(artifact.console), drawing.complaints


@pytest.mark.parametrize("artifact", ARTIFACTS, ids=lambda artifact: artifact.file)
def test_what_is_expected_is_visible(page: Page, artifact: Handwritten) -> None:
    with rendered(page, artifact):
        expect(page, artifact)
        for step in artifact.steps:
            use(page, step)
            expect(page, step)


@pytest.mark.parametrize("artifact", EXAMPLES, ids=lambda artifact: artifact.file)
def test_an_example_of_the_stand_in_is_visible(page: Page, artifact: Handwritten) -> None:
    with rendered(page, artifact):
        page.wait("document.body.innerText.trim().length > 10 || document.querySelector('svg *') !== null", inside=True)
