"""What the threat model prescribes, to be copied as it is, is what all the rest of the project does."""

from pathlib import Path

from tests.browser.prescribed import HEAD, PAGE_POLICY, POLICY, README_SCRIPT, ROOT, SANDBOX

README = (ROOT / "README.md").read_text()
PAGE = Path(ROOT, "local/workbench/index.html").read_text()


def test_the_frame_has_what_it_needs_and_no_more() -> None:
    assert set(SANDBOX.split()) == {"allow-scripts", "allow-forms"}


def test_the_head_begins_with_what_has_to_come_first() -> None:
    assert HEAD.startswith('<!doctype html><base href="about:srcdoc"><meta http-equiv="Content-Security-Policy" ')
    assert POLICY.startswith("default-src 'none'; ")
    assert "form-action 'none'" in POLICY.split("; ")


def test_the_readme_does_the_same() -> None:
    assert f"const HEAD = `{HEAD}`;" in README_SCRIPT
    assert f'frame.setAttribute("sandbox", "{SANDBOX}");' in README_SCRIPT
    assert f"`Content-Security-Policy: {PAGE_POLICY}`" in README


def test_the_page_of_make_run_does_the_same() -> None:
    assert f"const HEAD = `{HEAD}`;" in PAGE
    assert PAGE.count(f'sandbox: "{SANDBOX}"') == PAGE.count('"iframe"') == 1
    assert f'<meta http-equiv="Content-Security-Policy" content="{PAGE_POLICY}">' in PAGE


def test_the_model_is_told_which_addresses_the_policy_lets_through() -> None:
    rules = (ROOT / "shared/artifacts/kinds.toml").read_text()

    for host in ("cdn.jsdelivr.net", "cdnjs.cloudflare.com", "unpkg.com"):
        assert host in rules
        assert POLICY.count(f"https://{host}") == 3
