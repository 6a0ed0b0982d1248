"""What stands under each field of a class in its source. Pydantic could read it too, but would at every cold start."""

import ast
import inspect

from typing_extensions import get_original_bases, is_typeddict

_LIBRARIES = {"builtins", "pydantic", "typing"}


def field_docs(of: type) -> dict[str, str]:
    """Return the text under each field of a class, by its name; under those of the classes that it is made from too."""
    docs: dict[str, str] = {}
    for owner in _owners(of):
        if owner.__module__.partition(".")[0] not in _LIBRARIES:
            (node,) = ast.parse(inspect.getsource(owner)).body
            docs |= _docs_in(node) if isinstance(node, ast.ClassDef) else {}
    return docs


def _owners(of: type) -> list[type]:
    """Return the class behind those that it is made from; a typed dictionary has them in its `__orig_bases__` alone."""
    if not is_typeddict(of):
        return list(reversed(of.__mro__))
    bases = [base for base in get_original_bases(of) if is_typeddict(base)]
    return [*(owner for base in bases for owner in _owners(base)), of]


def _docs_in(owner: ast.ClassDef) -> dict[str, str]:
    docs = {}
    for field, below in zip(owner.body, owner.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            constant = below.value
            if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                docs[field.target.id] = inspect.cleandoc(constant.value)
    return docs
