"""The functions of a template as this machine runs them: code, limits, environment and CORS of each."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from local.emulator.host_settings import HOSTS
from local.emulator.template_properties import Properties
from local.sam_template import Template, TemplateError, Tree, words

REGION = "us-east-1"
_WRAPPER = "/opt/python/shared/lambda_runtime/exec-wrapper"

# What is read of a function; other properties may use what only CloudFormation knows.
_READ = ("CodeUri", "Environment", "FunctionUrlConfig", "Handler", "LoggingConfig", "MemorySize", "Runtime", "Timeout")


@dataclass(frozen=True)
class Cors:
    """The `Cors` block of a function URL."""

    allow_origins: tuple[str, ...]
    allow_methods: tuple[str, ...]
    allow_headers: tuple[str, ...]
    expose_headers: tuple[str, ...]
    allow_credentials: bool
    max_age: int


@dataclass(frozen=True)
class Function:
    """One function behind a function URL.

    Attributes:
        name: its logical id in the template.
        route: where this machine serves it.
        code: the folder that its handler is in.
        handler: module and name.
        timeout_seconds: how long it may take for an event.
        signed: whether the URL takes requests with AWS's signature only.
        cors: the URL's own answers to browsers.
        settings: the names that the template passes on to it.
        environment: all that it finds in its environment.
        runtime: arguments for Python that start its runtime.
    """

    name: str
    route: str
    code: Path
    handler: str
    timeout_seconds: float
    signed: bool
    cors: Cors | None
    settings: frozenset[str]
    environment: Mapping[str, str]
    runtime: tuple[str, ...]

    @property
    def arn(self) -> str:
        """Return the name that the runtime hands to the handler as the invoked function."""
        return f"arn:aws:lambda:{REGION}:123456789012:function:{self.name}"


def read_functions(path: Path, environment: Mapping[str, str], timeout_seconds: float | None = None) -> list[Function]:
    """Return the functions of this template that have a URL.

    Args:
        path: the template; code and the shared package are looked up beside it.
        environment: settings by their names; they outrank what the template says, and nothing else is passed on.
        timeout_seconds: instead of the template's `Timeout`.
    """
    template = Template.read(path, environment)
    root = path.parent.resolve()
    defaults = _read(template, template.section("Globals").get("Function"))
    functions = []
    for name, resource in template.section("Resources").items():
        if isinstance(resource, dict) and resource.get("Type") == "AWS::Serverless::Function":
            properties = Properties(name, _merge(defaults, _read(template, resource.get("Properties"))))
            if "FunctionUrlConfig" in properties:
                functions.append(_function(name, properties, root, environment, timeout_seconds))
    return functions


def _function(
    name: str, properties: Properties, root: Path, environment: Mapping[str, str], timeout_seconds: float | None
) -> Function:
    code = root / properties.text("CodeUri")
    declared = properties.part("Environment").part("Variables").items()
    url = properties.part("FunctionUrlConfig")
    variables = {key: environment.get(key, value) for key, value in declared.items()}
    handler = properties.text("Handler")
    return Function(
        name=name,
        route=words(name.removesuffix("Function"), "-"),
        code=code,
        handler=handler,
        timeout_seconds=timeout_seconds or properties.number("Timeout", 3),  # Lambda's own default
        signed=url.text("AuthType") == "AWS_IAM",
        cors=_cors(url),
        settings=frozenset(variables),
        environment=variables | _lambda_environment(name, properties, code) | _machine_environment(root, environment),
        runtime=_runtime(handler, variables.get("AWS_LAMBDA_EXEC_WRAPPER"), root),
    )


def _runtime(handler: str, wrapper: str | None, root: Path) -> tuple[str, ...]:
    """Return what starts the runtime: Lambda's own, or the bundle's by the wrapper that the template names.

    Lambda's own cannot be installed everywhere: the bundle's then stands in for it.
    """
    ordinary = ("-m", "awslambdaric", handler)
    if wrapper and wrapper != _WRAPPER:
        msg = f"AWS_LAMBDA_EXEC_WRAPPER must be {_WRAPPER}, the one that can be run here, not {wrapper}"
        raise TemplateError(msg)
    if not wrapper and find_spec("awslambdaric"):
        return ordinary
    return (os.fspath(root / "shared" / "lambda_runtime" / "__main__.py"), sys.executable, *ordinary)


def _cors(url: Properties) -> Cors | None:
    if "Cors" not in url:
        return None
    cors = url.part("Cors")
    return Cors(
        allow_origins=cors.texts("AllowOrigins"),
        allow_methods=cors.texts("AllowMethods"),
        allow_headers=cors.texts("AllowHeaders"),
        expose_headers=cors.texts("ExposeHeaders"),
        allow_credentials=cors.text("AllowCredentials", "false") == "true",
        max_age=int(cors.number("MaxAge", 0)),
    )


def _lambda_environment(name: str, properties: Properties, code: Path) -> dict[str, str]:
    """Return what Lambda sets but credentials; AWS_LAMBDA_RUNTIME_API differs by process and comes later."""
    logging = properties.part("LoggingConfig")
    log_format = logging.text("LogFormat", "Text")
    level = {"AWS_LAMBDA_LOG_LEVEL": logging.text("ApplicationLogLevel", "INFO")} if log_format == "JSON" else {}
    return {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{properties.text('Runtime')}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": properties.text("MemorySize", "128"),
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_FORMAT": log_format,
        **level,
        "AWS_REGION": REGION,
        "LAMBDA_TASK_ROOT": str(code),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "_HANDLER": properties.text("Handler"),
    }


def _machine_environment(root: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return what Python needs on this machine, and the keys, which are in secrets where a function is deployed."""
    passed_on = ("PATH", "HOME", "SSL_CERT_FILE", "SSL_CERT_DIR", "API_KEYS", *(host.key for host in HOSTS))
    return {
        **{name: environment[name] for name in passed_on if name in environment},
        "PYTHONPATH": os.fspath(root),  # the shared package, in place of its layer
        "PYTHONUNBUFFERED": "1",
    }


def _read(template: Template, properties: Tree) -> Tree:
    values = properties if isinstance(properties, dict) else {}
    return template.resolve({name: values[name] for name in _READ if name in values})


def _merge(defaults: Tree, own: Tree) -> Tree:
    """Merge by SAM's rule for Globals: maps are merged, lists joined, else the function's own value wins."""
    if isinstance(defaults, dict) and isinstance(own, dict):
        both = {key: _merge(defaults[key], own[key]) for key in defaults.keys() & own.keys()}
        return {**defaults, **own, **both}
    if isinstance(defaults, list) and isinstance(own, list):
        return defaults + own
    return own
