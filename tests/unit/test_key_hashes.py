"""The form of the hashes of API keys: what is refused, and that the refusal tells nothing of it."""

import json
import re
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.key_hashes import KeyHashesError, parse

ONE, TWO = (sha256(key).hexdigest() for key in (b"ka-one", b"ka-two"))
NOT_AN_OBJECT = "must be a JSON object"


def test_hashes_by_name() -> None:
    longest = "a" + "." * 63

    assert parse(json.dumps({"web-shop": ONE, longest: TWO})) == {"web-shop": ONE, longest: TWO}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", NOT_AN_OBJECT),
        ("ka-one", NOT_AN_OBJECT),
        ("null", NOT_AN_OBJECT),
        ("[]", NOT_AN_OBJECT),
        (f'[["web", "{ONE}"]]', NOT_AN_OBJECT),
        (f'"{ONE}"', NOT_AN_OBJECT),
        ("[" * 100_000, NOT_AN_OBJECT),
        ("1" * 10_000, NOT_AN_OBJECT),
        ("{}", "must hold at least one key"),
        (f'{{"": "{ONE}"}}', "entry 1: the name must be"),
        (f'{{"-web": "{ONE}"}}', "entry 1: the name must be"),
        (f'{{"we b": "{ONE}"}}', "entry 1: the name must be"),
        (f'{{"web\\n": "{ONE}"}}', "entry 1: the name must be"),
        (f'{{"w\u00e9b": "{ONE}"}}', "entry 1: the name must be"),
        (f'{{"{"a" * 65}": "{ONE}"}}', "entry 1: the name must be"),
        ('{"web": ""}', "entry 1: the value must be"),
        ('{"web": null}', "entry 1: the value must be"),
        ('{"web": "ka-one"}', "entry 1: the value must be"),
        (f'{{"web": "{ONE.upper()}"}}', "entry 1: the value must be"),
        (f'{{"web": "{ONE[:-1]}"}}', "entry 1: the value must be"),
        (f'{{"web": "{ONE}0"}}', "entry 1: the value must be"),
        (f'{{"web": "{ONE}\\n"}}', "entry 1: the value must be"),
        (f'{{"web": {{"web": "{ONE}"}}}}', "entry 1: the value must be"),
        (f'{{"web": ["{ONE}"]}}', "entry 1: the value must be"),
        (f'{{"web": "{ONE}", "api": "ka-two"}}', "entry 2: the value must be"),
        (f'{{"web": "{ONE}", "web": "{TWO}"}}', "entry 1: the name is there twice; entry 2: the name is there twice"),
        (f'{{"web": "{ONE}", "api": "{ONE}"}}', "entry 1: the hash is there twice; entry 2: the hash is there twice"),
        (f'{{"ka-one": "{ONE}"}}', "entry 1: the name is a key or a hash"),
        (f'{{"ka-two": "{ONE}", "web": "{TWO}"}}', "entry 1: the name is a key or a hash"),
        (f'{{"{ONE}": "{ONE}"}}', "entry 1: the name is a key or a hash"),
    ],
)
def test_what_is_wrong_is_told_without_repeating_it(text: str, why: str) -> None:
    with pytest.raises(KeyHashesError) as raised:
        parse(text)

    assert str(raised.value).startswith(why)
    assert not re.search(r"ka-|[0-9a-fA-F]{63}", str(raised.value))


def test_of_many_problems_only_some_are_told() -> None:
    with pytest.raises(KeyHashesError) as raised:
        parse(json.dumps(dict.fromkeys(map(str, range(1000)), 0)))

    assert str(raised.value).count(";") == 9


NAMES = st.sampled_from(["web", "api", "", "a b", ONE]) | st.text()
VALUES = st.recursive(
    st.sampled_from([ONE, TWO, "ka-one", ""]) | st.none() | st.floats() | st.integers(), st.lists, max_leaves=4
)


@given(st.text() | st.lists(st.tuples(NAMES, VALUES)))
def test_anything_is_either_hashes_or_refused(given: str | list[tuple[str, object]]) -> None:
    """An object is written member by member: one name may be there twice."""
    members = [] if isinstance(given, str) else [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in given]
    text = given if isinstance(given, str) else f"{{{', '.join(members)}}}"
    try:
        hashes = parse(text)
    except KeyHashesError:
        return

    assert len(hashes) == len(set(hashes.values())) == len(members)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name, re.ASCII) for name in hashes)
    assert set(hashes.values()) <= {ONE, TWO}
