"""The client for frontends in a real browser, against `make run`."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.docgen.client import DOCS
from tests.browser.client_page import Asked, ClientPage, client_page
from tests.local.bundle import at, lines, lines_of, running_bundle
from tests.local.emulator import Emulator, wait_for
from tests.support.chromium import Browser
from tests.support.site import Site
from tests.support.sockets import serving
from tests.support.standin import StandIn, standin

LIST = {"prompt": "A todo list", "artifactType": "react"}
PLENTY = {"GUEST_LIMIT": "1000", "GLOBAL_LIMIT_PER_MINUTE": "1000"}


@pytest.fixture(scope="module")
def slow_host() -> Iterator[StandIn]:
    """A stand-in at the pace of a model."""
    with standin("--pace", "natural") as running:
        yield running


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, slow_host: StandIn) -> Iterator[Emulator]:
    """The bundle that heeds `Idempotency-Key`, and makes one attempt for a request."""
    settings = {"ENABLE_GUARD": "true", "MAX_CALLS": "1", **PLENTY}
    with running_bundle(tmp_path_factory.mktemp("guarded"), **at(slow_host), **settings) as running:
        yield running


@pytest.fixture
def page(browser: Browser, guarded: Emulator, slow_host: StandIn) -> Iterator[ClientPage]:
    """A page of the guarded bundle's own origin, whose host has no calls yet."""
    slow_host.forget()
    with client_page(browser, f"{guarded.url}/config") as opened:
        yield opened


def options(url: str, **more: Any) -> dict[str, Any]:
    return {"generateUrl": f"{url}/generate-artifact", "fixUrl": f"{url}/generate-artifact-fix", **more}


def assert_billed_once(host: StandIn) -> None:
    assert len([row for row in host.ledger()["calls"] if row["charged_nano_usd"]]) == 1


def costs(running: Emulator) -> int:
    """How many requests are served."""
    return sum(line["message"] == "cost" for line in lines(running))


def assert_made(asked: Asked) -> dict[str, Any]:
    assert asked.error is None
    assert asked.answer
    assert asked.answer["success"] is True
    assert asked.code in {"", asked.answer["artifact"]["code"]}
    return asked.answer


def test_progress_comes_in_steps(page: ClientPage, guarded: Emulator) -> None:
    """Phases and code arrive while the model writes, long before the end; the pieces make the code."""
    asked = page.ask("generate", options(guarded.url), LIST)

    answer = assert_made(asked)
    assert asked.code == answer["artifact"]["code"] != ""
    phases = dict.fromkeys(each["phase"] for each in asked.all("onStatus"))
    assert list(phases) == ["thinking", "writing", "checking"]
    times = [at for name, _, at in asked.told if name == "onDelta"]
    assert len(times) > 5
    assert times[-1] - times[0] > 500
    assert asked.told[0][2] < times[0] < asked.took - 500


def test_plan_and_review_of_a_reviewed_artifact_are_told_as_the_answer_has_them(
    browser: Browser, bundle: Emulator
) -> None:
    reviewed = {"prompt": "A rocket icon", "artifactType": "svg", "workflow": "reviewed"}
    with client_page(browser, f"{bundle.url}/config") as page:
        asked = page.ask("generate", options(bundle.url), reviewed)

    assert asked.error is None
    assert asked.answer
    (plan,), (review,) = asked.all("onPlan"), asked.all("onReview")
    assert plan == asked.answer["plan"]
    more = {"changes": asked.answer["review"]["changes"], "rebuild": "kept"}
    assert review | more == asked.answer["review"]
    assert [name for name in asked.names if name != "onStatus"] == ["onPlan", "onDelta", "onReview"]
    assert asked.code != asked.answer["artifact"]["code"], "there are no pieces of what was changed"


def test_a_fix_is_made(browser: Browser, bundle: Emulator) -> None:
    broken = {"content": "export default function App() { return <p>Hi</b>; }", "type": "react", "errorMessage": "End"}
    with client_page(browser, f"{bundle.url}/config") as page:
        asked = page.ask("fix", options(bundle.url), broken)

    assert asked.answer
    assert asked.answer["type"] == "react"
    assert asked.code == asked.answer["fixedCode"]


