"""Closes what is open in JavaScript and JSX: one pass with a stack that knows strings, comments, templates and tags.

It is no parser: it reads far enough to mend what was cut off or left out, and a regular expression with a bracket in it
may mislead it.
"""

import re
from typing import Final

_CLOSERS: Final = {"(": ")", "[": "]", "{": "}", "${": "}", "`": "`", "<": ">"}
_OPENERS: Final = {")": ("(",), "]": ("[",), "}": ("{", "${")}
_LITERAL: Final = re.compile(r"""//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)
_TAG_OPENS: Final = re.compile(r"<([A-Za-z][\w.]*)(?=[\s/>])|<(?=>)")
_TAG_CLOSES: Final = re.compile(r"</\s*([A-Za-z][\w.]*)?\s*>")
_BEFORE_JSX: Final = re.compile(r"(?:^|[({\[,;:?&|=>]|\breturn)\s*$")
_JSX_IS_OVER: Final = re.compile(r"\n[ \t]*\)[ \t]*[;,)}\n]")


def closed(code: str) -> str:
    """The code with the brackets, braces, templates and JSX tags closed that it leaves open."""
    return _Closer(code).run()


class _Closer:
    """The pass itself: `stack` holds what is open, `written` what has been read, with what was missing put in.

    An entry of the stack is a bracket, a backtick, `<name` for a tag whose attributes are being read, or `>name` for an
    element whose children are.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self.at = 0
        self.stack: list[str] = []
        self.written: list[str] = []

    def run(self) -> str:
        while self.at < len(self.code):
            top = self.stack[-1] if self.stack else ""
            if top == "`":
                self._template()
            elif top.startswith(">"):
                self._children()
            elif top.startswith("<"):
                self._attributes()
            else:
                self._plain()
        end = "".join(self.written)
        tail = end[len(end.rstrip()) :]
        self.written = [end.rstrip()]
        while self.stack:
            self._close_top()
        return "".join(self.written) + tail

    def _take(self, length: int = 1) -> None:
        self.written.append(self.code[self.at : self.at + length])
        self.at += length

    def _open(self, entry: str, length: int) -> None:
        self.stack.append(entry)
        self._take(length)

    def _close_top(self) -> None:
        """Write the closer of the innermost open thing."""
        top = self.stack.pop()
        if top.startswith(">"):
            self.written.append(f"</{top[1:]}>")
        elif top.startswith("<"):
            self.written.append(" />")
        else:
            self.written.append(_CLOSERS[top])

    def _close(self, wanted: tuple[str, ...], length: int) -> None:
        """Take a closer: what is open inside its partner is closed first; without a partner it is dropped."""
        if not any(entry in wanted for entry in self.stack):
            self.at += length
            return
        while self.stack[-1] not in wanted:
            self._close_top()
        self.stack.pop()
        self._take(length)

    def _plain(self) -> None:
        char = self.code[self.at]
        if literal := _LITERAL.match(self.code, self.at):
            self._take(literal.end() - self.at)
        elif (tag := _TAG_CLOSES.match(self.code, self.at)) and f">{tag[1] or ''}" in self.stack:
            self._close((f">{tag[1] or ''}",), tag.end() - self.at)
        elif (tag := _TAG_OPENS.match(self.code, self.at)) and self._may_begin_jsx():
            self._open(f"<{tag[1] or ''}", tag.end() - self.at)
        elif char in "([{`":
            self._open(char, 1)
        elif char in _OPENERS:
            self._close(_OPENERS[char], 1)
        else:
            self._take()

    def _may_begin_jsx(self) -> bool:
        return _BEFORE_JSX.search("".join(self.written[-40:])) is not None

    def _template(self) -> None:
        if self.code.startswith("${", self.at):
            self._open("${", 2)
        elif self.code[self.at] == "`":
            self._close(("`",), 1)
        else:
            self._take(2 if self.code[self.at] == "\\" else 1)

    def _attributes(self) -> None:
        if self.code.startswith("/>", self.at):
            self.stack.pop()
            self._take(2)
        elif self.code[self.at] == ">":
            self.stack[-1] = ">" + self.stack[-1][1:]
            self._take()
        elif self.code[self.at] == "{":
            self._open("{", 1)
        else:
            literal = _LITERAL.match(self.code, self.at)
            self._take(literal.end() - self.at if literal else 1)

    def _children(self) -> None:
        """Text, in which only braces and tags count, until a line makes plain that the element was never closed."""
        if closing := _TAG_CLOSES.match(self.code, self.at):
            partner = f">{closing[1] or ''}"
            if partner in self.stack:
                self._close((partner,), closing.end() - self.at)
            else:  # the wrong name on the right tag
                self._close_top()
                self.at = closing.end()
        elif tag := _TAG_OPENS.match(self.code, self.at):
            self._open(f"<{tag[1] or ''}", tag.end() - self.at)
        elif self.code[self.at] == "{":
            self._open("{", 1)
        elif self.code[self.at] == "}" or ("(" in self.stack and _JSX_IS_OVER.match(self.code, self.at)):
            self._close_top()
        else:
            self._take()
