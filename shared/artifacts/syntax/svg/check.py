"""The check of a drawing: a page can show it, and it loads and runs nothing.

A `<!DOCTYPE svg PUBLIC …>` is accepted, because nothing is read from it; one with declarations is not. A missing
`xmlns` is accepted too, because a page does not need it.
"""

from itertools import islice
from xml.parsers import expat

from shared.artifacts.elision import elisions, in_characters
from shared.artifacts.kinds import SVG_NAMESPACE
from shared.artifacts.problem import WARNINGS, Problem, Rule, Source
from shared.artifacts.syntax.svg.content import (
    Names,
    complaints,
    name_complaints,
    references,
    style_complaints,
    unknown_attributes,
)
from shared.artifacts.syntax.svg.values import known_element
from shared.artifacts.syntax.svg.visibility import Visibility

_MAX_PROBLEMS = 10
_FOREIGN = frozenset({"foreignObject", "metadata"})
_MESSAGES = {
    expat.errors.XML_ERROR_SYNTAX: "An SVG begins with its `<svg>` tag; nothing else may stand here.",
    expat.errors.XML_ERROR_INVALID_TOKEN: (
        "This cannot be read here: in text, write `<` as `&lt;` and `&` as `&amp;`, put every attribute's value "
        "in quotes, and no `--` in a comment."
    ),
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: "What begins here has no end: a `>` or a quote is missing.",
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION: "The CDATA section that begins here has no `]]>`.",
    expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE: "An attribute stands twice in this tag.",
    expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "Something stands behind `</svg>`; the drawing must end with it.",
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: (
        "This entity is not known in SVG; write the character itself, or its number as in `&#160;`."
    ),
    expat.errors.XML_ERROR_UNBOUND_PREFIX: (
        "A prefix is used here that is not declared; drop it, or declare it in the `<svg>` tag as in "
        '`xmlns:xlink="http://www.w3.org/1999/xlink"`.'
    ),
    expat.errors.XML_ERROR_MISPLACED_XML_PI: "The `<?xml …?>` line may only be the very first thing.",
}


class _RefusedError(Exception):
    """Raised to stop parsing: the rest of the drawing is not checked."""


def problems(source: Source) -> list[Problem]:
    """Return the problems of the drawing, in the order of the code."""
    reader = _Reader(source)
    reader.read()
    return sorted(reader.found, key=lambda problem: (problem.line, problem.column))


