"""What a caller says a request is part of, for the cost line: cost can be asked per feature and component."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""Short, and safe on a log line."""


class Metadata(BaseModel):
    """The feature and the component; other entries are ignored."""

    model_config = ConfigDict(frozen=True)

    feature: Name | None = None
    component: Name | None = None
