"""Components as scripts that a browser runs: what a frontend's compiler does, as far as the examples need it.

React itself is the real one, from `react/`. AllowedImports are of React only.
"""

import html
import json
import re
from pathlib import Path
from typing import Final

import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

_PARSER: Final = Parser(Language(tree_sitter_typescript.language_tsx()))
_REACT: Final = "".join(
    (Path(__file__).parent / "react" / f"{name}.production.min.js").read_text() for name in ("react", "react-dom")
)
_IMPORT: Final = re.compile(r"^import \{([^}]*)\} from 'react';$", re.MULTILINE)
_DEFAULT: Final = re.compile(r"^export default function (\w+)", re.MULTILINE)
_ELEMENTS: Final = {"jsx_element", "jsx_self_closing_element"}


def compiled(code: str) -> str:
    """One script: React, the component and its rendering into #root."""
    default = _DEFAULT.search(code)
    assert default is not None
    code = _IMPORT.sub(r"const {\1} = React;", _DEFAULT.sub(r"function \1", code))
    shown = f"ReactDOM.createRoot(document.getElementById('root')).render(React.createElement({default[1]}));"
    tree = _PARSER.parse(code.encode())
    assert not tree.root_node.has_error
    return f"{_REACT}\n(() => {{\n{_script(tree.root_node)}\n{shown}\n}})();"


def _text(node: Node) -> str:
    assert node.text is not None
    return node.text.decode()


def _script(node: Node) -> str:
    """The code of a node, with calls in place of its elements."""
    if node.type in _ELEMENTS:
        return _element(node)
    assert node.text is not None
    written, end = [], node.start_byte
    for child in node.children:
        written.append(node.text[end - node.start_byte : child.start_byte - node.start_byte].decode())
        written.append(_script(child))
        end = child.end_byte
    return "".join(written) + node.text[end - node.start_byte :].decode()


def _element(node: Node) -> str:
    opening = node if node.type == "jsx_self_closing_element" else node.children[0]
    name = opening.child_by_field_name("name")
    tag = "React.Fragment" if name is None else _text(name)
    named = json.dumps(tag) if tag[0].islower() and "." not in tag else tag
    attributes = [_attribute(child) for child in opening.named_children if child != name]
    children = [] if opening is node else _children(node.children[1:-1])
    return f"React.createElement({', '.join([named, '{' + ', '.join(attributes) + '}', *children])})"


def _attribute(node: Node) -> str:
    if node.type == "jsx_expression":  # {...spread}
        return _inside(node)
    name, *value = node.named_children
    return f"{json.dumps(_text(name))}: {_value(value[0]) if value else 'true'}"


def _value(node: Node) -> str:
    if node.type == "string":
        return json.dumps(html.unescape(_text(node)[1:-1]))
    return _inside(node) if node.type == "jsx_expression" else _script(node)


def _inside(node: Node) -> str:
    """An expression without its braces."""
    return "".join(_script(child) for child in node.named_children if child.type != "comment")


def _children(nodes: list[Node]) -> list[str]:
    """Text, elements and expressions; text and entities that stand beside each other are one text."""
    children, text = [], ""
    for node in nodes:
        if node.type in {"jsx_text", "html_character_reference"}:
            text += _text(node)
            continue
        children += [_words(text), _inside(node) if node.type == "jsx_expression" else _script(node)]
        text = ""
    return [child for child in [*children, _words(text)] if child]


def _words(text: str) -> str:
    """The text as JSX takes it: lines without their indentation, joined by blanks, empty ones left out."""
    first, *others = text.split("\n")
    if not others:
        return json.dumps(html.unescape(text)) if text else ""
    lines = [first.rstrip(), *(line.strip() for line in others[:-1]), others[-1].lstrip()]
    joined = " ".join(line for line in lines if line)
    return json.dumps(html.unescape(joined)) if joined else ""
