"""The place of a benchmark's report in a document."""

from pathlib import Path

import pytest

from benchmarks.document import write_into


def test_a_report_takes_the_place_of_the_last_one_of_its_command(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    other = "before\n<!-- begin: make bench -->\nanother\n<!-- end: make bench -->\n"
    begin, end = "<!-- begin: make bench-edits -->\n", "<!-- end: make bench-edits -->\nafter\n"
    document.write_text(f"{other}{begin}old\n{end}")

    write_into(document, "make bench-edits", "new")

    assert document.read_text() == f"{other}{begin}\nnew\n\n{end}"


@pytest.mark.parametrize(
    "text",
    ["no place\n", "<!-- begin: make bench -->\n", "<!-- end: make bench -->\n<!-- begin: make bench -->\n"],
    ids=["neither line", "no end", "the end above"],
)
def test_a_document_without_a_place_for_it_is_left_alone(tmp_path: Path, text: str) -> None:
    document = tmp_path / "page.md"
    document.write_text(text)

    with pytest.raises(ValueError, match=r"page\.md needs the lines <!-- begin: make bench --> and"):
        write_into(document, "make bench", "new")
    assert document.read_text() == text
