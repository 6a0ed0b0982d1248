"""`python -m local.standin`: serve the stand-in until interrupted, on loopback if not told otherwise."""

import argparse
import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Sequence
from typing import Final, get_args

from aiohttp import web

from local.standin.app import create_app
from local.standin.dialects import DIALECTS
from local.standin.directives import DirectiveError
from local.standin.faults import described
from local.standin.settings import LOOPBACK, Pace, SettingsError, StandinSettings

_IP_FREEBIND: Final = 15  # of Linux; the socket module has no name for it
_SHUTDOWN_SECONDS: Final = 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve as the command line and the environment say; 2 when they make no sense."""
    try:
        settings = _settings(arguments)
        app = create_app(settings)
    except (SettingsError, DirectiveError) as error:
        print(f"local.standin: {error}", file=sys.stderr)
        return 2
    try:
        asyncio.run(_serve(app, settings.host, settings.port))
    except OSError as error:
        print(f"local.standin: cannot listen on {settings.host}, port {settings.port}: {error}", file=sys.stderr)
        return 1
    return 0


def _settings(arguments: Sequence[str] | None) -> StandinSettings:
    """The environment, outranked by the command line."""
    environment = StandinSettings.from_environment()
    parser = argparse.ArgumentParser(
        prog="python -m local.standin",
        description="A stand-in for the model hosts. Not a real model: it answers with hand-written examples.",
        epilog=f"faults:\n{described()}".replace("%", "%%"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--host",
        default=LOOPBACK,
        help="where to listen (%(default)s); a container reaches only the address that its engine gives this machine",
    )
    parser.add_argument("--port", type=int, default=environment.port, help="0: any free one (STANDIN_PORT)")
    parser.add_argument("--pace", choices=get_args(Pace), default=environment.pace, help="(STANDIN_PACE)")
    parser.add_argument("--fault", default=environment.fault, help='for every call: "NAME key=value" (STANDIN_FAULT)')
    parser.add_argument("--seed", type=int, default=environment.seed, help="of the fault mix (STANDIN_SEED)")
    chosen = parser.parse_args(arguments)
    return StandinSettings(port=chosen.port, pace=chosen.pace, fault=chosen.fault, seed=chosen.seed, host=chosen.host)


async def _serve(app: web.Application, host: str, port: int) -> None:
    """Listen, say so, and stop at the first SIGINT or SIGTERM."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # an engine's network may come up with its first container
            listener.setsockopt(socket.IPPROTO_IP, _IP_FREEBIND, 1)
        listener.bind((host, port))
        await web.SockSite(runner, listener).start()
        print(_addresses(f"http://{host}:{runner.addresses[0][1]}"), flush=True)
        await _interrupted()
    finally:
        await runner.cleanup()


def _addresses(root: str) -> str:
    """Return a line with the base URLs, of which programs read the first: OpenRouter's."""
    urls = " ".join(f"{root}{dialect.path} ({dialect.name})" for dialect in DIALECTS.values())
    return f"stand-in model host on {urls}: not a real model, hand-written examples"


async def _interrupted() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # not on Windows, where Ctrl-C does the same
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


if __name__ == "__main__":
    sys.exit(main())
