"""Reads a SAM template: YAML with its short tags, parameters, conditions and intrinsic functions.

Knows nothing of functions: what the values mean is for `local.emulator.functions`.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import yaml

Tree: TypeAlias = "bool | int | float | str | list[Tree] | dict[str, Tree] | None"

# What CloudFormation itself would fill in. None stands for no value: `resolve` leaves it out of lists and maps.
_PSEUDO_PARAMETERS: dict[str, Tree] = {
    "AWS::AccountId": "123456789012",
    "AWS::NoValue": None,
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::StackName": "local",
    "AWS::URLSuffix": "amazonaws.com",
}


class TemplateError(Exception):
    """The template cannot be read, or uses something that is not known here."""


def words(name: str, separator: str) -> str:
    """The lower-case words of a CamelCase name, joined: `words("SiteUrl", "-")` is `site-url`."""
    return re.sub(r"(?<!^)(?=[A-Z])", separator, name).lower()


def read_tree(path: Path) -> dict[str, Tree]:
    """Read a template file as it stands, its short tags written out; TemplateError says what is wrong with it."""
    try:
        # The loader is a SafeLoader, extended by CloudFormation's tags.
        tree = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - derives from SafeLoader
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        msg = f"{path} cannot be read: {error}"
        raise TemplateError(msg) from error
    return _map(tree, str(path))


class Template:
    """A template with the values of its parameters.

    Args:
        tree: the template as YAML gives it, short tags written out (`{"Ref": …}`).
        environment: a parameter takes the variable of its own words (`SITE_URL` for `SiteUrl`), else its default.
    """

    def __init__(self, tree: dict[str, Tree], environment: Mapping[str, str]) -> None:
        self._tree = tree
        self._conditions = self.section("Conditions")
        self._parameters = {
            name: _parameter(_map(declared, name), environment.get(words(name, "_").upper()))
            for name, declared in self.section("Parameters").items()
        }
        self._intrinsics: dict[str, Callable[[Tree], Tree]] = {
            "Ref": self._ref,
            "Condition": self._condition,
            "Fn::And": lambda parts: all(map(self.resolve, _list(parts))),
            "Fn::Equals": lambda pair: self._equal(*_list(pair)),
            "Fn::GetAtt": lambda path: ".".join(map(str, _list(path))),
            "Fn::If": lambda parts: self._if(*_list(parts)),
            "Fn::Join": lambda parts: self._join(*_list(parts)),
            "Fn::Not": lambda part: not self.resolve(_list(part)[0]),
            "Fn::Or": lambda parts: any(map(self.resolve, _list(parts))),
            "Fn::Sub": lambda text: self._sub(*text) if isinstance(text, list) else self._sub(text),
        }

    @classmethod
    def read(cls, path: Path, environment: Mapping[str, str]) -> "Template":
        """Read a template file; TemplateError says what is wrong with it."""
        return cls(read_tree(path), environment)

    def section(self, name: str) -> dict[str, Tree]:
        """A top-level section, unresolved; empty if the template has none."""
        return _map(self._tree.get(name, {}), name)

    def resolve(self, value: Tree) -> Tree:
        """The value with all intrinsic functions worked out."""
        if isinstance(value, list):
            return [item for item in map(self.resolve, value) if item is not None]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name in self._intrinsics and (name != "Condition" or isinstance(argument, str)):
                return self._intrinsics[name](argument)
            if name.startswith("Fn::"):
                msg = f"the template uses {name}, which is not known here"
                raise TemplateError(msg)
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not None}

    def _ref(self, name: Tree) -> Tree:
        for values in (self._parameters, _PSEUDO_PARAMETERS):
            if str(name) in values:
                return values[str(name)]
        if name in self.section("Resources"):
            return name  # a resource is known here by its logical id
        msg = f"the template refers to {name}, which it does not declare"
        raise TemplateError(msg)

    def _condition(self, name: Tree) -> bool:
        if name not in self._conditions:
            msg = f"the template has no condition {name}"
            raise TemplateError(msg)
        return bool(self.resolve(self._conditions[str(name)]))

    def _equal(self, left: Tree, right: Tree) -> bool:
        return str(self.resolve(left)) == str(self.resolve(right))

    def _if(self, condition: Tree, then: Tree, otherwise: Tree) -> Tree:
        return self.resolve(then if self._condition(condition) else otherwise)

    def _join(self, separator: Tree, parts: Tree) -> str:
        return str(separator).join(map(str, _list(self.resolve(parts))))

    def _sub(self, text: Tree, names: Tree = None) -> str:
        own = _map(self.resolve(names or {}), "Fn::Sub")

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name.startswith("!"):
                return f"${{{name[1:]}}}"
            return str(own[name] if name in own else name if "." in name else self._ref(name))

        return re.sub(r"\$\{([^}]+)\}", value, str(text))


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, written out as the maps that they stand for."""


def _short_tag(loader: _Loader, tag: str, node: yaml.Node) -> Tree:
    value: Tree = None
    if isinstance(node, yaml.ScalarNode):
        value = str(loader.construct_scalar(node))
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = {str(key): item for key, item in loader.construct_mapping(node, deep=True).items()}
    if tag == "GetAtt" and isinstance(value, str):
        value = list(value.split(".", 1))
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _short_tag)


def _parameter(declared: dict[str, Tree], override: str | None) -> Tree:
    value = declared.get("Default", "") if override is None else override
    if declared.get("Type") == "CommaDelimitedList":
        return [part.strip() for part in str(value).split(",")]
    return str(value)  # CloudFormation hands numbers on as text


def _map(value: Tree, where: str) -> dict[str, Tree]:
    if isinstance(value, dict):
        return value
    msg = f"{where} must be a map in the template"
    raise TemplateError(msg)


def _list(value: Tree) -> list[Tree]:
    if isinstance(value, list):
        return value
    msg = f"an intrinsic function of the template needs a list, not {value!r}"
    raise TemplateError(msg)
