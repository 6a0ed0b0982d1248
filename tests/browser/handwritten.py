"""The artifacts by hand in `artifacts/`, and what has to be visible of each when it is rendered and used."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from shared.artifacts.kinds import Kind

FOLDER: Final = Path(__file__).parent / "artifacts"
PACKAGES: Final = "packages"
"""The folder of components that use one package each."""
_TABLE: Final = "expected.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """What a frame has to show."""

    shows: Sequence[str] = ()
    """Parts of its visible text, each run of white space as one blank."""
    hides: Sequence[str] = ()
    """Texts that it must not show."""
    sizes: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """The smallest width and height, in pixels, of the first element that a selector finds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Visible):
    """One thing that a user does, and what has to be visible then; elements are named by selectors."""

    click: str = ""
    menu: str = ""
    """What is clicked with the right button."""
    hover: str = ""
    type: str = ""
    """Text that is written where the cursor is."""
    press: str = ""
    """A key by its name."""
    drag: str = ""
    onto: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handwritten(Visible):
    """An artifact, and what has to be visible as soon as it is rendered."""

    file: str
    kind: Kind
    code: str
    title: str
    language: str | None = None
    steps: Sequence[Step] = ()
    console: str = ""
    """Why there are errors on the console, though nothing is wrong."""


def handwritten() -> Iterator[Handwritten]:
    """All artifacts by hand, in the order of their files' names."""
    for folder in sorted(path.parent for path in FOLDER.glob(f"*/{_TABLE}")):
        table: dict[str, dict[str, Any]] = tomllib.loads((folder / _TABLE).read_text("utf-8"))
        files = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name != _TABLE)
        assert files == sorted(table), f"{folder.name}/{_TABLE} is not a table of the files beside it"
        for name in files:
            yield _read(folder / name, table[name])


def _read(path: Path, entry: dict[str, Any]) -> Handwritten:
    folder = path.parent.name
    return Handwritten(
        file=f"{folder}/{path.name}",
        kind=Kind.REACT if folder == PACKAGES else Kind(folder),
        code=path.read_text("utf-8").rstrip("\n"),
        **(entry | {"steps": [Step(**step) for step in entry.get("steps", ())]}),
    )
