"""A parser is loaded once, in any thread, and keeps nothing of what it has read."""

import hashlib
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from shared.artifacts.syntax import parsers
from shared.artifacts.syntax.parsers import DIAGRAMS, SCRIPTS, NoVerdictError, Parser, without_parsers

FOLDER = Path(parsers.__file__).parent


def request(code: str) -> str:
    return json.dumps({
        "code": code, "dialect": "tsx", "source": "module", "react": True, "names": True, "globals": [],
    })  # fmt: skip


GOOD = request("export default () => <p/>;")
BAD = request("export default () => <p>{nobody}</p>;")


def test_a_parser_is_loaded_once_and_by_whichever_thread_is_first() -> None:
    parser = Parser(FOLDER / "script.js", "checkScript", "setGlobals")
    loaded: list[object] = []
    threads = [threading.Thread(target=lambda: loaded.append(parser.load())) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len(loaded) == len(threads)
    assert {id(each) for each in loaded} == {id(parser.load())}
    assert parser.call(GOOD)["problems"] == []


def test_a_parser_is_not_loaded_before_it_is_asked() -> None:
    command = "import sys; import shared.artifacts.syntax.script.check; sys.exit('quickjs' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", command], check=False, timeout=60).returncode == 0


def test_no_state_is_left_between_two_calls() -> None:
    first = [SCRIPTS.call(each) for each in (GOOD, BAD)]
    SCRIPTS.call(request("globalThis.nobody = 1; String.prototype.trim = null; export default () => <p/>;"))

    assert [SCRIPTS.call(each) for each in (GOOD, BAD)] == first
    assert first[0]["problems"] == []
    assert first[1]["problems"]


def test_a_verdict_of_a_diagram_does_not_depend_on_the_one_before() -> None:
    good, bad = "flowchart TD\n  A --> B", "flowchart TD\n  A --> --> B"
    verdicts = [bool(DIAGRAMS.call(each)["problems"]) for each in (good, bad, "pie", good, bad)]

    assert verdicts == [False, True, False, False, True]


def test_a_parser_that_overflows_gives_no_verdict_and_can_be_asked_again() -> None:
    with pytest.raises(NoVerdictError):
        SCRIPTS.call(request("[" * 20_000 + "]" * 20_000))

    assert SCRIPTS.call(GOOD)["problems"] == []


def test_what_is_no_request_gives_no_verdict() -> None:
    with pytest.raises(NoVerdictError):
        SCRIPTS.call("{")


def test_parsers_are_there_again_after_a_block_without_them() -> None:
    with pytest.raises(NoVerdictError), without_parsers():
        SCRIPTS.call(GOOD)

    assert SCRIPTS.call(GOOD)["problems"] == []


def test_bundles_are_those_that_their_hashes_were_taken_of() -> None:
    sums = FOLDER / "SHA256SUMS"
    if not sums.exists():
        pytest.skip("no sums are kept")
    for line in sums.read_text("ascii").splitlines():
        digest, name = line.split()
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest


def test_every_package_in_a_bundle_is_named_with_its_licence() -> None:
    lines = (FOLDER / "LICENSES.txt").read_text("utf-8").splitlines()

    assert "@babel/parser 8.0.6 (MIT)" in lines
    assert "mermaid 11.17.2 (MIT)" in lines
    assert sum("Permission is hereby granted" in line for line in lines) > 5
