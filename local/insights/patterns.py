"""The regular expressions of `like` and `=~`."""

import re
import warnings

from local.insights.errors import Place, QueryError

_ENGINES_DIFFER = re.compile(r"\(\?(?!:|i\))|\\[1-9]|[*+?}]\+")
"""Look-around, atomic and named groups, other flags, back references and possessive repeats."""


def pattern(text: str, place: Place) -> re.Pattern[str]:
    r"""The regular expression, of the kind that CloudWatch's engine and Python's read alike; `\d` is ASCII only."""
    if _ENGINES_DIFFER.search(text):
        msg = f"/{text}/ has something in it that regular expression engines do not agree on"
        raise QueryError(msg, place)
    try:
        with warnings.catch_warnings(action="error"):
            return re.compile(text, re.ASCII)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        msg = f"/{text}/ is no regular expression: {error}"
        raise QueryError(msg, place) from None
