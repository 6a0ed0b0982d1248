"""JavaScript is what is left of TypeScript without its types."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from local.docgen.client import DOCS
from local.docgen.erasable_types import NotErasableError, erase_types

_TYPESCRIPT = Path(__file__).parents[3] / "local/parsers/node_modules/typescript"
_COMPILER = """
const typescript = require(process.argv[1]);
const compilerOptions = { target: "esnext", module: "esnext", verbatimModuleSyntax: true, removeComments: true };
const made = (source) => typescript.transpileModule(source, { compilerOptions }).outputText;
let input = "";
process.stdin.on("data", (data) => { input += data; });
process.stdin.on("end", () => { console.log(JSON.stringify(JSON.parse(input).map(made))); });
"""

CASES = {
    "annotations": (
        "const a: string = f(1);\nlet b: A | null, c!: number;\nfor (const d of e as F[]) g(d!);\n",
        "const a = f(1);\nlet b, c;\nfor (const d of e) g(d);\n",
    ),
    "functions": (
        "function f<const T extends U>(this: V, a: T, b?: string, ...c: number[]): asserts a is T { g<T>(a); }\n",
        "function f(a, b, ...c) { g(a); }\n",
    ),
    "overloads": (
        "/** One. */\nexport function f(a: string): void;\n/** Both. */\nexport function f(a: unknown) {}\n",
        "/** Both. */\nexport function f(a) {}\n",
    ),
    "arrows": (
        "const f = async <T,>({ a }: B = {} as B): Promise<T> => (a satisfies T || b).c!;\nf((a): a is B => !!a);\n",
        "const f = async ({ a } = {}) => (a || b).c;\nf((a) => !!a);\n",
    ),
    "declarations": (
        "const a = 1;\n\n/** Of types only. */\ninterface B { c: string }\n\n// Why so.\nexport type D = B;\n\nf();\n",
        "const a = 1;\n\nf();\n",
    ),
    "comments": (
        "// Of the file.\n\n// Of the type.\ntype A = string; // and behind it\nf(); // called\ntype B = A;\ng();\n",
        "// Of the file.\n\n// and behind it\nf(); // called\ng();\n",
    ),
    "imports": (
        'import type { A } from "a";\nimport { type B, c } from "b";\nexport type { E } from "e";\n',
        'import { c } from "b";\n',
    ),
    "classes": (
        """\
abstract class A<T> extends B<T> implements C, D {
  declare a: T;
  private static readonly b: T = 1;
  #c?: T;
  [key: string]: unknown;
  protected abstract d(): void;
  e(): void;

  override e(): T {
    return 1;
  }
}
""",
        """\
class A extends B {
  static b = 1;
  #c;
  e() {
    return 1;
  }
}
""",
    ),
    "catch": (
        "try { f(); } catch (error: unknown) { g(error as const); }\n",
        "try { f(); } catch (error) { g(error); }\n",
    ),
    "unicode": ("const ä: string = '…𝄞' as X;\n", "const ä = '…𝄞';\n"),
    "nested": ("f(a as B as C, (b as D || c)!.e!);\n", "f(a, (b || c).e);\n"),
    "strings": ("f('a: string', `as ${b as C}`, /<T>/);\n", "f('a: string', `as ${b}`, /<T>/);\n"),
}


@pytest.mark.parametrize(("source", "made"), CASES.values(), ids=CASES)
def test_types_are_left_out_and_nothing_else(source: str, made: str) -> None:
    assert erase_types(source) == made


def test_a_comma_before_a_type_stays() -> None:
    """It may be behind the last name."""
    assert erase_types('import { a, type B } from "c";\n') == 'import { a, } from "c";\n'


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("enum A { B }", "an enum"),
        ("namespace A { f(); }", "a namespace"),
        ("module A { f(); }", "a namespace"),
        ("class A { constructor(private b: string) {} }", "a parameter that is a field"),
        ("class A { constructor(readonly b: string) {} }", "a parameter that is a field"),
        ("@a class B {}", "a decorator"),
        ("const a = <B>c;", "a type assertion in angle brackets"),
        ('import a = require("b");', "an import of `require`"),
        ("import a = b.c;", "an import alias"),
        ("export = a;", "an export that modules do not have"),
    ],
)
def test_what_is_more_than_a_type_is_refused_with_its_line(line: str, what: str) -> None:
    with pytest.raises(NotErasableError, match=f"^Line 2 has {what}"):
        erase_types(f"f();\n{line}\n")


def test_what_cannot_be_parsed_is_refused() -> None:
    with pytest.raises(NotErasableError, match="cannot be parsed"):
        erase_types("const a: = 1;\n")


def compiled(sources: list[str]) -> list[str]:
    """What the TypeScript compiler makes of these, in one layout and without comments."""
    if shutil.which("node") is None or not _TYPESCRIPT.exists():
        pytest.skip("TypeScript's compiler is not here (`make parsers` installs it; needs node and npm)")
    command = ["node", "-e", _COMPILER, str(_TYPESCRIPT)]
    made: list[str] = json.loads(
        subprocess.run(command, input=json.dumps(sources), capture_output=True, check=True, text=True).stdout
    )
    return made


def test_the_compiler_makes_the_same_of_it() -> None:
    """Its output from the code with types is its output from the code that they were left out of."""
    files = [path.read_text("utf-8") for path in sorted((DOCS / "client").glob("*.ts"))]
    cases = [source + "export const a = 1;\n" for source, _ in CASES.values()]  # or it would say that it is a module
    sources = [*cases, *files]

    made = compiled([*sources, *map(erase_types, sources)])

    assert len(files) > 1
    assert made[: len(sources)] == made[len(sources) :]
