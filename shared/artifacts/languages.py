"""What languages are called: one name for the many labels that models and callers put on code."""

import re

_ALIASES = {
    "py": "python", "py3": "python", "python3": "python", "ipython": "python",
    "js": "javascript", "jsx": "javascript", "mjs": "javascript", "cjs": "javascript", "es6": "javascript",
    "ecmascript": "javascript", "node": "javascript", "nodejs": "javascript", "javascriptreact": "javascript",
    "ts": "typescript", "mts": "typescript", "cts": "typescript", "tsx": "tsx", "typescriptreact": "tsx",
    "htm": "html", "xhtml": "html", "md": "markdown", "mmd": "mermaid",
}  # fmt: skip
CHECKED = frozenset({"python", "javascript", "typescript", "tsx", "json", "css", "html", "svg"})
"""Those that the check of code can tell from prose."""

# A version, or what stands in parentheses, behind the name.
_BEHIND = re.compile(r"(?:\s++|(?<=[a-z]))(?:\(|v?\d)[^\n]*+\Z", re.ASCII)


def canonical(language: str | None) -> str | None:
    """The one name of a language, in lower case; of one that is not known here, the label itself."""
    if not language:
        return None
    label = language.strip().lower().rpartition("/")[2].removeprefix("x-").lstrip(".").removesuffix(".js")
    bare = _BEHIND.sub("", label)
    return _ALIASES.get(label) or _ALIASES.get(bare) or (bare if bare in CHECKED else label) or None


def is_checked(language: str | None) -> bool:
    """Whether the check of code knows this language."""
    return canonical(language) in CHECKED
