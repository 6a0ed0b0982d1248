"""Reads the operator's overlay from the SSM parameter that holds it."""

from shared.aws import SSM, AwsError, read
from shared.catalog.errors import ParameterError


def read_parameter(name: str, seconds: float) -> str:
    """Return the text of a parameter, within this many seconds.

    Raises:
        ParameterError: it cannot be read, or holds no text.
    """
    try:
        answer = read(SSM, "GetParameter", {"Name": name}, seconds)
    except AwsError as error:
        raise ParameterError([f"the parameter named by CATALOG_PARAMETER cannot be read: {error}"]) from None
    parameter = answer.get("Parameter")
    text = parameter.get("Value") if isinstance(parameter, dict) else None
    if not isinstance(text, str):
        raise ParameterError(["the parameter named by CATALOG_PARAMETER holds no text"])
    return text
