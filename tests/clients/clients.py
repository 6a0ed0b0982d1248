"""The client libraries that call the chat function: how each is started, and what its callers get to see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from tests.local.emulator import ROOT

HERE = Path(__file__).parent
VENV = ROOT / ".venv-clients"
MODULES = HERE / "node_modules"

_OPENAI = MappingProxyType(
    {
        400: "BadRequestError",
        401: "AuthenticationError",
        404: "NotFoundError",
        413: "APIError",
        429: "RateLimitError",
        502: "InternalServerError",
        503: "InternalServerError",
        504: "InternalServerError",
    }
)
_LITELLM = MappingProxyType({**_OPENAI, 502: "BadGatewayError", 503: "ServiceUnavailableError", 504: "APITimeoutError"})
_AI_SDK = MappingProxyType(dict.fromkeys(_OPENAI, "APICallError"))


@dataclass(frozen=True, eq=False)
class Client:
    """A client library."""

    name: str
    program: str
    """The driver, in `tests/clients/drivers`."""
    # Python 3.11 takes no mapping proxy for a default: it cannot be hashed there.
    errors: Mapping[int, str] = field(default_factory=lambda: _OPENAI)
    """The class of what is raised for a status, or one that it extends."""
    shows_reasoning: bool = True
    shows_cost_of: tuple[str, ...] = ("whole", "streamed")
    """The answers whose cost it shows, beside their tokens."""
    tells_code: bool = True
    """Whether what it raises has the error's code, for statuses other than 400, and not only its message."""
    heeds_should_retry: bool = True
    """Whether `x-should-retry: false` keeps it from repeating a request; else its callers have to."""

    @property
    def command(self) -> tuple[str, ...]:
        """What starts the driver."""
        if self.program.endswith(".mjs"):
            return "node", str(HERE / "drivers" / self.program)
        return str(VENV / "bin" / "python"), "-m", f"tests.clients.drivers.{self.program}"

    @property
    def is_missing(self) -> str:
        """Why it cannot be called, if it is not installed."""
        if self.program.endswith(".mjs"):
            return "" if MODULES.exists() else "the clients for JavaScript need npm and `make test-clients`"
        return "" if (VENV / ".ready").exists() else "`make test-clients` installs the clients"


CLIENTS = (
    Client("openai-python", "openai_python"),
    Client("langchain-python", "langchain_python", shows_reasoning=False, shows_cost_of=("whole",)),
    Client("litellm", "litellm_python", _LITELLM, tells_code=False),
    Client("openai-js", "openai_js.mjs"),
    Client("langchain-js", "langchain_js.mjs", shows_reasoning=False, shows_cost_of=(), heeds_should_retry=False),
    Client("ai-sdk", "ai_sdk.mjs", _AI_SDK, heeds_should_retry=False),
)
