"""One name for the many labels of a language."""

import pytest

from shared.artifacts.languages import canonical, is_checked


@pytest.mark.parametrize(
    ("label", "name"),
    [
        *[
            (each, "python")
            for each in ("python", "Python 3", "python3.12", "py", "py3", "ipython", "text/x-python", ".py")
        ],
        *[(each, "javascript") for each in ("js", "node.js", "nodejs", "es6", "text/javascript", "javascriptreact")],
        *[(each, "typescript") for each in ("ts", "TypeScript", "typescript (strict)", "typescript 5.4")],
        *[(each, "tsx") for each in ("tsx", "typescriptreact")],
        *[(each, each) for each in ("c++", "c#", "rust", "vue", "go")],
        ("html5", "html"),
        ("application/json", "json"),
        ("", None),
        (None, None),
    ],
)
def test_a_label_has_one_name(label: str | None, name: str | None) -> None:
    assert canonical(label) == name


def test_some_are_checked() -> None:
    assert is_checked("Python 3")
    assert not is_checked("rust")
    assert not is_checked(None)
