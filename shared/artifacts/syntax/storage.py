"""Whether code uses the browser's storage, which throws in a sandboxed frame."""

import re

_USE = re.compile(
    r"\b(?:local|session)Storage\s{0,9}(?:\?\.|\.(?=[a-zA-Z]+\s{0,9}[(=;+,)?\]&|\n]|length)|\[)"
    r"|[=(,{]\s{0,9}(?:window\.|globalThis\.|self\.)?(?:local|session)Storage\s{0,9}[;,)}\n]",
)
# A string may hold two slashes, as in an address, but hardly a space before them.
_COMMENT = re.compile(
    r"/\*(?>(?:[^*]++|\*(?!/))*)\*/|<!--(?>(?:[^-]++|-(?!->))*)-->|(?:^|(?<=[\s;{}()]))//[^\n]*+", re.MULTILINE
)


def uses_storage(code: str) -> bool:
    """Whether `localStorage` or `sessionStorage` is used, rather than spoken of in a comment or a text."""
    if "localStorage" not in code and "sessionStorage" not in code:
        return False
    return _USE.search(_COMMENT.sub(" ", code)) is not None
