"""The small parts that the OpenAPI document is put together from: references to its components, and bodies of JSON."""

from collections.abc import Iterable
from typing import Any


def ref(schema: str) -> dict[str, Any]:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{schema}"}


def header_refs(names: Iterable[str]) -> dict[str, Any]:
    """Return the headers of an answer by name, each a reference."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def parameter_refs(names: Iterable[str]) -> list[dict[str, Any]]:
    """Return the parameters of an operation, each a reference."""
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def json_content(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a body of JSON."""
    return {"application/json": {"schema": schema}}


def limit_headers(codes: Iterable[str]) -> list[str]:
    """Return the names of the headers of a rate limit, where answers have these codes."""
    return ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"] if "rate_limited" in codes else []


def failure_headers(status: int) -> list[str]:
    """Return the names of the headers that failures of this status may have, beside those of all answers."""
    waits = ["Retry-After"] if status in {409, 429, 503} else []
    return waits + {401: ["WWW-Authenticate"], 405: ["Allow"]}.get(status, [])
