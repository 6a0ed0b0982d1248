"""The model host: client, retry, stream, wire format and errors."""

from shared.openrouter.client import Completion, OpenRouter
from shared.openrouter.request import Message, Question

__all__ = ["Completion", "Message", "OpenRouter", "Question"]
