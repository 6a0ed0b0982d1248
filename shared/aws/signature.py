"""AWS's signature, version 4, in the header `Authorization`, for the requests of its JSON protocols: POST on `/`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from shared.aws.access import Credentials

_ALGORITHM = "AWS4-HMAC-SHA256"
_END_OF_SCOPE = "aws4_request"


def sign(
    headers: Mapping[str, str], body: bytes, credentials: Credentials, *, region: str, service: str, now: datetime
) -> dict[str, str]:
    """Return these headers in lower case, with those that sign them and the body.

    Args:
        headers: `Host` among them; each is signed.
        body: the body of the request.
        credentials: whose signature it is.
        region: for which the signature is valid.
        service: for which it is valid.
        now: the time in UTC; AWS takes a signature for some minutes before and after it.
    """
    moment = now.strftime("%Y%m%dT%H%M%SZ")
    signed = {name.lower(): " ".join(value.split()) for name, value in headers.items()} | {"x-amz-date": moment}
    if credentials.session_token:
        signed["x-amz-security-token"] = credentials.session_token
    names = sorted(signed)
    scope = f"{moment[:8]}/{region}/{service}/{_END_OF_SCOPE}"
    request = "\n".join(
        ["POST", "/", "", *(f"{name}:{signed[name]}" for name in names), "", ";".join(names), _hash(body)]
    )
    text = "\n".join([_ALGORITHM, moment, scope, _hash(request.encode())])
    signature = _hmac(signing_key(credentials.secret_access_key, scope), text).hex()
    signed["authorization"] = (
        f"{_ALGORITHM} Credential={credentials.access_key_id}/{scope}, SignedHeaders={';'.join(names)},"
        f" Signature={signature}"
    )
    return signed


def signing_key(secret_access_key: str, scope: str) -> bytes:
    """Return the key that signs within a scope, such as `20150830/us-east-1/iam/aws4_request`."""
    key = f"AWS4{secret_access_key}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
