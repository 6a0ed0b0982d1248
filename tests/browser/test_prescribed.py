"""What the threat model prescribes, to be copied as it is, is what all the rest of the project does."""

import re

from tests.browser.prescribed import HEAD, PAGE_POLICY, POLICY, ROOT, SANDBOX

README = (ROOT / "README.md").read_text()
PAGE = (ROOT / "local/workbench/index.html").read_text()
FRAME = (ROOT / "docs/client/renderer/frame.js").read_text()


def test_the_frame_has_what_it_needs_and_no_more() -> None:
    assert set(SANDBOX.split()) == {"allow-scripts", "allow-forms"}


def test_the_head_begins_with_what_has_to_come_first() -> None:
    assert HEAD.startswith('<!doctype html><base href="about:srcdoc"><meta http-equiv="Content-Security-Policy" ')
    assert POLICY.startswith("default-src 'none'; ")
    assert "form-action 'none'" in POLICY.split("; ")


def test_the_renderer_does_the_same() -> None:
    assert f"export const HEAD = `{HEAD}`;" in FRAME
    assert f'export const SANDBOX = "{SANDBOX}";' in FRAME


def test_no_other_part_makes_a_frame() -> None:
    for folder in ("local/workbench", "docs/client"):
        for path in (ROOT / folder).rglob("*.js"):
            made = re.findall(r"""createElement\(["']iframe|<iframe""", path.read_text())
            assert len(made) == (path.name == "frame.js"), path


def test_the_pages_say_the_same_of_themselves() -> None:
    assert f"`Content-Security-Policy: {PAGE_POLICY}`" in README
    assert f"`Content-Security-Policy: {PAGE_POLICY}`" in (ROOT / "docs/client/renderer/README.md").read_text()
    assert f'<meta http-equiv="Content-Security-Policy" content="{PAGE_POLICY}">' in PAGE


def test_the_model_is_told_which_addresses_the_policy_lets_through() -> None:
    rules = (ROOT / "shared/artifacts/kinds.toml").read_text()

    for host in ("cdn.jsdelivr.net", "cdnjs.cloudflare.com", "unpkg.com"):
        assert host in rules
        assert POLICY.count(f"https://{host}") == 3
