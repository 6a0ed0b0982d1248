"""A function that passes a host's bytes on and does nothing else: what any function takes of a stream's time."""

import os
from collections.abc import Iterator
from typing import Any

import httpx

_CLIENT = httpx.Client(timeout=60, trust_env=False)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return the host's answer as it comes."""
    return {"statusCode": 200, "headers": {"content-type": "text/event-stream"}, "body": _pass_on(event["body"])}


def _pass_on(body: str) -> Iterator[bytes]:
    url, headers = f"{os.environ['OPENROUTER_BASE_URL']}/chat/completions", {"content-type": "application/json"}
    with _CLIENT.stream("POST", url, content=body, headers=headers) as response:
        yield from response.iter_raw()
