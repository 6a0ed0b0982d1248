"""What the stand-in makes of code that is to be changed: a change that it knows, a general one, or another kind."""

from typing import Final

from local.standin.artifact import Artifact
from local.standin.changes import change_for
from local.standin.examples import example_for
from local.standin.general_changes import recoloured, with_note
from local.standin.kinds import Kind
from local.standin.parts import CodeRequest

_TITLE: Final = "Changed"


def changed(about: CodeRequest, kind: Kind) -> Artifact:
    """Return the code as the change asks for it; an example where another kind is asked for."""
    wish = about.change or ""
    if about.named - {kind}:
        return example_for(kind, wish)
    known = change_for(kind, about.code, wish)
    if known:
        return known.apply(about.code)
    return Artifact(kind, _TITLE, recoloured(about.code, kind, wish) or with_note(about.code, kind))
