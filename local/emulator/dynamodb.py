"""`python -m local.emulator.dynamodb`: moto's DynamoDB on loopback, with the guard's table as the template declares it."""

import argparse
import logging
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import boto3  # type: ignore[import-untyped]
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from local.emulator.guard_table import NAME, credentials
from local.template import Template

_ROOT = Path(__file__).parents[2]
_OF_THE_TABLE = ("AttributeDefinitions", "BillingMode", "KeySchema")


def main() -> None:
    """Serve until killed; the first line on standard output says where."""
    parser = argparse.ArgumentParser(prog="python -m local.emulator.dynamodb", description=__doc__)
    parser.add_argument("--template", type=Path, default=_ROOT / "template.yaml", help="the SAM template")
    parser.add_argument("--name", default=NAME, help="the table's name (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="where to listen (0: any free port)")
    given = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    BaseWSGIServer.request_queue_size = 1024  # it hangs up on more callers at once than stand in line
    server = make_server("127.0.0.1", given.port, OneAtATime(), threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    create(address, given.template, given.name)
    print(f"DynamoDB (moto's) on {address}", flush=True)
    Event().wait()


class OneAtATime:
    """moto's DynamoDB, its writes made atomic as DynamoDB's are: moto looks first and writes later."""

    def __init__(self) -> None:
        self._app = DomainDispatcherApplication(create_backend_app)
        self._lock = Lock()

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:  # noqa: ANN401 - WSGI's own
        """Answer one request."""
        with self._lock:
            return list(self._app(environ, start_response))


def create(address: str, template: Path, name: str) -> None:
    """Make the table, and have it clear away what the template says."""
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
    client.create_table(TableName=name, **{part: properties[part] for part in _OF_THE_TABLE})
    client.update_time_to_live(TableName=name, TimeToLiveSpecification=properties["TimeToLiveSpecification"])


if __name__ == "__main__":
    main()
