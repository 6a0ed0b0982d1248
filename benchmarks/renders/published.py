"""Artifacts as people publish them: icons, pages, documents, diagrams and code in the installed packages."""

import json
import random
import re
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from benchmarks.renders.artifact import Artifact
from shared.artifacts.kinds import Kind

_LARGEST = 30_000
"""Bytes: larger files would take most of the time of a run."""
_ICONS = ("feather-icons/dist/icons", "simple-icons/icons", "flag-icons/flags/4x3", "@primer/octicons/build/svg",
          "@fortawesome/fontawesome-free/svgs")  # fmt: skip
_COMPONENTS = ("@heroicons/react/24/outline/esm", "@heroicons/react/20/solid/esm")
_LANGUAGES = {".js": "javascript", ".mjs": "javascript", ".ts": "typescript", ".tsx": "tsx", ".json": "json"}
_FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_IMPORT = re.compile(r"""^(?:import|export)\b[^'"\n]*?(?:from )?['"]([^'"]+)['"]""", re.MULTILINE)
_OUTSIDE = re.compile(r"""<(?:script|iframe)\b[^>]*\bsrc\s*=""", re.IGNORECASE)
_EXAMPLES = """
import(process.argv[1]).then(({ diagramData }) =>
  console.log(JSON.stringify(diagramData.flatMap(({ id, examples }) => examples.map(({ code }) => [id, code])))));
"""


def published(kind: Kind, wanted: int, seed: int, home: Path) -> list[Artifact]:
    """Return so many artifacts of this kind, or all that there are, chosen by a seed."""
    found = list({each.code: each for each in _FINDERS[kind](home / "node_modules")}.values())
    chance = random.Random(f"{seed} {kind}")  # noqa: S311 -- it is to be repeatable
    return chance.sample(found, min(wanted, len(found)))


def _components(modules: Path) -> Iterator[Artifact]:
    """Give components that import nothing but what there is, and have a default export."""
    available = json.loads((modules.parent / "importmap.json").read_text("utf-8"))
    for folder in _COMPONENTS:
        for path in sorted((modules / folder).glob("*Icon.js")):
            yield Artifact(_name(Kind.REACT, path, modules), Kind.REACT, _read(path))
    for path in _files(modules, "*.md"):
        for number, (language, code) in enumerate(_FENCE.findall(_read(path))):
            imported = _IMPORT.findall(code)
            if language in {"jsx", "tsx"} and "export default" in code and imported and set(imported) <= set(available):
                yield Artifact(f"{_name(Kind.REACT, path, modules)}:{number}", Kind.REACT, code)


def _pages(modules: Path) -> Iterator[Artifact]:
    """Give pages that load no scripts or pages of other files: those would not be there."""
    for path in _files(modules, "*.html"):
        code = _read(path)
        if "<body" in code and not _OUTSIDE.search(code):
            yield Artifact(_name(Kind.HTML, path, modules), Kind.HTML, code)


def _icons(modules: Path) -> Iterator[Artifact]:
    for folder in _ICONS:
        for path in _files(modules / folder, "*.svg"):
            yield Artifact(_name(Kind.SVG, path, modules), Kind.SVG, _read(path))


def _diagrams(modules: Path) -> Iterator[Artifact]:
    module = next((modules / "@mermaid-js/examples/dist").glob("*.core.mjs"))
    done = subprocess.run(  # noqa: S603 -- the package's own examples
        ["node", "-e", _EXAMPLES, str(module)], stdout=subprocess.PIPE, text=True, check=True, encoding="utf-8"  # noqa: S607
    )  # fmt: skip
    for number, (name, code) in enumerate(json.loads(done.stdout)):
        yield Artifact(f"mermaid/@mermaid-js/examples/{name}/{number}", Kind.MERMAID, code)
    for path in _files(modules, "*.md"):
        for number, (language, code) in enumerate(_FENCE.findall(_read(path))):
            if language == "mermaid":
                yield Artifact(f"{_name(Kind.MERMAID, path, modules)}:{number}", Kind.MERMAID, code)


def _documents(modules: Path) -> Iterator[Artifact]:
    for path in _files(modules, "*.md"):
        yield Artifact(_name(Kind.MARKDOWN, path, modules), Kind.MARKDOWN, _read(path))


def _programs(modules: Path) -> Iterator[Artifact]:
    """Give a few files of each package and language, so that no package outweighs the others."""
    chance = random.Random(0)  # noqa: S311 -- the same files for every seed, which chooses of them
    for package in sorted(modules.glob("*")) + sorted(modules.glob("@*/*")):
        for ending, language in _LANGUAGES.items():
            paths = list(_files(package, f"*{ending}"))
            for path in chance.sample(paths, min(2, len(paths))):
                yield Artifact(_name(Kind.CODE, path, modules), Kind.CODE, _read(path), language)
    library = Path(sysconfig.get_path("stdlib"))
    for path in sorted(library.glob("*.py")) + sorted(library.glob("[a-k]*/*.py")):
        if path.stat().st_size < _LARGEST:
            yield Artifact(f"code/python/{path.relative_to(library)}", Kind.CODE, _read(path), "python")


_FINDERS = {
    Kind.REACT: _components,
    Kind.HTML: _pages,
    Kind.SVG: _icons,
    Kind.MERMAID: _diagrams,
    Kind.MARKDOWN: _documents,
    Kind.CODE: _programs,
}


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob(pattern)) if path.is_file() and 0 < path.stat().st_size < _LARGEST)


def _name(kind: Kind, path: Path, modules: Path) -> str:
    return f"{kind}/{path.relative_to(modules)}"


def _read(path: Path) -> str:
    return path.read_text("utf-8", "replace").replace("\r\n", "\n")
