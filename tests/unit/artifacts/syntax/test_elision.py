"""Which comments stand in place of code, and which only speak of the code below them."""

import pytest

from shared.artifacts.syntax.elision import is_elision

LEFT_OUT = [
    "// ...",
    "// …",
    "/* ... */",
    "# ...",
    "// ... rest",
    "// ...existing code",
    "// ... existing code ...",
    "{/* ...existing code... */}",
    "// ... existing items ...",
    "// rest of the code unchanged",
    "// ... rest of the code unchanged",
    "-- ... rest of the code",
    "// ...rest of the cards",
    "// rest of the component remains the same",
    "// The rest of the component goes here",
    "// ... (rest of the code unchanged)",
    "(rest of the code unchanged)",
    "// [rest of code]",
    "// Keep existing code",
    "// existing code here",
    "// other handlers unchanged",
    "// All other handlers remain unchanged",
    "// remaining methods unchanged",
    "// the remaining sections stay the same",
    "/* existing styles remain the same */",
    "// implementation omitted for brevity",
    "// Styles omitted for clarity",
    "// same code as before",
    "// ... same as before",
    "// ... same as above ...",
    "// code unchanged",
    "// everything else stays the same",
    "// unchanged",
    "<!-- ... rest of the page -->",
    "// rest unchanged",
    "// ... other handlers",
]
SAID = [
    "// Same logic as above",
    "// Same logic as before",
    "// Same logic as before, mirrored",
    "// Same handler as above",
    "// ...rest",
    "// ...props",
    "// ...state",
    "// ...previous state",
    "// ... existing items",
    "// All existing hooks are the same",
    "// The component remains the same",
    "// unchanged from last frame",
    "// everything else is here",
    "// removed for clarity",
    "// Keep the rest of the day free.",
    "// ......................",
    "// the rest of the items",
    "// wait for the remaining time",
    "// spread ...rest into the button",
    "// other players",
    "// existing user",
    "// skip unchanged rows",
]


@pytest.mark.parametrize("comment", [pytest.param(each, id=each) for each in LEFT_OUT])
def test_a_comment_stands_in_place_of_code(comment: str) -> None:
    assert is_elision(comment)


@pytest.mark.parametrize("comment", [pytest.param(each, id=each) for each in SAID])
def test_a_comment_explains_the_code_below_it(comment: str) -> None:
    assert not is_elision(comment)


def test_a_very_long_line_that_begins_like_one_is_none() -> None:
    """Who leaves code out says so briefly; and what follows is not looked at, so that it cannot take long."""
    assert is_elision("// ...existing code " + "and more " * 15)
    assert not is_elision("// ...existing code " + "and more " * 17)
    assert not is_elision("// ...existing code " + "and more " * 100_000)
