"""From an answer to its artifact: the steps of the way, one table each."""

import pytest

from shared.artifacts.errors import ArtifactFailure
from shared.artifacts.extraction import extract
from shared.artifacts.kinds import Kind

COMPONENT = "export default function App() {\n  return <p>a</p>;\n}"
PAGE = "<!DOCTYPE html>\n<html><head><title>Home</title></head><body>a</body></html>"


def outcome(text: str, requested: Kind | None = None, *, truncated: bool = False) -> str:
    """The code that comes out, or the name of the failure."""
    try:
        return extract(text, requested=requested, truncated=truncated).artifact.code
    except ArtifactFailure as failure:
        return failure.code


def made(body: str, attributes: str = 'type="code"') -> str:
    return f"<artifact {attributes}>{body}</artifact>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"<think>{made('draft')}</think>{made('final')}", "final", id="a-thought-goes-with-its-tags"),
        pytest.param(f"<THINK >{made('draft')}</ think>{made('final')}", "final", id="in-any-case"),
        pytest.param(f"a <think> b </think> <think>{made('draft')}</think>{made('final')}", "final", id="two-thoughts"),
        pytest.param(f"thought {made('draft')} </think> {made('final')}", "final", id="a-lone-end-takes-all-before-it"),
        pytest.param(f"{made('only')}</think>", "artifact_missing", id="and-there-may-be-nothing-behind-it"),
        pytest.param(made("<think>a</think>"), "<think>a</think>", id="in-a-body-it-is-body-text"),
        pytest.param(made("a </think> b"), "a </think> b", id="in-a-body-a-lone-end-is-too"),
        pytest.param(made("<|im_end|>"), "<|im_end|>", id="in-a-body-a-token-is-too"),
        pytest.param(f"<|im_start|>{made('a')}<|im_end|>", "a", id="tokens-outside"),
        pytest.param(f"`</think>` closes a thought. {made('a')}", "a", id="recited-inline"),
        pytest.param(f"```\n<think>\n```\n{made('a')}", "a", id="recited-in-a-fence"),
        pytest.param(f"<think> on and on {made('a')}", "a", id="an-endless-thought-is-searched-at-last"),
        pytest.param(f"{made('a')} <think> on and on {made('b')}", "a", id="but-only-then"),
        pytest.param("<think> on and on <artifact type='code'>a", "artifact_missing", id="and-only-for-a-whole-one"),
        pytest.param("<think> on and on", "artifact_missing", id="an-endless-thought-alone"),
        pytest.param(
            f"<think>\n```js\n</think>\n{made('a')}{made('b')}\n```sh\nls\n```",
            "a",
            id="a-thought-that-leaves-a-fence-open",
        ),
    ],
)
def test_thoughts_and_leaked_tokens_outside_a_body_are_dropped(text: str, expected: str) -> None:
    assert outcome(text) == expected


