"""generate_artifact as one would write it on the `openai` SDK: its client, pydantic (which it brings), and `print`."""

import json
import logging
import time
from typing import Any, Literal

import common
from openai import OpenAI, OpenAIError
from pydantic import BaseModel, Field, ValidationError

# Like httpx's own: a line for every call otherwise.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpx2").setLevel(logging.WARNING)
# The key is given with each call, because it is read from its secret later than this.
_openai = OpenAI(base_url=common.base_url(), api_key="read later", timeout=common.TIMEOUT_SECONDS)


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
    stream = _openai.with_options(api_key=common.api_key()).chat.completions.create(
        model=common.MODEL,
        messages=common.messages(request.prompt, request.artifact_type),
        max_tokens=common.MAX_TOKENS,
        stream=True,
        stream_options={"include_usage": True},
    )
    for chunk in stream:
        model = chunk.model or model
        texts += [choice.delta.content for choice in chunk.choices if choice.delta.content]
        if chunk.usage:
            usage = chunk.usage.model_dump()
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
    except OpenAIError as error:
        print(json.dumps({"message": "failed", "request_id": request_id, "error": type(error).__name__}))
        return common.failure(request_id, 502, "upstream_error", "The model host failed. Try again.")
    artifact = common.find_artifact(text)
    outcome = "ok" if artifact else "artifact_missing"
    line = common.cost_line(request_id, outcome, model, usage, time.monotonic() - began)
    print(json.dumps({"message": "cost", **line}))
    if artifact is None:
        return common.failure(request_id, 502, outcome, "The answer has no artifact. Try again.")
    return common.success(request_id, artifact, model, usage)
