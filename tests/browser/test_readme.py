"""The README's lines for a frontend, run as they are, against the bundle."""

import json

from tests.browser.prescribed import README_SCRIPT
from tests.local.emulator import Emulator
from tests.support.chromium import Browser
from tests.support.libraries import skip_without_libraries


def test_what_the_readme_says_generates_and_renders(browser: Browser, bundle: Emulator) -> None:
    skip_without_libraries()
    site = bundle.url.rstrip("/")
    assert README_SCRIPT.count('"./client/') == 2
    assert README_SCRIPT.count("createRenderer()") == 1
    script = README_SCRIPT.replace('"./client/', f'"{site}/client/').replace(
        "createRenderer()", f'createRenderer({{ libraries: "{site}/npm/" }})'
    )
    with browser.open(f"{site}/client/README.md") as page:
        page.evaluate(f"""
          Object.assign(window, {{ generateUrl: "{site}/generate-artifact", fixUrl: "", getToken: () => "" }});
          document.body.innerHTML = '<div id="artifact"></div>';
          import(URL.createObjectURL(new Blob([{json.dumps(script)}], {{ type: "text/javascript" }})));
        """)

        assert page.wait("document.querySelector('input')?.placeholder", inside=True, seconds=20)
