"""Reads a TOML document that describes models: a table for each, by its name.

What is wrong with it is said in sentences that name the model and the field, and hold no other word of the document.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError

from shared.catalog.consistency import contradictions
from shared.catalog.errors import DocumentError
from shared.catalog.model import Model

Tables = dict[str, dict[str, Any]]
"""What a document says of each model, as it stands there."""

_MODEL = TypeAdapter(Model)
_MAX_FIELD_LENGTH = 40
_SUBJECT = re.compile(r"^[A-Z][a-z]+(?: input)? should")
"""How the validator begins most sentences: what it says of the field is the rest."""
_AT = re.compile(r" \(at [a-z0-9 ,]+\)$")
"""How the TOML reader ends a message: where the error is."""


def read(text: str) -> dict[str, Any]:
    """Return the tables of a document, in which numbers with a point are exact.

    Raises:
        DocumentError: it is no TOML.
    """
    try:
        return tomllib.loads(text, parse_float=Decimal)
    # Beside its own error the reader raises what a number or a date of any size, or brackets of any depth, lead to.
    except (ValueError, ArithmeticError, RecursionError) as error:
        at = _AT.search(str(error))
        raise DocumentError([f"it is not valid TOML{at.group() if at else ''}"]) from None


def models_of(tables: Tables) -> dict[str, Model]:
    """Return the models that these tables describe.

    Raises:
        DocumentError: some of them are described wrongly.
    """
    models: dict[str, Model] = {}
    problems: list[str] = []
    for name, table in tables.items():
        try:
            models[name] = _model_of(name, table)
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(problems)
    return models


def _model_of(name: str, table: Mapping[str, Any]) -> Model:
    if "name" in table:
        raise DocumentError([f"{name}: name: is no field of a model"])
    try:
        model = _MODEL.validate_python({**table, "name": name})
    except ValidationError as error:
        raise DocumentError([f"{name}: {problem}" for problem in _problems(error)]) from None
    wrong = [f"{name}: {problem}" for problem in contradictions(model)]
    if wrong:
        raise DocumentError(wrong)
    return model


def _problems(error: ValidationError) -> Iterator[str]:
    for each in error.errors(include_input=False, include_context=False, include_url=False):
        message = _SUBJECT.sub("must", each["msg"].removeprefix("Value error, "))
        match each["type"]:
            case "missing" | "missing_argument":  # pydantic 2.14 says the first, 2.13 the second; so below
                message = "is missing"
            case "extra_forbidden" | "unexpected_keyword_argument":
                message = "is no field of a model"
        yield f"{_field(each['loc'])}: {message}"


def _field(location: tuple[int | str, ...]) -> str:
    """Return where in a table something is, such as `prices[0].input`; of a long or an odd name only what shows it."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return ascii(path.removeprefix("."))[1:-1][:_MAX_FIELD_LENGTH]
