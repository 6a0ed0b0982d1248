"""Function URLs on this machine, called over HTTP: what a toy handler sees, and what its caller gets back."""

import base64
import json
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local.emulator.libraries import Libraries
from tests.local.emulator import KEY, TOYS, Emulator, emulator, is_alive, wait_for

ORIGIN = "https://app.example"
BAD_GATEWAY = (502, "Internal Server Error")


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    environment = {
        **KEY,
        "LOCAL_CONCURRENCY": "4",
        "ALLOWED_ORIGINS": f"{ORIGIN}, https://other.example",
        "COLOUR": "blue",
        "FOO": "not for functions",
        "AWS_ACCESS_KEY_ID": "not for functions either",
        "AWS_SECRET_ACCESS_KEY": "nor this",
    }
    with emulator(tmp_path_factory.mktemp("toys"), **environment) as running:
        yield running


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:1", 200),
        ("evil.example", 421),
        ("evil.example:8787", 421),
        ("localhost.evil", 421),
    ],
)
def test_another_hosts_page_cannot_spend_here(toys: Emulator, host: str, status: int) -> None:
    """A name that has come to mean this machine makes a browser take this for that page's own host."""
    assert toys.request("POST", "/toy/", content=b'{"do": "describe"}', headers=[("Host", host)]).status_code == status


# --- the event ---


def test_event_is_what_a_function_url_sends(toys: Emulator) -> None:
    """Payload format 2.0, as documented for function URLs."""
    response = toys.request(
        "POST",
        "/toy/some/%C3%A9?a=1&a=2&b=x%20y&c",
        content=b'{"do": "describe"}',
        headers=[
            ("Content-Type", "application/json"),
            ("User-Agent", "tester"),
            ("X-Many", "1"),
            ("X-Many", "2"),
            ("Cookie", "k=v; l=w"),
            ("X-Forwarded-For", "203.0.113.9"),
        ],
    )

    seen = response.json()
    event = seen["event"]
    context = event.pop("requestContext")
    headers = event.pop("headers")
    port = toys.url.rpartition(":")[2]
    assert event == {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/some/%C3%A9",
        "rawQueryString": "a=1&a=2&b=x%20y&c",
        "cookies": ["k=v", "l=w"],
        "queryStringParameters": {"a": "1,2", "b": "x y", "c": ""},
        "body": '{"do": "describe"}',
        "isBase64Encoded": False,
    }
    assert context.pop("http") == {
        "method": "POST",
        "path": "/some/%C3%A9",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "tester",
    }
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", context.pop("time"))
    assert context.pop("timeEpoch") > 1_700_000_000_000
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", context["requestId"])
    assert context.pop("requestId") == seen["requestId"] == response.headers["x-amzn-requestid"]
    assert context.pop("authorizer")["iam"]["userArn"] == "arn:aws:iam::123456789012:user/local"
    assert context == {
        "accountId": "123456789012",
        "authentication": None,
        "apiId": "local",
        "domainName": "127.0.0.1",
        "domainPrefix": "local",
        "routeKey": "$default",
        "stage": "$default",
    }
    assert headers["x-many"] == "1,2"
    assert headers["x-forwarded-for"] == "203.0.113.9,127.0.0.1"
    assert (headers["x-forwarded-proto"], headers["x-forwarded-port"]) == ("http", port)
    assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", headers["x-amzn-trace-id"])
    assert "cookie" not in headers
    assert "connection" not in headers


def test_nobody_has_signed_for_a_public_url(toys: Emulator) -> None:
    context = toys.call({"do": "describe"}, "plain-toy").json()["event"]["requestContext"]

    assert context["accountId"] == "anonymous"
    assert not context.keys() & {"authorizer", "authentication"}


def test_bare_route_has_the_path_slash_and_leaves_out_what_there_is_none_of(toys: Emulator) -> None:
    event = toys.request("GET", "/toy").json()["event"]

    assert event["rawPath"] == event["requestContext"]["http"]["path"] == "/"
    assert event["rawQueryString"] == ""
    assert not event.keys() & {"body", "cookies", "queryStringParameters"}
    assert event["isBase64Encoded"] is False


@pytest.mark.parametrize(
    ("content_type", "content", "is_base64"),
    [
        ("application/json", '"é"'.encode(), False),
        ("Application/JSON; charset=utf-8", b"{}", False),
        ("text/csv", b"a,b", False),
        ("application/xml", b"<a/>", False),
        ("application/octet-stream", b"\x00\xff", True),
        ("application/x-www-form-urlencoded", b"a=b", True),
        ("image/svg+xml", b"<svg/>", True),
        ("", b"a", True),
        ("text/plain", b"\xff\xfe", True),
    ],
)
def test_body_is_base64_unless_it_is_text(toys: Emulator, content_type: str, content: bytes, is_base64: bool) -> None:
    headers = {"Content-Type": content_type} if content_type else {}

    event = toys.request("POST", "/toy", content=content, headers=headers).json()["event"]

    assert event["isBase64Encoded"] is is_base64
    assert (base64.b64decode(event["body"]) if is_base64 else event["body"].encode()) == content


