"""A CloudFormation template as YAML: intrinsic functions by their short tags, text of several lines as it reads."""

import sys

import yaml

from local.sam_template import Tree


def yaml_text(tree: Tree) -> str:
    """Return the template's text."""
    return yaml.dump(tree, Dumper=_Dumper, sort_keys=False, width=sys.maxsize, allow_unicode=True)


class _Dumper(yaml.SafeDumper):
    """PyYAML's, with representers of its own."""


def _text(dumper: _Dumper, value: str, tag: str = "tag:yaml.org,2002:str") -> yaml.Node:
    return dumper.represent_scalar(tag, value, style="|" if "\n" in value else None)


def _map(dumper: _Dumper, value: dict[str, Tree]) -> yaml.Node:
    if len(value) == 1:
        ((name, argument),) = value.items()
        if name == "Ref" or name.startswith("Fn::"):
            tag = f"!{name.removeprefix('Fn::')}"
            return (
                dumper.represent_sequence(tag, argument, flow_style=True)
                if isinstance(argument, list)
                else _text(dumper, str(argument), tag)
            )
    return dumper.represent_mapping("tag:yaml.org,2002:map", value)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(dict, _map)
