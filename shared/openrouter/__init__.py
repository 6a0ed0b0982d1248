"""The model host: client, retry, stream, wire format and errors."""

from shared.openrouter.client import Completion, Message, OpenRouter, Question

__all__ = ["Completion", "Message", "OpenRouter", "Question"]