def test_environment_is_the_templates_and_lambdas_and_no_more(toys: Emulator) -> None:
    """Nothing of the person's own environment reaches a function: least of all credentials."""
    seen = toys.call().json()

    environment = seen["environment"]
    assert environment["COLOUR"] == "blue"
    assert environment["SIZE"] == "7"
    assert environment["ADDRESS"] == "us-east-1/blue"
    assert environment["OPENROUTER_K2T_KEY"] == KEY["OPENROUTER_K2T_KEY"]
    assert environment["OPENROUTER_BASE_URL"] == "http://127.0.0.1:9/api/v1"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "ToyFunction"
    assert environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert environment["AWS_LAMBDA_LOG_FORMAT"] == "JSON"
    assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "us-east-1"
    assert environment["TZ"] == ":UTC"
    assert environment["PYTHONPATH"] == environment["LAMBDA_TASK_ROOT"] == seen["cwd"] == str(TOYS)
    assert not [name for name in environment if name in ("FOO", "PORT") or "ACCESS_KEY" in name]
    assert seen["arn"].endswith(":function:ToyFunction")
    assert 1500 < seen["remainingMs"] <= 2000


# --- the answer ---


@pytest.mark.parametrize(
    ("value", "status", "content_type", "text"),
    [
        ({"statusCode": 201, "headers": {"Content-Type": "text/plain"}, "body": "é"}, 201, "text/plain", "é"),
        ({"statusCode": "404"}, 404, "application/json", ""),
        ({"statusCode": 200, "body": base64.b64encode(b"raw").decode(), "isBase64Encoded": True}, 200, None, "raw"),
        ({"statusCode": 200, "body": {"a": 1}}, 200, None, '{"a": 1}'),
        ({"a": [1, None]}, 200, "application/json", '{"a": [1, null]}'),
        ("text", 200, "application/json", '"text"'),
        (None, 200, "application/json", "null"),
        ({"statusCode": 99}, *BAD_GATEWAY[:1], None, BAD_GATEWAY[1]),
        ({"statusCode": "ok"}, *BAD_GATEWAY[:1], None, BAD_GATEWAY[1]),
        ({"statusCode": 200, "headers": {"x": "a\nb"}}, *BAD_GATEWAY[:1], None, BAD_GATEWAY[1]),
        ({"statusCode": 200, "headers": []}, 200, None, ""),
        ({"statusCode": 200, "body": "?", "isBase64Encoded": True}, *BAD_GATEWAY[:1], None, BAD_GATEWAY[1]),
    ],
)
def test_answer_is_what_a_function_url_makes_of_it(
    toys: Emulator, value: Any, status: int, content_type: str | None, text: str
) -> None:
    response = toys.call({"do": "return", "value": value})

    assert (response.status_code, response.text) == (status, text)
    assert content_type in (None, response.headers["content-type"].partition(";")[0])


def test_answer_carries_headers_and_cookies_once(toys: Emulator) -> None:
    value = {
        "statusCode": 429,
        "headers": {"Retry-After": 3, "X-Flag": True, "Content-Length": "999"},
        "cookies": ["a=b", "c=d; Path=/"],
        "body": "wait",
    }

    headers = toys.call({"do": "return", "value": value}).headers

    assert (headers["retry-after"], headers["x-flag"], headers["content-length"]) == ("3", "true", "4")
    assert headers.get_list("set-cookie") == ["a=b", "c=d; Path=/"]


def test_bodies_over_6_mb_are_refused_in_both_directions(toys: Emulator) -> None:
    order = b'{"do": "return", "value": 1}'.ljust(6 * 1024 * 1024)
    text = {"Content-Type": "application/json"}
    assert toys.request("POST", "/toy", content=order, headers=text).text == "1"
    assert toys.request("POST", "/toy", content=order + b" ", headers=text).status_code == 413
    assert toys.call({"do": "grow", "bytes": 6 * 1024 * 1024 - 100}).status_code == 200
    refused = toys.call({"do": "grow", "bytes": 6 * 1024 * 1024 + 100})
    assert (refused.status_code, refused.text) == BAD_GATEWAY
    assert toys.call().status_code == 200


