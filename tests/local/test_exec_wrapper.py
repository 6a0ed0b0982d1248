"""How the runtime that streams is started: by the wrapper, in what order, and what is said where it cannot be."""

import json
import sys
from pathlib import Path

import pytest

from tests.support.lambda_runtime import MAIN, PACKAGE, running

FINE = """
    import os
    def handler(event, context): return {"streams": hasattr(context, "streams"), "set": os.environ.get("SET")}
"""


def script(folder: Path, text: str) -> str:
    path = folder / "wrapper"
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def test_runtime_runs_by_its_file_alone(tmp_path: Path) -> None:
    with running(tmp_path, FINE, [sys.executable, MAIN]) as runtime:
        assert json.loads(runtime.ask({}).body)["streams"] is True


def test_sam_local_gets_the_ordinary_command_as_it_was_given(tmp_path: Path) -> None:
    echo = ["sh", "-c", 'printf "%s|" "$0" "$@"', "a b", "", "c"]
    command = ["sh", str(PACKAGE / "exec-wrapper"), sys.executable, "-c", "import sys; print(sys.argv)", "a b", "", "c"]
    with running(tmp_path, FINE, command, AWS_SAM_LOCAL="true") as runtime:
        assert runtime.ended() == 0
        assert runtime.stdout == "['-c', 'a b', '', 'c']\n"
        assert (runtime.api.asked, runtime.paths()) == (0, [])
    with running(tmp_path, FINE, [sys.executable, MAIN, *echo], AWS_SAM_LOCAL="true") as runtime:
        assert runtime.ended() == 0
        assert runtime.stdout == "a b||c|"


def test_other_wrapper_runs_first_and_starts_this_runtime(tmp_path: Path) -> None:
    """As a layer's wrapper does: it sets something, and runs the command that it was called with."""
    wrapper = script(
        tmp_path, f'#!/bin/sh\nprintf "%s\\n" "$@" >>{tmp_path}/called\nexport SET=by-wrapper\nexec "$@"\n'
    )
    with running(tmp_path, FINE, NEXT_EXEC_WRAPPER=wrapper) as runtime:
        assert json.loads(runtime.ask({}).body) == {"streams": True, "set": "by-wrapper"}
        assert (tmp_path / "called").read_text().splitlines() == [sys.executable, MAIN]


@pytest.mark.parametrize("empty", ["", " "])
def test_other_wrapper_that_is_empty_is_none(tmp_path: Path, empty: str) -> None:
    with running(tmp_path, FINE, NEXT_EXEC_WRAPPER=empty) as runtime:
        assert json.loads(runtime.ask({}).body) == {"streams": True, "set": None}


@pytest.mark.parametrize("kind", ["missing", "not executable", "no program"])
def test_other_wrapper_that_cannot_be_run_is_named(tmp_path: Path, kind: str) -> None:
    wrapper = script(tmp_path, "no first line that names a shell\n")
    if kind == "missing":
        wrapper += "-elsewhere"
    elif kind == "not executable":
        Path(wrapper).chmod(0o644)
    with running(tmp_path, FINE, NEXT_EXEC_WRAPPER=wrapper) as runtime:
        request = runtime.api.wait()

        assert request.line == "POST /2018-06-01/runtime/init/error HTTP/1.1"
        assert request.header("Lambda-Runtime-Function-Error-Type") == "Runtime.ExecWrapper"
        assert f"NEXT_EXEC_WRAPPER is '{wrapper}'" in json.loads(request.body)["errorMessage"]
        assert runtime.ended() == 1
        assert runtime.api.asked == 0


@pytest.mark.parametrize(
    ("source", "handler", "why"),
    [
        ("import nonesuch", "app.handler", "ModuleNotFoundError: No module named 'nonesuch'"),
        ("def handler(:", "app.handler", "SyntaxError"),
        ("raise KeyError('SETTING')", "app.handler", "KeyError: 'SETTING'"),
        ("", "app.handler", "no attribute 'handler'"),
        ("", "other.handler", "No module named 'other'"),
        ("", "handler", "Unable to load handler 'handler'"),
    ],
)
def test_handler_that_cannot_be_loaded_is_told_why(tmp_path: Path, source: str, handler: str, why: str) -> None:
    with running(tmp_path, source, _HANDLER=handler) as runtime:
        request = runtime.api.wait()

        assert request.line == "POST /2018-06-01/runtime/init/error HTTP/1.1"
        assert request.header("Lambda-Runtime-Function-Error-Type") == "Runtime.ImportModuleError"
        assert why in json.loads(request.body)["errorMessage"]
        assert runtime.ended() == 1
        assert runtime.api.asked == 0
        assert [why in line["errorMessage"] for line in runtime.lines] == [True]
        assert runtime.stderr == ""


def test_handler_in_a_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "inner.py").write_text("def handler(*_): return 'inner'")
    with running(tmp_path, "", _HANDLER="sub/inner.handler") as runtime:
        assert runtime.ask({}).body == b'"inner"'


def test_lines_of_libraries_are_json(tmp_path: Path) -> None:
    source = """
        import logging
        def handler(event, context):
            logging.debug("unseen")
            logging.getLogger("lib").warning("two\\nlines of %s", "caf\\u00e9")
            logging.info("seen")
    """
    with running(tmp_path, source) as runtime:
        runtime.ask()

        warning, info = runtime.lines
        assert (warning["level"], warning["logger"], warning["message"]) == (
            "WARNING",
            "lib",
            "two\nlines of caf\u00e9",
        )
        assert (info["level"], info["message"]) == ("INFO", "seen")
        assert runtime.stderr == ""


# ---- AWS's own emulator of the Runtime API.


def test_what_the_platform_brings_is_found_behind_all_else(tmp_path: Path) -> None:
    """As the AWS library, of which a function may bring another version."""
    platform = tmp_path / "runtime"
    platform.mkdir()
    for folder, words in ((platform, ("brought", "own")), (tmp_path, ("own",))):
        for word in words:
            (folder / f"{word}.py").write_text(f"whose = {folder.name!r}\n")
    source = """
        import brought, own
        def handler(event, context):
            return [brought.whose, own.whose]
    """

    with running(tmp_path, source) as runtime:
        assert json.loads(runtime.ask({}).body) == ["runtime", tmp_path.name]
