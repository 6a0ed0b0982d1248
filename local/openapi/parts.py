"""What the OpenAPI document says in the same words everywhere: headers, and ways to sign in."""

from typing import Any

SECURITY_SCHEMES: dict[str, Any] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "`AuthMode` `jwt`: a token of the issuer that the operator names.",
    },
    "sigv4": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`AuthMode` `iam`: AWS Signature Version 4 for the service `lambda`, checked by the platform.",
        "x-amazon-apigateway-authtype": "awsSigv4",
    },
}
_ID = {"type": "string"}
_SECONDS = {"type": "integer", "minimum": 0}


def headers() -> dict[str, Any]:
    """The headers of answers, by name."""

    def header(description: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
        return {"description": description, "required": required, "schema": schema}

    return {
        "X-Request-ID": header("As `requestId`, and on every log line.", _ID, required=True),
        "Retry-After": header("Seconds, where it is known when to try again.", _SECONDS),
        "X-RateLimit-Limit": header("How many requests this caller has in a window.", _SECONDS),
        "X-RateLimit-Remaining": header("How many are left of them.", _SECONDS),
        "X-RateLimit-Reset": header("When the window ends, in seconds since 1970.", _SECONDS),
        "Idempotent-Replayed": header("The answer is that of an earlier request.", {"const": "true"}),
        "WWW-Authenticate": header("`Bearer`, and what is wrong with the token.", {"type": "string"}),
        "Allow": header("The one method.", {"const": "POST"}),
    }


def idempotency_key() -> dict[str, Any]:
    """The header by which a request is known again."""
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Sent again with the same body within 24 hours, the first answer comes back and costs nothing.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    }
