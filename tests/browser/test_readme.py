"""The lines of the READMEs for a frontend, run as they are, against the bundle."""

import json

from tests.browser.client_page import client_page
from tests.browser.prescribed import README_SCRIPT, ROOT
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


def test_a_change_replaces_what_is_shown_only_if_that_is_what_was_changed(browser: Browser, bundle: Emulator) -> None:
    """Of two changes that are asked for at once, the second is asked about, and kept."""
    script = (
        (ROOT / "docs/client/README.md").read_text().partition("## Changing")[2].split("```")[1].removeprefix("js\n")
    )
    with client_page(browser, f"{bundle.url}/config") as page:
        told = page.run(f"""
          {script}
          const url = location.origin;
          const urls = {{ generateUrl: `${{url}}/generate-artifact`, fixUrl: `${{url}}/generate-artifact-fix` }};
          const client = new ArtifactsClient(urls);
          const first = await client.generate({{ prompt: "A todo list", artifactType: "react" }});
          const asked = [];
          const ask = async (answer) => {{ asked.push(answer); return false; }};
          const view = {{ shown: first, answers: [first], ask }};
          await change(client, view, "Make it blue");
          const alone = asked.length;
          await Promise.all([change(client, view, "A larger title"), change(client, view, "Dark mode")]);
          const hashes = view.answers.map(({{ version }}) => version);
          const told = {{ alone, asked: asked.length, kept: hashes.length, different: new Set(hashes).size }};
          const isShown = view.shown !== asked[0] && asked[0].baseVersion === hashes[1];
          return {{ answer: {{ ...told, isShown }}, error: null, told: [], took: 0 }};
        """)

    assert told.answer == {"alone": 0, "asked": 1, "kept": 4, "different": 4, "isShown": True}
