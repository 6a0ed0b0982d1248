"""Whether code uses the browser's storage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.artifacts.validation import uses_storage


@pytest.mark.parametrize(
    ("code", "used"),
    [
        pytest.param("localStorage.setItem('k', 'v')", True, id="method"),
        pytest.param("window.localStorage['k'] = 1", True, id="index"),
        pytest.param("const a = sessionStorage?.getItem(k);", True, id="optional"),
        pytest.param("localStorage.theme = 'dark';", True, id="property"),
        pytest.param("const store = window.localStorage;", True, id="by-another-name"),
        pytest.param("useStored(key, localStorage)", True, id="handed-over"),
        pytest.param('<button onclick="localStorage.clear()">', True, id="in-a-handler"),
        pytest.param("const a = 'https://a'; localStorage.clear()", True, id="behind-an-address"),
        pytest.param("<p>Kept in localStorage.</p>", False, id="prose"),
        pytest.param("<p>localStorage. It is</p>", False, id="prose-that-goes-on"),
        pytest.param("a(); // localStorage.setItem('k', 'v')", False, id="comment"),
        pytest.param("/* localStorage.clear()\n */ a()", False, id="block-comment"),
        pytest.param("<!-- localStorage.clear() -->", False, id="comment-of-a-page"),
        pytest.param("myLocalStorage.clear(); localStorages.clear()", False, id="other-names"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_the_use_of_storage_is_told_from_talk_of_it(code: str, used: bool) -> None:
    assert uses_storage(code) is used


@given(
    st.text()
    | st.lists(st.sampled_from(["localStorage", ".", "/*", "*/", "//", "<!--", "-->", "\n", "'"])).map("".join)
)
def test_no_text_raises(text: str) -> None:
    uses_storage(text)
