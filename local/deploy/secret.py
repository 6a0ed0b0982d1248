"""The secret that holds the API key of OpenRouter, made where there is none; and whether another one can be read."""

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from local.deploy.aws import Aws, code_of, explained
from local.deploy.errors import RefusedError

_SHORTEST = 8
_ABOUT = "API key of OpenRouter, for the stack {}."
_DELETED = (
    "The secret {name} is scheduled for deletion, and its name is taken until then: `aws secretsmanager restore-secret"
    " --secret-id {name} --region {region}` brings it back; or name another secret, as OpenrouterSecretArn=arn:…"
)


def key_problem(key: str) -> str | None:
    """Return why a text cannot be an API key, without quoting it, or None."""
    if len(key) < _SHORTEST or not key.isascii() or not key.isprintable() or set(key) & set(" \"'"):
        return "That is no API key, which is one line of printable ASCII without blanks and quotes."
    return None


def name_for(stack: str) -> str:
    """Return the name of the secret of a stack."""
    return f"{stack}/openrouter"


def find(aws: Aws, name: str) -> str | None:
    """Return the ARN of the secret of this name, or None.

    Raises:
        RefusedError: it is being deleted, and no other can have its name until then.
    """
    with explained():
        try:
            found = aws.client("secretsmanager").describe_secret(SecretId=name)
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise
    if found.get("DeletedDate"):
        raise RefusedError([_DELETED.format(name=name, region=aws.region)])
    return str(found["ARN"])


def arn_problem(aws: Aws, parameter: str, arn: str) -> str | None:
    """Return why the functions could not read the secret that a parameter names, or None.

    They ask in their own region, and may read what is exactly the ARN. Where these credentials may not look, as at a
    secret of another account, nothing is said.
    """
    region = arn.split(":")[3]
    if region != aws.region:
        return (
            f"{parameter} names a secret in {region}, and the functions in {aws.region} ask there: make it there too."
        )
    with explained():
        try:
            found = aws.client("secretsmanager").describe_secret(SecretId=arn)
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return f"{parameter} names a secret that does not exist: {arn}."
            return None
    if found.get("DeletedDate"):
        return f"{parameter} names a secret that is scheduled for deletion: {arn}."
    whole = str(found["ARN"])
    if whole != arn and whole.startswith(arn):
        return f"{parameter} must be the whole ARN, as the functions may read nothing else: {whole}."
    return None


def create(aws: Aws, stack: str, key: str) -> str:
    """Make the secret and return its ARN."""
    with explained():
        made = aws.client("secretsmanager").create_secret(
            Name=name_for(stack), SecretString=key, Description=_ABOUT.format(stack)
        )
    return str(made["ARN"])


def replace(aws: Aws, arn: str, key: str) -> None:
    """Put another key into the secret; the functions read it within ten minutes."""
    with explained():
        aws.client("secretsmanager").put_secret_value(SecretId=arn, SecretString=key)
