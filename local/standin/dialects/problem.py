"""What hosts fail with: the statuses, why, and a page where it is a proxy that says so."""

from dataclasses import dataclass

from local.standin.billing import JsonObject

REASONS = {
    400: "The request was not understood",
    401: "The API key is missing or unknown",
    402: "The account has too little credit for this request",
    403: "The API key may not do this",
    404: "No provider serves this model",
    408: "The request took too long",
    413: "The request is too large",
    422: "The request cannot be processed",
    429: "Too many requests",
    500: "Internal error",
    502: "The provider answered with nonsense",
    503: "The provider has no capacity left",
    504: "The provider did not answer in time",
    524: "The origin did not answer in time",
    529: "The provider is overloaded",
}
"""The error statuses that hosts answer with."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A status, and the inside of the error envelope as the dialect writes it."""

    status: int
    error: JsonObject


def page(status: int) -> str:
    """Return an error as the page of a proxy."""
    title, reason = status, REASONS[status]
    return (
        f"<!DOCTYPE html>\n<html><head><title>{title}</title></head>"
        f"<body><h1>{title}</h1><p>{reason}</p></body></html>\n"
    )
