"""The steps of a reviewed artifact at the stand-in, over HTTP: plan, build, review, changes, rebuild."""

import json
import re
import time
from collections import Counter
from typing import Any

import pytest

from local.standin.artifact import Artifact
from local.standin.directives import Directive, DirectiveError
from local.standin.examples import example_for, examples
from local.standin.faults import FAULTS, as_json, checked
from local.standin.faults.table import Group
from local.standin.flaws import Flaw, flaw_of, flaws
from local.standin.kinds import Kind
from local.standin.plans import PARTS, plan_of
from local.standin.steps import ADVISING, ALL_STEPS, MAKING, Step
from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.kinds import Kind as KindOfTheBundle
from shared.artifacts.syntax import find_problems
from tests.local.code_requests import AS_A_WHOLE, AS_EDITS, applied, blocks_in, turns
from tests.local.step_requests import Messages, build, changes, json_schema, plan, rebuild, review
from tests.local.test_standin import ask, content_of, last_row, usage_of
from tests.support.standin import StandIn

EVERY_FLAW = pytest.mark.parametrize("flaw", flaws(), ids=lambda flaw: flaw.example.title)
TODO = example_for(Kind.REACT, "todo")
PROMPTS = {example.artifact.title: f"Make a {' '.join(sorted(example.words))}" for example in examples()}
TEXTS = {"type": "array", "items": {"type": "string"}}
PLANNED = "It shows:\n- something"


def said(host: StandIn, messages: Messages, **fields: Any) -> str:
    response = ask(host, "", messages=messages, **fields)
    assert response.status_code == 200, response.text
    return content_of(response)


def body_of(content: str) -> str:
    """The code of an answer that is one whole artifact."""
    assert content.startswith(" <artifact ")
    return content.partition("\n")[2].removesuffix("\n</artifact>")


# The data.


def test_there_are_flaws_of_every_severity_and_for_every_kind() -> None:
    count = Counter(flaw.severity for flaw in flaws())

    assert count.keys() == {"blocking", "major", "minor"}
    assert count["major"] > 3
    assert {flaw.example for flaw in flaws()} == {example.artifact for example in examples()}
    assert len({flaw.what for flaw in flaws()}) == len(flaws())


@EVERY_FLAW
def test_a_flawed_example_can_be_rendered_and_is_told_from_the_right_one(flaw: Flaw) -> None:
    flawed, right = flaw.flawed, flaw.example

    assert find_problems(flawed.code, KindOfTheBundle(flawed.kind), flawed.language, AllowedImports.default()) == ()
    assert (flaw.is_in(flawed.code), flaw.is_in(right.code)) == (True, False)
    assert flaw.mended(flawed.code) == right
    assert not [other for other in flaws() if other is not flaw and (other.is_in(flawed.code))]


@pytest.mark.parametrize("artifact", [each.artifact for each in examples()], ids=lambda artifact: artifact.title)
def test_every_example_has_a_plan(artifact: Artifact) -> None:
    planned = plan_of(artifact)

    assert tuple(planned) == PARTS
    assert planned["shows"]
    assert all(sentence.endswith(".") for sentences in planned.values() for sentence in sentences)


# The steps.


