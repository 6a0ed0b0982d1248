"""Asks a model for what a caller of the chat function wants."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Self

from shared.chat.messages import texts
from shared.chat.models import AllowedModels
from shared.chat.requests import ChatRequest, KimiRequest
from shared.errors import InvalidRequest
from shared.model_host import Client, Completion, Question
from shared.model_host.errors import ContextExceeded, ModelGone, RequestRejected
from shared.model_host.host import HostedModel
from shared.model_host.request import refused_options
from shared.run import Run
from shared.settings import AUTO, Settings

if TYPE_CHECKING:
    from shared.routing import Choice, RoutingRequest

IGNORED_HEADER = "x-ignored-parameters"
"""Names the parameters of a request that have no effect: the model does not take them, or this service does not."""


class ModelsRequest(NamedTuple):
    """What asks for the list of models."""


class Completed(NamedTuple):
    """A model's answer, and when it was complete, in seconds since 1970."""

    completion: Completion
    created: int


class Routed(NamedTuple):
    """The models for a request, in order, and why these: None where the caller names the model."""

    models: Sequence[HostedModel]
    choice: "Choice | None"


class Chat(NamedTuple):
    """What the chat function works with."""

    client: Client
    models: AllowedModels

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return it for these settings.

        Raises:
            SettingsError: a model that callers may name cannot be asked.
        """
        models = AllowedModels.of(settings)
        return cls(Client.of(settings, models.all), models)

    def complete(self, request: ChatRequest, run: Run) -> Completed:
        """Return a model's answer to the messages, as it is: nothing of it is repaired or extended.

        Raises:
            Failure: the caller may not name this model, or there is no answer.
        """
        models, choice = self.route(request)
        _name_ignored(request, models[0], run)
        question = Question(
            request.messages,
            request.session_id,
            max_output_tokens=request.max_tokens,
            options=request.options,
            system_is_private=True,
        )
        try:
            completion = self.client.complete(question, run, purpose="chat", models=models)
        except ModelGone:
            raise
        except RequestRejected as rejected:
            raise _not_taken(rejected) from None
        finally:
            if choice:
                choice.note(run)
        _name_ignored(request, completion.requested_model, run)
        return Completed(completion, int(time.time()))

    def answer(self, request: KimiRequest, run: Run) -> Completed:
        """Return a model's answer to a prompt.

        Raises:
            Failure: as `complete`, or the template or its variables are wrong.
        """
        system = request.system
        if request.template is not None:
            # Loaded with the first request that names a template: a cold start need not wait for them.
            from shared.chat.system_prompts import render  # noqa: PLC0415

            system = render(request.template, request.variables or {})
        return self.complete(request.chat(request.model or self.models.default, system), run)

    def route(self, request: ChatRequest) -> Routed:
        """Return the models that a request would be answered by; none of them is asked.

        Raises:
            InvalidRequest: the caller may not name this model.
        """
        name = self.models.find(request.model)
        if name != AUTO or self.models.router is None:
            return Routed(self.models.with_fallbacks(name), None)
        choice = self.models.router.choose(_routing_request(request))
        return Routed(choice.models, choice)


def _name_ignored(request: ChatRequest, model: HostedModel, run: Run) -> None:
    """Name the parameters that have no effect at this model in a header of the answer."""
    refused = refused_options(request.options, run.catalog.lookup(model.name))
    run.headers.pop(IGNORED_HEADER, None)
    if ignored := [*sorted(refused), *request.ignored]:
        run.headers[IGNORED_HEADER] = ", ".join(ignored)


def _not_taken(rejected: RequestRejected) -> InvalidRequest:
    """Return the failure of a request that a model's host does not take: here the messages are the caller's own."""
    if isinstance(rejected, ContextExceeded):
        # The words in brackets are what clients look for that shorten a conversation by themselves.
        msg = "The messages are longer than the model's context (context_length_exceeded). Send fewer, or shorter ones."
        return InvalidRequest(msg, field="messages")
    msg = "The model's host rejects this request: for an option, a schema, an image or an order of messages, maybe."
    return InvalidRequest(msg)


def _routing_request(request: ChatRequest) -> "RoutingRequest":
    """Return what counts for the choice: the last thing that was asked, and all before it as what it is about."""
    from shared.routing import RoutingRequest  # noqa: PLC0415 - loaded already, where there is a router

    spoken = [(message["role"], "\n".join(texts(message))) for message in request.messages]
    last = max((number for number, (role, _) in enumerate(spoken) if role == "user"), default=len(spoken) - 1)
    about = "\n".join(text for number, (_, text) in enumerate(spoken) if number != last)
    return RoutingRequest(spoken[last][1], about, request.intent, request.score, request.previous_failures)
