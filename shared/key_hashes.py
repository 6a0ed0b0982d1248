"""The form in which API keys of callers are known: a JSON object of names and SHA-256 hashes, never the keys."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

from shared.metadata import NAME_PATTERN

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
NAME_RULE = "1 to 64 letters, digits, dots, dashes and underscores, of which the first is a letter or a digit"
_MAX_PROBLEMS = 10
_NO_OBJECT = 'must be a JSON object of names and SHA-256 hashes, such as {"web": "9f86…"}'


class KeyHashesError(ValueError):
    """The text is not what it should be; says why without repeating any of it, since it may hold a key."""


def hash_key(key: str) -> str:
    """Return the hash by which a key is known."""
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


def is_name(text: str) -> bool:
    """Return whether a key may have this name, which is on every log line of its caller."""
    return re.fullmatch(NAME_PATTERN, text) is not None


def parse(text: str) -> Mapping[str, str]:
    """Return the hashes in a text, by the names of their keys.

    Raises:
        KeyHashesError: something in it is wrong; it lists the first ten problems.
    """
    try:
        # An object as a tuple of its members, which a dict would lose where a name is there twice.
        members = json.loads(text, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        raise KeyHashesError(_NO_OBJECT) from None
    if not isinstance(members, tuple):
        raise KeyHashesError(_NO_OBJECT)
    if not members:
        raise KeyHashesError("must hold at least one key")
    if problems := list(islice(_problems(members), _MAX_PROBLEMS)):
        raise KeyHashesError("; ".join(problems))
    return dict(members)


def _problems(members: tuple[tuple[str, object], ...]) -> Iterator[str]:
    """Yield what is wrong, by the number of the entry: whoever confuses name and key must not find the key in a log."""
    names = Counter(name for name, _ in members)
    hashes = Counter(value for _, value in members if isinstance(value, str))
    for number, (name, value) in enumerate(members, 1):
        if not is_name(name):
            yield f"entry {number}: the name must be {NAME_RULE}"
        elif name in hashes or hash_key(name) in hashes:
            yield f"entry {number}: the name is a key or a hash, and would be logged"
        elif names[name] > 1:
            yield f"entry {number}: the name is there twice"
        if not (isinstance(value, str) and _HASH.fullmatch(value)):
            yield f"entry {number}: the value must be a SHA-256 hash, 64 digits of lower-case hex"
        elif hashes[value] > 1:
            yield f"entry {number}: the hash is there twice"