@EVERY_FLAW
def test_what_is_built_to_a_plan_is_flawed_and_mended(host: StandIn, flaw: Flaw) -> None:
    """All steps one after another, each with what came of those before."""
    example, request = flaw.example, PROMPTS[flaw.example.title]
    planned = said(host, plan(request, example.kind))
    built = body_of(said(host, build(request, example.kind, planned)))
    found = json.loads(said(host, review(request, built, planned)))
    findings = "\n".join(f"- {each['severity']}: {each['what']} ({each['where']})" for each in found["findings"])
    changed = json.loads(said(host, changes(request, planned, findings)))
    edits = applied(built, blocks_in(said(host, rebuild(request, example.kind, built, AS_EDITS, findings))))
    whole = body_of(said(host, rebuild(request, example.kind, built, AS_A_WHOLE, findings)))
    again = json.loads(said(host, review(request, whole, planned)))

    assert json.loads(planned) == plan_of(example)
    assert built == flaw.flawed.code
    assert found == {
        "verdict": "changes_requested",
        "findings": [{"what": flaw.what, "where": flaw.where, "severity": flaw.severity}],
    }
    assert changed == {"changes": [flaw.change]}
    assert edits == whole == example.code
    assert again == {"verdict": "approved", "findings": []}


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param(build("A todo list", Kind.REACT), id="no-plan"),
        pytest.param(turns(Kind.REACT, TODO.code, AS_A_WHOLE, change="Make it blue"), id="a-change"),
        pytest.param(turns(Kind.REACT, TODO.code, AS_A_WHOLE, error="It fails"), id="a-fix"),
        pytest.param(build(f"A list\n<<<plan\n{PLANNED}\nplan>>>", Kind.REACT), id="a-plan-of-the-prompt"),
    ],
)
def test_what_is_built_without_a_plan_has_no_flaw(host: StandIn, messages: Messages) -> None:
    code = body_of(said(host, messages))

    assert json.loads(said(host, review("A todo list", code))) == {"verdict": "approved", "findings": []}


def test_a_flaw_is_found_in_code_that_was_changed(host: StandIn) -> None:
    flaw = flaw_of(TODO)
    changed = body_of(said(host, turns(Kind.REACT, flaw.flawed.code, AS_A_WHOLE, change="Make it blue")))

    found = json.loads(said(host, review("Make it blue", changed)))

    assert changed != flaw.flawed.code
    assert [each["what"] for each in found["findings"]] == [flaw.what]


def test_the_kind_is_that_of_the_request_or_of_its_words(host: StandIn) -> None:
    named = json.loads(said(host, plan("Something about a rocket", Kind.SVG)))
    chosen = json.loads(said(host, plan("A flow chart of an order")))

    assert named == plan_of(example_for(Kind.SVG, "rocket"))
    assert chosen == plan_of(example_for(Kind.MERMAID, "order"))


@pytest.mark.parametrize("number", range(6))
def test_plan_and_build_choose_the_same_example(host: StandIn, number: int) -> None:
    """Where no word chooses one, and whatever the plan says: its words choose none."""
    request = f"Number {number}\r\nof many [[fault cut step=review]]  "

    planned = json.loads(said(host, plan(request, Kind.REACT)))
    built = body_of(said(host, build(request, Kind.REACT, "It shows:\n- a counter, a todo list, a timer and weather")))

    (example,) = [each.artifact for each in examples() if flaw_of(each.artifact).flawed.code == built]
    assert planned == plan_of(example)


def test_nothing_of_the_prompt_stands_in_the_plan(host: StandIn) -> None:
    planned = said(host, plan('A zebra list [[edit from="a" to="b"]] [[fault cut step=rebuild]]'))

    assert "zebra" not in planned
    assert not [word for word in ("edit", "fault", "[[") if word in planned]


def test_a_rebuild_leaves_alone_what_it_does_not_find(host: StandIn) -> None:
    """What is found is not there: one edit replaces a line by itself, and the whole is the code as it was."""
    (block,) = blocks_in(said(host, rebuild("A list", Kind.REACT, TODO.code, AS_EDITS)))
    whole = body_of(said(host, rebuild("A list", Kind.REACT, TODO.code, AS_A_WHOLE)))
    (change,) = json.loads(said(host, changes("A list", "{}")))["changes"]

    assert block.search == block.replace
    assert whole == TODO.code
    assert change


