"""Kimi for Coding: Moonshot's dialect with a model, an account system and an admission of its own.

There is no recording of it: that it speaks Moonshot's dialect is assumed.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final

from local.standin.billing import Price
from local.standin.calls import ChatCall
from local.standin.dialects.moonshot import Moonshot
from local.standin.dialects.problem import Problem
from local.standin.replies import Reply

_MODEL: Final = "kimi-for-coding"
_HONEST: Final = "kimi-artifacts/"
_LEAST_TOKENS: Final = 1500
_SUBSCRIBED: Final = Price(prompt=0, cached=0, completion=0)


class Kimi(Moonshot):
    """Admits a client that says who it is; what it costs is in the subscription."""

    name = "kimi"
    path = "/kimi/coding/v1"
    problems: ClassVar[Mapping[str, Problem]] = {
        **Moonshot.problems,
        "access-terminated": Problem(
            403,
            {
                "message": "This endpoint is for approved coding agents only, and this client is none of them",
                "type": "access_terminated_error",
            },
        ),
    }

    def price(self, model: str) -> Price:  # noqa: ARG002 - there is only one
        """Return nothing: a token has no price of its own."""
        return _SUBSCRIBED

    def serves(self, model: str) -> bool:
        """Return whether it is the one model."""
        return model == _MODEL

    def unknown_fields(self, call: ChatCall) -> list[str]:
        """Return the fields that mean nothing to the host."""
        return sorted(call.body.keys() - self.known_fields)

    def check(self, call: ChatCall, user_agent: str) -> Problem | None:
        """Return why the host refuses this request: a client that pretends, the model, or the temperature."""
        return super().check(call, user_agent) if user_agent.startswith(_HONEST) else self.problems["access-terminated"]

    def limited(self, reply: Reply, call: ChatCall) -> Reply:
        """Return the reply; with few tokens, all of them go into reasoning."""
        if call.max_tokens is not None and call.max_tokens < _LEAST_TOKENS:
            reply = replace(reply.silent("length"), spends_all=True)
        return super().limited(reply, call)
