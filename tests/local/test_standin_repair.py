"""What the stand-in answers to a request to fix code: an edit that is asked for, else an example of the kind."""

import pytest

from local.standin.calls import ChatCall
from local.standin.cases import cases
from local.standin.directives import DirectiveError
from local.standin.examples import Example, examples
from local.standin.faults.contents import invalid
from local.standin.kinds import MIME_TYPES, Kind
from local.standin.replies import Reply, artifact_reply

HEX = "0123456789abcdef"


def chat_call(prompt: str, kind: Kind) -> ChatCall:
    messages = [
        {"role": "system", "content": f"Answer with {MIME_TYPES[kind]}."},
        {"role": "user", "content": prompt},
    ]
    return ChatCall.from_body({"model": "m", "messages": messages})


def repair_call(code: str, error: str, kind: Kind, *, newline: str = "\n") -> ChatCall:
    parts = [f"<<<code {HEX}", code, f"{HEX} code>>>", "", f"<<<error {HEX}", error, f"{HEX} error>>>"]
    return chat_call(newline.join(["Please mend this.", *parts, "Thank you."]), kind)


def fixed(code: str, error: str, kind: Kind = Kind.CODE) -> str:
    return artifact_reply(repair_call(code, error, kind)).artifact.code


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_edit_is_made_in_the_code_that_was_sent(newline: str) -> None:
    """No language is named: a label of another one than the code's would make the fix unusable."""
    error = """SyntaxError: missing ) [[edit from="(1;" to="(1);"]]"""

    reply = artifact_reply(repair_call("const a = (1;\nlog(a)", error, Kind.CODE, newline=newline))

    assert reply.content == (
        ' <artifact type="application/vnd.ant.code" title="Edited">\nconst a = (1);\nlog(a)\n</artifact>'
    )


@pytest.mark.parametrize(
    ("code", "edits", "expected"),
    [
        pytest.param("a b a", "[[edit from=a to=c]]", "c b c", id="wherever-it-stands"),
        pytest.param("a b", "[[edit from=a to=b]] [[edit from=b to=c]]", "c c", id="one-after-the-other"),
        pytest.param("a[0]]", """[[edit from="a[0]]" to="a[0]"]]""", "a[0]", id="brackets-in-quotes"),
        pytest.param("a[0]]", """[[edit from='a[0]]' to='a[0]']]""", "a[0]", id="brackets-in-single-quotes"),
        pytest.param('say("a)', """[[edit from='"a' to='"a"']]""", 'say("a")', id="quotes-in-quotes"),
        pytest.param("a b", "[[edit from=a to=don't]], it's", "don't b", id="apostrophes"),
        pytest.param("a\nb", """[[edit from="a\nb" to=""]]c""", "", id="lines-and-nothing"),
    ],
)
def test_edits_replace_one_text_by_another(code: str, edits: str, expected: str) -> None:
    assert fixed(code, f"It fails {edits}") == expected


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        pytest.param("""[[edit from="x" to="y"]]""", "'x' is not in the code", id="not-there"),
        pytest.param("""[[edit from="a"]]""", "an edit is", id="no-to"),
        pytest.param("""[[edit from="" to="b"]]""", "an edit is", id="of-nothing"),
        pytest.param("""[[edit from=a to=b at=1]]""", "an edit is", id="unknown-parameter"),
        pytest.param("[[edit a b]]", "is not a key=value", id="no-keys"),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused(edit: str, said: str) -> None:
    with pytest.raises(DirectiveError, match=said):
        fixed("a", edit)


def test_an_edit_where_nothing_is_to_be_fixed_is_refused() -> None:
    with pytest.raises(DirectiveError, match="this request has none"):
        artifact_reply(chat_call("""A list [[edit from="a" to="b"]]""", Kind.REACT))


def test_an_edit_outranks_the_case_of_the_code() -> None:
    case = cases()["wrong-closing-tag"]

    assert fixed(case.broken.code, "It fails [[edit from=h3 to=h4]]", case.broken.kind) == case.broken.code.replace(
        "h3", "h4"
    )


