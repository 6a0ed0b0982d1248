"""Corrections that are certain and need no model.

A root element of SVG without its namespace gets it. A script that is closed like an element of XML gets an end tag: a
browser leaves it open, and takes all that follows for its text.
"""

import re

from shared.artifacts.artifact import Artifact
from shared.artifacts.kinds import SVG_NAMESPACE, Kind

_TAG_REST = r"(?>(?:[^\"'<>]++|\"[^\"]*+\"|'[^']*+')*)"
_SVG_ROOT = re.compile(rf"(?P<open><svg)(?=[\s/>]){_TAG_REST}>", re.ASCII)
_NAMESPACE = re.compile(r"\sxmlns\s*+=", re.ASCII)
_XLINK = "http://www.w3.org/1999/xlink"
_SCRIPTS = re.compile(
    rf"<!--(?>(?:[^-]++|-(?!->))*)(?:-->|\Z)|<script(?=[\s/>])(?P<rest>{_TAG_REST})>", re.IGNORECASE | re.ASCII
)
_SCRIPT_END = re.compile(r"</script[\s/>]", re.IGNORECASE | re.ASCII)
_SOURCE = re.compile(r"\ssrc\s*+=", re.IGNORECASE | re.ASCII)


def autocorrected(artifact: Artifact) -> Artifact:
    """Return the corrected artifact, or the same object if there is nothing to correct."""
    if artifact.kind is Kind.SVG:
        code = _with_namespaces(artifact.code)
    elif artifact.kind is Kind.HTML:
        code = _with_closed_scripts(artifact.code)
    else:
        return artifact
    return artifact if code == artifact.code else artifact._replace(code=code)


def _with_namespaces(code: str) -> str:
    root = _SVG_ROOT.search(code)
    if not root:
        return code
    missing = "" if _NAMESPACE.search(root[0]) else f' xmlns="{SVG_NAMESPACE}"'
    if " xlink:" in code and "xmlns:xlink" not in code:
        missing += f' xmlns:xlink="{_XLINK}"'
    return code[: root.end("open")] + missing + code[root.end("open") :] if missing else code


def _with_closed_scripts(code: str) -> str:
    pieces, done, position = [], 0, 0
    while tag := _SCRIPTS.search(code, position):
        position = tag.end()
        rest = tag["rest"]
        if rest is None:
            continue
        if rest.endswith("/") and _SOURCE.search(rest):
            pieces += [code[done : tag.end() - 2].rstrip(), "></script>"]
            done = tag.end()
            continue
        end = _SCRIPT_END.search(code, position)
        if not end:
            break
        position = end.end()
    return "".join((*pieces, code[done:]))
