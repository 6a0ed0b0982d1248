"""An artifact that is changed: by edits or anew, and what becomes of edits that do not fit."""

import json
from itertools import pairwise
from typing import Any
from unittest.mock import Mock

import httpx
import pytest

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.brief import Brief
from shared.artifacts.change import change
from shared.artifacts.errors import ArtifactInvalid, ArtifactMissing, ArtifactTruncated, EditsUnusable, RevisionUnusable
from shared.artifacts.extraction import given_artifact
from shared.artifacts.fix import fix
from shared.artifacts.kinds import Kind
from shared.artifacts.repair_loop import Dependencies, Made
from shared.model_host import Client
from shared.run import Run
from shared.settings import Settings
from tests.support.runs import Lines, a_run

ROWS = "\n".join(f"      <li>Row {number}</li>" for number in range(90))
COMPONENT = f"export default function App() {{\n  return (\n    <ul>\n{ROWS}\n    </ul>\n  );\n}}"
EDITED = COMPONENT.replace("Row 7<", "Row seven<")
SCRIPT = "\n".join(f"const row{number} = {number};" for number in range(90))
PYTHON = "\n".join(f"row_{number} = {number}" for number in range(90))
DOCUMENT = "# Rows\n\n" + "\n".join(f"- Row {number}" for number in range(90))

MODEL = "moonshotai/kimi-k2.6"


def edit(search: str, replace: str) -> str:
    return f"<<<<<<< SEARCH\n{search}\n=======\n{replace}\n>>>>>>> REPLACE"


SEVENTH = edit("      <li>Row 7</li>", "      <li>Row seven</li>")
EIGHTH = edit("      <li>Row 8</li>", "      <li>Row eight</li>")
NOWHERE = edit("      <li>Row seventy-seven</li>", "      <li>Row seven</li>")
BREAKS = edit("    </ul>", "    </ol>")


def tagged(code: str, kind: str = "react") -> str:
    return f'<artifact type="{kind}" title="Rows">\n{code}\n</artifact>'


class Asked:
    """A request for a change or a fix, whose models answer by a script: a status, a text, or that and how it ends."""

    def __init__(
        self,
        *answers: int | str | tuple[str, str],
        models: str = MODEL,
        max_calls: int = 6,
        tokens: int | None = 64_000,
        seconds: float = 0.0,
    ) -> None:
        self.sent: list[Any] = []
        self.lines = Lines()
        self._now = 0.0
        self.run: Run = a_run(60, lines=self.lines, clock=self._clock)
        self._script = list(answers)
        self._models = models
        self._max_calls = max_calls
        self._usage = {"prompt_tokens": 10, "completion_tokens": tokens, "cost": 0.001} if tokens else None
        self._seconds = seconds

    def change(self, content: str = COMPONENT, kind: Kind | None = None, *, from_lines: int = 80) -> Made:
        given = given_artifact(content, kind)
        assert given
        return change(self.dependencies(from_lines), self.run, Brief("Say it in words", kind, "s-1"), given)

    def fix(self, content: str = COMPONENT, kind: Kind = Kind.REACT) -> Made:
        return fix(self.dependencies(80), self.run, content, kind, "row is not defined")

    @property
    def asked_for(self) -> list[str]:
        """What each call asked for."""
        firsts = (call["messages"][1]["content"] for call in self.sent)
        return ["edits" if "<<<<<<< SEARCH" in first else "whole" for first in firsts]

    @property
    def purposes(self) -> list[str]:
        return [attempt["purpose"] for attempt in self.lines.named("attempt")]

    @property
    def told(self) -> list[str]:
        """The last message of each call after the first."""
        return [call["messages"][-1]["content"] for call in self.sent[1:]]

    def dependencies(self, from_lines: int) -> Dependencies:
        http = httpx.Client(transport=httpx.MockTransport(self._answer))
        settings = Settings.model_validate(
            {
                "openrouter_k2t_key": "k",
                "guard_table": "t",
                "max_calls": self._max_calls,
                "models": self._models,
            }
        )
        imports = AllowedImports(["react"])
        return Dependencies(Client.of(settings, http=http, clock=self._clock), imports, edits_from_lines=from_lines)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(json.loads(request.content))
        answer = self._script.pop(0)
        if isinstance(answer, int):
            return httpx.Response(answer)
        content, reason = answer if isinstance(answer, tuple) else (answer, "stop")
        self._now += self._seconds
        body = {"choices": [{"message": {"content": content}, "finish_reason": reason}], "usage": self._usage}
        return httpx.Response(200, json=body)

    def _clock(self) -> float:
        return self._now


