"""What the renderer takes of the messages of a frame: few, short and plain ones, and what is fatal in any case."""

from tests.browser.rendering import errors, show
from tests.support.chromium import Page


def test_a_flood_of_words_is_cut(rendering: Page) -> None:
    """A frame is not to be trusted with the page's time or memory."""
    code = """<!doctype html><script>
      const said = { artifact: "error", phase: {}, message: "x".repeat(1e5), line: "1; alert(1)" };
      said.stack = { toString: 1 };
      for (let i = 0; i < 200; i++) parent.postMessage(said, "*");
    </script>"""
    show(rendering, code, "html")
    rendering.wait("errors.length === 19")
    rendering.evaluate("new Promise((done) => setTimeout(done, 100))")

    told = errors(rendering)
    assert len(told) == 19
    assert {len(each["message"]) for each in told} == {4000}
    assert all("line" not in each and "stack" not in each and each["phase"] == "run" for each in told)


def test_a_word_that_is_a_list_does_not_hold_up_the_page(rendering: Page) -> None:
    """Lists in one another: a message of some bytes, and a text of four thousand million letters."""
    code = """<!doctype html><script>
      let said = ["x"];
      for (let i = 0; i < 32; i++) said = [said, said];
      parent.postMessage({ artifact: "error", message: said }, "*");
    </script>"""
    show(rendering, code, "html")
    rendering.evaluate("new Promise((done) => setTimeout(done, 300))", seconds=5)

    assert [each["message"] for each in errors(rendering)] == ["It failed, and did not say why."]


def test_what_is_fatal_is_told_after_many_that_are_not(rendering: Page) -> None:
    code = "for (let i = 0; i < 30; i++) reportError(new Error(i));\nexport default () => missing;"

    assert show(rendering, code) is False
    told = errors(rendering)
    assert len(told) == 20
    assert told[-1]["fatal"] is True


def test_what_fails_is_told_behind_any_number_of_missing_pictures(rendering: Page) -> None:
    pictures = "".join(f"<img src='https://unpkg.com/{number}.png' alt=''>" for number in range(30))
    throws = "<script>addEventListener('load', () => { throw new Error('It broke.'); })</script>"
    show(rendering, f"<!doctype html>{pictures}{throws}", "html")
    rendering.wait("errors.filter((each) => each.phase === 'load').length === 19")
    rendering.wait("errors.some((each) => each.phase === 'run')")
    rendering.evaluate("new Promise((done) => setTimeout(done, 100))")

    told = rendering.evaluate("errors.map((each) => each.phase)")
    assert (told.count("load"), told.count("run")) == (19, 1)


def test_it_is_known_not_to_be_drawn_after_any_number_of_errors(rendering: Page) -> None:
    code = """for (let i = 0; i < 30; i++) setTimeout(() => { throw new Error(`number ${i}`); });
await new Promise((done) => setTimeout(done, 300));
export default function Broken() { throw new Error("The last."); }"""

    assert show(rendering, code) is False
