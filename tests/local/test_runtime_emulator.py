"""The runtime that streams under AWS's own Runtime Interface Emulator, which ships with the SAM CLI."""

import http.client
import json
import platform
import socket
from pathlib import Path

import pytest

from tests.local.emulator import ROOT, wait_for
from tests.support.lambda_runtime import NUL, SECRET, SSE, SSE_PRELUDE, URL_EVENT, WRAPPED, running

RIE_URL = "/2015-03-31/functions/function/invocations"


@pytest.fixture
def rie() -> str:
    """The Runtime Interface Emulator that the SAM CLI has with it."""
    machine = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    pattern = f"lib/python3*/site-packages/samcli/local/rapid/aws-lambda-rie-{machine}"
    found = sorted((ROOT / ".venv-sam").glob(pattern))
    if not found:
        pytest.skip("needs the SAM CLI in .venv-sam, which `make build` installs")
    return str(found[0])


def free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def invoke(address: str, event: object) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(address, timeout=10)
    connection.request("POST", RIE_URL, json.dumps(event))
    response = connection.getresponse()
    try:
        return response.status, response.read()
    finally:
        connection.close()


def test_runtime_serves_the_emulator_of_aws(tmp_path: Path, rie: str) -> None:
    """Which answers whole: a function URL is what makes an HTTP answer of prelude and body."""
    address = free_address()
    options = ["--runtime-interface-emulator-address", address, "--runtime-api-address", free_address()]
    source = (
        SSE
        + """
    streamed = handler
    def handler(event, context):
        if event.get("how") == "early":
            raise ValueError("%s")
        return streamed(event, context) if context.streams else "fine"
""".replace("%s", SECRET)
    )
    whole = SSE_PRELUDE + NUL + b"data: one\n\ndata: two\n\n"
    with running(tmp_path, source, [rie, *options, *WRAPPED]) as runtime:
        wait_for(lambda: can_connect(address))
        assert [invoke(address, URL_EVENT) for _ in range(2)] == [(200, whole)] * 2

        status, error = invoke(address, {**URL_EVENT, "how": "early"})
        assert (status, json.loads(error)["errorType"]) == (200, "ValueError")
        assert invoke(address, URL_EVENT) == (200, whole)
        assert invoke(address, {}) == (200, b'"fine"')

        assert invoke(address, {**URL_EVENT, "fails": True}) == (502, SSE_PRELUDE + NUL + b"data: one\n\n")
        assert invoke(address, URL_EVENT) == (200, whole), "a new process serves what follows"
        runtime.process.terminate()
        runtime.process.wait(10)
        assert SECRET not in runtime.stdout + runtime.stderr


def can_connect(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True
