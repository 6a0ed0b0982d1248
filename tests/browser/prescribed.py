"""How the documents say that an artifact is rendered, read from them."""

import re
from html import escape
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_SECTION: Final = (ROOT / "docs/threat-model.md").read_text().partition("## Rendering an artifact\n")[2]


def _only(pattern: str, text: str) -> str:
    (found,) = re.findall(pattern, text)
    return str(found)


SANDBOX: Final = _only(r'<iframe sandbox="([^"]+)">', _SECTION)
HEAD: Final = _only(r"(<!doctype html><base .*<meta .*>)\n", _SECTION)
POLICY: Final = _only(r' content="([^"]+)">$', HEAD)
PAGE_POLICY: Final = _only(r"Content-Security-Policy: (.*)\n", _SECTION)
README_SCRIPT: Final = _only(r"(?s)```js\n(import .*?)```", (ROOT / "README.md").read_text())


def frame(code: str, *, sandbox: str = SANDBOX, head: str = HEAD) -> str:
    """A frame with an artifact in it."""
    return f'<iframe width="800" height="500" sandbox="{sandbox}" srcdoc="{escape(head + code)}"></iframe>'


LISTENING: Final = """<!doctype html><title>page</title>
<script>const said = []; onmessage = (event) => said.push(event.data);</script>"""
