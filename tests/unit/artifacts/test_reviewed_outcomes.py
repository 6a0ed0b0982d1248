"""Every order of outcomes of plan, build, review and rebuild: what is given back, its warnings, calls and cost line."""

import json
from dataclasses import dataclass
from itertools import pairwise, product
from typing import NamedTuple

import pytest

from tests.support.reviewed import (
    BUILDERS,
    CHANGES,
    LATE,
    PLAN,
    Answered,
    Reply,
    Said,
    Status,
    Studio,
    component,
    review,
    tagged,
)

BUILT, REPAIRED, EXTENDED, BETTER, GOOD = (
    component(name) for name in ("Built", "Repaired", "Extended", "Better", "Mended")
)
BROKEN = BUILT[:-1]
GUTTED = component("Gutted", rows=1)
ELIDED = "\n".join(line for line in BETTER.split("\n") if "Row" not in line).replace(
    "    </ul>", "      {/* ... the rest of the code is unchanged */}\n    </ul>"
)
PAGE = "<!DOCTYPE html>\n<html><head><title>a</title></head><body><p>Row</p></body></html>"


class Outcome(NamedTuple):
    """What a step's models reply, and what is known of that without looking at the code under test."""

    replies: list[Reply]
    purposes: list[str]
    """Of the attempts that it takes."""
    good: str | bool = False
    """What it brings: the code of a build or rebuild, or whether advice can be used."""


def said(text: str, *more: str) -> list[Reply]:
    return [Said(each) for each in (text, *more)]


def artifacts(*codes: str) -> list[Reply]:
    return said(*(tagged(code) for code in codes))


CUT = Said(tagged(EXTENDED)[:-30], "length")
PLANS = {
    "ok": Outcome(said(json.dumps(PLAN)), ["plan"], good=True),
    "not JSON": Outcome(said("It shows rows, of course."), ["plan"]),
    "another shape": Outcome(said('{"shows": "Rows"}'), ["plan"]),
    "refused": Outcome([Said("", "content_filter")], ["plan"]),
    "host fails": Outcome([Status(500)], ["plan", "plan"]),
    "late": Outcome([LATE], ["plan"]),
}
BUILDS = {
    "ok": Outcome(artifacts(BUILT), ["build"], BUILT),
    "repaired": Outcome(artifacts(BROKEN, REPAIRED), ["build", "repair"], REPAIRED),
    "extended": Outcome([CUT, *artifacts(EXTENDED)], ["build", "extended"], EXTENDED),
    "by the next model": Outcome([Status(500), *artifacts(BUILT)], ["build", "build"], BUILT),
}
FAILED_BUILDS = {
    "invalid": (Outcome(artifacts(BROKEN, BROKEN), ["build", "repair"]), "artifact_invalid"),
    "truncated": (Outcome([CUT, CUT], ["build", "extended"]), "artifact_truncated"),
    "missing": (Outcome(said("I cannot.", "No."), ["build", "repair"]), "artifact_missing"),
    "refused": (Outcome([Said("", "content_filter")], ["build"]), "refused"),
    "host fails": (Outcome([Status(500)], ["build", "build"]), "upstream_error"),
    "late": (Outcome([LATE], ["build"]), "deadline_exceeded"),
}
REVIEWS = {
    "approved": Outcome(said(review()), ["review"], good=True),
    "findings below": Outcome(said(review("minor", "minor")), ["review"], good=True),
    "not JSON": Outcome(said("Looks good to me."), ["review"]),
    "refused": Outcome([Said("", "content_filter")], ["review"]),
    "host fails": Outcome([Status(500)], ["review", "review"]),
    "late": Outcome([LATE], ["review"]),
}
AT_THRESHOLD = {
    "major": Outcome(said(review("minor", "major")), ["review"], good=True),
    "blocking": Outcome(said(review("blocking", verdict="approved")), ["review"], good=True),
}
RE_PLANS = {
    "ok": Outcome(said(json.dumps({"changes": CHANGES})), ["plan"], good=True),
    "not JSON": Outcome(said("Change it."), ["plan"]),
    "late": Outcome([LATE], ["plan"]),
}
REBUILDS = {
    "better": Outcome(artifacts(BETTER), ["rebuild"], BETTER),
    "mended": Outcome(artifacts(BROKEN, GOOD), ["rebuild", "repair"], GOOD),
    "by the next model": Outcome([Status(500), *artifacts(BETTER)], ["rebuild", "rebuild"], BETTER),
    "gutted": Outcome(artifacts(GUTTED, GUTTED), ["rebuild", "repair"]),
    "elided": Outcome(artifacts(ELIDED, ELIDED), ["rebuild", "repair"]),
    "invalid": Outcome(artifacts(BROKEN, BROKEN), ["rebuild", "repair"]),
    "another kind": Outcome(said(tagged(PAGE, "html"), tagged(PAGE, "html")), ["rebuild", "repair"]),
    "truncated": Outcome([CUT, CUT], ["rebuild", "extended"]),
    "missing": Outcome(said("Done.", "Done."), ["rebuild", "repair"]),
    "refused": Outcome([Said("", "content_filter")], ["rebuild"]),
    "host fails": Outcome([Status(500)], ["rebuild", "rebuild"]),
    "late": Outcome([LATE], ["rebuild"]),
}
UNCHANGED = {name: Outcome(artifacts(str(build.good)) * 2, ["rebuild", "repair"]) for name, build in BUILDS.items()}


