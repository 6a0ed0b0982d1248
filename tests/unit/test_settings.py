"""The environment becomes settings, or one error that says all that is wrong with it."""

import ast
from decimal import Decimal
from pathlib import Path

import pytest

from shared.artifacts.workflow import Workflow
from shared.model_host.hosts import models_of
from shared.settings import Settings, SettingsError

ROOT = Path(__file__).parents[2]


def test_an_empty_environment_gives_the_documented_defaults() -> None:
    settings = Settings.from_environment({"GUARD_TABLE": "t"})

    assert settings.openrouter_base_url is None, "hosts.toml has it"
    assert settings.models == ("moonshotai/kimi-k2-thinking", "moonshotai/kimi-k2.6")
    assert settings.provider_sort == "throughput"
    assert (settings.max_output_tokens, settings.max_attempts, settings.max_calls) == (32_000, 4, 6)
    assert (settings.max_retry_wait_seconds, settings.first_token_seconds, settings.stall_seconds) == (60, 240, 90)
    assert settings.edits_from_lines == 80
    assert (settings.workflow, settings.review_threshold, settings.reviewed_max_calls) == ("direct", "major", 10)
    assert settings.plan_models == ("moonshotai/kimi-k2.6", "moonshotai/kimi-k2-thinking")
    assert settings.review_models == ("moonshotai/kimi-k2.7-code", "moonshotai/kimi-k2.6")
    assert settings.step_shares == (0.1, 0.55, 0.15, 0.2)
    assert settings.openrouter_k2t_key is None
    assert settings.enable_guard
    assert (settings.guest_limit, settings.user_limit, settings.caller_daily_budget_usd) == (None, None, None)
    assert (settings.limit_window_seconds, settings.global_limit_per_minute) == (18_000, 10)
    assert settings.daily_budget_usd == 50


def test_an_empty_variable_is_a_variable_that_is_not_set() -> None:
    assert Settings.from_environment(
        {"MODELS": "", "STALL_SECONDS": " ", "SITE_URL": "", "USER_LIMIT": "", "GUARD_TABLE": "t"}
    ) == Settings(guard_table="t")


def test_every_setting_is_read_from_its_variable() -> None:
    settings = Settings.from_environment(
        {
            "OPENROUTER_K2T_KEY": "sk-1",
            "OPENROUTER_BASE_URL": "http://127.0.0.1:9/api/v1/",
            "MODELS": "a/b, c/d",
            "CATALOG_PARAMETER": "/kimi/catalog",
            "PROVIDER_SORT": "price",
            "PROVIDER_ORDER": "One,Two",
            "PROVIDER_IGNORE": "Three",
            "PROVIDER_MAX_PRICE": "1,4.5",
            "MAX_CALLS": "9",
            "EDITS_FROM_LINES": "0",
            "WORKFLOW": "reviewed",
            "PLAN_MODELS": "e/f",
            "REVIEW_MODELS": "g/h, moonshot/i",
            "REVIEW_THRESHOLD": "blocking",
            "REVIEWED_MAX_CALLS": "4",
            "STEP_SHARES": "0, 0.8, 0.1, 0.1",
            "ENABLE_GUARD": "true",
            "GUARD_TABLE": "table",
            "GUEST_LIMIT": "0",
            "USER_LIMIT": "7",
            "DAILY_BUDGET_USD": "12.34",
            "CALLER_DAILY_BUDGET_USD": "0.5",
            "LOG_LEVEL": "ERROR",
        }
    )

    assert settings.openrouter_k2t_key is not None
    assert settings.openrouter_k2t_key.get_secret_value() == "sk-1"
    assert settings.openrouter_base_url == "http://127.0.0.1:9/api/v1"
    assert settings.models == ("a/b", "c/d")
    assert settings.catalog_parameter == "/kimi/catalog"
    assert settings.provider_order == ("One", "Two")
    assert settings.provider_max_price == (Decimal(1), Decimal("4.5"))
    assert (settings.max_calls, settings.edits_from_lines) == (9, 0)
    assert (settings.workflow, settings.review_threshold, settings.reviewed_max_calls) == ("reviewed", "blocking", 4)
    assert (settings.plan_models, settings.review_models) == (("e/f",), ("g/h", "moonshot/i"))
    assert settings.step_shares == (0, 0.8, 0.1, 0.1)
    assert (settings.guard_table, settings.guest_limit, settings.user_limit) == ("table", 0, 7)
    assert (settings.daily_budget_usd, settings.caller_daily_budget_usd) == (Decimal("12.34"), Decimal("0.5"))


