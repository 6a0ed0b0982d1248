"""The runtime that streams, as a process of its own between a Runtime API and a handler.

What a streamed answer looks like on the wire is taken from AWS's own client for Node, `aws-lambda-ric` 4.0.2, that was
recorded with handlers that do the same. Of its two chunks for the prelude ours makes one: what they hold is equal.
"""

import json
import time
from pathlib import Path

import pytest

from tests.local.emulator import wait_for
from tests.support.lambda_runtime import NUL, PLAIN_JSON, SECRET, SSE, SSE_PRELUDE, URL_EVENT, details, is_told, running
from tests.support.runtime_api import ARN, TRACE

STREAM_HEADERS = [
    ("Lambda-Runtime-Function-Response-Mode", "streaming"),
    ("Trailer", "Lambda-Runtime-Function-Error-Type"),
    ("Trailer", "Lambda-Runtime-Function-Error-Body"),
    ("Content-Type", "application/vnd.awslambda.http-integration-response"),
    ("Transfer-Encoding", "chunked"),
]
"""Node's, but for those of the connection: `Host`, which is first with ours, and `Connection: keep-alive`."""


def test_event_stream_is_sent_as_node_sends_it(tmp_path: Path) -> None:
    with running(tmp_path, SSE) as runtime:
        request = runtime.ask()

        assert request.line == "POST /2018-06-01/runtime/invocation/event-1/response HTTP/1.1"
        assert request.headers == [("Host", runtime.api.address), *STREAM_HEADERS]
        assert request.body == SSE_PRELUDE + NUL + b"data: one\n\ndata: two\n\n"
        assert request.chunks == [SSE_PRELUDE + NUL, b"data: one\n\n", b"data: two\n\n"]
        assert request.trailers == {}
        assert runtime.serves_on()
        assert (runtime.stdout, runtime.stderr) == ("", "")


def test_answer_without_cookies_is_sent_as_node_sends_it(tmp_path: Path) -> None:
    source = """
        import json
        def handler(event, context):
            found = json.dumps({"message": "not found", "path": event["rawPath"]}, separators=(",", ":"))
            return {"statusCode": 404, "headers": {"content-type": "application/json"}, "body": [found.encode()]}
    """
    with running(tmp_path, source) as runtime:
        request = runtime.ask()

    assert request.headers[1:] == STREAM_HEADERS
    assert request.body == (
        b'{"statusCode":404,"headers":{"content-type":"application/json"}}'
        b"\0\0\0\0\0\0\0\0"
        b'{"message":"not found","path":"/chat"}'
    )


def test_failure_in_the_middle_is_told_in_trailers_as_node_tells_it_but_without_its_text(tmp_path: Path) -> None:
    """Node goes on with the next event; here the process ends, since whatever failed may have left it in any state."""
    with running(tmp_path, SSE) as runtime:
        request = runtime.ask({**URL_EVENT, "fails": True})

        assert request.headers[1:] == STREAM_HEADERS
        assert request.body == SSE_PRELUDE + NUL + b"data: one\n\n"
        assert list(request.trailers) == ["Lambda-Runtime-Function-Error-Type", "Lambda-Runtime-Function-Error-Body"]
        assert request.trailers["Lambda-Runtime-Function-Error-Type"] == "RangeError"
        told = details(request)
        assert list(told) == ["errorType", "errorMessage", "trace"]
        assert told["errorType"] == "RangeError"
        assert [frame.rpartition("/")[2] for frame in told["trace"]][-1] == "app.py:7 body"
        assert runtime.ended() == 1
        assert runtime.paths() == ["invocation/event-1/response"]
        assert [line["errorType"] for line in runtime.lines] == ["RangeError"]
        assert not is_told(SECRET, runtime)


# ---- Failures.


def test_the_trace_of_a_deep_failure_is_a_line_that_is_not_too_long(tmp_path: Path) -> None:
    """The innermost frames say where it was; a server refuses a header of a thousand of them."""
    source = """
        def deeper(depth):
            return deeper(depth - 1) if depth else 1 / 0
        def body():
            yield b"one"
            deeper(500)
        def handler(event, context):
            return {"statusCode": 200, "body": body()}
    """
    with running(tmp_path, source) as runtime:
        sent = runtime.ask()
        assert runtime.ended() == 1

    trace = details(sent)["trace"]
    assert 1 < len(trace) <= 20
    assert trace[-1].endswith("deeper")
    assert all(len(line) < 8_000 for line in sent.trailers.values())


