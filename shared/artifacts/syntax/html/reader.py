"""A page as html5lib parses it: its syntax errors, scripts, styles, comments and ids."""

import re
from typing import Any, NamedTuple

import html5lib
from html5lib.treebuilders import getTreeBuilder

from shared.artifacts.problem import Problem, Rule, Source
from shared.artifacts.syntax.svg.values import known_element

_MAX_DEPTH = 500
"""Maximum nesting of elements; browsers stop at 512, and each level slows down the parser."""

_ERRORS = 10_000
"""Maximum number of errors, after which the rest is not parsed; each slows down the parser."""

_ATTRIBUTES = 5_000
"""Maximum number of attributes in a tag; the parser compares each with all before it."""

_MISSES = 10

_HIDES = frozenset({"audio", "canvas", "object", "video"})
"""Elements whose content only old browsers show."""

_IMPLIED = frozenset({"html", "body"})
"""Elements that exist without a tag; the parser adds the attributes of a later tag to them."""

_OF_TABLES = frozenset({"tbody", "td", "tfoot", "th", "thead", "tr"})

_TAG = re.compile(r"<[a-z](?>(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*)", re.IGNORECASE | re.ASCII)
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_WORD = re.compile(r"[^\s=/]++")

_NAME = re.compile(r"[\w-]++")

_SVG = "{http://www.w3.org/2000/svg}"
_HANDLER = re.compile(r"on[a-z]+")

_TAG_CUT = "The code ends inside a tag."
_CUT = {
    "expected-closing-tag-but-got-eof": "The code ends before all elements are closed.",
    "eof-in-table": "The code ends before a `<table>` is closed.",
    "eof-in-select": "The code ends before a `<select>` is closed.",
    "eof-in-script-in-script": "The code ends before a `<script>` is closed.",
    "eof-in-tag-name": _TAG_CUT,
    "eof-in-attribute-name": _TAG_CUT,
    "eof-in-attribute-value-double-quote": 'The code ends inside an attribute: a `"` is missing.',
    "eof-in-attribute-value-single-quote": "The code ends inside an attribute: a `'` is missing.",
    "eof-in-attribute-value-no-quotes": _TAG_CUT,
    "expected-attribute-name-but-got-eof": _TAG_CUT,
    "expected-attribute-value-but-got-eof": _TAG_CUT,
    "expected-end-of-tag-name-but-got-eof": _TAG_CUT,
    "unexpected-EOF-after-solidus-in-tag": _TAG_CUT,
    "eof-in-doctype": _TAG_CUT,
    "eof-in-doctype-name": _TAG_CUT,
    "expected-doctype-name-but-got-eof": _TAG_CUT,
}
_CLOSES_SELECT = frozenset({"unexpected-input-in-select", "unexpected-select-in-select"})
"""Errors of html5lib for a tag that ends the open `<select>`, which loses nothing but what came before it."""
_AT_END = frozenset({"expected-closing-tag-but-got-eof", "expected-one-end-tag-but-got-another"})
"""Errors of html5lib for an element that is open at the end of the page or its body."""


class Part(NamedTuple):
    """A part of a page."""

    text: str
    place: int
    """Its offset in the code, in characters."""
    type: str = ""
    """A script's type, in lower case; of an id, the tag of its element."""


class _StopError(Exception):
    """Raised to stop parsing: the rest of the page is not checked."""


