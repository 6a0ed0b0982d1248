"""The services of AWS that are called. All of them speak AWS's JSON protocol, in one of its two versions."""

from typing import NamedTuple


class Service(NamedTuple):
    """One service."""

    name: str
    """In its host name and in the signature."""
    target: str
    """What the header `X-Amz-Target` has in front of an operation."""
    content_type: str
    endpoint_variable: str
    """The environment variable that may hold another address."""


DYNAMODB = Service("dynamodb", "DynamoDB_20120810", "application/x-amz-json-1.0", "AWS_ENDPOINT_URL_DYNAMODB")
SECRETS_MANAGER = Service(
    "secretsmanager", "secretsmanager", "application/x-amz-json-1.1", "AWS_ENDPOINT_URL_SECRETS_MANAGER"
)
SSM = Service("ssm", "AmazonSSM", "application/x-amz-json-1.1", "AWS_ENDPOINT_URL_SSM")
