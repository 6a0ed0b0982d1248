"""Answers with blocks, and what becomes of the code: a table of what models write in practice."""

from typing import NamedTuple

from shared.artifacts.edits import Reason

NOT_FOUND, FOUND_TWICE, ALREADY_THERE, EMPTY = (
    Reason.NOT_FOUND,
    Reason.FOUND_TWICE,
    Reason.ALREADY_THERE,
    Reason.EMPTY,
)


class Case(NamedTuple):
    """A code, an answer, and the changed code, or which block fails and why."""

    name: str
    code: str
    answer: str
    outcome: str | tuple[int, Reason]


class Unread(NamedTuple):
    """An answer that is not to be applied, how many whole blocks it has all the same, and what is said of it."""

    name: str
    answer: str
    whole: int
    unfinished: bool
    problem: str | None  # a part of it


def block(search: str, replace: str) -> str:
    """A block as it should be; a part that is not empty has a line feed behind it."""
    parts = [part + "\n" if part else "" for part in (search, replace)]
    return f"<<<<<<< SEARCH\n{parts[0]}=======\n{parts[1]}>>>>>>> REPLACE\n"


def parts(search: str, replace: str) -> str:
    """A block whose parts are given with their line feeds."""
    return f"<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n"


COUNTER = """\
import { useState } from "react";

export default function Counter() {
  const [count, setCount] = useState(0);

  return (
    <div className="box">
      <p>{count}</p>
      <button onClick={() => setCount(count + 1)}>More</button>
      <button onClick={() => setCount(count - 1)}>Less</button>
    </div>
  );
}"""
"""Every line is there once, but for the blank ones."""

LIST = """\
def first():
    total = 0
    for x in xs:
        total += x
    return total

def second():
    total = 0
    for y in ys:
        total += y
    return total"""
"""Two functions that share lines."""

STATE = "  const [count, setCount] = useState(0);"
MORE = "      <button onClick={() => setCount(count + 1)}>More</button>"
LESS = "      <button onClick={() => setCount(count - 1)}>Less</button>"
P = "      <p>{count}</p>"
B_TO_X = block("b", "x")
ABC, AXC = "a\nb\nc", "a\nx\nc"
FIVE = "one\ntwo\nthree\nfour\nfive"


def counter(old: str, new: str) -> str:
    assert COUNTER.count(old) == 1
    return COUNTER.replace(old, new)


EXACT = [
    Case("one line", ABC, B_TO_X, AXC),
    Case("the first line", ABC, block("a", "x"), "x\nb\nc"),
    Case("the last line", ABC, block("c", "x"), "a\nb\nx"),
    Case("the only line", "a", block("a", "x"), "x"),
    Case("all lines", ABC, block(ABC, "x\ny"), "x\ny"),
    Case("several lines", ABC, block("a\nb", "x\ny\nz"), "x\ny\nz\nc"),
    Case("a deletion", ABC, block("b", ""), "a\nc"),
    Case("a deletion of all", ABC, block(ABC, ""), ""),
    Case("a deletion of the first line", ABC, block("a\nb", "b"), "b\nc"),
    Case("a deletion of the last line", ABC, block("b\nc", "b"), "a\nb"),
    Case("a blank line in place of lines deletes them", ABC, parts("b\n", "\n"), "a\nc"),
    Case("an insertion above", ABC, block("b", "x\nb"), "a\nx\nb\nc"),
    Case("an insertion below", ABC, block("b", "b\nx"), "a\nb\nx\nc"),
    Case("an insertion at the end", ABC, block("c", "c\nx"), "a\nb\nc\nx"),
    Case("an insertion of a blank line", ABC, block("a\nb", "a\n\nb"), "a\n\nb\nc"),
    Case("a change in JSX", COUNTER, block(LESS, LESS.replace("Less", "Fewer")), counter(">Less<", ">Fewer<")),
    Case("a block that changes nothing", ABC, block("b", "b"), ABC),
    Case("a blank line amid the search", "a\n\nb\nc", block("a\n\nb", "x\n\ny"), "x\n\ny\nc"),
    Case("a blank line before the search, there in the code", "a\n\nb", parts("\nb\n", "\nx\n"), "a\n\nx"),
    Case("a blank line that tells two places apart", "b\n\nb", parts("\nb\n", "\nx\n"), "b\n\nx"),
    Case("a blank line behind that tells two places apart", "b\n\nb", parts("b\n\n", "x\n\n"), "x\n\nb"),
    Case("code with a line feed at its end", "a\nb\n", B_TO_X, "a\nx\n"),
    Case("code that begins with blank lines", "\n\na\nb", B_TO_X, "\n\na\nx"),
    Case(
        "a replacement with the characters of a pattern",
        ABC,
        block("b", r"$& $1 \1 \g<0> \n"),
        "a\n$& $1 \\1 \\g<0> \\n\nc",
    ),
    Case("a search with the characters of a pattern", "a\n(.*)[x]+?\nc", block("(.*)[x]+?", "x"), AXC),
    Case("tabs", "a\n\tb\nc", block("\tb", "\tx"), "a\n\tx\nc"),
    Case("accents and emoji", "é\n👩‍👩‍👧 b\nc", block("👩‍👩‍👧 b", "👍 ü"), "é\n👍 ü\nc"),
    Case("right to left", "שלום\nb", block("שלום", "x"), "x\nb"),
    Case("a line separator within a line", "a\u2028b\nc", block("a\u2028b", "a\u2029x"), "a\u2029x\nc"),
    Case("half a line at a line separator", "a\u2028b\nc", block("b", "x"), (1, NOT_FOUND)),
    Case("a form feed within a line", "a\x0cb\nc", block("a\x0cb", "x"), "x\nc"),
    Case("half a line at a vertical tab", "a\x0bb", block("b", "x"), (1, NOT_FOUND)),
    Case("half a line at a next-line character", "a\x85b", block("b", "x"), (1, NOT_FOUND)),
    Case("a null character", "a\0\nb", block("a\0", "x"), "x\nb"),
    Case("a null character that is searched and is not there", "\nb", block("\0", "x"), (1, NOT_FOUND)),
    Case("a lone surrogate", "\ud800\nb", block("\ud800", "x"), "x\nb"),
    Case("fewer equals signs than a divider has", "a\n====\nc", block("a\n====", "x\n===="), "x\n====\nc"),
    Case("more equals signs than a divider has", "a\n==========\nc", block("a\n==========", "x"), "x\nc"),
    Case("equals signs with text", "a\n===== b\nc", block("===== b", "===== x"), "a\n===== x\nc"),
    Case("an equals sign as of a comparison", "a === b\nc", block("a === b", "a == b"), "a == b\nc"),
    Case("a prompt of Python", ">>> a\nb", block(">>> a", ">>> x"), ">>> x\nb"),
    Case("shift operators", "a << b >> c\nd", block("a << b >> c", "a >>> b"), "a >>> b\nd"),
    Case("a document of the shell", "cat <<< a\ncat << EOF", block("cat << EOF", "x"), "cat <<< a\nx"),
    Case("a comment of HTML", "<!-- a -->\n<p>", block("<!-- a -->", "<!-- x -->"), "<!-- x -->\n<p>"),
    Case("a rule of Markdown", "a\n---\nb", block("a\n---", "x\n---"), "x\n---\nb"),
    Case(
        "entities that are in the code",
        "<p>a &lt; b</p>\nc",
        block("<p>a &lt; b</p>", "<p>a &gt; b</p>"),
        "<p>a &gt; b</p>\nc",
    ),
    Case("a fence in the code", "a\n```js\nb\n```", block("```js\nb\n```", "```ts\nx\n```"), "a\n```ts\nx\n```"),
    Case("a fence in the replacement only", "a\nb", block("b", "```\nx\n```"), "a\n```\nx\n```"),
    Case("reasoning tags in the code", "a\n<think>\nc", block("<think>", "</think>"), "a\n</think>\nc"),
    Case("an artifact tag in the code", "a\n</artifact>\nc", block("</artifact>", "x"), AXC),
    Case(
        "Python's indentation",
        LIST,
        block("    for y in ys:\n        total += y", "    total = sum(ys)"),
        LIST.replace("    for y in ys:\n        total += y", "    total = sum(ys)"),
    ),
    Case(
        "one long line", "<svg>" + "M0 0" * 2_000 + "</svg>\nb", block("b", "x"), "<svg>" + "M0 0" * 2_000 + "</svg>\nx"
    ),
]

