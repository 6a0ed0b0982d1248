"""System prompts by name: the owner's templates in `system_prompts.toml`, filled in with a request's variables."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from shared.errors import InvalidRequest, ServiceMisconfigured

_DATA = Path(__file__).with_name("system_prompts.toml")
_MAX_LENGTH = 10_000
_SHOWN = 64
"""As much of a variable's name is repeated in an answer."""
_TEMPLATE_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_PLACEHOLDER = re.compile(r"\{\{([A-Z][A-Z0-9_]*)\}\}")


class TemplatesBroken(ServiceMisconfigured):
    """The file of the system prompts is malformed."""

    def __init__(self, problem: str) -> None:
        super().__init__()
        self.problem = f"{_DATA.name}: {problem}"


def render(name: str, variables: Mapping[str, Any]) -> str:
    """Return the system prompt of this name with these variables in it; see `SystemPrompts.render`."""
    return _shipped().render(name, variables)


@cache
def _shipped() -> "SystemPrompts":
    return SystemPrompts(_DATA.read_text("utf-8"))


class _Template(NamedTuple):
    text: str
    variables: tuple[str, ...]


class SystemPrompts:
    """The templates of a TOML document.

    Raises:
        TemplatesBroken: it is malformed; names the template, or says where the document is no TOML.
    """

    def __init__(self, document: str) -> None:
        try:
            texts = tomllib.loads(document)
        except tomllib.TOMLDecodeError as error:
            raise TemplatesBroken(str(error)) from None
        self._templates = {name: _read(name, text) for name, text in texts.items()}

    def render(self, name: str, variables: Mapping[str, Any]) -> str:
        """Return a template with these variables in it; a value is put in as it is, `{{NAME}}` in it included.

        Raises:
            InvalidRequest: no template has this name (field `template`), or a variable is missing, wrong, or none of
                the template's (field `variables.NAME`).
        """
        template = self._templates.get(name)
        if template is None:
            msg = f"`template` must be one of {', '.join(self._templates)}."
            raise InvalidRequest(msg, field="template")
        for variable in [*template.variables, *variables]:
            if problem := _problem(variable, variables, template):
                field = f"variables.{variable[:_SHOWN]}"
                msg = f"`{field}` {problem}."
                raise InvalidRequest(msg, field=field)
        return _PLACEHOLDER.sub(lambda found: variables[found[1]], template.text)


def _problem(variable: str, variables: Mapping[str, Any], template: _Template) -> str | None:
    """Return what is wrong with a variable, without its value."""
    if variable not in variables:
        return "is missing"
    if variable not in template.variables:
        return f"is no variable of this template, which has {', '.join(template.variables) or 'none'}"
    if not isinstance(variables[variable], str):
        return "must be a string"
    if len(variables[variable]) > _MAX_LENGTH:
        return f"must have at most {_MAX_LENGTH:,} characters"
    return None


def _read(name: str, text: object) -> _Template:
    if not _TEMPLATE_NAME.fullmatch(name):
        msg = f"{name!r} is no name of a template, which has lower-case letters, digits, - and _"
        raise TemplatesBroken(msg)
    if not (isinstance(text, str) and text.strip()):
        msg = f"{name} must be a text"
        raise TemplatesBroken(msg)
    if "{{" in _PLACEHOLDER.sub(" ", text):
        msg = f"in {name} there is a {{{{ that begins no variable: {{{{NAME}}}}, of capital letters, digits and _"
        raise TemplatesBroken(msg)
    return _Template(text.strip(), tuple(dict.fromkeys(_PLACEHOLDER.findall(text))))