@pytest.mark.parametrize(
    "answer",
    [
        SEVENTH,
        f"Here you are:\n\nApp.jsx\n```jsx\n{SEVENTH}\n```\nDone.",
        tagged(SEVENTH),
        tagged(f"```\n{SEVENTH}\n```"),
        f"```\n{SEVENTH}",
    ],
    ids=["bare", "chatter", "tag", "tag-and-fence", "open-fence"],
)
def test_edits_are_applied_to_what_was_sent(answer: str) -> None:
    asked = Asked(answer)

    made = asked.change(tagged(COMPONENT))

    assert (made.artifact.code, made.artifact.title, made.warnings) == (EDITED, "Rows", ())
    assert (made.applied, made.edits, made.repaired) == ("edits", 1, False)
    assert made.base_version != made.artifact.version
    assert asked.asked_for == ["edits"]


@pytest.mark.parametrize("end", ["\r\n", "\r"], ids=["crlf", "cr"])
def test_edits_end_their_lines_as_the_code_does(end: str) -> None:
    """Else the next change would be based on another version than was given."""
    assert Asked(SEVENTH.replace("\n", end)).change().artifact.code == EDITED


def test_several_edits_are_counted() -> None:
    made = Asked(f"{SEVENTH}\n\n{EIGHTH}").change()

    assert made.artifact.code == EDITED.replace("Row 8<", "Row eight<")
    assert made.edits == 2


def test_no_thought_is_spent_on_edits_where_a_model_can_be_told_so() -> None:
    asked = Asked(NOWHERE, NOWHERE, tagged(EDITED))

    asked.change()

    assert [call.get("reasoning") for call in asked.sent] == [{"enabled": False}, {"enabled": False}, None]
    assert {call["session_id"] for call in asked.sent} == {"s-1"}


@pytest.mark.parametrize(
    "answer",
    [tagged(EDITED), f"```jsx\n{EDITED}\n```", f"{BREAKS}\n{tagged(EDITED)}", f"{tagged(EDITED)}\n\n{NOWHERE}"],
    ids=["tag", "fence", "behind-edits", "before-edits"],
)
def test_a_whole_artifact_is_taken_where_edits_were_asked_for(answer: str) -> None:
    made = Asked(answer).change()

    assert (made.artifact.code, made.applied, made.edits) == (EDITED, "rewrite", 0)


def test_edits_beside_a_whole_that_cannot_be_rendered_are_used() -> None:
    """Before another call is paid for."""
    made = Asked(f"{tagged(EDITED[:-4])}\n\n{SEVENTH}").change()

    assert (made.artifact.code, made.applied) == (EDITED, "edits")


@pytest.mark.parametrize("fence", ["", "```\n"], ids=["bare", "fenced"])
def test_a_tag_that_an_edit_writes_is_a_part_of_the_code(fence: str) -> None:
    """Not the whole: it would take the place of all that was sent."""
    example = f"{fence}{tagged('Hello', 'text/markdown')}\n{fence}- End"

    made = Asked(edit("- Row 7", example)).change(DOCUMENT, Kind.MARKDOWN)

    assert (made.artifact.code, made.applied) == (DOCUMENT.replace("- Row 7\n", f"{example}\n"), "edits")


