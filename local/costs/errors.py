"""Why `make costs` cannot give what it was asked for."""

from typing import NoReturn


class CostsError(Exception):
    """What was asked for cannot be had; the message says why, and what to do where that helps."""


class QueryError(CostsError):
    """A query has no answer here that CloudWatch would surely give as well; the message names the construct."""


def refuse(why: str) -> NoReturn:
    """Raise QueryError."""
    raise QueryError(why)
