"""What Kimi's models do not take, whoever hosts them: their sampling is fixed."""

from collections.abc import Mapping
from typing import Any, Final

_FIXED: Final[Mapping[str, float]] = {"top_p": 0.95, "n": 1, "presence_penalty": 0, "frequency_penalty": 0}
_THINKING: Final = 1
_SILENT: Final = 0.6


def sampling_objection(model: str, body: Mapping[str, Any], *, is_silent: bool = False) -> str | None:
    """Return why a model, by its name without a host's, does not take the sampling of a request, if it does not.

    K3 takes no value at all, not even its own; those before it take their own. Silent is a model that does not think.
    """
    for name, own in _FIXED.items():
        if model.startswith("kimi-k3") and body.get(name) is not None:
            return f"invalid {name}: it cannot be set for this model"
        if body.get(name, own) not in (own, None):
            return f"invalid {name}: only {own} is allowed for this model"
    own = _SILENT if is_silent else _THINKING
    if body.get("temperature", own) not in (own, None):
        return f"invalid temperature: only {own} is allowed for this model"
    return None
