"""What the chat function takes, on each of its paths.

`messages`, `tools` and `options` read the parts that are passed on to the host. Unknown fields are ignored.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from shared.chat.common_fields import canonical, names_model, read_metadata, read_model, read_session_id
from shared.chat.fields import Fields
from shared.chat.messages import read_messages, texts
from shared.chat.options import read_max_tokens, read_options, without_effect
from shared.costs.cost_line import WorkFacts
from shared.metadata import Metadata

_MAX_SCORE = 10
_MAX_INTENT_LENGTH = 64
_MAX_FAILURES = 100


class ChatRequest(NamedTuple):
    """What `POST /v1/chat/completions` takes."""

    model: str
    """As the caller wrote it, with the host in front that `provider` names."""
    messages: tuple[Mapping[str, Any], ...]
    """What is passed on to the host."""
    options: Mapping[str, Any]
    """Also passed on, as the OpenAI API names them."""
    max_tokens: int | None = None
    stream: bool = False
    include_usage: bool = False
    """Whether a stream is to say its usage (`stream_options.include_usage`)."""
    metadata: Metadata = Metadata()
    session_id: str | None = None
    """Requests with the same one are sent to the same provider, which keeps its prompt cache warm."""
    score: float | None = None
    """How hard the request is for a model, from 0 to 10 (`routing.score`); for `model: "auto"`, as the next two."""
    intent: str | None = None
    previous_failures: int = 0
    """How often the caller has tried in vain (`routing.previousFailures`)."""
    ignored: tuple[str, ...] = ()
    """The parameters that were given and have an effect elsewhere, but none here."""

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return the request that a JSON object holds.

        Raises:
            InvalidRequest: it holds none; names the first place that is wrong, such as `messages[2].content`.
        """
        fields = Fields(body)
        routing = fields.child_or_empty("routing")
        return cls(
            model=read_model(fields),
            messages=read_messages(fields),
            options=read_options(fields),
            max_tokens=read_max_tokens(fields),
            stream=fields.flag("stream") or False,
            include_usage=fields.child_or_empty("stream_options").flag("include_usage") or False,
            metadata=read_metadata(fields),
            session_id=read_session_id(fields),
            score=routing.number("score", 0, _MAX_SCORE),
            intent=routing.optional_text("intent", most=_MAX_INTENT_LENGTH),
            previous_failures=routing.whole_number("previousFailures", 0, _MAX_FAILURES) or 0,
            ignored=without_effect(fields),
        )

    @property
    def identity(self) -> bytes:
        """Canonical bytes for idempotency: equal requests give equal bytes.

        Fields at their default are left out, so adding a field changes nothing. So is what no answer depends on:
        whether it is streamed, the metadata, and what is ignored.
        """
        without = {"stream", "include_usage", "metadata", "ignored"}
        values = {name: value for name, value in self._asdict().items() if name not in without}
        return canonical(values | {"previous_failures": self.previous_failures or None})

    @property
    def facts(self) -> WorkFacts:
        """The facts of the request for the cost line."""
        characters = sum(len(text) for message in self.messages for text in texts(message))
        return _facts(characters, self.metadata, self.session_id)


class RouteRequest(ChatRequest):
    """What `POST /v1/route` takes: a chat request, whose model may be missing, or a bare `prompt` for its messages."""

    __slots__ = ()

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return the request that a JSON object holds; a missing model is `auto`.

        Raises:
            InvalidRequest: it holds none.
        """
        fields = Fields(body)
        model = {} if names_model(fields) else {"model": "auto"}
        prompt = fields.optional_text("prompt", may_be_empty=False)
        if prompt is None:
            return super().read({**body, **model})
        if fields.get("messages") is not None:
            raise fields.wrong("prompt", "must not be given together with `messages`")
        return super().read({**body, **model, "messages": [{"role": "user", "content": prompt}]})


class KimiRequest(NamedTuple):
    """What `POST /api/kimi` takes."""

    prompt: str
    system: str | None = None
    template: str | None = None
    """The name of a system prompt, in place of `system`."""
    variables: Mapping[str, Any] | None = None
    """What is put into the template; what it must hold is the template's business."""
    model: str | None = None
    """As in a chat request; None: the service chooses."""
    max_tokens: int | None = None
    metadata: Metadata = Metadata()

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return the request that a JSON object holds.

        Raises:
            InvalidRequest: it holds none; names the first field that is wrong.
        """
        fields = Fields(body)
        request = cls(
            prompt=fields.text("prompt"),
            system=fields.optional_text("system"),
            template=fields.optional_text("template", may_be_empty=False),
            variables=fields.verbatim_object("variables"),
            model=read_model(fields) if names_model(fields) else None,
            max_tokens=read_max_tokens(fields),
            metadata=read_metadata(fields),
        )
        if request.template is not None and request.system is not None:
            raise fields.wrong("template", "must not be given together with `system`")
        if request.template is None and request.variables:
            raise fields.wrong("variables", "must not be given without `template`")
        return request

    def chat(self, model: str, system: str | None) -> ChatRequest:
        """Return the same as a chat request, with the model to ask and the system prompt that its template gives."""
        prompts = {"system": system, "user": self.prompt}
        messages = tuple({"role": role, "content": text} for role, text in prompts.items() if text)
        return ChatRequest(model, messages, {}, self.max_tokens, metadata=self.metadata)

    @property
    def identity(self) -> bytes:
        """Canonical bytes for idempotency, as those of a chat request."""
        return canonical({name: value for name, value in self._asdict().items() if name != "metadata"})

    @property
    def facts(self) -> WorkFacts:
        """The facts of the request for the cost line; the text of a template is not the caller's, and not counted."""
        return _facts(len(self.prompt) + len(self.system or ""), self.metadata)


def _facts(characters: int, metadata: Metadata, session_id: str | None = None) -> WorkFacts:
    return WorkFacts(
        session_id=session_id, prompt_chars=characters, feature=metadata.feature, component=metadata.component
    )
