"""A built tree, as far as what deploys it looks at it: made in a moment, without installing anything."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
_MACHINES = {"arm64": 183, "x86_64": 62}


def built_template(folder: Path, processor: str) -> Path:
    """Fill a folder with the shared package, the functions and a library for a processor; return the template in it."""
    layer = folder / "SharedLayer" / "python"
    shutil.copytree(ROOT / "shared", layer / "shared", ignore=shutil.ignore_patterns("__pycache__"))
    (layer / "library.so").write_bytes(b"\x7fELF".ljust(18, b"\0") + _MACHINES[processor].to_bytes(2, "little"))
    for each in (ROOT / "functions").iterdir():
        shutil.copytree(each, folder / each.name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("template.yaml", "observability.yaml"):
        shutil.copy(ROOT / name, folder / name)
    return folder / "template.yaml"
