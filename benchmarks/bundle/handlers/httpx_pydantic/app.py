"""generate_artifact as one would write it on httpx, pydantic and the Logger of Powertools."""

import json
import logging
import time
from typing import Any, Literal

import common
import httpx
from aws_lambda_powertools import Logger
from pydantic import BaseModel, Field, ValidationError

logging.getLogger("httpx").setLevel(logging.WARNING)
logger = Logger(service="artifacts", use_rfc3339=True)
_http = httpx.Client(base_url=common.base_url(), timeout=common.TIMEOUT_SECONDS)


class Request(BaseModel):
    """What a caller sends."""

    prompt: str = Field(min_length=1, max_length=10_000)
    artifact_type: Literal["react", "html", "svg", "mermaid", "markdown", "code"] | None = Field(
        None, alias="artifactType"
    )
    session_id: str | None = Field(None, alias="sessionId", max_length=256)


def complete(request: Request) -> tuple[str, str, dict[str, Any]]:
    """Return the text of the answer, its model and its usage."""
    model: str = common.MODEL
    texts: list[str] = []
    usage: dict[str, Any] = {}
    body = {
        "model": common.MODEL,
        "messages": common.messages(request.prompt, request.artifact_type),
        "max_tokens": common.MAX_TOKENS,
        "stream": True,
    }
    headers = {"Authorization": f"Bearer {common.api_key()}"}
    with _http.stream("POST", "/chat/completions", json=body, headers=headers) as response:
        response.raise_for_status()
        for line in response.iter_lines():
            if line.startswith("data: ") and line != "data: [DONE]":
                chunk = json.loads(line[6:])
                model, usage = chunk.get("model") or model, chunk.get("usage") or usage
                texts += [choice["delta"].get("content") or "" for choice in chunk.get("choices") or ()]
    return "".join(texts), model, usage


def handler(event: dict[str, Any], context: Any) -> Any:  # noqa: ANN401 - the runtime's own
    """Answer one request."""
    began, request_id = time.monotonic(), context.aws_request_id
    try:
        request = Request.model_validate_json(common.body_of(event))
    except ValidationError as error:
        first = error.errors()[0]
        return common.failure(request_id, 400, "invalid_request", f"{first['loc']}: {first['msg']}")
    if not common.admit(common.caller_of(event)):
        return common.failure(request_id, 429, "rate_limited", "Too many requests. Try again later.")
    try:
        text, model, usage = complete(request)
    except (httpx.HTTPError, ValueError):
        logger.exception("the model host failed", extra={"request_id": request_id})
        return common.failure(request_id, 502, "upstream_error", "The model host failed. Try again.")
    artifact = common.find_artifact(text)
    outcome = "ok" if artifact else "artifact_missing"
    logger.info("cost", extra=common.cost_line(request_id, outcome, model, usage, time.monotonic() - began))
    if artifact is None:
        return common.failure(request_id, 502, outcome, "The answer has no artifact. Try again.")
    return common.success(request_id, artifact, model, usage)
