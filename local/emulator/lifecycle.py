"""The life of `make run`: what is started in which order, what is said when all is ready, and how it all ends."""

import asyncio
import os
import signal
import socket
import time
from dataclasses import replace
from pathlib import Path

from local.aws_credentials import CredentialsError, asks_aws, found_credentials
from local.emulator import IMPORTED_AT
from local.emulator.child_process import ServiceError
from local.emulator.functions import Function, read_functions
from local.emulator.guard_table import GuardTable, credentials
from local.emulator.model_host import ModelHosts, StandIn
from local.emulator.output import Output
from local.emulator.settings import Settings
from local.sam_template import TemplateError

_END_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


class PortError(Exception):
    """The port cannot be listened on."""


async def serve(settings: Settings, template: Path) -> int:
    """Serve until SIGINT or SIGTERM; return the exit status."""
    output = Output()
    stand_in = StandIn(settings, output)
    table = GuardTable(settings, template, output) if settings.guard else None
    running = asyncio.create_task(_run(settings, template, stand_in, table, output))
    for number in _END_SIGNALS:
        # Once: a second signal, as from `make` passing on its own, must not cut the clearing up short.
        asyncio.get_running_loop().add_signal_handler(number, lambda: running.cancelling() or running.cancel())
    try:
        await running
    except asyncio.CancelledError:
        return 0
    except (PortError, ServiceError) as error:
        output.say(f"make run: {error}")
        return 1
    except CredentialsError as error:
        output.say(f"make run: {error.problem}")
        return 1
    except TemplateError as error:
        output.say(f"make run: {error}")
        return 2
    finally:
        await stand_in.stop()
        if table:
            await table.stop()
        output.close()
        # With the loop its handlers go: a second signal that comes this late would end the process as if it had failed.
        signal.pthread_sigmask(signal.SIG_BLOCK, _END_SIGNALS)
    return 0


async def _run(settings: Settings, template: Path, stand_in: StandIn, table: GuardTable | None, output: Output) -> None:
    listener = _listener(settings.port)
    if table:
        await table.start()
    if not settings.hosts:
        await stand_in.start()
    # Half of the time to ready goes into imports: those of the stand-in and these, a second each, on a core each.
    from local.emulator.configuration import Configuration  # noqa: PLC0415
    from local.emulator.cost_pages import CostPages  # noqa: PLC0415
    from local.emulator.server import Emulator  # noqa: PLC0415
    from local.emulator.site import site_routes  # noqa: PLC0415

    functions = read_functions(template, settings.for_functions, settings.timeout_seconds)
    hosts = ModelHosts.of(functions, settings) if settings.hosts else await stand_in.ready()
    functions = _with_credentials(functions, settings)
    if table:
        functions = await _with_table(functions, table)
    pages = [*site_routes(), *Configuration(functions, hosts, settings).routes, *CostPages(output.costs).routes]
    emulator = Emulator(functions, hosts, settings.concurrency, output, pages)
    try:
        await emulator.start(listener)
        output.say(_ready_block(emulator.addresses(listener.getsockname()[1]), hosts, guarded=table is not None))
        await asyncio.gather(*(service.ended() for service in (stand_in, table) if service))
    finally:
        await emulator.stop()


async def _with_table(functions: list[Function], table: GuardTable) -> list[Function]:
    """Return the functions, told where the table is; it takes any credentials, so those of a person stay."""
    told = credentials(await table.address()) | {"GUARD_TABLE": table.name}
    return [
        replace(function, environment={**function.environment, **told, **_keys(function)}) for function in functions
    ]


def _keys(function: Function) -> dict[str, str]:
    return {name: value for name, value in function.environment.items() if name in _KEYS}


def _with_credentials(functions: list[Function], settings: Settings) -> list[Function]:
    """Return the functions with the AWS credentials of the person at this machine, if they read a secret there."""
    if not any(asks_aws(function.environment) for function in functions):
        return functions
    elsewhere = {name: value for name, value in settings.environment.items() if name.startswith("AWS_ENDPOINT_URL")}
    told = found_credentials() | elsewhere
    return [replace(function, environment={**function.environment, **told}) for function in functions]


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        msg = f"port {port} cannot be used ({error.strerror}). Set PORT to a free one."
        raise PortError(msg) from error


def _ready_block(addresses: dict[str, str], hosts: ModelHosts, *, guarded: bool) -> str:
    rows = addresses | {f"model host {name}": url for name, url in hosts.urls.items()}
    if hosts.stand_in:
        rows["model hosts"] = "all a stand-in, no real model: set a key, such as OPENROUTER_K2T_KEY, for a real host"
    if guarded:
        rows["guard"] = "limits, budget and Idempotency-Key, in a table on loopback that ends with this"
    width = max(map(len, rows))
    lines = [f"  {name:<{width}}  {value}" for name, value in rows.items()]
    return "\n".join([*lines, f"ready in {_seconds_since_start():.1f}s (Ctrl-C ends it)"])


def _seconds_since_start(stat: str = "/proc/self/stat") -> float:
    """Return how long this process has run, imports included: as Linux counts it, elsewhere as near as Python can."""
    try:
        with open(stat, encoding="ascii") as file:  # noqa: PTH123 - not a file to build a path for
            started = int(file.read().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    except FileNotFoundError:
        return time.monotonic() - IMPORTED_AT
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started
