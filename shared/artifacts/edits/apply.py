"""Applying edits to code: each where its lines stand exactly once, in order, all or none of them."""

from collections.abc import Sequence

from shared.artifacts.edits.document import Document, Match
from shared.artifacts.edits.edit import Edit, EditFailure, Reason
from shared.artifacts.edits.forms import Form, forms
from shared.artifacts.edits.nearest import nearest_lines, surroundings

_MAX_EXCERPTS = 3


def apply_edits(code: str, edits: Sequence[Edit]) -> str:
    """Return the code with the edits, each applied to what those before it made.

    Raises:
        EditFailure: one of them does not apply.
    """
    code = code.replace("\r\n", "\n")
    document = Document(code)
    for number, edit in enumerate(edits, 1):
        if not edit.search.strip():
            raise EditFailure(number, edit, Reason.EMPTY)
        found = _find(document, edit)
        if not found:
            raise _not_found(number, edit, document, code)
        form, match = found
        if len(match.places) > 1:
            excerpts = [surroundings(document.lines, each, len(form.search)) for each in match.places[:_MAX_EXCERPTS]]
            raise EditFailure(number, edit, Reason.FOUND_TWICE, tuple(excerpts), _numbers(match))
        document.replace(match.places[0] + form.head, match.places[0] + len(form.search) - form.tail, form.changed)
    return document.code


def _find(document: Document, edit: Edit) -> tuple[Form, Match] | None:
    """Return the first form of the edit that matches, indented as the code is, and where it does."""
    for form in forms(edit):
        match = document.find(form.search)
        if match:
            shifted = [match.shift.apply(line) for line in form.changed]
            changed = [line for line in shifted if line is not None]
            if len(changed) == len(shifted):
                return form._replace(changed=changed), match
    return None


def _not_found(number: int, edit: Edit, document: Document, code: str) -> EditFailure:
    """Return why the lines are not found: they are replaced already, were until an edit before, or never were there."""
    form = list(forms(edit))[-1]
    adds = any(line.strip() for line in form.changed)  # else the replacement is a part of what is searched for
    if adds and (there := document.find(form.replacement)) and len(there.places) == 1:
        excerpt = surroundings(document.lines, there.places[0], len(form.replacement))
        return EditFailure(number, edit, Reason.ALREADY_THERE, (excerpt,), _numbers(there))
    original = Document(code)
    before = _find(original, edit)
    if before:
        excerpt = surroundings(original.lines, before[1].places[0], len(before[0].search))
        return EditFailure(number, edit, Reason.NOT_FOUND, (excerpt,), _numbers(before[1]), overlaps=True)
    # In the code as it was given: the model knows no other.
    nearest = nearest_lines(original.lines, form.search)
    return EditFailure(number, edit, Reason.NOT_FOUND, (nearest,) if nearest else ())


def _numbers(match: Match) -> tuple[int, ...]:
    return tuple(place + 1 for place in match.places)
