"""How much memory a host can make a function take, measured in a process of its own; Lambda gives it 512 MB."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sockets import HEAD, Answering, read_message, send_chunk, serving

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parents[2]
MOST_MB = 260
"""Above what the process takes by itself: a JSON document of the largest size that is read, made of empty objects."""

ASK = """
import re, sys
from pathlib import Path
from tests.support.asking import ask

def megabytes():
    # The most that this process ever took; getrusage would also count the one that started it.
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024

before = megabytes()
outcome = ask(sys.argv[1], "Notes", seconds=60.0, max_attempts=1)
print(type(outcome.result).__name__, len(outcome.calls), megabytes() - before)
"""

CONTENT = b'data: {"choices":[{"delta":{"content":"' + "€".encode() * 21 + b'"}}]}\n\n'


@pytest.mark.parametrize(
    ("start", "repeated"),
    [
        pytest.param(b"", CONTENT * 1000, id="content"),
        pytest.param(b"data: ", b"x" * 65_536, id="a-line"),
        pytest.param(b'{"a":[', b"{}," * 21_845, id="a-body-of-empty-objects"),
        pytest.param(b'data: {"a":[', b"{}," * 21_845, id="an-event-of-empty-objects"),
        pytest.param(b'data: {"choices":[{"delta":{"content":["', b'a","' * 16_384, id="content-in-parts"),
    ],
)
def test_an_answer_without_end_takes_a_bounded_amount_of_memory(start: bytes, repeated: bytes) -> None:
    def answer(connection: socket.socket, _number: int) -> None:
        read_message(connection)
        connection.sendall(HEAD)
        send_chunk(connection, start + repeated)
        while True:
            send_chunk(connection, repeated)

    failure, calls, grown = asked(answer)

    assert (failure, calls) == ("AnswerTooLarge", 1)
    assert grown < MOST_MB


def test_the_worst_document_that_is_read_takes_a_bounded_amount_of_memory() -> None:
    """Two million empty objects just below the limit are parsed, and thrown away."""
    document = b'data: {"a":[' + b"{}," * 2_796_000 + b"{}]}\n\n"

    def answer(connection: socket.socket, _number: int) -> None:
        read_message(connection)
        connection.sendall(HEAD)
        for _ in range(3):
            send_chunk(connection, document)
        send_chunk(connection, b'data: {"choices":[{"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')
        connection.sendall(b"0\r\n\r\n")

    result, _, grown = asked(answer)

    assert result == "Completion"
    assert 100 < grown < MOST_MB


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip", "deflate"])
def test_a_compressed_answer_is_not_unpacked(encoding: str) -> None:
    """It was not asked for, and a megabyte of it can hold a gigabyte."""

    def answer(connection: socket.socket, _number: int) -> None:
        read_message(connection)
        connection.sendall(
            f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: 9\r\n\r\nwhatever.".encode()
        )

    failure, calls, _ = asked(answer)

    assert (failure, calls) == ("HostFailed", 1)


def asked(answer: Answering) -> tuple[str, int, int]:
    """What came of one question, after how many calls, and by how many megabytes the process grew."""
    with serving(answer) as url:
        command = [sys.executable, "-c", ASK, url]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    result, calls, grown = done.stdout.split()
    return result, int(calls), int(grown)
