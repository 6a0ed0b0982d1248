"""Whether `make deploy` sees that an account has too little concurrency, which AWS refuses only half-way."""

from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.stub import Stubber  # type: ignore[import-untyped]

from local.deploy.aws import Aws
from local.deploy.concurrency import functions_of, problem

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
REGION = "eu-central-1"


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lambda as far as it tells an account's limits; moto does not."""
    client = boto3.client("lambda", region_name=REGION, aws_access_key_id="none", aws_secret_access_key="none")
    monkeypatch.setattr(Aws, "client", lambda _self, _service: client)
    with Stubber(client) as stubber:
        yield stubber


def account(limit: int, unreserved: int) -> dict[str, Any]:
    return {"AccountLimit": {"ConcurrentExecutions": limit, "UnreservedConcurrentExecutions": unreserved}}


@pytest.mark.parametrize(
    ("limit", "unreserved", "own", "asked", "said"),
    [
        pytest.param(10, 10, 0, "10", "Leave it empty, or ask for more", id="a-new-account"),
        pytest.param(1000, 1000, 0, "300", None, id="the-most"),
        pytest.param(1000, 1000, 0, "301", "Say 300 at most, or ask for more", id="one-more"),
        pytest.param(1000, 700, 0, "250", "of the account's 1000 in eu-central-1, 700 are unreserved", id="others"),
        pytest.param(1000, 100, 900, "250", None, id="what-this-stack-has-reserved-is-given-back"),
        pytest.param(50, 50, 0, "13", None, id="a-small-account"),
    ],
)
def test_what_aws_would_refuse(
    limits: Any, limit: int, unreserved: int, own: int, asked: str, said: str | None
) -> None:
    limits.add_response("get_account_settings", account(limit, unreserved))

    found = problem(Aws(REGION), asked, functions_of(TEMPLATE), own)

    assert (found is None) if said is None else (said in str(found)), found


@pytest.mark.parametrize("asked", ["", "0"])
@pytest.mark.usefixtures("limits")
def test_what_reserves_nothing_is_not_asked_about(asked: str) -> None:
    assert problem(Aws(REGION), asked, 3, 0) is None


def test_whoever_may_not_ask_may_deploy(limits: Any) -> None:
    limits.add_client_error("get_account_settings", "AccessDeniedException")

    assert problem(Aws(REGION), "10", 3, 0) is None
