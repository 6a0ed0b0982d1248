"""CloudWatch Logs as a server on loopback: it takes queries and gives what they come to, after a while."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from local.costs.insights import Table


class CloudWatch:
    """What it was asked, and how it answers.

    Attributes:
        url: where it listens.
        asked: the bodies of `StartQuery`.
        statuses: what the next requests for a result are told; then `Complete`.
        refusal: the error that every request gets, where there is one.
    """

    def __init__(self, answer: Callable[[str], Table]) -> None:
        self.url = ""
        self.asked: list[dict[str, Any]] = []
        self.statuses: list[str] = []
        self.refusal = ""
        self._answer = answer

    def reply(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request."""
        if operation == "StartQuery":
            self.asked.append(request)
            return {"queryId": str(len(self.asked) - 1)}
        status = self.statuses.pop(0) if self.statuses else "Complete"
        query = self.asked[int(request["queryId"])]["queryString"]
        return {"status": status, "results": _rows(self._answer(query)) if status == "Complete" else []}


@contextmanager
def cloudwatch(answer: Callable[[str], Table]) -> Iterator[CloudWatch]:
    """A CloudWatch whose queries come to what this function says."""
    fake = CloudWatch(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            operation = self.headers["X-Amz-Target"].rpartition(".")[2]
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            refused = {"__type": fake.refusal, "message": "no"}
            body = json.dumps(refused if fake.refusal else fake.reply(operation, asked))
            self.send_response(400 if fake.refusal else 200)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        fake.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()


def _rows(table: Table) -> list[list[dict[str, str]]]:
    """As CloudWatch has them: every value a text, nothing said of what is null, and a pointer to each row."""
    return [
        [
            {"field": field, "value": str(value)}
            for field, value in zip(table.fields, row, strict=True)
            if value is not None
        ]
        + [{"field": "@ptr", "value": "CmEKJgoi"}]
        for row in table.rows
    ]
