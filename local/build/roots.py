"""A step of `make build`: the CA roots of certifi's bundle as a folder, of which a handshake reads only what it needs.

OpenSSL finds a root in such a folder by its file's name, the hash of its subject, and so need not parse all of them at
every cold start.
"""

import re
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local.build.errors import BuildError

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def write_roots(bundle: Path, folder: Path) -> None:
    """Write each certificate of a bundle to a new folder, as `<hash of its subject>.<number from 0>`.

    Raises:
        BuildError: the bundle holds no certificate, or there is no `openssl`.
    """
    certificates = _CERTIFICATE.findall(bundle.read_text("utf-8"))
    if not certificates:
        msg = f"{bundle} holds no certificate"
        raise BuildError(msg)
    with ThreadPoolExecutor() as pool:
        hashes = list(pool.map(_subject_hash, certificates))
    folder.mkdir(parents=True)
    numbers = Counter[str]()
    for subject, certificate in zip(hashes, certificates, strict=True):
        (folder / f"{subject}.{numbers[subject]}").write_text(f"{certificate}\n", "utf-8")
        numbers[subject] += 1


def _subject_hash(certificate: str) -> str:
    # OpenSSL's own command, because it is what looks for the files; LibreSSL, which macOS has, knows this one too.
    try:
        done = subprocess.run(
            ["openssl", "x509", "-noout", "-subject_hash"],  # noqa: S607 - where it is differs by system
            input=certificate,
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError:
        msg = "openssl, which names the CA roots of the layer, is missing (Debian: apt-get install openssl)"
        raise BuildError(msg) from None
    except subprocess.CalledProcessError as error:
        msg = f"openssl cannot read a CA root: {error.stderr.strip()}"
        raise BuildError(msg) from None
    return done.stdout.strip()