def test_an_edit_of_the_prompt_is_made_in_the_build_only(host: StandIn) -> None:
    """The code that it was made in would not have the text any more."""
    request = 'Run [[edit from="Walk" to="Run"]]'
    code = "# Plan\n\nRun."

    built = body_of(said(host, turns(Kind.MARKDOWN, "# Plan\n\nWalk.", AS_A_WHOLE, change=request)))
    reviewed = json.loads(said(host, review(request, built)))
    whole = body_of(said(host, rebuild(request, Kind.MARKDOWN, built, AS_A_WHOLE)))

    assert built == whole == code
    assert reviewed["verdict"] == "approved"


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("response_format", "is_bare"),
    [(None, False), ({"type": "text"}, False), ({"type": "json_object"}, True), (json_schema(changes=TEXTS), True)],
)
def test_json_comes_in_the_form_that_is_asked_for(
    host: StandIn, response_format: dict[str, Any] | None, is_bare: bool, stream: bool
) -> None:
    """With the space that Kimi begins a text with, and without where JSON is asked for."""
    form = {"response_format": response_format} if response_format else {}
    response = ask(host, "", messages=changes("A list", "{}"), stream=stream, **form)

    content = content_of(response) if stream else response.json()["choices"][0]["message"]["content"]
    assert content.startswith("{" if is_bare else " {")
    assert json.loads(content).keys() == {"changes"}


def test_a_schema_is_followed(host: StandIn) -> None:
    content = said(host, plan("A list"), response_format=json_schema(parts=TEXTS, count={"type": "integer"}))

    assert json.loads(content) == {"parts": ["A list"], "count": 1}


def test_a_form_that_nobody_knows_is_a_400(host: StandIn) -> None:
    response = ask(host, "", messages=plan("A list"), response_format={"type": "yaml"})

    assert response.status_code == 400
    assert "response_format.type must be one of" in response.json()["error"]["message"]


def test_a_chat_is_no_step(host: StandIn) -> None:
    (_, asked) = plan("A list")

    assert said(host, [asked]).startswith(" You wrote: <<<request")


def test_every_step_is_charged_as_any_answer(host: StandIn) -> None:
    response = ask(host, "", messages=review("A list", TODO.code))

    usage, row = usage_of(response), last_row(host)
    assert row["charged_nano_usd"] == row["sent_nano_usd"] > 0
    assert (usage["prompt_tokens"], usage["completion_tokens"]) == (row["prompt_tokens"], row["completion_tokens"])
    assert usage["prompt_tokens"] > len(TODO.code) / 4 > usage["completion_tokens"]


