"""What the check knows of objects and elements is all that a browser has."""

import json
from pathlib import Path

from shared.artifacts.syntax import parsers
from tests.support.chromium import Browser
from tests.support.site import Site

MISSING = """
(() => {
  const of = (thing) => {
    const names = new Set();
    for (let each = thing; each; each = Object.getPrototypeOf(each)) {
      for (const name of Object.getOwnPropertyNames(each)) names.add(name);
    }
    const isOwn = (name) => !/^(webkit|moz|on|__)|^(arguments|caller)$/.test(name);
    return [...names].filter((name) => isOwn(name) && typeof thing[name] === "function");
  };
  const told = TOLD, missing = [];
  for (const [name, all] of Object.entries(told)) {
    const tag = name === "*" ? "b" : name[0] === "<" ? name.slice(1, -1) : "";
    const known = new Set(tag ? [...all, ...told["*"]] : all);
    const thing = tag ? document.createElement(tag) : eval(name);
    missing.push(...of(thing).filter((each) => !known.has(each)).map((each) => `${name} ${each}`));
  }
  return missing;
})()
"""


def members() -> dict[str, list[str]]:
    _, *lines = Path(parsers.__file__).with_name("globals.txt").read_text("utf-8").splitlines()
    return {name: found.split() for name, _, found in (line.partition(":") for line in lines)}


def test_every_method_of_the_browser_is_known(browser: Browser, here: Site) -> None:
    told = members()
    with browser.open(here.url) as page:
        assert page.evaluate(MISSING.replace("TOLD", json.dumps(told))) == []
        told["document"].remove("getElementById")
        assert page.evaluate(MISSING.replace("TOLD", json.dumps(told))) == ["document getElementById"]
