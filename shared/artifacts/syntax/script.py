"""The check of a script as such: JavaScript or TypeScript, whatever it imports or exports."""

from collections.abc import Iterator

from shared.artifacts.syntax import elision, jsx, names, refused, unreadable
from shared.artifacts.syntax.declarations import duplicates
from shared.artifacts.syntax.grammar import tangled
from shared.artifacts.syntax.problem import Problem, Rule, Source
from shared.artifacts.syntax.reading import Reading, first, read

_SHORT = 5
"""A comment of so few words is not a line that was full."""


def problems(source: Source) -> list[Problem]:
    """What is wrong with a script, such as one in an HTML page, in the order of the code; about ten at most.

    Without an `import` or `export` it is taken for a classic script, in which more is allowed than in a module.
    """
    reading = read(source)
    return first(*checks(reading, strict=reading.is_module))


def checks(reading: Reading, *, strict: bool) -> list[Iterator[Problem]]:
    """The checks of every script, each of which yields its problems in the order of the code.

    Args:
        reading: The script.
        strict: Whether it runs in strict mode, as every module does.
    """
    return [
        jsx.problems(reading),
        unreadable.problems(reading),
        refused.problems(reading),
        names.problems(reading, strict=strict),
        duplicates(reading, strict=strict),
        _elisions(reading),
        _tangled(reading),
    ]


def _elisions(reading: Reading) -> Iterator[Problem]:
    before, ended = "", -1
    for comment in reading.found("comment"):
        text = reading.text(comment)
        wrapped = comment.start_point.row == ended + 1 and _goes_on(before, text)
        # Dots in an example of a documentation comment stand for nothing that is missing here.
        documents = text.startswith("/**") and "\n" in text
        if not wrapped and not documents and elision.is_elision(text):
            yield reading.problem(Rule.ELIDED, elision.MESSAGE, comment)
        before, ended = text, comment.end_point.row


def _goes_on(before: str, comment: str) -> bool:
    """Whether a comment's line only ends the sentence of the line before it."""
    said = before.rstrip()
    return comment.lstrip("/ ")[:1].islower() and said[-1:].isalnum() and len(said.split()) > _SHORT


def _tangled(reading: Reading) -> Iterator[Problem]:
    if not reading.complete:
        yield tangled(reading.source)