SEVERAL = [
    Case("two blocks", FIVE, block("two", "2") + block("four", "4"), "one\n2\nthree\n4\nfive"),
    Case("three blocks", FIVE, block("one", "1") + block("three", "3") + block("five", "5"), "1\ntwo\n3\nfour\n5"),
    Case("blocks out of order", FIVE, block("four", "4") + block("two", "2"), "one\n2\nthree\n4\nfive"),
    Case("neighbouring blocks", FIVE, block("two", "2") + block("three", "3"), "one\n2\n3\nfour\nfive"),
    Case("neighbouring deletions", FIVE, block("two", "") + block("three", ""), "one\nfour\nfive"),
    Case(
        "blocks without a line between",
        FIVE,
        block("two", "2").rstrip() + "\n" + block("four", "4"),
        "one\n2\nthree\n4\nfive",
    ),
    Case(
        "blank lines between blocks", FIVE, block("two", "2") + "\n\n\n" + block("four", "4"), "one\n2\nthree\n4\nfive"
    ),
    Case("a block for what another one made", ABC, B_TO_X + block("x", "y"), "a\ny\nc"),
    Case(
        "a block for a line that another one inserted",
        ABC,
        block("b", "b\nnew") + block("new\nc", "newer\nc"),
        "a\nb\nnewer\nc",
    ),
    Case(
        "context that blocks share",
        FIVE,
        block("two\nthree", "2\nthree") + block("three\nfour", "three\n4"),
        "one\n2\nthree\n4\nfive",
    ),
    Case("lines moved", FIVE, block("one\ntwo", "two") + block("five", "five\none"), "two\nthree\nfour\nfive\none"),
    Case("a block that makes the next one match once", "a\na\nb", block("a\na", "x\na") + block("a", "y"), "x\ny\nb"),
    Case("a block that makes the next one match twice", "a\nb", block("b", "a") + block("a", "x"), (2, FOUND_TWICE)),
    Case("overlapping blocks", FIVE, block("two\nthree", "2\n3") + block("three\nfour", "3\n4"), (2, NOT_FOUND)),
    Case(
        "a block within another one", FIVE, block("two\nthree\nfour", "2\n3\n4") + block("three", "III"), (2, NOT_FOUND)
    ),
    Case("two changes of one line", ABC, B_TO_X + block("b", "y"), (2, NOT_FOUND)),
    Case("a block twice", ABC, B_TO_X + B_TO_X, (2, ALREADY_THERE)),
    Case("the first of two fails", FIVE, block("six", "6") + block("two", "2"), (1, NOT_FOUND)),
    Case("the second of two fails", FIVE, block("two", "2") + block("six", "6"), (2, NOT_FOUND)),
    Case("the last of three fails", FIVE, block("two", "2") + block("one", "1") + block("", "6"), (3, EMPTY)),
    Case(
        "trailing blanks in one block, a shift in the other",
        "  a\nb \nc",
        block("b", "x") + block("a", "y"),
        "  y\nx\nc",
    ),
    Case(
        "a shift beside what another block made",
        "  a\n  b\nc",
        block("a", "x\ny") + block("y\nb", "z\nb"),
        "  x\n  z\n  b\nc",
    ),
    Case("a shift across a deletion", "  a\n  b\n  c", block("b", "") + block("a\nc", "x\nc"), "  x\n  c"),
    Case(
        "a shift across a blank line and a changed one",
        "  a\n\n  b\n  c",
        block("c", "d") + block("b", "x") + block("a\n\nx", "a\n\ny"),
        "  a\n\n  y\n  d",
    ),
    Case(
        "a shift behind a deletion at the start",
        "  a\n\n  b\n  c",
        block("a", "") + block("b\nc", "x\nc"),
        "\n  x\n  c",
    ),
]

