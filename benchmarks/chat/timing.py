"""How an answer arrives: its first delta and each line where it comes slowly, its end where it comes at once."""

import http.client
import json
import sys
import time
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from benchmarks.chat.ways import Way
from benchmarks.stream import FIRST_DELTA, STAMP

_MESSAGES = [{"role": "user", "content": "lines"}]
_BODY = json.dumps({"model": "moonshotai/kimi-k2-thinking", "stream": True, "messages": _MESSAGES}).encode()
_JSON = {"content-type": "application/json"}


class Paced(NamedTuple):
    """How an answer arrived that a host wrote line by line, in milliseconds."""

    first: float
    """From the request to the first delta."""
    age: float
    """From the host's sending a line to its arrival, the mean of a request's lines."""


class AtOnce(NamedTuple):
    """How an answer arrived that a host sent as fast as it could."""

    seconds: float
    cpu_seconds: float
    """CPU time of the process in between; 0 if there is none."""


def paced(client: httpx.Client, way: Way) -> Paced:
    """Ask for an answer that comes line by line."""
    first, ages = 0.0, []
    began = time.monotonic()
    with client.stream("POST", way.url, content=_BODY, headers=_JSON) as response:
        for line in response.iter_lines():
            now = time.monotonic()
            if FIRST_DELTA in line:
                first = (now - began) * 1000
            ages += [(now - float(stamp)) * 1000 for stamp in STAMP.findall(line)]
    if not first or not ages:
        sys.exit(f"{way.name}: no deltas arrived")
    return Paced(first, sum(ages) / len(ages))


def at_once(way: Way, deltas: int) -> AtOnce:
    """Ask for an answer of so many deltas, which comes as fast as it can; reading takes as little as possible."""
    address = urlsplit(way.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=120)
    connection.connect()
    pieces, cpu, began = [], _cpu_seconds(way), time.monotonic()
    connection.request("POST", address.path, _BODY, _JSON)
    response = connection.getresponse()
    while data := response.read1(65_536):
        pieces.append(data)
    took = AtOnce(time.monotonic() - began, _cpu_seconds(way) - cpu)
    connection.close()
    answer = b"".join(pieces)
    if not answer.endswith(b"data: [DONE]\n\n") or answer.count(b"data: {") < deltas:
        sys.exit(f"{way.name}: {answer.count(b'data: {')} of {deltas} deltas arrived")
    return took


def _cpu_seconds(way: Way) -> float:
    """Return how much CPU time the process in between has taken so far."""
    # Linux's id of a process's own clock, as clock_getcpuclockid(3) gives it
    return 0.0 if way.pid is None else time.clock_gettime(~way.pid << 3 | 2)
