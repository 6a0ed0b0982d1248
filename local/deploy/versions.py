"""The published versions of a function, and the alias that its URL calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from local.deploy.aws import Aws, code_of, explained
from local.deploy.release_id import release_of

ALIAS = "live"
KEPT = 5
"""Versions of each function that are kept, so that there is something to roll back to."""


@dataclass(frozen=True)
class Alias:
    """What the alias stands at.

    Attributes:
        shifting: the share of requests that go to other versions meanwhile, by version; empty unless a shift runs.
        revision: changes with the alias, so that two who move it at once do not overwrite each other.
    """

    version: int
    shifting: Mapping[str, float]
    revision: str


@dataclass(frozen=True)
class Configuration:
    """What a version was published with.

    Attributes:
        qualifier: its number, or `$LATEST` for what was deployed last.
        code: a hash of the function's own code.
        release: the release that it belongs to; empty before there were any.
    """

    qualifier: str
    environment: Mapping[str, str]
    code: str
    layers: tuple[str, ...]
    release: str
    modified: str


class Function:
    """A deployed function."""

    def __init__(self, aws: Aws, logical_id: str, name: str) -> None:
        self._lambda = aws.client("lambda")
        self.id = logical_id
        self.name = name

    def alias(self) -> Alias | None:
        """Return what the alias stands at; None if there is none."""
        with explained():
            try:
                found = self._lambda.get_alias(FunctionName=self.name, Name=ALIAS)
            except ClientError as error:
                if code_of(error) == "ResourceNotFoundException":
                    return None
                raise
        weights = (found.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
        return Alias(int(found["FunctionVersion"]), weights, found.get("RevisionId", ""))

    def versions(self) -> list[int]:
        """Return the published versions that exist, the oldest first."""
        with explained():
            pages = self._lambda.get_paginator("list_versions_by_function").paginate(FunctionName=self.name)
            found = [each["Version"] for page in pages for each in page["Versions"]]
        return sorted(int(version) for version in found if version != "$LATEST")

    def configuration(self, qualifier: str = "$LATEST") -> Configuration:
        """Return what a version was published with; by default what was deployed last."""
        with explained():
            found = self._lambda.get_function_configuration(FunctionName=self.name, Qualifier=qualifier)
        return Configuration(
            qualifier,
            found.get("Environment", {}).get("Variables", {}),
            found.get("CodeSha256", ""),
            tuple(layer["Arn"] for layer in found.get("Layers", [])),
            release_of(found.get("Description", "")),
            found.get("LastModified", ""),
        )

    def url(self) -> Mapping[str, Any]:
        """Return how the alias's URL is set: `AuthType` and `InvokeMode`."""
        with explained():
            found: Mapping[str, Any] = self._lambda.get_function_url_config(FunctionName=self.name, Qualifier=ALIAS)
        return found

    def reserved_concurrency(self) -> int:
        """Return how much of the account's concurrency is kept for this function."""
        with explained():
            found = self._lambda.get_function_concurrency(FunctionName=self.name)
        return int(found.get("ReservedConcurrentExecutions", 0))

    def move(self, alias: Alias, version: int) -> None:
        """Let the alias stand at another version; DeployError if somebody else has moved it meanwhile."""
        revision = {"RevisionId": alias.revision} if alias.revision else {}
        with explained():
            self._lambda.update_alias(FunctionName=self.name, Name=ALIAS, FunctionVersion=str(version), **revision)

    def prune(self) -> int:
        """Delete all versions but the newest and those that an alias stands at or shifts to; return how many."""
        with explained():
            pages = self._lambda.get_paginator("list_aliases").paginate(FunctionName=self.name)
            aliases = [each for page in pages for each in page["Aliases"]]
        used = {str(each["FunctionVersion"]) for each in aliases}
        used |= {
            version
            for each in aliases
            for version in (each.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
        }
        old = [version for version in self.versions()[:-KEPT] if str(version) not in used]
        for version in old:
            with explained():
                self._lambda.delete_function(FunctionName=self.name, Qualifier=str(version))
        return len(old)


def functions_at(aws: Aws, names: Mapping[str, str]) -> list[Function]:
    """Return the functions with these names by their logical ids."""
    return [Function(aws, logical_id, name) for logical_id, name in names.items()]
