"""Whether the account has the concurrency that is to be reserved: if not, AWS fails when much else is deployed."""

from pathlib import Path

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from local.deploy.aws import Aws, explained
from local.sam_template import read_tree

_LEFT = 100
_LEFT_OF_A_SMALL_ACCOUNT = 10
"""New accounts often have 10 in all, which have to stay unreserved; AWS says so when it refuses."""


def functions_of(template: Path) -> int:
    """Return how many functions a template has, each of which reserves its own."""
    resources = read_tree(template).get("Resources")
    kinds = (
        [each.get("Type") for each in resources.values() if isinstance(each, dict)]
        if isinstance(resources, dict)
        else []
    )
    return kinds.count("AWS::Serverless::Function")


def problem(aws: Aws, asked: str, functions: int, own: int) -> str | None:
    """Return why this cannot be reserved, or None: also where the credentials may not ask.

    Args:
        aws: the account and region.
        functions: how many reserve it.
        asked: what each function is to reserve; empty for nothing.
        own: what the functions of this stack have reserved already.
    """
    if not int(asked or 0):
        return None
    with explained():
        try:
            limits = aws.client("lambda").get_account_settings()["AccountLimit"]
        except ClientError:
            return None
    limit, free = limits["ConcurrentExecutions"], limits["UnreservedConcurrentExecutions"] + own
    left = _LEFT if limit > _LEFT else _LEFT_OF_A_SMALL_ACCOUNT
    most = max(0, (free - left) // functions)
    if int(asked) <= most:
        return None
    instead = f"Say {most} at most" if most else "Leave it empty"
    return (
        f"ReservedConcurrency cannot be {asked} for each of {functions} functions: of the account's {limit} in"
        f" {aws.region}, {free} are unreserved, and AWS keeps {left} of them. {instead}, or ask for more"
        " (Service Quotas, AWS Lambda, Concurrent executions)."
    )
