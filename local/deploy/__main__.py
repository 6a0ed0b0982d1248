"""`make deploy`: builds and deploys this bundle; the first time on a terminal it asks what it needs to know.

Parameters are given as Name=value. One that is not given keeps the value of the deployment before.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from local.deploy import sam
from local.deploy.aws import Aws
from local.deploy.command_line import parser
from local.deploy.deployment import Deployment, Request
from local.deploy.errors import DeployError, RefusedError
from local.sam_template import TemplateError

_EPILOG = """\
  make deploy
  make deploy ARGS='AuthMode=jwt JwtIssuer=https://issuer.example/ JwtAudience=artifacts --region eu-central-1'
  make deploy ARGS='Models=moonshotai/kimi-k3 --yes'          without a terminal, as in CI

Ends with 0; with 1 when AWS, the build or sam failed, or you said no; with 2 when something is missing or wrong, and
nothing was built or deployed.
"""


def main(arguments: Sequence[str] | None = None, *, sam_command: Path = sam.SAM) -> int:
    """Deploy; return the exit status."""
    options = parser("deploy", __doc__ or "", _EPILOG)
    options.add_argument("parameters", nargs="*", metavar="Name=value", help="parameters of the template")
    options.add_argument("--template", type=Path, metavar="FILE", help="a built template, deployed as it is")
    options.add_argument("--release-id", type=_release_id, metavar="SHA256", help="the id of this release (worked out)")
    chosen = options.parse_intermixed_args(arguments)
    try:
        request = Request(
            stack=chosen.stack_name,
            given=_given(chosen.parameters),
            template=chosen.template,
            agreed=chosen.yes,
            release=chosen.release_id or "",
        )
        return Deployment(Aws(chosen.region), request, sam_command).run()
    except RefusedError as error:
        for problem in error.problems:
            print(f"make deploy: {problem}", file=sys.stderr)
        print("make deploy: nothing was deployed", file=sys.stderr)
        return 2
    except (DeployError, TemplateError) as error:
        print(f"make deploy: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nmake deploy: stopped", file=sys.stderr)
        return 130


def _given(words: Sequence[str]) -> dict[str, str]:
    if wrong := [word for word in words if not word.partition("=")[1]]:
        raise RefusedError([f"{_named(word)} must be a parameter and its value, as Name=value." for word in wrong])
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def _named(word: str) -> str:
    """Return a word as it was given, unless it may be a key that somebody forgot to name."""
    return repr(word) if word.isascii() and word.isalpha() else f"a word of {len(word)} characters"


def _release_id(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        msg = f"{text!r} is no SHA-256 hash: 64 hexadecimal digits"
        raise argparse.ArgumentTypeError(msg)
    return text


if __name__ == "__main__":
    sys.exit(main())
