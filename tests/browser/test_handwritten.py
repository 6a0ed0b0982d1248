"""The artifacts by hand pass our own check, and there is one for each package that a component may import."""

import re

import pytest

from shared.artifacts.allowed_imports import AllowedImports, package_of
from shared.artifacts.kinds import Kind
from shared.artifacts.syntax import find
from tests.browser.handwritten import PACKAGES, Handwritten, handwritten

ARTIFACTS = list(handwritten())
ALLOWED = AllowedImports.default()
_SPECIFIER = re.compile(r"""^\s*(?:import|\}) .*?["']([^"']+)["'];$""", re.MULTILINE)


def test_there_are_artifacts_of_every_kind() -> None:
    varied = [each for each in ARTIFACTS if not each.file.startswith(f"{PACKAGES}/")]

    assert {each.kind for each in varied} == set(Kind)
    assert len(varied) >= 45


@pytest.mark.parametrize("artifact", ARTIFACTS, ids=lambda artifact: artifact.file)
def test_the_check_has_nothing_to_say(artifact: Handwritten) -> None:
    verdict = find(artifact.code, artifact.kind, artifact.language, ALLOWED)

    assert verdict.problems == ()
    assert verdict.warnings == ()


@pytest.mark.parametrize("artifact", ARTIFACTS, ids=lambda artifact: artifact.file)
def test_something_is_expected_of_each(artifact: Handwritten) -> None:
    assert artifact.title
    assert artifact.shows or artifact.sizes


def test_every_allowed_package_is_used() -> None:
    used = {
        package_of(specifier)
        for artifact in ARTIFACTS
        if artifact.file.startswith(f"{PACKAGES}/")
        for specifier in _SPECIFIER.findall(artifact.code)
    }

    assert used == set(ALLOWED.names)