DRAFT = "\n```jsx\nconst draft = 1;\n```\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"<think>{DRAFT}</think>\n```jsx\n{COMPONENT}\n```<|im_end|>", id="a-thought"),
        pytest.param(f"<think>a</think>{DRAFT}</think>\n{COMPONENT}", id="a-lone-end-behind-a-thought"),
        pytest.param(f"```jsx\n{COMPONENT}\n```\n<think>{DRAFT}", id="an-endless-thought"),
    ],
)
def test_thoughts_in_an_untagged_answer_are_dropped_with_their_fences(text: str) -> None:
    assert outcome(text, Kind.REACT) == COMPONENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<artifact>a</artifact>", "a", id="a-bare-tag-alone"),
        pytest.param(f"The <artifact> tag:\n{made('a')}", "a", id="a-bare-tag-beside-a-real-one"),
        pytest.param(f"{made('a')}\n<artifact>b", "a", id="a-bare-tag-behind-a-real-one"),
        pytest.param(f"An <artifact>\n```xml\n{made('a')}\n```", "a", id="a-bare-tag-and-a-real-one-in-a-fence"),
        pytest.param("```\n<artifact>a</artifact>\n```", "a", id="a-bare-tag-in-a-fence"),
        pytest.param("Use `<artifact>` and `</artifact>`.", "artifact_missing", id="a-bare-tag-in-inline-code"),
        pytest.param("<artifact>a", "artifact_truncated", id="a-bare-tag-never-closed"),
        pytest.param("<artifact/>", "artifact_missing", id="a-self-closing-tag"),
        pytest.param("<artifacts>a</artifacts>", "artifact_missing", id="another-name"),
        pytest.param('<artifact type="code" title="A>a</artifact>', "artifact_missing", id="an-unclosed-quote"),
        pytest.param("a </artifact> b", "artifact_missing", id="a-closing-tag-alone"),
    ],
)
def test_a_bare_tag_counts_only_when_nothing_else_does(text: str, expected: str) -> None:
    assert outcome(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(made("x = '</artifact>'; y"), "x = '</artifact>'; y", id="the-last-closing-tag-wins"),
        pytest.param(made("`</artifact>` `</artifact>`"), "`</artifact>` `</artifact>`", id="however-many"),
        pytest.param(made("a") + "</artifact>", "a</artifact>", id="and-a-stray-one-too"),
        pytest.param(made("a") + "\n</ ANTARTIFACT >", "a</artifact>", id="by-any-name"),
        pytest.param(made("a") + "b" + made("c"), "a", id="but-not-over-the-next-opening-tag"),
        pytest.param(made("a") + "</artifact>" + made("b"), "a</artifact>", id="the-last-before-it"),
        pytest.param(made(made("a")), made("a"), id="an-opening-tag-in-a-body-is-body-text"),
        pytest.param(
            made(f"\n```sh\nls\n```\n{made('a')}"), f"```sh\nls\n```\n{made('a')}", id="behind-a-fence-in-the-body-too"
        ),
        pytest.param(made("'<artifact type=\"code\">'"), "'<artifact type=\"code\">'", id="closed-or-not"),
        pytest.param(made("'<artifact title=\"'"), "'<artifact title=\"'", id="or-broken"),
        pytest.param(made("'</artifact>' '<artifact/>' a"), "'</artifact>' '<artifact/>' a", id="or-self-closing"),
        pytest.param(made("x = '</artifact><artifact type=\"a\">'"), "x = '", id="to-the-letter"),
        pytest.param(f"{made('a')} `<artifact type='x'>` `</artifact>`", "a", id="recited-behind-it-inline"),
        pytest.param(f"{made('a')}\n```\n{made('b')}\n```", "a", id="recited-behind-it-in-a-fence"),
        pytest.param(f"{made('a')} <think>{made('b')}</think>", "a", id="thought-behind-it"),
        pytest.param(f"{made('a')} <artifact/> <artifacts> </artifacts>", "a", id="no-tags-behind-it"),
    ],
)
def test_a_body_ends_at_the_last_closing_tag_before_the_next_artifact(text: str, expected: str) -> None:
    assert outcome(text) == expected


EXAMPLE = "```xml\n" + made("one") + "\n" + made("two") + "\n```"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"# a\n\n```xml\n{made('b')}\n```\n\nc", id="one-example"),
        pytest.param(f"# a\n\n{EXAMPLE}\n\nc", id="two-examples-in-one-fence"),
        pytest.param(f"```sh\nls\n```\n\n{EXAMPLE}\n\nc", id="two-examples-in-the-second-fence"),
        pytest.param(f"# a\n\n{EXAMPLE}\n\n```\nc\n```\n\nd", id="and-another-fence"),
        pytest.param("Write `" + made("a") + "` or `" + made("b") + "`.", id="two-examples-in-a-line"),
    ],
)
@pytest.mark.parametrize("behind", ["", "\n\nTry it:\n```sh\nls\n```\n", "\n\nEnjoy `it`."])
def test_a_document_about_artifacts_keeps_its_examples(body: str, behind: str) -> None:
    assert outcome(f'<artifact type="markdown">\n{body}\n</artifact>{behind}') == body


