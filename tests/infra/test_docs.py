"""The documents say what the program does."""

import re
from pathlib import Path

import pytest

from local.standin.faults import FAULTS, as_json
from local.standin.faults.table import Group
from shared import __version__
from shared.artifacts import artifact
from shared.artifacts import errors as artifact_errors
from shared.edge import errors as edge_errors
from shared.errors import Failure
from shared.guard import errors as guard_errors
from shared.guard.idempotency import NOT_STORED
from shared.model_host import errors as host_errors
from shared.model_host.retry import ACTIONS
from shared.settings import Settings
from tests.infra.observed import STACK, queries, resources

ROOT = Path(__file__).parents[2]


def rows(document: str, heading: str) -> dict[str, list[str]]:
    """The table under a heading: the cells of each row by the names in its first cell."""
    section = (ROOT / document).read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    cells = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")][1:]
    return {name: [cell.strip() for cell in row[1:]] for row in cells for name in re.findall(r"`([^`]+)`", row[0])}


def test_every_fault_is_in_the_stand_ins_document_with_its_group() -> None:
    section = (ROOT / "docs/stand-in.md").read_text().partition("list the faults")[2]
    documented = re.findall(r"^\| ([^|`]+) \| (`.*) \|$", section, re.MULTILINE)

    names = {group: set(re.findall(r"`([a-z0-9-]+)`", cell)) for group, cell in documented}
    assert names == {group: {each["name"] for each in as_json() if each["group"] == group} for group in Group}
    assert set.union(*names.values()) == {*FAULTS, "mix"}


def failures(kind: type[Failure]) -> set[type[Failure]]:
    return {kind}.union(*(failures(each) for each in kind.__subclasses__()))


def test_every_code_is_in_the_api_document_with_its_status() -> None:
    assert artifact_errors
    assert edge_errors
    assert guard_errors
    assert host_errors
    # A branch's root is never raised itself: its code is its parent's.
    raised = {each for each in failures(Failure) if each is Failure or each.code != "internal_error"}

    documented = {code: cells[0] for code, cells in rows("docs/api.md", "Errors").items() if code.islower()}
    assert documented == {each.code: str(each.status) for each in raised}


def test_every_warning_is_in_the_api_document() -> None:
    warnings = {value for name, value in vars(artifact).items() if name.isupper() and name != "UNTITLED"}

    assert set(rows("docs/api.md", "Warnings")) == {*warnings, NOT_STORED}


def test_every_setting_is_in_its_document() -> None:
    """The README has the ten that matter most, in the same words."""
    local = {"FUNCTION_TIMEOUT_SECONDS", "LIBRARIES_URL", "LOCAL_CONCURRENCY", "PORT"}
    deployed = {"ALLOWED_ORIGINS", "RESPONSE_MODE"}
    settings, chosen = rows("docs/settings.md", "All settings"), rows("README.md", "Settings")

    assert set(settings) == {name.upper() for name in Settings.model_fields} | local | deployed
    assert {name: cells[0].replace("](", "](../") for name, cells in chosen.items()} == {
        name: settings[name][0] for name in chosen
    }


def test_what_is_retried_is_as_documented() -> None:
    documented = rows("docs/architecture.md", "What is retried")

    assert {name: cells[0] for name, cells in documented.items()} == {
        failure.__name__: action.value for failure, action in ACTIONS.items()
    }


@pytest.mark.parametrize("document", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_every_link_and_path_in_a_document_leads_somewhere(document: str) -> None:
    """A file that was moved takes the documents along."""
    text = (ROOT / "docs" / document).read_text()
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    paths = re.findall(r"`((?:shared|local|tests|functions|benchmarks|events|docs)/[\w./-]*)`", text)

    assert not [link for link in links if link and not (ROOT / "docs" / link).exists()]
    assert not [path for path in paths if not (ROOT / path).exists() and not (ROOT / f"{path}.py").exists()]


PAGES = sorted([ROOT / "README.md", ROOT / "benchmarks/README.md", *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_page_and_a_heading(page: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()) if "://" not in link]
    places = [
        (page.parent / path if path else page, anchor) for path, _, anchor in (link.partition("#") for link in links)
    ]

    assert [path for path, _ in places if not path.exists()] == []
    pages = [(path, anchor) for path, anchor in places if anchor and path.suffix == ".md"]
    assert [(path, anchor) for path, anchor in pages if anchor not in anchors(path)] == []


def anchors(page: Path) -> set[str]:
    """What GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


def test_every_query_and_alarm_is_in_the_operators_document() -> None:
    alarms = [each["AlarmName"] for each in resources("AWS::CloudWatch::Alarm").values()]

    assert set(rows("docs/operations.md", "Queries")) == set(queries())
    assert set(rows("docs/operations.md", "Alarms")) == {name.removeprefix(f"{STACK} ") for name in alarms}


def test_a_file_that_holds_a_key_is_not_committed() -> None:
    ignored = (ROOT / ".gitignore").read_text().split()
    named = re.findall(r"--env-vars (\S+)", (ROOT / "README.md").read_text())

    assert named
    assert {*named, ".env"} <= set(ignored)


def test_one_version() -> None:
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text()
