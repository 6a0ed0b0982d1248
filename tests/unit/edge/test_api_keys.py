"""Which API key a caller sent, with moto in the place of Secrets Manager."""

import json
from hashlib import sha256
from typing import Any

import pytest

from shared.deadline import Deadline
from shared.edge.api_keys import ApiKeys
from shared.edge.errors import ApiKeysMalformed, AuthUnavailable
from shared.settings import Settings


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Secret:
    """The secret with the hashes."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.arn = client.create_secret(Name="api-keys", SecretString=hashes("one"))["ARN"]

    def becomes(self, text: str) -> None:
        self._client.put_secret_value(SecretId=self.arn, SecretString=text)

    def goes(self) -> None:
        self._client.delete_secret(SecretId=self.arn, ForceDeleteWithoutRecovery=True)


def hashes(*names: str) -> str:
    return json.dumps({name: sha256(f"ka-{name}".encode()).hexdigest() for name in names})


@pytest.fixture
def secret(secrets: Any) -> Secret:
    return Secret(secrets)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(secret: Secret, clock: Clock) -> ApiKeys:
    return ApiKeys.of(Settings.model_validate({"auth_mode": "key", "api_keys_secret_arn": secret.arn}), clock)


def name_of(keys: ApiKeys, name: str) -> str | None:
    return keys.name_of(f"ka-{name}", Deadline(5))


def test_keys_of_the_environment_outrank_the_secret() -> None:
    settings = {"auth_mode": "key", "api_keys": hashes("one", "two"), "api_keys_secret_arn": "arn:none"}
    keys = ApiKeys.of(Settings.model_validate(settings))

    assert [name_of(keys, name) for name in ("one", "two", "three")] == ["one", "two", None]
    assert keys.problem is None


@pytest.mark.parametrize(
    "sent", ["", "KA-one", "ka-one ", "one", sha256(b"ka-one").hexdigest(), "ka-\ud800", "ka-\u00e9"]
)
def test_only_the_key_itself_is_it(sent: str) -> None:
    """Neither its hash, which a log or a repository may hold, nor anything like it."""
    keys = ApiKeys.of(Settings.model_validate({"auth_mode": "key", "api_keys": hashes("one")}))

    assert keys.name_of(sent, Deadline(5)) is None


def test_every_hash_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time does not tell which of them it is, or that it is the first."""
    compared: list[str] = []

    def compare(_sent: str, known: str) -> bool:
        compared.append(known)
        return True

    monkeypatch.setattr("hmac.compare_digest", compare)
    keys = ApiKeys.of(Settings.model_validate({"auth_mode": "key", "api_keys": hashes("one", "two", "three")}))
    keys.name_of("ka-one", Deadline(5))

    assert compared == list(json.loads(hashes("one", "two", "three")).values())


def test_a_key_that_is_withdrawn_stops_working_in_five_minutes(secret: Secret, keys: ApiKeys, clock: Clock) -> None:
    assert name_of(keys, "one") == "one"
    secret.becomes(hashes("two"))
    clock.now += 299
    assert name_of(keys, "one") == "one"
    clock.now += 1

    assert name_of(keys, "one") is None


def test_a_new_key_works_at_once(secret: Secret, keys: ApiKeys) -> None:
    assert name_of(keys, "one") == "one"
    secret.becomes(hashes("one", "two"))

    assert name_of(keys, "two") == "two"
    assert name_of(keys, "one") == "one"


def test_strangers_do_not_have_the_secret_read_at_will(clock: Clock) -> None:
    reads: list[float] = []

    def read(seconds: float) -> dict[str, str]:
        reads.append(seconds)
        return {"one": sha256(b"ka-one").hexdigest()}

    keys = ApiKeys(read, clock)
    assert name_of(keys, "one") == "one"
    assert [name_of(keys, f"guess-{number}") for number in range(50)] == [None] * 50
    assert len(reads) == 1 + 3
    clock.now += 10
    assert [name_of(keys, f"guess-{number}") for number in range(50)] == [None] * 50

    assert len(reads) == 1 + 4
    assert max(reads) <= 5


@pytest.mark.parametrize("broken", ["gone", "malformed"])
def test_the_last_good_keys_work_for_an_hour_and_the_operator_is_told(
    secret: Secret, keys: ApiKeys, clock: Clock, broken: str
) -> None:
    assert name_of(keys, "one") == "one"
    assert keys.problem is None
    secret.goes() if broken == "gone" else secret.becomes("{}")
    clock.now += 300

    assert name_of(keys, "one") == "one"
    assert keys.problem
    assert keys.problem.startswith("the secret named by API_KEYS_SECRET_ARN cannot be ")
    with pytest.raises(AuthUnavailable if broken == "gone" else ApiKeysMalformed):
        name_of(keys, "two")
    clock.now += 3300
    with pytest.raises(AuthUnavailable if broken == "gone" else ApiKeysMalformed):
        name_of(keys, "one")


def test_a_secret_that_is_corrected_is_used_in_seconds(secret: Secret, keys: ApiKeys, clock: Clock) -> None:
    secret.becomes('{"one": "ka-one"}')
    for _ in range(2):
        with pytest.raises(ApiKeysMalformed) as raised:
            name_of(keys, "one")
    secret.becomes(hashes("one"))
    clock.now += 5

    assert (raised.value.code, raised.value.status) == ("service_misconfigured", 503)
    assert raised.value.retry_after_seconds is None
    assert "entry 1: the value must be a SHA-256 hash" in raised.value.problem
    assert "ka-one" not in raised.value.problem
    assert name_of(keys, "one") == "one"
    assert keys.problem is None


@pytest.mark.parametrize("why", ["ResourceNotFoundException", "holds no text"])
def test_a_secret_that_cannot_be_read_is_told_to_the_operator_alone(secret: Secret, keys: ApiKeys, why: str) -> None:
    secret.becomes(" ") if why == "holds no text" else secret.goes()
    with pytest.raises(AuthUnavailable) as raised:
        name_of(keys, "one")

    assert why in raised.value.problem
    assert "API_KEYS_SECRET_ARN" in raised.value.problem
    assert (why in raised.value.message, secret.arn in raised.value.message) == (False, False)
    assert raised.value.retry_after_seconds == 5