class Page:
    """A page, parsed as far as possible."""

    def __init__(self, source: Source) -> None:
        self.found: list[Problem] = []
        self.doubts: list[Problem] = []
        """Warnings."""
        self.comments: list[Part] = []
        self.scripts: list[Part] = []
        self.styles: list[Part] = []
        self.handlers: list[Part] = []
        self.ids: list[Part] = []
        self.names: set[str] = set()
        """The values of `name`, and the ids of customised built-in elements."""
        self.torn: set[str] = set()
        """Words of attributes that lack a quote, which may be ids."""
        self.loads_scripts = False
        """Whether it loads a script file, which may declare any name."""
        self.draws = True
        """Whether its body is not empty, or a script may fill it."""
        self._source = source
        self._searched = self._misses = 0
        if self._has_few_attributes():
            reader = _Reader(self)
            try:
                reader.parse(source.code)
            except _StopError:
                return
            self._collect(reader.tree.getDocument())

    def note(self, message: str, place: tuple[int, int]) -> None:
        """Add a problem at a line (from 1) and a column (from 0)."""
        self.found.append(self._source.problem(Rule.SYNTAX, message, place[0], place[1] + 1))

    def note_left_open(self, name: str, place: tuple[int, int]) -> None:
        """Add a problem for an element that is unclosed at the end of the page and hides what follows its tag."""
        message = f"This `<{name}>` is never closed, and nothing that follows it is shown: `</{name}>` is missing."
        self.note(message, (place[0], max(place[1] - len(name) - 2, 0)))

    def note_tag(self, name: str, attributes: Any, place: tuple[int, int]) -> None:  # noqa: ANN401 - html5lib's
        """Add a problem if this tag includes the code after it."""
        swallowed = next((key for key, value in attributes.items() if ">" in value), None)
        if any("<" in key or (swallowed and ('"' in key or "'" in key)) for key in attributes):
            attribute = f" `{swallowed}`" if swallowed else ""
            self.note(
                f"The `<{name}>` that ends here has lost a quote or its `>`; look at its attribute{attribute}.", place
            )

    def note_torn(self, attributes: Any, *, empty_id: bool) -> None:  # noqa: ANN401 - html5lib's
        """Store the words of attributes that lack a quote or follow an `id` that is closed too early."""
        torn = [name for name in attributes if '"' in name or "'" in name]
        torn += attributes if empty_id and not attributes.get("id", "-") else []
        self.torn.update(word for text in torn for word in _NAME.findall(text))

    def note_stray_quote(self, tag: str, name: str, value: str) -> None:
        """Add a warning for a value that ends with a quote and begins with none: the quote is part of the value."""
        if value[-1:] in {'"', "'"} and value.count(value[-1]) == 1:
            message = f"The attribute `{name}` of a `<{tag}>` has lost a quote: write `{name}={value[-1]}{value}`."
            place = max(self._source.code.find(f"{name}={value}"), 0)
            self.torn.update([value[:-1]] if name == "id" else [])
            self.doubts.append(self._source.problem_in(Rule.MAY_FAIL, message, place))

    def _collect(self, root: Any) -> None:  # noqa: ANN401 - html5lib's
        for element in root.iter():
            if callable(element.tag):
                self.comments.append(Part(element.text or "", self._index(element.text or "")))
                continue
            self._collect_attributes(element)
            if element.tag in _IMPLIED:
                self._note_implied(element)
            if element.tag == "script" and "src" in element.attrib:
                self.loads_scripts = True
            elif element.tag == "script" and element.text:
                kind = element.attrib.get("type", "").partition(";")[0].strip().lower()
                self.scripts.append(Part(element.text, self._index(element.text), kind))
            elif element.tag == "style" and element.text:
                self.styles.append(Part(element.text, self._index(element.text)))
            elif element.tag.startswith(_SVG) and not known_element(element.tag.removeprefix(_SVG)):
                self._note_swallowed(element.tag.removeprefix(_SVG))
        body = root.find(".//body")
        self.draws = body is None or _holds_something(body) or root.find(".//script") is not None

    def _collect_attributes(self, element: Any) -> None:  # noqa: ANN401 - html5lib's
        self.names.add(element.attrib.get("name", ""))
        if "is" in element.attrib:
            self.names.add(element.attrib.get("id", ""))
        for name, value in element.attrib.items():
            if name == "id" and value:
                self.ids.append(Part(value, self._source.code.find(value), element.tag))
            elif isinstance(name, str) and _HANDLER.fullmatch(name) and value.strip():
                place = self._source.code.find(value)
                if place >= 0:  # otherwise it contains entities
                    self.handlers.append(Part(value, place))

    def _note_implied(self, element: Any) -> None:  # noqa: ANN401 - html5lib's
        """Add the problems of a tag whose element may exist before it."""
        place = self._source.problem_in(Rule.SYNTAX, "", max(self._source.code.lower().find(f"<{element.tag}"), 0))
        self.note_tag(element.tag, element.attrib, (place.line, place.column - 1))

    def _note_swallowed(self, name: str) -> None:
        """Add a problem, once, for an `<svg>` that includes what follows it."""
        place = self._source.code.rfind("<svg", 0, max(self._source.code.find(f"<{name}"), 0))
        message = f"This `<svg>` takes in `<{name}>`, which is not shown there: `</svg>` is missing before it."
        if not any(each.rule is Rule.CONTENT for each in self.found):
            self.found.append(self._source.problem_in(Rule.CONTENT, message, max(place, 0)))

    def _index(self, text: str) -> int:
        # Texts are nearly always in the order of the code; one moved out of a table is searched for from the start.
        index = self._source.code.find(text, self._searched)
        if index < 0 and self._misses < _MISSES:
            self._misses += 1
            return max(self._source.code.find(text), 0)
        if index >= 0:
            self._searched = index + len(text)
        return max(index, 0)

    def _has_few_attributes(self) -> bool:
        for tag in _TAG.finditer(self._source.code):
            if len(tag[0]) > _ATTRIBUTES and len(_WORD.findall(_QUOTED.sub("", tag[0]))) > _ATTRIBUTES:
                message = f"This tag has more than {_ATTRIBUTES} attributes."
                self.found.append(self._source.problem_in(Rule.SYNTAX, message, tag.start()))
                return False
        return True


def _holds_something(body: Any) -> bool:  # noqa: ANN401 - html5lib's
    texts = [body.text, *(child.tail for child in body)]
    return any(not callable(child.tag) for child in body) or any(text and text.strip() for text in texts)


