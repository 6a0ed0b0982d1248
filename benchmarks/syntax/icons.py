"""`python -m benchmarks.syntax.icons`: how many published icons the check of drawings accepts; each should be.

The packages of `icons.json` are fetched once with `npm pack`, and kept in the folder of `--corpus`.
"""

import argparse
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shared.artifacts.syntax import svg
from shared.artifacts.syntax.problem import Source

_PACKAGES = Path(__file__).with_name("icons.json")


@dataclass
class Figures:
    """What came of one package."""

    package: str
    """Its name and version."""
    icons: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    """The first problem of each icon that was refused, by its file."""

    def text(self) -> str:
        """A line for the package, and one for each refusal."""
        accepted = self.icons - len(self.refused)
        lines = [f"{self.package}: {accepted} of {self.icons} icons accepted"]
        return "\n".join([*lines, *(f"  {name}: {problem}" for name, problem in self.refused.items())])


def report(corpus: Path) -> list[Figures]:
    """Check every icon of every package, fetching into this folder what it does not hold."""
    return [_figures(package, folder, corpus) for package, folder in json.loads(_PACKAGES.read_text()).items()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; 0 whatever is found, because this measures and does not test."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.syntax.icons", description="Check published icons.")
    parser.add_argument("--corpus", type=Path, default=Path(".corpus"), help="folder of what is fetched (.corpus)")
    for figures in report(parser.parse_args(arguments).corpus):
        print(figures.text())
    return 0


def _figures(package: str, folder: str, corpus: Path) -> Figures:
    figures = Figures(package)
    for name, code in _icons(_fetched(package, corpus), f"package/{folder}/"):
        figures.icons += 1
        found = svg.problems(Source(code))
        if found:
            figures.refused[name] = f"{found[0].line}:{found[0].column} {found[0].message}"
    return figures


def _fetched(package: str, corpus: Path) -> Path:
    name, _, version = package.rpartition("@")
    archive = corpus / f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"
    if not archive.exists():
        corpus.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", package], cwd=corpus, check=True, stdout=sys.stderr)  # noqa: S603, S607
    return archive


def _icons(archive: Path, under: str) -> Iterator[tuple[str, str]]:
    with tarfile.open(archive) as files:
        for member in files:
            content = files.extractfile(member) if member.name.endswith(".svg") else None
            if content and member.name.startswith(under):
                yield member.name.removeprefix(under), content.read().decode()


if __name__ == "__main__":
    sys.exit(main())