FAILS_EARLY = """
    def body():
        raise ValueError("%s")
        yield b""
    def empty_then_fails():
        yield b""
        raise ValueError("%s")
    def handler(event, context):
        how = event.get("how")
        if how == "handler":
            raise ValueError("%s")
        if how == "body":
            return {"statusCode": 200, "body": body()}
        if how == "empty":
            return {"statusCode": 200, "body": empty_then_fails()}
        if how == "value":
            return {"%s": ValueError}
        if how == "base64":
            return {"statusCode": 200, "body": "%s!", "isBase64Encoded": True}
        if how == "headers":
            return {"statusCode": 200, "headers": {"x": ValueError("%s")}, "body": "hi"}
        return "fine"
""".replace("%s", SECRET)


@pytest.mark.parametrize(
    ("how", "error_type"),
    [
        ("handler", "ValueError"),
        ("body", "ValueError"),
        ("empty", "ValueError"),
        ("value", "TypeError"),
        ("base64", "Error"),
        ("headers", "TypeError"),
    ],
)
def test_failure_before_the_first_byte_is_an_error_and_the_process_goes_on(
    tmp_path: Path, how: str, error_type: str
) -> None:
    """An answer that cannot be sent is one, too: it fails when it is written down."""
    with running(tmp_path, FAILS_EARLY) as runtime:
        request = runtime.ask({**URL_EVENT, "how": how})

        assert request.line == "POST /2018-06-01/runtime/invocation/event-1/error HTTP/1.1"
        assert request.header("Content-Type") == "application/vnd.aws.lambda.error+json"
        assert request.header("Lambda-Runtime-Function-Error-Type") == error_type
        told = json.loads(request.body)
        assert list(told) == ["errorType", "errorMessage", "stackTrace"]
        assert told["errorType"] == error_type
        assert told["stackTrace"]
        assert [line["request_id"] for line in runtime.lines] == ["event-1"]
        assert not is_told(SECRET, runtime)

        assert runtime.ask().body == PLAIN_JSON + b'"fine"'
        assert runtime.paths() == ["invocation/event-1/error", "invocation/event-2/response"]


@pytest.mark.parametrize("how", ["handler", "value"])
def test_failure_of_an_event_that_is_not_of_a_url_is_an_error_too(tmp_path: Path, how: str) -> None:
    with running(tmp_path, FAILS_EARLY) as runtime:
        assert runtime.ask({"how": how}).path == "invocation/event-1/error"
        assert runtime.ask({}).body == b'"fine"'
        assert not is_told(SECRET, runtime)


def test_error_that_the_platform_refuses_ends_the_process_without_a_word_of_it(tmp_path: Path) -> None:
    """A traceback would show the exception that was being reported."""
    with running(tmp_path, FAILS_EARLY) as runtime:
        runtime.api.statuses["error"] = 500
        runtime.ask({**URL_EVENT, "how": "handler"})

        assert runtime.ended() == 1
        assert [line["errorType"] for line in runtime.lines] == ["ValueError", "RuntimeApiError"]
        assert runtime.stderr == ""
        assert not is_told(SECRET, runtime)


@pytest.mark.parametrize("status", [0, 500])
@pytest.mark.parametrize("fails", [False, True])
def test_answer_that_the_platform_does_not_take_ends_the_process(tmp_path: Path, status: int, fails: bool) -> None:
    """Whether it says so or closes the connection: nothing more is sent, neither there nor on another connection."""
    with running(tmp_path, SSE) as runtime:
        runtime.api.statuses["response"] = status
        runtime.ask({**URL_EVENT, "fails": fails})

        assert runtime.ended() == 1
        assert runtime.paths() == ["invocation/event-1/response"]
        assert runtime.api.raw.count(b"HTTP/1.1\r\n") == 2
        assert runtime.api.raw.count(b"0\r\nLambda-Runtime") == fails
        assert runtime.lines[-1]["errorType"] == "RuntimeApiError"
        assert runtime.stderr == ""
        assert not is_told(SECRET, runtime)


