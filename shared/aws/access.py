"""Where a service is and who calls it: endpoint, region and credentials, by the variables that AWS defines.

Lambda sets those of the region and of the function's role. Profiles, single sign-on and other sources of credentials
are for persons at their machines, and not read here.
"""

from collections.abc import Mapping
from typing import NamedTuple, Self

import httpx

from shared.aws.errors import NotConfigured
from shared.aws.service import Service

_DNS_SUFFIXES = {
    "cn-": "amazonaws.com.cn",
    "eusc-": "amazonaws.eu",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "eu-isoe-": "cloud.adc-e.uk",
    "us-isof-": "csp.hci.ic.gov",
}
"""The DNS suffix by the beginning of a region's name, where it is not `amazonaws.com` (botocore, 2026-11)."""
_REGION_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_HOST_CHARACTERS = _REGION_CHARACTERS | frozenset("._:")
"""With those of IPv6 addresses; httpx escapes others, such as a blank at the end, and the name would not be found."""
_PORTS = range(1, 65_536)


class Credentials(NamedTuple):
    """What requests are signed with."""

    access_key_id: str
    secret_access_key: str
    session_token: str = ""
    """Empty for the keys of a user; a role's keys are valid with their token only."""

    def __repr__(self) -> str:
        """Return a text without them."""
        return "Credentials(…)"


class Access(NamedTuple):
    """How one service is called."""

    url: str
    """Scheme and host, with the port if it is not the scheme's own."""
    region: str
    credentials: Credentials

    @classmethod
    def to(cls, service: Service, environment: Mapping[str, str]) -> Self:
        """Return the access to a service that these variables give; empty ones count as not set.

        Raises:
            NotConfigured: they give none.
        """
        region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or ""
        if not region or set(region) - _REGION_CHARACTERS:
            raise NotConfigured("AWS_REGION is not set to a region, such as eu-central-1")
        return cls(_url(service, region, environment), region, _credentials(environment))

    @property
    def host(self) -> str:
        """The header `Host`."""
        return self.url.partition("://")[2]


def _url(service: Service, region: str, environment: Mapping[str, str]) -> str:
    for name in (service.endpoint_variable, "AWS_ENDPOINT_URL"):
        if given := environment.get(name):
            return _checked(name, given)
    if environment.get("AWS_USE_FIPS_ENDPOINT", "").lower() == "true":  # not to be ignored without a word
        msg = f"AWS_USE_FIPS_ENDPOINT is not read: {service.endpoint_variable} has to name that endpoint"
        raise NotConfigured(msg)
    suffix = next((known for start, known in _DNS_SUFFIXES.items() if region.startswith(start)), "amazonaws.com")
    return f"https://{service.name}.{region}.{suffix}"


def _checked(name: str, given: str) -> str:
    """Return an address as the host of a request is written, which is what is signed."""
    try:
        url = httpx.URL(given)
    except httpx.InvalidURL:
        url = httpx.URL("")
    host = url.raw_host.decode("ascii")
    is_address = host and set(host) <= _HOST_CHARACTERS and (url.port is None or url.port in _PORTS)
    if url.scheme not in {"http", "https"} or not is_address or url.userinfo or url.raw_path != b"/" or url.fragment:
        msg = f"{name} must be an http or https URL without path and credentials, such as http://127.0.0.1:4566"
        raise NotConfigured(msg)
    return f"{url.scheme}://{url.netloc.decode()}"


def _credentials(environment: Mapping[str, str]) -> Credentials:
    key, secret = environment.get("AWS_ACCESS_KEY_ID", ""), environment.get("AWS_SECRET_ACCESS_KEY", "")
    found = Credentials(key, secret, environment.get("AWS_SESSION_TOKEN", ""))
    if not (key and secret):
        raise NotConfigured("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set")
    if not all(part.isascii() and part.isprintable() and part == part.strip() for part in found):
        raise NotConfigured("AWS_ACCESS_KEY_ID or a variable beside it holds what no header can")
    return found
