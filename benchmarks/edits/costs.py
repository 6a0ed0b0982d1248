"""What an edit costs against a rewrite, with the answers that do not apply: in characters, and in dollars."""

from typing import NamedTuple

from shared.catalog import Price

FAILURES = 0.07
"""Answers in edits that need a second try or the whole: aider's leaderboard has 92.9 % of Kimi K2's well-formed."""
_CHARS_PER_TOKEN = 3
"""As a fix reckons with."""
_PROMPT_TOKENS = 500
"""What a call says beside the code: system message, change and instructions."""


class Sample(NamedTuple):
    """Characters of one change."""

    code: int
    edit: int
    """The blocks, with their marks."""
    rewrite: int
    """The changed artifact in its tag."""

    @property
    def ratio(self) -> float:
        """An edit's content against a rewrite's."""
        return self.edit / self.rewrite

    @property
    def expected_ratio(self) -> float:
        """The same with the failures.

        Of these, each pays for both: for a second edit that does not apply either, and for the whole then.
        """
        return (self.edit + FAILURES * (self.edit + self.rewrite)) / self.rewrite

    def dollar_ratio(self, price: Price, reasoning: int) -> float:
        """Return the same in dollars, prompts included, none of them cached, and so many reasoning tokens a call."""
        edit, rewrite, code = (each / _CHARS_PER_TOKEN for each in (self.edit, self.rewrite, self.code))
        first = _PROMPT_TOKENS + code
        second = first + edit + _PROMPT_TOKENS  # the bad answer, and what is wrong with it
        whole = _dollars(price, first, rewrite + reasoning)
        edited = _dollars(price, first, edit + reasoning)
        edited += FAILURES * (_dollars(price, second, edit + reasoning) + whole)
        return edited / whole


def _dollars(price: Price, prompt: float, output: float) -> float:
    return (prompt * float(price.input) + output * float(price.output)) / 1e6