@dataclass
class Expected:
    """What is to come of it, step by step."""

    code: str
    purposes: list[str]
    author: int
    """Which call wrote what is given back, from 1."""
    warnings: list[str]
    plan: bool
    findings: int | None = None
    changes: bool = False
    rebuild: str | None = None
    repaired: bool = False


def expected(plan: str, build: str, review: str, re_plan: str = "", rebuild: str = "") -> Expected:
    """The oracle: what the steps' outcomes come to, said in another way than the code under test says it."""
    planned, built = PLANS[plan], BUILDS[build]
    reviewed = (REVIEWS | AT_THRESHOLD)[review]
    result = Expected(
        code=str(built.good),
        purposes=planned.purposes + built.purposes + reviewed.purposes,
        author=len(planned.purposes + built.purposes),
        warnings=[] if planned.good else ["plan_skipped"],
        plan=bool(planned.good),
        repaired="repair" in built.purposes,
    )
    if not reviewed.good:
        result.warnings.append("review_skipped")
        return result
    result.findings = {"approved": 0, "findings below": 2, "major": 2, "blocking": 1}[review]
    if review not in AT_THRESHOLD:
        return result
    if planned.good:
        result.purposes += RE_PLANS[re_plan].purposes
        result.changes = bool(RE_PLANS[re_plan].good)
        result.warnings += [] if result.changes else ["plan_skipped"]
    rebuilt = UNCHANGED[build] if rebuild == "unchanged" else REBUILDS[rebuild]
    result.purposes += rebuilt.purposes
    result.rebuild = "kept" if rebuilt.good else "discarded"
    if rebuilt.good:
        result.code, result.author = str(rebuilt.good), len(result.purposes)
        result.repaired |= "repair" in rebuilt.purposes
    else:
        result.warnings.append("rebuild_skipped")
    return result


def studio(monkeypatch: pytest.MonkeyPatch, **script: list[Reply]) -> Studio:
    return Studio(script, monkeypatch)


def made(
    monkeypatch: pytest.MonkeyPatch, plan: str, build: str, review: str, re_plan: str = "", rebuild: str = ""
) -> tuple[Studio, Answered]:
    """A request whose steps have these outcomes; more is asked of no model than they take."""
    script = {
        "plan": PLANS[plan].replies,
        "build": BUILDS[build].replies,
        "review": (REVIEWS | AT_THRESHOLD)[review].replies,
    }
    if re_plan:
        script["changes"] = RE_PLANS[re_plan].replies
    if rebuild:
        script["rebuild"] = (UNCHANGED[build] if rebuild == "unchanged" else REBUILDS[rebuild]).replies
    ours = studio(monkeypatch, **script)
    return ours, ours.ask()


