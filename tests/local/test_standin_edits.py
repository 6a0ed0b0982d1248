"""Follow-ups at the stand-in, over HTTP: changes and fixes as edits and as a whole, and edits that cannot be made."""

import time
from typing import Any

import pytest

from local.standin.artifact import Artifact
from local.standin.blocks import DIVIDER, REPLACE, SEARCH
from local.standin.cases import cases
from local.standin.changes import changes
from local.standin.examples import example_for, examples
from local.standin.faults import FAULTS
from local.standin.kinds import MIME_TYPES, Kind
from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.kinds import Kind as KindOfTheBundle
from shared.artifacts.syntax import find_problems
from tests.local.code_requests import AS_A_WHOLE, AS_EDITS, applied, blocks_in, places, turns
from tests.local.test_standin import ask, content_of, last_row, usage_of
from tests.local.test_standin_hosts import ask_at
from tests.support.standin import StandIn

EVERY_EXAMPLE = pytest.mark.parametrize(
    "artifact", [example.artifact for example in examples()], ids=lambda artifact: artifact.title
)
TODO = example_for(Kind.REACT, "todo")
CHAIN = [
    *("Make it blue", "Add a column for the date when it is due", "A larger title please", "Dark mode!"),
    *("Let me search", "Show a progress bar", "A button that clears what is done", "Stars for what is important"),
    *(
        "Sort it",
        "Square corners",
        "Make it wider",
        "Use a serif font",
        "Rename it to This week",
        "Another placeholder",
    ),
    *("Tick everything at once", "Make it sing", "Make it sing louder"),
]
IMPORTS = AllowedImports.default()


def said(host: StandIn, kind: Kind, code: str, form: str, complaint: str = "", **other: str) -> str:
    """The content of the answer, which came with status 200."""
    response = ask(host, "", messages=turns(kind, code, form, complaint, **other))
    assert response.status_code == 200, response.text
    return content_of(response)


def changed(host: StandIn, artifact: Artifact, wish: str) -> str:
    """The code with the edits made that the answer consists of."""
    return applied(artifact.code, blocks_in(said(host, artifact.kind, artifact.code, AS_EDITS, change=wish)))


def body_of(content: str) -> str:
    """The code of an answer that is one whole artifact."""
    assert content.startswith(" <artifact ")
    return content.partition("\n")[2].removesuffix("\n</artifact>")


def is_good(code: str, artifact: Artifact) -> bool:
    return find_problems(code, KindOfTheBundle(artifact.kind), artifact.language, IMPORTS) == ()


@EVERY_EXAMPLE
@pytest.mark.parametrize("wish", ["Make it blue", "A larger title", "Add a column", "Make it sing [[no directive]]"])
def test_edits_and_the_whole_come_to_the_same(host: StandIn, artifact: Artifact, wish: str) -> None:
    """Whether the change is known or not; what is said in the prompt is not echoed."""
    code = changed(host, artifact, wish)
    whole = said(host, artifact.kind, artifact.code, AS_A_WHOLE, change=wish)

    assert body_of(whole) == code != artifact.code
    assert is_good(code, artifact)
    assert "sing" not in code.replace("using", "").replace("sings", "").replace("missing", "").replace("Missing", "")


@pytest.mark.parametrize("form", [AS_EDITS, AS_A_WHOLE], ids=["edits", "whole"])
def test_a_chain_of_follow_ups(host: StandIn, form: str) -> None:
    """Each is about the result of those before; the last ones are none that the stand-in knows."""
    codes = [TODO.code]
    for wish in CHAIN:
        content = said(host, TODO.kind, codes[-1], form, change=wish)
        code = applied(codes[-1], blocks_in(content)) if form == AS_EDITS else body_of(content)
        assert is_good(code, TODO), wish
        codes.append(code)

    assert len(set(codes)) == len(codes)
    known = [change for change in changes() if change.example == TODO]
    assert [change.words for change in known if change.is_for(codes[-1])] == [], "all of them were made"


