"""The template's parameters, and whether their values can be deployed: by the template's own rules, then by the code's.

The code's rules are those that a function would otherwise report with its first request.
"""

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from local.deploy.release_id import NAME as RELEASE_ID
from local.sam_template import Template, Tree, words
from shared.artifacts.repair_loop import Dependencies
from shared.chat.chat import Chat
from shared.settings import Settings, SettingsError

_ORIGIN = re.compile(r"\*|https?://[^/\s,*?#]+")


class Parameters:
    """The parameters that a template declares.

    Attributes:
        defaults: the default of each, by its name.
    """

    def __init__(self, template: Path) -> None:
        self._path = template
        declared = Template.read(template, {}).section("Parameters")
        self._declared = {name: cast("dict[str, Tree]", each) for name, each in declared.items() if name != RELEASE_ID}
        self.defaults = {name: str(each.get("Default", "")) for name, each in self._declared.items()}

    def problem(self, name: str, value: str) -> str | None:
        """Return what is wrong with a value by itself, or None."""
        if name not in self._declared:
            return self._unknown(name)
        declared = self._declared[name]
        allowed = [str(each) for each in cast("list[Tree]", declared.get("AllowedValues", []))]
        if allowed and value not in allowed:
            return f"{name} must be {_one_of(allowed)}, not {value!r}."
        pattern = declared.get("AllowedPattern")
        if pattern and not re.fullmatch(str(pattern), value):
            # In the place of a secret's ARN may stand the secret itself.
            said = "what was given" if name.endswith("SecretArn") else repr(value)
            return f"{name} cannot be {said}: {declared.get('Description', '')}"
        if declared.get("Type") == "Number" and (problem := _number_problem(declared, value)):
            return f"{name} must be {problem}, not {value!r}."
        # The template leaves these to Lambda, which refuses them only when much else is deployed.
        wrong = [each for each in value.split(",") if each.strip() and not _ORIGIN.fullmatch(each.strip())]
        if name == "AllowedOrigins" and wrong:
            return f"AllowedOrigins cannot have {wrong[0].strip()!r}: say https://site.example, without a path."
        return None

    def each_problem(self, values: Mapping[str, str]) -> list[str]:
        """Return what is wrong with each of these values by itself."""
        return [problem for name, value in values.items() if (problem := self.problem(name, value))]

    def problems(self, values: Mapping[str, str]) -> list[str]:
        """Return everything that is wrong with these values, given or not, one sentence each."""
        alone = self.each_problem(values)
        known = self.defaults | {name: value for name, value in values.items() if name in self._declared}
        template = self.filled(known)
        found = [*alone, *_broken_rules(template)]
        # What is said of a parameter already is not said again in the code's words.
        named = _names(" ".join(found)) & set(self.defaults)
        return [*found, *(each for each in _code_problems(template, known) if not named & _names(each))]

    def filled(self, values: Mapping[str, str]) -> Template:
        """Return the template with these values."""
        return Template.read(self._path, {words(name, "_").upper(): value for name, value in values.items()})

    def _unknown(self, name: str) -> str:
        if name == RELEASE_ID:
            return f"{RELEASE_ID} is worked out from what is built: leave it out."
        near = difflib.get_close_matches(name, self._declared, 1)
        return f"{name} is no parameter of the template{f': {near[0]} is' if near else ''}."


def _names(text: str) -> set[str]:
    return set(re.findall(r"\b[A-Z]\w+", text))


def _one_of(allowed: list[str]) -> str:
    return allowed[0] if len(allowed) == 1 else f"{', '.join(allowed[:-1])} or {allowed[-1]}"


def _number_problem(declared: Mapping[str, Tree], value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "a number"
    if number < float(str(declared.get("MinValue", "-inf"))):
        return f"{declared['MinValue']} or more"
    if number > float(str(declared.get("MaxValue", "inf"))):
        return f"{declared['MaxValue']} or less"
    return None


def _broken_rules(template: Template) -> list[str]:
    rules = [cast("dict[str, Tree]", each) for each in template.section("Rules").values()]
    return [
        str(assertion["AssertDescription"])
        for rule in rules
        if "RuleCondition" not in rule or template.resolve(rule["RuleCondition"])
        for assertion in cast("list[dict[str, Tree]]", rule["Assertions"])
        if not template.resolve(assertion["Assert"])
    ]


def _code_problems(template: Template, names: Mapping[str, str]) -> list[str]:
    """Return what the functions would refuse at their start, in the parameters' names."""
    of_all = cast("dict[str, dict[str, dict[str, Tree]]]", template.section("Globals"))["Function"]["Environment"]
    variables = cast("dict[str, Tree]", template.resolve(of_all["Variables"]))
    by_setting = {words(name, "_").upper(): name for name in names}
    try:
        settings = Settings.from_environment({name: str(value) for name, value in variables.items()})
        Dependencies.of(settings)
        Chat.of(settings)
    except SettingsError as error:
        renamed = (
            re.sub(r"\b[A-Z][A-Z0-9_]+\b", lambda word: by_setting.get(word[0], word[0]), each)
            for each in error.problems
        )
        return [each if each.endswith(".") else f"{each}." for each in renamed]
    return []