@pytest.mark.parametrize("from_lines", [80, 1000], ids=["edits", "whole"])
@pytest.mark.parametrize(
    ("content", "kind", "part", "line"),
    [
        (PYTHON, Kind.CODE, "```python\nrow_7 = 'seven'\n```", "row_7 = 7"),
        (PYTHON, Kind.CODE, "```python\nrow_0 = 0\n```", "row_7 = 7"),
        (f"```python\n{PYTHON}\n```", Kind.CODE, "row_7 = 'seven'", "row_7 = 7"),
        (DOCUMENT, Kind.MARKDOWN, "```markdown\n- Row seven\n```", "- Row 7"),
        (f"<ul>\n{ROWS}\n</ul>", Kind.HTML, "```html\n<li>Row seven</li>\n```", "      <li>Row 7</li>"),
    ],
    ids=["fence", "first-line", "bare", "document", "fragment"],
)
def test_the_lines_that_change_are_not_taken_for_the_whole(
    content: str, kind: Kind, part: str, line: str, from_lines: int
) -> None:
    """Where neither a tag nor a check tells them apart: all else would be lost."""
    said = part if part.startswith("row") else f"Replace line 7 with this:\n\n{part}"
    asked = Asked(said, edit(line, "Row: seven" if kind is Kind.HTML else "row = 'seven'"))

    made = asked.change(content, kind, from_lines=from_lines)

    assert (made.applied, made.repaired) == ("edits", True)
    assert "no artifact" in asked.told[0]


def test_the_part_that_changes_is_not_taken_for_the_whole_where_it_is_one() -> None:
    """A small diagram can be drawn; in its tag it is taken, as a change may remove what it likes."""
    diagram = "flowchart TD\n" + "\n".join(f"  row{number} --> row{number + 1}" for number in range(90))
    part = "flowchart TD\n  row7 -->|then| row8"

    made = Asked(f"```mermaid\n{part}\n```", edit("  row7 --> row8", "  row7 -->|then| row8")).change(diagram)

    assert (made.applied, made.repaired) == ("edits", True)
    assert Asked(tagged(part, "mermaid")).change(diagram).artifact.code == part


def test_a_page_is_no_part_of_the_part_that_was_sent() -> None:
    page = f"<!DOCTYPE html>\n<html><body>\n<ol>\n{ROWS}\n</ol>\n</body></html>"

    assert Asked(f"A whole page:\n\n{page}").change(f"<ul>\n{ROWS}\n</ul>", Kind.HTML).artifact.code == page


@pytest.mark.parametrize("dots", ["...", "…", "[...]", "- ..."])
@pytest.mark.parametrize("form", ["edit", "whole"])
def test_dots_do_not_stand_for_lines_of_a_document(dots: str, form: str) -> None:
    lines = "- Row 7\n- Row 8\n- Row 9"
    edited = edit(lines, f"- Row seven\n{dots}")
    asked = Asked(
        edited if form == "edit" else tagged(f"{dots}\n- Row seven\n{dots}", "markdown"), edit("- Row 7", "-")
    )

    assert asked.change(DOCUMENT, Kind.MARKDOWN).repaired
    assert "with dots in their place" in asked.told[0]


def test_a_document_may_be_given_a_line_of_dots() -> None:
    assert Asked(edit("- Row 7", "- Row 7\n\n...")).change(DOCUMENT, Kind.MARKDOWN).applied == "edits"


def test_a_whole_in_a_fence_is_taken_of_any_kind() -> None:
    """If it begins or ends as what was sent does; a model may be told to remove the other end."""
    changed = "\n".join(PYTHON.split("\n")[20:])

    assert Asked(f"Here it is:\n```python\n{changed}\n```").change(PYTHON, Kind.CODE).artifact.code == changed