def test_everything_that_is_wrong_is_said_at_once_and_by_its_variable() -> None:
    wrong = {
        "MAX_ATTEMPTS": "0",
        "STALL_SECONDS": "soon",
        "PROVIDER_MAX_PRICE": "1",
        "CATALOG_PARAMETER": "/kimi/*",
        "OPENROUTER_BASE_URL": "ftp://host",
        "MODELS": ",",
        "LOG_LEVEL": "LOUD",
        "GUARD_TABLE": "",
        "USER_LIMIT": "-1",
        "DAILY_BUDGET_USD": "NaN",
    }

    with pytest.raises(SettingsError) as raised:
        Settings.from_environment(wrong)

    assert {problem.partition(":")[0] for problem in raised.value.problems} == set(wrong)
    assert raised.value.status == 503


@pytest.mark.parametrize("lines", ["0", "1000000"])
def test_edits_may_begin_at_any_number_of_lines(lines: str) -> None:
    settings = Settings.from_environment({"ENABLE_GUARD": "false", "EDITS_FROM_LINES": lines})

    assert settings.edits_from_lines == int(lines)


@pytest.mark.parametrize("lines", ["-1", "1000001", "79.5", "few"])
def test_what_is_no_number_of_lines_is_found_at_start_up(lines: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"ENABLE_GUARD": "false", "EDITS_FROM_LINES": lines})

    assert [problem.partition(":")[0] for problem in raised.value.problems] == ["EDITS_FROM_LINES"]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"MODELS": "auto,a/b"}, "MODELS: auto may stand in MODELS only, and there alone: it chooses among"),
        ({"TIER_FAST": "auto"}, "TIER_FAST: auto may stand in MODELS only"),
        ({"TIER_POWERFUL": "a/b,auto"}, "TIER_POWERFUL: auto may stand in MODELS only"),
        ({"TIER_BALANCED": ","}, "TIER_BALANCED: "),
        ({"TIER_BOUNDS": "5"}, "TIER_BOUNDS: must be two scores from 0 to 10, such as 3.0,6.5"),
        ({"TIER_BOUNDS": "1,2,3"}, "TIER_BOUNDS: must be two scores from 0 to 10, such as 3.0,6.5"),
        ({"TIER_BOUNDS": "6.5,3"}, "TIER_BOUNDS: must be two scores of which the second is not the lower one"),
        ({"TIER_BOUNDS": "3,11"}, "TIER_BOUNDS: "),
        ({"TIER_BOUNDS": "nan,6"}, "TIER_BOUNDS: "),
        ({"TIER_BOUNDS": "low,high"}, "TIER_BOUNDS: "),
    ],
)
def test_tiers_that_make_no_sense_are_found_at_start_up(given: dict[str, str], problem: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"ENABLE_GUARD": "false", **given})

    assert all(each.startswith(problem) for each in raised.value.problems), raised.value.problems


