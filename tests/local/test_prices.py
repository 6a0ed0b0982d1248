"""`make prices`: the catalog as it is in force, and where a host's list says otherwise."""

import json
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from local.prices.__main__ import main
from shared.catalog import built_in
from tests.support.sockets import read_message, send_answer, serving

K2, K3, M3 = "moonshotai/kimi-k2-thinking", "moonshotai/kimi-k3", "moonshot/kimi-k3"
OVERLAY = f"""
["{M3}"]
until = 2020-01-31
[["{K2}".prices]]
until = 2020-01-01
input = 0.005
cached_input = 0
output = 1
source = "a page"
date = 2019-01-01
[["{K2}".prices]]
from = 2020-01-01
input = 0.60
cached_input = 0.15
output = 2.50
ceiling_output = 3
source = "a page"
date = 2026-11-27
"""
Printed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Printed:
    """Run the command with this environment, and return its status, output and errors."""
    for host in ("OPENROUTER", "MOONSHOT", "KIMI", "CUSTOM_HOST"):
        for name in (f"{host}_SECRET_ARN", f"{host}_KEY", f"{host}_BASE_URL", f"{host}_URL", f"{host}_K2T_KEY"):
            monkeypatch.delenv(name, raising=False)

    def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        status = main(arguments)
        return status, *capsys.readouterr()

    return run


def listing(models: Any, seen: list[bytes] | None = None) -> AbstractContextManager[str]:
    """A host whose list of models is this, or whose answer is these bytes."""
    body = models if isinstance(models, bytes) else json.dumps({"data": models}).encode()

    def answer(connection: socket.socket, _number: int) -> None:
        request = read_message(connection)
        (seen if seen is not None else []).append(request)
        send_answer(connection, body)

    return serving(answer)


def openrouters(**changes: Any) -> list[dict[str, Any]]:
    """A list that says what the catalog says, but for some models; a model of which None is said is left out."""
    catalog = built_in()
    models: list[dict[str, Any]] = []
    for name, model in catalog.models.items():
        price = catalog.price(name)
        assert price
        if name.startswith("moonshotai/"):
            pricing = {"prompt": str(price.input / 10**6), "completion": str(price.output / 10**6)}
            top = {"max_completion_tokens": model.max_output_tokens}
            models.append({"id": name, "pricing": pricing, "context_length": model.context, "top_provider": top})
    return [each | changes.get(each["id"].rpartition("/")[2], {}) for each in models]


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


def test_without_a_key_the_table_is_all(printed: Printed) -> None:
    status, text, errors = printed()

    lines = {row[0]: row[1:] for row in rows(text)}
    assert (status, errors) == (0, "")
    assert lines.keys() >= built_in().models.keys()
    assert lines["moonshot/kimi-k3.1-pro"] == ["2.00", "0.20", "2.00", "10.00", "2.00 / 10.00", "", "", "in force"]
    assert lines["moonshotai/kimi-k2.6"][4] == "0.95 / 4.00"
    assert len({len(line) for line in text.splitlines() if line.startswith("|")}) == 1, "the rows are aligned"
    assert "No host was asked" in text


def test_what_the_overlay_changes_and_what_is_past_its_date_is_said(printed: Printed, tmp_path: Path) -> None:
    file = tmp_path / "catalog.toml"
    file.write_text(OVERLAY)

    status, text, _ = printed("--overlay", str(file))

    ours = rows(text)
    (old,) = [row for row in ours if row[0] == K2]
    new = ours[ours.index(old) + 1]
    assert status == 0
    assert (old[1], old[2], old[7], old[8]) == ("0.005", "0.00", "2020-01-01", "not today, from the overlay")
    assert (new[0], new[5], new[6], new[8]) == ("", "0.60 / 3.00", "2020-01-01", "in force, from the overlay")
    assert [row[0] for row in ours if row[8].endswith("overlay")] == [M3, "", K2, ""]
    assert f"{M3}: it was offered until 2020-01-31" in text


def test_the_overlay_is_that_of_the_parameter(printed: Printed, ssm: Any) -> None:
    ssm.put_parameter(Name="/kimi/catalog", Value=OVERLAY, Type="String")

    _, text, _ = printed("--json", CATALOG_PARAMETER="/kimi/catalog")
    refused = printed(CATALOG_PARAMETER="/kimi/other")

    found = {model["name"]: model for model in json.loads(text)["models"]}
    assert {name for name, model in found.items() if model["changed"]} == {K2, M3}
    assert found[M3]["outdated"] == "it was offered until 2020-01-31"
    assert [(each["input"], each["in_force"]) for each in found[K2]["prices"]] == [(0.005, False), (0.6, True)]
    assert refused[0] == 2
    assert "ParameterNotFound" in refused[2]
    assert K2 in refused[1], "what is built in is in force then"


