"""Where a benchmark's report stands in a document: between two lines that name its command."""

from pathlib import Path


def write_into(document: Path, command: str, report: str) -> None:
    """Replace what the last run of a command wrote into a document.

    Raises:
        ValueError: the document has not the two lines between which it stands.
    """
    first, last = f"<!-- begin: {command} -->\n", f"<!-- end: {command} -->\n"
    before, begin, rest = document.read_text("utf-8").partition(first)
    _, end, after = rest.partition(last)
    if not begin or not end:
        msg = f"{document.name} needs the lines {first.strip()} and {last.strip()}"
        raise ValueError(msg)
    document.write_text(f"{before}{begin}\n{report}\n\n{end}{after}", "utf-8")
