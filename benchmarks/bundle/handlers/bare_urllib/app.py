"""generate_artifact as one would write it on Python's own library alone: `urllib`, checks by hand, and `print`."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

import common


class InvalidRequestError(Exception):
    """The request is not what the contract says; the text says why."""


def read(body: str) -> tuple[str, str | None]:
    """Return the prompt, and the kind that is asked for."""
    try:
        given = json.loads(body)
    except ValueError:
        raise InvalidRequestError("the body is not JSON") from None
    prompt = given.get("prompt") if isinstance(given, dict) else None
    if not isinstance(prompt, str) or not 1 <= len(prompt) <= 10_000:  # noqa: PLR2004 - the contract's
        raise InvalidRequestError("prompt must be a text of 1 to 10,000 characters")
    kind, session = given.get("artifactType"), given.get("sessionId")
    if kind is not None and kind not in common.KINDS:
        raise InvalidRequestError("artifactType is unknown")
    if session is not None and not (isinstance(session, str) and len(session) <= 256):  # noqa: PLR2004 - see above
        raise InvalidRequestError("sessionId must be a text of at most 256 characters")
    return prompt, kind


def complete(prompt: str, kind: str | None) -> tuple[str, str, dict[str, Any]]:
    """Return the text of the answer, its model and its usage."""
    model: str = common.MODEL
    texts: list[str] = []
    usage: dict[str, Any] = {}
    body = {
        "model": common.MODEL,
        "messages": common.messages(prompt, kind),
        "max_tokens": common.MAX_TOKENS,
        "stream": True,
    }
    request = urllib.request.Request(  # noqa: S310 - the operator's own address
        f"{common.base_url()}/chat/completions",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {common.api_key()}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=common.TIMEOUT_SECONDS) as response:  # noqa: S310 - see above
        for line in response:
            if line.startswith(b"data: {"):
                chunk = json.loads(line[6:])
                model, usage = chunk.get("model") or model, chunk.get("usage") or usage
                texts += [choice["delta"].get("content") or "" for choice in chunk.get("choices") or ()]
    return "".join(texts), model, usage


def handler(event: dict[str, Any], context: Any) -> Any:  # noqa: ANN401 - the runtime's own
    """Answer one request."""
    began, request_id = time.monotonic(), context.aws_request_id
    try:
        prompt, kind = read(common.body_of(event))
    except InvalidRequestError as error:
        return common.failure(request_id, 400, "invalid_request", str(error))
    if not common.admit(common.caller_of(event)):
        return common.failure(request_id, 429, "rate_limited", "Too many requests. Try again later.")
    try:
        text, model, usage = complete(prompt, kind)
    except (OSError, ValueError) as error:
        print(json.dumps({"message": "failed", "request_id": request_id, "error": type(error).__name__}))
        return common.failure(request_id, 502, "upstream_error", "The model host failed. Try again.")
    artifact = common.find_artifact(text)
    outcome = "ok" if artifact else "artifact_missing"
    line = common.cost_line(request_id, outcome, model, usage, time.monotonic() - began)
    print(json.dumps({"message": "cost", **line}))
    if artifact is None:
        return common.failure(request_id, 502, outcome, "The answer has no artifact. Try again.")
    return common.success(request_id, artifact, model, usage)
