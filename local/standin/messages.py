"""The messages of a chat request: roles, texts, images, calls of tools and their results."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from local.standin.billing import tokens_in

_ROLES: Final = ("system", "developer", "user", "assistant", "tool")
_IMAGE_TOKENS: Final = 1000  # of an image that is not too large


class BadRequestError(ValueError):
    """A request that the host would answer with 400; the text is the message."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its text, the calls of tools in it, and the call whose result it is."""

    role: str
    text: str
    images: int = 0
    calls: tuple[Mapping[str, Any], ...] = ()
    answers: str = ""
    has_reasoning: bool = False

    @classmethod
    def read(cls, message: object, position: int) -> Self:
        """Read one message of the body.

        Raises:
            BadRequestError: when it is none.
        """
        if not isinstance(message, dict) or message.get("role") not in _ROLES:
            msg = f"messages[{position}] must be an object with one of the roles {', '.join(_ROLES)}"
            raise BadRequestError(msg)
        content = message.get("content")
        parts = [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
        images = sum(part.get("type") == "image_url" for part in parts)
        sent = message.get("tool_calls") or []
        calls = tuple(_tool_call(call, position) for call in (sent if isinstance(sent, list) else [sent]))
        return cls(
            message["role"],
            _text(content),
            images,
            calls,
            str(message.get("tool_call_id", "")),
            "reasoning_content" in message,
        )

    @property
    def tokens(self) -> int:
        """Return how much of the prompt it is."""
        calls = json.dumps(self.calls) if self.calls else ""
        return tokens_in(len(self.text)) + tokens_in(len(calls)) + self.images * _IMAGE_TOKENS


def read_messages(messages: object) -> tuple[Message, ...]:
    """Read all messages."""
    if not isinstance(messages, list) or not messages:
        raise BadRequestError("messages must be a list with at least one message")
    return tuple(Message.read(message, position) for position, message in enumerate(messages))


def _tool_call(call: object, position: int) -> Mapping[str, Any]:
    """Return one call of a tool as it was sent."""
    function = call.get("function") if isinstance(call, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    if isinstance(call, dict) and isinstance(call.get("id"), str) and isinstance(name, str):
        return call
    msg = f"messages[{position}].tool_calls must be functions with an id and a name"
    raise BadRequestError(msg)


def _text(content: object) -> str:
    """Return the text of a message, which may come as a string, as a list of parts, or not at all."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return ""