def test_prelude_that_is_too_long_is_an_error(tmp_path: Path) -> None:
    """16 KiB with the delimiter are taken, a byte more is not."""
    source = """
        def handler(event, context):
            return {"statusCode": 200, "headers": {"x": "y" * event["length"]}, "body": [b"hi"]}
    """
    longest = 16_384 - len(b'{"statusCode":200,"headers":{"x":""}}' + NUL)
    with running(tmp_path, source) as runtime:
        over = runtime.ask({**URL_EVENT, "length": longest + 1})
        taken = runtime.ask({**URL_EVENT, "length": longest})

        assert over.path == "invocation/event-1/error"
        assert over.header("Lambda-Runtime-Function-Error-Type") == "RuntimeApiError"
        assert taken.path == "invocation/event-2/response"
        assert len(taken.chunks[0]) == 16_384


@pytest.mark.parametrize(
    "handler",
    ["def handler(*_): raise SystemExit(7)", "def handler(*_): return {'statusCode': 200, 'body': map(exit, [7])}"],
)
def test_exit_of_a_handler_ends_the_process_unanswered(tmp_path: Path, handler: str) -> None:
    with running(tmp_path, handler) as runtime:
        runtime.api.hand(URL_EVENT)

        assert runtime.ended() > 0
        assert runtime.paths() == []


# ---- Bodies.


@pytest.mark.parametrize("body", ["b''", "''", "None", "[]", "[b'']", "iter([b'', b''])"])
def test_empty_body_sends_at_least_one_byte(tmp_path: Path, body: str) -> None:
    """A function URL would wait for ever for what follows a prelude."""
    source = f"def handler(*_): return {{'statusCode': 204, 'headers': {{'x-a': 'b'}}, 'body': {body}}}"
    with running(tmp_path, source) as runtime:
        request = runtime.ask()

        assert request.body == b'{"statusCode":204,"headers":{"x-a":"b"}}' + NUL + b"\n"
        assert runtime.serves_on()


def test_empty_part_does_not_end_the_body(tmp_path: Path) -> None:
    source = "def handler(*_): return {'statusCode': 200, 'body': [b'', b'one', b'', b'', b'two', b'']}"
    with running(tmp_path, source) as runtime:
        request = runtime.ask()

        assert request.chunks == [b'{"statusCode":200,"headers":{}}' + NUL, b"one", b"two"]
        assert b"\r\n3\r\ntwo\r\n0\r\n\r\n" in runtime.api.raw
        assert runtime.serves_on()


def test_only_the_delimiter_has_nuls(tmp_path: Path) -> None:
    source = """
        def handler(*_):
            value = chr(0) * 9 + "caf\\u00e9 \\U0001f600"
            return {"statusCode": 200, "headers": {"x": value}, "cookies": [chr(0)], "body": [b"a", bytes(9)]}
    """
    with running(tmp_path, source) as runtime:
        prelude, _, body = runtime.ask().body.partition(NUL)

    assert b"\0" not in prelude
    assert json.loads(prelude) == {
        "statusCode": 200,
        "headers": {"x": "\0" * 9 + "caf\u00e9 \U0001f600"},
        "cookies": ["\0"],
    }
    assert body == b"a" + bytes(9)


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        ("{'statusCode': 201, 'body': 'caf\\u00e9'}", b'{"statusCode":201,"headers":{}}' + NUL + b"caf\xc3\xa9"),
        (
            "{'statusCode': 200, 'headers': None, 'body': 'AAH/', 'isBase64Encoded': True}",
            b'{"statusCode":200,"headers":{}}' + NUL + b"\x00\x01\xff",
        ),
        ("{'hello': 'you'}", PLAIN_JSON + b'{"hello": "you"}'),
        ("'hello'", PLAIN_JSON + b'"hello"'),
        ("None", PLAIN_JSON + b"null"),
        ("['statusCode']", PLAIN_JSON + b'["statusCode"]'),
    ],
)
def test_answer_to_a_url_has_a_prelude_whatever_it_is(tmp_path: Path, answer: str, sent: bytes) -> None:
    with running(tmp_path, f"def handler(event, context): return {answer}") as runtime:
        request = runtime.ask()

        assert request.header("Lambda-Runtime-Function-Response-Mode") == "streaming"
        assert request.body == sent


@pytest.mark.parametrize(
    "event", [{}, [], None, 5, {"requestContext": None}, {"requestContext": {"http": "GET"}}, {"Records": [{}]}]
)
def test_answer_to_another_event_is_sent_whole(tmp_path: Path, event: object) -> None:
    source = "def handler(event, context): return {'statusCode': 200, 'body': 'hi', 'streams': context.streams}"
    with running(tmp_path, source) as runtime:
        request = runtime.ask(event)

        assert request.line == "POST /2018-06-01/runtime/invocation/event-1/response HTTP/1.1"
        assert request.header("Transfer-Encoding") is None
        assert request.header("Lambda-Runtime-Function-Response-Mode") is None
        assert request.header("Content-Type") == "application/json"
        assert json.loads(request.body) == {"statusCode": 200, "body": "hi", "streams": False}


