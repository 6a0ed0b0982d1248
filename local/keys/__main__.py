"""`make key NAME=…`: makes an API key, prints it once, and says what goes where.

Only the SHA-256 hash of a key is kept: in the secret that API_KEYS_SECRET_ARN names or, locally, in API_KEYS. The name
is on every log line of its caller.
"""

import argparse
import json
import secrets
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.keys.key_file import KeyFileError, with_key, write
from shared.key_hashes import NAME_RULE, hash_key, is_name

_BYTES = 32
"""Of a key: 256 bits, beyond guessing, so that a plain hash tells nothing of it."""
_EPILOG = """\
The key is written to no file: with FILE its hash is added to that one, which is then what the secret holds.
  make key NAME=web-shop FILE=keys.json
Ends with 0, or with 2 when no key was made.
"""
_INSTRUCTIONS = """\
The API key of {name}, shown this once:

  {key}

Its entry{where}: the name and the SHA-256 hash, which does not tell the key.

  {entry}

Deployed, the entry goes into a Secrets Manager secret, and is in use within five minutes.{others}

  aws secretsmanager create-secret --name api-keys --secret-string {secret}{change}
  make deploy ARGS='AuthMode=key ApiKeysSecretArn=arn:…'

Locally, in .env:

  AUTH_MODE=key
  API_KEYS='{hashes}'

A client sends the key as a bearer token, an OpenAI SDK as its api_key:

  Authorization: Bearer {key}"""
_OTHERS = "\nA secret that is there already holds the entries of all keys as one JSON object: add this one to it."
_CHANGE = (
    "\n  aws secretsmanager put-secret-value --secret-id api-keys --secret-string {secret}   # if it is there already"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make a key and print it; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="make key",
        usage="make key NAME=… [FILE=…]",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", help=NAME_RULE)
    parser.add_argument("--file", type=Path, metavar="FILE", help="a JSON file of keys, to which the new one is added")
    chosen = parser.parse_args(arguments)
    if not is_name(chosen.name):
        return _refuse(f"NAME must be {NAME_RULE}" if chosen.name else "NAME is missing: make key NAME=web-shop")
    key = f"ka-{secrets.token_urlsafe(_BYTES)}"
    hashes = {chosen.name: hash_key(key)}
    try:
        if chosen.file:
            hashes = with_key(chosen.file, chosen.name, hash_key(key))
            write(chosen.file, hashes)
    except KeyFileError as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{chosen.file}: {error.strerror}")
    print(_instructions(chosen.name, key, hashes, chosen.file))
    return 0


def _instructions(name: str, key: str, hashes: Mapping[str, str], file: Path | None) -> str:
    entry = json.dumps({name: hash_key(key)})
    secret = shlex.quote(f"file://{file}" if file else entry)
    return _INSTRUCTIONS.format(
        name=name,
        key=key,
        entry=entry,
        where=f", now in {file}" if file else "",
        others="" if file else _OTHERS,
        secret=secret,
        change=_CHANGE.format(secret=secret) if file else "",
        hashes=json.dumps(hashes),
    )


def _refuse(why: str) -> int:
    print(f"make key: {why}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
