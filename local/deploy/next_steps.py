"""What to do after a deployment: the addresses, a call to try, the logs, and how to undo it."""

from collections.abc import Mapping

from local.deploy.command_line import command
from local.deploy.stack import Stack, deletion

_SIGNED = (
    '--aws-sigv4 aws:amz:{region}:lambda --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" '
    '-H "x-amz-security-token: $AWS_SESSION_TOKEN" '
)
_HEADERS = {
    "iam": _SIGNED,
    "jwt": '-H "Authorization: Bearer $TOKEN" ',
    "key": '-H "Authorization: Bearer $API_KEY" ',
    "none": "",
}
_WITH = {
    "iam": "signed by credentials that may call lambda:InvokeFunctionUrl and lambda:InvokeFunction",
    "jwt": "with a token of your issuer in TOKEN",
    "key": "with a key that `make key` made in API_KEY",
    "none": "by anybody",
}

_BODY = """-H 'content-type: application/json' -d '{"prompt": "A red circle", "artifactType": "svg"}'"""


def after_deployment(stack: Stack, values: Mapping[str, str], *, first: bool) -> str:
    """Return what is there now, and what can be done with it."""
    region = stack.region
    outputs, mode = stack.outputs, values["AuthMode"]
    urls = {name: value for name, value in outputs.items() if name.endswith("Url")}
    logs = {name: value for name, value in outputs.items() if name.endswith("LogGroup")}
    lines = ["", f"{stack.name} is deployed, release {values['ReleaseId'][:12]}.", ""]
    lines += [f"  {name:<28}{value}" for name, value in (*urls.items(), *logs.items())]
    if url := outputs.get("GenerateArtifactUrl"):
        lines += ["", f"Try it, {_WITH[mode]}:", f"  curl {url} {_HEADERS[mode].format(region=region)}{_BODY}"]
    if values.get("AlarmEmail"):
        lines += ["", f"{values['AlarmEmail']} has a mail from AWS to confirm, before any alarm comes."]
    undo = deletion(stack.name, region) if first else command("rollback", stack.name, region)
    return "\n".join([*lines, "", f"To {'delete' if first else 'undo'} it: {undo}"])
