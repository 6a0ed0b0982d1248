"""Region, endpoint and credentials are those that AWS's own library finds in the same environment."""

import boto3  # type: ignore[import-untyped]
import pytest

from shared.aws import DYNAMODB, SECRETS_MANAGER, SSM, NotConfigured
from shared.aws.access import Access, Credentials
from shared.aws.service import Service

KEYS = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret"}
THERE = KEYS | {"AWS_REGION": "eu-central-1"}
SERVICES = pytest.mark.parametrize("service", [DYNAMODB, SECRETS_MANAGER, SSM], ids=lambda service: service.name)


@SERVICES
def test_a_service_is_where_awss_library_finds_it_in_every_region(service: Service) -> None:
    session = boto3.Session(*KEYS.values())
    for partition in session.get_available_partitions():
        for region in session.get_available_regions(service.name, partition):
            client = session.client(service.name, region_name=region)
            assert Access.to(service, KEYS | {"AWS_REGION": region}).url == client.meta.endpoint_url


@SERVICES
def test_it_is_called_as_awss_library_calls_it(service: Service) -> None:
    model = boto3.Session(*KEYS.values()).client(service.name, region_name="us-east-1").meta.service_model

    assert service.target == model.metadata["targetPrefix"]
    assert service.content_type == f"application/x-amz-json-{model.metadata['jsonVersion']}"
    assert service.name == model.signing_name
    assert service.endpoint_variable == f"AWS_ENDPOINT_URL_{model.service_id.hyphenize().upper().replace('-', '_')}"


def test_a_role_signs_with_its_token() -> None:
    access = Access.to(SSM, THERE | {"AWS_SESSION_TOKEN": "token"})

    assert access.credentials == Credentials("AKID", "secret", "token")
    assert (access.region, access.host) == ("eu-central-1", "ssm.eu-central-1.amazonaws.com")


@pytest.mark.parametrize(
    ("given", "region"),
    [
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-east-1"}, "eu-west-1"),
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": "us-east-1"}, "us-east-1"),
    ],
    ids=["both", "the-default-one"],
)
def test_the_region_is_that_of_the_function(given: dict[str, str], region: str) -> None:
    assert Access.to(SSM, KEYS | given).region == region


@pytest.mark.parametrize(
    ("given", "url", "host"),
    [
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}, "http://127.0.0.1:4566", "127.0.0.1:4566"),
        ({"AWS_ENDPOINT_URL": "HTTPS://VPCE.example/"}, "https://vpce.example", "vpce.example"),
        ({"AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_SSM": "http://[::1]:1"}, "http://[::1]:1", "[::1]:1"),
        ({"AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_SSM": ""}, "http://a", "a"),
        ({"AWS_ENDPOINT_URL_DYNAMODB": "http://a"}, "https://ssm.eu-central-1.amazonaws.com", None),
        ({"AWS_ENDPOINT_URL": "https://a:443"}, "https://a", "a"),
        ({"AWS_ENDPOINT_URL": "https://a:80"}, "https://a:80", "a:80"),
        (
            {"AWS_ENDPOINT_URL": "https://ssm-fips.us-east-1.amazonaws.com", "AWS_USE_FIPS_ENDPOINT": "true"},
            "https://ssm-fips.us-east-1.amazonaws.com",
            None,
        ),
    ],
    ids=[
        "for-all",
        "as-it-is-sent",
        "for-this-one",
        "an-empty-one",
        "for-another-one",
        "the-scheme's-own-port",
        "another-scheme's-port",
        "a-fips-one",
    ],
)
def test_another_address_outranks_that_of_the_region(given: dict[str, str], url: str, host: str | None) -> None:
    access = Access.to(SSM, THERE | given)

    assert (access.url, access.host) == (url, host or url.removeprefix("https://"))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"AWS_REGION": ""}, "AWS_REGION is not set"),
        ({"AWS_REGION": "evil.example/"}, "AWS_REGION is not set to a region"),
        ({"AWS_ACCESS_KEY_ID": ""}, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"),
        ({"AWS_SECRET_ACCESS_KEY": ""}, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"),
        ({"AWS_ACCESS_KEY_ID": "AKID\n"}, "holds what no header can"),
        ({"AWS_SESSION_TOKEN": "t\u00f6ken"}, "holds what no header can"),
        ({"AWS_ENDPOINT_URL": "localhost:4566"}, "AWS_ENDPOINT_URL must be"),
        ({"AWS_ENDPOINT_URL_SSM": "http://"}, "AWS_ENDPOINT_URL_SSM must be"),
        ({"AWS_ENDPOINT_URL": "http://u:p@a"}, "AWS_ENDPOINT_URL must be"),
        ({"AWS_ENDPOINT_URL": "http://a/path"}, "AWS_ENDPOINT_URL must be"),
        ({"AWS_ENDPOINT_URL": "http://a?b"}, "AWS_ENDPOINT_URL must be"),
        ({"AWS_ENDPOINT_URL": "http://a:b"}, "AWS_ENDPOINT_URL must be"),
        ({"AWS_ENDPOINT_URL": "http://a:0"}, "AWS_ENDPOINT_URL must be"),
        ({"AWS_ENDPOINT_URL": "http://a:-1"}, "AWS_ENDPOINT_URL must be"),
        ({"AWS_ENDPOINT_URL": "http://a:65536"}, "AWS_ENDPOINT_URL must be"),
        ({"AWS_ENDPOINT_URL": "http://a "}, "AWS_ENDPOINT_URL must be"),
        ({"AWS_ENDPOINT_URL": "http://%61"}, "AWS_ENDPOINT_URL must be"),
        ({"AWS_USE_FIPS_ENDPOINT": "True"}, "AWS_ENDPOINT_URL_SSM has to name"),
    ],
)
def test_what_is_wrong_is_said_without_a_secret(wrong: dict[str, str], told: str) -> None:
    with pytest.raises(NotConfigured, match=told) as raised:
        Access.to(SSM, THERE | wrong)

    assert "secret" not in str(raised.value)


def test_credentials_are_in_no_text() -> None:
    access = Access.to(SSM, THERE | {"AWS_SESSION_TOKEN": "token"})

    assert not [word for word in ("AKID", "secret", "token") if word in f"{access} {access!r} {access.credentials!s}"]
