"""The libraries of artifacts, for tests that render with them."""

import pytest

from local.emulator.libraries import Libraries


def skip_without_libraries() -> None:
    """Skip a test where not every file of the renderer's list is on this machine."""
    if not Libraries().are_installed():
        pytest.skip("the libraries of artifacts are not installed: make workbench-offline")
