"""AWS on loopback: moto for all but CloudFormation, for which it needs too much; of that, what is asked of it.

`sam` is replaced by a script that writes down what it was called with, and lets the stack have those parameters.
"""

import io
import json
import os
import sys
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from urllib.request import Request, urlopen
from xml.sax.saxutils import escape

import boto3  # type: ignore[import-untyped]
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

REGION = "eu-central-1"
FUNCTIONS = ["ChatCompletionsFunction", "GenerateArtifactFixFunction", "GenerateArtifactFunction"]
SETTINGS = {"AUTH_MODE": "iam", "ENABLE_GUARD": "true", "GUARD_TABLE": "table-1", "MODELS": "moonshotai/kimi-k3"}
_XML = (
    '<{0}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><{0}Result>{1}</{0}Result></{0}Response>'
)
_MISSING = (
    "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id {} does not exist</Message></Error>"
    "</ErrorResponse>"
)
_SAM = """\
import json, sys, time, urllib.request, yaml
from pathlib import Path
arguments = sys.argv[1:]
file = arguments[arguments.index("--parameter-overrides") + 1].removeprefix("file://")
values = yaml.safe_load(Path(file).read_text())
Path(sys.argv[0]).with_name("called.json").write_text(json.dumps([arguments, values]))
if Path(sys.argv[0]).with_name("fails").exists():
    sys.exit("Error: it did not work")
if Path(sys.argv[0]).with_name("waits").exists():
    time.sleep(60)
if Path(sys.argv[0]).with_name("changes-nothing").exists():
    sys.exit(0)
address = "http://127.0.0.1:%d/deployed"
urllib.request.urlopen(urllib.request.Request(address, json.dumps(values).encode(), method="PUT"))
"""