def test_a_change_that_was_made_is_not_made_twice(host: StandIn) -> None:
    once = changed(host, TODO, "Let me search")
    twice = applied(once, blocks_in(said(host, TODO.kind, once, AS_EDITS, change="Let me search")))

    assert twice != once
    assert twice.count("const [query, setQuery]") == 1
    assert is_good(twice, TODO)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("source", [example_for(kind, "") for kind in Kind], ids=lambda source: source.kind)
def test_another_kind_is_an_example_of_it(host: StandIn, source: Artifact, kind: Kind) -> None:
    form = f"The code is of the type {MIME_TYPES[source.kind]}; answer with one of the type {MIME_TYPES[kind]}."

    code = body_of(said(host, kind, source.code, form, change="The same about a rocket, please"))

    assert (code == example_for(kind, "The same about a rocket, please").code) is (source.kind is not kind)
    assert code != source.code


@pytest.mark.parametrize("name", ["wrong-closing-tag", "missing-reference", "python-syntax"])
def test_a_fix_as_edits_leads_to_what_it_is_as_a_whole(host: StandIn, name: str) -> None:
    """Where the error is not named, the code stays as it is, and an edit says so."""
    case = cases()[name]
    named = f"Line {case.line}: {', '.join(case.words)}"
    kind, code = case.broken.kind, case.broken.code

    right = blocks_in(said(host, kind, code, AS_EDITS, error=named))
    wrong = blocks_in(said(host, kind, code, AS_EDITS, error="It fails"))

    assert applied(code, right) == body_of(said(host, kind, code, AS_A_WHOLE, error=named)) == case.corrected.code
    assert len("".join(block.search for block in right)) < len(code) / 2
    assert [block.search for block in wrong] == [block.replace for block in wrong]


def test_a_fix_of_code_that_nobody_knows_becomes_another_artifact(host: StandIn) -> None:
    code = "export default function A() {\n  return <p>\n}"

    content = said(host, Kind.REACT, code, AS_EDITS, error="It fails")

    assert applied(code, blocks_in(content)) in {each.artifact.code for each in examples()} | {
        case.corrected.code for case in cases().values()
    }


def test_a_directive_edits_what_is_to_be_changed(host: StandIn) -> None:
    code = "a\nb\nc"

    content = said(host, Kind.CODE, code, AS_EDITS, change='Do it [[edit from="b" to="x"]]')

    assert content == f" {SEARCH}\nb\n{DIVIDER}\nx\n{REPLACE}"


@pytest.mark.parametrize("name", ["change", "error"])
def test_a_mark_within_a_part_asks_for_nothing(host: StandIn, name: str) -> None:
    content = said(host, Kind.CODE, f"const a = `\n{SEARCH}\n`;", AS_A_WHOLE, **{name: f"Make it good\n{SEARCH}\n"})

    assert content.startswith(" <artifact ")


def test_a_chat_is_no_follow_up(host: StandIn) -> None:
    """Without a system message that asks for one artifact, the same text is one to be repeated."""
    (_, asked) = turns(Kind.CODE, "a", AS_EDITS, change="b")

    assert content_of(ask(host, "", messages=[asked])).startswith(" You wrote: ")


# Faults: those of which the answer holds edits, whether these can be made, and what is odd about them.


def faulty(host: StandIn, fault: str, wish: str = "Let me search", artifact: Artifact = TODO) -> str:
    content = said(host, artifact.kind, artifact.code, AS_EDITS, change=f"{wish} [[fault {fault}]]")
    row = last_row(host)
    assert (row["fault"], row["finished"]) == (fault.partition(" ")[0], True)
    assert row["charged_nano_usd"] == row["sent_nano_usd"] > 0
    return content


def right() -> str:
    (change,) = [each for each in changes() if each.example == TODO and "search" in each.words]
    return change.apply(TODO.code).code


