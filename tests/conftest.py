"""The servers that tests of several folders call, and how many workers run the tests."""

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import boto3  # type: ignore[import-untyped]
import httpx
import pytest
from hypothesis import HealthCheck, settings
from moto.server import ThreadedMotoServer

from tests.local.bundle import running_bundle
from tests.local.emulator import Emulator
from tests.support.aws import disconnect
from tests.support.standin import StandIn, standin
from tests.support.table import dynamodb

# No property fails because the machine is busy, or with what the next run would not try.
settings.register_profile(
    "tests", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tests")


def pytest_xdist_auto_num_workers() -> int:
    """Return a worker for each core and one more, as many tests wait; but no more than one for each GB of memory."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return max(1, min(len(os.sched_getaffinity(0)) + 1, round(gigabytes)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse two tests of one name: workers would run one of them, and say nothing of the other."""
    twice = [name for name, count in Counter(item.nodeid for item in items).items() if count > 1]
    if twice:
        msg = f"more than one test is called {', '.join(twice)}"
        raise pytest.UsageError(msg)


@pytest.fixture(autouse=True)
def _connections() -> Iterator[None]:
    """Those to AWS's services that a test made are closed with it."""
    yield
    disconnect()


@pytest.fixture
def aws_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """What calls of AWS are signed with, and the region that they are for."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "us-east-1")


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    """AWS's services, as moto has them, over HTTP; they may hold what other tests left."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(aws_credentials: None, moto_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of AWS's services, all of them empty, which the environment names as well."""
    assert aws_credentials is None
    httpx.post(f"{moto_url}/moto-api/reset", trust_env=False).raise_for_status()
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_url)
    return moto_url


@pytest.fixture
def secrets(aws: str) -> Any:
    """A client of Secrets Manager, which holds no secrets."""
    return boto3.client("secretsmanager", endpoint_url=aws)


@pytest.fixture
def ssm(aws: str) -> Any:
    """A client of a parameter store without parameters."""
    return boto3.client("ssm", endpoint_url=aws)


@pytest.fixture(scope="session")
def host() -> Iterator[StandIn]:
    """The stand-in model host; its ledger may hold calls of other tests."""
    with standin() as running:
        yield running


@pytest.fixture(scope="session")
def dynamodb_url() -> Iterator[str]:
    """DynamoDB with the guard's table, which may hold items of other tests."""
    with dynamodb() as address:
        yield address


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The bundle without a key: with the stand-in that `make run` starts."""
    with running_bundle(tmp_path_factory.mktemp("run"), STANDIN_PACE="instant") as running:
        yield running
