"""The plan of an artifact, and of what is changed in it for a review."""

from collections.abc import Sequence
from typing import NamedTuple

from shared.artifacts.advice import PlanBody
from shared.artifacts.brief import Brief
from shared.artifacts.prompts import messages_of, part
from shared.artifacts.reviewed.json_answer import (
    STRINGS,
    UnreadableAnswerError,
    listed,
    object_schema,
    read_object,
    sentences,
)
from shared.artifacts.reviewed.texts import texts
from shared.model_host import Message, Question

_HEADINGS = {
    "shows": "It shows:",
    "states": "Its states:",
    "interactions": "What can be done with it:",
    "edgeCases": "Edge cases:",
}
_SCHEMA = object_schema(**dict.fromkeys(_HEADINGS, STRINGS))
_CHANGES_SCHEMA = object_schema(changes=STRINGS)
_MAX_OUTPUT_TOKENS = 8_000
"""A plan has a few hundred; the rest is for a model that cannot plan without thinking."""


class Plan(NamedTuple):
    """A plan, and the conversation that it came of, which may go on."""

    body: PlanBody
    messages: Sequence[Message]

    @property
    def text(self) -> str:
        """The plan as a model is told of it."""
        parts = [
            f"{heading}\n{listed(items)}" for name, heading in _HEADINGS.items() if (items := _items(self.body, name))
        ]
        return "\n\n".join(parts)


def plan_question(brief: Brief) -> Question:
    """Return the question for a plan."""
    told = texts()["plan"]
    kind = told["kind"].format(mime=brief.kind.mime_type) if brief.kind else ""
    messages = messages_of(f"{part('request', brief.prompt)}\n\n{kind.strip()}".rstrip(), told["role"])
    return _question(brief, messages)._replace(json_schema=_SCHEMA)


def read_plan(answer: str, question: Question) -> Plan:
    """Return the plan in an answer; raise `UnreadableAnswerError` if it has none."""
    found = read_object(answer, *_HEADINGS)
    body = PlanBody(
        shows=sentences(found.get("shows", [])),
        states=sentences(found.get("states", [])),
        interactions=sentences(found.get("interactions", [])),
        edgeCases=sentences(found.get("edgeCases", [])),
    )
    plan = Plan(body, [*question.messages, {"role": "assistant", "content": answer.strip()}])
    if not plan.text:
        raise UnreadableAnswerError
    return plan


def changes_question(brief: Brief, plan: Plan, findings: str) -> Question:
    """Return the question what is to be changed for these findings; it goes on where the plan was made."""
    told = texts()["plan"]["again"].format(findings=part("findings", findings, brief.prompt))
    return _question(brief, [*plan.messages, {"role": "user", "content": told.strip()}])._replace(
        json_schema=_CHANGES_SCHEMA
    )


def read_changes(answer: str) -> list[str]:
    """Return the changes in an answer; raise `UnreadableAnswerError` if it has none."""
    changes = sentences(read_object(answer, "changes").get("changes"))
    if not changes:
        raise UnreadableAnswerError
    return changes


def _question(brief: Brief, messages: Sequence[Message]) -> Question:
    return Question(messages, brief.session_id, max_output_tokens=_MAX_OUTPUT_TOKENS, purpose="plan")


def _items(body: PlanBody, name: str) -> list[str]:
    items: list[str] = body[name]  # type: ignore[literal-required] # the names of `_HEADINGS`
    return items