def test_not_found(host: StandIn) -> None:
    first, *others = blocks_in(faulty(host, "edit-not-found"))

    assert places(TODO.code, first.search) == []
    assert others
    assert all(len(places(TODO.code, block.search)) == 1 for block in others)


def test_found_twice(host: StandIn) -> None:
    first, *others = blocks_in(faulty(host, "edit-found-twice"))

    assert len(places(TODO.code, first.search)) > 1
    assert others


@EVERY_EXAMPLE
@pytest.mark.parametrize("wish", ["Let me search", "Make it blue", "Show progress", "Make it sing"])
def test_overlapping(host: StandIn, artifact: Artifact, wish: str) -> None:
    first, second = blocks_in(faulty(host, "edit-overlapping", wish, artifact))

    assert len(places(artifact.code, second.search)) == 1
    assert places(applied(artifact.code, [first]), second.search) == []


@pytest.mark.parametrize(
    ("part", "is_in"),
    [("", (True, False)), (" part=search", (True, False)), (" part=replacement", (False, True))],
)
def test_elided(host: StandIn, part: str, is_in: tuple[bool, bool]) -> None:
    blocks = blocks_in(faulty(host, f"edit-elided{part}"))

    assert any("// ..." in block.search for block in blocks) is is_in[0]
    assert any("// ..." in block.replace for block in blocks) is is_in[1]
    assert (len(places(TODO.code, blocks[0].search)) == 1) is is_in[1]
    if is_in[1]:
        assert not is_good(applied(TODO.code, blocks), TODO)


def test_whole(host: StandIn) -> None:
    assert body_of(faulty(host, "edit-whole")) == right()


def test_mixed(host: StandIn) -> None:
    whole, _, edits = faulty(host, "edit-mixed").partition("\n\n<<<<<<< ")

    assert body_of(whole) == right()
    assert applied(TODO.code, blocks_in(f"<<<<<<< {edits}")) == right()


@pytest.mark.parametrize("wish", ["Let me search", "Make it wider", "Square corners"])
def test_half(host: StandIn, wish: str) -> None:
    content = faulty(host, "edit-half", wish)

    assert content.count(SEARCH) == content.count(REPLACE) + 1
    assert content in said(host, TODO.kind, TODO.code, AS_EDITS, change=wish)
    assert content.rstrip().rpartition("\n")[2] != REPLACE


def test_unfenced(host: StandIn) -> None:
    content = faulty(host, "edit-unfenced")

    assert content.count("```") == 1
    assert f"\nthe-file\n```jsx\n{SEARCH}\n" in content
    inside = content.partition("```jsx\n")[2].rpartition(REPLACE)
    assert applied(TODO.code, blocks_in(inside[0] + inside[1])) == right()


def test_escaped(host: StandIn) -> None:
    """None of the edits can be made as it stands, and all can once the entities are read."""
    content = faulty(host, "edit-escaped")
    plain = content.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    assert all(places(TODO.code, block.search) == [] for block in blocks_in(content))
    assert applied(TODO.code, blocks_in(plain)) == right()


def test_shifted(host: StandIn) -> None:
    """As far as blanks at the ends of lines do not count, all is right."""
    blocks = blocks_in(faulty(host, "edit-shifted"))

    assert all(block.search not in TODO.code for block in blocks)
    assert all(len(places(TODO.code, block.search)) == 1 for block in blocks)
    plain = blocks_in(said(host, TODO.kind, TODO.code, AS_EDITS, change="Let me search"))
    assert [block.search.replace("\n    ", "\n")[4:] for block in blocks] == [block.search for block in plain]
    assert [block.replace.replace("\n    ", "\n")[4:] for block in blocks] == [block.replace for block in plain]


@EVERY_EXAMPLE
def test_already_there(host: StandIn, artifact: Artifact) -> None:
    (block,) = blocks_in(faulty(host, "edit-already-there", artifact=artifact))

    assert places(artifact.code, block.search) == []
    assert len(places(artifact.code, block.replace)) == 1


