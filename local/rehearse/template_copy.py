"""Makes the copy of a built template that the emulator can take, and says what it left out."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from local.rehearse.unsupported import (
    UNSUPPORTED_PROPERTIES,
    UNSUPPORTED_RESOURCES,
    UnsupportedProperty,
    UnsupportedResource,
)
from local.sam_template import Tree, read_tree


@dataclass(frozen=True)
class LeftOut:
    """Something of the template that is not in the copy."""

    logical_id: str
    what: str
    reason: str


def describe(left_out: Iterable[LeftOut]) -> list[str]:
    """Return a line for each kind of what was left out, with all logical ids."""
    kinds: dict[str, list[str]] = {}
    for each in left_out:
        kinds.setdefault(f"{each.what}, {each.reason}", []).append(each.logical_id)
    return [f"{kind}: {', '.join(names)}" for kind, names in kinds.items()]


def copy_template(path: Path, defaults: Mapping[str, str], upload: Callable[[Path], str]) -> list[LeftOut]:
    """Rewrite a built template in place, and those that are nested in it, and return what was left out.

    Args:
        path: the template in a copy of what `sam build` wrote.
        defaults: parameters by their values. The emulator transforms a template with the defaults of its parameters
            only, so what SAM itself has to know must be the default.
        upload: stores a nested template, and returns its address in S3 as AWS writes it. `sam deploy` would store it
            at the emulator's own address, which `sam delete` then refuses.
    """
    tree, left_out = derive(read_tree(path), defaults)
    for resource in _section(tree, "Resources").values():
        if isinstance(resource, dict) and resource.get("Type") == "AWS::CloudFormation::Stack":
            properties = _section(resource, "Properties")
            nested = path.parent / str(properties["TemplateURL"])
            left_out += copy_template(nested, {}, upload)
            properties["TemplateURL"] = upload(nested)
    path.write_text(yaml.safe_dump(tree, sort_keys=False, width=120), encoding="utf-8")
    return left_out


def derive(
    tree: Mapping[str, Tree],
    defaults: Mapping[str, str],
    resources: Sequence[UnsupportedResource] = UNSUPPORTED_RESOURCES,
    properties: Sequence[UnsupportedProperty] = UNSUPPORTED_PROPERTIES,
) -> tuple[dict[str, Tree], list[LeftOut]]:
    """Return a template without what is not supported, and what that is.

    Whatever refers to a resource that is left out gets its logical id in place of its attributes.
    """
    left_out: list[LeftOut] = []
    kept = _without_resources(_section(tree, "Resources"), resources, left_out)
    names = {each.logical_id for each in left_out}
    replaced = _replace_references({**tree, "Resources": kept}, names)
    derived = replaced if isinstance(replaced, dict) else {}
    derived["Resources"] = {
        logical_id: _with_log_group_name(logical_id, _without_properties(logical_id, resource, properties, left_out))
        for logical_id, resource in _section(derived, "Resources").items()
    }
    if "Globals" in derived:
        derived["Globals"] = {
            kind: _without("Globals", given, f"AWS::Serverless::{kind}", properties, left_out)
            for kind, given in _section(derived, "Globals").items()
        }
    if "Parameters" in derived:
        derived["Parameters"] = _with_defaults(_section(derived, "Parameters"), defaults)
    return derived, left_out


def _without_resources(
    section: Mapping[str, Tree], unsupported: Sequence[UnsupportedResource], left_out: list[LeftOut]
) -> dict[str, Tree]:
    kept: dict[str, Tree] = {}
    for logical_id, resource in section.items():
        found = isinstance(resource, dict) and next((each for each in unsupported if each.matches(resource)), None)
        if found:
            left_out.append(LeftOut(logical_id, found.name, found.reason))
        else:
            kept[logical_id] = resource
    return kept


def _replace_references(tree: Tree, names: set[str]) -> Tree:
    """Replace what refers to these names, by Ref, GetAtt, Sub or DependsOn."""
    match tree:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]} if name in names:
            replaced: Tree = name
        case {"Fn::Sub": str(text)}:
            replaced = {"Fn::Sub": _replace_in_text(text, names)}
        case {"Fn::Sub": [str(text), values]}:
            replaced = {"Fn::Sub": [_replace_in_text(text, names), _replace_references(values, names)]}
        case dict():
            given = {name: _needed(value, names) if name == "DependsOn" else value for name, value in tree.items()}
            replaced = {name: _replace_references(value, names) for name, value in given.items()}
        case list():
            replaced = [_replace_references(item, names) for item in tree]
        case _:
            replaced = tree
    return replaced


def _replace_in_text(text: str, names: set[str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1].partition(".")[0]
        return name if name in names else match[0]

    return re.sub(r"\$\{([^!}][^}]*)\}", value, text)


def _needed(names: Tree, without: set[str]) -> Tree:
    return [name for name in (names if isinstance(names, list) else [names]) if name not in without]


def _without_properties(
    logical_id: str, resource: Tree, unsupported: Sequence[UnsupportedProperty], left_out: list[LeftOut]
) -> Tree:
    if not isinstance(resource, dict) or "Properties" not in resource:
        return resource
    kept = _without(logical_id, resource["Properties"], str(resource.get("Type")), unsupported, left_out)
    return resource | {"Properties": kept}


def _without(
    logical_id: str, properties: Tree, kind: str, unsupported: Sequence[UnsupportedProperty], left_out: list[LeftOut]
) -> Tree:
    if not isinstance(properties, dict):
        return properties
    found = [each for each in unsupported if each.type == kind and each.name in properties]
    left_out += [LeftOut(logical_id, f"{each.name} of {each.type}", each.reason) for each in found]
    names = {each.name for each in found}
    return {name: value for name, value in properties.items() if name not in names}


def _with_log_group_name(logical_id: str, resource: Tree) -> Tree:
    if not isinstance(resource, dict) or resource.get("Type") != "AWS::Logs::LogGroup":
        return resource
    properties = resource.get("Properties") or {}
    if not isinstance(properties, dict) or "LogGroupName" in properties:
        return resource
    # CloudFormation never gives a log group the name of an earlier one. The emulator always does, and empties what is
    # there. The id of a stack is as new as the stack.
    new: Tree = {"Fn::Select": [4, {"Fn::Split": ["-", {"Ref": "AWS::StackId"}]}]}
    name: Tree = {"Fn::Sub": [f"${{AWS::StackName}}-{logical_id}-${{New}}", {"New": new}]}
    return resource | {"Properties": properties | {"LogGroupName": name}}


def _with_defaults(section: Mapping[str, Tree], defaults: Mapping[str, str]) -> dict[str, Tree]:
    return {
        name: declared | {"Default": defaults[name]} if name in defaults and isinstance(declared, dict) else declared
        for name, declared in section.items()
    }


def _section(tree: Mapping[str, Tree], name: str) -> dict[str, Tree]:
    section = tree.get(name)
    return section if isinstance(section, dict) else {}
