"""What is deployed: layers and functions as `sam build` has make fill them, for this machine's processor."""

import filecmp
import json
import os
import platform
import shutil
import subprocess
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local.build.processor import built_processor
from shared.key_hashes import hash_key
from tests.support.issuer import AUDIENCE, ISSUER, jwks, token
from tests.support.standin import standin

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


def build(folder: Path, target: str) -> None:
    (folder / target).mkdir(parents=True)
    done = make(f"build-{target}", ARTIFACTS_DIR=str(folder / target), ARCH=ARCHITECTURE)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def zipped(python: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built parts, each a folder and beside it the zip file that is uploaded."""
    assert python
    folder = tmp_path_factory.mktemp("built")
    for target in TARGETS:
        build(folder, target)
        shutil.make_archive(str(folder / target), "zip", folder / target)
    return folder


@pytest.fixture(scope="session")
def built(zipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built parts as a deployment leaves them: zipped and unzipped, with other file times."""
    unzipped = tmp_path_factory.mktemp("unzipped")
    for target in TARGETS:
        shutil.unpack_archive(zipped / f"{target}.zip", unzipped / target)
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
    roots = {path for path in files if path.parts[:2] == ("shared", "ca_roots")}
    assert {path for path in files if path.parts[0] == "shared"} - roots == ours
    assert roots, "what the build makes of certifi's bundle"
    assert not [path for path in files if path.name.startswith("test_") or "tests" in path.parts]
    assert list((layer / "shared").rglob("*.pyc"))


def test_the_token_layer_holds_what_checks_a_signature_and_nothing_else(built: Path) -> None:
    layer = built / "TokenLayer" / "python"

    assert packages(layer) == {"cffi", "cryptography", "pycparser"}
    assert list((layer / "cryptography").rglob("*.pyc"))


def test_the_layers_tell_their_processor(built: Path) -> None:
    assert built_processor(built) == ARCHITECTURE


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


@pytest.mark.parametrize("target", ["SharedLayer", "TokenLayer", "ChatCompletionsFunction"])
def test_equal_sources_give_equal_files(zipped: Path, tmp_path: Path, target: str) -> None:
    """Whatever folder is built in: a release is named for the bytes that it consists of."""
    build(tmp_path / "deeper" / "down", target)

    first, second = (files_in(folder / target) for folder in (zipped, tmp_path / "deeper" / "down"))
    assert first == second
    (_, differing, failed) = filecmp.cmpfiles(
        zipped / target, tmp_path / "deeper" / "down" / target, first, shallow=False
    )
    assert (differing, failed) == ([], [])


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# ---- How large a layer is.

CHECKERS = {
    "_quickjs", "html5lib", "markdown_it", "markdown_it_py", "mdurl", "quickjs", "quickjs_ng",
    "shared/artifacts/syntax", "six", "tree_sitter", "tree_sitter_typescript", "webencodings",
}  # fmt: skip
"""What parses artifacts: the parsers, what they depend on, and what of ours hands them an artifact."""
MEGABYTES = 5.7
"""The most that the rest of the shared layer may weigh, zipped: 5.0 when this was written, and some room to grow. What
goes beyond is a new library, or a new part of one that nobody has listed as unused."""


def zipped_sizes(archive: Path) -> Counter[str]:
    """Bytes in a zip file by distribution, its metadata included; `shared` without what parses artifacts."""
    sizes: Counter[str] = Counter()
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            path = entry.filename.removeprefix("python/").removeprefix("__pycache__/")
            first = path.partition("/")[0].partition(".")[0].partition("-")[0]
            name = next((each for each in CHECKERS if "/" in each and path.startswith(each)), first)
            # Beside its content: an entry's header, and its line in the directory at the end.
            sizes[name] += entry.compress_size + 30 + 46 + 2 * len(entry.filename)
    return sizes


def test_the_shared_layer_is_small(zipped: Path) -> None:
    sizes = zipped_sizes(zipped / "SharedLayer.zip")

    assert set(sizes) >= CHECKERS
    assert sum(sizes.values()) == pytest.approx((zipped / "SharedLayer.zip").stat().st_size, rel=0.01)
    rest = {name: size for name, size in sizes.items() if name not in CHECKERS}
    assert sum(rest.values()) < MEGABYTES * 1e6, sorted(rest.items(), key=lambda item: -item[1])[:8]


# ---- Served from the layers alone: what was left out is not missed.

EVENTS = [(path.parent.name, path) for path in sorted((ROOT / "events").rglob("*.json"))]
A_FEW = [each for each in EVENTS if each[1].stem in {"200-react", "200-chat", "200-prompt", "400-not-json"}]
NAMES = {"generate_artifact": FUNCTIONS[0], "generate_artifact_fix": FUNCTIONS[1], "chat_completions": FUNCTIONS[2]}
MODELS = "moonshotai/kimi-k2-thinking,moonshotai/kimi-k2.6,auto"
KEY = "ka_0123456789abcdef0123456789abcdef0123456789a"


@contextmanager
def settings_of(mode: str) -> Iterator[tuple[dict[str, str], str | None]]:
    """The settings for a mode of `AUTH_MODE`, and what a caller then sends as its bearer token."""
    if mode == "key":
        yield {"API_KEYS": json.dumps({"web-shop": hash_key(KEY)})}, KEY
    elif mode == "none":
        yield {"ALLOW_UNAUTHENTICATED": "true"}, None
    elif mode == "jwt":
        with jwks() as issuer:
            yield {"JWT_ISSUER": ISSUER, "JWT_AUDIENCE": AUDIENCE, "JWT_JWKS_URL": issuer.url}, token()
    else:
        yield {}, None


def serve(
    python: str, built: Path, layers: list[str], events: list[tuple[str, Path]], bearer: str | None, **settings: str
) -> dict[str, Any]:
    """Have the built functions serve events, with nothing to import but Python's own library and these layers."""
    asked = []
    for function, path in events:
        event = json.loads(path.read_text("utf-8"))
        if bearer:
            event["headers"]["authorization"] = f"Bearer {bearer}"
        asked.append([str(built / NAMES[function]), event])
    given = {"layers": [str(built / layer / "python") for layer in layers], "events": asked}
    done = subprocess.run(
        [python, "-I", "-S", str(ROOT / "tests" / "support" / "serve_events.py")],
        input=json.dumps(given),
        env={"ENABLE_GUARD": "false", "CHAT_MODELS": MODELS} | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    served: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return served


@pytest.mark.parametrize(("mode", "events"), [("iam", EVENTS), ("key", A_FEW), ("none", A_FEW), ("jwt", A_FEW)])
def test_every_request_is_served_by_the_layers_alone(
    built: Path, python: str, mode: str, events: list[tuple[str, Path]]
) -> None:
    """Each event is answered as its name says, and only the check of tokens loads what checks tokens."""
    layers = LAYERS if mode == "jwt" else LAYERS[:1]
    with standin() as host, settings_of(mode) as (settings, bearer):
        at = {"AUTH_MODE": mode, "OPENROUTER_K2T_KEY": "sk-test", "OPENROUTER_BASE_URL": host.url}
        served = serve(python, built, layers, events, bearer, **at, **settings)

    assert [(path.stem, status) for (_, path), (status, _) in zip(events, served["answers"], strict=True)] == [
        (path.stem, int(path.stem[:3])) for _, path in events
    ]
    outside = [file for file in served["files"].values() if file and "site-packages" in file]
    assert not outside
    assert (mode == "jwt") == bool({"jwt", "cryptography", "_cffi_backend"} & set(served["files"]))


@pytest.mark.parametrize("layers", [LAYERS[:1], LAYERS], ids=["without-tokens", "all"])
def test_every_module_finds_what_it_imports(built: Path, python: str, layers: list[str]) -> None:
    """Those that are imported late, too: walking the whole package imports what any mode does."""
    source = """if True:
        import importlib, pkgutil, sys
        sys.path[:0] = sys.argv[1:]
        import shared
        found = [module.name for module in pkgutil.walk_packages(shared.__path__, "shared.")]
        for name in found:
            if name != "shared.lambda_runtime.__main__":
                importlib.import_module(name)
        print(len(found))
    """
    paths = [str(built / layer / "python") for layer in layers]
    done = subprocess.run(
        [python, "-I", "-S", "-c", source, *paths], env={}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 150
