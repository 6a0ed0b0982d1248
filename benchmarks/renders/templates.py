"""Artifacts that are made from templates, in the style of what models write: as many as are wanted, by a seed.

A template is text with these marks: `«a¦b»` is one of its parts, `«1..9»` a number, `«*2..5 x»` x so often, `«#»` a
number that counts up, `⟦x⟧` x in TypeScript only, and `§thing` a word that is the same in the whole artifact.
"""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

from benchmarks.renders.artifact import Artifact
from shared.artifacts.kinds import Kind

_FOLDER = Path(__file__).with_name("templates")
_RANGE = re.compile(r"(\d+)\.\.(\d+)")
_REPEATED = re.compile(r"\*(\d+)\.\.(\d+) ")
_WORD = re.compile(r"§([A-Za-z]+)")
_WORDS = {
    "thing": ("task", "product", "invoice", "note", "recipe", "player", "ticket", "event", "song", "city"),
    "count": ("total", "score", "clicks", "level", "amount", "votes"),
    "field": ("email", "title", "answer", "comment", "address"),
}


@cache
def _sections(kind: Kind) -> dict[str, str]:
    parts = re.split(r"^=== (.+)\n", (_FOLDER / f"{kind}.txt").read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


class Writer:
    """Writes one artifact: its chances, words and numbers."""

    def __init__(self, chance: random.Random, *, typed: bool = False) -> None:
        self.chance = chance
        self._typed = typed
        self._numbers = count(1)
        self._words = {name: chance.choice(words) for name, words in _WORDS.items()}

    def write(self, template: str) -> str:
        """Return the template's text with every mark decided.

        Raises:
            ValueError: a mark is not closed, or closed and not opened.
        """
        text, at = self._text(template, 0, "")
        if at < len(template):
            raise _unbalanced(template, at)
        return _WORD.sub(self._word, text)

    def _text(self, template: str, at: int, end: str) -> tuple[str, int]:
        parts = []
        while at < len(template) and template[at] not in (end or "»⟧"):
            if template[at] in "«⟦":
                part, at = self._marked(template, at)
                parts.append(part)
            else:
                parts.append(template[at])
                at += 1
        return "".join(parts), at

    def _marked(self, template: str, at: int) -> tuple[str, int]:
        if template[at] == "⟦":
            text, close = self._text(template, at + 1, "⟧")
            if close == len(template):
                raise _unbalanced(template, at)
            return (text if self._typed else ""), close + 1
        close = _closing(template, at)
        inner = template[at + 1 : close]
        if inner == "#":
            return str(next(self._numbers)), close + 1
        if found := _RANGE.fullmatch(inner):
            return str(self.chance.randint(int(found[1]), int(found[2]))), close + 1
        if found := _REPEATED.match(inner):
            times = self.chance.randint(int(found[1]), int(found[2]))
            return "".join(self._text(inner, found.end(), "")[0] for _ in range(times)), close + 1
        return self._text(self.chance.choice(_alternatives(inner)), 0, "")[0], close + 1

    def _word(self, found: re.Match[str]) -> str:
        """One of the words, in the form in which it is named: `§Things`, `§THING`, or with more behind it."""
        name = found[1]
        for key, word in self._words.items():
            if name.lower().startswith(key):
                ending = name[len(key) :]
                if name[: len(key)].isupper():
                    return word.upper() + ending
                return (word.capitalize() if name[0].isupper() else word) + ending
        return name


def _closing(template: str, at: int) -> int:
    depth = 0
    for place in range(at, len(template)):
        depth += {"«": 1, "»": -1}.get(template[place], 0)
        if depth == 0:
            return place
    raise _unbalanced(template, at)


def _unbalanced(template: str, at: int) -> ValueError:
    return ValueError(f"a mark is not closed, or not opened: {template[at : at + 40]!r}")


def _alternatives(inner: str) -> list[str]:
    parts, depth = [""], 0
    for character in inner:
        depth += {"«": 1, "»": -1}.get(character, 0)
        if character == "¦" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def generated(kind: Kind, wanted: int, seed: int) -> Iterator[Artifact]:
    """Give so many artifacts of this kind; the same for one seed."""
    make = {Kind.REACT: _component, Kind.HTML: _page}.get(kind, _whole)
    for number in range(wanted):
        chance = random.Random(f"{seed} {kind} {number}")  # noqa: S311 -- it is to be repeatable
        what, code, language = make(kind, chance)
        yield Artifact(f"{kind}/generated/{what}/{number}", kind, code, language)


def _whole(kind: Kind, chance: random.Random) -> tuple[str, str, str | None]:
    name, template = chance.choice(list(_sections(kind).items()))
    return name, Writer(chance).write(template).strip() + "\n", name if kind is Kind.CODE else None


def _page(kind: Kind, chance: random.Random) -> tuple[str, str, str | None]:
    sections = _sections(kind)
    names = chance.sample(sorted(sections), chance.randint(2, 5))
    writer = Writer(chance)
    parts = [_parts(writer.write(sections[name]), ("script", "style")) for name in names]
    styles = "".join(part.get("style", "") for part in parts)
    scripts = [part["script"] for part in parts if "script" in part]
    head = f'<meta charset="utf-8">\n<title>{chance.choice(("Demo", "My page", "Prices &amp; more"))}</title>\n'
    head += f"<style>\nbody {{ font-family: sans-serif; margin: {chance.randint(0, 40)}px }}\n{styles}</style>"
    body = "".join(part[""] for part in parts)
    scripts = chance.choice((scripts, ["".join(scripts)]))
    script = "".join(f"<script>\n{each}</script>\n" for each in scripts)
    code = f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n<h1 id="top">Demo</h1>\n{body}{script}'
    return "+".join(names), f"{code}</body>\n</html>\n", None


@dataclass(frozen=True, slots=True)
class _Feature:
    name: str
    uses: tuple[tuple[str, str], ...]
    parts: Mapping[str, str]


def _component(kind: Kind, chance: random.Random) -> tuple[str, str, str | None]:
    writer = Writer(chance, typed=chance.choice((True, False)))
    sections = _sections(kind)
    chosen = chance.sample(sorted(sections), chance.randint(1, 5))
    features = [_feature(name, writer.write(sections[name])) for name in chosen]
    module = "".join(feature.parts.get("module", "") for feature in features)
    body = "".join(feature.parts.get("body", "") for feature in features)
    shown = "".join(feature.parts.get("jsx", "") for feature in features)
    name = chance.choice(("App", "Dashboard", "Demo", "Panel", "MyWidget"))
    opened, closed, wrapper = chance.choice(_EXPORTS)
    opened, closed = (each.replace("NAME", name) for each in (opened, closed))
    code = f'{opened}{body}  return (\n    <main className="p-4">\n{shown}    </main>\n  );\n{closed}'
    uses = [use for feature in features for use in feature.uses]
    if wrapper:
        uses.append(("react", wrapper))
    return "+".join(chosen), f"{_imports(uses, chance)}\n{module}\n{code}", None


_EXPORTS = (
    ("export default function NAME() {\n", "}\n", ""),
    ("export default function NAME() {\n", "}\n", ""),
    ("function NAME() {\n", "}\n\nexport default NAME;\n", ""),
    ("const NAME = () => {\n", "};\n\nexport default NAME;\n", ""),
    ("const NAME = memo(() => {\n", "});\n\nexport default NAME;\n", "memo"),
    ("export default memo(function NAME() {\n", "});\n", "memo"),
    ("const NAME = forwardRef((props, ref) => {\n", "});\nexport default NAME;\n", "forwardRef"),
    ("function NAME() {\n", "}\n\nexport { NAME as default };\n", ""),
)


def _feature(name: str, text: str) -> _Feature:
    uses = tuple((found[1], found[2]) for found in re.finditer(r"^use (\S+): (.*)\n", text, flags=re.MULTILINE))
    text = re.sub(r"^use .*\n", "", text, flags=re.MULTILINE)
    return _Feature(name, uses, _parts(text, ("module", "body", "jsx")))


def _parts(text: str, names: tuple[str, ...]) -> dict[str, str]:
    found = re.split(rf"^({'|'.join(names)})\n", text, flags=re.MULTILINE)
    return {"": found[0]} | dict(zip(found[1::2], found[2::2], strict=True))


def _imports(uses: list[tuple[str, str]], chance: random.Random) -> str:
    named: dict[str, list[str]] = {}
    lines = {}
    for package, names in uses:
        if names[0] in "*=":
            binding = names[1:] if names[0] == "=" else f"* as {names[1:]}"
            lines[package] = f'import {binding} from "{package}";'
        else:
            named.setdefault(package, []).extend(names.split(", "))
    with_default = chance.choice((True, False))
    for package, all_names in named.items():
        default = "React, " if package == "react" and with_default else ""
        lines[package] = f'import {default}{{ {", ".join(dict.fromkeys(all_names))} }} from "{package}";'
    return "\n".join(lines.values()) + "\n"