FOUR_SHARES = (
    "STEP_SHARES: must be four shares that sum to 1, of plan, build, review and rebuild, such as 0.1,0.55,0.15,0.2"
)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"WORKFLOW": "agents"}, "WORKFLOW: Input should be 'direct' or 'reviewed'"),
        ({"WORKFLOW": "Reviewed"}, "WORKFLOW: "),
        ({"PLAN_MODELS": ","}, "PLAN_MODELS: "),
        ({"REVIEW_MODELS": " , "}, "REVIEW_MODELS: "),
        ({"PLAN_MODELS": "auto"}, "PLAN_MODELS: auto may stand in MODELS only, and there alone"),
        ({"REVIEW_MODELS": "a/b,auto"}, "REVIEW_MODELS: auto may stand in MODELS only, and there alone"),
        ({"REVIEW_THRESHOLD": "none"}, "REVIEW_THRESHOLD: Input should be 'minor', 'major' or 'blocking'"),
        ({"REVIEWED_MAX_CALLS": "3"}, "REVIEWED_MAX_CALLS: "),
        ({"REVIEWED_MAX_CALLS": "51"}, "REVIEWED_MAX_CALLS: "),
        ({"REVIEWED_MAX_CALLS": "4.5"}, "REVIEWED_MAX_CALLS: "),
        ({"STEP_SHARES": "1"}, FOUR_SHARES),
        ({"STEP_SHARES": "0.2,0.2,0.2,0.2,0.2"}, FOUR_SHARES),
        ({"STEP_SHARES": "0.1,0.5,0.1,0.2"}, f"{FOUR_SHARES}; these sum to 0.9"),
        ({"STEP_SHARES": "0.1,0.55,0.15,0.201"}, f"{FOUR_SHARES}; these sum to 1.001"),
        ({"STEP_SHARES": "10,55,15,20"}, "STEP_SHARES: "),
        ({"STEP_SHARES": "-0.1,0.8,0.1,0.2"}, "STEP_SHARES: "),
        ({"STEP_SHARES": "nan,0.55,0.15,0.2"}, "STEP_SHARES: "),
        ({"STEP_SHARES": "a,b,c,d"}, "STEP_SHARES: "),
    ],
)
def test_a_workflow_that_makes_no_sense_is_found_at_start_up(given: dict[str, str], problem: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"ENABLE_GUARD": "false", **given})

    problems = raised.value.problems
    assert all(each.startswith(problem) for each in problems), problems
    assert len(set(problems)) == len(problems) > 0, problems


@pytest.mark.parametrize(
    "shares", ["0.1,0.55,0.15,0.2", "0.7,0.1,0.1,0.1", "0,1,0,0", "0.3333333,0.3333333,0.3333333,0"]
)
def test_shares_may_be_any_that_sum_to_one(shares: str) -> None:
    """Also where they miss it by what a decimal fraction must."""
    settings = Settings.from_environment({"ENABLE_GUARD": "false", "STEP_SHARES": shares})

    assert settings.step_shares == tuple(map(float, shares.split(",")))


@pytest.mark.parametrize("setting", ["PLAN_MODELS", "REVIEW_MODELS"])
@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("kimi/kimi-for-coding", "kimi/kimi-for-coding may only be asked for by name, not be in this list"),
        ("moonshot/", "'moonshot/' names no model"),
        ("Moonshot/kimi-k2.6", "'Moonshot/kimi-k2.6' names no host: write moonshot"),
    ],
)
def test_what_is_no_model_is_found_in_the_lists_of_a_workflow(setting: str, name: str, problem: str) -> None:
    """Whether artifacts are reviewed by default or not: a request may ask for it."""
    settings = Settings.from_environment(
        {"ENABLE_GUARD": "false", "OPENROUTER_K2T_KEY": "sk-1", setting: f"a/b,{name}"}
    )

    with pytest.raises(SettingsError) as raised:
        Workflow.of(settings, models_of(settings))

    assert raised.value.problems == (f"{setting}: {problem}",)


def test_planners_and_reviewers_are_asked_for_where_artifacts_are_reviewed_by_default() -> None:
    given = {"MODELS": "x/y", "PLAN_MODELS": "a/b,x/y", "REVIEW_MODELS": "c/d,a/b", "ENABLE_GUARD": "false"}

    assert Settings.from_environment(given | {"WORKFLOW": "reviewed"}).asked_models == ("x/y", "a/b", "c/d")
    assert Settings.from_environment(given).asked_models == ("x/y",)


def test_auto_may_ask_the_models_of_all_tiers_each_once() -> None:
    tiers = {"TIER_FAST": "a/b,c/d", "TIER_BALANCED": "e/f,c/d", "TIER_POWERFUL": "g/h", "ENABLE_GUARD": "false"}

    auto = Settings.from_environment({"MODELS": "auto", **tiers})
    named = Settings.from_environment({"MODELS": "x/y", **tiers})

    assert (auto.chooses_models, auto.asked_models) == (True, ("a/b", "c/d", "e/f", "g/h"))
    assert (named.chooses_models, named.asked_models) == (False, ("x/y",))


def test_the_models_of_chat_are_asked_for_as_well() -> None:
    """So that one of them which is past its date is told of."""
    given = {"MODELS": "x/y", "ENABLE_GUARD": "false"}

    asked = Settings.from_environment(given | {"CHAT_MODELS": "c/d,x/y"}).asked_models
    chosen = Settings.from_environment(given | {"CHAT_MODELS": "auto", "TIER_FAST": "a/b"}).asked_models

    assert asked == ("x/y", "c/d")
    assert chosen[:2] == ("x/y", "a/b")
    assert "auto" not in chosen


