"""What a caller says a request is part of, for the cost line: cost can be asked per feature and component."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
NAME_RULE = "must have 1 to 64 letters, digits, dots, hyphens and underscores, and begin with a letter or a digit"

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
"""Short, and safe on a log line."""


class Metadata(BaseModel):
    """What the request is part of, for the operator's figures; other entries are ignored."""

    model_config = ConfigDict(frozen=True)

    feature: Name | None = None
    """What of the product asks, such as `checkout`."""
    component: Name | None = None
    """Which part of it."""

    @classmethod
    def said_in(cls, body: Mapping[str, Any]) -> Self:
        """Return what a request's JSON object says; nothing where that is wrong, which is for its contract to tell."""
        try:
            return cls.model_validate(body.get("metadata") or {})
        except ValidationError:
            return cls()