def test_a_whole_in_an_edit_without_an_end_is_not_taken_for_the_answer() -> None:
    """Nothing tells it from a tag that the edit would have written."""
    asked = Asked(f"{SEVENTH.replace('>>>>>>> REPLACE', '')}{tagged(EDITED)}", SEVENTH)

    made = asked.change()

    assert (made.artifact.code, made.applied) == (EDITED, "edits")
    assert "A block has no end" in asked.told[0]


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (NOWHERE, "Block 1 does not apply"),
        (edit("      <li>", "      <b>"), "Block 1 does not apply"),
        (SEVENTH.replace(">>>>>>> REPLACE", ""), "no end"),
        (f"{SEVENTH}\n{NOWHERE}", "Block 2 does not apply"),
        (BREAKS, "cannot be rendered, so none of them was applied:\n\n- Line 94"),
        (edit("      <li>Row 7</li>", "      <li>Row 7</li>"), "it is the code unchanged"),
        (edit("      <li>Row 7</li>", "      {/* ... existing rows ... */}"), "leaves out parts"),
        ("I have done it.", "There are no edits in that answer"),
    ],
    ids=["not-found", "not-a-line", "half", "second", "breaks", "same", "elided", "prose"],
)
def test_edits_that_cannot_be_used_are_sent_back_once(bad: str, told: str) -> None:
    asked = Asked(bad, SEVENTH)

    made = asked.change()

    assert (made.artifact.code, made.applied, made.repaired) == (EDITED, "edits", True)
    assert told in asked.told[0]
    assert asked.sent[1]["messages"][-2] == {"role": "assistant", "content": bad.strip()}
    assert asked.sent[0]["messages"] == asked.sent[1]["messages"][:2]


def test_the_whole_is_asked_for_where_edits_fail_twice() -> None:
    asked = Asked(NOWHERE, BREAKS, tagged(EDITED))

    made = asked.change()

    assert (made.artifact.code, made.applied, made.repaired) == (EDITED, "rewrite", True)
    assert asked.asked_for == ["edits", "edits", "whole"]
    assert asked.purposes == ["first", "repair", "repair"]
    assert "Row" not in str(asked.lines)
    assert len(asked.sent[2]["messages"]) == 2
    first, last = (call["messages"] for call in (asked.sent[0], asked.sent[2]))
    assert first[0] == last[0]
    assert first[1]["content"].partition("<<<change")[0] == last[1]["content"].partition("<<<change")[0]


def test_the_whole_is_asked_of_the_model_that_answered() -> None:
    """The primary is gone, and would be asked in vain once more."""
    asked = Asked(404, NOWHERE, NOWHERE, tagged(EDITED), models=f"moonshotai/kimi-k2-thinking,{MODEL}")

    assert asked.change().applied == "rewrite"
    assert [call["model"] for call in asked.sent] == ["moonshotai/kimi-k2-thinking", MODEL, MODEL, MODEL]


@pytest.mark.parametrize("tokens", [5, None], ids=["few", "unknown"])
def test_a_short_answer_that_was_waited_for_leaves_time_for_the_whole(tokens: int | None) -> None:
    """Six seconds for five tokens are no rate: the whole, of 680, comes in less than the 48 that are left."""
    asked = Asked("Done.", "Done.", tagged(EDITED), tokens=tokens, seconds=6)

    assert asked.change().applied == "rewrite"


def test_the_whole_is_not_asked_for_where_it_cannot_be_written_in_time() -> None:
    long = COMPONENT.replace("Row 8<", f"{'Row ' * 9_000}<")
    asked = Asked(NOWHERE, NOWHERE, seconds=18)

    with pytest.raises(EditsUnusable):
        asked.change(long)

    assert asked.asked_for == ["edits", "edits"]


@pytest.mark.parametrize(
    ("answers", "failure"),
    [
        ((NOWHERE, NOWHERE, "Sorry."), EditsUnusable),
        ((NOWHERE, NOWHERE, tagged(COMPONENT)), RevisionUnusable),
        ((NOWHERE, BREAKS, tagged(EDITED[:-4])), ArtifactInvalid),
        (("Sorry.", "Sorry.", "Sorry."), ArtifactMissing),
    ],
    ids=["prose", "unchanged", "broken", "nothing"],
)
def test_what_stays_unusable_is_an_honest_failure(answers: tuple[str, ...], failure: type[Exception]) -> None:
    asked = Asked(*answers)

    with pytest.raises(failure) as raised:
        asked.change()

    assert len(asked.sent) == 3
    assert "Row" not in str(raised.value)