def test_the_example_of_the_readme_runs(browser: Browser, bundle: Emulator) -> None:
    """With the client as `make run` serves it."""
    example = (DOCS / "client" / "README.md").read_text("utf-8").partition("```js\n")[2].partition("```")[0]
    script = re.sub(r'import (.*) from "\./(.*)";', r'const \1 = await import("/client/\2");', example)
    with browser.open(f"{bundle.url}/config") as page:
        page.evaluate("window.logged = []; console.log = (...words) => { logged.push(words); }; 0")
        page.evaluate(f"(async () => {{ {script.replace('http://127.0.0.1:8787', bundle.url)} }})()")
        logged = page.evaluate("logged")

    phases = [words[0] for words in logged if words[0] in {"thinking", "writing", "checking"}]
    pieces = [words[0] for words in logged if len(words) == 1 and words[0] not in phases]
    assert list(dict.fromkeys(phases)) == ["thinking", "writing", "checking"]
    code, cost = logged[-1]
    assert "".join(pieces) == code
    assert cost > 0


def test_a_deployment_that_buffers_is_read_as_well(browser: Browser, host: StandIn, tmp_path: Path) -> None:
    """The events come at once, at the end; a failure before the work is plain JSON."""
    with (
        running_bundle(tmp_path, **at(host), RESPONSE_MODE="buffered") as running,
        client_page(browser, f"{running.url}/config") as page,
    ):
        asked = page.ask("generate", options(running.url), LIST)
        refused = page.ask("generate", options(running.url), {"prompt": ""})

    assert asked.code == assert_made(asked)["artifact"]["code"] != ""
    assert refused.error
    assert (refused.error["code"], refused.error["field"], refused.error["status"]) == (
        "invalid_request",
        "prompt",
        400,
    )


def test_pages_of_allowed_origins_may_ask_and_others_are_told_so(
    browser: Browser, host: StandIn, here: Site, elsewhere: Site, tmp_path: Path
) -> None:
    with running_bundle(tmp_path, **at(host), ALLOWED_ORIGINS=here.url) as running:
        with client_page(browser, here.put("/", "<p>A frontend")) as page:
            asked = page.ask("generate", options(running.url, token="a token"), LIST)
            refused = page.ask("generate", options(running.url), {"prompt": ""})
        with client_page(browser, elsewhere.put("/", "<p>Another")) as page:
            blocked = page.ask("generate", options(running.url), LIST)

    assert assert_made(asked)
    assert refused.error
    assert refused.error["code"] == "invalid_request"
    assert blocked.error
    assert (blocked.error["code"], "status" in blocked.error) == ("unreachable", False)
    assert "whether pages of this origin may call it" in blocked.error["message"]


def test_who_aborts_is_answered_at_once_and_finds_the_result_later(
    page: ClientPage, guarded: Emulator, slow_host: StandIn
) -> None:
    """A function is not told of it, as in the cloud: it goes on, and the same key gives what it made at no cost."""
    before = costs(guarded)
    aborting = page.ask("generate", options(guarded.url), LIST, "{ onDelta: () => controller.abort('enough') }")
    assert aborting.error
    assert costs(guarded) == before
    wait_for(lambda: costs(guarded) == before + 1)
    key = {"idempotencyKey": aborting.error["idempotencyKey"]}

    asked = page.ask("generate", options(guarded.url), LIST, json.dumps(key))

    assert (aborting.error["type"], aborting.error["code"]) == ("ArtifactError", "aborted")
    assert (aborting.error["cause"], aborting.error["retryable"]) == ("enough", False)
    assert aborting.told[-1][0] == "onDelta"
    assert len(aborting.all("onDelta")) == 1
    assert aborting.took - aborting.told[-1][2] < 200
    assert assert_made(asked)["attempts"] == 1
    assert_billed_once(slow_host)
    cost = lines_of(guarded, assert_made(asked)["requestId"])[-1]
    assert (cost["replayed"], cost["cost_nano_usd"]) == (True, 0)