BLANKS = [
    Case("trailing blanks in the code", "a\nb  \nc", B_TO_X, AXC),
    Case("trailing blanks in the search", ABC, block("b  ", "x"), AXC),
    Case("trailing tabs", "a\nb\t\nc", B_TO_X, AXC),
    Case("trailing blanks in both, but others", "a\nb \nc", block("b\t\t", "x"), AXC),
    Case("trailing blanks of a blank line in the code", "a\n    \nb", block("a\n\nb", "x\n\nb"), "x\n    \nb"),
    Case("trailing blanks of a blank line in the search", "a\n\nb", block("a\n  \nb", "x\n\nb"), "x\n\nb"),
    Case("trailing blanks where the exact lines are elsewhere", "b  \nb", block("b", "x"), "b  \nx"),
    Case("trailing blanks that tell two places apart", "b  \nb", block("b  ", "x"), "x\nb"),
    Case("trailing blanks at two places", "b \nb\t", block("b", "x"), (1, FOUND_TWICE)),
    Case("trailing blanks of lines that stay", "a  \nb\nc  ", block("a\nb\nc", "a\nx\nc"), "a  \nx\nc  "),
    Case(
        "a hard line break of Markdown beside a change",
        "line  \nb\nend",
        block("line\nb", "line\nnew\nb"),
        "line  \nnew\nb\nend",
    ),
    Case("trailing blanks are what is removed", "a  \nb", block("a  ", "a"), "a\nb"),
    Case(
        "a carriage return is left over", "a\nb\nc", "<<<<<<< SEARCH\r\nb\r\n=======\r\nx\r\n>>>>>>> REPLACE\r\n", AXC
    ),
    Case("CRLF in the code", "a\r\nb\r\nc", B_TO_X, AXC),
    Case("CRLF in both", "a\r\nb\r\nc", B_TO_X.replace("\n", "\r\n"), AXC),
    Case("CRLF in the marks only", ABC, "<<<<<<< SEARCH\r\nb\n=======\r\nx\n>>>>>>> REPLACE\r\n", AXC),
    Case("a carriage return within a line", "a\rb\nc", block("a\rb", "x"), "x\nc"),
    Case("half a line at a carriage return", "a\rb\nc", block("b", "x"), (1, NOT_FOUND)),
    Case("a no-break space at the end", "a\nb\u00a0\nc", B_TO_X, (1, NOT_FOUND)),
    Case("a blank line too many before the search", ABC, parts("\nb\n", "\nx\n"), AXC),
    Case("a blank line too many behind the search", ABC, parts("b\n\n", "x\n\n"), AXC),
    Case("blank lines too many around the search only", ABC, parts("\n\nb\n\n", "x\n"), AXC),
    Case("more blank lines in the replacement than too many", ABC, parts("\nb\n", "\n\nx\n"), "a\n\nx\nc"),
    Case("blank lines too many, and blanks in them", ABC, parts("  \nb\n\t\n", "  \nx\n\t\n"), AXC),
    Case("a blank line too many, and two places", "b\nb", parts("\nb\n", "x\n"), (1, FOUND_TWICE)),
    Case("a blank line too many, and a shift", "  a\n  b", parts("\na\nb\n", "\na\nx\n"), "  a\n  x"),
    Case("a blank line too few amid the search", "a\n\nb\nc", block("a\nb", "x"), (1, NOT_FOUND)),
    Case("a blank line too many amid the search", ABC, block("a\n\nb", "x"), (1, NOT_FOUND)),
]

