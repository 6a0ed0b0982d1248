"""What may be answered instead of a result: every class of the error tree, by status."""

import importlib
import inspect
import pkgutil
from dataclasses import dataclass

import shared
from shared.errors import Failure

_CHAT = "chat_completions"
_PAID_BRANCHES = {"guard", "model_host"}
_PAID_CODES = {"deadline_exceeded"}
"""Of failures that stand at the root of the tree, and end no request that asks no model."""
_BODY_CODES = {"invalid_json", "invalid_request", "payload_too_large", "unsupported_media_type"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The failures of one status."""

    status: int
    codes: tuple[str, ...]
    description: str


def outcomes(function: str, *, is_paid: bool = True, has_body: bool = True) -> list[Outcome]:
    """Return the failures that this function may answer with, in the order of their statuses.

    Args:
        function: its name.
        is_paid: whether a model is asked, so that limits count the request.
        has_body: whether the request has a body.
    """
    by_status: dict[int, list[type[Failure]]] = {}
    for failure in failures():
        if not (
            _is_of_others(failure, function)
            or (not is_paid and _is_of_paid_work(failure))
            or (not has_body and failure.code in _BODY_CODES)
        ):
            by_status.setdefault(failure.status, []).append(failure)
    return [_outcome(status, by_status[status]) for status in sorted(by_status)]


def failures() -> list[type[Failure]]:
    """Return for each code and status the class that defines them; every module is imported to know them all."""
    for module in pkgutil.walk_packages(shared.__path__, f"{shared.__name__}."):
        importlib.import_module(module.name)
    defining: dict[tuple[str, int], type[Failure]] = {}
    for each in _tree(Failure):
        # A branch's root is never raised itself: its code is still that of the tree's root.
        if each is Failure or each.code != Failure.code:
            defining.setdefault((each.code, each.status), each)
    return [defining[key] for key in sorted(defining)]


def _tree(root: type[Failure]) -> list[type[Failure]]:
    """The bundle's classes, the root, then its children, then theirs: a code is defined nearest to the root."""
    found = [root]
    for each in found:
        children = [child for child in each.__subclasses__() if child not in found and _is_ours(child)]
        # In an order of their own, whatever was imported first.
        found += sorted(children, key=lambda child: (child.__module__, child.__qualname__))
    return found


def _is_of_others(failure: type[Failure], function: str) -> bool:
    return function == _CHAT and _branch(failure) == "artifacts"


def _is_of_paid_work(failure: type[Failure]) -> bool:
    return _branch(failure) in _PAID_BRANCHES or failure.code in _PAID_CODES


def _branch(failure: type[Failure]) -> str:
    """Return the package of the bundle that defines it."""
    return failure.__module__.split(".")[1]


def _is_ours(failure: type[Failure]) -> bool:
    return failure.__module__.partition(".")[0] == shared.__name__


def _outcome(status: int, classes: list[type[Failure]]) -> Outcome:
    sentences = [f"- `{each.code}`: {inspect.getdoc(each)}".partition("\n")[0] for each in classes]
    return Outcome(status, tuple(each.code for each in classes), "\n".join(sentences))
