from pathlib import Path

import pytest

from local.build.errors import BuildError
from local.build.lock_file import only, without

LOCKED = Path(__file__).parents[3] / "requirements" / "runtime.txt"
TEXT = """\
# Made by make lock
cffi==2.1.1 ; platform_python_implementation != 'PyPy' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via cryptography
httpx==0.28.1 \\
    --hash=sha256:cc
    # via kimi-artifacts (pyproject.toml)
httpx-sse==1.0 \\
    --hash=sha256:dd
"""


@pytest.fixture
def lock_file(tmp_path: Path) -> Path:
    path = tmp_path / "runtime.txt"
    path.write_text(TEXT)
    return path


def test_requirements_are_chosen_by_name_with_their_hashes(lock_file: Path) -> None:
    cffi, httpx, sse = (TEXT[TEXT.index(f"{name}==") :] for name in ("cffi", "httpx", "httpx-sse"))

    assert only(lock_file, ["cffi"]) == cffi.removesuffix(httpx)
    assert only(lock_file, ["httpx"]) == httpx.removesuffix(sse)
    assert without(lock_file, ["cffi", "httpx-sse"]) == httpx.removesuffix(sse)


def test_the_layers_share_all_that_is_locked() -> None:
    names = ["cffi", "cryptography", "pycparser"]

    tokens, rest = only(LOCKED, names).splitlines(), without(LOCKED, names).splitlines()
    locked = [line for line in LOCKED.read_text().splitlines() if not line.startswith("#")]
    assert sorted(tokens + rest) == sorted(locked)
    assert sum("==" in line for line in tokens) == 3


def test_a_name_that_is_not_locked_stops_the_build(lock_file: Path) -> None:
    """A library that is no longer needed must not leave an empty layer behind."""
    for choose in (only, without):
        with pytest.raises(BuildError, match=r"runtime\.txt does not lock cryptography, pycparser,"):
            choose(lock_file, ["cffi", "pycparser", "cryptography"])
