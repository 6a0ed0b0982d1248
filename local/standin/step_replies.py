"""What the model says at the steps of a reviewed request that are answered with JSON: plan, review, changes."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from local.standin.calls import ChatCall
from local.standin.chat.clues import Clues
from local.standin.chat.request import wanted_schema
from local.standin.chat.schema import Sample
from local.standin.examples import example_for
from local.standin.flaws import flaw_in, flaws_named_in
from local.standin.json_text import to_json
from local.standin.kinds import wanted_kind
from local.standin.plans import plan_of
from local.standin.replies import Reply
from local.standin.steps import Step

_UNKNOWN: Final = "Look at what the review found once more, and put right what is there."
_THOUGHTS: Final = {
    Step.PLAN: "I am to say what will be built, and not to build it: what it shows, and what can happen with it.",
    Step.REVIEW: "I have the request, the plan and the code, and compare one part of them after the other.",
    Step.CHANGES: "A review has looked at what came of my plan, and I am to say what follows from it.",
}


def step_reply(call: ChatCall) -> Reply:
    """Return the advice that the step asks for, in the form that the request asks for.

    Raises:
        BadRequestError: when that form is none that a host knows.
    """
    return Reply(None, f" {_THOUGHTS[call.step]} Short sentences will do.", _in_form(call, _ADVICE[call.step](call)))


def _plan(call: ChatCall) -> Mapping[str, Any]:
    """Return the plan of the example that the request will get."""
    return plan_of(example_for(wanted_kind(call.asked.instructions, call.request), call.request))


def _review(call: ChatCall) -> Mapping[str, Any]:
    """Return the flaw that is in the code as the only finding."""
    flaw = flaw_in(call.asked.code)
    if flaw is None:
        return {"verdict": "approved", "findings": []}
    return {"verdict": "changes_requested", "findings": [flaw.finding]}


def _changes(call: ChatCall) -> Mapping[str, Any]:
    """Return what is to be changed for the findings."""
    return {"changes": [flaw.change for flaw in flaws_named_in(call.asked.findings)] or [_UNKNOWN]}


_ADVICE: Final[Mapping[Step, Callable[[ChatCall], Mapping[str, Any]]]] = {
    Step.PLAN: _plan,
    Step.REVIEW: _review,
    Step.CHANGES: _changes,
}


def _in_form(call: ChatCall, advice: Mapping[str, Any]) -> str:
    """Return the advice as JSON; a schema that is about something else is followed, for a model is held to it."""
    schema = wanted_schema(call)
    if schema is None:
        return f" {to_json(advice)}"
    if schema.get("properties", advice).keys() != advice.keys():
        return to_json(Sample(schema, Clues(call.request)).value())
    return to_json(advice)
