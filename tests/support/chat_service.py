"""The chat function's contracts with work of a test's own, and a request for each of their paths."""

import json
from typing import Any

from shared.chat.chat import Completed, ModelsRequest, Routed
from shared.chat.contract import CompletionContract, KimiContract, ModelsContract, RouteContract
from shared.chat.requests import KimiRequest, RouteRequest
from shared.run import Run
from tests.support.chatting import KIMI, a_completion, hosted
from tests.support.service import Asked, Guard, Service

CONTRACTS = CompletionContract(), ModelsContract(), RouteContract(), KimiContract()
CHAT, MODELS, ROUTE, PROMPT = "/v1/chat/completions", "/v1/models", "/v1/route", "/api/kimi"
BODIES: dict[str, Any] = {
    CHAT: {"model": KIMI, "messages": [{"role": "user", "content": "Hello"}]},
    ROUTE: {"prompt": "Hello"},
    PROMPT: {"prompt": "Hello"},
    MODELS: {},
}
METHODS = dict.fromkeys(BODIES, "POST") | {MODELS: "GET"}


def answer(request: Any, _tools: str, _run: Run) -> Any:
    match request:
        case ModelsRequest():
            return [KIMI]
        case RouteRequest():
            return Routed([hosted()], None)
    return Completed(a_completion(request.prompt if isinstance(request, KimiRequest) else "Hi"), 1)


def failing(error: Exception) -> Any:
    def work(_request: Any, _tools: str, _run: Run) -> Any:
        raise error

    return work


class Chat(Service):
    """The chat function's contracts with work of the test's own."""

    def __init__(self, work: Any = answer, guard: Guard | None = None) -> None:
        super().__init__(work, guard, CONTRACTS)

    def call(self, path: str, *headers: dict[str, str], streams: bool = False, **fields: Any) -> Asked:
        body = json.dumps(BODIES[path] | fields)
        return self.ask(*headers, body=body, streams=streams, path=path, method=METHODS[path])
