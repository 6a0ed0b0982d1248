"""Why `sam` itself failed, out of all that it prints then."""

import re

_ERROR = "Error: "
# docker's library: 500 Server Error for http+docker://…: Internal Server Error ("what the engine said")
_QUOTED = re.compile(r'\("(.*)"\)$')


def sam_error(stderr: str) -> str:
    """Return its error in one sentence, which is the container engine's own where that failed."""
    lines = stderr.strip().splitlines() or ["it said nothing"]
    error = next((line for line in lines if line.startswith(_ERROR)), lines[-1]).removeprefix(_ERROR)
    quoted = _QUOTED.search(error)
    return quoted[1] if quoted else error