def test_a_fence_that_the_body_leaves_open_does_not_swallow_the_next_artifact() -> None:
    text = '<artifact type="code">\n```js\na\n</artifact>\n<artifact type="code">\n```js\nb\n```\n</artifact>'

    assert outcome(text) == "a"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"Use `{made('a')}`. {made('b')}", "b", id="inline"),
        pytest.param(f"Use ``{made('a')}``. {made('b')}", "b", id="inline-in-two-backticks"),
        pytest.param(f"```xml\n{made('a')}\n```\n{made('b')}", "b", id="in-a-fence"),
        pytest.param(f"~~~~\n```\n{made('a')}\n```\n~~~~\n{made('b')}", "b", id="in-a-fence-in-a-fence"),
        pytest.param(f"```xml\n{made('a')}\n```", "a", id="in-a-fence-and-the-only-one"),
        pytest.param(f"Here:\n~~~\n{made('a')}\n~~~\nEnjoy.", "a", id="in-a-fence-in-prose-and-the-only-one"),
        pytest.param(f"```\n{made('```js' + chr(10) + 'a' + chr(10) + '```')}\n```", "a", id="with-a-fence-inside"),
        pytest.param(f"I used `<artifact>`:\n```xml\n{made('a')}\n```", "a", id="in-a-fence-and-mentioned-inline"),
        pytest.param(f"Use `{made('a')}` to draw.", "a", id="inline-and-the-only-one"),
        pytest.param("Use `<artifact type='code'>` and `</artifact>`.", "artifact_missing", id="inline-and-not-one"),
        pytest.param("Use `<artifact type='code'>` so.", "artifact_missing", id="inline-and-never-closed"),
        pytest.param("```xml\n<artifact type='code'>\na\n```", "artifact_truncated", id="in-a-fence-never-closed"),
        pytest.param(f"```\n{made('a')}\n```\n```\n{made('b')}\n```", "artifact_missing", id="two-in-fences"),
        pytest.param(f"`{made('a')}` or `{made('b')}`", "artifact_missing", id="two-inline"),
        pytest.param(f"`{made('a')}` then <artifact type='code'>b", "artifact_truncated", id="beside-a-cut-one"),
        pytest.param(f"```js\nnpm i\n\n{made('a')}", "a", id="behind-a-fence-left-open"),
        pytest.param(f"Don`t worry.\n{made('a `b`')}", "a `b`", id="behind-a-backtick-too-many"),
        pytest.param(f"Don`t worry: {made('a `b`')}", "a `b`", id="behind-a-backtick-too-many-on-its-line"),
    ],
)
def test_a_tag_recited_in_code_is_ignored_unless_it_is_the_only_artifact(text: str, expected: str) -> None:
    assert outcome(text) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("\n```js\na\n```\n", "a", id="a-fence"),
        pytest.param("\n```js\na\n", "a", id="a-fence-left-open"),
        pytest.param("\r\na\r\nb\rc\r\n", "a\nb\nc", id="line-breaks"),
        pytest.param("\n\n \n    a\n  b\n\n \n", "    a\n  b", id="blank-lines-go-and-indentation-stays"),
        pytest.param("a &lt; b &amp;&amp; c", "a &lt; b &amp;&amp; c", id="entities-stay"),
        pytest.param("\n```js\n\n```\n", "artifact_missing", id="a-fence-round-nothing"),
        pytest.param("\u2028a\x85b\x0cc\u2028", "\u2028a\x85b\x0cc\u2028", id="other-separators-are-text"),
        pytest.param("\x00\ud800\U0010ffff", "\x00\ud800\U0010ffff", id="odd-characters"),
    ],
)
def test_a_body_is_unwrapped(body: str, expected: str) -> None:
    assert outcome(made(body)) == expected