INDENTED = [
    Case("indented less than the code", "  a\n    b\n  c", block("a\n  b", "a\n  x\n  y"), "  a\n    x\n    y\n  c"),
    Case("indented more than the code", "a\n  b\nc", block("    a\n      b", "    a\n      x"), "a\n  x\nc"),
    Case(
        "one line indented less",
        COUNTER,
        block("<p>{count}</p>", "<p>\n  {count}\n</p>"),
        counter(P, "      <p>\n        {count}\n      </p>"),
    ),
    Case("one line indented more", ABC, block("        b", "        x"), AXC),
    Case("indented less, and a blank line amid", "  a\n\n  b\nc", block("a\n\nb", "x\n\nb"), "  x\n\n  b\nc"),
    Case("indented less, and blanks in a blank line", "  a\n  \n  b\nc", block("a\n\nb", "a\n\nx"), "  a\n  \n  x\nc"),
    Case("indented less, and trailing blanks", "  a \n  b\nc", block("a\nb", "a\nx"), "  a \n  x\nc"),
    Case("indented less, and a blank line in the replacement", "  a\n  b", block("a\nb", "a\n\nx"), "  a\n\n  x"),
    Case("indented by a tab less", "\ta\n\t\tb", block("a\n\tb", "a\n\tx"), "\ta\n\t\tx"),
    Case("indented by tabs behind blanks", "  \ta\n  \t\tb", block("\ta\n\t\tb", "\ta\n\t\tx"), "  \ta\n  \t\tx"),
    Case("an outer line in the replacement, indented less", "    a\n    b", block("  a\n  b", "a\n  x"), "  a\n    x"),
    Case("the replacement cannot be shifted", "a\n  b", block("  a\n    b", "x\n  y"), (1, NOT_FOUND)),
    Case(
        "a line of the replacement that stays need not be shifted",
        "a\nb",
        block("  a\n  b", "  a\n  x\n\n"),
        "a\nx\n\n",
    ),
    Case("indented unevenly", "  a\n    b", block("a\n    b", "x"), (1, NOT_FOUND)),
    Case("indented unevenly behind a blank line", "  a\n\n    b", block("a\n\nb", "x"), (1, NOT_FOUND)),
    Case(
        "the first line without its indentation, as behind a quote",
        "    a\n    b",
        block("a\n    b", "x"),
        (1, NOT_FOUND),
    ),
    Case("no indentation at all", "if a:\n    b\n    c", block("if a:\nb\nc", "x"), (1, NOT_FOUND)),
    Case("four blanks for a tab", "\ta\n\t\tb", block("    a\n        b", "x"), (1, NOT_FOUND)),
    Case("a tab for four blanks", "    a", block("\ta", "x"), (1, NOT_FOUND)),
    Case("two blanks a level for four", "a\n    b\n        c", block("a\n  b\n    c", "x"), (1, NOT_FOUND)),
    Case("a shift where the exact lines are elsewhere", "  b\nb", block("b", "x"), "  b\nx"),
    Case("a shift where trailing blanks are elsewhere", "  b\nb ", block("b", "x"), "  b\nx"),
    Case("a shift at two places", "  b\n    b", block("b", "x"), (1, FOUND_TWICE)),
    Case("a shift at one place, no shift at another", "\tb\n    b", block("  b", "  x"), "\tb\n    x"),
    Case(
        "a shift, and the first line is elsewhere as well",
        "  a\n  b\n  a\n  c",
        block("a\nc", "a\nx"),
        "  a\n  b\n  a\n  x",
    ),
    Case("a shift, and other blank lines between", "  a\n\n\n  b", block("a\n\nb", "x"), (1, NOT_FOUND)),
    Case("a shift at one of very many alike places", "  b\n" + "\tb\n" * 300, block("    b", "    x"), (1, NOT_FOUND)),
    Case("a shift at the last of a few places", "\tb\n\tb\n  b", block("    b", "    x"), "\tb\n\tb\n  x"),
    Case("a shift at all of very many places", "  b\n" * 300 + "  c", block("b", "x"), (1, FOUND_TWICE)),
]

