"""The AWS region that a tool at a person's machine calls."""

import os


def region() -> str | None:
    """Return `AWS_REGION`, which AWS's command line heeds and boto3 does not; None leaves boto3 what it finds."""
    return os.environ.get("AWS_REGION") or None
