"""Calls a model host: client, attempt, retry, stream, dialects and errors."""

from shared.model_host.client import Client, Completion
from shared.model_host.request import Message, Question

__all__ = ["Client", "Completion", "Message", "Question"]
