"""The AWS account and region that is deployed to; what AWS's library refuses is said in one sentence."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore import exceptions as refused  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]

from local.aws_region import region as set_region
from local.deploy.errors import DeployError

_SIGN_IN = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws configure` or `aws sso login`"
_EXPIRED = "The AWS credentials have expired: sign in again (`aws sso login`, or new temporary credentials)."
_INVALID = f"AWS does not know these credentials: {_SIGN_IN}."
_BY_CLASS = (
    (refused.NoCredentialsError, f"There are no AWS credentials: {_SIGN_IN}."),
    (refused.PartialCredentialsError, f"The AWS credentials are incomplete: {_SIGN_IN}."),
    (refused.NoRegionError, "No AWS region is set: add --region eu-central-1, for example, or set AWS_REGION."),
    (refused.InvalidRegionError, "The region's name is not one that AWS could have: say one such as eu-central-1."),
    (
        refused.ProfileNotFound,
        "AWS_PROFILE names a profile that does not exist: `aws configure list-profiles` lists them.",
    ),
    (refused.SSOError, _EXPIRED),
    (refused.TokenRetrievalError, _EXPIRED),
)
_BY_CODE = {
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "RequestExpired": "AWS finds the request too old: set this machine's clock.",
    "InvalidClientTokenId": _INVALID,
    "UnrecognizedClientException": _INVALID,
    "SignatureDoesNotMatch": "AWS refuses the signature: AWS_SECRET_ACCESS_KEY is not the one of AWS_ACCESS_KEY_ID.",
}
_NOT_ALLOWED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}


class Aws:
    """The account of the credentials that are set, in one region.

    Args:
        region: None takes the one that the environment or the profile sets, if either does.
    """

    def __init__(self, region: str | None = None) -> None:
        # It tells at INFO where it found the credentials, to whatever listens there.
        logging.getLogger("botocore").setLevel(logging.WARNING)
        with explained():
            self._session = boto3.Session(region_name=region or set_region())
        self.region: str | None = self._session.region_name
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 has no types
        """Return the client of a service."""
        if service not in self._clients:
            with explained():
                config = Config(retries={"mode": "standard", "max_attempts": 5})
                self._clients[service] = self._session.client(service, config=config)
        return self._clients[service]

    def regions(self) -> list[str]:
        """Return the regions that AWS Lambda is in, of all partitions."""
        partitions = self._session.get_available_partitions()
        return [each for name in partitions for each in self._session.get_available_regions("lambda", name)]

    def account(self) -> str:
        """Return the account's number, which shows that the credentials are good."""
        with explained():
            return str(self.client("sts").get_caller_identity()["Account"])


def code_of(error: refused.ClientError) -> str:
    """Return AWS's own code of what it refused."""
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def explained() -> Iterator[None]:
    """Turn what AWS's library raises into a DeployError of one sentence."""
    try:
        yield
    except (refused.BotoCoreError, refused.ClientError, OSError, ValueError) as error:
        # The last two are a profile's program for credentials, which is not there or says something else.
        raise DeployError(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    for kind, sentence in _BY_CLASS:
        if isinstance(error, kind):
            return sentence
    if isinstance(error, refused.EndpointConnectionError):
        return f"{error} Look at the network, at the region and at AWS_ENDPOINT_URL."
    if isinstance(error, refused.ClientError):
        code, message = code_of(error), error.response.get("Error", {}).get("Message", "")
        if code in _BY_CODE:
            return _BY_CODE[code]
        if code in _NOT_ALLOWED:
            return f"These credentials may not call {error.operation_name}: {message}"
        return f"AWS refused {error.operation_name} ({code}): {message}"
    return f"AWS could not be asked: {error}"
