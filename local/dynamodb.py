"""`python -m local.dynamodb`: moto's DynamoDB on loopback, with the guard's table as the template declares it."""

import argparse
import logging
from pathlib import Path
from threading import Event
from typing import Any

import boto3  # type: ignore[import-untyped]
from moto.server import ThreadedMotoServer
from werkzeug.serving import BaseWSGIServer

from local.guard_table import NAME, credentials
from local.template import Template

_ROOT = Path(__file__).parent.parent
_OF_THE_TABLE = ("AttributeDefinitions", "BillingMode", "KeySchema")


def main() -> None:
    """Serve until killed; the first line on standard output says where."""
    parser = argparse.ArgumentParser(prog="python -m local.dynamodb", description=__doc__)
    parser.add_argument("--template", type=Path, default=_ROOT / "template.yaml", help="the SAM template")
    parser.add_argument("--name", default=NAME, help="the table's name (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="where to listen (0: any free port)")
    given = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    BaseWSGIServer.request_queue_size = 1024  # it hangs up on more callers at once than stand in line
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=given.port, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    create(address, given.template, given.name)
    print(f"DynamoDB (moto's) on {address}", flush=True)
    Event().wait()


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