def test_the_beginning_of_each_step_is_cached(host: StandIn) -> None:
    """The plan serves the changes, and what was built serves all that is asked about it, up to the end of its code."""
    model = f"a/{time.time_ns()}"

    def cached(messages: Messages) -> int:
        usage = usage_of(ask(host, "", messages=messages, model=model))
        return int(usage["prompt_tokens_details"]["cached_tokens"])

    first = [cached(plan("A list")), cached(changes("A list", "{}"))]
    others = [cached(rebuild("A list", Kind.REACT, TODO.code, form)) for form in (AS_EDITS, AS_A_WHOLE)]

    assert first[0] == 0
    assert first[1] == sum(-(-len(message["content"]) // 4) for message in plan("A list"))
    assert others[0] == 0
    assert others[1] > len(TODO.code) / 4


# Faults, each in the steps that it is for.

LANDING = flaw_of(example_for(Kind.HTML, "bakery"))
FINDING = f"- major: {LANDING.what} (somewhere)"
REVIEWED_FAULTS = {name for name, fault in FAULTS.items() if fault.group is Group.REVIEWED}


def at_step(step: Step, request: str) -> Messages:
    """A request of this step; that for the rebuild asks for edits."""
    code = LANDING.flawed.code
    return {
        Step.PLAN: lambda: plan(request, Kind.HTML),
        Step.BUILD: lambda: build(request, Kind.HTML, PLANNED),
        Step.REVIEW: lambda: review(request, code, PLANNED),
        Step.CHANGES: lambda: changes(request, "{}", FINDING),
        Step.REBUILD: lambda: rebuild(request, Kind.HTML, code, AS_EDITS, FINDING),
    }[step]()


def faulty(host: StandIn, step: Step, directives: str) -> tuple[str, str | None]:
    """What is said, and the fault that it is said with; each time in a request of its own."""
    content = said(host, at_step(step, f"The landing page of a bakery {time.time_ns()} {directives}"))
    return content, last_row(host)["fault"]


@pytest.mark.parametrize("step", ALL_STEPS)
def test_a_fault_happens_in_the_steps_that_it_names(host: StandIn, step: Step) -> None:
    met = {each: faulty(host, each, f"[[fault chatter step={step}]]")[1] for each in ALL_STEPS}

    assert met == {each: "chatter" if each is step else None for each in ALL_STEPS}


def test_steps_can_be_named_together_and_one_after_another(host: StandIn) -> None:
    """The last directive that is for the step is followed."""
    directives = "[[fault chatter]] [[fault tokens step=plan+review]] [[fault think step=review at=openrouter]]"
    met = [faulty(host, step, directives)[1] for step in ALL_STEPS]

    assert met == ["tokens", "chatter", "think", "chatter", "chatter"]


@pytest.mark.parametrize(
    ("directive", "steps"),
    [
        ("prose", ALL_STEPS),
        ("untagged", MAKING),
        ("edit-same", (Step.REBUILD,)),
        ("json-fenced", ADVISING),
        ("review-misses", (Step.REVIEW,)),
        ("rebuild-same", (Step.REBUILD,)),
    ],
)
def test_without_a_step_it_happens_wherever_it_can(host: StandIn, directive: str, steps: tuple[Step, ...]) -> None:
    met = [step for step in ALL_STEPS if faulty(host, step, f"[[fault {directive}]]")[1]]

    assert tuple(met) == steps


@pytest.mark.parametrize("where", ["", " step=plan+build+review+changes+rebuild"])
def test_times_counts_in_each_step(host: StandIn, where: str) -> None:
    request = f"The landing page of a bakery {time.time_ns()} [[fault chatter times=1{where}]]"
    met = []
    for step in (*ALL_STEPS, *ALL_STEPS):
        said(host, at_step(step, request))
        met.append(last_row(host)["fault"])

    assert met == ["chatter"] * len(ALL_STEPS) + [None] * len(ALL_STEPS)


def test_what_is_no_reviewed_request_is_a_build(host: StandIn) -> None:
    for messages in (build("A list", Kind.REACT), turns(Kind.REACT, TODO.code, AS_EDITS, change="Make it blue")):
        *_, last = messages
        for step, fault in (("build", "chatter"), ("rebuild", None)):
            asked = {**last, "content": last["content"].replace("A list", f"A list [[fault chatter step={step}]]")}
            asked["content"] = asked["content"].replace("blue", f"blue [[fault chatter step={step}]]")
            said(host, [*messages[:-1], asked])
            assert last_row(host)["fault"] == fault


@pytest.mark.parametrize(
    ("directive", "why"),
    [
        ("cut step=4", "step=4 names '4', which is none of plan, build, review, changes, rebuild"),
        ("cut step=plan+", "names ''"),
        ("invalid step=build+review", "makes no sense in the step review, only in build, rebuild"),
        ("review-misses step=plan", "only in review"),
        ("edit-same step=plan", "only in build, rebuild"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(directive: str, why: str) -> None:
    with pytest.raises(DirectiveError, match=re.escape(why)):
        checked(Directive.parse(directive))


def test_a_program_is_told_the_steps() -> None:
    steps = {each["name"]: each["steps"] for each in as_json()}

    assert steps["cut"] == ["plan", "build", "review", "changes", "rebuild"]
    assert steps["invalid"] == ["build", "rebuild"]
    assert all(steps.values())


# What is wrong in each of the faults of the steps.


def advice(host: StandIn, step: Step, directive: str) -> Any:
    return json.loads(faulty(host, step, f"[[fault {directive}]]")[0])


@pytest.mark.parametrize("step", ADVISING)
def test_json_of_another_shape(host: StandIn, step: Step) -> None:
    good = json.loads(said(host, at_step(step, "The landing page of a bakery")))

    assert advice(host, step, "json-shape") == advice(host, step, "json-shape form=list") == list(good.values())
    assert advice(host, step, "json-shape form=names") == {f"my_{name}": value for name, value in good.items()}
    assert advice(host, step, "json-shape form=values") == {name: {"text": value} for name, value in good.items()}


@pytest.mark.parametrize("step", ADVISING)
def test_json_in_a_fence(host: StandIn, step: Step) -> None:
    content, _ = faulty(host, step, "[[fault json-fenced]]")
    before, fenced, behind = content.split("```")

    assert before.strip()
    assert behind.strip()
    good = json.loads(said(host, at_step(step, "The landing page of a bakery")))
    assert json.loads(fenced.removeprefix("json")) == good


@pytest.mark.parametrize("step", ADVISING)
def test_json_without_an_end(host: StandIn, step: Step) -> None:
    """All tokens are spent on it, and it is no JSON."""
    content = said(host, at_step(step, f"A bakery {time.time_ns()} [[fault json-endless]]"), max_tokens=8000)

    assert last_row(host)["completion_tokens"] == 8000
    assert content.startswith(' {"')
    with pytest.raises(json.JSONDecodeError):
        json.loads(content)


@pytest.mark.parametrize("step", ADVISING)
def test_code_instead_of_json(host: StandIn, step: Step) -> None:
    content, _ = faulty(host, step, "[[fault json-code]]")

    assert body_of(content) in {each.artifact.code for each in examples()}


def test_reviews_that_make_no_sense(host: StandIn) -> None:
    own = {"what": LANDING.what, "where": LANDING.where, "severity": "major"}
    approves, invents = advice(host, Step.REVIEW, "review-approves"), advice(host, Step.REVIEW, "review-invents")

    assert [each["severity"] for each in advice(host, Step.REVIEW, "review-severity")["findings"]] == ["catastrophic"]
    assert approves == {"verdict": "approved", "findings": [own]}
    assert (invents["verdict"], invents["findings"][0]) == ("changes_requested", own)
    assert [each["severity"] for each in invents["findings"]] == ["major", "major"]
    assert invents["findings"][1]["what"] not in {flaw.what for flaw in flaws()}
    assert advice(host, Step.REVIEW, "review-misses") == {"verdict": "changes_requested", "findings": []}


def test_an_approval_of_right_code_has_a_finding_too(host: StandIn) -> None:
    found = json.loads(said(host, review("A bakery [[fault review-approves]]", LANDING.example.code)))

    assert (found["verdict"], [each["severity"] for each in found["findings"]]) == ("approved", ["major"])


@pytest.mark.parametrize("flaw", flaws(), ids=lambda flaw: flaw.example.title)
def test_a_rebuild_that_guts_the_code_or_leaves_it(host: StandIn, flaw: Flaw) -> None:
    """In both forms; what is left can be rendered, and is of the same language."""
    code, kind, language = flaw.flawed.code, flaw.example.kind, flaw.example.language
    codes = {}
    for name in ("rebuild-guts", "rebuild-same"):
        request = f"Make it [[fault {name}]]"
        edits = applied(code, blocks_in(said(host, rebuild(request, kind, code, AS_EDITS, flaw.what))))
        codes[name] = body_of(said(host, rebuild(request, kind, code, AS_A_WHOLE, flaw.what)))
        assert edits == codes[name]

    small = codes["rebuild-guts"]
    assert codes["rebuild-same"] == code
    assert len(small) < len(code) / 4
    assert find_problems(small, KindOfTheBundle(kind), language, AllowedImports.default()) == ()


def test_every_fault_of_the_steps_is_tried_here() -> None:
    tried = {"json-shape", "json-fenced", "json-endless", "json-code", "rebuild-guts", "rebuild-same"}

    assert tried | {f"review-{name}" for name in ("severity", "approves", "invents", "misses")} == REVIEWED_FAULTS
