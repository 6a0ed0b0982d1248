"""The id of a release: what is built and with which parameters, so that each change is published as a new version.

SAM by itself publishes a version for changed code of a function only, not for a changed layer, parameter or property.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

NAME = "ReleaseId"
"""The template's parameter. It ends each function's description as well: Lambda publishes no version of a function
that nothing has changed in, and CloudFormation would fail there."""
_AT_THE_END = re.compile(r"\b[0-9a-f]{64}$")
_MOST_REPEATS = 100


def release_id(build: Path, parameters: Mapping[str, str]) -> str:
    """Return the SHA-256 of the built folder's files and of all parameters but the id itself, as 64 hex digits.

    Bytecode is left out: it follows from the source beside it, and is not the same in each build.
    """
    digest = hashlib.sha256()
    for path in sorted(_files(build)):
        name, content = path.relative_to(build).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(json.dumps([name, content]).encode())
    others = {name: value for name, value in parameters.items() if name != NAME}
    digest.update(json.dumps(others, sort_keys=True).encode())
    return digest.hexdigest()


def next_release(built: str, deployed: str, *, moved: bool) -> str:
    """Return the id to deploy: of what is built, or a new one if that is deployed, but the alias was moved off it.

    CloudFormation changes nothing for an id that it has deployed, so a rollback would stay for ever.

    Args:
        built: the id of what is built.
        deployed: the one that was deployed last; empty if there was none.
        moved: whether a function's alias stands at another release.
    """
    same = built
    for _ in range(_MOST_REPEATS):
        if same == deployed:
            return _repeat(same) if moved else same
        same = _repeat(same)
    return built


def release_of(description: str) -> str:
    """Return the release that a function's description names; empty if it names none."""
    found = _AT_THE_END.search(description)
    return found[0] if found else ""


def _repeat(release: str) -> str:
    return hashlib.sha256(f"{release} again".encode()).hexdigest()


def _files(build: Path) -> Iterator[Path]:
    return (path for path in build.rglob("*") if path.is_file() and path.suffix != ".pyc")
