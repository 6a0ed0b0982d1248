"""What is measured, built as it is deployed: a layer and a function each, with bytecode, for this machine's processor.

The bundle is built by the Makefile of its own checkout; what it is held against from the versions and hashes of
`requirements/bench.txt`. Python's standard library, the runtime client and the AWS library come from one `runtime`
folder, as they do on Lambda.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_HERE = Path(__file__).parent
_LOCK = ROOT / "requirements" / "bench.txt"
_FOLDER = ROOT / ".corpus" / "bundle"
_ARCHITECTURE = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")

OURS, BEFORE, OPENAI, HTTPX, URLLIB = "ours", "before", "openai", "httpx", "urllib"
LABELS = {
    OURS: "ours",
    BEFORE: "ours before",
    OPENAI: "openai SDK",
    HTTPX: "httpx + pydantic + Logger",
    URLLIB: "urllib",
}
_HANDLERS = {
    OPENAI: ("openai_sdk", ("openai",)),
    HTTPX: ("httpx_pydantic", ("httpx", "pydantic", "aws-lambda-powertools")),
    URLLIB: ("bare_urllib", ()),
}
_RUNTIME = ("awslambdaric", "boto3")


@dataclass(frozen=True)
class Bundle:
    """What is deployed as one function.

    Attributes:
        name: its key in the results.
        layer: the folder that becomes the layer's zip; it holds `python/`.
        function: the folder that becomes the function's zip.
        extra_layers: what is attached in some modes only, and never here.
    """

    name: str
    layer: Path
    function: Path
    extra_layers: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Builds:
    """All that was built.

    Attributes:
        python: Lambda's version of Python.
        runtime: the folder that stands for Lambda's `/var/runtime`.
        bundles: by their names.
        empty: a function that does nothing.
    """

    python: str
    runtime: Path
    bundles: dict[str, Bundle]
    empty: Bundle


class BuildError(Exception):
    """Something could not be built; says what make or pip said."""


def build(against: Path | None, progress: Callable[[str], None]) -> Builds:
    """Build everything; what only depends on `requirements/bench.txt` is kept for the next run."""
    python = _run("make", "-s", "-o", ".venv/.ready", "python313").strip()
    progress("building the bundle")
    bundles = {OURS: _checkout(OURS, ROOT, python)}
    if against:
        progress(f"building the bundle of {against}")
        bundles[BEFORE] = _checkout(BEFORE, against.resolve(), python)
    for name, (folder, requirements) in _HANDLERS.items():
        progress(f"building the handler of {LABELS[name]}")
        bundles[name] = _handler(name, folder, requirements, python)
    return Builds(python, _libraries(_RUNTIME, python) / "python", bundles, _handler("empty", "empty", (), python))


def weigh(folder: Path) -> dict[str, int]:
    """Return the compressed bytes of each file of a folder by its path, headers of the zip included."""
    packed = folder.with_suffix(".zip")
    sizes = {}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name not in {"probe.py", "probe.cpython-313.pyc"}:
                name = path.relative_to(folder).as_posix()
                archive.write(path, name)
                # A name is written twice: before the file's data, and in the directory at the end.
                sizes[name] = archive.getinfo(name).compress_size + 30 + 46 + 2 * len(name)
    packed.unlink()
    return sizes


def unzipped(*folders: Path) -> int:
    """Return how many bytes the files of these folders have."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files if not path.name.startswith("probe."))


def _checkout(name: str, checkout: Path, python: str) -> Bundle:
    """Build a checkout's layers and its function for artifacts with its own Makefile."""
    folder = _FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    targets = ["SharedLayer", "GenerateArtifactFunction"]
    if "\nbuild-TokenLayer:" in (checkout / "Makefile").read_text():
        targets.append("TokenLayer")
    for target in targets:
        (folder / target).mkdir(parents=True)
        # The checkout may have no environment: this one's pip is as good.
        _run(
            *("make", "-s", "-C", os.fspath(checkout), f"build-{target}", f"ARTIFACTS_DIR={folder / target}"),
            *(f"ARCH={_ARCHITECTURE}", f"BIN={Path(sys.executable).parent}", f"PYTHON={python}"),
        )
    bundle = Bundle(name, folder / targets[0], folder / targets[1], tuple(folder / target for target in targets[2:]))
    return _with_probe(bundle, python)


def _handler(name: str, folder: str, requirements: tuple[str, ...], python: str) -> Bundle:
    function = _FOLDER / name / "function"
    shutil.rmtree(function, ignore_errors=True)
    function.mkdir(parents=True)
    for source in (_HERE / "handlers" / folder / "app.py", _HERE / "handlers" / "common.py"):
        shutil.copy(source, function)
    return _with_probe(Bundle(name, _libraries(requirements, python), function), python)


def _with_probe(bundle: Bundle, python: str) -> Bundle:
    shutil.copy(_HERE / "probe.py", bundle.function)
    _compile(bundle.function, python)
    return bundle


def _libraries(requirements: tuple[str, ...], python: str) -> Path:
    """Return a folder with `python/`, which has these libraries and what they need."""
    pinned = _pinned(requirements)
    folder = _FOLDER / "libraries" / hashlib.sha256(f"{python}\n{pinned}".encode()).hexdigest()[:16]
    if not (folder / "python").exists():
        shutil.rmtree(folder, ignore_errors=True)
        target = folder / "new"
        target.mkdir(parents=True)
        if pinned:
            (folder / "requirements.txt").write_text(pinned)
            _run(
                *(sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"),
                *("--require-hashes", "-r", os.fspath(folder / "requirements.txt"), "--target", os.fspath(target)),
                *("--no-compile", "--only-binary", ":all:", "--implementation", "cp", "--python-version", "3.13"),
            )
            (folder / "requirements.txt").unlink()
        shutil.rmtree(target / "bin", ignore_errors=True)
        _compile(target, python)
        target.rename(folder / "python")
    return folder


def _pinned(names: tuple[str, ...]) -> str:
    """Return these requirements and what they need in turn, as they stand in the lock file.

    Its `# via` comments say what each package is needed by.
    """
    blocks = {block.partition("==")[0]: block for block in re.split(r"\n(?=[a-z])", _LOCK.read_text("utf-8"))}
    needed_by = {
        name: set(re.findall(r"^    #\s+(?:via )?(\S+)", block, re.MULTILINE)) for name, block in blocks.items()
    }
    wanted = set(names)
    while more := {name for name, parents in needed_by.items() if parents & wanted} - wanted:
        wanted |= more
    return "\n".join(blocks[name] for name in sorted(wanted))


def _compile(folder: Path, python: str) -> None:
    _run(python, "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash", os.fspath(folder))


def _run(*command: str) -> str:
    settings = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        msg = f"{' '.join(command[:4])} …: {done.stderr.strip() or done.stdout.strip()}"
        raise BuildError(msg)
    return done.stdout
