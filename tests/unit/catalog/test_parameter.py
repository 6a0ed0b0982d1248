"""The parameter that holds the overlay, with moto in the place of SSM."""

import socket
import time
from typing import Any

import pytest

from shared.catalog.errors import ParameterError
from shared.catalog.parameter import read_parameter
from tests.support.sockets import send_answer, serving

NAME = "/kimi-artifacts/catalog"


def test_the_text_is_read_as_it_is(ssm: Any) -> None:
    ssm.put_parameter(Name=NAME, Value=" # \u00e4\n", Type="String")

    assert read_parameter(NAME, 5.0) == " # \u00e4\n"


@pytest.mark.usefixtures("ssm")
def test_a_parameter_that_is_not_there_is_told_by_awss_own_word() -> None:
    with pytest.raises(ParameterError, match="named by CATALOG_PARAMETER cannot be read: ParameterNotFound"):
        read_parameter(NAME, 5.0)


@pytest.mark.usefixtures("aws_credentials")
@pytest.mark.parametrize("body", [b"\xff", b"[]", b"{}", b'{"Parameter": []}', b'{"Parameter": {"Value": 5}}'])
def test_an_answer_that_holds_no_text_is_none(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(connection: socket.socket, _number: int) -> None:
        send_answer(connection, body)

    with serving(answer) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", url)
        with pytest.raises(ParameterError, match="CATALOG_PARAMETER"):
            read_parameter(NAME, 5.0)


@pytest.mark.usefixtures("aws_credentials")
def test_a_parameter_that_is_not_given_in_time_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(lambda _connection, _number: time.sleep(3)) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", url)
        began = time.monotonic()
        with pytest.raises(ParameterError):
            read_parameter(NAME, 1.0)
        took = time.monotonic() - began

    assert took < 2.0
