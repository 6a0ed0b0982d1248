"""The review of an artifact: what a model that did not write it finds in it."""

from typing import get_args

from shared.artifacts.advice import FindingBody, ReviewBody, Severity
from shared.artifacts.artifact import Artifact
from shared.artifacts.brief import Brief
from shared.artifacts.prompts import messages_of, part
from shared.artifacts.reviewed.json_answer import (
    MAX_ITEMS,
    UnreadableAnswerError,
    items,
    listed,
    object_schema,
    read_object,
    sentence,
)
from shared.artifacts.reviewed.texts import texts
from shared.model_host import Question

_SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_VERDICTS = ("approved", "changes_requested")
_TEXT = {"type": "string"}
_FINDING = object_schema(what=_TEXT, where=_TEXT, severity={"type": "string", "enum": list(_SEVERITIES)})
_SCHEMA = object_schema(
    verdict={"type": "string", "enum": list(_VERDICTS)}, findings={"type": "array", "items": _FINDING}
)
_MAX_OUTPUT_TOKENS = 16_000


def review_question(brief: Brief, plan: str, built: Artifact) -> Question:
    """Return the question for a review: the request, the plan, and what was built."""
    told = texts()["review"]
    parts = [part("request", brief.prompt)]
    if plan:
        parts.append(part("plan", plan))
    parts += [part("code", built.code), told["kind"].format(mime=built.kind.mime_type).strip()]
    if brief.given:
        parts.append(told["change"].strip())
    return Question(
        messages_of("\n".join(parts), told["role"]),
        brief.session_id,
        max_output_tokens=_MAX_OUTPUT_TOKENS,
        purpose="review",
        json_schema=_SCHEMA,
    )


def read_review(answer: str) -> ReviewBody:
    """Return the review in an answer, of very many findings the worst; raise `UnreadableAnswerError` if it has none."""
    found = read_object(answer, "verdict", "findings")
    verdict = found.get("verdict")
    if verdict not in _VERDICTS:
        raise UnreadableAnswerError
    # Who approves has nothing to list; of what has to be changed, the list is the answer.
    given = found.get("findings", [] if verdict == "approved" else None)
    findings = [_finding(each) for each in items(given)]
    worst = sorted(range(len(findings)), key=lambda place: -_SEVERITIES.index(findings[place]["severity"]))[:MAX_ITEMS]
    return ReviewBody(verdict=verdict, findings=[findings[place] for place in sorted(worst)])


def findings_from(review: ReviewBody, threshold: Severity) -> str:
    """Return the findings that are at least so bad, as a model is told of them; empty if there are none."""
    bad = _SEVERITIES[_SEVERITIES.index(threshold) :]
    return listed([_told(finding) for finding in review["findings"] if finding["severity"] in bad])


def _finding(value: object) -> FindingBody:
    if not isinstance(value, dict) or value.get("severity") not in _SEVERITIES:
        raise UnreadableAnswerError
    what = sentence(value.get("what"))
    if not what:
        raise UnreadableAnswerError
    return FindingBody(what=what, where=sentence(value.get("where") or ""), severity=value["severity"])


def _told(finding: FindingBody) -> str:
    where = f" ({finding['where']})" if finding["where"] else ""
    return f"{finding['severity']}: {finding['what']}{where}"
