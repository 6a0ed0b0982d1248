"""Artifacts on the page of `make run`, in a real browser: each kind is drawn, fixed, compared and stopped."""

import json
import time

import pytest

from tests.local.emulator import Emulator
from tests.support.libraries import skip_without_libraries
from tests.support.workbench import Workbench

NEEDS_LIBRARIES = {"react", "mermaid", "markdown"}
# What is thrown asks the stand-in for the fix, so that the button alone is enough. The code itself does not ask for it.
BROKEN = """import { useState } from "react";

export default function Card() {
  const [name, setName] = useState("Ada");
  const broken = true;
  if (broken) throw new Error('The card has no name. [' + '[edit from="broken = ' + 'true" to="broken = false"]]');
  return <button onClick={() => setName("Grace")}>Hello {name}</button>;
}
"""


@pytest.mark.parametrize(
    ("kind", "prompt", "element", "text"),
    [
        ("react", "A todo list", "li", "Answer the letter from Lisbon"),
        ("html", "A landing page of a bakery", "h1", "Kneadful Things"),
        ("svg", "A rocket icon", "svg > *", ""),
        ("mermaid", "A login, as a sequence", "svg text", "Sign-in service"),
        ("markdown", "Notes of a planning meeting", "h1", "Planning meeting, week 12"),
        ("code", "A prime sieve in Python", "pre", "def small_primes(limit: int)"),
    ],
    ids=["react", "html", "svg", "mermaid", "markdown", "code"],
)
def test_each_kind_is_generated_and_seen(tab: Workbench, kind: str, prompt: str, element: str, text: str) -> None:
    """An element of what is drawn has a size on the screen and this text."""
    if kind in NEEDS_LIBRARIES:
        skip_without_libraries()

    tab.generate(prompt, kind)

    tab.page.wait(
        f"[...document.querySelectorAll({element!r})].some((each) =>"
        f" each.getBoundingClientRect().width > 10 && each.textContent.includes({text!r}))",
        inside=True,
    )
    assert tab.text("#kind").startswith(kind)
    assert tab.sheet == ""


def test_a_drawing_is_shown_in_the_middle(tab: Workbench) -> None:
    tab.generate("A rocket icon", "svg")

    tab.page.wait("document.querySelector('svg').getBoundingClientRect().left > 0", inside=True)
    left, right, width = tab.page.evaluate(
        "{const box = document.querySelector('svg').getBoundingClientRect();"
        " [box.left, innerWidth - box.right, box.width]}",
        inside=True,
    )
    assert left == pytest.approx(right, abs=2)
    assert width > 100


def test_a_form_that_was_generated_works(tab: Workbench) -> None:
    tab.generate("A portfolio website", "html")
    tab.page.wait("document.querySelector('nav button') !== null", inside=True)
    tab.page.evaluate("[...document.querySelectorAll('nav button')].at(-1).click()", inside=True)
    for field, text in (("input", "Ada"), ("textarea", "A bridge")):
        tab.page.click(f"form {field}", inside=True)
        tab.page.type(text, inside=True)
    tab.page.click("form button", inside=True)

    said = tab.page.wait("document.querySelector('[role=status]').innerText", inside=True)
    assert said.startswith("Thank you, Ada.")


def test_what_is_generated_cannot_leave_its_frame(tab: Workbench, bundle: Emulator) -> None:
    """The page's own policy is the one that is prescribed: its frame goes nowhere else."""
    tab.generate("A landing page", "html")
    tab.wait_inside("Kneadful Things")
    tab.page.evaluate(f"location = {bundle.url!r}", inside=True)

    assert tab.page.wait("location.href.startsWith('chrome-error:')", inside=True)