NOWHERE_OR_TWICE = [
    Case("a line that is there twice", LIST, block("    total = 0", "    total = 1"), (1, FOUND_TWICE)),
    Case("two lines that are there twice", "a\nb\nc\na\nb", block("a\nb", "x"), (1, FOUND_TWICE)),
    Case("lines that overlap themselves", "a\na\na", block("a\na", "x"), (1, FOUND_TWICE)),
    Case("a brace only", "f {\n}\ng {\n}", block("}", "};"), (1, FOUND_TWICE)),
    Case(
        "a line there twice, told apart by another",
        LIST,
        block("def second():\n    total = 0", "def second():\n    total = 1"),
        LIST.replace("def second():\n    total = 0", "def second():\n    total = 1"),
    ),
    Case("a line that is not there", ABC, block("d", "x"), (1, NOT_FOUND)),
    Case("more lines than the code has", "a", block("a\nb", "x"), (1, NOT_FOUND)),
    Case("a part of a line", COUNTER, block("<p>{count}", "<b>{count}"), (1, NOT_FOUND)),
    Case("a part of a line that is unique", 'for="a" class="b"', block('for="a"', 'for="x"'), (1, NOT_FOUND)),
    Case("a line and a part of the next", ABC + "d", block("b\nc", "x"), (1, NOT_FOUND)),
    Case("other case", COUNTER, block(P.upper(), "x"), (1, NOT_FOUND)),
    Case("dots for what is left out", FIVE, block("one\n...\nfive", "1\n...\n5"), (1, NOT_FOUND)),
    Case("a comment for what is left out", COUNTER, block(STATE + "\n  // ... existing code\n}", "x"), (1, NOT_FOUND)),
    Case(
        "a comment of JSX for what is left out",
        COUNTER,
        block(P + "\n      {/* ... */}\n    </div>", "x"),
        (1, NOT_FOUND),
    ),
    Case("an ellipsis for what is left out", FIVE, block("one\n…\nfive", "x"), (1, NOT_FOUND)),
    Case("a line left out", FIVE, block("one\nthree", "x"), (1, NOT_FOUND)),
    Case("a comment left out", "a\n# why\nb", block("a\nb", "x"), (1, NOT_FOUND)),
    Case("a line too many", FIVE, block("one\none and a half\ntwo", "x"), (1, NOT_FOUND)),
    Case("line numbers and a bar", ABC, block("2 | b", "2 | x"), (1, NOT_FOUND)),
    Case("line numbers and a colon", ABC, block("2: b", "2: x"), (1, NOT_FOUND)),
    Case("line numbers and a tab, as a viewer shows them", ABC, block("     2\tb", "     2\tx"), (1, NOT_FOUND)),
    Case("line numbers and an arrow", ABC, block("     2→b", "     2→x"), (1, NOT_FOUND)),
    Case("signs of a unified diff", ABC, block("-b", "+x"), (1, NOT_FOUND)),
    Case("a whole unified diff in a block", ABC, block("@@ -1,3 +1,3 @@\n a\n-b", " a\n+x"), (1, NOT_FOUND)),
    Case("hints of the start line", ABC, parts(":start_line:2\n-------\nb\n", "x\n"), (1, NOT_FOUND)),
    Case("smart quotes", 'say("hi")\nb', block("say(“hi”)", "x"), (1, NOT_FOUND)),
    Case("smart apostrophes", "it's\nb", block("it\u2019s", "x"), (1, NOT_FOUND)),
    Case("straight quotes for smart ones", "say “hi”\nb", block('say "hi"', "x"), (1, NOT_FOUND)),
    Case("single quotes for double ones", 'say("hi")\nb', block("say('hi')", "x"), (1, NOT_FOUND)),
    Case("a dash for a hyphen", "a - b\nc", block("a \u2013 b", "x"), (1, NOT_FOUND)),
    Case("a no-break space", "a b\nc", block("a\u00a0b", "x"), (1, NOT_FOUND)),
    Case("composed for decomposed characters", "e\u0301\nb", block("\u00e9", "x"), (1, NOT_FOUND)),
    Case("a byte order mark", ABC, block("\ufeffb", "x"), (1, NOT_FOUND)),
    Case("a zero-width space", ABC, block("b\u200b", "x"), (1, NOT_FOUND)),
    Case("two blanks for one", "a b\nc", block("a  b", "x"), (1, NOT_FOUND)),
    Case("a comma too many", "{\n  a: 1\n}", block("  a: 1,", "  a: 2,"), (1, NOT_FOUND)),
    Case("a semicolon too few", "a();\nb", block("a()", "x"), (1, NOT_FOUND)),
    Case("two lines as one", "f(a,\n  b)", block("f(a, b)", "x"), (1, NOT_FOUND)),
    Case("one line as two", "f(a, b)\nc", block("f(a,\n  b)", "x"), (1, NOT_FOUND)),
    Case("attributes in another order", '<a b="1" c="2">\nd', block('<a c="2" b="1">', "x"), (1, NOT_FOUND)),
    Case("written line feeds", ABC, block("a\\nb", "x\\ny"), (1, NOT_FOUND)),
    Case("escaped quotes", 'say("hi")\nb', block('say(\\"hi\\")', "x"), (1, NOT_FOUND)),
    Case("a file name in the search", ABC, block("src/app.js\nb", "src/app.js\nx"), (1, NOT_FOUND)),
    Case(
        "code that the model made up", COUNTER, block("  const [total, setTotal] = useState(0);", "x"), (1, NOT_FOUND)
    ),
    Case("marks that code cannot hold, escaped", "a\n\\=======\nb", block("\\=======", "x"), "a\nx\nb"),
    Case("the replacement is there already", "a\nx\nc", B_TO_X, (1, ALREADY_THERE)),
    Case("the replacement is there already, indented", "a\n  x\nc", B_TO_X, (1, ALREADY_THERE)),
    Case("an insertion is there already", "a\nnew\nc", block("a\nb\nc", "a\nnew\nc"), (1, ALREADY_THERE)),
    Case("the replacement is there twice", "x\nx", B_TO_X, (1, NOT_FOUND)),
    Case("what a deletion leaves is there, as it would be", "a\nc", block("a\nb", "a"), (1, NOT_FOUND)),
    Case("what a deletion deletes is not there", "a\nc", block("b", ""), (1, NOT_FOUND)),
    Case("no search", ABC, block("", "x"), (1, EMPTY)),
    Case("a blank search", ABC, parts("\n", "x\n"), (1, EMPTY)),
    Case("a search of blanks", "a\n  \nc", parts("  \n", "x\n"), (1, EMPTY)),
    Case("a search of blank lines that are there", "a\n\n\nb", parts("\n\n", "x\n"), (1, EMPTY)),
    Case("neither part", ABC, block("", ""), (1, EMPTY)),
    Case("an empty code", "", block("a", "x"), (1, NOT_FOUND)),
]

