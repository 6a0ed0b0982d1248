"""The check of a page's scripts: each by itself, and the names and ids that they share."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from shared.artifacts.problem import Problem, Rule, Source
from shared.artifacts.syntax.script import Checked, Dialect, Mode, Rules, check_script

if TYPE_CHECKING:
    from shared.artifacts.syntax.html.reader import Page, Part

_CLASSIC = frozenset({
    "", "text/javascript", "text/ecmascript", "application/javascript", "application/x-javascript",
    "application/ecmascript",
})  # fmt: skip
_COMPILED = frozenset(f"text/{name}" for name in ("babel", "jsx", "tsx", "typescript"))
"""Types that a library in the page compiles and the browser does not run."""
_DATA = frozenset({"importmap", "speculationrules", "application/json", "application/ld+json"})
_BY_ID = re.compile(r"(?:getElementById\(\s*+([\"'`])|querySelector\(\s*+([\"'`])#)([\w-]++)(?:\1|\2)\s*+\)")
_NAMES = re.compile(r"[\w-]++")
_QUOTED = re.compile(r"[\"'`#=]([\w-]++)(?=[\"'`>\s])")
_USED_BARE = re.compile(r"(?<![\w$.\"'`#-])([\w-]++)(?=\.)")
"""A name of which a member is used; with any other use, a script may assign it to something else."""
_FRAMES = frozenset({"iframe", "frame", "embed", "object", "applet"})
_MAX_COMPARED_SCRIPTS = 20
"""Maximum number of scripts, and of handlers, whose words are compared."""

Placed = tuple[Problem, int]
"""A problem in a script, and the offset of the script in the page."""


def page_script_problems(page: "Page") -> Iterator[Placed]:
    """Yield the errors and warnings of the scripts and handlers of a page."""
    ids = {each.text for each in page.ids}
    # Equal scripts are checked once: each check starts a parser's thread.
    unique = {(each.type, each.text): each for each in page.scripts}
    alone = {key: _checked(each, Rules()) for key, each in unique.items()}
    shared = [(each, alone[each.type, each.text]) for each in page.scripts if each.type in _CLASSIC]
    own = {name for _, found in shared for name in found.declared}
    declared, elements, words = own | ids, _elements(page, own), _words(page)
    among = dict(alone)
    for key, each in unique.items():
        broken = [problem for problem in alone[key].problems if not problem.is_warning]
        elsewhere = None if words is None else _elsewhere(words, each)
        rules = Rules(names=True, declared=declared, elements=elements, elsewhere=elsewhere)
        if not broken and not page.loads_scripts:
            among[key] = _checked(each, rules)
    for each in page.scripts:
        found = among[each.type, each.text]
        yield from ((problem, each.place) for problem in (*found.problems, *found.elisions))
    yield from _declared_twice(shared)
    for each in page.handlers:
        names = not page.loads_scripts and not _has_modules(page)
        elsewhere = None if words is None else _elsewhere(words, each)
        rules = Rules(names=names, declared=declared, elsewhere=elsewhere, handler=True)
        found = check_script(Source(each.text), Dialect.JAVASCRIPT, Mode.SCRIPT, rules)
        yield from ((problem, each.place) for problem in found.problems)
    yield from _about_ids(page, ids)


def _elements(page: "Page", declared: set[str]) -> dict[str, str]:
    """Return the tags, by id, of elements that scripts can use by their id and that have only their tag's members."""
    code = "\n".join(each.text for each in (*page.scripts, *page.handlers))
    count = Counter(each.text for each in page.ids)
    used = Counter(_NAMES.findall(code))
    bare = Counter(_USED_BARE.findall(code))
    return {
        each.text: each.type
        for each in page.ids
        if count[each.text] == 1
        and each.text not in declared | page.names
        and each.type not in _FRAMES
        and used[each.text] == bare[each.text]
    }


def _words(page: "Page") -> "Counter[str] | None":
    """Return how often each word occurs in the scripts and handlers of a page, or None if those are too many."""
    if len(page.scripts) > _MAX_COMPARED_SCRIPTS or len(page.handlers) > _MAX_COMPARED_SCRIPTS:
        return None
    return Counter(name for each in (*page.scripts, *page.handlers) for name in _NAMES.findall(each.text))


def _elsewhere(words: "Counter[str]", script: "Part") -> list[str]:
    """Return the words that occur in the page's other scripts or handlers."""
    own = Counter(_NAMES.findall(script.text))
    return [name for name, count in words.items() if count > own[name]]


def _has_modules(page: "Page") -> bool:
    """Return whether a module may define names that handlers find."""
    return any(each.type == "module" or each.type in _COMPILED for each in page.scripts)


def _checked(script: "Part", rules: Rules) -> Checked:
    source = Source(script.text)
    if script.type in _CLASSIC:
        return check_script(source, Dialect.JAVASCRIPT, Mode.SCRIPT, rules)
    if script.type == "module":
        return check_script(source, Dialect.JAVASCRIPT, Mode.MODULE, rules)
    if script.type in _COMPILED:
        # The library that compiles it may define names of its own.
        return check_script(source, Dialect.TSX, Mode.EITHER, Rules())
    return Checked(tuple(_data_problems(source))) if script.type in _DATA else Checked(())


def _data_problems(source: Source) -> Iterator[Problem]:
    try:
        json.loads(source.code)
    except json.JSONDecodeError as error:
        yield source.problem(Rule.SYNTAX, f"This is not JSON: {error.msg}.", error.lineno, error.colno)
    except RecursionError:
        yield source.problem(Rule.SYNTAX, "This JSON is nested too deeply to be read.", 1, 1)


def _declared_twice(scripts: "list[tuple[Part, Checked]]") -> Iterator[Placed]:
    """Yield a problem for each script that declares a name of an earlier one again and so does not run."""
    lexical: set[str] = set()
    every: set[str] = set()
    for script, found in scripts:
        again = sorted(name for name in found.declared if name in lexical or (name in found.lexical and name in every))
        if again:
            message = f"`{again[0]}` is declared in a script before this one as well: give it another name."
            place = re.search(rf"\b{re.escape(again[0])}\b", script.text)
            yield Source(script.text).problem_in(Rule.DUPLICATE, message, place.start() if place else 0), script.place
        lexical.update(found.lexical)
        every.update(found.declared)


def _about_ids(page: "Page", ids: set[str]) -> Iterator[Placed]:
    """Yield the duplicate ids, and the ids that a script looks up and no element has."""
    seen: set[str] = set()
    for each in page.ids:
        if each.text in seen:
            yield Source("").problem(Rule.MAY_FAIL, f"The id `{each.text[:60]}` stands twice in the page.", 1, 1), 0
        seen.add(each.text)
    # A name that is also quoted elsewhere in a script may be an id that a script assigns.
    written = Counter(name for script in page.scripts for name in _QUOTED.findall(script.text))
    asked = Counter(match[3] for script in page.scripts for match in _BY_ID.finditer(script.text))
    for script in page.scripts:
        for match in _BY_ID.finditer(script.text):
            name = match[3]
            if name in ids or written[name] != asked[name]:
                continue
            if name in page.torn:
                message = f"Nothing in the page has the id `{name[:60]}`, because its tag has lost a quote there."
                yield Source(script.text).problem_in(Rule.CONTENT, message, match.start()), script.place
            else:
                message = f"Nothing in the page has the id `{name[:60]}`."
                yield Source(script.text).problem_in(Rule.MAY_FAIL, message, match.start()), script.place
