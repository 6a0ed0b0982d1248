"""What the stand-in makes of code that is to be changed: a change that it knows, a general one, or another kind."""

from dataclasses import replace
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
        return _titled(known.apply(about.code), about)
    code = recoloured(about.code, kind, wish) or with_note(about.code, kind)
    return _titled(Artifact(kind, _TITLE, code), about)


def _titled(artifact: Artifact, about: CodeRequest) -> Artifact:
    """Return the artifact with the title that it had, where the request tells it."""
    return replace(artifact, title=about.title or artifact.title)
