"""Serves events in a process of its own, whose only libraries are those of the layers that it is given.

Run by its path with `-I -S`. Standard input has {"layers": […], "events": [[function's folder, event], …]} as JSON.
Prints the status and the body of each answer, and what was imported from where.
"""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any


class Context:
    """What Lambda's own runtime gives a handler."""

    aws_request_id = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def load(folder: str) -> ModuleType:
    """Import a function's module under the name of its folder; each calls itself `app`."""
    spec = importlib.util.spec_from_file_location(Path(folder).name, Path(folder, "app.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    given = json.load(sys.stdin)
    sys.path[:0] = given["layers"]
    modules = {folder: load(folder) for folder in sorted({folder for folder, _ in given["events"]})}
    answers: list[Any] = [modules[folder].handler(event, Context()) for folder, event in given["events"]]
    files = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
    print()  # ends whatever line the functions were at
    print(json.dumps({"answers": [[each["statusCode"], each["body"]] for each in answers], "files": files}))


main()
