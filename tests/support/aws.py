"""Clients of AWS's services whose connections are closed at the end of the test, as those of a process are."""

from typing import Any

from shared.aws import AwsClient
from shared.aws.access import Access
from shared.aws.service import Service

_CONNECTED: list[AwsClient] = []


def connect(service: Service, access: Access, **seams: Any) -> AwsClient:
    """Return a client of this service."""
    client = AwsClient(service, access, **seams)
    _CONNECTED.append(client)
    return client


def disconnect() -> None:
    """Close the connections of all clients."""
    while _CONNECTED:
        _CONNECTED.pop().close()
