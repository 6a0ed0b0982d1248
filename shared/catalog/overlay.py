"""The operator's changes to the built-in models: a TOML document in the form of `models.toml`, valid as a whole or not.

A field that is given replaces that of the built-in model, `prices` as a whole; a new model needs all that are required.
"""

from typing import Any

from shared.catalog.document import Tables, models_of, read
from shared.catalog.errors import DocumentError, OverlayError
from shared.catalog.model import Model
from shared.catalog.names import is_model_name

_MAX_NAME_LENGTH = 60
_MAX_PROBLEMS = 20
_REPLACED_WITH = {"effort": {"thinking"}, "edit_effort": {"thinking", "effort"}}
"""The fields that do not stay as they are built in when one of these others is given."""


def with_overlay(built_in: Tables, text: str) -> dict[str, Model]:
    """Return the models of these tables as this overlay changes them.

    Raises:
        OverlayError: it is no TOML, or something in it is wrong.
    """
    try:
        overlay = read(text)
        _check_form(overlay)
        changed = models_of({name: _merged(built_in.get(name, {}), table) for name, table in overlay.items()})
    except DocumentError as error:
        raise OverlayError(error.problems[:_MAX_PROBLEMS]) from None
    return models_of(built_in) | changed


def _check_form(overlay: dict[str, Any]) -> None:
    problems = []
    for name, table in overlay.items():
        shown = ascii(name)[:_MAX_NAME_LENGTH]
        if not is_model_name(name):
            problems.append(f"{shown}: is no model's name, such as 'moonshotai/kimi-k3' or 'moonshot/kimi-k3'")
        elif not isinstance(table, dict):
            problems.append(f"{shown}: must be a table")
    if problems:
        raise DocumentError(problems)


def _merged(built_in: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return the table with the changes; another way of thinking brings its own effort, or none.

    Another effort is that for edits too, unless the changes give one: what is built in may be more than it.
    """
    kept = {name: value for name, value in built_in.items() if not _REPLACED_WITH.get(name, set()) & changes.keys()}
    return kept | changes
