"""The guard's table: moto's DynamoDB as a child process on loopback, which forgets everything when it ends.

`python -m local.emulator.guard_table` is that process, with the table as the template declares it. The functions find
it by the variables that the AWS library reads, so they do what they do in the cloud.
"""

import argparse
import logging
import os
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from local.emulator.child_process import Service
from local.emulator.functions import REGION
from local.emulator.output import Output
from local.emulator.settings import Settings
from local.sam_template import Template

NAME = "GuardTable"
"""Its logical id in the template, used here as its name."""
_TEMPLATE = Path(__file__).parents[2] / "template.yaml"
_DECLARED = ("AttributeDefinitions", "BillingMode", "KeySchema")


class GuardTable(Service):
    """The process that holds the table."""

    def __init__(self, settings: Settings, template: Path, output: Output) -> None:
        self.name = settings.environment.get("GUARD_TABLE", "").strip() or NAME
        arguments = ("local.emulator.guard_table", "--template", os.fspath(template.resolve()), "--name", self.name)
        super().__init__("table of the guard", arguments, settings, output, start_seconds=30)


def credentials(address: str) -> dict[str, str]:
    """Return what a process needs in its environment to use the table at this address."""
    return {
        "AWS_ENDPOINT_URL_DYNAMODB": address,
        "AWS_ACCESS_KEY_ID": "loopback",
        "AWS_SECRET_ACCESS_KEY": "loopback",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }


def main() -> None:
    """Serve until killed; the first line on standard output says where."""
    # Here and in `create_table`: what starts this process imports this module too, and moto takes seconds.
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: PLC0415
    from werkzeug.serving import BaseWSGIServer, make_server  # noqa: PLC0415

    parser = argparse.ArgumentParser(prog="python -m local.emulator.guard_table", description="DynamoDB on loopback.")
    parser.add_argument("--template", type=Path, default=_TEMPLATE, help="the SAM template")
    parser.add_argument("--name", default=NAME, help="the table's name (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="where to listen (0: any free port)")
    given = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    BaseWSGIServer.request_queue_size = 1024  # it hangs up on more callers at once than stand in line
    app = OneAtATime(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", given.port, app, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    create_table(address, given.name, given.template)
    print(f"DynamoDB (moto's) on {address}", flush=True)
    Event().wait()


class OneAtATime:
    """moto's DynamoDB, its writes made atomic as DynamoDB's are: moto looks first and writes later."""

    def __init__(self, app: Any) -> None:  # noqa: ANN401 - WSGI's own
        self._app = app
        self._lock = Lock()

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:  # noqa: ANN401 - WSGI's own
        """Answer one request."""
        with self._lock:
            return list(self._app(environ, start_response))


def create_table(address: str, name: str, template: Path = _TEMPLATE) -> None:
    """Make the table, and have it clear away what the template says."""
    import boto3  # type: ignore[import-untyped]  # noqa: PLC0415

    known = credentials(address)
    client = boto3.client(
        "dynamodb",
        endpoint_url=address,
        region_name=known["AWS_REGION"],
        aws_access_key_id=known["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=known["AWS_SECRET_ACCESS_KEY"],
    )
    declared: Any = Template.read(template, {}).section("Resources")[NAME]
    properties = declared["Properties"]
    client.create_table(TableName=name, **{part: properties[part] for part in _DECLARED})
    client.update_time_to_live(TableName=name, TimeToLiveSpecification=properties["TimeToLiveSpecification"])


if __name__ == "__main__":
    main()
