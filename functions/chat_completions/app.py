"""chat_completions: answers any OpenAI client with the owner's key, limits and bill, and logs every cost."""

from collections.abc import Collection

from shared import cold_start
from shared.chat.chat import Chat, Completed, ModelsRequest, Routed
from shared.chat.contract import CompletionContract, KimiContract, ModelsContract, RouteContract
from shared.chat.requests import ChatRequest, KimiRequest, RouteRequest
from shared.edge.endpoint import Endpoint
from shared.run import Run

CONTRACTS = CompletionContract(), ModelsContract(), RouteContract(), KimiContract()


def work(
    request: ChatRequest | KimiRequest | RouteRequest | ModelsRequest, chat: Chat, run: Run
) -> Completed | Routed | Collection[str]:
    """Return a model's answer; or what may be asked, or would be."""
    match request:
        case ModelsRequest():
            return chat.models.names
        case RouteRequest():  # before a chat request, which it is as well
            return chat.route(request)
        case KimiRequest():
            return chat.answer(request, run)
        case ChatRequest():
            return chat.complete(request, run)


handler = Endpoint("chat_completions", CONTRACTS, Chat.of, work)
cold_start.finish()