def test_a_retry_is_billed_once(page: ClientPage, guarded: Emulator, slow_host: StandIn) -> None:
    order = {"prompt": "A drawing of waves [[fault status code=503 times=1]]", "artifactType": "svg"}

    asked = page.ask("generate", options(guarded.url), order)

    assert assert_made(asked)
    ((retry),) = asked.all("onRetry")
    assert (retry["attempt"], retry["code"]) == (2, "upstream_overloaded")
    assert 0.5 <= retry["waitSeconds"] <= 1
    assert len(slow_host.ledger()["calls"]) == 2
    assert_billed_once(slow_host)


def cutting(running: Emulator, first: threading.Event) -> Any:
    """A gateway to the bundle that cuts the first answer once all code has come, when its check begins."""
    address = ("127.0.0.1", int(running.url.rpartition(":")[2]))

    def relay(connection: socket.socket, _number: int) -> None:
        with socket.create_connection(address) as upstream:
            threading.Thread(target=pump, args=(connection, upstream), daemon=True).start()
            while data := upstream.recv(65_536):
                shown, check, _ = data.partition(b'"checking"')
                if check and not first.is_set():
                    connection.sendall(shown)
                    first.set()
                    connection.shutdown(socket.SHUT_RDWR)
                    return
                connection.sendall(data)

    def pump(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65_536):
                target.sendall(data)
        except OSError:
            return

    return serving(relay)


def test_a_connection_that_is_cut_is_billed_once(browser: Browser, guarded: Emulator, slow_host: StandIn) -> None:
    """The same key gets the answer of the function, which goes on; what was shown of it is withdrawn."""
    slow_host.forget()
    cut = threading.Event()
    with cutting(guarded, cut) as url, client_page(browser, f"{url}/config") as page:
        asked = page.ask("generate", options(url), LIST)

    assert cut.is_set()
    assert assert_made(asked)["attempts"] == 1
    codes = [given["code"] for given in asked.all("onRetry")]
    assert codes[0] == "unreachable"
    assert codes[1:] in ([], ["request_in_progress"]), "one wait is as long as all of the work"
    assert asked.names[asked.names.index("onRetry") :][:2] == ["onRetry", "onReset"]
    assert len(slow_host.ledger()["calls"]) == 1


def test_a_request_in_progress_is_waited_for(page: ClientPage, guarded: Emulator, slow_host: StandIn) -> None:
    """By whoever has its key; both get the same answer, and it is billed once."""
    asked = page.run(
        f"""const options = {json.dumps(options(guarded.url))}, request = {json.dumps(LIST)};
        // Two processes are then there: one that had to start would find the first request done.
        await Promise.all([1, 2].map(() => ask("generate", options, request)));
        const call = {{ idempotencyKey: "the one" }};
        let first;
        await new Promise((onStatus) => {{ first = ask("generate", options, request, {{ ...call, onStatus }}); }});
        const second = await ask("generate", options, request, call);
        return {{ ...second, answer: {{ ...second.answer, first: (await first).answer }} }};"""
    )

    answer = assert_made(asked)
    assert [retry["code"] for retry in asked.all("onRetry")] == ["request_in_progress"]
    assert 1 <= asked.all("onRetry")[0]["waitSeconds"] <= 10
    assert asked.names == ["onRetry"]
    assert answer["artifact"] == answer["first"]["artifact"]
    assert len(slow_host.ledger()["calls"]) == 3


def test_without_a_guard_a_connection_that_is_cut_is_not_asked_for_again(
    browser: Browser, slow_host: StandIn, tmp_path: Path
) -> None:
    """It would be billed twice: keys are not heeded."""
    slow_host.forget()
    with (
        running_bundle(tmp_path, **at(slow_host)) as running,
        cutting(running, threading.Event()) as url,
        client_page(browser, f"{url}/config") as page,
    ):
        asked = page.ask("generate", options(url), LIST)
        wait_for(lambda: len(slow_host.ledger()["calls"]) == 1)

    assert asked.error
    assert (asked.error["code"], asked.error["retryable"], asked.error["mayBillAgain"]) == ("unreachable", True, True)
    assert asked.all("onRetry") == []
