"""The page of `make run` in a real browser: requests as they go, what they cost, and what is remembered."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.bundle import running_bundle
from tests.local.emulator import Emulator
from tests.support.chromium import Browser
from tests.support.workbench import CTRL, Workbench, workbench


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The bundle with a stand-in that thinks and writes at a natural pace."""
    with running_bundle(tmp_path_factory.mktemp("slow"), STANDIN_PACE="natural") as running:
        yield running


def test_code_and_phases_arrive_in_steps(browser: Browser, slow: Emulator) -> None:
    with workbench(browser, slow.url) as tab:
        tab.page.evaluate(
            """{
              window.seen = [];
              const look = () => {
                const phase = document.querySelector("#phases [aria-current]")?.dataset.phase;
                const length = document.querySelector("#code-text").textContent.length;
                const [at] = document.querySelector("#elapsed").textContent.split(" ");
                if (phase) seen.push([phase, length, Number(at)]);
              };
              new MutationObserver(look).observe(document.querySelector("#stage"), {subtree: true, childList: true});
            }"""
        )

        tab.begin("A todo list", "react")
        tab.page.wait("document.querySelector('#code-text').textContent.length > 0")
        selected_while_writing = tab.text("[role=tab][aria-selected=true]")
        tab.wait_until_done()
        seen = tab.page.evaluate("window.seen")
        lasting = tab.text("#phases").split()

    phases = list(dict.fromkeys(phase for phase, *_ in seen))
    lengths = {length for phase, length, _ in seen if phase == "writing"}
    assert phases == ["starting", "thinking", "writing", "checking"]
    assert len(lengths) > 10
    assert len({at for *_, at in seen}) > 10
    assert selected_while_writing == "Code"
    assert [word for word in lasting if word.isalpha() and word != "s"] == ["Thinking", "Writing", "Checking"]


def test_the_code_follows_its_end_unless_one_has_scrolled_up(tab: Workbench) -> None:
    def heights() -> tuple[float, float]:
        top, left = tab.page.evaluate(
            "{const {scrollTop, scrollHeight, clientHeight} = document.querySelector('#code');"
            " [scrollTop, scrollHeight - scrollTop - clientHeight]}"
        )
        return top, left

    write = "live.delta({code: 'a line\\n'.repeat(100)})"
    tab.page.evaluate(
        "import('/workbench/progress.js').then(({Progress}) => { window.live = new Progress(); live.start(); })"
    )
    tab.page.evaluate(write)
    followed = heights()
    tab.page.evaluate("document.querySelector('#code').scrollTop = 10")
    tab.page.evaluate(write)

    assert followed[0] > 100
    assert followed[1] < 2
    assert heights()[0] == 10


def test_the_history_brings_an_artifact_back_also_after_a_reload(tab: Workbench) -> None:
    tab.generate("A landing page of a bakery", "html")
    tab.generate("A prime sieve in Python", "code")
    tab.page.click("#history li:last-child button")
    tab.wait_inside("Kneadful Things")

    tab.reload()

    tab.wait_inside("Kneadful Things")
    assert tab.page.evaluate("document.querySelectorAll('#history button').length") == 2
    assert tab.text("#history [aria-current] strong") == tab.text("#title")


def test_another_artifact_can_be_looked_at_while_one_is_made(browser: Browser, slow: Emulator) -> None:
    with workbench(browser, slow.url) as tab:
        tab.generate("A landing page of a bakery", "html")
        tab.begin("A prime sieve in Python", "code")
        making = tab.text("#title")
        can_copy = tab.page.evaluate("[...document.querySelectorAll('#copy, #download')].some((it) => !it.disabled)")
        tab.page.click("#history button")
        tab.wait_inside("Kneadful Things")
        meanwhile = tab.text("#title")
        code = tab.page.wait(
            "document.querySelector('#code-text').textContent.includes('small_primes')"
            " && document.querySelector('#code-text').textContent"
        )
        tab.wait_until_done()

        assert "<!doctype" not in code.lower()
        assert (making, meanwhile) == ("A prime sieve in Python", "Landing page of a bakery")
        assert not can_copy, "it would be the code of what was shown before"
        assert tab.page.evaluate("document.querySelector('#copy').disabled") is False
        assert tab.text("#title") == "Prime sieve"
        tab.wait_inside("def small_primes(")


def test_each_request_says_what_it_cost_and_all_are_added_up(tab: Workbench) -> None:
    tab.generate("A rocket icon", "svg")
    first = tab.text("#facts").split()
    tab.generate("A rocket icon [[fault refusal]]", "svg")
    refused = tab.sheet.split()
    tab.generate("A rocket icon", "svg")
    third = tab.text("#facts").split()

    costs = [float(words[words.index("Cost") + 1].removeprefix("$")) for words in (first, refused, third)]
    assert all(cost > 0 for cost in costs)
    assert float(tab.text("#total").removeprefix("$")) == pytest.approx(sum(costs), abs=0.00016)
    for words in (first, third):
        assert words[words.index("Attempts") + 1] == "1"
        assert words[words.index("Model") + 1].startswith("moonshotai/kimi-k2-thinking")
        assert {"Tokens", "in,"} <= set(words)