def test_unknown_route_names_those_that_exist(toys: Emulator) -> None:
    response = toys.request("POST", "/toys")

    assert response.status_code == 404
    assert response.json()["routes"] == ["/toy", "/plain-toy", "/broken"]


def test_page_and_configuration_are_served(toys: Emulator) -> None:
    page = toys.request("GET", "/")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert toys.request("GET", "/workbench/index.html").text == page.text
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page.text), "the page loads nothing from elsewhere"
    config = toys.request("GET", "/config").json()
    assert config == {
        "hosts": {"openrouter": "http://127.0.0.1:9/api/v1"},
        "standIn": False,
        "libraries": "/npm/" if config["offline"] else "https://cdn.jsdelivr.net/npm/",
        "offline": Libraries().are_installed(),
        "faults": [],
        "models": [],
        "workflow": "direct",
        "guard": False,
    }


@pytest.mark.parametrize(
    "path", ["/", "/config", "/workbench/index.html", "/client/client.js", "/npm/a@1/b.js", "/costs"]
)
def test_page_and_what_belongs_to_it_are_for_this_machine_only(toys: Emulator, path: str) -> None:
    assert toys.request("GET", path, headers=[("Host", "evil.example")]).status_code == 421
    assert "routes" in toys.request("POST", path).json(), (
        "only GET is for the page: all else is a function's, or nobody's"
    )


# --- CORS ---


def preflight(origin: str, method: str = "POST", headers: str = "content-type") -> dict[str, str]:
    return {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}


def test_preflight_of_an_allowed_origin_is_answered_without_the_function(toys: Emulator) -> None:
    response = toys.request("OPTIONS", "/toy", headers=preflight(ORIGIN, headers="Content-Type, X-Extra"))

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers.get_list("access-control-allow-origin") == [ORIGIN]
    assert response.headers["access-control-allow-methods"] == "POST"
    assert response.headers["access-control-allow-headers"] == "content-type,x-extra"
    assert response.headers["vary"] == "Origin"


@pytest.mark.parametrize(
    "headers",
    [
        preflight("https://evil.example"),
        preflight(ORIGIN + ".evil.example"),
        preflight(ORIGIN, method="DELETE"),
        preflight(ORIGIN, headers="content-type,x-other"),
    ],
    ids=["origin", "longer origin", "method", "header"],
)
def test_preflight_gives_no_leave_for_what_is_not_allowed(toys: Emulator, headers: dict[str, str]) -> None:
    response = toys.request("OPTIONS", "/toy", headers=headers)

    assert response.status_code == 200
    assert not [name for name in response.headers if name.startswith("access-control-")]


def test_answer_to_an_allowed_origin_has_each_cors_header_once(toys: Emulator) -> None:
    response = toys.call({"do": "return", "value": {"statusCode": 400}}, headers={"Origin": ORIGIN})

    assert response.headers.get_list("access-control-allow-origin") == [ORIGIN]
    assert response.headers.get_list("access-control-expose-headers") == ["x-request-id,retry-after"]
    assert response.headers.get_list("vary") == ["Origin"]


def test_cors_headers_of_the_function_come_on_top_as_in_the_cloud(toys: Emulator) -> None:
    """So that a function which writes them as well is found out here, and not by its first browser."""
    value = {"statusCode": 200, "headers": {"access-control-allow-origin": ORIGIN}}

    response = toys.call({"do": "return", "value": value}, headers={"Origin": ORIGIN})

    assert response.headers.get_list("access-control-allow-origin") == [ORIGIN, ORIGIN]


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}], ids=["no origin", "other origin"])
def test_answer_to_others_has_no_cors_header(toys: Emulator, headers: dict[str, str]) -> None:
    response = toys.call(headers=headers)

    assert response.status_code == 200
    assert not [name for name in response.headers if name.startswith("access-control-")]


def test_without_a_cors_block_preflights_go_to_the_function(toys: Emulator) -> None:
    response = toys.request("OPTIONS", "/plain-toy", headers=preflight(ORIGIN))

    assert response.json()["event"]["requestContext"]["http"]["method"] == "OPTIONS"


# --- processes ---


def test_two_at_once_are_served_at_once(toys: Emulator) -> None:
    order = {"do": "sleep", "seconds": 1}

    with ThreadPoolExecutor() as threads:
        first, second = (response.json() for response in threads.map(toys.call, [order, order]))

    assert first["pid"] != second["pid"]
    assert max(first["started"], second["started"]) < min(first["ended"], second["ended"])


def test_process_is_used_again(toys: Emulator) -> None:
    assert toys.call().json()["pid"] == toys.call().json()["pid"]


