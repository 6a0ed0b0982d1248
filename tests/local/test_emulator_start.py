"""`make run` itself: its settings, what it refuses, how it starts and how it ends."""

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from local.emulator.__main__ import unsupported
from local.emulator.function_process import FunctionProcess
from local.emulator.functions import read_functions
from local.emulator.host_settings import HOSTS, HostSettings
from local.emulator.model_host import ModelHosts
from local.emulator.output import Output
from local.emulator.process_pool import Invocation, Pool, StreamedAnswer
from local.emulator.settings import Settings, SettingsError
from local.standin.dialects import DIALECTS
from local.standin.faults import as_json
from tests.local.emulator import KEY, ROOT, TOYS, emulator, is_alive, start, wait_for

TEMPLATE = TOYS / "template.yaml"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_everything_at_once(tmp_path: Path, number: signal.Signals) -> None:
    """Exit status 0, no traceback, no child left, whatever is under way."""
    with emulator(tmp_path, **KEY) as toys, ThreadPoolExecutor() as threads:
        mark = tmp_path / "mark"
        call = threads.submit(toys.call, {"do": "touch and sleep", "touch": str(mark), "seconds": 20})
        wait_for(mark.exists)
        children = toys.children()

        toys.process.send_signal(number)
        toys.process.send_signal(number)

        assert toys.process.wait(1) == 0
        assert call.exception(5) or call.result().status_code == 502
        assert children
        assert not [pid for pid in children if is_alive(pid)]
        assert toys.stderr.partition("Ctrl-C ends it")[2] == ")\n", "nothing is said about what was asked for"


def test_children_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    """Not even one that is busy: an idle one would notice by itself."""
    mark = tmp_path / "mark"
    with emulator(tmp_path, **KEY) as toys, ThreadPoolExecutor() as threads:
        threads.submit(toys.call, {"do": "touch and sleep", "touch": str(mark), "seconds": 20})
        wait_for(mark.exists)
        children = toys.children()
        toys.stop(signal.SIGKILL)

        assert children
        wait_for(lambda: not any(map(is_alive, children)), 2)


def test_waiting_in_line_is_not_counted_in_the_timeout(tmp_path: Path) -> None:
    """Four calls of 0.5 s, one at a time: the last waits for longer than its own time-out."""
    limits = {"LOCAL_CONCURRENCY": "1", "FUNCTION_TIMEOUT_SECONDS": "1.2"}
    with emulator(tmp_path, **KEY, **limits) as toys, ThreadPoolExecutor() as threads:
        answers = list(threads.map(toys.call, [{"do": "sleep", "seconds": 0.5}] * 4))

    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.json()["pid"] for answer in answers}) == 1
    assert all(answer.json()["remainingMs"] > 500 for answer in answers)


def test_env_file_is_read_and_the_environment_outranks_it(tmp_path: Path) -> None:
    shutil.copytree(TOYS, tmp_path / "root")
    (tmp_path / "root" / ".env").write_text(
        "COLOUR=green\nSIZE=8\nOPENROUTER_K2T_KEY=from-file\nFUNCTION_TIMEOUT_SECONDS=5\n"
    )

    with emulator(tmp_path / "out", tmp_path / "root" / "template.yaml", SIZE="9") as toys:
        seen = toys.call().json()

    assert seen["environment"]["COLOUR"] == "green"
    assert seen["environment"]["SIZE"] == "9"
    assert seen["environment"]["OPENROUTER_K2T_KEY"] == "from-file"
    assert 4000 < seen["remainingMs"] <= 5000


def test_the_hosts_of_the_emulator_are_those_of_functions_and_stand_in() -> None:
    entries = tomllib.loads((ROOT / "shared/model_host/hosts.toml").read_text())

    assert {host.name: (host.key, host.url, not host.needs_url) for host in HOSTS} == {
        name: (entry["key"], entry["url"], "base_url" in entry) for name, entry in entries.items()
    }
    assert {host.name: host.stand_in_path for host in HOSTS} == {
        name: dialect.path for name, dialect in DIALECTS.items()
    }


