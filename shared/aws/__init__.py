"""Calls of AWS's own APIs: signed JSON over the HTTP client that model hosts are called with, without AWS's SDK.

Decision 18 says why. What is here knows no table, no secret and no parameter.
"""

from shared.aws.client import Api, AwsClient
from shared.aws.errors import AwsError, ErrorAnswer, NoAnswer, NotConfigured
from shared.aws.read import read
from shared.aws.service import DYNAMODB, SECRETS_MANAGER, SSM

__all__ = [
    "DYNAMODB",
    "SECRETS_MANAGER",
    "SSM",
    "Api",
    "AwsClient",
    "AwsError",
    "ErrorAnswer",
    "NoAnswer",
    "NotConfigured",
    "read",
]
