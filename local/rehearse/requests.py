"""The requests of a rehearsal: those of events/, sent to a function's URL as a caller would, and the answers judged."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from local.invoke.answer_text import fields_of

FUNCTIONS = {
    "generate_artifact": "GenerateArtifact",
    "generate_artifact_fix": "GenerateArtifactFix",
    "chat_completions": "ChatCompletions",
}
"""The folders of events/, and what the names of a function's resources and outputs begin with."""
_SECONDS = 60


@dataclass(frozen=True)
class Request:
    """A request, and the status that it is to be answered with."""

    name: str
    function: str
    status: int
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What a request was answered with."""

    request: Request
    status: int
    request_id: str
    text: str


def read_requests(folder: Path, key: str) -> list[Request]:
    """Return the requests of a folder of events with a caller's key, and of each function one without any."""
    paths = sorted(path for path in folder.rglob("*.json") if path.parent.name in FUNCTIONS)
    known = [_request(path, {"authorization": f"Bearer {key}"}) for path in paths]
    unknown = {request.function: _without_key(request) for request in known if request.status == httpx.codes.OK}
    return [*known, *unknown.values()]


def send(base_url: str, request: Request) -> Answer:
    """Send a request to a function's URL."""
    answer = httpx.request(
        request.method,
        base_url + request.path,
        headers=dict(request.headers),
        content=request.body,
        timeout=_SECONDS,
        trust_env=False,
    )
    return Answer(request, answer.status_code, answer.headers.get("x-request-id", ""), answer.text)


def problems(answer: Answer, cost_lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what is wrong with an answer and with the cost lines of its request; nothing if all is well."""
    expected = answer.request.status
    if answer.status != expected:
        return [f"status {answer.status} instead of {expected}: {answer.text[:300]}"]
    try:
        body = fields_of(answer.text)
    except ValueError:
        return [f"the answer cannot be read: {answer.text[:300]}"]
    found = [] if answer.request_id else ["no X-Request-ID"]
    if body.get("requestId", answer.request_id) != answer.request_id:
        found.append(f"requestId {body['requestId']} is not X-Request-ID {answer.request_id}")
    if body.get("success", expected == httpx.codes.OK) != (expected == httpx.codes.OK):
        found.append(f"success is {body['success']}")
    if expected == httpx.codes.OK and answer.request.function != "chat_completions" and not _code(body):
        found.append("there is no artifact in the answer")
    return found + _cost_problems(answer, body, cost_lines)


def _cost_problems(answer: Answer, body: dict[str, Any], lines: Sequence[Mapping[str, Any]]) -> list[str]:
    if len(lines) != 1:
        return [f"{len(lines)} cost lines instead of one"]
    (line,) = lines
    found = []
    if line.get("status") != answer.status or line.get("function") != answer.request.function:
        found.append(f"the cost line is of {line.get('function')} with status {line.get('status')}")
    said = _cost(body)
    if said is not None and said != _number(line.get("cost_usd")):
        found.append(f"the answer says ${said}, its cost line ${line.get('cost_usd')}")
    return found


def _cost(body: dict[str, Any]) -> Decimal | None:
    """Return the cost that an answer says, wherever its contract has it."""
    data = body.get("data")
    said = body | data if isinstance(data, dict) else body  # of /api/kimi
    return _number(said.get("costUsd", (said.get("usage") or {}).get("cost")))


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _code(body: Mapping[str, Any]) -> str:
    artifact = body.get("artifact") or {}
    return str(body.get("fixedCode") or artifact.get("code") or "")


def _request(path: Path, extra: Mapping[str, str]) -> Request:
    event = json.loads(path.read_text("utf-8"))
    context, body = event["requestContext"]["http"], event.get("body") or ""
    sent = {name: value for name, value in event["headers"].items() if not name.startswith(("host", "x-forwarded"))}
    query = f"?{event['rawQueryString']}" if event["rawQueryString"] else ""
    return Request(
        f"{path.parent.name}/{path.stem}",
        path.parent.name,
        int(re.match(r"\d{3}", path.stem)[0]),  # type: ignore[index] # events are named by their status
        context["method"],
        event["rawPath"] + query,
        {**sent, **extra},
        base64.b64decode(body) if event.get("isBase64Encoded") else body.encode(),
    )


def _without_key(request: Request) -> Request:
    headers = {name: value for name, value in request.headers.items() if name != "authorization"}
    return Request(
        f"{request.function}/401-without-a-key",
        request.function,
        401,
        request.method,
        request.path,
        headers,
        request.body,
    )
