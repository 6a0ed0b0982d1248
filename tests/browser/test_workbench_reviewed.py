"""Reviewed artifacts on the page of `make run`: the choice, the plan, what the review found, and what became of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.reviewing import APPROVED, FINDINGS, PLAN, REVIEW, Host, page_of, reviewing_host
from tests.browser.test_workbench_look import BOXES, CONTRAST, overflow
from tests.local.bundle import running_bundle
from tests.local.emulator import Emulator
from tests.support.chromium import Browser
from tests.support.workbench import Workbench, workbench

MARKUP = "<img id=markup src=x onerror='window.owned = 1'><script>window.owned = 1</script>"
LOOP = ["plan", "build", "review", "changes", "rebuild"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Host, Emulator]]:
    """The bundle with a model host that answers as it is told to."""
    with reviewing_host() as host:
        settings = {"OPENROUTER_K2T_KEY": "sk-test", "OPENROUTER_BASE_URL": host.url}
        with running_bundle(tmp_path_factory.mktemp("reviewed"), **settings) as running:
            yield host, running


@pytest.fixture
def host(served: tuple[Host, Emulator]) -> Host:
    """The model host, which answers as in a loop that changes something until it is told otherwise."""
    return served[0]


@pytest.fixture
def reviewed(browser: Browser, served: tuple[Host, Emulator]) -> Iterator[Workbench]:
    """A tab in which artifacts are to be reviewed."""
    served[0].begin()
    browser.thrown.clear()
    with workbench(browser, served[1].url) as opened:
        choose(opened, "reviewed")
        yield opened
    assert browser.thrown == []


def choose(tab: Workbench, workflow: str) -> None:
    tab.page.click(f"[name=workflow][value='{workflow}']")


def selected(tab: Workbench) -> str:
    return tab.text("[role=tab][aria-selected=true]").split()[0]


def wait_for_phase(tab: Workbench, phase: str) -> None:
    """Wait until this happens, and has not ended."""
    tab.page.wait(f"document.querySelector('#phases [aria-current]')?.dataset.phase === '{phase}'")


def review_of(tab: Workbench) -> str:
    """What the panel says, seen or not."""
    text: str = tab.page.evaluate(
        "[...document.querySelectorAll('#review :is(h3, h4, li, p)')].map((each) => each.textContent).join('\\n')"
    )
    return text


def code(tab: Workbench) -> str:
    text: str = tab.page.evaluate("document.querySelector('#code-text').textContent")
    return text


def test_plan_and_review_are_shown_when_they_come_and_what_is_built_stays_while_it_is_changed(
    reviewed: Workbench, host: Host
) -> None:
    host.begin(*LOOP)
    reviewed.begin("A shop", "html")
    wait_for_phase(reviewed, "planning")
    waiting, first_tab = review_of(reviewed), selected(reviewed)
    host.release("plan")
    reviewed.page.wait("document.querySelector('#review li') !== null")
    wait_for_phase(reviewed, "thinking")
    planned, planned_tab = reviewed.text("#review"), selected(reviewed)
    host.release("build")
    wait_for_phase(reviewed, "reviewing")
    built, built_tab = code(reviewed), selected(reviewed)
    host.release("review")
    reviewed.page.wait("document.querySelector('.findings') !== null")
    found, count = review_of(reviewed), reviewed.text("#review-count")
    wait_for_phase(reviewed, "planning")
    host.release("changes")
    wait_for_phase(reviewed, "changing")
    while_changed = reviewed.text("#code-text")
    host.release("rebuild")
    reviewed.wait_until_done()

    assert ("The plan appears here as soon as there is one." in waiting, first_tab) == (True, "Review")
    assert (all(item in planned for items in PLAN.values() for item in items), planned_tab) == (True, "Review")
    assert ("<p>Bread</p>" in built, built_tab) == (True, "Code")
    assert all(finding["what"] in found for finding in FINDINGS)
    assert count == "2"
    assert while_changed.strip() == built.strip()
    assert host.asked == LOOP
    phases = reviewed.page.evaluate("[...document.querySelectorAll('#phases li')].map((each) => each.dataset.phase)")
    assert phases == ["planning", "thinking", "writing", "checking", "reviewing", "planning", "changing"]
    reviewed.wait_inside("Bread, 3 euros")


@pytest.mark.parametrize("change", [False, True], ids=["new", "change"])
def test_a_plan_that_did_not_come_is_not_promised_any_more(change: bool, reviewed: Workbench, host: Host) -> None:
    """A change has none."""
    if change:
        reviewed.generate("A shop", "html")
    host.begin("review", plan="I cannot.", build=page_of("Cake", "Open"))
    if change:
        reviewed.fill("#change-prompt", "Sell cake")
        reviewed.page.click("#send-change")
    else:
        reviewed.begin("A shop", "html")
    wait_for_phase(reviewed, "reviewing")
    live = review_of(reviewed)
    host.release("review")
    reviewed.wait_until_done()

    assert "The plan appears here" not in live
    assert ("It was not planned" in live, "It was not planned" in review_of(reviewed)) == (not change, not change)
    assert "What the review finds appears here" in live


def test_only_a_workflow_that_was_chosen_is_remembered(reviewed: Workbench) -> None:
    """What the service does by itself may be something else after a reload."""
    begun_as = """import('/workbench/session.js').then(({ Session }) => {
      const kept = new Map();
      const storage = () => ({ getItem: (name) => kept.get(name), setItem: (name, text) => kept.set(name, text) });
      const first = new Session(storage, 'reviewed');
      first.pay({ costUsd: 0.01 });
      const unchosen = new Session(storage, 'direct').workflow;
      first.chooseWorkflow('reviewed');
      return [first.workflow, unchosen, new Session(storage, 'direct').workflow];
    })"""

    assert reviewed.page.evaluate(begun_as) == ["reviewed", "direct", "reviewed"]


def test_what_was_found_and_what_became_of_it_is_said_of_the_version_that_is_shown(
    reviewed: Workbench, host: Host
) -> None:
    reviewed.generate("A shop", "html")
    kept = review_of(reviewed).split("\n")
    choose(reviewed, "direct")
    host.begin(build=page_of("Cake", "Open"))
    reviewed.fill("#change-prompt", "Sell cake")
    reviewed.page.click("#send-change")
    reviewed.wait_until_done()
    changed = (review_of(reviewed), reviewed.text("#review-count"), list(host.asked))
    reviewed.page.click("#back")
    earlier = review_of(reviewed).split("\n")
    reviewed.generate("Another shop", "html")
    another = review_of(reviewed)
    reviewed.page.click("#history li:last-child button")
    again = review_of(reviewed).split("\n")
    reviewed.reload()
    reloaded = review_of(reviewed).split("\n")

    assert kept == [
        "Plan",
        "It shows", "A page that sells bread",
        "Its states", "Open", "Closed",
        "What can be done with it", "Bread is put into the basket",
        "Edge cases", "The basket is empty",
        "Review",
        "MajorNothing says what the bread costs.the list",
        "MinorThe heading is small.",
        "To be changed", "Say the price beside the bread",
        "It was changed, and you see the result.",
    ]  # fmt: skip
    assert changed[0].startswith("A reviewed artifact has its plan here")
    assert changed[1:] == ("", ["build"])
    assert another == changed[0]
    assert earlier == again == reloaded == kept


def test_the_choice_is_sent_with_generations_and_changes_and_with_no_fix(reviewed: Workbench, host: Host) -> None:
    reviewed.generate("A shop", "html")
    generated = host.asked
    host.begin(review=APPROVED, build=page_of("Cake", "Open"))
    reviewed.fill("#change-prompt", "Sell cake")
    reviewed.page.click("#send-change")
    reviewed.wait_until_done()
    changed, of_change = host.asked, review_of(reviewed).split("\n")
    host.begin(build=page_of("Pie", "Open"))
    reviewed.repair_own("<!doctype html><title>Shop</title><body><p>Pie</p><p>Open</p>", "html", "It is not closed")
    fixed, sheet = host.asked, reviewed.sheet
    reviewed.reload()
    remembered = reviewed.page.evaluate("document.querySelector('#generate').elements.workflow.value")

    assert (generated, changed, fixed, sheet) == (LOOP, ["build", "review"], ["build"], "")
    assert of_change == ["Review", "The review found nothing."]
    assert remembered == "reviewed"


def test_the_page_begins_with_what_the_service_does_where_nobody_chooses(browser: Browser, tmp_path: Path) -> None:
    chosen = "document.querySelector('#generate').elements.workflow.value"
    with running_bundle(tmp_path, WORKFLOW="reviewed") as running, workbench(browser, running.url) as opened:
        first = opened.page.evaluate(chosen)
        choose(opened, "direct")
        opened.reload()
        again = opened.page.evaluate(chosen)

    assert (first, again) == ("reviewed", "direct")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"plan": "Certainly!"}, "It was not planned: no usable plan came"),
        ({"review": "It is fine."}, "It was not reviewed: no usable review came"),
        ({"changes": "Certainly!"}, "What to change was not planned"),
        ({"rebuild": "Certainly!"}, "no result passed the check and kept what was there"),
        ({"rebuild": page_of("Bread", "Open")}, "no result passed the check and kept what was there"),
        ({"review": {**REVIEW, "findings": FINDINGS[1:]}}, "None of this was bad enough to send it back."),
    ],
    ids=["no plan", "no review", "no changes", "no rebuild", "the same", "minor"],
)
def test_a_step_that_came_to_nothing_is_said_in_words(
    reviewed: Workbench, host: Host, answers: dict[str, object], said: str
) -> None:
    host.begin(**answers)
    reviewed.generate("A shop", "html")

    assert said in review_of(reviewed)
    assert reviewed.sheet == ""
    reviewed.wait_inside("Bread")


def test_a_flaw_of_the_stand_in_is_found_and_mended(tab: Workbench) -> None:
    """Without a key: what the review found is right in the artifact that is shown, and the bill has all steps."""
    choose(tab, "reviewed")
    tab.generate("A landing page of a bakery", "html")
    review = review_of(tab)
    tab.wait_inside("Kneadful Things")
    tab.page.click("[data-name]", inside=True)

    assert "MajorThe buttons for putting a bread aside do nothing." in review
    assert review.endswith("It was changed, and you see the result.")
    assert tab.page.evaluate("document.querySelector('#basket').innerText", inside=True).startswith("Put aside: 1")
    words = tab.text("#facts").split()
    assert words[words.index("Attempts") + 1] == "5"


def test_a_fault_can_be_for_one_step(tab: Workbench) -> None:
    """Of those in which it can happen; one that is chosen stays chosen where another fault can happen in it as well."""
    faults = [
        {"name": name, "group": "new ones", "what": "It fails.", "hosts": ["openrouter"], "steps": steps}
        for name, steps in {"one": ["plan", "review"], "other": ["review"], "third": ["build"]}.items()
    ]
    # In place of the stand-in's own, and of what listens to these.
    tab.page.evaluate("{const menu = document.querySelector('#fault'); menu.replaceWith(menu.cloneNode(false));}")
    tab.page.evaluate(
        "import('/workbench/faults.js').then((faults) => {"
        f" faults.offerFaults({json.dumps(faults)}); window.directive = faults.directive; }})"
    )
    tab.choose_fault("one", step="review")
    steps = tab.page.evaluate("[...document.querySelectorAll('#fault-step option')].map((each) => each.value)")
    of_one = tab.page.evaluate("directive()")
    tab.choose_fault("other", at="openrouter")
    of_other = tab.page.evaluate("directive()")
    tab.choose_fault("third")

    assert steps == ["", "plan", "review"]
    assert of_one == " [[fault one times=1 step=review]]"
    assert of_other == " [[fault other times=1 at=openrouter step=review]]"
    assert tab.page.evaluate("directive()") == " [[fault third times=1 at=openrouter]]"


def test_the_stand_in_fails_in_the_step_that_is_chosen(tab: Workbench) -> None:
    choose(tab, "reviewed")
    tab.choose_fault("prose", step="review")
    tab.generate("A landing page of a bakery", "html")
    review = review_of(tab)

    assert "It was not reviewed" in review
    assert "It was not planned" not in review
    assert tab.sheet == ""


def test_what_plan_and_review_say_is_text_and_no_more(reviewed: Workbench, host: Host, browser: Browser) -> None:
    finding = {"what": MARKUP, "where": MARKUP, "severity": "blocking"}
    host.begin(
        "rebuild",
        plan={name: [MARKUP, f"{name} {'x' * 400}"] for name in PLAN},
        review={"verdict": "changes_requested", "findings": [finding] * 20},
        changes={"changes": [MARKUP]},
    )
    reviewed.begin("A shop", "html")
    wait_for_phase(reviewed, "changing")
    live = review_of(reviewed)
    host.release("rebuild")
    reviewed.wait_until_done()
    browser.listen(0.2)

    assert live.count(MARKUP) == len(PLAN) + 40
    assert review_of(reviewed).count(MARKUP) == len(PLAN) + 41
    assert reviewed.page.evaluate("[document.querySelector('#markup'), window.owned ?? null]") == [None, None]


def test_who_looks_at_something_else_is_left_there(reviewed: Workbench, host: Host) -> None:
    """Neither the first code nor what a review found takes one away from the panel that was chosen."""
    host.begin("build", "rebuild")
    reviewed.begin("A shop", "html")
    wait_for_phase(reviewed, "thinking")
    reviewed.page.click("#tab-review")
    host.release("build")
    wait_for_phase(reviewed, "changing")
    while_changing = selected(reviewed)
    host.release("rebuild")
    reviewed.wait_until_done()

    assert (while_changing, selected(reviewed)) == ("Review", "Preview")


def test_where_nothing_could_be_built_the_review_of_what_is_shown_is_back(reviewed: Workbench, host: Host) -> None:
    reviewed.generate("A shop", "html")
    before = review_of(reviewed)
    host.begin(build="I cannot.", plan={"shows": ["Something else"]})
    reviewed.generate("Another shop", "html")

    assert reviewed.sheet
    assert review_of(reviewed) == before


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_plan_and_review_fit_a_phone_and_stand_out(reviewed: Workbench, host: Host, dark: bool) -> None:
    reviewed.resize(360, 740, dark=dark)
    long = {"what": "Nothing " * 40, "where": "x" * 300, "severity": "blocking"}
    host.begin("rebuild", review={"verdict": "changes_requested", "findings": [long, *FINDINGS]})
    found = {"chosen": overflow(reviewed)}
    reviewed.begin("A shop", "html")
    wait_for_phase(reviewed, "changing")
    reviewed.page.click("#tab-review")
    found["changing"] = overflow(reviewed)
    least = [reviewed.page.evaluate(CONTRAST)]
    host.release("rebuild")
    reviewed.wait_until_done()
    reviewed.page.click("#tab-review")
    found["reviewed"] = overflow(reviewed)
    least.append(reviewed.page.evaluate(CONTRAST))

    assert found == {state: [] for state in found}
    for contrast, where, _ in least:
        assert contrast >= 4.5, where


def test_nothing_moves_while_something_is_reviewed(reviewed: Workbench) -> None:
    reviewed.resize(1280, 900)
    reviewed.page.evaluate(f"window.boxes = new Set(); window.look = () => boxes.add(JSON.stringify({BOXES})); look()")
    reviewed.page.evaluate(
        "new MutationObserver(look).observe(document.body, {subtree: true, childList: true, attributes: true})"
    )
    reviewed.generate("A shop", "html")

    assert len(reviewed.page.evaluate("look(); [...boxes]")) == 1
