"""The names of languages, as they are written on fences and tags."""

import re

_ASIDE = re.compile(r"\([^)]*+\)?")
_VERSION = re.compile(r"[ @_-]*+v?[0-9][0-9.x+]*+$")
_VERSIONED = frozenset({
    "python", "py", "ipython", "node", "nodejs", "javascript", "js", "typescript", "ts", "html", "css", "react", "svg",
    "es", "ecmascript", "markdown",
})  # fmt: skip
"""Labels that a version may follow; `h2` and `cobol85` are names."""

_LABELS = {
    "python": "python py ipython py3 pyi",
    "json": "json geojson",
    "javascript": "javascript js mjs cjs node nodejs es ecmascript",
    "jsx": "jsx javascriptreact react",
    "tsx": "tsx typescriptreact",
    "typescript": "typescript ts mts cts",
    "css": "css",
    "html": "html htm xhtml",
    "svg": "svg svg+xml",
    "mermaid": "mermaid mmd",
    "markdown": "markdown md",
}
_TOLD_FROM_PROSE = frozenset({"python", "json", "javascript", "jsx", "tsx", "typescript", "css", "html", "svg"})
"""The languages whose check rejects every sentence."""
_SCRIPTS = frozenset({"javascript", "jsx", "tsx", "typescript"})
_NAMES = {label: name for name, labels in _LABELS.items() for label in labels.split()}


def canonical(language: str | None) -> str | None:
    """Return the name that a language is checked by, or its label in lower case if there is no check; None for none.

    `Python 3.11`, `text/x-python` and `.py` are `python`, and `Node.js (ESM)` is `javascript`.
    """
    label = _ASIDE.sub("", (language or "")[:100].lower()).strip()
    if not label:
        return None
    label = label.removeprefix("text/").removeprefix("application/").removeprefix("image/")
    label = label.removeprefix("x-").removeprefix(".")
    if label not in _NAMES:
        bare = _VERSION.sub("", label).removesuffix(".js")
        label = bare if bare in _VERSIONED else label
    return _NAMES.get(label, label) or None


def check_rejects_prose(language: str | None) -> bool:
    """Return whether the check of this language rejects sentences."""
    return canonical(language) in _TOLD_FROM_PROSE


def same_language(one: str | None, other: str | None) -> bool:
    """Return whether two labels name one language.

    JavaScript and TypeScript, with JSX or without, count as one.
    """
    names = {canonical(one), canonical(other)}
    return len(names) == 1 or names <= _SCRIPTS
