"""A handler that does nothing: what its start takes, Python and the runtime client take at every start."""

from typing import Any


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001 - the runtime's own
    """Answer."""
    return {"statusCode": 200, "headers": {}, "body": '{"success": true}'}