def test_directives_may_stand_in_code_and_error_and_are_not_echoed() -> None:
    """Of the faults, the last one is followed: see `test_standin_hosts`."""
    call = repair_call("[1, [2[[fault cut]]", "Error [[fault credit]] [[edit from=1 to=3]]", Kind.CODE)

    assert call.faults == (" cut", " credit")
    assert artifact_reply(call).artifact.code == "[3, [2"


def test_a_quotation_mark_without_its_partner_is_read_in_no_time() -> None:
    """It may begin a text in quotes or be a character: read both ways, each one would double the work."""
    assert chat_call('[[fault a="' + '" b="' * 5000, Kind.REACT).faults == ()


def test_each_part_may_have_a_fence_of_its_own() -> None:
    text = f"<<<code {HEX}\nx\n{HEX} code>>>\n<<<error {HEX[::-1]}\ny\n{HEX[::-1]} error>>>"

    about = chat_call(text, Kind.CODE).about

    assert about is not None
    assert (about.code, about.error, about.change, about.wants_edits) == ("x", "y", None, False)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"<<<code {HEX}\nx\n{HEX} code>>>", id="only-code"),
        pytest.param(f"<<<error {HEX}\nx\n{HEX} error>>>", id="only-an-error"),
        pytest.param(f"<<<code {HEX}\nx\n{HEX[::-1]} code>>>\n<<<error {HEX}\ny\n{HEX} error>>>", id="other-fence"),
        pytest.param(f"<<<code {HEX}\n<<<error {HEX}\ny\n{HEX} error>>>\n{HEX} code>>>", id="one-in-another"),
        pytest.param(f"<<<code {HEX[1:]}\nx\n{HEX[1:]} code>>>\n<<<error {HEX}\ny\n{HEX} error>>>", id="short"),
        pytest.param(f"a <<<code {HEX}\nx\n{HEX} code>>>\n<<<error {HEX}\ny\n{HEX} error>>>", id="in-a-line"),
    ],
)
def test_other_texts_are_no_repair_requests(text: str) -> None:
    assert chat_call(text, Kind.CODE).about is None


EVERY_EXAMPLE = pytest.mark.parametrize("example", examples(), ids=lambda example: example.artifact.title)


@EVERY_EXAMPLE
def test_a_broken_example_is_answered_by_the_example(example: Example) -> None:
    artifact = example.artifact
    broken = invalid(Reply(artifact, reasoning="", content=None)).artifact.code

    assert broken != artifact.code
    assert fixed(broken, "Unexpected end of input", artifact.kind) == artifact.code


@EVERY_EXAMPLE
def test_an_example_itself_is_answered_by_another_one_of_its_kind(example: Example) -> None:
    """A fix has to differ from what was sent."""
    reply = artifact_reply(repair_call(f"\n{example.artifact.code}\n", "It looks wrong", example.artifact.kind))

    assert reply.artifact.kind is example.artifact.kind
    assert reply.artifact.code != example.artifact.code


@pytest.mark.parametrize(
    ("code", "languages"),
    [
        ("def f(a):\n    return a[", {"python"}),
        ("from math import sqrt\nprint(sqrt(4)", {"python"}),
        ("def total(lines):\n    return sum(line.price * line.quantity for line in lines", {"python"}),
        ("const f = (a) => a", {"javascript", "typescript"}),
        ("interface A { x: number }\nexport class B implements A {", {"typescript"}),
        (".a { color: red; margin: 0 auto ", {"css"}),
        ('{"a": 1, "port": 80', {"json"}),
    ],
)
def test_code_is_answered_in_its_language_where_that_is_plain(code: str, languages: set[str]) -> None:
    assert artifact_reply(repair_call(code, "SyntaxError", Kind.CODE)).artifact.language in languages


@pytest.mark.parametrize("code", ["", " ", "\0", "`${", "((((", "</a>", "x" * 50_000])
@pytest.mark.parametrize("kind", Kind)
def test_any_scrap_is_answered_by_something_else(kind: Kind, code: str) -> None:
    assert fixed(code, "", kind) not in {"", code}
