"""AWS takes our signatures: they are those of its own test suite, and those of its own library."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from botocore.auth import SigV4Auth  # type: ignore[import-untyped]
from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped]
from botocore.credentials import Credentials as BotocoreCredentials  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from shared.aws.access import Credentials
from shared.aws.signature import sign, signing_key

SUITE = tomllib.loads((Path(__file__).parent / "sigv4_suite.toml").read_text())
KEYS = SUITE["credentials"]
NOW = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)


@pytest.mark.parametrize("case", SUITE["cases"].values(), ids=SUITE["cases"])
def test_a_case_of_awss_test_suite(case: dict[str, Any]) -> None:
    headers = {"Host": "example.amazonaws.com", **case.get("headers", {})}
    credentials = Credentials(**KEYS, session_token=case.get("session_token", ""))

    signed = sign(headers, case.get("body", "").encode(), credentials, region="us-east-1", service="service", now=NOW)

    assert signed["x-amz-date"] == "20150830T123600Z"
    assert signed.get("x-amz-security-token", "") == credentials.session_token
    assert signed["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
        f" SignedHeaders={case['signed_headers']}, Signature={case['signature']}"
    )


def test_the_key_of_awss_documentation() -> None:
    key = signing_key(KEYS["secret_access_key"], "20150830/us-east-1/iam/aws4_request")

    assert key.hex() == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"


PRINTABLE = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
WORDS = st.lists(st.text(PRINTABLE, min_size=1), min_size=1, max_size=4)
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True).filter(
    # Those that the signature sets itself, and those that botocore leaves out because proxies change them.
    lambda name: name.lower()
    not in {"host", "x-amz-date", "x-amz-security-token", "authorization", "date", "expect", "user-agent",
            "x-amzn-trace-id", "transfer-encoding", "connection"}
)  # fmt: skip


@given(
    headers=st.dictionaries(NAMES, st.tuples(WORDS, st.sampled_from([" ", "   ", "\t"])), max_size=4),
    body=st.binary(max_size=200),
    secret=st.text(PRINTABLE, min_size=1),
    token=st.text(PRINTABLE),
    region=st.sampled_from(["us-east-1", "cn-north-1", "eu-central-1"]),
    service=st.sampled_from(["dynamodb", "secretsmanager", "ssm"]),
    now=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - see timezones
)
def test_botocore_signs_the_same(
    headers: dict[str, tuple[list[str], str]],
    body: bytes,
    secret: str,
    token: str,
    region: str,
    service: str,
    now: datetime,
) -> None:
    spelled = {name.lower(): blanks.join(words) for name, (words, blanks) in headers.items()}
    host = f"{service}.{region}.example.com"
    theirs = AWSRequest("POST", f"https://{host}/", headers=spelled, data=body)
    with patch("botocore.auth.get_current_datetime", return_value=now.replace(tzinfo=None)):
        SigV4Auth(BotocoreCredentials("AKIDEXAMPLE", secret, token or None), service, region).add_auth(theirs)

    ours = sign(
        {"Host": host, **spelled}, body, Credentials("AKIDEXAMPLE", secret, token),
        region=region, service=service, now=now,
    )  # fmt: skip

    assert ours["authorization"] == theirs.headers["Authorization"]
    assert ours["x-amz-date"] == theirs.headers["X-Amz-Date"]
    assert ours.get("x-amz-security-token") == theirs.headers.get("X-Amz-Security-Token")