def test_without_a_key_the_stand_in_is_used_and_said_to_be_one(tmp_path: Path) -> None:
    with emulator(tmp_path, STANDIN_SEED="7") as toys:
        seen = toys.call().json()["environment"]
        config = toys.request("GET", "/config").json()
        (stand_in,) = toys.children("local.standin")

        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/api/v1", seen["OPENROUTER_BASE_URL"])
        assert {seen[host.key] for host in HOSTS} == {"stand-in"}
        assert (config["hosts"], config["standIn"]) == ({host.name: seen[host.url] for host in HOSTS}, True)
        for host in HOSTS:
            assert httpx.post(f"{seen[host.url]}/chat/completions", verify=False).status_code == 401  # noqa: S501 - http
            assert f"model host {host.name}" in toys.stderr
        assert config["faults"] == as_json()
        assert "all a stand-in, no real model" in toys.stderr
        assert b"STANDIN_SEED=7" in Path(f"/proc/{stand_in}/environ").read_bytes().split(b"\0")
        assert toys.stop() == 0
        assert not is_alive(stand_in)


def test_end_of_the_stand_in_ends_everything_with_a_word(tmp_path: Path) -> None:
    with emulator(tmp_path) as toys:
        (stand_in,) = toys.children("local.standin")
        functions = toys.children()

        os.kill(stand_in, signal.SIGKILL)

        assert toys.process.wait(2) == 1
        assert "make run: the stand-in model host has ended" in toys.stderr
        assert functions
        assert not any(map(is_alive, functions))


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"PORT": "http"}, "PORT must be a whole number from 0 to 65535, not 'http'."),
        ({"PORT": "70000"}, "PORT must be"),
        ({"RESPONSE_MODE": "streaming"}, "RESPONSE_MODE must be buffered or stream, not 'streaming'."),
        ({"LOCAL_CONCURRENCY": "0"}, "LOCAL_CONCURRENCY must be a whole number from 1"),
        ({"FUNCTION_TIMEOUT_SECONDS": "nan"}, "FUNCTION_TIMEOUT_SECONDS must be a number"),
        ({"FUNCTION_TIMEOUT_SECONDS": "901"}, "FUNCTION_TIMEOUT_SECONDS must be"),
        (
            {"OPENROUTER_K2T_KEY": " ", "OPENROUTER_BASE_URL": "http://127.0.0.1:9"},
            "OPENROUTER_BASE_URL is set and OPENROUTER_K2T_KEY is not: set both",
        ),
        ({"MOONSHOT_BASE_URL": "https://a.example"}, "MOONSHOT_BASE_URL is set and MOONSHOT_KEY is not"),
        ({"KIMI_BASE_URL": "https://a.example", "KIMI_KEY": ""}, "KIMI_BASE_URL is set and KIMI_KEY is not"),
        ({"CUSTOM_HOST_URL": "https://a.example"}, "CUSTOM_HOST_URL is set and CUSTOM_HOST_KEY is not"),
        ({"CUSTOM_HOST_KEY": "k", "CUSTOM_HOST_URL": " "}, "CUSTOM_HOST_KEY is set and CUSTOM_HOST_URL is not"),
    ],
)
def test_bad_setting_is_refused_by_name(tmp_path: Path, environment: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(named)):
        Settings.load(tmp_path, KEY | environment)


def test_a_blank_setting_of_a_host_is_none(tmp_path: Path) -> None:
    blank = {name: " " for host in HOSTS for name in (host.key, host.url)}

    settings = Settings.load(tmp_path, blank)

    assert settings.hosts == ()
    assert not blank.keys() & settings.environment.keys()


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.name)
def test_one_key_is_enough_for_real_hosts_and_reaches_the_functions(tmp_path: Path, host: HostSettings) -> None:
    """And no other host's key with it, nor a word of it in what is said."""
    url = {host.url: "https://models.example/v1"} if host.needs_url else {}
    settings = Settings.load(tmp_path, {host.key: "sk-secret"} | url)
    (function, *_) = read_functions(TEMPLATE, settings.for_functions)

    assert settings.hosts == (host.name,)
    assert {each.key: function.environment.get(each.key) for each in HOSTS} == {
        each.key: "sk-secret" if each is host else None for each in HOSTS
    }
    assert ModelHosts.of([function], settings).environment == {}
    assert "sk-secret" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "models"),
    [
        ({}, "{defaults},auto"),
        ({"CHAT_MODELS": " "}, "{defaults},auto"),
        ({"CHAT_MODELS": "a/b"}, "a/b"),
        ({"MODELS": "a/b"}, ""),
        ({"MODELS": "a/b", "CHAT_MODELS": "auto"}, "auto"),
    ],
)
def test_at_home_callers_may_leave_the_choice_of_a_model(given: dict[str, str], models: str, tmp_path: Path) -> None:
    """Where the owner has named no models; deployed, the owner has to say so."""
    settings = Settings.load(tmp_path, KEY | given).for_functions

    (chat,) = (each for each in read_functions(ROOT / "template.yaml", settings) if each.route == "chat-completions")
    defaults = read_functions(ROOT / "template.yaml", {})[0].environment["MODELS"]
    assert chat.environment["CHAT_MODELS"] == models.format(defaults=defaults)


