"""The parts of the chat function with settings of a test's own, and a host that answers by a script."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from shared.chat.chat import Chat
from shared.chat.models import AllowedModels
from shared.costs.ledger import AttemptRecord
from shared.costs.usage import NOTHING, Cost, Usage
from shared.model_host import Client, Completion
from shared.model_host.host import HostedModel
from shared.model_host.hosts import models_by_name
from shared.model_host.tool_calls import ToolCall
from shared.settings import Settings

KIMI, NEWER = "moonshotai/kimi-k2-thinking", "moonshotai/kimi-k2.6"
"""The first takes temperatures from 0 to 1, the second none but its own."""
NO_USAGE = Usage()


def settings_of(**environment: str) -> Settings:
    return Settings.from_environment({"ENABLE_GUARD": "false", "OPENROUTER_K2T_KEY": "k"} | environment)


def hosted(name: str = KIMI) -> HostedModel:
    (model,) = models_by_name([name], settings_of(KIMI_KEY="k", MOONSHOT_KEY="k"))
    return model


def a_completion(
    content: str = "Hi", reason: str | None = "stop", *, reasoning: str = "", calls: tuple[ToolCall, ...] = ()
) -> Completion:
    return Completion(content, reason, "kimi-0905", hosted(), 99, 1.0, NO_USAGE, reasoning, calls)


def an_attempt(cost: Cost = NOTHING, usage: Usage = NO_USAGE, model: str = KIMI, outcome: str = "ok") -> AttemptRecord:
    return AttemptRecord(model, model, outcome, retryable=False, cost=cost, usage=usage, duration=1.0)


def saying(content: str = "Hi", **message: Any) -> httpx.Response:
    """A whole answer."""
    choice = {"message": {"content": content, **message}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 3, "completion_tokens": 4, "cost": 0.5}
    return httpx.Response(200, json={"choices": [choice], "usage": usage})


def streaming(*events: dict[str, Any] | str) -> httpx.Response:
    """An answer in events, which ends where they do."""
    data = "".join(f"data: {event if isinstance(event, str) else json.dumps(event)}\n\n" for event in events)
    return httpx.Response(200, text=data, headers={"content-type": "text/event-stream"})


class Host:
    """Gives these answers, one for each call, and notes what it was asked."""

    def __init__(self, *answers: httpx.Response | Callable[[], httpx.Response]) -> None:
        self.asked: list[dict[str, Any]] = []
        self._answers = list(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(json.loads(request.read()))
        answer = self._answers.pop(0)
        return answer if isinstance(answer, httpx.Response) else answer()

    @property
    def models(self) -> list[str]:
        """The models that were asked, in order, by their names at their hosts."""
        return [body["model"] for body in self.asked]

    def client(self, settings: Settings, models: list[HostedModel] | None = None) -> Client:
        http = httpx.Client(transport=httpx.MockTransport(self))
        return Client.of(settings, models or (), http=http, sleep=lambda _: None)

    def chat(self, **environment: str) -> Chat:
        """What the chat function works with, with this host in the place of all of them."""
        settings = settings_of(**({"CHAT_MODELS": f"{KIMI},{NEWER},auto"} | environment))
        models = AllowedModels.of(settings)
        return Chat(self.client(settings, models.all), models)
