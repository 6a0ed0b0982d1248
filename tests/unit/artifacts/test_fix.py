"""Code that came back as a fix."""

import httpx
import pytest

from shared.artifacts.errors import FixUnusable
from shared.artifacts.fix import fix
from shared.artifacts.kinds import Kind
from shared.costs.ledger import Ledger
from shared.deadline import Deadline
from shared.openrouter import OpenRouter
from shared.settings import Settings

CODE = "const a = (1;"


def fixed(content: str, answer: str) -> str:
    """What comes of the content when the model answers so."""
    body = {"choices": [{"message": {"content": answer}, "finish_reason": "stop"}]}
    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=body)))
    host = OpenRouter(Settings.model_validate({"openrouter_k2t_key": "k"}), http=http)
    ledger = Ledger("generate_artifact_fix", "r-1", lambda *_: None)
    return fix(host, content, Kind.CODE, "missing )", deadline=Deadline(5), ledger=ledger).artifact.code


@pytest.mark.parametrize("content", [CODE, f'<artifact type="code" title="A">\n{CODE}\n</artifact>'])
def test_code_that_comes_back_as_it_was_is_no_fix(content: str) -> None:
    with pytest.raises(FixUnusable):
        fixed(content, f"```js\n{CODE}\n```")


def test_changed_code_is_one() -> None:
    assert fixed(CODE, '<artifact type="code">const a = (1);</artifact>') == "const a = (1);"