AROUND = [
    Case("prose before", ABC, f"Sure! I change b:\n\n{B_TO_X}", AXC),
    Case("prose behind", ABC, f"{B_TO_X}\nThat is all. It's blue now.", AXC),
    Case("prose between", FIVE, f"{block('two', '2')}\nNow for four:\n{block('four', '4')}", "one\n2\nthree\n4\nfive"),
    Case("no line feed at the end", ABC, B_TO_X.rstrip("\n"), AXC),
    Case("a space before everything", ABC, " " + B_TO_X, AXC),
    Case("a byte order mark before everything", ABC, "\ufeff\n" + B_TO_X, AXC),
    Case("a fence", ABC, f"```\n{B_TO_X}```", AXC),
    Case("a fence with a language", ABC, f"```jsx\n{B_TO_X}```\n", AXC),
    Case("a fence of four", ABC, f"````diff\n{B_TO_X}````\n", AXC),
    Case("a fence of tildes", ABC, f"~~~\n{B_TO_X}~~~", AXC),
    Case("a fence without its end", ABC, f"```jsx\n{B_TO_X}", AXC),
    Case("the end of a fence only", ABC, f"{B_TO_X}```", AXC),
    Case("two ends of a fence", ABC, f"```\n{B_TO_X}```\n```", AXC),
    Case(
        "a fence around each block",
        FIVE,
        f"```\n{block('two', '2')}```\n\n```\n{block('four', '4')}```",
        "one\n2\nthree\n4\nfive",
    ),
    Case("the end of a fence behind the last mark", ABC, B_TO_X.rstrip() + "```", AXC),
    Case("a file name", ABC, f"src/App.jsx\n{B_TO_X}", AXC),
    Case("a file name in a fence", ABC, f"```jsx\nsrc/App.jsx\n{B_TO_X}```", AXC),
    Case("a file name before a fence", ABC, f"**src/App.jsx**\n```jsx\n{B_TO_X}```", AXC),
    Case("a list", ABC, f"1. Change b:\n   {B_TO_X}", AXC),
    Case("a heading that is underlined", ABC, f"Changes\n=======\n\n{B_TO_X}", AXC),
    Case("a heading that is underlined, behind", ABC, f"{B_TO_X}\nSummary\n=======\nBlue.", AXC),
    Case("quoted mail behind", ABC, f"{B_TO_X}\n>>>>> a quote", AXC),
    Case("the words of the marks in prose", ABC, f"SEARCH and REPLACE, as you asked.\n{B_TO_X}", AXC),
    Case("the marks in a sentence", ABC, f"Below `<<<<<<< SEARCH` is the old line.\n{B_TO_X}", AXC),
    Case("the whole code in between, without marks", ABC, f"Here is all of it:\n```\n{AXC}\n```\n{B_TO_X}", AXC),
    Case("an artifact around the blocks", ABC, f'<artifact type="text/html" title="T">\n{B_TO_X}</artifact>', AXC),
    Case("reasoning before", ABC, f"<think>\nWhich line? b.\n</think>\n{B_TO_X}", AXC),
    Case("reasoning with a draft", ABC, f"<think>\n{block('b', 'draft')}</think>\n{B_TO_X}", AXC),
    Case("reasoning with half a draft", ABC, f"<think>\n<<<<<<< SEARCH\nb\n</think>\n{B_TO_X}", AXC),
    Case("reasoning in a line", ABC, f"<think>Line b.</think>\n{B_TO_X}", AXC),
    Case("reasoning that ends where a block begins", ABC, f"<think>Line b.</think>{B_TO_X}", AXC),
    Case("reasoning in capitals", ABC, f"<THINK>\n{block('b', 'y')}</THINK>\n{B_TO_X}", AXC),
    Case("reasoning twice", ABC, f"<think>a</think><think>\nb</think>\n{B_TO_X}", AXC),
    Case("reasoning behind the blocks", ABC, f"{B_TO_X}<think>\nDone?\n</think>\n", AXC),
    Case("reasoning without a beginning", ABC, f"Which line? b.\n</think>\n{B_TO_X}", AXC),
    Case("reasoning without a beginning, in the line of a block", ABC, f"Which line? b.</think>{B_TO_X}", AXC),
    Case("a tag of reasoning in a sentence", ABC, f"{B_TO_X}The `</think>` tag is gone now.", AXC),
    Case("a letter that is two in lower case, before reasoning ends", ABC, f"<think>İİİİİİİİİ</think>{B_TO_X}", AXC),
    Case("a token that leaked", ABC, f"{B_TO_X}<|tool_calls_section_begin|>", AXC),
    Case("a token that leaked behind the last mark", ABC, B_TO_X.rstrip() + "<|im_end|>", AXC),
]

MARKS = [
    Case("five characters", ABC, "<<<<< SEARCH\nb\n=====\nx\n>>>>> REPLACE", AXC),
    Case("six characters", ABC, "<<<<<< SEARCH\nb\n======\nx\n>>>>>> REPLACE", AXC),
    Case("nine characters", ABC, "<<<<<<<<< SEARCH\nb\n=========\nx\n>>>>>>>>> REPLACE", AXC),
    Case("different numbers of characters", ABC, "<<<<<<< SEARCH\nb\n========\nx\n>>>>>> REPLACE", AXC),
    Case("no blank before the word", ABC, "<<<<<<<SEARCH\nb\n=======\nx\n>>>>>>>REPLACE", AXC),
    Case("two blanks before the word", ABC, "<<<<<<<  SEARCH\nb\n=======\nx\n>>>>>>>  REPLACE", AXC),
    Case("blanks before the marks", ABC, "  <<<<<<< SEARCH\nb\n  =======\nx\n\t>>>>>>> REPLACE", AXC),
    Case("blanks behind the marks", ABC, "<<<<<<< SEARCH  \nb\n=======\t\nx\n>>>>>>> REPLACE ", AXC),
    Case("small letters", ABC, "<<<<<<< search\nb\n=======\nx\n>>>>>>> replace", AXC),
    Case("a colon", ABC, "<<<<<<< SEARCH:\nb\n=======\nx\n>>>>>>> REPLACE:", AXC),
    Case("a bracket too many", ABC, "<<<<<<< SEARCH>\nb\n=======\nx\n>>>>>>> REPLACE", AXC),
    Case(
        "a block that is indented as a whole",
        ABC,
        "    <<<<<<< SEARCH\n    b\n    =======\n    x\n    >>>>>>> REPLACE",
        AXC,
    ),
]

