"""docs/operations.md says of the log lines what the code writes."""

from pathlib import Path

import pytest

from local.docgen.log_lines import DOCUMENT, main, section


def test_the_document_is_up_to_date() -> None:
    """`make log-lines` writes it."""
    assert main(["--check"]) == 0


def test_each_field_is_a_row() -> None:
    """What the code says of a field may be several lines."""
    tables = [line for line in section().splitlines() if "|" in line]

    assert len(tables) > 60
    assert all(line.startswith("| ") and line.endswith("|") for line in tables if not line.startswith("|--"))
    assert not [line for line in section().splitlines() if line.endswith("|") and not line.startswith("|")]


def test_drift_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "operations.md"
    other.write_text(DOCUMENT.read_text("utf-8").replace("`request_id`", "`request`"), "utf-8")

    assert main(["--check"], other) == 1
    assert "make log-lines" in capsys.readouterr().err
    assert main([], other) == main(["--check"], other) == 0
    assert "| `request_id`" in other.read_text("utf-8")


def test_without_its_marks_nothing_is_written(tmp_path: Path) -> None:
    other = tmp_path / "operations.md"
    other.write_text("# Operations", "utf-8")

    with pytest.raises(ValueError, match="must stand in it"):
        main([], other)
