"""Lends the functions' code the AWS credentials of the person at this machine, to read a secret or a parameter."""

from collections.abc import MutableMapping

from shared.errors import ServiceMisconfigured
from shared.settings import Settings


class CredentialsError(ServiceMisconfigured):
    """The credentials that are configured at this machine cannot be used; says why."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__()


def lend_credentials(settings: Settings, environment: MutableMapping[str, str]) -> None:
    """Put credentials and region into the environment, if these settings name a secret or a parameter.

    That is where Lambda puts them, and the only place where the functions' code looks. AWS's own library finds them in
    a profile, after single sign-on, or in the environment itself.

    Raises:
        CredentialsError: the library cannot use what it finds.
    """
    secrets = [value for name, value in settings if name.endswith("_secret_arn")]
    if not any((settings.catalog_parameter, *secrets)):
        return
    import boto3  # type: ignore[import-untyped] # noqa: PLC0415 - without a secret or a parameter nobody waits for it
    from botocore.exceptions import BotoCoreError  # type: ignore[import-untyped] # noqa: PLC0415

    try:
        session = boto3.Session()
        found = session.get_credentials()
        keys = found.get_frozen_credentials() if found else None
    except (BotoCoreError, OSError) as error:  # the latter where a profile names a program that is not there
        msg = f"the AWS credentials cannot be used: {error}"
        raise CredentialsError(msg) from None
    if session.region_name:
        environment.setdefault("AWS_REGION", session.region_name)
    if keys:
        environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"] = keys.access_key, keys.secret_key
        environment["AWS_SESSION_TOKEN"] = keys.token or ""
