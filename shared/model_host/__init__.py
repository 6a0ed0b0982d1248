"""The model host: client, retry, stream, wire format and errors."""

from shared.model_host.client import Completion, OpenRouter
from shared.model_host.request import Message, Question

__all__ = ["Completion", "Message", "OpenRouter", "Question"]
