"""The settings of `make run` itself, from the environment and a `.env` file, checked all at once.

The functions' own settings pass through untouched: they check theirs when they start.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from dotenv import dotenv_values

from local.emulator.host_settings import HOSTS, drop_blank
from local.emulator.host_settings import problems as host_problems

_Number = TypeVar("_Number", int, float)

MAX_TIMEOUT_SECONDS = 900  # Lambda's own limit


_AT_HOME = {"AUTH_MODE": "none", "ALLOW_UNAUTHENTICATED": "true", "RESPONSE_MODE": "stream"}
"""What differs from the template's defaults: `make run` serves this machine only, and its page shows progress."""

_MODELS = "moonshotai/kimi-k2-thinking,moonshotai/kimi-k2.6"
"""The template's default for `Models`."""


# The page's policy names this address, so nothing but an address can be in it.
_LIBRARIES_URL = re.compile(
    r"(https://[a-z0-9.-]+|http://(127\.0\.0\.1|localhost|\[::1\]))(:[0-9]{1,5})?/([\w.~%@+-]+/)*",
    re.ASCII | re.IGNORECASE,
)


class SettingsError(Exception):
    """A setting has a value that cannot be used; the message names it and says what would be right."""


@dataclass(frozen=True)
class Settings:
    """What `make run` was told.

    Attributes:
        port: where function URLs and the page are served; 0 takes any free port.
        concurrency: the most processes per function.
        timeout_seconds: instead of the template's timeout, where set.
        hosts: the model hosts that there is a key for; without any, the stand-in's are used.
        guard: whether the functions have a guard, which needs its table.
        libraries_url: where the page gets the libraries of artifacts, where set.
        environment: everything that was set, `.env` included.
    """

    port: int
    concurrency: int
    timeout_seconds: float | None
    hosts: tuple[str, ...]
    guard: bool
    libraries_url: str | None
    environment: Mapping[str, str] = field(repr=False)

    @property
    def for_functions(self) -> Mapping[str, str]:
        """Return the environment that `make run` gives the functions: on loopback, callers need no identity."""
        at_home = {*_AT_HOME, "CHAT_MODELS"}
        given = {name: value for name, value in self.environment.items() if value.strip() or name not in at_home}
        # Callers are the owner, and may leave the choice of a model to the service; but not among models of others.
        models = {} if self.environment.get("MODELS", "").strip() else {"CHAT_MODELS": f"{_MODELS},auto"}
        return _AT_HOME | models | given

    @classmethod
    def load(cls, root: Path, environ: Mapping[str, str]) -> "Settings":
        """Read `root`'s `.env` and the environment, which outranks it; SettingsError lists all that is wrong."""
        file = {name: value for name, value in dotenv_values(root / ".env").items() if value is not None}
        environment = {**file, **environ}
        drop_blank(environment)
        # Off unless it is asked for: nobody else calls this machine, and its table takes seconds to start.
        environment["ENABLE_GUARD"] = guard = environment.get("ENABLE_GUARD", "").strip().lower() or "false"
        problems = list(host_problems(environment))

        def number(name: str, kind: Callable[[str], _Number], least: _Number, most: _Number) -> _Number | None:
            text = environment.get(name, "").strip()
            try:
                if not text or least <= (value := kind(text)) <= most:
                    return value if text else None
            except ValueError:
                pass
            what = "a whole number" if kind is int else "a number"
            problems.append(f"{name} must be {what} from {least} to {most}, not {text!r}.")
            return None

        port = number("PORT", int, 0, 65535)
        concurrency = number("LOCAL_CONCURRENCY", int, 1, 1000)
        timeout = number("FUNCTION_TIMEOUT_SECONDS", float, 0.1, MAX_TIMEOUT_SECONDS)
        if guard not in {"true", "false"}:
            problems.append(f"ENABLE_GUARD must be true or false, not {guard!r}.")
        mode = environment.get("RESPONSE_MODE", "").strip()
        if mode not in {"", "buffered", "stream"}:
            problems.append(f"RESPONSE_MODE must be buffered or stream, not {mode!r}.")
        libraries_url = _libraries_url(environment, problems)
        if problems:
            raise SettingsError(" ".join(problems))
        return cls(
            port=8787 if port is None else port,
            concurrency=concurrency or 16,
            timeout_seconds=timeout,
            hosts=tuple(host.name for host in HOSTS if host.key in environment),
            guard=guard == "true",
            libraries_url=libraries_url,
            environment=environment,
        )


def _libraries_url(environment: Mapping[str, str], problems: list[str]) -> str | None:
    url = environment.get("LIBRARIES_URL", "").strip()
    if url and not _LIBRARIES_URL.fullmatch(url):
        problems.append(
            "LIBRARIES_URL must be an https address (or http on loopback) that ends with / and has neither "
            f"credentials nor a query, not {url!r}."
        )
    return url or None
