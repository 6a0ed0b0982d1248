"""A template's parameters, conditions and intrinsic functions, as CloudFormation works them out."""

import sys
from pathlib import Path

import pytest

from local.emulator.functions import read_functions
from local.sam_template import Template, TemplateError, Tree
from tests.local.emulator import ROOT

HEAD = """
Parameters:
  SiteUrl: {Type: String, Default: https://site.example}
  MaxCalls: {Type: Number, Default: 6}
  Names: {Type: CommaDelimitedList, Default: "a, b"}
Conditions:
  Six: !Equals [!Ref MaxCalls, 6]
  Other: !Not [!Condition Six]
  Either: !Or [!Condition Six, !Condition Other]
  Both: !And [!Condition Six, !Condition Other]
Resources:
  Table: {Type: "AWS::DynamoDB::Table"}
Value: """

FUNCTION = """
Resources:
  LoneFunction:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ., Handler: app.handler, Runtime: python3.13, FunctionUrlConfig: {AuthType: NONE}, %s}
"""


def resolved(tmp_path: Path, text: str, **environment: str) -> Tree:
    path = tmp_path / "template.yaml"
    path.write_text(HEAD + text)
    template = Template.read(path, environment)
    return template.resolve({"it": template.section("Value")["it"]})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!Ref SiteUrl", "https://site.example"),
        ("{Ref: MaxCalls}", "6"),
        ("!Ref Names", ["a", "b"]),
        ("!Ref Table", "Table"),
        ("!Ref AWS::Region", "us-east-1"),
        ("!GetAtt Table.Arn", "Table.Arn"),
        ('!Sub "${SiteUrl}/${AWS::Region}/${Table.Arn}/${!Kept}"', "https://site.example/us-east-1/Table.Arn/${Kept}"),
        ('!Sub ["${Own}-${MaxCalls}", {Own: !Ref AWS::StackName}]', "local-6"),
        ("!Join ['-', !Ref Names]", "a-b"),
        ("!If [Six, 1, 2]", 1),
        ("!If [Other, 1, !If [Either, [3], 4]]", [3]),
        ("!If [Both, 1, {a: !Ref AWS::NoValue, b: [!Ref AWS::NoValue, 5]}]", {"b": [5]}),
    ],
)
def test_intrinsic_function_is_worked_out(tmp_path: Path, text: str, value: Tree) -> None:
    assert resolved(tmp_path, f"{{it: {text}}}") == {"it": value}


def test_parameter_takes_the_variable_of_its_own_words(tmp_path: Path) -> None:
    environment = {"SITE_URL": "", "MAX_CALLS": "9", "NAMES": "c"}

    value = resolved(tmp_path, "{it: [!Ref SiteUrl, !Ref MaxCalls, !Ref Names, !If [Six, 1, 2]]}", **environment)

    assert value == {"it": ["", "9", ["c"], 2]}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("!Ref Missing", "refers to Missing"),
        ("!If [Missing, 1, 2]", "no condition Missing"),
        ("!ImportValue Elsewhere", "Fn::ImportValue, which is not known"),
        ("!Join [',', text]", "needs a list"),
        ("[", "cannot be read"),
    ],
)
def test_what_cannot_be_worked_out_is_named(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(TemplateError, match=problem):
        resolved(tmp_path, f"{{it: {text}}}")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Timeout: long", "LoneFunction.Timeout must be a number"),
        ("Environment: {Variables: []}", "LoneFunction.Environment.Variables must be a map"),
        ("Environment: {Variables: {A: [1]}}", "LoneFunction.Environment.Variables.A must be text"),
    ],
)
def test_property_of_the_wrong_type_is_named(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(FUNCTION % text)

    with pytest.raises(TemplateError, match=problem):
        read_functions(path, {})


def test_function_without_globals_has_lambdas_defaults(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(FUNCTION % "Environment: {Variables: {FLAG: true}}")

    (function,) = read_functions(path, {})

    assert function.timeout_seconds == 3
    assert function.cors is None
    assert function.environment["FLAG"] == "true"
    assert function.environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "128"
    assert "AWS_LAMBDA_LOG_LEVEL" not in function.environment


@pytest.mark.parametrize(("mode", "ours"), [("buffered", False), ("stream", True)])
def test_a_function_that_streams_has_the_runtime_that_can(mode: str, ours: bool) -> None:
    for function in read_functions(ROOT / "template.yaml", {"RESPONSE_MODE": mode}):
        assert function.runtime[-3:] == ("-m", "awslambdaric", "app.handler")
        assert function.runtime[:-3] == ((f"{ROOT}/shared/lambda_runtime/__main__.py", sys.executable) if ours else ())


def test_where_lambdas_own_runtime_cannot_be_installed_ours_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "awslambdaric", None)

    for function in read_functions(ROOT / "template.yaml", {"RESPONSE_MODE": "buffered"}):
        assert function.runtime[0] == f"{ROOT}/shared/lambda_runtime/__main__.py"


def test_another_wrapper_is_refused_by_name(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text((ROOT / "template.yaml").read_text().replace("/lambda_runtime/exec-wrapper", "/other"))

    with pytest.raises(TemplateError, match="AWS_LAMBDA_EXEC_WRAPPER must be"):
        read_functions(template, {"RESPONSE_MODE": "stream"})