def test_a_component_that_throws_is_fixed_by_the_button(tab: Workbench) -> None:
    skip_without_libraries()
    tab.show_own(BROKEN, "react")
    tab.page.wait("!document.querySelector('#sheet').hidden")
    told = tab.sheet

    tab.take("Fix it")
    tab.wait_until_done()

    assert "The card has no name." in told
    tab.wait_inside("Hello Ada")
    tab.page.click("button", inside=True)
    tab.wait_inside("Hello Grace")
    assert tab.sheet == ""
    tab.page.click("#tab-changes")
    assert tab.text("#changes del").split() == ["5", "\N{MINUS SIGN}", "const", "broken", "=", "true;"]
    assert tab.text("#changes ins").split() == ["5", "+", "const", "broken", "=", "false;"]
    assert "1 line added, 1 removed" in tab.text("#changes")


def test_versions_go_back_and_forth_by_button_and_key(tab: Workbench) -> None:
    tab.repair_own(
        "<!doctype html><html><head><title>t</title></head><body><p>Before</p></body></html>",
        "html",
        '[[edit from="Before" to="After"]]',
    )
    tab.wait_inside("After")
    versions = [tab.text("#version")]

    tab.page.click("#back")
    versions.append(tab.text("#version"))
    waiting = tab.text("#preview")
    tab.page.click("#halt")
    tab.wait_inside("Before")
    tab.press("]")
    tab.wait_inside("After")
    versions.append(tab.text("#version"))
    tab.press("[")

    assert versions == ["2 of 2", "1 of 2", "2 of 2"]
    assert tab.text("#version") == "1 of 2"
    # What was sent to be repaired is broken, so it runs only when it is asked to.
    assert "Not run" in waiting


def test_what_an_artifact_says_is_text(tab: Workbench) -> None:
    tab.show_own("<!doctype html><title>t</title><p>x<script>throw new Error('<img src=x id=markup>')</script>", "html")
    tab.page.wait("!document.querySelector('#sheet').hidden")

    assert "<img src=x id=markup>" in tab.sheet
    assert tab.page.evaluate("document.querySelector('#markup') === null")


def test_what_could_not_be_loaded_is_told_when_asked_and_run_again(tab: Workbench) -> None:
    """The artifact is seen all the same, so nothing is put over it."""
    tab.show_own("<!doctype html><title>t</title><p>x<script src='https://unpkg.com/none.js'></script>", "html")
    tab.page.wait("!document.querySelector('#problems').hidden")
    at_first = tab.sheet
    tab.page.click("#problems")
    told = tab.sheet
    tab.take("Run it again")
    tab.page.wait("document.querySelector('#problems').innerText === '1 error'")

    assert (at_first, tab.sheet) == ("", "")
    assert told.startswith("Something that it needs could not be loaded")
    assert "unpkg.com/none.js" in told
    tab.page.click("#problems")
    tab.press("Escape")
    assert tab.sheet == ""


def test_an_error_that_matters_is_told_before_what_is_merely_missing(tab: Workbench) -> None:
    pictures = "".join(f"<img src='https://unpkg.com/{number}.png' alt=''>" for number in range(5))
    tab.show_own(f"<!doctype html><title>t</title>{pictures}", "html")
    tab.page.wait("document.querySelector('#problems').textContent === '3 errors'")
    at_first = tab.sheet
    tab.page.evaluate("void setTimeout(() => { throw new Error('It broke.'); })", inside=True)
    tab.page.wait("!document.querySelector('#sheet').hidden")

    assert at_first == ""
    heading, _, first, *_ = (line for line in tab.sheet.split("\n") if line)
    assert heading == "It failed while running"
    assert "It broke." in first
    assert tab.text("#problems") == "3 errors"


def test_of_an_error_the_line_is_told_and_no_column_that_is_not_known(tab: Workbench) -> None:
    """Compiling keeps the lines, and moves what is in them; the fix function is sent the same."""
    skip_without_libraries()
    tab.show_own("const none = null;\nexport default function App() {\n  return <p>{none.name}</p>;\n}", "react")
    tab.page.wait("!document.querySelector('#sheet').hidden")

    assert "(reading 'name') (line 3)" in tab.sheet


