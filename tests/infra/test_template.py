"""template.yaml against the design: what is deployed is what the settings say, and `make run` reads the same."""

import re
from pathlib import Path
from typing import cast

import pytest

from local.emulator.functions import Function, read_functions
from local.sam_template import Template, Tree
from tests.infra.observed import NESTED, PATH

# The table of settings in the design: every default that a deployed function starts with.
DEFAULTS = {
    "OPENROUTER_SECRET_ARN": "",
    "OPENROUTER_BASE_URL": "https://openrouter.ai/api/v1",
    "MOONSHOT_SECRET_ARN": "",
    "MOONSHOT_BASE_URL": "https://api.moonshot.ai/v1",
    "KIMI_SECRET_ARN": "",
    "KIMI_BASE_URL": "https://api.kimi.com/coding/v1",
    "CUSTOM_HOST_SECRET_ARN": "",
    "CUSTOM_HOST_URL": "",
    "MODELS": "moonshotai/kimi-k2-thinking,moonshotai/kimi-k2.6",
    "CHAT_MODELS": "",
    "TIER_FAST": "moonshotai/kimi-k2.6,moonshotai/kimi-k2-thinking",
    "TIER_BALANCED": "moonshotai/kimi-k2.7-code,moonshotai/kimi-k2-thinking",
    "TIER_POWERFUL": "moonshotai/kimi-k3.1-pro,moonshotai/kimi-k3",
    "TIER_BOUNDS": "3.0,6.5",
    "WORKFLOW": "direct",
    "PLAN_MODELS": "moonshotai/kimi-k2.6,moonshotai/kimi-k2-thinking",
    "REVIEW_MODELS": "moonshotai/kimi-k2.7-code,moonshotai/kimi-k2.6",
    "REVIEW_THRESHOLD": "major",
    "STEP_SHARES": "0.1,0.55,0.15,0.2",
    "CATALOG_PARAMETER": "",
    "PROVIDER_SORT": "throughput",
    "PROVIDER_ORDER": "",
    "PROVIDER_IGNORE": "",
    "PROVIDER_MAX_PRICE": "",
    "SITE_URL": "",
    "SITE_NAME": "",
    "MAX_OUTPUT_TOKENS": "32000",
    "MAX_ATTEMPTS": "4",
    "MAX_CALLS": "6",
    "REVIEWED_MAX_CALLS": "10",
    "MAX_RETRY_WAIT_SECONDS": "60",
    "FIRST_TOKEN_SECONDS": "240",
    "STALL_SECONDS": "90",
    "EDITS_FROM_LINES": "80",
    "ALLOWED_IMPORTS": "",
    "AUTH_MODE": "iam",
    "JWT_ISSUER": "",
    "JWT_AUDIENCE": "",
    "JWT_JWKS_URL": "",
    "API_KEYS_SECRET_ARN": "",
    "ALLOW_GUESTS": "false",
    "ALLOW_UNAUTHENTICATED": "false",
    "ENABLE_GUARD": "true",
    "GUEST_LIMIT": "",
    "USER_LIMIT": "",
    "LIMIT_WINDOW_SECONDS": "18000",
    "GLOBAL_LIMIT_PER_MINUTE": "10",
    "REPLAY_LIMIT": "100",
    "DAILY_BUDGET_USD": "50",
    "CALLER_DAILY_BUDGET_USD": "",
    "LOG_LEVEL": "INFO",
}
KEYS = ["OPENROUTER_K2T_KEY", "MOONSHOT_KEY", "KIMI_KEY", "CUSTOM_HOST_KEY", "API_KEYS"]
ROUTES = ["generate-artifact", "generate-artifact-fix", "chat-completions"]

SENT_BY_SDKS = (
    "user-agent",
    *(f"x-stainless-{name}" for name in ("arch", "async", "helper-method", "lang", "os", "package-version")),
    *(f"x-stainless-{name}" for name in ("retry-count", "runtime", "runtime-version", "timeout")),
)
"""What OpenAI's SDK for JavaScript adds to a request in a browser."""


def functions(**environment: str) -> list[Function]:
    return read_functions(PATH, environment)


def section(*path: str) -> dict[str, Tree]:
    """A part of the template as it is written."""
    part = Template.read(PATH, {}).section(path[0])
    for name in path[1:]:
        part = cast("dict[str, Tree]", part[name])
    return part


def test_each_setting_is_the_parameter_of_the_same_words() -> None:
    variables = section("Globals", "Function", "Environment", "Variables")

    # The keys themselves are named for `sam local invoke` alone, and only where there is no secret: see test_deployed.
    for key in KEYS:
        assert variables.pop(key)
    assert variables.pop("GUARD_TABLE") == {"Fn::If": ["HasGuard", {"Ref": "GuardTable"}, ""]}
    assert variables.pop("SERVICE_NAME") == {"Ref": "AWS::StackName"}
    wrapper = "/opt/python/shared/lambda_runtime/exec-wrapper"
    assert variables.pop("AWS_LAMBDA_EXEC_WRAPPER") == {"Fn::If": ["Streams", wrapper, {"Ref": "AWS::NoValue"}]}
    assert variables.pop("NEXT_EXEC_WRAPPER") == {
        "Fn::If": ["Streams", {"Ref": "NextExecWrapper"}, {"Ref": "AWS::NoValue"}]
    }
    assert variables == {name: {"Ref": name.title().replace("_", "")} for name in DEFAULTS}