CLOSES = """
    import os
    import time
    from http.client import HTTPConnection
    class Body:
        def __iter__(self):
            yield b"one"
            for _ in range(100):
                time.sleep(0.01)
                yield b"more"
                if not endless:
                    return
        def close(self):
            connection = HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
            connection.request("POST", "/closed")
            connection.getresponse().read()
    def handler(event, context):
        global endless
        endless = event.get("endless")
        return {"statusCode": 200, "headers": {"x": "y" * event.get("length", 1)}, "body": Body()}
"""


def test_body_is_closed_when_the_caller_has_all_of_it(tmp_path: Path) -> None:
    with running(tmp_path, CLOSES) as runtime:
        runtime.api.pause_seconds = 0.2
        response = runtime.ask()
        closed = runtime.api.wait()

        assert (response.path, closed.path) == ("invocation/event-1/response", "/closed")
        assert response.answered
        assert closed.began >= response.answered
        assert runtime.serves_on()


def test_body_is_closed_when_the_answer_is_not_taken(tmp_path: Path) -> None:
    with running(tmp_path, CLOSES) as runtime:
        runtime.api.hang_up_at = b"onemore"
        closed = runtime.ask({**URL_EVENT, "endless": True})

        assert closed.path == "/closed"
        assert runtime.ended() == 1
        assert runtime.paths() == ["invocation/event-1/response", "/closed"]
        assert runtime.api.requests[0].ended is None
        assert [line["errorType"] for line in runtime.lines] == ["RuntimeApiError"]
        assert runtime.stderr == ""


def test_body_is_closed_when_it_is_never_sent(tmp_path: Path) -> None:
    with running(tmp_path, CLOSES) as runtime:
        error = runtime.ask({**URL_EVENT, "length": 20_000})

        assert (error.path, runtime.api.wait().path) == ("invocation/event-1/error", "/closed")
        assert runtime.serves_on()


# ---- Time.


def test_event_that_comes_late_is_served(tmp_path: Path) -> None:
    """Though a library has set a time-out for all sockets: Lambda freezes the process until there is one."""
    source = """
        import socket
        socket.setdefaulttimeout(0.2)
        def handler(event, context): return "served"
    """
    with running(tmp_path, source) as runtime:
        runtime.api.pause_seconds = 0.4
        wait_for(lambda: runtime.api.asked)
        time.sleep(3)

        assert runtime.process.poll() is None
        assert runtime.ask().body == PLAIN_JSON + b'"served"'
        assert runtime.ask({}).body == b'"served"'
        assert runtime.serves_on()
        assert runtime.api.asked == 3


def test_parts_are_sent_as_they_come(tmp_path: Path) -> None:
    source = """
        import time
        def body():
            for number in range(4):
                yield b"%d" % number
                time.sleep(0.3)
        def handler(event, context): return {"statusCode": 200, "body": body()}
    """
    with running(tmp_path, source) as runtime:
        request = runtime.ask()

    assert request.chunks[1:] == [b"0", b"1", b"2", b"3"]
    waits = [after - before for before, after in zip(request.times[1:], request.times[2:], strict=False)]
    assert all(wait > 0.1 for wait in waits), waits
    assert request.ended
    assert request.ended - request.times[-1] > 0.1


def test_handler_gets_a_context_and_the_trace(tmp_path: Path) -> None:
    source = """
        import os
        def handler(event, context):
            seen = {name: value for name, value in vars(context).items() if not name.startswith("_")}
            return seen | {"left": context.get_remaining_time_in_millis(), "trace": os.environ["_X_AMZN_TRACE_ID"]}
    """
    with running(tmp_path, source, AWS_LAMBDA_FUNCTION_MEMORY_SIZE="512") as runtime:
        seen = json.loads(runtime.ask({}).body)

    assert (seen["aws_request_id"], seen["invoked_function_arn"], seen["trace"]) == ("event-1", ARN, TRACE)
    assert (seen["function_name"], seen["memory_limit_in_mb"], seen["streams"]) == ("f", "512", False)
    assert seen["left"] > 1e9


# ---- The start.
