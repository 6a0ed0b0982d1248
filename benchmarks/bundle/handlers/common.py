"""What the handlers have in common that the bundle is held against: the event, AWS, the artifact, the answer.

Deployed beside each of them, as `common.py`. The AWS library is imported at the first request that needs it.
"""

import base64
import json
import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

MODEL = "moonshotai/kimi-k2-thinking"
MAX_TOKENS = 32_000
TIMEOUT_SECONDS = 300.0
SYSTEM = (
    "You write one artifact for a web frontend. Answer with exactly one <artifact type=MIME title=TITLE> element, "
    "closed by </artifact>, and nothing else. A React component has one default export and needs no build step."
)
KINDS = {
    "react": "application/vnd.ant.react",
    "html": "text/html",
    "svg": "image/svg+xml",
    "mermaid": "application/vnd.ant.mermaid",
    "markdown": "text/markdown",
    "code": "application/vnd.ant.code",
}
REQUESTS_PER_WINDOW = 50
_ARTIFACT = re.compile(r"<artifact\s([^>]*)>\s*(.*?)\s*</artifact>", re.DOTALL)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


def base_url() -> str:
    """Return the model host's base URL."""
    return os.environ["OPENROUTER_BASE_URL"]


def body_of(event: Mapping[str, Any]) -> str:
    """Return the request's body as text."""
    body: str = event.get("body") or ""
    return base64.b64decode(body).decode() if event.get("isBase64Encoded") else body


def caller_of(event: Mapping[str, Any]) -> str:
    """Return who signed the request, or where it came from."""
    context = event["requestContext"]
    signer = context.get("authorizer", {}).get("iam", {})
    return str(signer.get("userArn") or context["http"]["sourceIp"])


@cache
def _client(service: str) -> Any:  # noqa: ANN401 - boto3 makes the classes of its clients at run time
    import boto3  # type: ignore[import-untyped]  # noqa: PLC0415 - three times as long as all the rest

    return boto3.client(service)


@cache
def api_key() -> str:
    """Return the model host's key: the environment's, or else the secret's, which is read once."""
    if key := os.environ.get("OPENROUTER_K2T_KEY"):
        return key
    answer = _client("secretsmanager").get_secret_value(SecretId=os.environ["OPENROUTER_SECRET_ARN"])
    return str(answer["SecretString"]).strip()


def admit(caller: str) -> bool:
    """Count a request; return whether the caller may make it. Without a table everyone may."""
    table = os.environ.get("GUARD_TABLE")
    if not table:
        return True
    client = _client("dynamodb")
    try:
        client.update_item(
            TableName=table,
            Key={"pk": {"S": f"requests#{caller}"}},
            UpdateExpression="ADD amount :one",
            ConditionExpression="attribute_not_exists(amount) OR amount < :most",
            ExpressionAttributeValues={":one": {"N": "1"}, ":most": {"N": str(REQUESTS_PER_WINDOW)}},
        )
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def messages(prompt: str, kind: str | None) -> list[dict[str, str]]:
    """Return what the model is asked."""
    wish = f"\n\nThe artifact is of type {KINDS[kind]}." if kind else ""
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": prompt + wish}]


def find_artifact(text: str) -> dict[str, str] | None:
    """Return the first artifact of an answer, unchecked."""
    found = _ARTIFACT.search(text)
    if found is None or not found[2]:
        return None
    attributes = dict(_ATTRIBUTE.findall(found[1]))
    mime = attributes.get("type", "")
    kind = next((name for name, known in KINDS.items() if known == mime), "code")
    return {"type": kind, "mimeType": mime, "title": attributes.get("title", "Untitled"), "code": found[2]}


def respond(status: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer as a function URL takes it."""
    headers = {"Content-Type": "application/json", "X-Request-ID": str(body["requestId"])}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}


def failure(request_id: str, status: int, code: str, error: str) -> dict[str, Any]:
    """Return the answer to a request that failed."""
    body = {"success": False, "error": error, "code": code, "retryable": status > 400, "requestId": request_id}  # noqa: PLR2004
    return respond(status, body)


def success(request_id: str, artifact: Mapping[str, str], model: str, usage: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer that holds an artifact."""
    code = f'<artifact type="{artifact["mimeType"]}" title="{artifact["title"]}">\n{artifact["code"]}\n</artifact>'
    tokens = {"inputTokens": usage.get("prompt_tokens"), "outputTokens": usage.get("completion_tokens")}
    body: dict[str, Any] = {
        "success": True, "artifactCode": code, "artifact": artifact, "requestId": request_id, "model": model,
        "usage": tokens, "costUsd": usage.get("cost"), "attempts": 1, "repaired": False, "warnings": [],
    }  # fmt: skip
    return respond(200, body)


def cost_line(request_id: str, outcome: str, model: str, usage: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """Return the fields of the line that says what a request cost."""
    return {
        "request_id": request_id, "function": "generate_artifact", "outcome": outcome, "model": model,
        "input_tokens": usage.get("prompt_tokens"), "output_tokens": usage.get("completion_tokens"),
        "cost_usd": usage.get("cost"), "duration_ms": round(seconds * 1000),
    }  # fmt: skip