@pytest.mark.parametrize(
    "url",
    [
        "https://npm.example/",
        "https://npm.example:8443/npm/v1.2/@mirror/",
        "http://127.0.0.1:9/npm/",
        "http://localhost/",
        "http://[::1]:9/",
    ],
)
def test_libraries_may_come_from_there(tmp_path: Path, url: str) -> None:
    assert Settings.load(tmp_path, KEY | {"LIBRARIES_URL": url}).libraries_url == url


@pytest.mark.parametrize(
    "url",
    [
        "https://npm.example",
        "https://npm.example/npm",
        "http://npm.example/",
        "http://127.0.0.1.npm.example/",
        "http://127.0.0.1@npm.example/",
        "https://me:secret@npm.example/",
        "https://npm.example/?key=1/",
        "https://npm.example/#/",
        "https://npm.example/; script-src *;/",
        "https://npm.example/'none'/",
        "//npm.example/",
        "/npm/",
        "npm",
    ],
)
def test_libraries_may_not_come_from_elsewhere(tmp_path: Path, url: str) -> None:
    """The address becomes part of the frame's policy, so nothing that is not one may be in it."""
    with pytest.raises(SettingsError, match="LIBRARIES_URL must be an https address"):
        Settings.load(tmp_path, KEY | {"LIBRARIES_URL": url})


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    process = start(tmp_path, TEMPLATE, PORT="http", LOCAL_CONCURRENCY="many", OPENROUTER_BASE_URL="http://127.0.0.1:9")

    assert process.wait(10) == 2
    message = (tmp_path / "stderr").read_text()
    assert all(name in message for name in ("PORT", "LOCAL_CONCURRENCY", "OPENROUTER_K2T_KEY"))
    assert "Traceback" not in message


def test_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = start(tmp_path, TEMPLATE, **KEY, PORT=port)

        assert process.wait(10) == 1
    assert f"port {port} cannot be used" in (tmp_path / "stderr").read_text()
    assert "Set PORT" in (tmp_path / "stderr").read_text()


def test_template_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE.read_text().replace("!Ref Colour", "!Ref Color"))

    assert start(tmp_path, template, **KEY).wait(10) == 2
    assert "refers to Color" in (tmp_path / "stderr").read_text()


def test_help_names_the_settings() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "local.emulator", "--help"], cwd=ROOT, capture_output=True, check=True
    )

    assert all(name in result.stdout for name in (b"LOCAL_CONCURRENCY", b"LIBRARIES_URL", b"make workbench-offline"))


def test_machine_that_will_not_do_is_told_what_would() -> None:
    assert unsupported("linux", (3, 11)) is None
    assert unsupported("darwin", (3, 11)) is None
    for platform, version in [("win32", (3, 13)), ("linux", (3, 10)), ("darwin", (3, 9))]:
        needed = unsupported(platform, version)
        assert needed
        assert "Linux or macOS is needed (on Windows: WSL, or a container)" in needed
        assert "Python 3.11 or newer" in needed
        assert f"this is Python {version[0]}.{version[1]} on {platform}" in needed


class Quiet(Output):
    """Keeps what is said, instead of writing it."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, message: str) -> None:
        self.said.append(message)

    def to_stdout(self, line: bytes) -> None: ...
    def to_stderr(self, line: bytes) -> None: ...


def test_process_that_is_never_ready_is_killed_and_answers_nothing(tmp_path: Path) -> None:
    """Lambda gives a process 10 s to become ready; here it is half a second."""
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE.read_text().replace("toy.handler", "slow.handler"))
    shutil.copy(TOYS / "slow.py", tmp_path)
    function = read_functions(template, {})[0]
    output = Quiet()

    async def invoke() -> bytes | StreamedAnswer | None:
        pool = Pool(1, lambda pool: FunctionProcess(function, pool, output, {}, init_seconds=0.5), asyncio.Semaphore(1))
        invocation = Invocation("id", "trace", b"{}")
        pool.submit(invocation)
        answer = await asyncio.wait_for(invocation.answer, 5)
        await pool.close()
        return answer

    assert asyncio.run(invoke()) is None
    assert output.said == ["toy: a process was not ready within 0.5 s and was killed"]
