"""Lends the functions' code the AWS credentials of the person at this machine, to read a secret or a parameter."""

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING

from local.aws_region import region
from shared.errors import ServiceMisconfigured

if TYPE_CHECKING:
    from shared.settings import Settings


class CredentialsError(ServiceMisconfigured):
    """The credentials that are configured at this machine cannot be used; says why."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__()


def lend_credentials(settings: "Settings", environment: MutableMapping[str, str]) -> None:
    """Put credentials and region into the environment, if these settings name a secret or a parameter.

    That is where Lambda puts them, and the only place where the functions' code looks.

    Raises:
        CredentialsError: the library cannot use what it finds.
    """
    if asks_aws({name.upper(): str(value or "") for name, value in settings}):
        environment.update(found_credentials())


def asks_aws(settings: Mapping[str, str]) -> bool:
    """Return whether these settings, by their names in the environment, name a secret or a parameter."""
    return any(value for name, value in settings.items() if name.endswith("_SECRET_ARN") or name == "CATALOG_PARAMETER")


def found_credentials() -> dict[str, str]:
    """Return the variables with what AWS's own library finds: in a profile, after single sign-on, in the environment.

    Raises:
        CredentialsError: the library cannot use it.
    """
    import boto3  # type: ignore[import-untyped] # noqa: PLC0415 - without a secret or a parameter nobody waits for it
    from botocore.exceptions import BotoCoreError  # type: ignore[import-untyped] # noqa: PLC0415

    try:
        session = boto3.Session(region_name=region())
        found = session.get_credentials()
        keys = found.get_frozen_credentials() if found else None
    except (BotoCoreError, OSError) as error:  # the latter where a profile names a program that is not there
        msg = f"the AWS credentials cannot be used: {error}"
        raise CredentialsError(msg) from None
    variables = {"AWS_REGION": session.region_name} if session.region_name else {}
    if keys:
        variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"] = keys.access_key, keys.secret_key
        variables["AWS_SESSION_TOKEN"] = keys.token or ""
    return variables
