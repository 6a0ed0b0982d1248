"""A rebuilt artifact has the title of what was built: nobody asks for another one."""

import json

import pytest

from tests.support.reviewed import CHANGES, PLAN, Said, Studio, component, edit, review, tagged

BUILT, BETTER = component("Built", rows=90), component("Better", rows=90)


@pytest.mark.parametrize(
    "answer",
    [
        tagged(BETTER).replace('title="Rows"', 'title="The mended rows"'),
        tagged(BETTER).replace(' title="Rows"', ""),
        f"```jsx\n{BETTER}\n```",
        edit("    <ul title='Built'>", "    <ul title='Better'>"),
    ],
    ids=["another", "none", "no tag", "edits"],
)
def test_a_rebuild_keeps_the_title(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    script = {
        "plan": Said(json.dumps(PLAN)),
        "build": Said(tagged(BUILT)),
        "review": Said(review("major")),
        "changes": Said(json.dumps({"changes": CHANGES})),
        "rebuild": Said(answer),
    }

    made = Studio(script, monkeypatch).ask().json

    assert (made["artifact"]["code"], made["review"]["rebuild"]) == (BETTER, "kept")
    assert made["artifact"]["title"] == "Rows"
    assert made["artifactCode"].startswith('<artifact type="application/vnd.ant.react" title="Rows">')