@pytest.mark.parametrize("text", [f'["{K2}"]\ncontext = 0', "x = [", None], ids=["wrong", "no TOML", "no file"])
def test_an_overlay_that_cannot_be_used_is_refused(printed: Printed, tmp_path: Path, text: str | None) -> None:
    """So it can be tried before it is put where the functions read it."""
    file = tmp_path / "catalog.toml"
    if text is not None:
        file.write_text(text)

    status, out, errors = printed("--overlay", str(file))

    assert (status, out) == (2, "")
    assert errors.startswith("make prices: ")


def test_hosts_that_say_the_same_differ_in_nothing(printed: Printed) -> None:
    seen: list[bytes] = []
    moonshots = [{"id": name.partition("/")[2]} for name in built_in().models if name.startswith("moonshot/")]
    more = [{"id": "acme/one", "pricing": {"prompt": "-1"}}, {"id": 5}, "x"]
    with listing(openrouters() + more, seen) as first, listing(moonshots, seen) as second:
        status, text, errors = printed(
            OPENROUTER_K2T_KEY="k1", OPENROUTER_BASE_URL=first, MOONSHOT_KEY="k2", MOONSHOT_BASE_URL=second
        )

    assert (status, errors) == (0, "")
    assert "The lists of moonshot, openrouter say the same." in text
    assert [(b"GET /models " in each, each.partition(b"Bearer ")[2][:2]) for each in seen] == [
        (True, b"k2"),
        (True, b"k1"),
    ]


def test_what_a_list_says_otherwise_is_a_difference(printed: Printed) -> None:
    changes = {
        "kimi-k2-thinking": {"pricing": {"prompt": "0.0000009", "completion": "0.00000125"}},
        "kimi-k3": {"id": "acme/other"},
        "kimi-k2.5": {"top_provider": {"max_completion_tokens": 8192}, "pricing": {"prompt": "-1", "completion": "x"}},
        "kimi-k2.6": {"context_length": None, "top_provider": None, "pricing": [], "extra": 1},
    }
    with listing(openrouters(**changes)) as url, listing([{"id": "kimi-k3"}]) as other:
        environment = {"OPENROUTER_K2T_KEY": "k", "OPENROUTER_BASE_URL": url}
        status, text, _ = printed("--json", **environment)
        _, table, _ = printed(**environment, MOONSHOT_KEY="k", MOONSHOT_BASE_URL=other)

    said = [
        (each["model"], each["field"], each["ours"], each["theirs"], each["ratio"])
        for each in json.loads(text)["differences"]
    ]
    assert status == 1
    assert said == [
        (K2, "input", 0.6, 0.9, 1.5),
        (K2, "output", 2.5, 1.25, 0.5),
        ("moonshotai/kimi-k2.5", "max_output_tokens", 4096, 8192, 2),
        (K3, None, None, None, None),
    ]
    (dearer, cheaper, *_) = [row for row in rows(table) if row[0] == K2 and row[1] in {"input", "output"}]
    assert dearer[2:5] == ["0.60", "0.90", "1.50"]
    assert (dearer[5].partition(":")[0], cheaper[5]) == ("above the ceiling", "")
    missing = [row[0] for row in rows(table) if row[-1] == "the host does not list this model"]
    assert missing == [name for name in sorted(built_in().models) if name.startswith("moonshot/") and name != M3] + [K3]


@pytest.mark.parametrize("answer", [b"{", b"[]", b'{"data": 5}'])
def test_a_host_that_cannot_be_asked_ends_with_2_and_the_others_are_asked(printed: Printed, answer: bytes) -> None:
    with listing(answer) as broken, listing(openrouters()) as sound:
        status, text, errors = printed(
            OPENROUTER_K2T_KEY="k", OPENROUTER_BASE_URL=sound, MOONSHOT_KEY="k", MOONSHOT_BASE_URL=broken
        )

    assert status == 2
    assert "The lists of openrouter say the same." in text
    assert errors.startswith("make prices: moonshot: ")


def test_a_host_that_is_down_or_rejects_the_key_is_named(printed: Printed) -> None:
    def reject(connection: socket.socket, _number: int) -> None:
        read_message(connection)
        connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")

    with serving(reject) as url:
        rejected = printed(MOONSHOT_KEY="k", MOONSHOT_BASE_URL=url)
    down = printed(MOONSHOT_KEY="k", MOONSHOT_BASE_URL=url)

    assert (rejected[0], rejected[2]) == (2, "make prices: moonshot: its list of models cannot be had: status 401\n")
    assert (down[0], down[2]) == (2, "make prices: moonshot: its list of models cannot be read: ConnectError\n")
