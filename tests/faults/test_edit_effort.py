"""How much models think about edits, over a socket: what is sent, and what is billed for it."""

from typing import Any

import pytest

from shared.model_host import Client, Completion
from tests.support.asking import question_of, settings_for
from tests.support.runs import Lines, a_run
from tests.support.standin import StandIn


def answered(host: StandIn, model: str, *, edits: bool) -> tuple[Completion, dict[str, Any]]:
    """The answer of a model, and the line of its one attempt."""
    own = {"moonshot_base_url": host.url_of("moonshot"), "moonshot_key": "key"}
    client, lines = Client.of(settings_for(host.url, models=(model,), **own)), Lines()
    completion = client.complete(question_of("Notes")._replace(edits=edits), a_run(20, lines=lines))
    client.close()
    (line,) = lines.named("attempt")
    return completion, line


@pytest.mark.parametrize(
    ("model", "thinks"),
    [
        ("moonshotai/kimi-k2.5", False),
        ("moonshotai/kimi-k2.6", False),
        ("moonshotai/kimi-k3", True),
        ("moonshotai/kimi-k2-thinking", True),
        ("moonshot/kimi-k2.6", False),
        ("moonshot/kimi-k3", True),
        ("moonshot/kimi-k2.7-code", True),
    ],
)
def test_edits_cost_no_reasoning_where_it_can_be_switched_off(host: StandIn, model: str, thinks: bool) -> None:
    """And each host knows every field that it is sent; about all else the same model thinks."""
    host.forget()

    completion, line = answered(host, model, edits=True)
    _, about_all_else = answered(host, model, edits=False)

    assert "</artifact>" in completion.content
    assert (bool(completion.reasoning), bool(line["reasoning_tokens"])) == (thinks, thinks)
    assert about_all_else["reasoning_tokens"] > 0
    assert [row["unknown_fields"] for row in host.ledger()["calls"]] == [[], []]
