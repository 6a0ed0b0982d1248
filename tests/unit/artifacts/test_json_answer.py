"""The JSON objects in models' answers, whatever is around them and in them."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.artifacts.advice import PlanBody, ReviewBody
from shared.artifacts.reviewed.json_answer import (
    UnreadableAnswerError,
    items,
    listed,
    object_schema,
    read_object,
    sentence,
    sentences,
)
from shared.artifacts.reviewed.plan import Plan, read_changes, read_plan
from shared.artifacts.reviewed.review import findings_from, read_review
from shared.model_host import Question
from tests.support.answers import ANSWERS
from tests.support.reviewed import CHANGES, PLAN, review

FOUND = '{"shows": ["a"]}'
QUESTION = Question([{"role": "user", "content": "Plan it."}])
PIECES = [
    *("{", "}", "[", "]", '"', "'", ":", ",", "\\", "null", "true", "1e999", "-0", "NaN", "9" * 5000, "\n", " "),
    *('"shows"', '"states"', '"interactions"', '"edgeCases"', '"changes"', '"verdict"', '"findings"', '"what"'),
    *('"severity"', '"major"', '"approved"', '"where"', "\\ud800", "\\u0000", FOUND, "```json", "<think>", "\ud800"),
    *(json.dumps(PLAN), review("major"), json.dumps({"changes": CHANGES}), '{"a": ' * 50, "[" * 2000),
]
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=[])), ANSWERS, st.lists(st.sampled_from(PIECES)).map("".join)
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.sampled_from(["major", "approved"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "shows",
                    "states",
                    "interactions",
                    "edgeCases",
                    "changes",
                    "verdict",
                    "findings",
                    "what",
                    "where",
                    "severity",
                ]
            ),
            inner,
        ),
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "answer",
    [
        FOUND,
        f"  {FOUND}\n",
        f"```json\n{FOUND}\n```",
        f"Here is the plan:\n\n{FOUND}\n\nShall I go on?",
        f"<think>A {{thing}} or {{two: 2}}</think>{FOUND}",
        f"{{not JSON}} {FOUND}",
        f'{{"other": 1}} {FOUND}',
        f'{{"plan": {FOUND}}}',
        f"[{FOUND}]",
        f'{FOUND} {{"shows": ["b"]}}',
        f"{FOUND}{{{{",
        "{" * 49 + FOUND,
        f"\ufeff{FOUND}",
    ],
)
def test_the_object_is_found_wherever_it_stands(answer: str) -> None:
    assert read_object(answer, "shows", "states") == {"shows": ["a"]}


@pytest.mark.parametrize(
    "answer",
    ["", "No.", "{", "{}", "[]", "null", '"shows"', '{"other": 1}', "{'shows': ['a']}", FOUND[:-1], "{" * 50 + FOUND],
)
def test_what_is_no_such_object_cannot_be_read(answer: str) -> None:
    """Nor one behind more braces than any chatter has."""
    with pytest.raises(UnreadableAnswerError):
        read_object(answer, "shows")


@pytest.mark.parametrize("opening", ['{"shows":', "{", "[", '{"a":['], ids=["objects", "braces", "brackets", "both"])
def test_no_depth_breaks_it(opening: str) -> None:
    """A parser of C has a stack too; so many characters are read of an answer, and no more."""
    with pytest.raises(UnreadableAnswerError):
        read_object(opening * (250_000 // len(opening)), "shows")


def test_a_long_answer_is_not_read_from_each_of_its_braces() -> None:
    """That would take the square of its length. Counted: each reading goes to the end of this text, where it fails."""

    class Text(str):
        __slots__ = ()
        found = 0

        def find(self, *args: Any) -> int:
            Text.found += 1
            return super().find(*args)

    with pytest.raises(UnreadableAnswerError):
        read_object(Text('{"a": "' * 5_000), "shows")

    assert Text.found <= 50


@given(TEXTS)
@example('{"shows": ' * 25_000)
@example('{"shows": [' + "9" * 5_000 + "]}")
@example('{"verdict": {}, "findings": {}}')
@example('{"verdict": "approved", "findings": [[]]}')
def test_any_text_is_read_or_cannot_be(text: str) -> None:
    check(text)


@given(JSON)
def test_any_json_is_read_or_cannot_be(value: object) -> None:
    check(json.dumps(value))


def check(text: str) -> None:
    """Fail unless each reading brings what it promises, or says that it cannot."""
    plan, found, changes = reading(read_plan, text, QUESTION), reading(read_review, text), reading(read_changes, text)
    if isinstance(plan, Plan):
        assert set(plan.body) == set(PlanBody.__annotations__)
        assert plan.text
        assert [""] not in plan.body.values()
        json.dumps([*plan.messages, plan.text]).encode()
        plan.text.encode()
    if found:
        assert {"verdict", "findings"} == set(found) <= set(ReviewBody.__annotations__)
        assert found["verdict"] in {"approved", "changes_requested"}
        assert len(found["findings"]) <= 20
        for threshold in ("minor", "major", "blocking"):
            findings_from(found, threshold).encode()
    if changes:
        listed(changes).encode()
        assert all(len(each) <= 500 and "\n" not in each for each in changes)


def reading(read: Any, *args: Any) -> Any:
    try:
        return read(*args)
    except UnreadableAnswerError:
        return None


@pytest.mark.parametrize("value", [None, 1, True, {}, "a"])
def test_a_list_is_a_list(value: object) -> None:
    with pytest.raises(UnreadableAnswerError):
        items(value)


@pytest.mark.parametrize("value", [None, 1, True, {}, ["a"]])
def test_a_sentence_is_a_text(value: object) -> None:
    for read in (lambda: sentence(value), lambda: sentences(["a", value])):
        with pytest.raises(UnreadableAnswerError):
            read()


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("  a \n\t b\r\n", "a b"),
        ("a\x00b\x1b[31m", "a b [31m"),
        ("a\ud800b", "a b"),
        ("\U0001f469\u200d\U0001f4bb 睡", "\U0001f469\u200d\U0001f4bb 睡"),
        ("x" * 501, "x" * 500),
        ("\n", ""),
    ],
    ids=["blanks", "controls", "half", "characters-of-several", "long", "empty"],
)
def test_a_sentence_is_one_line_of_text(said: str, read: str) -> None:
    assert sentence(said) == read


def test_of_a_list_so_much_is_taken_as_a_prompt_has_room_for() -> None:
    assert sentences([str(number) for number in range(30)]) == [str(number) for number in range(20)]
    assert sentences(["a", " ", ""]) == ["a"]


def test_a_schema_has_all_of_its_fields_and_no_other() -> None:
    """As strict schemas have to say."""
    assert object_schema(a={"type": "string"}) == {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "required": ["a"],
        "additionalProperties": False,
    }