def test_same(host: StandIn) -> None:
    assert applied(TODO.code, blocks_in(faulty(host, "edit-same"))) == TODO.code


@EVERY_EXAMPLE
def test_breaks(host: StandIn, artifact: Artifact) -> None:
    code = applied(artifact.code, blocks_in(faulty(host, "edit-breaks", "Make it sing", artifact)))

    assert not is_good(code, artifact)


LACKS_REPEATED_LINES = {
    *("From order to delivery", "Signing in with a second factor", "README of a backup tool"),
    *("Notes of a planning meeting", "Prime sieve"),
}
LACKS_SIGNS = {"Notes of a planning meeting"}
EDIT_FAULTS = {name for name, fault in FAULTS.items() if fault.needs_edits}


@pytest.mark.parametrize(
    ("name", "artifact"),
    [
        pytest.param(name, example.artifact, id=f"{name}-{example.artifact.title}")
        for name in sorted(EDIT_FAULTS)
        for example in examples()
        if example.artifact.title
        not in {"edit-found-twice": LACKS_REPEATED_LINES, "edit-escaped": LACKS_SIGNS}.get(name, ())
    ],
)
def test_every_fault_of_edits_is_there_for_every_kind(host: StandIn, artifact: Artifact, name: str) -> None:
    """And with the turn that complains, if it is to happen once, all is well."""
    wish = f"Make it blue {time.time_ns()} [[fault {name} times=1]]"

    bad = said(host, artifact.kind, artifact.code, AS_EDITS, change=wish)
    fault = last_row(host)["fault"]
    good = said(host, artifact.kind, artifact.code, AS_EDITS, "That does not fit.", change=wish)

    assert (fault, last_row(host)["fault"]) == (name, None)
    assert bad != good
    assert is_good(applied(artifact.code, blocks_in(good)), artifact)


def test_a_fault_of_edits_goes_on_until_the_whole_is_asked_for(host: StandIn) -> None:
    """The whole is asked for in a conversation of its own, and there is no edit in it that could be wrong."""
    wish = f"Let me search {time.time_ns()} [[fault edit-not-found]]"

    first = said(host, TODO.kind, TODO.code, AS_EDITS, change=wish)
    second = said(host, TODO.kind, TODO.code, AS_EDITS, "That does not fit.", change=wish)
    whole = said(host, TODO.kind, TODO.code, AS_A_WHOLE, change=wish)

    assert first == second
    assert body_of(whole) == right()
    assert last_row(host)["fault"] is None


def test_the_whole_counts_as_the_same_request(host: StandIn) -> None:
    """So that a fault that happens twice is over when the whole is asked for."""
    wish = f"Let me search {time.time_ns()} [[fault prose times=2]]"
    faults = []
    for form, complaint in [(AS_EDITS, ""), (AS_EDITS, "That does not fit."), (AS_A_WHOLE, "")]:
        said(host, TODO.kind, TODO.code, form, complaint, change=wish)
        faults.append(last_row(host)["fault"])

    assert faults == ["prose", "prose", None]