def check(ours: Studio, answer: Answered, want: Expected) -> None:
    """Fail unless the answer, the warnings, the calls and the one cost line are these."""
    body, cost = answer.json, answer.cost
    assert (answer.status, body["success"]) == (200, True), body
    assert answer.purposes == want.purposes
    assert body["artifact"]["code"] == want.code
    assert body["warnings"] == want.warnings
    assert (body.get("plan"), body["repaired"]) == (PLAN if want.plan else None, want.repaired)
    review = body.get("review")
    assert (review and len(review["findings"])) == want.findings
    assert (review or {}).get("changes") == (CHANGES if want.changes else None)
    assert (review or {}).get("rebuild") == want.rebuild
    author = ours.calls[want.author - 1]
    assert (body["model"], body["host"]) == (author.model, "openrouter")
    assert (cost["workflow"], cost["findings"], cost["rebuild"]) == ("reviewed", want.findings, want.rebuild)
    assert (cost["outcome"], cost["repaired"]) == ("ok", want.repaired)
    check_sums(ours, answer, want.author)


def check_sums(ours: Studio, answer: Answered, author: int) -> None:
    """Fail unless the cost line has the author's fields, and the sums of all calls that the host had."""
    cost, calls, by = answer.cost, ours.calls, ours.calls[author - 1]
    replied = [number for number, call in enumerate(calls, 1) if call.cost]
    assert (cost["model"], cost["host"], cost["requested_model"]) == (by.model, "openrouter", BUILDERS[0])
    assert cost["provider"] == (f"Provider {author}" if by.cost else None)
    assert cost["first_token_ms"] == (round(by.seconds * 1000) if by.wrote else None)
    assert cost["attempts"] == answer.json["attempts"] == len(calls)
    assert cost["input_tokens"] == answer.json["usage"]["inputTokens"] == sum(100 * each for each in replied)
    assert cost["cached_tokens"] == answer.json["usage"]["cachedTokens"] == sum(7 * each for each in replied)
    known = None if all(call.cost is None for call in calls) else sum(replied)
    assert cost["cost_nano_usd"] == (None if known is None else 1_000_000 * known)
    assert cost["cost_usd"] == answer.json["costUsd"] == (None if known is None else pytest.approx(known / 1000))
    assert cost["generation_ids"] == [f"gen-{each}" for each in replied]
    lines = answer.named("attempt")
    retries = sum(
        before["outcome"] != "ok" and before["purpose"] == after["purpose"] for before, after in pairwise(lines)
    )
    assert cost["retries"] == retries
    assert [line["cached_tokens"] for line in lines if line["outcome"] == "ok"] == [
        7 * number for number in replied if lines[number - 1]["outcome"] == "ok"
    ]


