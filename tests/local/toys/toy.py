"""A handler that does what the request says: `{"do": …}`, with whatever else that needs."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def handler(event: dict[str, Any], context: Any) -> Any:
    """Do what the body asks for; without a body, describe everything that can be seen from here."""
    text = event.get("body", "{}")
    if event["isBase64Encoded"]:
        text = base64.b64decode(text)
    try:
        order = json.loads(text)
    except ValueError:
        order = {}
    if not isinstance(order, dict):
        order = {}
    return _DEEDS[order.get("do", "describe")](order, event, context)


def _describe(_: dict[str, Any], event: dict[str, Any], context: Any) -> Any:
    return {
        "event": event,
        "environment": dict(os.environ),
        "cwd": str(Path.cwd()),
        "pid": os.getpid(),
        "requestId": context.aws_request_id,
        "remainingMs": context.get_remaining_time_in_millis(),
        "arn": context.invoked_function_arn,
    }


def _return(order: dict[str, Any], *_: Any) -> Any:
    return order["value"]


def _sleep(order: dict[str, Any], event: dict[str, Any], context: Any) -> Any:
    started = time.time()
    time.sleep(order["seconds"])
    if "touch" in order:
        Path(order["touch"]).touch()
    return _describe(order, event, context) | {"started": started, "ended": time.time()}


def _touch_and_sleep(order: dict[str, Any], *_: Any) -> Any:
    Path(order["touch"]).touch()
    time.sleep(order["seconds"])


def _print(order: dict[str, Any], *_: Any) -> Any:
    print(order.get("stdout", ""), flush=True)
    print(order.get("stderr", ""), file=sys.stderr, flush=True)
    sys.stdout.write("x" * order.get("length", 0) + ("\n" if order.get("length") else ""))
    return "printed"


def _fail(*_: Any) -> Any:
    msg = "as ordered"
    raise RuntimeError(msg)


def _crash(order: dict[str, Any], *_: Any) -> Any:
    os._exit(order.get("status", 3))


def _die(order: dict[str, Any], *_: Any) -> Any:
    if "leaving" in order:
        subprocess.Popen(["sleep", str(order["leaving"])])  # it holds on to the streams
    os.kill(os.getpid(), signal.SIGKILL)


def _grow(order: dict[str, Any], *_: Any) -> Any:
    return {"statusCode": 200, "body": "y" * order["bytes"]}


_DEEDS: dict[str, Callable[..., Any]] = {
    "describe": _describe,
    "return": _return,
    "sleep": _sleep,
    "touch and sleep": _touch_and_sleep,
    "print": _print,
    "fail": _fail,
    "crash": _crash,
    "die": _die,
    "grow": _grow,
}
