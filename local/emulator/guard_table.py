"""The guard's table on this machine: moto's DynamoDB on loopback, which forgets everything when it ends.

The functions find it by the variables that the AWS library reads, so they do what they do in the cloud.
"""

import os
from pathlib import Path

from local.emulator.functions import REGION
from local.emulator.output import Output
from local.emulator.service import Service
from local.emulator.settings import Settings

NAME = "GuardTable"
"""Its logical id in the template, which stands here for its name."""


class GuardTable(Service):
    """The process that holds the table."""

    def __init__(self, settings: Settings, template: Path, output: Output) -> None:
        self.name = settings.environment.get("GUARD_TABLE", "").strip() or NAME
        arguments = ("local.emulator.dynamodb", "--template", os.fspath(template.resolve()), "--name", self.name)
        super().__init__("table of the guard", arguments, settings, output, start_seconds=30)


def credentials(address: str) -> dict[str, str]:
    """What a process needs in its environment to use the table at this address."""
    return {
        "AWS_ENDPOINT_URL_DYNAMODB": address,
        "AWS_ACCESS_KEY_ID": "loopback",
        "AWS_SECRET_ACCESS_KEY": "loopback",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }
