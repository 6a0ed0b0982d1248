"""The settings: the environment, read once into one frozen model. This is the only module that reads `os.environ`.

Each field is read from the variable of the same name in capitals. An empty variable counts as not set, because a
template cannot leave one out.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from shared.errors import ServiceMisconfigured

if TYPE_CHECKING:
    from pydantic import HttpUrl


def _split(value: object) -> object:
    """Return the items of a comma-separated text, such as `("a", "b")` for `"a, b"`; any other value as it is."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


CommaSeparated = Annotated[tuple[str, ...], BeforeValidator(_split)]
Price = Annotated[Decimal, Field(gt=0)]
"""USD per million tokens."""
Seconds = Annotated[float, Field(gt=0, le=900)]
Count = Annotated[int, Field(ge=0)]
Score = Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Usd = Annotated[Decimal, Field(ge=0, le=1_000_000_000, allow_inf_nan=False)]


_DEFAULTS_PER_CALLER = {"guest_limit": 5, "user_limit": 50, "caller_daily_budget_usd": Decimal(5)}
"""Defaults of the limits per caller, for those whose callers are persons: see `_PROGRAMS`."""
_PROGRAMS = {"iam", "key"}
"""The modes whose callers are programs that the owner has let in, each of which may call for many users."""

_SERVICE_NAME = "kimi-artifacts"

AUTO = "auto"
"""In place of a model: one is chosen for each request (`shared/routing/`)."""

_NUMBERS = {
    "provider_max_price": (2, "two prices in USD per million tokens, prompt and completion, such as 1,4"),
    "tier_bounds": (2, "two scores from 0 to 10, such as 3.0,6.5"),
    "step_shares": (4, "four shares that sum to 1, of plan, build, review and rebuild, such as 0.1,0.55,0.15,0.2"),
}
"""The settings that are several numbers, how many, and what these are."""

_ROUNDING = 1e-6
"""By how much shares may miss 1: decimal fractions are not exact."""

_UNAMBIGUOUS = re.compile(r"(?i:https?)://[^\s\\/?#%]+(?:[/?#][^\s\\]*)?")
"""What pydantic, which checks a URL, and httpx, which sends to it, read alike: to one a backslash is a slash, to the
other a part of the host; one drops blanks and adds missing slashes, the other does not."""


class SettingsError(ServiceMisconfigured):
    """The environment is invalid.

    Attributes:
        problems: everything that is wrong with it, one sentence each.
        service_name: the setting of this name, for the log line that reports the problems.
    """

    def __init__(self, problems: tuple[str, ...], service_name: str) -> None:
        self.problems = problems
        self.service_name = service_name
        self.problem = "; ".join(problems)
        super().__init__()


class Settings(BaseModel):
    """Everything that the operator of this service can choose."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    openrouter_secret_arn: str | None = None
    """The Secrets Manager secret that holds the API key, as bare text."""
    openrouter_k2t_key: SecretStr | None = None
    """The API key itself, used instead of the secret; for running locally only."""
    openrouter_base_url: str | None = None
    """None, like those below: the one in `shared/model_host/hosts.toml`."""
    moonshot_secret_arn: str | None = None
    moonshot_key: SecretStr | None = None
    moonshot_base_url: str | None = None
    kimi_secret_arn: str | None = None
    kimi_key: SecretStr | None = None
    kimi_base_url: str | None = None
    custom_host_secret_arn: str | None = None
    custom_host_key: SecretStr | None = None
    custom_host_url: str | None = None
    """Base URL of any OpenAI-compatible host, whose models are named `custom/…`."""
    models: CommaSeparated = Field(("moonshotai/kimi-k2-thinking", "moonshotai/kimi-k2.6"), min_length=1)
    """The primary model, then its fallbacks in order; a prefix names the host (`shared/model_host/hosts.toml`).

    `auto` alone: the models are chosen for each request, by tiers.
    """
    tier_fast: CommaSeparated = Field(("moonshotai/kimi-k2.6", "moonshotai/kimi-k2-thinking"), min_length=1)
    """Where a model is chosen: those for simple requests, the primary first, and below those for harder ones."""
    tier_balanced: CommaSeparated = Field(("moonshotai/kimi-k2.7-code", "moonshotai/kimi-k2-thinking"), min_length=1)
    tier_powerful: CommaSeparated = Field(("moonshotai/kimi-k3.1-pro", "moonshotai/kimi-k3"), min_length=1)
    tier_bounds: tuple[Score, Score] = (3.0, 6.5)
    """The scores between the tiers: below the first is fast, above the second powerful."""
    workflow: Literal["direct", "reviewed"] = "direct"
    """How an artifact is made where a request does not say it: at once, or planned, built and reviewed."""
    plan_models: CommaSeparated = Field(("moonshotai/kimi-k2.6", "moonshotai/kimi-k2-thinking"), min_length=1)
    """Those that plan a reviewed artifact, and below those that review it; the primary first, then its fallbacks."""
    review_models: CommaSeparated = Field(("moonshotai/kimi-k2.7-code", "moonshotai/kimi-k2.6"), min_length=1)
    review_threshold: Literal["minor", "major", "blocking"] = "major"
    """The least severity of a finding for which a reviewed artifact is rebuilt."""
    step_shares: tuple[Share, Share, Share, Share] = (0.1, 0.55, 0.15, 0.2)
    """Of the time of a reviewed request, for plan, build, review and rebuild; what a step leaves passes on."""
    chat_models: CommaSeparated = ()
    """The models that a caller of the chat function may name, the default first; empty: those of `MODELS`."""
    catalog_parameter: str | None = Field(None, pattern=r"^/[A-Za-z0-9_./-]+$")
    """The SSM parameter with the operator's overlay of the catalog, see `shared/catalog/overlay.py`."""
    provider_sort: Literal["throughput", "price", "latency"] | None = "throughput"
    provider_order: CommaSeparated = ()
    provider_ignore: CommaSeparated = ()
    provider_max_price: tuple[Price, Price] | None = None
    """Maximum price of a provider: prompt and completion, USD per million tokens, as `1,4`."""
    site_url: str | None = None
    site_name: str | None = None
    max_output_tokens: int = Field(32_000, ge=1)
    """Output tokens of an attempt, reasoning included."""
    max_attempts: int = Field(4, ge=1, le=20)
    max_calls: int = Field(6, ge=1, le=50)
    reviewed_max_calls: int = Field(10, ge=4, le=50)
    """The same of a reviewed request, for all its steps together."""
    max_retry_wait_seconds: Annotated[float, Field(ge=0, le=900)] = 60
    first_token_seconds: Seconds = 240
    stall_seconds: Seconds = 90
    edits_from_lines: int = Field(80, ge=0, le=1_000_000)
    """`content` of at least so many lines is changed by edits, shorter content is written anew; 0: always edits.

    In few lines, an edit's own lines and the attempt after one that does not apply cost what it saves.
    """
    allowed_imports: CommaSeparated = ()
    """Packages that a component may import; empty: those in `shared/artifacts/allowed_imports.toml`."""
    auth_mode: Literal["iam", "jwt", "key", "none"] = "iam"
    """How callers are authenticated: by AWS's signature, an issuer's token, a key of the owner's, or not at all."""
    jwt_issuer: Annotated[str | None, Field(validate_default=True)] = None
    """Exactly as it is written in the tokens."""
    jwt_audience: Annotated[str | None, Field(validate_default=True)] = None
    jwt_jwks_url: str | None = None
    """URL of the issuer's public keys; see `jwks_url` for its default."""
    api_keys: SecretStr | None = None
    """The SHA-256 hash of each API key by its name, as JSON, used instead of the secret; for running locally only."""
    api_keys_secret_arn: Annotated[str | None, Field(validate_default=True)] = None
    """The Secrets Manager secret that holds the same."""
    allow_guests: bool = False
    """With `jwt`: whether requests without a token are served."""
    allow_unauthenticated: Annotated[bool, Field(validate_default=True)] = False
    """Must be true for `none`, and for guests without a guard: then anyone may spend the owner's money."""
    enable_guard: bool = True
    """Whether requests are counted and limited, spending is limited, and `Idempotency-Key` is honoured."""
    guard_table: str | None = None
    """The guard's DynamoDB table; required if the guard is enabled."""
    guest_limit: Count | None = None
    """Requests per guest, function and window; None sets no limit."""
    user_limit: Count | None = None
    """The same per known caller."""
    limit_window_seconds: int = Field(18_000, ge=1, le=31_536_000)
    global_limit_per_minute: Count = 10
    """Requests per function and minute, from all callers together."""
    replay_limit: Count = 100
    """Replays of stored answers, per caller, function and window."""
    daily_budget_usd: Usd = Decimal(50)
    """Spending limit per UTC day, over all functions."""
    caller_daily_budget_usd: Usd | None = None
    """The same per caller; None sets no limit."""
    service_name: str = Field(_SERVICE_NAME, max_length=256, pattern=r"^[\x21-\x7e]+$")
    """The service's name in log lines and metrics."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """Lowest level of a diagnostic line that is written. Cost lines are written at any level."""

    @model_validator(mode="before")
    @classmethod
    def _with_limits_per_caller(cls, given: dict[str, Any]) -> dict[str, Any]:
        return given if given.get("auth_mode", "iam") in _PROGRAMS else _DEFAULTS_PER_CALLER | given

    @field_validator("models", "tier_fast", "tier_balanced", "tier_powerful", "plan_models", "review_models")
    @classmethod
    def _auto_alone(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if AUTO in names and (len(names) > 1 or info.field_name != "models"):
            msg = "auto may stand in MODELS only, and there alone: it chooses among the models of the tiers"
            raise ValueError(msg)
        return names

    @field_validator("tier_bounds")
    @classmethod
    def _in_order(cls, bounds: tuple[float, float]) -> tuple[float, float]:
        if bounds[0] > bounds[1]:
            msg = "must be two scores of which the second is not the lower one"
            raise ValueError(msg)
        return bounds

    @field_validator("step_shares")
    @classmethod
    def _whole(cls, shares: tuple[float, ...]) -> tuple[float, ...]:
        if abs(sum(shares) - 1) > _ROUNDING:
            msg = f"must be {_NUMBERS['step_shares'][1]}; these sum to {sum(shares):g}"
            raise ValueError(msg)
        return shares

    @field_validator("openrouter_base_url")
    @classmethod
    def _http_url(cls, url: str) -> str:
        if _parsed(url) is None or {"@", "?", "#"} & set(url):
            msg = "must be an http or https URL in ASCII, without credentials, query or fragment"
            raise ValueError(msg)
        return url.rstrip("/")

    @field_validator("openrouter_base_url", "moonshot_base_url", "kimi_base_url", "custom_host_url")
    @classmethod
    def _without_the_path_of_a_call(cls, url: str) -> str:
        if url.rstrip("/").endswith("/chat/completions"):
            msg = "must be the base URL, without /chat/completions"
            raise ValueError(msg)
        return url

    @field_validator("moonshot_base_url", "kimi_base_url", "custom_host_url")
    @classmethod
    def _secure_base_url(cls, url: str) -> str:
        if not _is_secure(url) or {"?", "#"} & set(url):
            msg = "must be an https URL in ASCII, or http on loopback, without credentials, query or fragment"
            raise ValueError(msg)
        return url.rstrip("/")

    @field_validator("site_url", "site_name")
    @classmethod
    def _printable_ascii(cls, value: str | None) -> str | None:
        if value and not (value.isascii() and value.isprintable()):
            msg = "must be printable ASCII, because it is sent as a header"
            raise ValueError(msg)
        return value

    @field_validator("jwt_issuer", "jwt_audience")
    @classmethod
    def _needed_for_tokens(cls, value: str | None, others: ValidationInfo) -> str | None:
        if not value and others.data.get("auth_mode") == "jwt":
            msg = "must be set for AUTH_MODE=jwt"
            raise ValueError(msg)
        return value

    @field_validator("jwt_issuer", "jwt_jwks_url")
    @classmethod
    def _secure_url(cls, url: str | None) -> str | None:
        if url and not _is_secure(url):
            msg = "must be an https URL in ASCII, or http on loopback, without a user or a fragment"
            raise ValueError(msg)
        return url

    @field_validator("api_keys")
    @classmethod
    def _hashes(cls, hashes: SecretStr) -> SecretStr:
        from shared import key_hashes  # noqa: PLC0415 - seldom given

        key_hashes.parse(hashes.get_secret_value())
        return hashes

    @field_validator("api_keys_secret_arn")
    @classmethod
    def _needed_for_keys(cls, arn: str | None, others: ValidationInfo) -> str | None:
        given = others.data
        if not arn and given.get("auth_mode") == "key" and given.get("api_keys", "malformed") is None:
            msg = "must be set for AUTH_MODE=key, or locally API_KEYS"
            raise ValueError(msg)
        return arn

    @field_validator("allow_unauthenticated")
    @classmethod
    def _confirmed_for_none(cls, value: bool, others: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic passes it so
        if not value and others.data.get("auth_mode") == "none":
            msg = "must be true for AUTH_MODE=none, with which anybody may spend your money"
            raise ValueError(msg)
        return value

    @field_validator("enable_guard")
    @classmethod
    def _confirmed_for_guests(cls, value: bool, others: ValidationInfo) -> bool:  # noqa: FBT001 - see above
        given = others.data
        guests = given.get("auth_mode") == "jwt" and given.get("allow_guests")
        if guests and not value and not given.get("allow_unauthenticated"):
            msg = "may be false beside ALLOW_GUESTS=true only with ALLOW_UNAUTHENTICATED=true: guests spend without end"
            raise ValueError(msg)
        return value

    @property
    def chooses_models(self) -> bool:
        """Whether `MODELS` is `auto`."""
        return self.models == (AUTO,)

    @property
    def tiers(self) -> dict[str, tuple[str, ...]]:
        """The models of each tier, by its name, from the cheapest tier to the best."""
        return {"fast": self.tier_fast, "balanced": self.tier_balanced, "powerful": self.tier_powerful}

    @property
    def asked_models(self) -> tuple[str, ...]:
        """The names of all models that the owner asks for; of the tiers where `auto` is one of them."""
        advisers = (*self.plan_models, *self.review_models) if self.workflow == "reviewed" else ()
        named = (*self.models, *self.chat_models, *advisers)
        chosen = [name for names in self.tiers.values() for name in names] if AUTO in named else ()
        return tuple(dict.fromkeys(name for name in (*named, *chosen) if name != AUTO))

    @property
    def jwks_url(self) -> str:
        """URL of the issuer's public keys: `jwt_jwks_url`, or else the issuer's well-known address."""
        return self.jwt_jwks_url or f"{(self.jwt_issuer or '').rstrip('/')}/.well-known/jwks.json"

    @field_validator("guard_table")
    @classmethod
    def _table_if_guarded(cls, name: str | None, info: ValidationInfo) -> str | None:
        if name is None and info.data.get("enable_guard"):
            msg = "must name the guard's table, or ENABLE_GUARD be false"
            raise ValueError(msg)
        return name

    @field_validator("provider_max_price", "tier_bounds", "step_shares", mode="before")
    @classmethod
    def _several(cls, value: object, info: ValidationInfo) -> object:
        numbers, (count, what) = _split(value), _NUMBERS[str(info.field_name)]
        if isinstance(numbers, tuple) and len(numbers) != count:
            msg = f"must be {what}"
            raise ValueError(msg)
        return numbers

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Return the settings that the environment gives.

        Raises:
            SettingsError: something in it is wrong; it lists all problems at once.
        """
        variables = os.environ if environment is None else environment
        given = {name: variables.get(name.upper(), "").strip() for name in cls.model_fields}
        try:
            # None has to be passed for the table's validator to run: pydantic validates no default.
            return cls.model_validate({"guard_table": None} | {name: value for name, value in given.items() if value})
        except ValidationError as error:
            # Each once: of several numbers, each may be wrong in the same way.
            problems = tuple(dict.fromkeys(_problem(item["loc"], item["msg"]) for item in error.errors()))
            wrong = {item["loc"][0] for item in error.errors()}
            name = "" if "service_name" in wrong else given["service_name"]
            raise SettingsError(problems, name or _SERVICE_NAME) from None


def aws_environment() -> dict[str, str]:
    """Return the variables that AWS defines, such as those of the region and of credentials; Lambda sets them."""
    return {name: value for name, value in os.environ.items() if name.startswith("AWS_")}


def are_ca_roots_given() -> bool:
    """Return whether the environment says which CA roots to trust, by the variables that OpenSSL and httpx read."""
    return any(os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))


def _parsed(url: str) -> "HttpUrl | None":
    """Return the URL if every parser finds the same host in it, else None."""
    # Imported here, because it brings all of pydantic's network types, and most settings give no URL.
    from pydantic import HttpUrl  # noqa: PLC0415

    try:
        return HttpUrl(url) if url.isascii() and url.isprintable() and _UNAMBIGUOUS.fullmatch(url) else None
    except ValidationError:
        return None


def _is_secure(url: str) -> bool:
    """Return whether an answer from this URL cannot be changed on the way: https, or loopback."""
    if _parsed(url) is None:
        return False
    parts = urlsplit(url)
    if "@" in parts.netloc or parts.fragment:
        return False
    return parts.scheme == "https" or _is_loopback(parts.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _problem(location: tuple[int | str, ...], message: str) -> str:
    return f"{str(location[0]).upper()}: {message.removeprefix('Value error, ')}"