class _Tree(getTreeBuilder("etree")):  # type: ignore[misc] # made at run time
    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments)
        self.reader: _Reader | None = None

    def createElement(self, token: Any) -> Any:  # noqa: ANN401, N802 - html5lib's name
        element = super().createElement(token)
        if self.reader:
            self.reader.opened(token, element, len(self.openElements))
        return element

    def insertElementNormal(self, token: Any) -> Any:  # noqa: ANN401, N802
        element = super().insertElementNormal(token)
        if self.reader:
            self.reader.opened(token, element, len(self.openElements) - 1)
        return element


class _Reader(html5lib.HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__(_Tree, namespaceHTMLElements=False)
        self.tree.reader = self
        self._page = page
        self._errors = 0
        self._lost_in_select = ""  # a tag that the parser dropped in the open `<select>`
        self._is_torn = False  # whether an attribute of the current tag follows another without a space
        self._quoted = ""  # the attribute whose unquoted value ends with a quote so far

    def opened(self, token: Any, element: Any, depth: int) -> None:  # noqa: ANN401
        if depth > _MAX_DEPTH:
            self._stop(f"Elements are nested more than {_MAX_DEPTH} deep here; close them.")
        if "<" in token["name"]:
            self._note_joined(token["name"])
        if token["name"] == "select":
            self._lost_in_select = ""
        if token["name"] in _HIDES:
            element.place = self.tokenizer.stream.position()
        if token.get("data"):
            self._page.note_tag(token["name"], token["data"], self.tokenizer.stream.position())
            self._page.note_torn(token["data"], empty_id=self._is_torn)
            if self._quoted in token["data"]:
                self._page.note_stray_quote(token["name"], self._quoted, token["data"][self._quoted])
        self._quoted, self._is_torn = "", False

    def parseError(self, errorcode: str = "", datavars: Any = None) -> None:  # noqa: ANN401, N802 - html5lib's name
        self._errors += 1
        name = (datavars or {}).get("name", "")
        if self._errors > _ERRORS:
            self._stop(f"There are more than {_ERRORS} faults in the markup up to here.")
        if errorcode in _AT_END and (hiding := next((e for e in self.tree.openElements if e.name in _HIDES), None)):
            self._page.note_left_open(hiding.name, hiding.place)
        elif errorcode == "unexpected-character-in-unquoted-attribute-value":
            token: Any = self.tokenizer.currentToken
            name, value = (token["data"] or [("", "")])[-1]
            self._quoted = name if value[-1:] in {'"', "'"} else ""
        elif errorcode == "unexpected-character-after-attribute-value":
            self._is_torn = True
        elif errorcode in _CUT:
            self._page.note(_CUT[errorcode], self.tokenizer.stream.position())
        elif errorcode.startswith("eof-in-comment"):
            self._page.note("The code ends inside a comment: `-->` is missing.", self.tokenizer.stream.position())
        else:
            self._note_lost_tags(errorcode, name)

    def _note_lost_tags(self, errorcode: str, name: str) -> None:
        if errorcode == "attributes-in-end-tag":
            token: Any = self.tokenizer.currentToken
            attributes = dict(token["data"])
            # A row without its tag exists all the same, around the cells that follow.
            if not any(key == "<" or key.removeprefix("<") in _OF_TABLES for key in attributes):
                self._page.note_tag(f"/{token['name']}", attributes, self.tokenizer.stream.position())
        elif "<" in name:
            self._note_joined(name)
        elif errorcode == "unexpected-start-tag-in-select":
            self._lost_in_select = name
        elif errorcode in _CLOSES_SELECT and self._lost_in_select:
            lost = self._lost_in_select
            message = f"A `<select>` is open here and has taken in `<{lost}>`: `</select>` is missing before that."
            self._page.note(message, self.tokenizer.stream.position())
        elif errorcode == "unexpected-start-tag-ignored" and name in _OF_TABLES and self._may_lose_tags():
            message = (
                f"This `<{name}>` stands in no table, so that only its text is shown: `<table>` is missing before it."
            )
            self._page.note(message, self.tokenizer.stream.position())
        elif errorcode == "expected-named-closing-tag-but-got-eof":
            self._page.note(f"The code ends before `</{name}>`.", self.tokenizer.stream.position())

    def _note_joined(self, name: str) -> None:
        first, _, second = name.partition("<")
        if not second:
            return
        message = f"A `>` is missing between `{first[:40]}` and `<{second[:40]}`, so that neither tag is read."
        self._page.note(message, self.tokenizer.stream.position())

    def _may_lose_tags(self) -> bool:
        # A template may hold parts of a table without the table, which this parser does not know.
        return not self._page.found and not any(each.name == "template" for each in self.tree.openElements)

    def _stop(self, message: str) -> None:
        self._page.note(message, self.tokenizer.stream.position())
        raise _StopError