def test_the_key_never_shows() -> None:
    settings = Settings.from_environment({"OPENROUTER_K2T_KEY": "sk-secret", "ENABLE_GUARD": "false"})

    assert "sk-secret" not in f"{settings!r} {settings} {settings.model_dump()}"


def test_nothing_else_reads_the_environment() -> None:
    """One place reads `os.environ`, so that what can be set is known; the runtime reads what the platform sets.

    `cold_start` reads nothing: it sets what pydantic reads.
    """
    readers = [
        path.relative_to(ROOT).as_posix()
        for folder in ("shared", "functions")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.parent.name != "lambda_runtime"
        and any(
            isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
            for node in ast.walk(ast.parse(path.read_text()))
        )
    ]

    assert readers == ["shared/cold_start.py", "shared/settings.py"]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://host",
        "host",
        "https://",
        "http://[::1",
        "http://a b",
        "http://host:99999",
        "http://ä.org",
        "http:/host",
        "http:\\\\host",
        "http://a\\@b",
    ],
)
def test_a_base_url_that_leads_nowhere_is_found_at_start_up(url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"OPENROUTER_BASE_URL": url, "ENABLE_GUARD": "false"})

    assert raised.value.problems == (
        "OPENROUTER_BASE_URL: must be an http or https URL in ASCII, without credentials, query or fragment",
    )


@pytest.mark.parametrize("name", ["SITE_URL", "SITE_NAME"])
@pytest.mark.parametrize("value", ["Caf\u00e9", "a\nb"])
def test_what_no_header_can_hold_is_found_at_start_up(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match="not set up correctly") as raised:
        Settings.from_environment({name: value, "ENABLE_GUARD": "false"})

    assert raised.value.problems == (f"{name}: must be printable ASCII, because it is sent as a header",)


JWT = {
    "ENABLE_GUARD": "false",
    "AUTH_MODE": "jwt",
    "JWT_ISSUER": "https://issuer.example/",
    "JWT_AUDIENCE": "artifacts",
}


def test_who_may_call_is_decided_by_the_safe_default() -> None:
    settings = Settings.from_environment({"ENABLE_GUARD": "false"})

    assert (settings.auth_mode, settings.allow_guests, settings.allow_unauthenticated) == ("iam", False, False)


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "https://issuer.example/.well-known/jwks.json"),
        ({"JWT_ISSUER": "https://a.example/pool"}, "https://a.example/pool/.well-known/jwks.json"),
        ({"JWT_JWKS_URL": "https://b.example/keys?v=1"}, "https://b.example/keys?v=1"),
        ({"JWT_ISSUER": "http://127.0.0.1:8080"}, "http://127.0.0.1:8080/.well-known/jwks.json"),
        ({"JWT_JWKS_URL": "http://localhost:1/k"}, "http://localhost:1/k"),
        ({"JWT_JWKS_URL": "http://[::1]:1/k"}, "http://[::1]:1/k"),
    ],
)
def test_the_keys_are_beside_the_issuer_or_where_it_is_said(given: dict[str, str], url: str) -> None:
    settings = Settings.from_environment(JWT | given)

    assert settings.jwks_url == url
    assert settings.jwt_issuer == (JWT | given)["JWT_ISSUER"], "to the letter"


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"AUTH_MODE": "jwt"}, {"JWT_ISSUER", "JWT_AUDIENCE"}),
        ({"AUTH_MODE": "jwt", "MAX_CALLS": "0"}, {"JWT_ISSUER", "JWT_AUDIENCE", "MAX_CALLS"}),
        (JWT | {"JWT_AUDIENCE": " "}, {"JWT_AUDIENCE"}),
        (JWT | {"JWT_ISSUER": "http://issuer.example"}, {"JWT_ISSUER"}),
        (JWT | {"JWT_ISSUER": "issuer"}, {"JWT_ISSUER"}),
        (JWT | {"JWT_JWKS_URL": "http://keys.example"}, {"JWT_JWKS_URL"}),
        (JWT | {"JWT_JWKS_URL": "http://127.0.0.1.example"}, {"JWT_JWKS_URL"}),
        (JWT | {"JWT_JWKS_URL": "http://localhost@keys.example"}, {"JWT_JWKS_URL"}),
        (JWT | {"JWT_JWKS_URL": "https://user:secret@keys.example"}, {"JWT_JWKS_URL"}),
        (JWT | {"JWT_JWKS_URL": "https://kéys.example"}, {"JWT_JWKS_URL"}),
        (JWT | {"JWT_JWKS_URL": "file:///etc/keys"}, {"JWT_JWKS_URL"}),
        ({"AUTH_MODE": "none"}, {"ALLOW_UNAUTHENTICATED"}),
        ({"AUTH_MODE": "none", "ALLOW_UNAUTHENTICATED": "false"}, {"ALLOW_UNAUTHENTICATED"}),
        ({"AUTH_MODE": "key"}, {"API_KEYS_SECRET_ARN"}),
        ({"AUTH_MODE": "key", "API_KEYS": "ka-secret"}, {"API_KEYS"}),
        ({"AUTH_MODE": "key", "API_KEYS": "{}", "API_KEYS_SECRET_ARN": "arn:x"}, {"API_KEYS"}),
        ({"AUTH_MODE": "key", "API_KEYS": '{"web": "ka-secret"}'}, {"API_KEYS"}),
        ({"AUTH_MODE": "key", "API_KEYS": '{"ka secret": ""}', "MAX_CALLS": "0"}, {"API_KEYS", "MAX_CALLS"}),
        ({"AUTH_MODE": "IAM"}, {"AUTH_MODE"}),
        ({"ALLOW_GUESTS": "perhaps"}, {"ALLOW_GUESTS"}),
        (JWT | {"ALLOW_GUESTS": "true"}, {"ENABLE_GUARD"}),
    ],
)
def test_who_may_call_has_to_make_sense(given: dict[str, str], wrong: set[str]) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"ENABLE_GUARD": "false"} | given)

    assert {problem.partition(":")[0] for problem in raised.value.problems} == wrong
    assert "secret" not in raised.value.problem


