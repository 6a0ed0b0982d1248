"""IPython's additions to Python's syntax: magics, shell commands, help, and whole cells of a magic."""

import re

_MAGIC = re.compile(
    r"[ \t]*+(?:[A-Za-z_][\w.]*+(?>(?:[ \t]*+,[ \t]*+[A-Za-z_][\w.]*+)*)[ \t]*+=[ \t]*+)?"  # `files = !ls`
    r"(?P<magic>(?:%{1,2}[A-Za-z_]|!)(?>(?:[^\\\n]++|\\[\s\S]?)*)"
    r"|(?:\?{1,2}[%\w.*]++|[%A-Za-z_][%\w.*]*+\?{1,2})(?=[ \t;]*+(?:\n|\Z)))"
)
_CELL = re.compile(r"%%(?!(?:time|timeit|capture|prun|lprun|memit|mprun|debug)\b)[A-Za-z]")
"""A cell in another language, or for another file; the cells of the listed magics hold Python."""
_NEXT_CELL = re.compile(r"\n(?=%%[A-Za-z]|#[ \t]?%%|# In ?\[|# COMMAND -|# <codecell>)")
_TOKEN = re.compile(
    r"\"\"\"(?>(?:[^\"\\]++|\\[\s\S]|\"(?!\"\"))*)(?:\"\"\")?|'''(?>(?:[^'\\]++|\\[\s\S]|'(?!''))*)(?:''')?"
    r"|\"(?>(?:[^\"\\\n]++|\\[\s\S])*)\"?|'(?>(?:[^'\\\n]++|\\[\s\S])*)'?|#[^\n]*+|\\[\s\S]?"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<end>\n)|[^\"'#\\()\[\]{}\n]++"
)
_CHARACTER = re.compile(r"[^\n]")


def without_magic(code: str) -> str:
    """Return the code with a `0` in place of each magic where a statement may begin; all other positions stay."""
    parts: list[str] = []
    place = depth = 0
    begins = True  # whether a statement may begin here
    while place < len(code):
        magic = _MAGIC.match(code, place) if begins else None
        if magic:
            start, end = magic.span("magic")
            if start == place and _CELL.match(code, start):
                following = _NEXT_CELL.search(code, end)
                end = following.start() if following else len(code)
            parts += (code[place:start], "0", _CHARACTER.sub(" ", code[start + 1 : end]))
            place, begins = end, False
            continue
        token = _TOKEN.match(code, place)
        if token is None:  # each character begins a token
            break
        depth = max(0, depth + (token["open"] is not None) - (token["close"] is not None))
        begins = token["end"] is not None and depth == 0
        parts.append(token[0])
        place = token.end()
    return "".join(parts)