class _Reader:
    """Parses a drawing once and collects its problems."""

    def __init__(self, source: Source) -> None:
        self.found: list[Problem] = []
        self._source = source
        self._open: list[tuple[str, int]] = []  # local names and byte offsets
        self._visibility = Visibility()
        self._foreign = 0  # how many of the open elements may hold other markup than SVG
        self._ids: set[str] = set()
        self._references: list[tuple[str, str, int]] = []
        self._namespace = SVG_NAMESPACE
        self._style: list[str] = []
        self._comments: list[tuple[int, int]] = []
        parser = self._parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.CommentHandler = self._comment
        parser.ProcessingInstructionHandler = self._instruction
        parser.SkippedEntityHandler = self._entity

    def read(self) -> None:
        """Collect the problems up to the first parse error."""
        self._parse()
        self.found += islice(elisions(self._source, in_characters(self._source, self._comments)), _MAX_PROBLEMS)

    def _parse(self) -> None:
        try:
            self._parser.Parse(self._source.encoded, True)  # noqa: FBT003
        except expat.ExpatError as error:
            self._note(Rule.SYNTAX, self._message(error.code), self._parser.ErrorByteIndex)
        except _RefusedError:
            return
        else:
            self._note_what_is_missing()

    def _note_what_is_missing(self) -> None:
        """Add the problems that are only known at the end."""
        if not self.found and (why := self._visibility.why_unseen()):
            self._note(Rule.CONTENT, f"This draws nothing: {why}.", 0)
        for attribute, name, byte in self._references:
            if name not in self._ids:
                message = f"`{attribute}` refers to `#{name}`, and nothing here has this `id`."
                self._note(Rule.CONTENT, message, byte)

    def _message(self, code: int) -> str:
        message = expat.ErrorString(code) or ""
        if message == expat.errors.XML_ERROR_TAG_MISMATCH and self._open:
            return f"This end tag stands where {self._innermost()} has to be closed."
        if message == expat.errors.XML_ERROR_NO_ELEMENTS:
            return f"The code ends before {self._innermost()} is closed." if self._open else "There is no drawing."
        return _MESSAGES.get(message, f"This cannot be read here: {message}.")

    def _innermost(self) -> str:
        name, byte = self._open[-1]
        line = self._source.encoded.count(b"\n", 0, byte) + 1
        return f"the `<{name}>` of line {line}"

    def _doctype(self, _name: str, _system: str | None, _public: str | None, has_declarations: int) -> None:
        if has_declarations:
            self._note(Rule.CONTENT, "Declarations in a DOCTYPE are refused; leave the DOCTYPE out.")
            raise _RefusedError

    def _start(self, name: str, attributes: Names) -> None:
        namespace, _, local = name.rpartition(" ")
        if not self._open:
            self._root(namespace, local)
        for complaint in complaints(local, attributes):
            self._note(Rule.CONTENT, complaint)
        byte = self._parser.CurrentByteIndex
        is_own = namespace == self._namespace and not self._foreign
        if is_own:
            local = known_element(local) or local
            self._look_at(local, attributes, byte)
        self._ids.add(attributes.get("id", ""))
        self._open.append((local, byte))
        self._foreign += local in _FOREIGN
        self._visibility.start(local, attributes, is_own=is_own)

    def _look_at(self, local: str, attributes: Names, byte: int) -> None:
        """Add the problems of an element in SVG's namespace."""
        for complaint in name_complaints(local, attributes):
            self._note(Rule.CONTENT, complaint)
        for name in unknown_attributes(attributes) if local != "metadata" else ():
            self._note(Rule.UNKNOWN_ATTRIBUTE, f"`{name}` is no attribute of SVG.")
        self._references += ((attribute, name, byte) for attribute, name in references(local, attributes))

    def _root(self, namespace: str, local: str) -> None:
        if local != "svg":
            self._note(Rule.CONTENT, f"The outermost element has to be `<svg>`, not `<{local}>`.")
            raise _RefusedError
        if namespace not in {SVG_NAMESPACE, ""}:
            self._note(Rule.CONTENT, f'The `<svg>` tag is of another language; it needs `xmlns="{SVG_NAMESPACE}"`.')
            raise _RefusedError
        self._namespace = namespace

    def _end(self, _name: str) -> None:
        local, byte = self._open.pop()
        self._visibility.end()
        self._foreign -= local in _FOREIGN
        if local == "style":
            css = "".join(self._style)
            self._visibility.style(css)
            for complaint in style_complaints(css):
                self._note(Rule.CONTENT, complaint, byte)
            self._style.clear()

    def _text(self, text: str) -> None:
        if self._open and self._open[-1][0] == "style":
            self._style.append(text)
        else:
            self._visibility.text(text)

    def _comment(self, comment: str) -> None:
        start = self._parser.CurrentByteIndex
        self._comments.append((start, start + len(f"<!--{comment}-->".encode())))

    def _instruction(self, target: str, _data: str) -> None:
        if target == "xml-stylesheet":
            self._note(Rule.CONTENT, "Styles of another file do not load here; write them in a `<style>` element.")

    def _entity(self, name: str, _is_parameter: bool) -> None:  # noqa: FBT001
        self._note(Rule.SYNTAX, f"`&{name};` is not known in SVG; write the character itself, or its number.")

    def _note(self, rule: Rule, message: str, byte: int | None = None) -> None:
        if sum(each.is_warning is (rule in WARNINGS) for each in self.found) < _MAX_PROBLEMS:
            at = self._parser.CurrentByteIndex if byte is None else byte
            self.found.append(self._source.problem_at(rule, message, max(at, 0)))
