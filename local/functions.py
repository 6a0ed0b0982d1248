"""The functions of a template as this machine runs them: code, limits, environment and CORS of each."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_pascal

from local.template import Template, TemplateError, Tree, words

REGION = "us-east-1"


class _Properties(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, frozen=True, coerce_numbers_to_str=True)


class Cors(_Properties):
    """The `Cors` block of a function URL."""

    allow_origins: tuple[str, ...] = ()
    allow_methods: tuple[str, ...] = ()
    allow_headers: tuple[str, ...] = ()
    expose_headers: tuple[str, ...] = ()
    allow_credentials: bool = False
    max_age: int = 0


class _FunctionUrlConfig(_Properties):
    cors: Cors | None = None


class _Environment(_Properties):
    variables: dict[str, str] = {}


class _LoggingConfig(_Properties):
    log_format: str = "Text"
    application_log_level: str = "INFO"


class _FunctionProperties(_Properties):
    code_uri: str
    handler: str
    runtime: str
    timeout: float = 3  # Lambda's own defaults
    memory_size: int = 128
    environment: _Environment = _Environment()
    logging_config: _LoggingConfig = _LoggingConfig()
    function_url_config: _FunctionUrlConfig | None = None


@dataclass(frozen=True)
class Function:
    """One function behind a function URL; `route` is where this machine serves it."""

    name: str
    route: str
    code: Path
    handler: str
    timeout_seconds: float
    cors: Cors | None
    environment: Mapping[str, str]

    @property
    def arn(self) -> str:
        """The name that the runtime hands to the handler as the invoked function."""
        return f"arn:aws:lambda:{REGION}:123456789012:function:{self.name}"


def read_functions(path: Path, environment: Mapping[str, str], timeout_seconds: float | None = None) -> list[Function]:
    """The functions of this template that have a URL.

    Args:
        path: the template; code and the shared package are looked up beside it.
        environment: settings by their names; they outrank what the template says, and nothing else is passed on.
        timeout_seconds: instead of the template's `Timeout`.
    """
    template = Template.read(path, environment)
    defaults = _read(template, template.section("Globals").get("Function", {}))
    functions = []
    for name, resource in template.section("Resources").items():
        declared = _part(resource)
        if declared.get("Type") != "AWS::Serverless::Function":
            continue
        try:
            properties = _FunctionProperties.model_validate(
                _merge(defaults, _read(template, declared.get("Properties")))
            )
        except ValidationError as error:
            first = error.errors()[0]
            msg = f"{name} in {path}: {'.'.join(map(str, first['loc']))}: {first['msg']}"
            raise TemplateError(msg) from error
        if properties.function_url_config:
            functions.append(_function(name, properties, path.parent.resolve(), environment, timeout_seconds))
    return functions


def _function(
    name: str,
    properties: _FunctionProperties,
    root: Path,
    environment: Mapping[str, str],
    timeout_seconds: float | None,
) -> Function:
    code = root / properties.code_uri
    variables = {key: environment.get(key, value) for key, value in properties.environment.variables.items()}
    return Function(
        name=name,
        route=words(name.removesuffix("Function"), "-"),
        code=code,
        handler=properties.handler,
        timeout_seconds=timeout_seconds or properties.timeout,
        cors=properties.function_url_config.cors if properties.function_url_config else None,
        environment=variables | _lambda_environment(name, properties, code) | _machine_environment(root, environment),
    )


def _lambda_environment(name: str, properties: _FunctionProperties, code: Path) -> dict[str, str]:
    """What Lambda sets, credentials left out; AWS_LAMBDA_RUNTIME_API differs by process and comes later."""
    logging = properties.logging_config
    is_json = logging.log_format == "JSON"
    return {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{properties.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(properties.memory_size),
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_FORMAT": logging.log_format,
        **({"AWS_LAMBDA_LOG_LEVEL": logging.application_log_level} if is_json else {}),
        "AWS_REGION": REGION,
        "LAMBDA_TASK_ROOT": str(code),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "_HANDLER": properties.handler,
    }


def _machine_environment(root: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """What Python needs on this machine, and the key, which a deployed function takes from its secret instead."""
    passed_on = ("PATH", "HOME", "SSL_CERT_FILE", "SSL_CERT_DIR", "OPENROUTER_K2T_KEY")
    return {
        **{name: environment[name] for name in passed_on if name in environment},
        "PYTHONPATH": os.fspath(root),  # the shared package, in place of its layer
        "PYTHONUNBUFFERED": "1",
    }


def _part(value: Tree) -> dict[str, Tree]:
    return value if isinstance(value, dict) else {}


def _read(template: Template, properties: Tree) -> Tree:
    """The properties that matter here, resolved; the rest may use what only CloudFormation knows."""
    names = {to_pascal(name) for name in _FunctionProperties.model_fields}
    return template.resolve({name: value for name, value in _part(properties).items() if name in names})


def _merge(defaults: Tree, own: Tree) -> Tree:
    """SAM's rule for Globals: maps are merged, lists joined, and for all else the function's own value wins."""
    if isinstance(defaults, dict) and isinstance(own, dict):
        both = {key: _merge(defaults[key], own[key]) for key in defaults.keys() & own.keys()}
        return {**defaults, **own, **both}
    if isinstance(defaults, list) and isinstance(own, list):
        return defaults + own
    return own