ENTITIES = [
    Case("escaped brackets", "<p>a</p>\nb", block("&lt;p&gt;a&lt;/p&gt;", "&lt;p&gt;x&lt;/p&gt;"), "<p>x</p>\nb"),
    Case(
        "escaped quotes and ampersands",
        'a && "b"\nc',
        block("a &amp;&amp; &quot;b&quot;", "a &amp;&amp; &quot;x&quot;"),
        'a && "x"\nc',
    ),
    Case("escaped apostrophes", "it's\nb", block("it&#39;s", "it&#39;s x"), "it's x\nb"),
    Case("escaped apostrophes in hexadecimal and by name", "'a'\nb", block("&#x27;a&apos;", "&#x27;x&apos;"), "'x'\nb"),
    Case("entities escaped once more", "a &lt; b\nc", block("a &amp;lt; b", "a &amp;gt; b"), "a &gt; b\nc"),
    Case(
        "escaped, and an entity of the replacement's own",
        "<a>\nb",
        block("&lt;a&gt;", "&lt;a&gt;&amp;nbsp;"),
        "<a>&nbsp;\nb",
    ),
    Case(
        "an arrow that is escaped",
        COUNTER,
        block(P + "\n" + MORE.replace("=>", "=&gt;"), "x"),
        counter(P + "\n" + MORE, "x"),
    ),
    Case("escaped, and the code has both", "a < b\na &lt; b", block("a &lt; b", "x"), "a < b\nx"),
    Case("only the replacement is escaped", "a\nb", block("a", "a &lt; b"), "a &lt; b\nb"),
    Case("escaped, and found twice", "<a>\n<a>", block("&lt;a&gt;", "x"), (1, FOUND_TWICE)),
    Case("escaped, and not there", "<a>\nb", block("&lt;c&gt;", "x"), (1, NOT_FOUND)),
    Case("escaped, and a shift", "  <a>\nb", block("&lt;a&gt;", "&lt;x&gt;"), "  <x>\nb"),
    Case("escaped in part", "<a> &lt;\nb", block("&lt;a> &lt;", "x"), (1, NOT_FOUND)),
    Case("an entity that no model escapes to", "\u00a9\nb", block("&copy;", "x"), (1, NOT_FOUND)),
]

FENCED_PARTS = [
    Case("a fence in each part", ABC, block("```\nb\n```", "```\nx\n```"), AXC),
    Case("a fence with a language in each part", ABC, block("```jsx\nb\n```", "```jsx\nx\n```"), AXC),
    Case("a fence of tildes in each part", ABC, block("~~~\nb\n~~~", "~~~\nx\n~~~"), AXC),
    Case("a fence in the search only", ABC, block("```\nb\n```", "x"), AXC),
    Case("a fence and blank lines", ABC, block("\n```\n\nb\n\n```\n", "```\n\nx\n\n```"), AXC),
    Case("a fence and a shift", "  a\n  b", block("```\na\nb\n```", "```\na\nx\n```"), "  a\n  x"),
    Case("a fence and entities", "<a>\nb", block("```\n&lt;a&gt;\n```", "```\n&lt;x&gt;\n```"), "<x>\nb"),
    Case("a fence around a deletion", ABC, block("```\nb\n```", "```\n```"), "a\nc"),
    Case("a fence behind a blank line", ABC, block("```\nb\n```", "\n```\nx\n```"), AXC),
    Case("a fence in the search, half of one in place of it", ABC, block("```\nb\n```", "```"), "a\n```\nc"),
    Case("a fence around nothing", ABC, block("```\n```", "x"), (1, NOT_FOUND)),
    Case("a fence without an end", ABC, block("```\nb", "x"), (1, NOT_FOUND)),
    Case("a fence that ends with another sign", ABC, block("```\nb\n~~~", "x"), (1, NOT_FOUND)),
    Case(
        "a fence around a fence of the code",
        "```\nb\n```\nc",
        block("````\n```\nb\n```\n````", "````\nx\n````"),
        "x\nc",
    ),
    Case("a fence that is in the code as well as its lines", "b\n```\nb\n```", block("```\nb\n```", "x"), "b\nx"),
]

CASES = [
    *EXACT,
    *SEVERAL,
    *BLANKS,
    *INDENTED,
    *NOWHERE_OR_TWICE,
    *AROUND,
    *MARKS,
    *ENTITIES,
    *FENCED_PARTS,
]

TWO_DIVIDERS = "has two lines `=======`"
NO_DIVIDER = "has no line `=======`"

UNFINISHED, ENDED = True, False

