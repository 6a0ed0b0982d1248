"""A chat request as the stand-in reads it: just the fields that change its answer."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

from local.standin.billing import JsonObject, tokens_in
from local.standin.directives import Edit, Spoken
from local.standin.messages import BadRequestError, Message, read_messages
from local.standin.parts import CodeRequest
from local.standin.steps import Step, StepRequest

_ARTIFACT: Final = re.compile(r"\bone artifact\b|<artifact\b")
_OPTIONS: Final = (
    *("temperature", "top_p", "n", "seed", "stop", "logprobs", "top_logprobs", "presence_penalty"),
    *("frequency_penalty", "tool_choice", "parallel_tool_calls", "response_format"),
)


class Beginning(NamedTuple):
    """The beginning of a prompt: up to the end of a message, or of the code at the beginning of one."""

    digest: str
    tokens: int
    is_whole: bool  # it is all of the prompt


@dataclass(frozen=True, slots=True)
class ChatCall:
    """One request for a completion."""

    model: str
    messages: tuple[Message, ...]
    system: str
    wants_artifact: bool  # else it is a chat
    prompts: tuple[str, ...]  # what the user says, turn by turn, directives taken out
    faults: tuple[str, ...]  # the insides of the directives of faults, in their order
    edits: tuple[Edit, ...]  # of the code that is sent, in their order
    asked: StepRequest  # the step of a reviewed request that it is, and what that is about
    about: CodeRequest | None  # the code that is to be fixed, changed or mended
    stream: bool
    max_tokens: int | None
    stop: tuple[str, ...]  # texts before which the answer ends
    prompt_tokens: int
    body: Mapping[str, Any]  # all of it, for what differs from host to host
    fingerprint: str  # the same for the same request: for retries, for turns that complain, for edits and the whole

    @classmethod
    def from_body(cls, body: object) -> Self:
        """Read the JSON body.

        Raises:
            BadRequestError: when it is not a chat request.
            DirectiveError: when an edit cannot be followed.
        """
        if not isinstance(body, dict) or not isinstance(body.get("model"), str):
            raise BadRequestError("The body must be an object that names a model")
        messages = read_messages(body.get("messages"))
        system = "\n".join(message.text for message in messages if message.role in {"system", "developer"})
        spoken = [Spoken.read(message.text) for message in messages if message.role == "user"]
        # The artifact functions ask for one artifact, and a turn after the first complains of it; in a chat, every turn
        # is a request of its own.
        wants_artifact = _ARTIFACT.search(system) is not None
        said = messages[: _first_turn(messages)] if wants_artifact else messages
        asked = StepRequest.read([message.text for message in messages if message.role == "user"])
        about = CodeRequest.read(_first_words(messages))
        identity = _identity(about) if about and wants_artifact else [(it.role, it.text) for it in said]
        return cls(
            model=body["model"],
            messages=messages,
            system=system,
            wants_artifact=wants_artifact,
            prompts=tuple(turn.text for turn in spoken),
            faults=tuple(fault for turn in (spoken if wants_artifact else spoken[-1:]) for fault in turn.faults),
            # The code that they were made in is reviewed and mended without them.
            edits=tuple(Edit.parse(edit) for turn in spoken for edit in turn.edits if asked.step is Step.BUILD),
            asked=asked,
            about=about,
            stream=body.get("stream") is True,
            max_tokens=_max_tokens(body),
            stop=_stop(body),
            prompt_tokens=sum(message.tokens for message in messages) + _tokens_beside(body),
            body=body,
            fingerprint=_hash([asked.step, *identity]),
        )

    @property
    def last_prompt(self) -> str:
        """Return what the user says last."""
        return self.prompts[-1] if self.prompts else ""

    @property
    def images(self) -> int:
        """Return how many images there are in the messages."""
        return sum(message.images for message in self.messages)

    @property
    def options(self) -> dict[str, object]:
        """Return what the request says of how to answer."""
        return {name: self.body[name] for name in _OPTIONS if name in self.body}

    @property
    def request(self) -> str:
        """Return what the user asks for: a second turn is about the answer to the first."""
        return self.asked.request

    @property
    def step(self) -> Step:
        """Return the step of a reviewed request that it is; a build where it is of another request."""
        return self.asked.step

    @property
    def wants_usage(self) -> bool:
        """Return whether the request asks for an event of its own with the usage."""
        return part_of(self.body, "stream_options").get("include_usage") is True

    @property
    def thinking(self) -> object:
        """Return what the request says of thinking, as Moonshot's models are told."""
        return part_of(self.body, "thinking").get("type")

    @property
    def wants_edits(self) -> bool:
        """Return whether the answer may say what to replace in the code that was sent."""
        return self.wants_artifact and self.about is not None and self.about.wants_edits

    @property
    def beginnings(self) -> tuple[Beginning, ...]:
        """Return the beginnings of the prompt that another request may share, from the shortest on."""
        hashed, tokens = hashlib.sha256(), 0
        found: list[Beginning] = []
        for number, message in enumerate(self.messages):
            if self.about and number + 1 == _first_turn(self.messages):
                shared = message.text.replace("\r\n", "\n")[: self.about.code_end]
                part = hashed.copy()
                part.update(_bytes(f"{message.role}\0{shared}"))
                found.append(Beginning(part.hexdigest(), tokens + tokens_in(len(shared)), is_whole=False))
            hashed.update(_bytes(f"{message.role}\0{message.text}\0{json.dumps(message.calls)}\0"))
            tokens += message.tokens
            found.append(Beginning(hashed.hexdigest(), tokens, is_whole=number + 1 == len(self.messages)))
        return tuple(found)

    @property
    def complaint(self) -> str | None:
        """Return what the user says is wrong: the last turn of a conversation, or the error of a repair request."""
        if len(self.prompts) > 1:
            return self.prompts[-1]
        return self.about.error if self.about else None


def part_of(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a field that is an object; an empty one where it is none."""
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def _first_turn(messages: Sequence[Message]) -> int:
    """Return how many messages there are up to the end of what the user asks for at first."""
    return next((number for number, message in enumerate(messages, 1) if message.role == "user"), len(messages))


def _first_words(messages: Sequence[Message]) -> str:
    """Return what the user says at first."""
    return next((message.text for message in messages if message.role == "user"), "")


def _identity(about: CodeRequest) -> list[str | None]:
    """Return what makes one request about code the same as another: not the form that the answer should have.

    Where edits do not fit, the whole is asked for in a conversation of its own.
    """
    return [about.given, about.error, about.change, about.findings, about.request]


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _tokens_beside(body: JsonObject) -> int:
    """Return the tokens of what a model reads beside the messages: its tools, and the form of the answer."""
    return sum(tokens_in(len(json.dumps(body[name]))) for name in ("tools", "response_format") if body.get(name))


def _max_tokens(body: JsonObject) -> int | None:
    """Return the limit on the completion, under either of its names."""
    limit = body.get("max_tokens", body.get("max_completion_tokens"))
    if limit is None:
        return None
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise BadRequestError("max_tokens must be a whole number of at least 1")
    return limit


def _stop(body: JsonObject) -> tuple[str, ...]:
    """Return the texts before which the answer has to end."""
    stop = body.get("stop") or []
    texts = [stop] if isinstance(stop, str) else stop
    if not isinstance(texts, list) or not all(isinstance(text, str) and text for text in texts):
        raise BadRequestError("stop must be a text or a list of texts")
    return tuple(texts)
