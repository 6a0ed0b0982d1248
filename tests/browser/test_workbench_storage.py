"""What the page of `make run` remembers, where the browser has no room for it or forbids it."""

from tests.support.workbench import Workbench

FORBIDDEN = """for (const name of ["sessionStorage", "localStorage"]) {
  Object.defineProperty(window, name, {get() { throw new DOMException("It is forbidden.", "SecurityError"); }});
}"""


def titles(tab: Workbench) -> list[str]:
    read: list[str] = tab.page.evaluate(
        "[...document.querySelectorAll('#history strong')].map((each) => each.innerText)"
    )
    return read


def test_the_page_works_where_nothing_may_be_stored(tab: Workbench) -> None:
    tab.page._browser.send("Page.addScriptToEvaluateOnNewDocument", tab.page._session, source=FORBIDDEN)
    tab.reload()

    tab.generate("A landing page of a bakery", "html")
    tab.generate("A prime sieve in Python", "code")

    assert titles(tab) == ["Prime sieve", "Landing page of a bakery"]
    assert tab.page.evaluate("document.querySelector('#submit').disabled") is False


def test_what_is_shown_is_forgotten_last(tab: Workbench) -> None:
    """A storage that is full takes what there is room for, also where the oldest artifact is the one that is shown."""
    kept = tab.page.evaluate(
        """import('/workbench/session.js').then(({Session}) => {
          let stored = "{}";
          const storage = {getItem: () => stored, setItem(_, text) {
            if (text.length > 1030) throw new DOMException("It is full.", "QuotaExceededError");
            stored = text;
          }};
          const session = new Session(() => storage);
          const add = (title, length) => session.add(title, {title, code: "x".repeat(length)});
          for (const title of ["first", "second", "third"]) add(title, 100);
          session.show(session.artifacts.at(-1));
          session.addVersion(session.current, session.version, {title: "first", code: "y".repeat(400)});
          const after = () => new Session(() => storage);
          const small = [after().artifacts.map(({prompt}) => prompt), after().version.code.length];
          session.addVersion(session.current, session.version, {title: "first", code: "y".repeat(5000)});
          session.pay({costUsd: 1});
          return [...small, session.version.code.length, after().artifacts.length, after().total.costUsd];
        })"""
    )

    assert kept == [["first"], 400, 5000, 0, 1]