def test_a_library_without_which_nothing_is_drawn_is_told_at_once(tab: Workbench) -> None:
    skip_without_libraries()
    tab.show_own("import x from 'nowhere';\nexport default () => <p>{x}</p>;", "react")
    tab.page.wait("!document.querySelector('#sheet').hidden")

    assert tab.sheet.startswith("Something that it needs could not be loaded")
    assert "nowhere" in tab.sheet
    assert tab.ways == ["Run it again", "Fix it", "Dismiss"]


@pytest.mark.alone
def test_an_endless_loop_leaves_the_page_in_control(tab: Workbench) -> None:
    """A click is answered within 5 s, and stopping the artifact takes its frame away."""
    looping = "<script>setTimeout(() => { while (true); }, 100)</script>"
    tab.show_own(f"<!doctype html><title>t</title><p>Round and round</p>{looping}", "html")
    tab.wait_inside("Round and round")
    tab.page.evaluate("new Promise((done) => setTimeout(done, 500))")  # by when it loops

    tab.page.evaluate(
        "document.querySelector('#tab-code').click(); document.querySelector('#tab-code').ariaSelected", seconds=5
    )
    tab.page.click("#halt")

    assert tab.page.evaluate("document.querySelector('#frame iframe') === null", seconds=5)
    assert tab.text("[role=tab][aria-selected=true]") == "Code"
    tab.generate("A landing page of a bakery", "html")
    tab.wait_inside("Kneadful Things")


@pytest.mark.alone
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("react", "export default function Loop() { for (;;) {} }"),
        ("react", "for (;;) {}\nexport default function Loop() { return null; }"),
        ("html", "<!doctype html><title>t</title><script>for (;;) {}</script><p>x"),
    ],
    ids=["component", "module", "page"],
)
def test_a_loop_from_the_first_moment_leaves_the_page_in_control(tab: Workbench, kind: str, code: str) -> None:
    """Nothing of it is ever drawn; the page is used as if it were any other."""
    if kind in NEEDS_LIBRARIES:
        skip_without_libraries()
    tab.show_own(code, kind)
    tab.page.evaluate("new Promise((done) => setTimeout(done, 1500))", seconds=5)

    began = time.monotonic()
    tab.page.click("#tab-code")
    selected = tab.page.evaluate("document.querySelector('#tab-code').ariaSelected", seconds=5)
    took = time.monotonic() - began
    tab.page.click("#halt")

    assert (selected, took < 5) == ("true", True)
    assert tab.page.evaluate("document.querySelector('#frame iframe') === null", seconds=5)
    assert tab.text("#halt") == "Run it"
    tab.show_own("<!doctype html><title>t</title><p>The next one", "html")
    tab.wait_inside("The next one")


def test_a_diff_gives_both_texts_again(tab: Workbench) -> None:
    """Of any two texts, what stayed and went is the one, what stayed and came the other, and no less stays than can."""
    cases = [
        ("", ""),
        ("a", ""),
        ("a\nb\nc", "a\nc"),
        ("a\nb", "b\na"),
        ("x\ny\nz", "q\nx\nz\nz"),
        ("a\nb\nc\nd", "b\nc\nq"),
        ("a\n" * 50, "b\n" * 9),
    ]
    compared = tab.page.evaluate(
        "import('/workbench/diff.js')"
        f".then(({{compareLines}}) => {json.dumps(cases)}.map((pair) => compareLines(...pair)))"
    )

    for (before, after), lines in zip(cases, compared, strict=True):
        assert "\n".join(line["text"] for line in lines if line["sign"] != "+") == before
        assert "\n".join(line["text"] for line in lines if line["sign"] != "-") == after
    assert [sum(line["sign"] == " " for line in lines) for lines in compared] == [1, 0, 2, 1, 2, 2, 1]
