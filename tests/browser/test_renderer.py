"""The renderer in a real browser: what it says of artifacts that fail, and of frames that are no more."""

import json

import pytest

from tests.browser.rendering import errors, show
from tests.support.chromium import Page

DRAWN = "export default function App() { return <h1>Drawn</h1>; }"


COMPONENT = "export default () => {{\n  {body}\n  return <p>x</p>;\n}};"


@pytest.mark.parametrize(
    ("code", "phase", "message", "line"),
    [
        pytest.param("export default () => <p>\n  {1 +}\n</p>;", "compile", "Unexpected token", 2, id="syntax"),
        pytest.param("import 'left-pad';\nexport default () => 1;", "load", '"left-pad"', None, id="package"),
        pytest.param("import 'zod/nothing';\nexport default () => 1;", "load", '"zod/nothing"', None, id="module"),
        pytest.param("export { Github as default } from 'lucide-react';", "run", "'Github'", None, id="export"),
        pytest.param(
            "export { No as default } from '@heroicons/react/24/solid';", "run", "'No'", None, id="part-of-many"
        ),
        pytest.param(
            "export { default } from 'lodash/fp/map';", "load", 'no "lodash/fp/map"', None, id="folder-of-a-part"
        ),
        pytest.param("import 'constructor';\nexport default () => 1;", "load", '"constructor"', None, id="word"),
        pytest.param(
            "export { valueOf as default } from '@heroicons/react/24/solid';",
            "run",
            "'valueOf'",
            None,
            id="word-of-many",
        ),
        pytest.param("export { default } from 'lodash/nothing';", "run", "'nothing'", None, id="function"),
        pytest.param(
            "export default () => {\n  const none = null;\n  return none.name;\n};",
            "run",
            "TypeError: Cannot read properties of null (reading 'name')",
            3,
            id="throws",
        ),
        pytest.param(
            "const a: number = 1;\n\n\nthrow new RangeError('early');\nexport default () => a;",
            "run",
            "RangeError: early",
            4,
            id="throws-at-once",
        ),
        pytest.param(
            "export default () => <p>{{ a: 1 }}</p>;",
            "run",
            "Objects are not valid as a React child",
            None,
            id="object",
        ),
        pytest.param("export default { a: 1 };", "run", "default export is no component", None, id="no-component"),
        pytest.param(
            COMPONENT.format(body="React.useEffect(() => void Promise.reject(new Error('later')), []);"),
            "run",
            "Error: later",
            2,
            id="rejected",
        ),
        pytest.param(COMPONENT.format(body="setTimeout(() => { throw null; });"), "run", "Uncaught null", 2, id="null"),
        pytest.param(
            "import { useEffect } from 'react';\nexport default () => {\n"
            "  useEffect(() => document.querySelector('i').click(), []);\n"
            "  return <i onClick={() => { throw null; }} />;\n};",
            "run",
            "Uncaught null",
            None,
            id="null-by-react",
        ),
        pytest.param(
            "throw Object.create(null);\nexport default () => 1;", "run", "cannot be told as text", None, id="no-text"
        ),
        pytest.param(
            COMPONENT.format(body="fetch('http://127.0.0.1/config');"), "run", "reach no network", 2, id="network"
        ),
    ],
)
def test_what_fails_is_told_with_its_place(
    rendering: Page, code: str, phase: str, message: str, line: int | None
) -> None:
    show(rendering, code)

    told = next((each for each in errors(rendering) if message in each["message"]), None)
    assert told is not None, errors(rendering)
    assert (told["phase"], told.get("line")) == (phase, line)


@pytest.mark.parametrize(
    ("kind", "code", "message"),
    [
        ("mermaid", "flowchart TD\n  a -->", "Parse error"),
        ("html", "<!doctype html><p>x</p><script>missing()</script>", "missing is not defined"),
        ("html", "<!doctype html><p>x</p><script src='https://cdn.jsdelivr.net/a.js'></script>", "could not load"),
        ("poem", "Roses are red", 'no kind "poem"'),
    ],
)
def test_other_kinds_tell_too(rendering: Page, kind: str, code: str, message: str) -> None:
    show(rendering, code, kind)

    assert any(message in each["message"] for each in errors(rendering)), errors(rendering)


def test_what_does_not_keep_it_from_being_drawn_is_told_all_the_same(rendering: Page) -> None:
    code = "export default () => <div><img src='https://images.example/x.jpg' /><p>There</p></div>;"

    assert show(rendering, code) is True
    (told,) = errors(rendering)
    assert (told["phase"], told["fatal"]) == ("load", False)
    assert "https://images.example/x.jpg" in told["message"]


FALLBACKS = {
    "another picture": "<img src={missing} onError={(event) => { event.currentTarget.src = drawn; }} />",
    "another element": "seen ? <b>Instead</b> : <img src={missing} onError={() => see(true)} />",
}


@pytest.mark.parametrize("fallback", FALLBACKS)
def test_a_picture_that_the_artifact_replaces_is_no_failure(rendering: Page, fallback: str) -> None:
    code = f"""const missing = "https://images.example/x.jpg";
    const drawn = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
    export default () => {{
      const [seen, see] = React.useState(false);
      return <p>{{{FALLBACKS[fallback]}}}</p>;
    }};"""

    assert show(rendering, code) is True
    rendering.evaluate("new Promise((done) => setTimeout(done, 400))")
    assert rendering.evaluate("errors") == []


