"""`make run`: function URLs, the page and, without a key, the stand-in model hosts, all on 127.0.0.1."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

_EPILOG = """\
settings, from the environment or a .env file beside the template (the environment outranks it):
  OPENROUTER_K2T_KEY, MOONSHOT_KEY, KIMI_KEY, CUSTOM_HOST_KEY
                            keys of model hosts; without any, a stand-in for all of them is started
  OPENROUTER_BASE_URL, MOONSHOT_BASE_URL, KIMI_BASE_URL, CUSTOM_HOST_URL
                            other addresses than the template's; each only together with its key
  PORT                      where to serve (8787; 0 takes any free port)
  LOCAL_CONCURRENCY         the most processes per function (16); further requests wait in line
  FUNCTION_TIMEOUT_SECONDS  instead of the template's time-out
  AUTH_MODE                 who may call: iam, jwt, key or none (none)
  API_KEYS                  with key: the hashes of API keys, as `make key NAME=…` prints them
  RESPONSE_MODE             whether answers stream: stream or buffered (stream)
  ALLOWED_ORIGINS           origins whose pages may call, comma-separated (none)
  LIBRARIES_URL             where the page gets the libraries of artifacts: npm's files, as a CDN serves them
                            (this machine after `make workbench-offline`, else https://cdn.jsdelivr.net/npm/)
  ENABLE_GUARD              true: limits, budget and Idempotency-Key, with their table on loopback (false)
and every setting of the functions that the template names.
"""


def main() -> int:
    """Check the machine, the arguments and the settings, then serve; return the exit status."""
    if needed := unsupported(sys.platform, sys.version_info[:2]):
        return _refuse(needed, 1)
    parser = argparse.ArgumentParser(
        prog="python -m local.emulator",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    template = Path(__file__).parents[2] / "template.yaml"
    parser.add_argument(
        "--template", type=Path, default=template, help="the SAM template; code is looked up beside it (%(default)s)"
    )
    path: Path = parser.parse_args().template

    # Not before the machine is known to be one that they run on.
    from local.emulator.lifecycle import serve  # noqa: PLC0415
    from local.emulator.settings import Settings, SettingsError  # noqa: PLC0415

    try:
        settings = Settings.load(path.parent, os.environ)
    except SettingsError as error:
        return _refuse(str(error), 2)
    return asyncio.run(serve(settings, path))


def unsupported(platform: str, version: tuple[int, int]) -> str | None:
    """Return what is needed instead of this machine; None if it will do."""
    if platform in {"linux", "darwin"} and version >= (3, 11):
        return None
    needed = "Linux or macOS is needed (on Windows: WSL, or a container), with Python 3.11 or newer"
    return f"{needed}; this is Python {version[0]}.{version[1]} on {platform}."


def _refuse(why: str, status: int) -> int:
    print(f"make run: {why}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
