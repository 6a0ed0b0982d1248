"""The settings with which the functions are measured, and the ways in which each bundle is run."""

from dataclasses import dataclass

from benchmarks.bundle.answers import KEY
from benchmarks.bundle.builds import BEFORE, OURS, Builds
from benchmarks.bundle.cloud import Cloud

_SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf"  # noqa: S105 - a name


@dataclass(frozen=True)
class Way:
    """A bundle as it is run: with its check of the artifact, or without; only ours has one.

    Attributes:
        bundle: its name.
        checks: whether the check is left in.
    """

    bundle: str
    checks: bool


def ways(builds: Builds) -> list[Way]:
    """Return every way to run what was built."""
    ours = [Way(name, checks=True) for name in (OURS, BEFORE) if name in builds.bundles]
    return [*ours, *(Way(name, checks=False) for name in builds.bundles)]


def environment(cloud: Cloud, size: str, way: Way, *, guarded: bool) -> dict[str, str]:
    """Return the settings of a function whose model host answers with a component of this size.

    Args:
        cloud: what it calls.
        size: of `SIZES`.
        way: whether the check is left out.
        guarded: whether the key is in a secret and requests are counted in a table; otherwise the key is given.
    """
    guard = {
        "GUARD_TABLE": "guard",
        "OPENROUTER_SECRET_ARN": _SECRET,
        "AWS_ENDPOINT_URL": cloud.url,
        "AWS_ENDPOINT_URL_DYNAMODB": cloud.url,
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": cloud.url,
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_SESSION_TOKEN": "a token of no value",
    }
    return {
        "OPENROUTER_BASE_URL": cloud.host(size),
        **(guard if guarded else {"ENABLE_GUARD": "false", "OPENROUTER_K2T_KEY": KEY}),
        **({} if way.checks else {"BENCHMARK_WITHOUT_CHECK": "1"}),
    }
