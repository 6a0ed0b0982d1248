"""The renderer's frame where the page's own policy is strict: a document of its own, served with the policy."""

import json
from collections.abc import Iterator

import pytest

from tests.browser.prescribed import POLICY, ROOT, SANDBOX
from tests.browser.rendering import rendering_site
from tests.support.chromium import SECONDS, Browser, Page
from tests.support.libraries import skip_without_libraries

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src blob:; frame-src 'self'; base-uri 'none'"
)
COMPONENT = (
    "export default () => <button onClick={(event) => { event.target.textContent = 'Clicked'; }}>Click</button>;"
)


@pytest.fixture
def strict(browser: Browser) -> Iterator[Page]:
    """A page that forbids inline scripts, and its frame's document."""
    skip_without_libraries()
    headers = {
        "/strict": {"Content-Security-Policy": PAGE_POLICY},
        "/client/renderer/frame.html": {"Content-Security-Policy": f"sandbox {SANDBOX}; {POLICY}"},
    }
    with rendering_site(headers) as address, browser.open(f"{address}strict") as page:
        yield page


def show(page: Page, kind: str, code: str) -> object:
    artifact = json.dumps({"type": kind, "title": "Strict", "code": code})
    return page.evaluate(
        f"""import("/client/renderer/renderer.js").then(({{ createRenderer }}) => {{
          window.errors = [];
          const renderer = createRenderer({{ libraries: "/npm/", frame: "/client/renderer/frame.html" }});
          return renderer.render(document.body, {artifact}, {{ onError: (error) => errors.push(error) }}).ready;
        }})""",
        seconds=SECONDS,
    )


def test_a_component_runs_in_it(strict: Page) -> None:
    assert show(strict, "react", COMPONENT) is True
    strict.click("button", inside=True)

    assert strict.wait("document.querySelector('button').textContent === 'Clicked'", inside=True)
    assert strict.evaluate("origin", inside=True) == "null"
    assert strict.evaluate("errors") == []


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("html", "<!doctype html><p>x</p><script>document.querySelector('p').textContent = 'Seen'</script>"),
        ("markdown", "# Seen"),
        ("mermaid", "flowchart TD\n  a[Seen] --> b"),
        ("svg", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 90 20'><text y='15'>Seen</text></svg>"),
        ("code", "print('Seen')"),
    ],
)
def test_every_other_kind_is_shown_in_it(strict: Page, kind: str, code: str) -> None:
    assert show(strict, kind, code) is True
    assert "Seen" in strict.evaluate("document.body.textContent", inside=True)


def test_without_it_such_a_page_shows_nothing(strict: Page) -> None:
    """Why there is one: a frame with `srcdoc` inherits the page's policy."""
    script = """import("/client/renderer/renderer.js").then(({ createRenderer }) => {
      const shown = createRenderer({ libraries: "/npm/" }).render(document.body, { type: "markdown", code: "# Seen" });
      return Promise.race([shown.ready, new Promise((done) => setTimeout(done, 1000, "nothing"))]);
    })"""

    assert strict.evaluate(script) == "nothing"


def test_the_readme_names_both_policies() -> None:
    readme = (ROOT / "docs/client/renderer/README.md").read_text()

    assert PAGE_POLICY.replace("connect-src 'self'", "connect-src 'self' https://cdn.jsdelivr.net") in readme
    assert f"sandbox {SANDBOX}; <policy>" in readme
