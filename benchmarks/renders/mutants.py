"""Artifacts that are broken on purpose: as a model, a cut answer or a slip of the keyboard breaks them."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

from benchmarks.renders.artifact import Artifact
from shared.artifacts.kinds import Kind

Mutate = Callable[[str, random.Random], str]
"""Gives the code as it is where there is nothing to break."""

_TOKEN = r"[A-Za-z_$][\w$]*|\d[\w.]*|--+>?|==+>?|=>|[^\w\s]"  # noqa: S105 -- of a language
_NAME = r"(?<![\w$#&])[A-Za-z_$][\w$]{3,}"
_HOOK = re.compile(r"^  const \[(\w+), \w+\] = useState.*;$", re.MULTILINE)


def _at(pattern: str, change: Callable[[re.Match[str], random.Random], str]) -> Mutate:
    """Change one place that matches."""
    compiled = re.compile(pattern, re.MULTILINE)

    def mutate(code: str, chance: random.Random) -> str:
        found = list(compiled.finditer(code))
        if not found:
            return code
        place = chance.choice(found)
        return code[: place.start()] + change(place, chance) + code[place.end() :]

    return mutate


def _deleted(pattern: str) -> Mutate:
    return _at(pattern, lambda *_: "")


def _misspelt(pattern: str) -> Mutate:
    """Swap, double or drop a letter inside one name."""

    def change(found: re.Match[str], chance: random.Random) -> str:
        name = found[0]
        at = chance.randrange(1, max(len(name) - 1, 2))
        forms = (name[:at] + name[at + 1 :], name[:at] + name[at:at + 1] * 2 + name[at + 1 :],
                 name[:at] + name[at + 1:at + 2] + name[at:at + 1] + name[at + 2 :])  # fmt: skip
        return chance.choice(forms)

    return _at(pattern, change)


def _swapped(code: str, chance: random.Random) -> str:
    """Swap two neighbouring tokens."""
    return _at(rf"({_TOKEN})(\s*)({_TOKEN})", lambda found, _: found[3] + found[2] + found[1])(code, chance)


def _cut(code: str, chance: random.Random) -> str:
    return code[: chance.randrange(len(code) // 2, max(len(code) - 1, len(code) // 2 + 1))]


def _before_a_later_hook(line: str) -> Mutate:
    """Insert a line, which may name an earlier state as `{}`, before a hook that is not the first."""

    def mutate(code: str, chance: random.Random) -> str:
        hooks = list(_HOOK.finditer(code))
        if len(hooks) < 2:  # noqa: PLR2004 -- an earlier one and this
            return code
        at = chance.randrange(1, len(hooks))
        return code[: hooks[at].start()] + line.format(hooks[at - 1][1]) + code[hooks[at].start() :]

    return mutate


def _duplicated_declaration(code: str, chance: random.Random) -> str:
    return _at(r"^ *const .*;\n", lambda found, _: found[0] * 2)(code, chance)


def _unknown_import(code: str, chance: random.Random) -> str:
    """Give one imported name another, wherever it stands: one that is not used would be left out by the transpiler."""
    names = [
        name
        for found in re.finditer(r"^import [^{\n]*\{ ([\w, ]+) \}", code, re.MULTILINE)
        for name in found[1].split(", ")
    ]
    if not names:
        return code
    other = chance.choice(("useStore", "GithubLogo", "Sparkle2", "formatDay", "Gauge3D"))
    return re.sub(rf"(?<![\w$.]){chance.choice(names)}(?![\w$])", other, code)


def _called(found: re.Match[str], _: random.Random) -> str:
    return f"onClick={{{found[1]}}}"


_ANY: dict[str, Mutate] = {
    "token-deleted": _deleted(_TOKEN),
    "token-doubled": _at(_TOKEN, lambda found, _: f"{found[0]} {found[0]}"),
    "tokens-swapped": _swapped,
    "bracket-deleted": _deleted(r"[(){}\[\]]"),
    "quote-deleted": _deleted(r"[\"'`]"),
    "cut": _cut,
}
_SCRIPT: dict[str, Mutate] = {
    "name-misspelt": _misspelt(_NAME),
    "declaration-deleted": _deleted(r"^ *(?:const|let) .*;\n"),
    "declaration-doubled": _duplicated_declaration,
}
MUTATIONS: dict[Kind, dict[str, Mutate]] = {
    Kind.REACT: _ANY
    | _SCRIPT
    | {
        "tag-deleted": _deleted(r"</?[A-Za-z][\w.]*>"),
        "import-deleted": _deleted(r"^import .*;\n"),
        "import-name-deleted": _at(r"(?<=[{,] )(?<!\()\w+(?:, )(?=[^;\n]*\} from)", lambda *_: ""),
        "import-unknown": _unknown_import,
        "import-default": _at(
            r"^import \{ (\w+)[^}]*\} from \"(?!react\")", lambda found, _: f'import {found[1]} from "'
        ),
        "hook-in-condition": _before_a_later_hook("  if ({0}) useState({0});\n"),
        "hook-after-return": _before_a_later_hook("  if ({0}) return null;\n"),
        "style-string": _at(r"<(div|section|p|ul|button)(?=[ >])", lambda found, _: f'<{found[1]} style="color: red"'),
        "object-child": _at(
            r"(<(?:p|li|span|button|label)\b[^<>{}]*>)(?!\s*<)", lambda found, _: found[1] + "{{ label: 1 }}"
        ),
        "handler-called": _at(r"onClick=\{\(\) => ([^{}]+)\}", _called),
        "export-misnamed": _misspelt(r"(?<=export default )(?!function|memo)\w+(?=;)"),
        "loop-break": _at(r"^  return \(", lambda *_: "  [1].forEach(() => { break; });\n  return ("),
        "nullish-mixed": _at(r"(?<== )useState\(([^()]+)\)", lambda found, _: f"useState({found[1]} || 1 ?? 2)"),
        "component-misspelt": _misspelt(r"(?<=<)[A-Z]\w{3,}"),
        "require": _at(
            r"^import \{ (.*) \} from (\".*\");$",
            lambda found, _: f"const {{ {found[1]} }} = require({found[2]});",
        ),
    },
    Kind.HTML: _ANY
    | _SCRIPT
    | {
        "tag-deleted": _deleted(r"</?[A-Za-z][\w]*>"),
        "end-tag-deleted": _deleted(r"</(?:style|script|title|select|textarea|svg|table|ul|button|div)>"),
        "script-token-deleted": _at(r"(?<=[\w)}\]]) ?[;.,=({](?=[^<]*</script>)", lambda *_: " "),
        "typescript": _at(r"^(const|let) (\w+) = ", lambda found, _: f"{found[1]} {found[2]}: any = "),
    },
    Kind.SVG: {
        "token-deleted": _ANY["token-deleted"],
        "quote-deleted": _ANY["quote-deleted"],
        "cut": _cut,
        "tag-misspelt": _misspelt(r"(?<=<)(?!svg)[a-zA-Z]{3,}(?=[^<>]*/>)"),
        "attribute-misspelt": _misspelt(r"(?<= )[a-zA-Z-]{2,}(?==\")"),
        "path-letter": _at(r"(?<= d=\")[^\"]*", lambda found, chance: _broken_path(found[0], chance)),
        "path-number": _at(r"(?<= d=\")[^\"]*", lambda found, chance: _deleted(r"\d*\.?\d+")(found[0], chance)),
        "colour": _misspelt(r"(?<=(?:ill|oke)=\")(?!none|url)[^\"]+"),
        "length": _at(r" (?:width|height|cx|cy|r|x1|y2)=\"[^\"]+", lambda found, _: f"{found[0]} 1x"),
        "viewbox": _at(r"(?<=viewBox=\")[^\"]+", lambda found, chance: _deleted(r"\d+ ?")(found[0], chance)),
        "outside": _at(r"(?<=viewBox=\")[^\"]+", lambda *_: "900 900 10 10"),
        "end-tag-deleted": _deleted(r"</\w+>|/(?=>)"),
        "id-misspelt": _misspelt(r"(?<=#)[a-z]{3,}(?=[\")])"),
        "invisible": _at(r"(?<= fill=\")[^\"]+", lambda *_: "none"),
    },
    Kind.MERMAID: _ANY
    | {
        "word-misspelt": _misspelt(r"[A-Za-z]{4,}"),
        "line-deleted": _deleted(r"^.*\S.*\n"),
        "line-doubled": _at(r"^.*\S.*\n", lambda found, _: found[0] * 2),
        "lines-swapped": _at(r"^(.*\S.*\n)(.*\S.*\n)", lambda found, _: found[2] + found[1]),
        "header-misspelt": _misspelt(r"\A\w+"),
        "symbol-deleted": _deleted(r"[^\w\s]"),
    },
    Kind.MARKDOWN: {"fence-deleted": _deleted(r"^ *(?:```|~~~).*\n"), "cut": _cut, "quote-deleted": _deleted("`"),
                    "fence-inserted": _at(r"^.*\n", lambda found, _: found[0] + "```\n")},
    Kind.CODE: _ANY | {"line-deleted": _deleted(r"^.*\S.*\n"), "colon-deleted": _deleted(r"[:;,]"),
                       "declaration-doubled": _duplicated_declaration},
}  # fmt: skip
"""By kind and the way's name."""


def _broken_path(data: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(data)) if len(data) > 1 else 0
    return data[:at] + chance.choice("xyebn%") + data[at:]


def mutants(originals: Sequence[Artifact], wanted: int, seed: int) -> Iterator[Artifact]:
    """Give so many artifacts of these, each broken in one way; the ways take turns."""
    chance = random.Random(f"{seed} mutants")  # noqa: S311 -- it is to be repeatable
    seen: set[str] = set()
    for number in range(wanted * 4):
        if len(seen) == wanted or not originals:
            return
        ways = MUTATIONS[originals[0].kind]
        way = list(ways)[number % len(ways)]
        original = chance.choice(originals)
        code = ways[way](original.code, chance)
        if code == original.code or code in seen:
            continue
        seen.add(code)
        yield Artifact(f"{original.name}~{way}:{number}", original.kind, code, original.language, original.name)