def test_another_host_may_be_asked_for_the_whole(host: StandIn) -> None:
    wish = f"Let me search {time.time_ns()} [[fault edit-same]]"
    said(host, TODO.kind, TODO.code, AS_EDITS, change=wish)

    response = ask_at(host, "custom", messages=turns(TODO.kind, TODO.code, AS_A_WHOLE, change=wish))

    assert body_of(content_of(response)) == right()


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param(turns(TODO.kind, TODO.code, AS_A_WHOLE, change="Sort it [[fault edit-half]]"), id="the-whole"),
        pytest.param(turns(TODO.kind, TODO.code, AS_A_WHOLE, error="It fails [[fault edit-half]]"), id="a-fix"),
        pytest.param(
            [{"role": "system", "content": "one artifact"}, {"role": "user", "content": "[[fault edit-half]]"}],
            id="new",
        ),
        pytest.param([{"role": "user", "content": "[[fault edit-half]]"}], id="a-chat"),
        pytest.param(turns(TODO.kind, TODO.code, AS_EDITS, change="[[fault edit-half]]")[1:], id="a-chat-with-code"),
    ],
)
def test_a_fault_of_edits_where_none_are_asked_for_is_a_400(host: StandIn, messages: list[dict[str, str]]) -> None:
    response = ask(host, "", messages=messages)

    assert response.status_code == 400
    assert "is about edits, and this request asks for none" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("code", "wish", "fault", "why"),
    [
        ("a\nb\nc", '[[edit from="a" to="x"]]', "edit-found-twice", "no line stands in this code twice"),
        ("a\nb", '[[edit from="a" to="x"]]', "edit-elided", "too few lines"),
        ("a\nb\nc", '[[edit from="a" to="x"]]', "edit-escaped", "no sign in this code"),
    ],
)
def test_a_fault_of_edits_that_cannot_be_is_a_400(host: StandIn, code: str, wish: str, fault: str, why: str) -> None:
    messages = turns(Kind.CODE, code, AS_EDITS, change=f"{wish} [[fault {fault}]]")

    response = ask(host, "", messages=messages)

    assert response.status_code == 400
    assert why in response.json()["error"]["message"]


# The prompt cache.


def cached(host: StandIn, messages: list[dict[str, Any]], model: str) -> int:
    """The cached tokens, on the wire as in the books."""
    usage = usage_of(ask(host, "", messages=messages, model=model))
    tokens: int = usage["prompt_tokens_details"]["cached_tokens"]
    assert tokens == last_row(host)["cached_tokens"] < usage["prompt_tokens"]
    return tokens


def tokens_of(text: str) -> int:
    return -(-len(text) // 4)


def test_code_that_comes_first_is_cached(host: StandIn) -> None:
    """In every turn about it, and not for another model; a change of the code itself leaves the system message."""
    model = f"a/{time.time_ns()}"
    first, other = (turns(TODO.kind, TODO.code, AS_EDITS, change=wish) for wish in ("Make it blue", "Sort it"))
    whole = turns(TODO.kind, TODO.code, AS_A_WHOLE, change="Make it blue")
    repair = turns(TODO.kind, TODO.code, AS_EDITS, "That does not fit.", change="Make it blue")
    elsewhere = turns(TODO.kind, f"{TODO.code};", AS_EDITS, change="Make it blue")
    system, asked = (message["content"] for message in first)
    code_end = asked.index(" code>>>") + len(" code>>>")
    with_code = tokens_of(system) + tokens_of(asked[:code_end])

    assert cached(host, first, model) == 0
    assert cached(host, other, model) == with_code
    assert cached(host, whole, model) == with_code
    assert cached(host, first, model) == with_code
    assert cached(host, elsewhere, model) == tokens_of(system)
    assert cached(host, repair, model) == tokens_of(system) + tokens_of(asked)
    assert cached(host, first, f"{model}-b") == 0


def test_a_conversation_is_cached_up_to_its_last_message(host: StandIn) -> None:
    model = f"a/{time.time_ns()}"
    said_so_far: list[dict[str, Any]] = [{"role": "user", "content": "One, please"}]
    found = [cached(host, said_so_far, model)]
    for text in ("Two, please", "Three, please"):
        said_so_far += [{"role": "assistant", "content": "Here"}, {"role": "user", "content": text}]
        found.append(cached(host, said_so_far, model))
    tail = [{"role": "user", "content": "Something else"}, *said_so_far[1:]]

    assert found == [0, tokens_of("One, please"), tokens_of("One, please") + 1 + tokens_of("Two, please")]
    assert cached(host, tail, model) == 0
