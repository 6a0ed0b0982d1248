"""Requests of the steps of a reviewed artifact, as the functions send them."""

from collections.abc import Mapping
from typing import Any

from local.standin.kinds import MIME_TYPES, Kind
from tests.local.code_requests import CODE_FENCE, system

Messages = list[dict[str, Any]]
FINDINGS = "- major: Something is wrong. (somewhere)"


def part(name: str, text: str) -> str:
    return f"<<<{name} {CODE_FENCE}\n{text}\n{CODE_FENCE} {name}>>>"


def user(*texts: str) -> dict[str, str]:
    return {"role": "user", "content": "\n\n".join(texts)}


def plan(request: str, kind: Kind | None = None) -> Messages:
    told = [f"The artifact will be of the type {MIME_TYPES[kind]}."] if kind else []
    role = "You plan one artifact. Answer with one JSON object and nothing else."
    return [{"role": "system", "content": role}, user(part("request", request), *told)]


def build(request: str, kind: Kind, planned: str = "") -> Messages:
    """With a plan, or as every new artifact is asked for."""
    return [system(kind), user(request, part("plan", planned), "Build it to that plan.") if planned else user(request)]


def review(request: str, code: str, planned: str = "") -> Messages:
    parts = [part("request", request), *([part("plan", planned)] if planned else []), part("code", code)]
    role = "You review one artifact. Answer with one JSON object and nothing else."
    return [{"role": "system", "content": role}, user("\n".join(parts), "The artifact is of the type text/html.")]


def changes(request: str, planned: str, findings: str = FINDINGS) -> Messages:
    told = user("The artifact was built.", part("findings", findings), "Say what has to be changed.")
    return [*plan(request), {"role": "assistant", "content": planned}, told]


def rebuild(request: str, kind: Kind, code: str, form: str, findings: str = FINDINGS) -> Messages:
    parts = [part("code", code), part("request", request), part("findings", findings), part("changes", "- Change it.")]
    return [system(kind), user("\n".join(parts), form)]


def json_schema(**properties: Mapping[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": [*properties]}
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