def test_a_document_by_request_keeps_its_fences_as_one_by_its_tag() -> None:
    assert outcome(made("\n```js\na\n```\n", "title=x"), Kind.MARKDOWN) == "```js\na\n```"


@pytest.mark.parametrize(
    ("text", "requested", "code", "warnings"),
    [
        pytest.param(made("a") + made("b"), None, "a", ("several_artifacts",), id="the-first"),
        pytest.param(made("a") + made("b", "type=html"), Kind.HTML, "b", ("several_artifacts",), id="the-requested"),
        pytest.param(
            made("a", "type=html") + made("b", "type=html") + made("c"),
            Kind.HTML,
            "a",
            ("several_artifacts",),
            id="the-first-requested",
        ),
        pytest.param(made("a") + made("b"), Kind.SVG, "a", ("several_artifacts",), id="none-of-the-requested"),
        pytest.param(made(" ") + made("b"), None, "b", ("several_artifacts",), id="an-empty-one-is-none"),
        pytest.param(made("a") + "<artifact type=svg>b", Kind.SVG, "a", ("several_artifacts",), id="the-complete-one"),
        pytest.param(
            made("a") + made(PAGE, "type=react"),
            Kind.HTML,
            PAGE,
            ("several_artifacts", "kind_corrected"),
            id="the-one-that-is-requested-in-truth",
        ),
        pytest.param(made("a"), None, "a", (), id="only-one"),
    ],
)
def test_of_several_the_first_complete_one_of_the_requested_kind_wins(
    text: str, requested: Kind | None, code: str, warnings: tuple[str, ...]
) -> None:
    found = extract(text, requested=requested)

    assert (found.artifact.code, found.warnings) == (code, warnings)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('<artifact type="code">a', "artifact_truncated", id="never-closed"),
        pytest.param('<artifact type="code">', "artifact_truncated", id="nothing-behind-the-tag"),
        pytest.param('<artifact type="code">a</artifact', "artifact_truncated", id="in-the-closing-tag"),
        pytest.param('<artifact type="code" title="a', "artifact_truncated", id="in-the-opening-tag"),
        pytest.param("<artifact ", "artifact_truncated", id="behind-the-name"),
        pytest.param("text <artifact", "artifact_missing", id="behind-the-name-without-a-blank"),
        pytest.param("text <arti", "artifact_missing", id="in-the-name"),
        pytest.param(made(""), "artifact_missing", id="empty"),
        pytest.param(made(" \n\t\n "), "artifact_missing", id="blank"),
        pytest.param(made("") + "<artifact type=svg>a", "artifact_truncated", id="empty-and-then-never-closed"),
        pytest.param("", "artifact_missing", id="an-empty-answer"),
        pytest.param(" \n ", "artifact_missing", id="a-blank-answer"),
    ],
)
def test_a_tag_never_closed_is_truncated_and_an_empty_body_missing(text: str, expected: str) -> None:
    assert outcome(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(made("a"), "a", id="closed"),
        pytest.param(made("a") + "<artifact type=svg>b", "a", id="closed-and-another-begun"),
        pytest.param(f"```jsx\n{COMPONENT}\n```", COMPONENT, id="a-closed-fence"),
        pytest.param(COMPONENT, "artifact_truncated", id="bare-code-has-no-end"),
        pytest.param("<artifact type=code>a", "artifact_truncated", id="never-closed"),
        pytest.param(made(""), "artifact_truncated", id="empty"),
        pytest.param("I shall now", "artifact_truncated", id="prose"),
        pytest.param("<think>Let me", "artifact_truncated", id="a-thought"),
        pytest.param("", "artifact_truncated", id="nothing-but-reasoning"),
    ],
)
def test_an_answer_that_was_cut_is_truncated_unless_its_artifact_is_closed(text: str, expected: str) -> None:
    assert outcome(text, truncated=True) == expected


def test_an_artifact_closed_before_the_cut_comes_with_a_warning() -> None:
    assert extract(made("a") + made("b"), truncated=True).warnings == ("several_artifacts", "cut_after_artifact")
