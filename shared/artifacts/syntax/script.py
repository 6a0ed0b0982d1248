"""The check of a script as such: JavaScript or TypeScript, whatever it imports or exports."""

from collections.abc import Iterator

from shared.artifacts.syntax import comments, jsx, names, refused, unreadable
from shared.artifacts.syntax.declarations import duplicates
from shared.artifacts.syntax.grammar import tangled
from shared.artifacts.syntax.problem import Problem, Source
from shared.artifacts.syntax.reading import Reading, first, read


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
    nodes = reading.found("comment")
    spans = list(comments.in_characters(reading.source, ((node.start_byte, node.end_byte) for node in nodes)))
    in_types = {node.start_byte for node in reading.found("comment.type")}
    types = {span.start for span, node in zip(spans, nodes, strict=True) if node.start_byte in in_types}
    return comments.elisions(reading.source, spans, types)


def _tangled(reading: Reading) -> Iterator[Problem]:
    if not reading.complete:
        yield tangled(reading.source)