UNREAD = [
    Unread("nothing", "", 0, ENDED, None),
    Unread("prose only", "I cannot do that.", 0, ENDED, None),
    Unread("a whole artifact", f'<artifact type="text/html" title="T">\n{ABC}\n</artifact>', 0, ENDED, None),
    Unread("a whole file in a fence", f"```\n{ABC}\n```", 0, ENDED, None),
    Unread("a unified diff", "--- a\n+++ b\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c", 0, ENDED, None),
    Unread("old_str and new_str in tags", "<old_str>b</old_str>\n<new_str>x</new_str>", 0, ENDED, None),
    Unread("old_str and new_str in JSON", '{"command": "str_replace", "old_str": "b", "new_str": "x"}', 0, ENDED, None),
    Unread("a patch of another kind", "*** Begin Patch\n*** Update File: a\n-b\n+x\n*** End Patch", 0, ENDED, None),
    Unread("no end", "<<<<<<< SEARCH\nb\n=======\nx\n", 0, UNFINISHED, None),
    Unread("no end, in a fence", "```\n<<<<<<< SEARCH\nb\n=======\nx\n```\n", 0, UNFINISHED, None),
    Unread("no end of the second", B_TO_X + "<<<<<<< SEARCH\nc\n=======\ny\n", 1, UNFINISHED, None),
    Unread("no end of the first", "<<<<<<< SEARCH\nc\n=======\ny\n" + B_TO_X, 1, UNFINISHED, None),
    Unread("no end of the first, which has no divider either", "<<<<<<< SEARCH\nc\n" + B_TO_X, 1, UNFINISHED, None),
    Unread("a search only", "<<<<<<< SEARCH\nb\n", 0, UNFINISHED, None),
    Unread("a mark only", "<<<<<<< SEARCH", 0, UNFINISHED, None),
    Unread("half a mark at the end", B_TO_X + "<<<<<<< SEA", 1, UNFINISHED, "is no mark"),
    Unread("half the last mark", "<<<<<<< SEARCH\nb\n=======\nx\n>>>>>>> REPL", 0, UNFINISHED, "holds the line"),
    Unread(
        "the last mark in the line of the code", "<<<<<<< SEARCH\nb\n=======\nx >>>>>>> REPLACE", 0, UNFINISHED, None
    ),
    Unread(
        "the last mark without its word",
        "<<<<<<< SEARCH\nb\n=======\nx\n>>>>>>>",
        0,
        UNFINISHED,
        "holds the line `>>>>>>>`",
    ),
    Unread("reasoning without an end", f"<think>\n{B_TO_X}", 0, UNFINISHED, None),
    Unread("reasoning without an end behind a block", f"{B_TO_X}<think>\nIs that all?", 1, UNFINISHED, None),
    Unread("no divider", "<<<<<<< SEARCH\nb\nx\n>>>>>>> REPLACE\n", 0, ENDED, NO_DIVIDER),
    Unread("a divider that is too short", "<<<<<<< SEARCH\nb\n====\nx\n>>>>>>> REPLACE\n", 0, ENDED, NO_DIVIDER),
    Unread("a divider that is too long", "<<<<<<< SEARCH\nb\n==========\nx\n>>>>>>> REPLACE\n", 0, ENDED, NO_DIVIDER),
    Unread("a divider of hyphens", "<<<<<<< SEARCH\nb\n-------\nx\n>>>>>>> REPLACE\n", 0, ENDED, NO_DIVIDER),
    Unread("two dividers", "<<<<<<< SEARCH\nb\n=======\nx\n=======\ny\n>>>>>>> REPLACE\n", 0, ENDED, TWO_DIVIDERS),
    Unread(
        "two dividers in a row", "<<<<<<< SEARCH\nb\n=======\n=======\nx\n>>>>>>> REPLACE\n", 0, ENDED, TWO_DIVIDERS
    ),
    Unread(
        "a divider before the end", "<<<<<<< SEARCH\nb\n=======\nx\n=======\n>>>>>>> REPLACE\n", 0, ENDED, TWO_DIVIDERS
    ),
    Unread(
        "an underlined heading in a part",
        "<<<<<<< SEARCH\nT\n=====\n=======\nU\n>>>>>>> REPLACE\n",
        0,
        ENDED,
        TWO_DIVIDERS,
    ),
    Unread("two dividers of the second", B_TO_X + block("b\n=======", "x"), 1, ENDED, f"Block 2 {TWO_DIVIDERS}"),
    Unread("two dividers of the first", block("b\n=======", "x") + B_TO_X, 1, ENDED, f"Block 1 {TWO_DIVIDERS}"),
    Unread("no beginning", "b\n=======\nx\n>>>>>>> REPLACE\n", 0, ENDED, "where no block has begun"),
    Unread("two ends", B_TO_X + ">>>>>>> REPLACE\n", 1, ENDED, "where no block has begun"),
    Unread("a mark in a part", block("b", "x\n>>>>>>> REPLACE"), 1, ENDED, "where no block has begun"),
    Unread(
        "a beginning that is too short",
        "<<<< SEARCH\nb\n=======\nx\n>>>>>>> REPLACE\n",
        0,
        ENDED,
        "`<<<< SEARCH` is no",
    ),
    Unread(
        "a beginning that is too long", "<<<<<<<<<< SEARCH\nb\n=======\nx\n>>>>>>> REPLACE\n", 0, ENDED, "is no mark"
    ),
    Unread(
        "a beginning with a file name", "<<<<<<< SEARCH a.js\nb\n=======\nx\n>>>>>>> REPLACE\n", 0, ENDED, "is no mark"
    ),
    Unread(
        "the marks of a merge conflict", "<<<<<<< HEAD\nb\n=======\nx\n>>>>>>> new\n", 0, ENDED, "`<<<<<<< HEAD` is no"
    ),
    Unread("the marks of old and new", "<<<<<<< ORIGINAL\nb\n=======\nx\n>>>>>>> UPDATED\n", 0, ENDED, "is no mark"),
    Unread(
        "an end that is too long",
        "<<<<<<< SEARCH\nb\n=======\nx\n>>>>>>>>>> REPLACE\n",
        0,
        UNFINISHED,
        "holds the line",
    ),
    Unread(
        "an end with another word", "<<<<<<< SEARCH\nb\n=======\nx\n>>>>>>> UPDATED\n", 0, UNFINISHED, "holds the line"
    ),
    Unread(
        "a merge conflict in a part",
        block("b", "<<<<<<< HEAD\nx\n>>>>>>> new"),
        0,
        ENDED,
        "holds the line `<<<<<<< HEAD`",
    ),
    Unread("a draft, then reasoning ends", f"{B_TO_X}\nOr rather not.\n</think>\nNo.", 0, ENDED, None),
    Unread("a malformed draft, then reasoning ends", "<<<<<<< HEAD\n</think>\nNo.", 0, ENDED, None),
    Unread("a long line in a malformed part", "<<<<<<< SEARCH\n<<<<<<< " + "x" * 500 + "\n", 0, UNFINISHED, "x…`"),
]