def test_keys_are_named_by_the_secret_or_by_their_hashes() -> None:
    hashes = '{"web": "' + "0f" * 32 + '"}'
    given = {"ENABLE_GUARD": "false", "AUTH_MODE": "key"}
    by_secret = Settings.from_environment(given | {"API_KEYS_SECRET_ARN": "arn:x"})
    by_hashes = Settings.from_environment(given | {"API_KEYS": hashes})

    assert (by_secret.api_keys_secret_arn, by_secret.api_keys) == ("arn:x", None)
    assert by_hashes.api_keys
    assert by_hashes.api_keys.get_secret_value() == hashes
    assert "0f0f" not in repr(by_hashes)


def test_what_is_missing_for_keys_is_told_with_both_settings() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"ENABLE_GUARD": "false", "AUTH_MODE": "key"})

    assert raised.value.problem == "API_KEYS_SECRET_ARN: must be set for AUTH_MODE=key, or locally API_KEYS"


def test_none_has_to_be_said_twice() -> None:
    assert (
        Settings.from_environment(
            {"AUTH_MODE": "none", "ALLOW_UNAUTHENTICATED": "true", "ENABLE_GUARD": "false"}
        ).auth_mode
        == "none"
    )


def test_guests_without_a_guard_have_to_be_said_twice() -> None:
    open_to_all = JWT | {"ALLOW_GUESTS": "true"}

    assert Settings.from_environment(open_to_all | {"ALLOW_UNAUTHENTICATED": "true"}).allow_guests
    assert Settings.from_environment(open_to_all | {"ENABLE_GUARD": "true", "GUARD_TABLE": "t"}).allow_guests


def test_a_guard_needs_its_table() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({})
    assert raised.value.problems == ("GUARD_TABLE: must name the guard's table, or ENABLE_GUARD be false",)

    assert Settings.from_environment({"ENABLE_GUARD": "false"}).guard_table is None


@pytest.mark.parametrize("prices", ["-1,-1", "0,4", "1,0"])
def test_a_price_is_more_than_nothing(prices: str) -> None:
    """What may cost nothing reserves nothing."""
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"PROVIDER_MAX_PRICE": prices, "ENABLE_GUARD": "false"})

    assert "PROVIDER_MAX_PRICE" in raised.value.problem
