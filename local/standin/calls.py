"""A chat request as the stand-in reads it: just the fields that change its answer."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from local.standin.billing import JsonObject, tokens_in
from local.standin.directives import Edit, Spoken

_PART: Final = r"^<<<{0} ([0-9a-fA-F]{{16}})[ \t]*\n(.*?)\n?^\1 {0}>>>"
_CODE_PART: Final = re.compile(_PART.format("code"), re.DOTALL | re.MULTILINE)
_ERROR_PART: Final = re.compile(_PART.format("error"), re.DOTALL | re.MULTILINE)


class BadRequestError(ValueError):
    """A request that the host would answer with 400; the text is the message."""


@dataclass(frozen=True, slots=True)
class Breakage:
    """The two fenced parts of a repair request."""

    code: str
    error: str


@dataclass(frozen=True, slots=True)
class ChatCall:
    """One request for a completion."""

    model: str
    system: str
    prompts: tuple[str, ...]  # what the user says, turn by turn, directives taken out
    faults: tuple[str, ...]  # the insides of the directives of faults, in their order
    edits: tuple[Edit, ...]  # of the code that is to be fixed, in their order
    stream: bool
    max_tokens: int | None
    prompt_tokens: int
    body: Mapping[str, object]  # all of it, for what differs from host to host
    fingerprint: str  # the same for the same request: for retries, and for turns that complain of an answer

    @classmethod
    def from_body(cls, body: object) -> Self:
        """Read the JSON body.

        Raises:
            BadRequestError: when it is not a chat request.
            DirectiveError: when an edit cannot be followed.
        """
        if not isinstance(body, dict) or not isinstance(body.get("model"), str):
            raise BadRequestError("The body must be an object that names a model")
        messages = _messages(body.get("messages"))
        spoken = [Spoken.read(text) for role, text in messages if role == "user"]
        return cls(
            model=body["model"],
            system="\n".join(text for role, text in messages if role in {"system", "developer"}),
            prompts=tuple(turn.text for turn in spoken),
            faults=tuple(fault for turn in spoken for fault in turn.faults),
            edits=tuple(Edit.parse(edit) for turn in spoken for edit in turn.edits),
            stream=body.get("stream") is True,
            max_tokens=_max_tokens(body),
            prompt_tokens=sum(tokens_in(len(text)) for _, text in messages),
            body=body,
            fingerprint=hashlib.sha256(json.dumps(messages[: _first_turn(messages)]).encode()).hexdigest(),
        )

    @property
    def request(self) -> str:
        """Return what the user asks for: a second turn is about the answer to the first."""
        return self.prompts[0].strip() if self.prompts else ""

    @property
    def wants_usage(self) -> bool:
        """Return whether the request asks for an event of its own with the usage."""
        return _part(self.body, "stream_options").get("include_usage") is True

    @property
    def thinking(self) -> object:
        """Return what the request says of thinking, as Moonshot's models are told."""
        return _part(self.body, "thinking").get("type")

    @property
    def system_tokens(self) -> int:
        """Return the tokens of the system message: the part of the prompt that a second attempt finds in the cache."""
        return min(tokens_in(len(self.system)), self.prompt_tokens)

    @property
    def breakage(self) -> Breakage | None:
        """Return what is to be fixed, if this is a repair request."""
        first = self.request.replace("\r\n", "\n")
        code, error = _CODE_PART.search(first), _ERROR_PART.search(first)
        if code is None or error is None or code[1] != error[1]:
            return None
        return Breakage(code[2], error[2])

    @property
    def complaint(self) -> str | None:
        """Return what the user says is wrong: the last turn of a conversation, or the error of a repair request."""
        if len(self.prompts) > 1:
            return self.prompts[-1]
        return self.breakage.error if self.breakage else None


def _part(body: Mapping[str, object], name: str) -> JsonObject:
    """Return a field that is an object; an empty one where it is none."""
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def _first_turn(messages: list[tuple[str, str]]) -> int:
    """Return how many messages there are up to the end of what the user asks for at first."""
    return next((number for number, (role, _) in enumerate(messages, 1) if role == "user"), len(messages))


def _messages(messages: object) -> list[tuple[str, str]]:
    """Return role and text of each message."""
    if not isinstance(messages, list) or not messages:
        raise BadRequestError("messages must be a list with at least one message")
    if not all(isinstance(message, dict) and isinstance(message.get("role"), str) for message in messages):
        raise BadRequestError("Every message must be an object with a role")
    return [(message["role"], _text(message.get("content"))) for message in messages]


def _text(content: object) -> str:
    """Return the text of a message, which may come as a string, as a list of parts, or not at all."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return ""


def _max_tokens(body: JsonObject) -> int | None:
    """Return the limit on the completion, under either of its names."""
    limit = body.get("max_tokens", body.get("max_completion_tokens"))
    if limit is None:
        return None
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise BadRequestError("max_tokens must be a whole number of at least 1")
    return limit