def test_the_costs_of_the_log_are_shown_as_tables_and_picture(tab: Workbench) -> None:
    tab.generate("A rocket icon", "svg")
    tab.page.click("#open-costs")

    tab.page.wait("document.querySelector('#costs-tables img')?.naturalWidth > 0", seconds=60)
    captions = tab.page.evaluate(
        "[...document.querySelectorAll('#costs-tables caption')].map((each) => each.innerText)"
    )
    assert captions[0] == "Requests of this tab"
    assert "What each day has cost, in UTC" in captions
    assert "A rocket icon" in tab.text("#costs-tables table")
    tab.press("Escape")
    assert not tab.page.evaluate("document.querySelector('#costs').open")


def test_ctrl_enter_sends_and_escape_stops(browser: Browser, slow: Emulator) -> None:
    with workbench(browser, slow.url) as tab:
        tab.fill("#prompt", "A todo list")
        tab.press("Enter", CTRL)
        tab.page.wait("document.querySelector('#phases [data-phase=thinking]') !== null")
        tab.press("Escape")
        tab.wait_until_done()

        assert "You stopped waiting." in tab.sheet
        # The service may finish it, and bill.
        assert tab.text("#total") == "$0 + ?"
        tab.take("Try again")
        tab.wait_until_done()
        assert tab.text("#title") == "Todo list"


def test_two_tabs_do_not_disturb_each_other(browser: Browser, slow: Emulator) -> None:
    with workbench(browser, slow.url) as one, workbench(browser, slow.url) as two:
        one.bring_to_front()
        one.begin("A landing page of a bakery", "html")
        two.bring_to_front()
        two.begin("A prime sieve in Python", "code")
        two.page.click("#stop")
        two.wait_until_done()
        one.wait_until_done()

        one.wait_inside("Kneadful Things")
        assert "You stopped waiting." in two.sheet
        assert (one.sheet, two.text("#title")) == ("", "Nothing made yet")
        two.reload()
        assert two.page.evaluate("document.querySelectorAll('#history button').length") == 0


def test_the_stand_in_fails_as_it_is_switched(tab: Workbench) -> None:
    tab.page.evaluate("document.querySelector('#fault').value = 'refusal'")
    tab.page.evaluate("document.querySelector('#fault').dispatchEvent(new Event('change'))")
    tab.page.evaluate("document.querySelector('#fault-times').value = ''")
    tab.generate("A rocket icon", "svg")
    refused = tab.sheet

    tab.page.evaluate("document.querySelector('#fault').value = 'invalid'")
    tab.page.evaluate("document.querySelector('#fault-times').value = '1'")
    tab.generate("A rocket icon", "svg")

    assert "The model will not write this" in refused
    assert tab.text("#facts").split().count("2,") == 1
    assert "repaired" in tab.text("#facts")
    groups = tab.page.evaluate("[...document.querySelectorAll('#fault optgroup')].map((each) => each.label)")
    assert "in mid-stream" in groups


def test_a_fault_can_be_for_one_host_and_the_answer_says_which_host_it_is_from(
    browser: Browser, tmp_path: Path
) -> None:
    models = "moonshotai/kimi-k2-thinking,moonshot/kimi-k2.6"
    with (
        running_bundle(tmp_path, STANDIN_PACE="instant", MODELS=models) as running,
        workbench(browser, running.url) as tab,
    ):
        tab.choose_fault("credit")
        hosts = tab.page.evaluate("[...document.querySelectorAll('#fault-at option')].map((each) => each.value)")
        tab.choose_fault("credit", at="openrouter")
        tab.generate("A rocket icon", "svg")
        second = tab.text("#facts")
        tab.choose_fault("credit", at="moonshot")
        tab.generate("A rocket icon", "svg")
        first = tab.text("#facts")

        assert hosts == ["", "openrouter", "moonshot", "kimi", "custom"]
        assert "moonshot/kimi-k2.6" in second
        assert "moonshotai/kimi-k2-thinking" in first
        tab.choose_fault("forbidden")
        assert tab.page.evaluate("document.querySelector('#fault-at').value") == "moonshot"
        tab.choose_fault("byok")
        assert tab.page.evaluate("document.querySelector('#fault-at').value") == ""


def test_the_arrow_keys_go_from_tab_to_tab(tab: Workbench) -> None:
    tab.page.click("#tab-preview")
    tab.press("ArrowRight")

    assert tab.page.evaluate("document.activeElement.id") == "tab-code"
    assert tab.text("[role=tab][aria-selected=true]") == "Code"


def test_the_code_can_be_copied_and_downloaded(tab: Workbench) -> None:
    tab.page._browser.send("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    tab.generate("A prime sieve in Python", "code")
    code = tab.page.evaluate("document.querySelector('#code-text').textContent")
    tab.page.evaluate("HTMLAnchorElement.prototype.click = function () { window.file = this.download; }")

    tab.page.click("#copy")
    tab.page.click("#download")

    tab.page.wait("document.querySelector('#copy').classList.contains('done')")
    assert tab.page.evaluate("navigator.clipboard.readText()") == code
    assert tab.page.evaluate("window.file") == "prime-sieve.py"


def test_what_the_tables_lack_is_said_with_them(tab: Workbench) -> None:
    costs = {"tables": [], "requests": 1, "droppedLines": 3, "problems": ["Today: it cannot be asked"]}
    tab.page.evaluate(f"window.fetch = async () => new Response({json.dumps(json.dumps(costs))})")
    tab.page.click("#open-costs")

    tab.page.wait("document.querySelector('#costs-tables').innerText.includes('Today: it cannot be asked')")
    assert "oldest 3 lines are forgotten" in tab.text("#costs-tables")
