"""What `make deploy` says about parameters, before anything is built."""

from pathlib import Path

import pytest

from local.deploy.idle_costs import idle_costs
from local.deploy.inventory import Resource, counted, resources
from local.deploy.parameters import Parameters

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
SECRET = {"OpenrouterSecretArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:openrouter-AbCdEf"}
KEYS = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:keys-AbCdEf"
TOKENS = {"AuthMode": "jwt", "JwtIssuer": "https://issuer.example/", "JwtAudience": "artifacts"}


@pytest.mark.parametrize(
    "values",
    [
        {},
        TOKENS,
        {"AuthMode": "key", "ApiKeysSecretArn": KEYS},
        {"AuthMode": "none", "AllowUnauthenticated": "true"},
        {"AllowedOrigins": "https://site.example,http://localhost:3000", "AlarmEmail": "a@b.example"},
        {"AllowedOrigins": "*", "ReservedConcurrency": "0", "DailyBudgetUsd": "12.5"},
    ],
)
def test_what_can_be_deployed(values: dict[str, str]) -> None:
    assert Parameters(TEMPLATE).problems(SECRET | values) == []


@pytest.mark.parametrize(
    ("values", "named"),
    [
        pytest.param({"Modles": "auto"}, ["Modles", "Models"], id="a-name-that-is-close-to-another"),
        pytest.param({"ReleaseId": "a" * 64}, ["ReleaseId"], id="what-is-worked-out"),
        pytest.param({"AuthMode": "IAM"}, ["AuthMode", "iam, jwt, key or none"], id="not-one-of"),
        pytest.param({"LogRetentionDays": "2"}, ["LogRetentionDays"], id="not-one-of-the-numbers"),
        pytest.param({"MaxCalls": "many"}, ["MaxCalls", "a number"], id="no-number"),
        pytest.param({"DailyCostAlarmUsd": "-1"}, ["DailyCostAlarmUsd", "0 or more"], id="below-the-least"),
        pytest.param({"AlarmEmail": "me"}, ["AlarmEmail"], id="not-of-the-pattern"),
        pytest.param({"JwtIssuer": "http://issuer.example"}, ["JwtIssuer"], id="no-https"),
        pytest.param({"AllowedOrigins": "https://a.example,https://b.example/"}, ["https://b.example/"], id="a-path"),
        pytest.param({"MaxAttempts": "99"}, ["MaxAttempts"], id="what-only-the-code-refuses"),
        pytest.param({"Models": "moonshot/kimi-k3"}, ["Models", "MoonshotSecretArn"], id="a-host-without-a-key"),
        pytest.param({"ChatModels": "kimi/"}, ["ChatModels"], id="what-only-the-chat-function-refuses"),
        pytest.param({"AuthMode": "none"}, ["AllowUnauthenticated"], id="open-to-all-and-not-said"),
        pytest.param({"AuthMode": "key"}, ["ApiKeysSecretArn"], id="keys-without-a-secret"),
    ],
)
def test_what_cannot_is_named_once(values: dict[str, str], named: list[str]) -> None:
    (problem,) = Parameters(TEMPLATE).problems(SECRET | values)

    assert all(each in problem for each in named), problem
    assert problem.endswith(".")


def test_everything_that_is_missing_or_wrong_is_named_at_once() -> None:
    problems = Parameters(TEMPLATE).problems({"AuthMode": "jwt", "MaxAttempts": "99", "LogLevel": "LOUD"})

    text = "\n".join(problems)
    for name in ("OpenrouterSecretArn", "JwtIssuer", "JwtAudience", "MaxAttempts", "LogLevel"):
        assert text.count(f"{name} ") + text.count(f"{name}.") + text.count(f"{name}:") == 1, text


def created(**values: str) -> list[Resource]:
    return resources(TEMPLATE, Parameters(TEMPLATE).defaults | SECRET | values)


def test_what_is_created_is_counted_in_the_transformed_template() -> None:
    """The nested stack's resources included, and only those whose condition holds."""
    said = counted(created())

    for part in ("3 functions", "3 aliases", "3 versions", "3 log groups", "1 table", "1 dashboard", "1 layer,"):
        assert part in said
    assert "subscription" not in said
    assert "1 e-mail subscription" in counted(created(AlarmEmail="a@b.example"))
    assert "6 permissions" in counted(created(AuthMode="none", AllowUnauthenticated="true"))
    assert "table" not in counted(created(EnableGuard="false"))
    assert "2 layers" in counted(created(**TOKENS))
    assert "3 CodeDeploy deployment groups" in counted(created(DeploymentShift="Canary10Percent15Minutes"))


def test_what_it_costs_idle() -> None:
    """Alarms by the metrics that they watch: one that divides one by another is billed for two."""
    math = {"Metrics": [{"MetricStat": {}}, {"MetricStat": {}}, {"Expression": "a / b"}]}
    alarm, dashboard = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"
    some = [Resource("A", alarm, {"MetricName": "x"}), Resource("B", alarm, math), Resource("C", dashboard, {})]

    said = idle_costs(some, SECRET | {"ApiKeysSecretArn": KEYS, "MoonshotSecretArn": SECRET["OpenrouterSecretArn"]})

    assert "at most $4.10 a month" in said
    assert "2 secrets, each $0.40: $0.80" in said
    assert "3 metrics watched by alarms, each $0.10: $0.30" in said
    assert "1 dashboard, each $3.00: $3.00" in said
