"""From settings to a running emulator: what is started in which order, what is said, and how it all ends."""

import asyncio
import os
import signal
import socket
import time
from pathlib import Path

from local.model_host import ModelHost, ModelHostError, StandIn
from local.output import Output
from local.settings import Settings
from local.template import TemplateError


class PortError(Exception):
    """The port cannot be listened on."""


async def serve(settings: Settings, template: Path) -> int:
    """Serve until SIGINT or SIGTERM; returns the exit status."""
    output = Output()
    stand_in = StandIn(settings, output)
    running = asyncio.create_task(_run(settings, template, stand_in, output))
    for number in (signal.SIGINT, signal.SIGTERM):
        # Once: a second signal, as from `make` passing on its own, must not cut the clearing up short.
        asyncio.get_running_loop().add_signal_handler(number, lambda: running.cancelling() or running.cancel())
    try:
        await running
    except asyncio.CancelledError:
        return 0
    except (ModelHostError, PortError) as error:
        output.say(f"make run: {error}")
        return 1
    except TemplateError as error:
        output.say(f"make run: {error}")
        return 2
    finally:
        await stand_in.stop()
        output.close()
    return 0


async def _run(settings: Settings, template: Path, stand_in: StandIn, output: Output) -> None:
    listener = _listener(settings.port)
    if not settings.key:
        await stand_in.start()
    # Half of the time to ready goes into imports: those of the stand-in and these, a second each, on a core each.
    from local.emulator import Emulator  # noqa: PLC0415
    from local.functions import read_functions  # noqa: PLC0415

    functions = read_functions(template, settings.for_functions, settings.timeout_seconds)
    urls = [url for function in functions if (url := function.environment.get("OPENROUTER_BASE_URL"))]
    host = ModelHost(urls[0] if urls else "none", stand_in=False) if settings.key else await stand_in.ready()
    emulator = Emulator(functions, host, settings.concurrency, output)
    try:
        await emulator.start(listener)
        output.say(_ready_block(emulator.addresses(listener.getsockname()[1]), host))
        await stand_in.ended()
    finally:
        await emulator.stop()


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        msg = f"port {port} cannot be used ({error.strerror}). Set PORT to a free one."
        raise PortError(msg) from error


def _ready_block(addresses: dict[str, str], host: ModelHost) -> str:
    note = " (a stand-in, not a real model: set OPENROUTER_K2T_KEY for the real one)" if host.stand_in else ""
    rows = addresses | {"model host": host.url + note}
    width = max(map(len, rows))
    lines = [f"  {name:<{width}}  {value}" for name, value in rows.items()]
    return "\n".join([*lines, f"ready in {_seconds_since_start():.1f}s (Ctrl-C ends it)"])


def _seconds_since_start() -> float:
    """How long this process runs, imports included, as the kernel counts it."""
    with open("/proc/self/stat", encoding="ascii") as stat:  # noqa: PTH123 - not a file to build a path for
        started = int(stat.read().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started
