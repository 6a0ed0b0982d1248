"""The file with the hashes of all API keys, by their names: what the secret holds."""

import json
from pathlib import Path

from shared.key_hashes import KeyHashesError, parse


class KeyFileError(Exception):
    """The file cannot be used, or already has this key; says which and why."""


def with_key(path: Path, name: str, key_hash: str) -> dict[str, str]:
    """Return the hashes of the file, if there is one, and this one.

    Raises:
        KeyFileError: the name is there already, or the file holds something else.
        OSError: it cannot be read.
    """
    hashes = _read(path)
    if name in hashes:
        msg = f"{path} has a key of the name {name} already: choose another name, or take the old key out first"
        raise KeyFileError(msg)
    return {**hashes, name: key_hash}


def write(path: Path, hashes: dict[str, str]) -> None:
    """Replace the file by one with these hashes, as a whole: whoever reads it meanwhile gets the old or the new."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(json.dumps(hashes, indent=2) + "\n", "utf-8")
    new.replace(path)


def _read(path: Path) -> dict[str, str]:
    try:
        return dict(parse(path.read_text("utf-8")))
    except FileNotFoundError:
        return {}
    except (KeyHashesError, UnicodeError) as error:
        why = error if isinstance(error, KeyHashesError) else "must be UTF-8"
        msg = f"{path} cannot be used: {why}"
        raise KeyFileError(msg) from None