def test_each_parameter_has_the_designs_default_and_a_description() -> None:
    parameters = {name: cast("dict[str, Tree]", value) for name, value in section("Parameters").items()}

    expected = {name.title().replace("_", ""): default for name, default in DEFAULTS.items()}
    assert {name: str(declared["Default"]) for name, declared in parameters.items()} == expected | {
        "AlarmEmail": "",
        "AllowedOrigins": "",
        "Architecture": "arm64",
        "DailyCostAlarmUsd": "50",
        "DailyCostWarningUsd": "10",
        "DeploymentShift": "AllAtOnce",
        "LogRetentionDays": "90",
        "NextExecWrapper": "",
        "ReleaseId": "",
        "ReservedConcurrency": "",
        "ResponseMode": "buffered",
    }
    assert all(re.fullmatch(r"[A-Z].+\.", str(declared["Description"])) for declared in parameters.values())


@pytest.mark.parametrize("route", ROUTES)
def test_function_gets_the_defaults_and_the_limits(route: str) -> None:
    function = next(function for function in functions() if function.route == route)

    assert DEFAULTS.items() <= function.environment.items()
    assert function.timeout_seconds == 900
    assert function.environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "512"
    assert function.environment["AWS_LAMBDA_LOG_FORMAT"] == "JSON"
    assert function.environment["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert function.handler == "app.handler"
    assert function.code == PATH.parent / "functions" / route.replace("-", "_")


@pytest.mark.parametrize(("enabled", "name"), [("true", "GuardTable"), ("false", "")])
def test_a_function_is_told_of_the_table_where_there_is_one(enabled: str, name: str) -> None:
    for function in functions(ENABLE_GUARD=enabled):
        assert function.environment["GUARD_TABLE"] == name


@pytest.mark.parametrize("name", KEYS)
def test_what_is_given_here_in_place_of_a_secret_is_passed_on(name: str) -> None:
    """Also beside another secret, where the template does not name it."""
    for function in functions(MOONSHOT_SECRET_ARN="arn:x", **{name: "given"}):
        assert function.environment[name] == "given"


def test_functions_go_by_the_stacks_name() -> None:
    for function in functions():
        assert function.environment["SERVICE_NAME"] == "local"


def test_there_are_three_functions() -> None:
    assert [function.route for function in functions()] == ROUTES


@pytest.mark.parametrize("route", ROUTES)
def test_cors_block_is_the_contracts(route: str) -> None:
    function = next(function for function in functions() if function.route == route)

    assert function.cors
    assert function.cors.allow_origins == ()
    of_chat = route == "chat-completions"
    assert function.cors.allow_methods == (("POST", "GET") if of_chat else ("POST",))
    assert function.cors.allow_headers[7:] == (SENT_BY_SDKS if of_chat else ())
    assert function.cors.allow_headers[:7] == (
        "content-type",
        "authorization",
        "idempotency-key",
        "x-amz-date",
        "x-amz-security-token",
        "x-amz-content-sha256",
        "prefer",
    )
    assert function.cors.expose_headers[6:] == (("x-should-retry", "x-ignored-parameters") if of_chat else ())
    assert function.cors.expose_headers[:6] == (
        "x-request-id",
        "retry-after",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "idempotent-replayed",
    )


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ("", ()),
        ("*", ("*",)),
        ("https://a.example, http://localhost:3000", ("https://a.example", "http://localhost:3000")),
    ],
)
def test_origins_are_those_that_are_said(given: str, allowed: tuple[str, ...]) -> None:
    """None by default: not a list of one empty string, which Lambda would refuse."""
    for function in functions(ALLOWED_ORIGINS=given):
        assert function.cors
        assert function.cors.allow_origins == allowed


@pytest.mark.parametrize("path", [PATH, NESTED], ids=lambda path: path.name)
def test_no_key_is_in_a_template(path: Path) -> None:
    assert not re.search(r"sk-[a-z0-9]", path.read_text())


@pytest.mark.parametrize("path", [PATH, NESTED], ids=lambda path: path.name)
def test_yaml_is_what_cloudformation_reads(path: Path) -> None:
    """CloudFormation's YAML has no anchors, aliases or merge keys."""
    assert not re.search(r"(^|\s)(&\w|\*\w|<<:)", path.read_text())


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_sam_builds_a_layer_for_the_processor_of_the_functions(architecture: str) -> None:
    """Without a word it takes x86_64, and warns that the layer is not for that."""
    template = Template.read(PATH, {"ARCHITECTURE": architecture})
    layers = [
        cast("dict[str, Tree]", each)
        for each in template.section("Resources").values()
        if cast("dict[str, Tree]", each)["Type"] == "AWS::Serverless::LayerVersion"
    ]

    built_for = [cast("dict[str, Tree]", template.resolve(layer["Metadata"]))["BuildArchitecture"] for layer in layers]
    assert built_for == [architecture] * 2
