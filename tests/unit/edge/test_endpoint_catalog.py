"""The catalog of a request: what is in force when its work begins, and the same to its end."""

import json
import sys
from typing import Any

import pytest
from pydantic import BaseModel

from shared.artifacts.contract import GenerateRequest
from shared.edge.endpoint import Endpoint
from shared.run import Run
from tests.support.contracts import PlainContract
from tests.support.logged import logged_to

K2, NAME = "moonshotai/kimi-k2-thinking", "/kimi-artifacts/catalog"
PRICE = 'input = 1\ncached_input = 1\noutput = {}\nsource = "a page"\ndate = 2026-11-27\n'
EVENT = {
    "rawPath": "/",
    "headers": {"content-type": "application/json"},
    "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/a"}}},
    "body": '{"prompt": "hi"}',
}


class Context:
    aws_request_id = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


class Result(BaseModel):
    output: str


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ENABLE_GUARD": "false", "CATALOG_PARAMETER": NAME}.items():
        monkeypatch.setenv(name, value)


def price_in_work(_request: GenerateRequest, _host: str, run: Run) -> Result:
    price = run.catalog.price(K2)
    return Result(output=str(price and price.output))


def asked(capsys: pytest.CaptureFixture[str], times: int = 1) -> tuple[list[str], list[dict[str, Any]]]:
    """The output price that each request saw, and the lines that concern the catalog."""
    endpoint = Endpoint("generate_artifact", PlainContract(), lambda _settings: "host", price_in_work)
    with logged_to(endpoint._logs, sys.stdout):
        answers = [json.loads(endpoint(EVENT, Context())["body"]) for _ in range(times)]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [answer["output"] for answer in answers], [
        line for line in lines if line["message"] not in {"cost", "metrics"}
    ]


def test_the_work_of_the_first_request_sees_the_overlay(ssm: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ssm.put_parameter(Name=NAME, Value=f'[["{K2}".prices]]\n{PRICE.format(7)}', Type="String")

    assert asked(capsys, 2) == (["7", "7"], [])


def test_a_broken_overlay_is_an_error_in_the_log_once_and_fails_no_request(
    ssm: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    ssm.put_parameter(Name=NAME, Value=f'["{K2}"]\nsecret_word = 1', Type="String")

    prices, (line,) = asked(capsys, 2)

    assert prices == ["2.50", "2.50"]
    assert (line["level"], line["message"]) == ("ERROR", "operator_must_act")
    assert line["problem"] == f"the overlay of the catalog is refused: {K2}: secret_word: is no field of a model"


def test_a_model_past_its_date_is_a_warning_once(ssm: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ssm.put_parameter(Name=NAME, Value=f'["{K2}"]\nuntil = 2020-01-31', Type="String")

    _, (line,) = asked(capsys, 2)

    assert (line["level"], line["message"]) == ("WARNING", "model_outdated")
    assert (line["model"], line["problem"]) == (K2, "it was offered until 2020-01-31")