def test_what_the_artifact_copes_with_itself_is_no_failure(rendering: Page) -> None:
    code = COMPONENT.format(body="fetch('https://api.example/x').catch(() => {});")

    assert show(rendering, code) is True
    rendering.evaluate("new Promise((done) => setTimeout(done, 200))")
    assert rendering.evaluate("errors") == []


@pytest.mark.parametrize(
    "code",
    [
        "throw Object.create(null); export default () => 1;",
        "export default () => missing;",
        "export default 1;",
        "missing(); export default () => 1;",
        "export {",
    ],
)
def test_what_keeps_it_from_being_drawn_is_fatal(rendering: Page, code: str) -> None:
    assert show(rendering, code) is False
    assert errors(rendering)[0]["fatal"] is True


def test_a_diagram_that_fails_leaves_nothing_behind(rendering: Page) -> None:
    assert show(rendering, "flowchart TD\n  a -->", "mermaid") is False
    assert "Parse error" in errors(rendering)[0]["message"]
    assert rendering.evaluate("document.body.innerText.trim()", inside=True) == ""


def test_a_long_diagram_is_drawn(rendering: Page) -> None:
    """Mermaid draws a sentence about its limit in its place, and says that all is well."""
    code = "pie\n" + "".join(f'  "{"A slice " * 100}{n}" : {n}\n' for n in range(1, 70))
    assert len(code) > 50_000

    assert show(rendering, code, "mermaid") is True
    assert "A slice" in rendering.evaluate("document.body.innerText", inside=True)


def test_what_was_removed_is_not_heard_any_more(rendering: Page) -> None:
    """It fails when it is told to: once while it is there, and again so that its word comes when it is removed."""
    code = COMPONENT.format(body="React.useEffect(() => { onmessage = () => missing(); }, []);")
    fail = "document.querySelector('iframe').contentWindow.postMessage('fail', '*');"
    then_remove = "addEventListener('message', () => shown.remove(), { once: true }); postMessage('next')"

    assert show(rendering, code) is True
    rendering.evaluate(f"{fail} new Promise((done) => setInterval(() => errors.length && done(), 10))")
    rendering.evaluate(f"errors.length = 0; {fail} {then_remove}")
    rendering.evaluate("new Promise((done) => setTimeout(done, 300))")

    assert rendering.evaluate("[errors.length, document.querySelectorAll('iframe').length]") == [0, 0]


def test_a_frame_that_is_removed_at_once_is_not_ready(rendering: Page) -> None:
    artifact = json.dumps({"type": "react", "title": "x", "code": DRAWN})

    assert rendering.evaluate(f"{{const ready = show({artifact}); shown.remove(); ready}}") is False
    assert rendering.evaluate("errors") == []


def test_a_frame_that_is_removed_at_once_fails_nowhere_else(rendering: Page) -> None:
    artifact = json.dumps({"type": "react", "title": "x", "code": "import 'left-pad'; export default ("})
    script = f"""(async () => {{
      const unhandled = [];
      addEventListener("unhandledrejection", ({{ reason }}) => unhandled.push(reason.message));
      const shown = renderer.render(document.getElementById("place"), {artifact});
      shown.remove();
      await new Promise((done) => setTimeout(done, 1000));
      return unhandled;
    }})()"""

    assert rendering.evaluate(script) == []


@pytest.mark.parametrize("kind", ["html", "markdown"])
def test_what_the_page_itself_throws_is_no_failure_of_the_artifact(rendering: Page, kind: str) -> None:
    script = f"""(async () => {{
      const told = [];
      const hear = {{
        onReady() {{ throw new Error("the page's own"); }},
        onError(error) {{ told.push(error); }},
      }};
      const artifact = {{ type: "{kind}", code: "x" }};
      const shown = renderer.render(document.getElementById("place"), artifact, hear);
      return [await shown.ready, told.length];
    }})()"""

    assert rendering.evaluate(script) == [True, 0]


def test_two_at_once_are_told_apart(rendering: Page) -> None:
    fails = json.dumps({"type": "react", "title": "x", "code": "export default () => missing;"})
    draws = json.dumps({"type": "react", "title": "x", "code": DRAWN})
    script = f"""(async () => {{
      const place = document.getElementById("place"), heard = [[], []];
      const frames = [{fails}, {draws}].map((each, number) => {{
        const onError = (error) => heard[number].push(error.message);
        return renderer.render(place, each, {{ onError }});
      }});
      return [await Promise.all(frames.map((each) => each.ready)), heard.map((each) => each.length > 0)];
    }})()"""

    assert rendering.evaluate(script) == [[False, True], [True, False]]


def test_a_name_that_every_object_has_is_imported_as_any_other(rendering: Page) -> None:
    code = "import { toString } from 'lodash';\nexport default () => <p>{toString([1, 2])}</p>;"

    assert show(rendering, code) is True
    assert rendering.evaluate("document.body.innerText", inside=True) == "1,2"


@pytest.mark.parametrize("quote", ["'", '"', "`"])
def test_a_library_is_imported_when_it_is_wanted(rendering: Page, quote: str) -> None:
    code = f"const {{ sum }} = await import({quote}lodash{quote});\nexport default () => <p>{{sum([1, 2])}}</p>;"

    assert show(rendering, code) is True
    assert rendering.evaluate("document.body.innerText", inside=True) == "3"


def test_a_component_has_react_without_importing_it(rendering: Page) -> None:
    assert show(rendering, "export default () => <p>{React.version}</p>;") is True
    assert rendering.evaluate("document.body.innerText", inside=True).startswith("19.")