@pytest.mark.parametrize(("plan", "build", "review"), list(product(PLANS, BUILDS, REVIEWS)))
def test_without_a_finding_at_the_threshold_the_build_is_given(
    plan: str, build: str, review: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, answer = made(monkeypatch, plan, build, review)

    check(ours, answer, expected(plan, build, review))


@pytest.mark.parametrize(("build", "re_plan", "rebuild"), list(product(BUILDS, RE_PLANS, [*REBUILDS, "unchanged"])))
def test_with_a_plan_what_is_found_goes_back_to_it_and_is_rebuilt(
    build: str, re_plan: str, rebuild: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, answer = made(monkeypatch, "ok", build, "major", re_plan, rebuild)

    check(ours, answer, expected("ok", build, "major", re_plan, rebuild))


@pytest.mark.parametrize(
    ("plan", "build", "rebuild"),
    list(product(["not JSON", "late"], BUILDS, [*REBUILDS, "unchanged"])),
)
def test_without_a_plan_what_is_found_is_rebuilt_at_once(
    plan: str, build: str, rebuild: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, answer = made(monkeypatch, plan, build, "major", rebuild=rebuild)

    check(ours, answer, expected(plan, build, "major", rebuild=rebuild))


@pytest.mark.parametrize(("plan", "build"), list(product(PLANS, FAILED_BUILDS)))
def test_what_could_not_be_built_is_not_reviewed(plan: str, build: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fails as a direct request does, and says what all of it cost."""
    (outcome, code), planned = FAILED_BUILDS[build], PLANS[plan]
    ours = studio(monkeypatch, plan=planned.replies, build=outcome.replies)

    answer = ours.ask()

    assert (answer.json["success"], answer.json["code"]) == (False, code)
    assert answer.purposes == planned.purposes + outcome.purposes
    assert {"plan", "review"}.isdisjoint(answer.json)
    cost = answer.cost
    assert (cost["outcome"], cost["workflow"], cost["findings"], cost["rebuild"]) == (code, "reviewed", None, None)
    check_sums(ours, answer, len(ours.calls))


class Row(NamedTuple):
    """A row of the table: what the steps' models do, and what the caller gets."""

    plan: str
    build: str
    review: str
    re_plan: str
    rebuild: str
    code: str
    warnings: str
    purposes: str


TABLE = [
    Row("ok", "ok", "approved", "", "", BUILT, "", "plan build review"),
    Row("ok", "ok", "findings below", "", "", BUILT, "", "plan build review"),
    Row("ok", "ok", "major", "ok", "better", BETTER, "", "plan build review plan rebuild"),
    Row("ok", "ok", "blocking", "ok", "mended", GOOD, "", "plan build review plan rebuild repair"),
    Row("ok", "repaired", "approved", "", "", REPAIRED, "", "plan build repair review"),
    Row("ok", "extended", "approved", "", "", EXTENDED, "", "plan build extended review"),
    Row("not JSON", "ok", "approved", "", "", BUILT, "plan_skipped", "plan build review"),
    Row("late", "ok", "approved", "", "", BUILT, "plan_skipped", "plan build review"),
    Row("host fails", "ok", "approved", "", "", BUILT, "plan_skipped", "plan plan build review"),
    Row("late", "ok", "major", "", "better", BETTER, "plan_skipped", "plan build review rebuild"),
    Row("ok", "ok", "not JSON", "", "", BUILT, "review_skipped", "plan build review"),
    Row("ok", "ok", "late", "", "", BUILT, "review_skipped", "plan build review"),
    Row("late", "ok", "late", "", "", BUILT, "plan_skipped review_skipped", "plan build review"),
    Row("ok", "ok", "major", "late", "better", BETTER, "plan_skipped", "plan build review plan rebuild"),
    Row("ok", "ok", "major", "ok", "gutted", BUILT, "rebuild_skipped", "plan build review plan rebuild repair"),
    Row("ok", "ok", "major", "ok", "unchanged", BUILT, "rebuild_skipped", "plan build review plan rebuild repair"),
    Row("ok", "ok", "major", "ok", "invalid", BUILT, "rebuild_skipped", "plan build review plan rebuild repair"),
    Row("ok", "ok", "major", "ok", "late", BUILT, "rebuild_skipped", "plan build review plan rebuild"),
    Row("late", "ok", "major", "", "late", BUILT, "plan_skipped rebuild_skipped", "plan build review rebuild"),
    Row(
        "ok",
        "ok",
        "major",
        "not JSON",
        "elided",
        BUILT,
        "plan_skipped rebuild_skipped",
        "plan build review plan rebuild repair",
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: " / ".join(filter(None, row[:5])))
def test_the_table(row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, written out for whoever reads it; the oracle agrees with it."""
    _, answer = made(monkeypatch, *row[:5])

    assert answer.json["artifact"]["code"] == row.code
    assert answer.json["warnings"] == row.warnings.split()
    assert answer.purposes == row.purposes.split()
    oracle = expected(*row[:5])
    assert (oracle.code, oracle.warnings, oracle.purposes) == (row.code, row.warnings.split(), row.purposes.split())