def test_forty_at_once_are_all_answered_by_no_more_processes_than_allowed(toys: Emulator) -> None:
    counts = []
    orders = [{"do": "sleep", "seconds": 0.1}] * 40

    with ThreadPoolExecutor(40) as threads:
        calls = [threads.submit(toys.call, order) for order in orders]
        while not all(call.done() for call in calls):
            counts.append(len(toys.children("toy.handler")))
        pids = {call.result().json()["pid"] for call in calls}

    assert {call.result().status_code for call in calls} == {200}
    assert 1 < len(pids) <= 4
    assert max(counts) <= 4 + 1  # and the one of plain-toy


def test_time_out_kills_the_process_and_the_next_request_works(toys: Emulator, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    order = {"do": "sleep", "seconds": 4, "touch": str(mark)}

    late = toys.call(order)

    assert (late.status_code, late.text) == BAD_GATEWAY
    assert 1.9 < late.elapsed.total_seconds() < 3.5
    said = f"toy: a process ran out of time after 2 s and was killed (request {late.headers['x-amzn-requestid']})"
    wait_for(lambda: said in toys.stderr)
    assert toys.call().status_code == 200
    assert not mark.exists()


@pytest.mark.parametrize(
    ("order", "what"),
    [
        ({"do": "crash"}, "exited with status 3"),
        ({"do": "die"}, "was ended by SIGKILL"),
        ({"do": "die", "leaving": 5}, "was ended by SIGKILL"),
        ({"do": "fail"}, ""),
    ],
    ids=["exit", "signal", "signal-with-a-child", "exception"],
)
def test_failure_answers_502_at_once_and_the_next_request_works(
    toys: Emulator, order: dict[str, Any], what: str
) -> None:
    failed = toys.call(order)

    assert (failed.status_code, failed.text) == BAD_GATEWAY
    assert failed.elapsed.total_seconds() < 1.5
    wait_for(lambda: what in toys.stderr)
    assert toys.call().status_code == 200


def test_process_killed_from_outside_answers_502_and_the_next_request_works(toys: Emulator, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    pid = toys.call().json()["pid"]

    with ThreadPoolExecutor() as threads:
        call = threads.submit(toys.call, {"do": "touch and sleep", "touch": str(mark), "seconds": 1.5})
        wait_for(mark.exists)
        os.kill(pid, signal.SIGKILL)
        killed = call.result()

    assert (killed.status_code, killed.text) == BAD_GATEWAY
    assert killed.elapsed.total_seconds() < 1.4
    assert toys.call().json()["pid"] != pid


def test_idle_process_killed_from_outside_costs_nobody_an_answer(toys: Emulator) -> None:
    pid = toys.call().json()["pid"]

    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not is_alive(pid))

    assert toys.call().json()["pid"] != pid


def test_function_that_cannot_start_answers_502_and_says_why(toys: Emulator) -> None:
    for _ in range(2):
        response = toys.call(route="broken")
        assert (response.status_code, response.text) == BAD_GATEWAY
    said = "broken: a process failed to start: RuntimeError: broken as ordered"
    wait_for(lambda: said in toys.stderr)
    wait_for(lambda: not toys.children("broken.handler"))


def test_caller_that_goes_away_stops_nothing(toys: Emulator, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    body = json.dumps({"do": "sleep", "seconds": 0.5, "touch": str(mark)})
    port = int(toys.url.rpartition(":")[2])

    with socket.create_connection(("127.0.0.1", port)) as connection:
        head = (
            f"POST /toy HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        connection.sendall((head + body).encode())
        time.sleep(0.2)
    assert not mark.exists()

    wait_for(mark.exists)


def test_lines_arrive_whole_and_apart(toys: Emulator) -> None:
    """A function's lines are read by programs: none may be cut, mixed or changed, however long it is."""
    orders = [{"do": "print", "length": 200_000, "stdout": f"out é {n}", "stderr": f"complaint {n}"} for n in range(8)]

    with ThreadPoolExecutor() as threads:
        assert all(response.text == '"printed"' for response in threads.map(toys.call, orders))

    wait_for(lambda: toys.stdout.splitlines().count("x" * 200_000) == 8)
    wait_for(lambda: all(f"complaint {n}" in toys.stderr.splitlines() for n in range(8)))
    assert all(f"out é {n}" in toys.stdout.splitlines() for n in range(8))
    assert "complaint" not in toys.stdout
    assert "ready in" not in toys.stdout


def test_nothing_is_left_behind_by_all_this(toys: Emulator) -> None:
    """Last in this file: after every failure above, no more processes than allowed and none that is dead."""
    processes = toys.children()

    assert 1 <= len(processes) <= 4 + 1
    assert all(map(is_alive, processes))