def test_the_limit_of_calls_holds() -> None:
    asked = Asked(NOWHERE, NOWHERE, max_calls=2)

    with pytest.raises(EditsUnusable, match="its edits do not fit the code that was sent"):
        asked.change()

    assert len(asked.sent) == 2


@pytest.mark.parametrize("cut", [len(SEVENTH), len(SEVENTH) // 2, 20])
def test_edits_that_were_cut_off_are_extended_and_never_half_applied(cut: int) -> None:
    asked = Asked((f"{SEVENTH}\n{EIGHTH}"[:cut], "length"), f"{SEVENTH}\n{EIGHTH}")

    made = asked.change()

    assert made.edits == 2
    assert asked.purposes == ["first", "extended"]
    assert asked.sent[1]["max_tokens"] == 2 * asked.sent[0]["max_tokens"]
    assert asked.asked_for == ["edits", "edits"]


def test_edits_that_are_cut_off_twice_are_truncated() -> None:
    with pytest.raises(ArtifactTruncated):
        Asked((SEVENTH, "length"), (SEVENTH, "length")).change()


@pytest.mark.parametrize(("from_lines", "asked_for"), [(96, "edits"), (97, "whole"), (0, "edits")])
def test_edits_are_asked_for_from_a_number_of_lines_on(from_lines: int, asked_for: str) -> None:
    asked = Asked(tagged(EDITED))

    made = asked.change(from_lines=from_lines)

    assert (made.applied, asked.asked_for) == ("rewrite", [asked_for])
    assert COMPONENT.count("\n") == 95


def test_edits_are_taken_where_the_whole_was_asked_for() -> None:
    assert Asked(SEVENTH).change(from_lines=1000).applied == "edits"


@pytest.mark.parametrize("unasked", [NOWHERE, BREAKS, edit("      <li>Row 7</li>", "      <li>Row 7</li>")])
def test_edits_that_nobody_asked_for_are_not_asked_for_again(unasked: str) -> None:
    """The model was never told their form."""
    asked = Asked(unasked, tagged(EDITED))

    asked.change(from_lines=1000)

    assert "edits again" not in asked.told[0]
    assert "whole" in asked.told[0]


@pytest.mark.parametrize("mark", ["=======", "<<<<<<< HEAD", ">>>>>>> theirs"])
def test_code_with_marks_of_its_own_is_written_anew(mark: str) -> None:
    document = f"# A\n\nA heading\n{mark}\n" + "\n".join(f"- Row {number}" for number in range(90))
    changed = document.replace("Row 7\n", "Row seven\n")
    asked = Asked(tagged(changed, "markdown"))

    made = asked.change(document, Kind.MARKDOWN)

    assert (made.artifact.code, made.applied, asked.asked_for) == (changed, "rewrite", ["whole"])


def test_a_heading_that_a_rewrite_underlines_is_no_edit() -> None:
    document = "# A\n\n" + "\n".join(f"- Row {number}" for number in range(90))
    changed = document.replace("# A", "A heading\n=========")

    assert Asked(tagged(changed, "markdown")).change(document, Kind.MARKDOWN).artifact.code == changed


def test_a_conversion_is_a_rewrite() -> None:
    """The rules for what has to stay the same do not hold."""
    page = "<!DOCTYPE html>\n<html><body><ul></ul></body></html>"
    asked = Asked(tagged(page, "text/html"))

    made = asked.change(tagged(COMPONENT), Kind.HTML)

    assert (made.artifact.kind, made.applied, made.warnings) == (Kind.HTML, "rewrite", ())
    assert asked.asked_for == ["whole"]
    assert asked.sent[0]["max_tokens"] == 32_000 + len(COMPONENT) // 3
    assert "The code is of the type application/vnd.ant.react" in asked.sent[0]["messages"][1]["content"]


def test_what_was_sent_is_no_conversion_of_it() -> None:
    with pytest.raises(RevisionUnusable, match="unchanged"):
        Asked(tagged(COMPONENT), tagged(COMPONENT)).change(tagged(COMPONENT), Kind.HTML)


def test_a_change_that_is_of_another_kind_is_sent_back_once_and_then_says_so() -> None:
    page = tagged("<!DOCTYPE html>\n<html><body>a</body></html>", "text/html")
    asked = Asked(page, page)

    made = asked.change()

    assert (made.artifact.kind, made.warnings, len(asked.sent)) == (Kind.HTML, ("kind_changed",), 2)


def test_a_change_may_remove_what_a_fix_has_to_keep() -> None:
    short = "export default function App() {\n  return <ul />;\n}"
    gutting = edit(COMPONENT, short)

    assert Asked(gutting).change().artifact.code == short
    assert Asked(tagged(short)).change().artifact.code == short
    with pytest.raises(RevisionUnusable, match="most of the code is gone"):
        Asked(gutting, gutting, tagged(short)).fix()


def test_a_fix_is_made_by_edits_too() -> None:
    asked = Asked(SEVENTH)

    made = asked.fix()

    assert (made.artifact.code, made.applied, made.edits) == (EDITED, "edits", 1)
    assert asked.asked_for == ["edits"]
    assert "row is not defined" in asked.sent[0]["messages"][1]["content"]


def test_elisions_that_were_there_before_may_stay() -> None:
    elided = COMPONENT.replace("    </ul>", "      {/* ... rest of the rows unchanged ... */}\n    </ul>")

    made = Asked(SEVENTH).change(elided)

    assert made.artifact.code == elided.replace("Row 7<", "Row seven<")


def test_code_may_be_changed_into_another_language() -> None:
    answer = f'<artifact type="application/vnd.ant.code" title="Rows" language="javascript">\n{SCRIPT}\n</artifact>'
    content = f'<artifact type="code" title="Rows" language="python">\n{PYTHON}\n</artifact>'

    made = Asked(answer).change(content)

    assert (made.artifact.language, made.artifact.code) == ("javascript", SCRIPT)


def test_a_default_export_may_go_with_its_language_only() -> None:
    content = f'<artifact type="code" title="A" language="javascript">\n{SCRIPT}\nexport default 1;\n</artifact>'
    answer = f'<artifact type="code" title="A" language="%s">\n{SCRIPT}\n</artifact>'

    assert Asked(answer % "text").change(content).artifact.code == SCRIPT
    with pytest.raises(RevisionUnusable, match="lost the default export"):
        Asked(*[answer % "javascript"] * 3).change(content)


def test_edited_code_keeps_its_language() -> None:
    content = f'<artifact type="code" title="Rows" language="python">\n{PYTHON}\n</artifact>'

    made = Asked(edit("row_7 = 7", "row_7 = 'seven'")).change(content)

    assert (made.artifact.language, made.applied) == ("python", "edits")


def test_a_chain_of_edits_gives_a_version_each() -> None:
    """What a change is based on is the version that the one before gave."""
    code, versions = COMPONENT, []
    for number in range(10):
        made = Asked(edit(f"      <li>Row {number}</li>", f"      <li>Line {number}</li>")).change(code)
        versions.append((made.base_version, made.artifact.version))
        code = made.artifact.canonical if number % 2 else made.artifact.code

    assert all(made == base for (_, made), (base, _) in pairwise(versions))
    assert len({version for _, version in versions}) == 10


def test_the_model_is_chosen_by_the_change_and_the_code() -> None:
    given = given_artifact(COMPONENT, None)
    router = Mock()
    router.choose.return_value.note.return_value = None
    asked = Asked(SEVENTH)
    assert given

    change(asked.dependencies(80)._replace(router=router), asked.run, Brief("Number them"), given)

    (request,) = router.choose.call_args.args
    assert (request.prompt, request.data, request.intent) == ("Number them", COMPONENT, "transform")
