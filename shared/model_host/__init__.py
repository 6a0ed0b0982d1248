"""Calls model hosts: client, attempt, retry, stream, hosts with their dialects, and errors."""

from shared.model_host.client import Client
from shared.model_host.completion import Completion
from shared.model_host.host import HostedModel
from shared.model_host.request import Message, Question

__all__ = ["Client", "Completion", "HostedModel", "Message", "Question"]
