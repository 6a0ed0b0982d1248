"""Reads the operator's overlay from the SSM parameter that holds it."""

from shared.aws_api import AwsCallError, call
from shared.catalog.errors import ParameterError


def read_parameter(name: str, seconds: float) -> str:
    """Return the text of a parameter, within this many seconds.

    Raises:
        ParameterError: it cannot be read, or holds no text.
    """
    try:
        answer = call("ssm", "get_parameter", {"Name": name}, seconds)
    except AwsCallError as error:
        raise ParameterError([f"the parameter named by CATALOG_PARAMETER cannot be read: {error}"]) from None
    parameter = answer.get("Parameter")
    text = parameter.get("Value") if isinstance(parameter, dict) else None
    if not isinstance(text, str):
        raise ParameterError(["the parameter named by CATALOG_PARAMETER holds no text"])
    return text
