"""What is deployed: the layer and the functions as `sam build` has make fill them, for this machine's processor."""

import os
import platform
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = ["SharedLayer", "TokenLayer"]
FUNCTIONS = ["GenerateArtifactFunction", "GenerateArtifactFixFunction", "ChatCompletionsFunction"]
TARGETS = [*LAYERS, *FUNCTIONS]
ARCHITECTURE = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")} | environment
    return subprocess.run(
        ["make", "-s", *arguments], cwd=ROOT, env=settings, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="session")
def python() -> str:
    """The interpreter of the functions' runtime, without which nothing is built."""
    found = make("python313")
    if found.returncode:
        pytest.skip("there is no Python 3.13 here, which building needs")
    return found.stdout.strip()


@pytest.fixture(scope="session")
def built(python: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built parts as a deployment leaves them: zipped and unzipped, with other file times."""
    assert python
    folder, unzipped = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("unzipped")
    for target in TARGETS:
        (folder / target).mkdir()
        done = make(f"build-{target}", ARTIFACTS_DIR=str(folder / target), ARCH=ARCHITECTURE)
        assert done.returncode == 0, done.stderr
        shutil.unpack_archive(shutil.make_archive(str(folder / target), "zip", folder / target), unzipped / target)
    later = time.time() + 86_400
    for path in unzipped.rglob("*"):
        os.utime(path, (later, later))
    return unzipped


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_is_compiled_at_import(built: Path, python: str, function: str) -> None:
    """/var/task cannot be written, so what has to be compiled is compiled at every cold start."""
    environment = {"PYTHONPATH": str(built / "SharedLayer" / "python"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [python, "-v", "-c", "import app"],
        cwd=built / function,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    ours = [line for line in done.stderr.splitlines() if str(built) in line]
    assert [line for line in ours if " matches " in line]
    assert not [line for line in ours if line.startswith("# code object from") and line.endswith(".py'")]


def packages(layer: Path) -> set[str]:
    return {path.name for path in layer.iterdir() if not path.name.endswith((".dist-info", ".so"))}


def test_the_shared_layer_holds_what_runs_and_nothing_else(built: Path) -> None:
    layer = built / "SharedLayer" / "python"
    files = {path.relative_to(layer) for path in layer.rglob("*.*") if "__pycache__" not in path.parts}
    ours = {path.relative_to(ROOT) for path in (ROOT / "shared").rglob("*.*") if "__pycache__" not in path.parts}

    assert packages(layer) == {
        "__pycache__", "annotated_types", "aws_lambda_powertools", "certifi", "h11", "html5lib", "httpcore", "httpx",
        "idna", "jmespath", "jwt", "markdown_it", "mdurl", "pydantic", "pydantic_core", "quickjs", "shared", "six.py",
        "tree_sitter", "tree_sitter_typescript", "typing_extensions.py", "typing_inspection", "webencodings",
    }  # fmt: skip
    assert {path for path in files if path.parts[0] == "shared"} == ours
    assert list((layer / "shared").rglob("*.pyc"))


def test_the_token_layer_holds_what_checks_a_signature_and_nothing_else(built: Path) -> None:
    layer = built / "TokenLayer" / "python"

    assert packages(layer) == {"cffi", "cryptography", "pycparser"}
    assert list((layer / "cryptography").rglob("*.pyc"))


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_keeps_names_versions_and_licences(built: Path, layer: str) -> None:
    """Scanners for vulnerabilities read the first two, and the third has to go along with the code."""
    distributions = list((built / layer / "python").glob("*.dist-info"))

    assert len(distributions) > 2
    for distribution in distributions:
        assert (distribution / "METADATA").is_file()
        assert [path for path in distribution.rglob("*") if "LICENSE" in path.name.upper()], distribution.name


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_one_file(built: Path, function: str) -> None:
    files = {path.relative_to(built / function).as_posix() for path in (built / function).rglob("*.*")}

    assert files == {"app.py", "__pycache__/app.cpython-313.pyc"}
