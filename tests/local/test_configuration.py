"""What the page is told at `/config`, by settings, libraries and model host."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.emulator.configuration import Configuration
from local.emulator.functions import read_functions
from local.emulator.libraries import Libraries
from local.emulator.model_host import ModelHosts
from local.emulator.settings import Settings
from tests.local.emulator import KEY, ROOT
from tests.support.routes import get
from tests.support.standin import StandIn

CDN = "https://cdn.jsdelivr.net/npm/"
MIRROR = "https://npm.example/"


def config(
    renderer: Path, environment: dict[str, str] | None = None, hosts: ModelHosts | None = None
) -> dict[str, Any]:
    settings = Settings.load(renderer, KEY | (environment or {}))
    functions = read_functions(ROOT / "template.yaml", settings.for_functions)
    hosts = hosts or ModelHosts.of(functions, settings)
    told: dict[str, Any] = get(
        Configuration(functions, hosts, settings, Libraries(renderer / "libraries.json", renderer)).routes, "/config"
    ).json
    return told


def install(renderer: Path) -> None:
    """One package of one file."""
    (renderer / "react@19.0.0").mkdir()
    (renderer / "react@19.0.0" / "index.js").write_text("export {}")
    listed: dict[str, Any] = {"packages": {"react@19.0.0": {"index.js": {"integrity": "sha256-"}}}}
    (renderer / "libraries.json").write_text(json.dumps(listed))


@pytest.mark.parametrize(
    ("installed", "environment", "libraries"),
    [
        (False, {}, CDN),
        (False, {"LIBRARIES_URL": " "}, CDN),
        (False, {"LIBRARIES_URL": MIRROR}, MIRROR),
        (True, {}, "/npm/"),
        (True, {"LIBRARIES_URL": MIRROR}, MIRROR),
    ],
    ids=["nothing", "blank", "a mirror", "installed", "installed, and a mirror"],
)
def test_libraries_come_from_here_where_they_are_installed_unless_told_otherwise(
    tmp_path: Path, installed: bool, environment: dict[str, str], libraries: str
) -> None:
    if installed:
        install(tmp_path)

    told = config(tmp_path, environment)

    assert (told["libraries"], told["offline"]) == (libraries, installed)


def test_models_and_guard_are_those_of_the_functions(tmp_path: Path) -> None:
    told = config(tmp_path, {"MODELS": "first/one, second/one", "ENABLE_GUARD": "true"})

    assert (told["models"], told["guard"]) == (["first/one", "second/one"], True)
    assert (config(tmp_path)["models"][0], config(tmp_path)["guard"]) == ("moonshotai/kimi-k2-thinking", False)


def test_how_artifacts_are_made_is_told(tmp_path: Path) -> None:
    """The page begins with it, until somebody chooses there."""
    assert config(tmp_path)["workflow"] == "direct"
    assert config(tmp_path, {"WORKFLOW": "reviewed"})["workflow"] == "reviewed"


def test_only_the_stand_in_has_faults(tmp_path: Path, host: StandIn) -> None:
    stand_in = ModelHosts.of_stand_in(host.url)

    faults = config(tmp_path, hosts=stand_in)["faults"]

    assert {"rate-limit", "cut", "broken", "mix"} <= {each["name"] for each in faults}
    assert config(tmp_path, hosts=replace(stand_in, stand_in=False))["faults"] == []


def test_stand_in_that_does_not_answer_leaves_the_page_without_faults(tmp_path: Path) -> None:
    gone = ModelHosts.of_stand_in("http://127.0.0.1:9/api/v1")

    told = config(tmp_path, hosts=gone)

    assert (told["standIn"], told["faults"]) == (True, [])


def test_the_hosts_are_those_with_a_key(tmp_path: Path) -> None:
    """With the addresses that the functions are given: the template's, unless a setting says another."""
    keys = {"MOONSHOT_KEY": "m", "CUSTOM_HOST_KEY": "c", "CUSTOM_HOST_URL": "https://models.example/v1"}

    told = config(tmp_path, keys | {"OPENROUTER_BASE_URL": "https://mirror.example/api/v1"})

    assert told["hosts"] == {
        "openrouter": "https://mirror.example/api/v1",
        "moonshot": "https://api.moonshot.ai/v1",
        "custom": "https://models.example/v1",
    }
    assert "test-key" not in json.dumps(told)