class Cloud:
    """One account."""

    def __init__(self, moto: str, cloudformation: str, folder: Path) -> None:
        self.folder = folder
        self._clients: dict[str, Any] = {}
        self.stack: dict[str, Any] | None = None
        self.environment = {
            "AWS_ACCESS_KEY_ID": "loopback",
            "AWS_SECRET_ACCESS_KEY": "loopback",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": moto,
            "AWS_ENDPOINT_URL_CLOUDFORMATION": cloudformation,
            "AWS_EC2_METADATA_DISABLED": "true",
            "HOME": os.fspath(folder),
        }
        urlopen(Request(f"{moto}/moto-api/reset", method="POST"))  # moto's state is the process's

    def client(self, service: str) -> Any:
        """A client of a service of this account."""
        if service not in self._clients:
            self._clients[service] = self._new_client(service)
        return self._clients[service]

    def _new_client(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            aws_access_key_id="loopback",
            aws_secret_access_key="loopback",
        )

    @cached_property
    def secret(self) -> str:
        """The ARN of a secret with a key, which is there from the first look at this on."""
        made = self.client("secretsmanager").create_secret(Name="openrouter", SecretString="its key")
        return str(made["ARN"])

    def deploy(self, parameters: Mapping[str, str], status: str = "UPDATE_COMPLETE") -> None:
        """Let there be a stack with these parameters."""
        outputs = {"GenerateArtifactUrl": "https://a.example/", "GenerateArtifactLogGroup": "logs-1"}
        self.stack = {"status": status, "parameters": dict(parameters), "outputs": outputs}

    def publish(self, release: str, auth_type: str = "AWS_IAM", invoke_mode: str = "BUFFERED", **settings: str) -> None:
        """Let each function have one more version, at which its alias stands."""
        address = {"AuthType": auth_type, "InvokeMode": invoke_mode}
        functions = self.client("lambda")
        for name in FUNCTIONS:
            known = {"Environment": {"Variables": SETTINGS | settings}, "Description": f"What it does. {release}"}
            if self._exists(name):
                functions.update_function_configuration(FunctionName=name, **known)
                functions.delete_function_url_config(FunctionName=name, Qualifier="live")
                version = functions.publish_version(FunctionName=name)["Version"]
                functions.update_alias(FunctionName=name, Name="live", FunctionVersion=version)
            else:
                functions.create_function(
                    FunctionName=name, Runtime="python3.13", Handler="app.handler", Role=self._role(),
                    Code={"ZipFile": _zipped()}, Publish=True, **known,
                )  # fmt: skip
                functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
            functions.create_function_url_config(FunctionName=name, Qualifier="live", **address)

    def versions(self, name: str = FUNCTIONS[0]) -> list[str]:
        """The published versions of a function."""
        found = self.client("lambda").list_versions_by_function(FunctionName=name)["Versions"]
        return [each["Version"] for each in found if each["Version"] != "$LATEST"]

    def live(self) -> dict[str, str]:
        """The version that each function's alias stands at."""
        functions = self.client("lambda")
        return {name: functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"] for name in FUNCTIONS}

    @property
    def sam(self) -> Path:
        """The script in the place of sam."""
        return self.folder / "sam"

    @property
    def deployed(self) -> tuple[list[str], dict[str, str]] | None:
        """The arguments and the parameters that sam was called with last; None if it was not called."""
        called = self.folder / "called.json"
        if not called.exists():
            return None
        arguments, values = json.loads(called.read_text())
        return arguments, values

    def _exists(self, name: str) -> bool:
        return name in {each["FunctionName"] for each in self.client("lambda").list_functions()["Functions"]}

    def _role(self) -> str:
        roles = self.client("iam")
        known = {each["RoleName"]: each["Arn"] for each in roles.list_roles()["Roles"]}
        if "role" in known:
            return str(known["role"])
        return str(roles.create_role(RoleName="role", AssumeRolePolicyDocument="{}")["Role"]["Arn"])


@contextmanager
def aws_cloud(folder: Path) -> Iterator[Cloud]:
    """An empty account."""
    server = make_server(
        "127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True, request_handler=_Silent
    )
    stacks = ThreadingHTTPServer(("127.0.0.1", 0), _CloudFormation)
    for each in (server, stacks):
        threading.Thread(target=each.serve_forever, daemon=True).start()
    try:
        moto, cloudformation = (f"http://127.0.0.1:{each.server_address[1]}" for each in (server, stacks))
        stacks.cloud = cloud = Cloud(moto, cloudformation, folder)  # type: ignore[attr-defined] # where its handler finds it
        cloud.sam.write_text(f"#!{sys.executable}\n{_SAM % stacks.server_address[1]}")
        cloud.sam.chmod(0o755)
        yield cloud
    finally:
        for each in (server, stacks):
            each.shutdown()
            each.server_close()


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - as it is declared
        pass


class _CloudFormation(BaseHTTPRequestHandler):
    """Tells of the account's stack."""

    def do_POST(self) -> None:
        cloud: Cloud = self.server.cloud  # type: ignore[attr-defined] # set above
        asked = dict(parse_qsl(self._body().decode()))
        if cloud.stack is None:
            self._answer(400, _MISSING.format(asked["StackName"]))
        elif asked["Action"] == "DescribeStacks":
            self._answer(200, _XML.format("DescribeStacks", _described(asked["StackName"], cloud.stack)))
        else:
            self._answer(200, _XML.format("ListStackResources", _resources()))

    def do_PUT(self) -> None:
        self.server.cloud.deploy(json.loads(self._body()))  # type: ignore[attr-defined] # set above
        self._answer(200, "")

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as it is declared
        pass


def _described(name: str, stack: Mapping[str, Any]) -> str:
    parts = [f"<StackName>{name}</StackName><StackStatus>{stack['status']}</StackStatus>"]
    parts += ["<CreationTime>2026-11-01T00:00:00Z</CreationTime>"]
    parts += [f"<Parameters>{_pairs('Parameter', stack['parameters'])}</Parameters>"]
    parts += [f"<Outputs>{_pairs('Output', stack['outputs'])}</Outputs>"]
    return f"<Stacks><member>{''.join(parts)}</member></Stacks>"


def _pairs(kind: str, values: Mapping[str, str]) -> str:
    return "".join(
        f"<member><{kind}Key>{name}</{kind}Key><{kind}Value>{escape(value)}</{kind}Value></member>"
        for name, value in values.items()
    )


def _resources() -> str:
    members = "".join(
        f"<member><LogicalResourceId>{name}</LogicalResourceId><PhysicalResourceId>{name}</PhysicalResourceId>"
        "<ResourceType>AWS::Lambda::Function</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus>"
        "<LastUpdatedTimestamp>2026-11-01T00:00:00Z</LastUpdatedTimestamp></member>"
        for name in FUNCTIONS
    )
    return f"<StackResourceSummaries>{members}</StackResourceSummaries>"


def _zipped() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr("app.py", "")
    return written.getvalue()
