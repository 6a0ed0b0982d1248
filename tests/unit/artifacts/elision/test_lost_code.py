"""What is gone from a fix where a new comment stands."""

import time

import pytest

from shared.artifacts.elision.lost_code import lost_beside_comment
from shared.artifacts.kinds import Kind

COMPONENT = """\
import { useState } from "react";

const COLORS = ["red", "blue"];

export default function App() {
  const [color, setColor] = useState("red");
  const handleReset = () => {
    setColor("red");
  };

  return (
    <main>
      <h1>{color</h1>
      <button onClick={handleReset}>Reset</button>
      <Palette colors={COLORS} onPick={setColor} />
      <p id="legend">Pick one</p>
    </main>
  );
}
"""
STYLES = """\
.card {
  color: red
}
.card:hover {
  color: blue;
}
#top {
  margin: 0;
}
"""
PYTHON = """\
LIMIT = 3

class Store:
    def add(self, item)
        self.items.append(item)

    def clear(self):
        self.items = []

    def count(self):
        return len(self.items)
"""
FIXED = COMPONENT.replace("{color<", "{color}<")
HANDLER = '  const handleReset = () => {\n    setColor("red");\n  };\n'


@pytest.mark.parametrize(
    ("before", "after", "kind", "lost"),
    [
        pytest.param(
            COMPONENT, FIXED.replace(HANDLER, "  // Other handlers\n"), Kind.REACT, "handleReset", id="handler"
        ),
        pytest.param(
            COMPONENT,
            FIXED.replace('const COLORS = ["red", "blue"];', "// colors as above"),
            Kind.REACT,
            "COLORS",
            id="constant",
        ),
        pytest.param(
            COMPONENT,
            FIXED.replace("      <Palette colors={COLORS} onPick={setColor} />", "      {/* Existing palette */}"),
            Kind.REACT,
            "Palette",
            id="component",
        ),
        pytest.param(
            COMPONENT,
            FIXED.replace(
                "<button onClick={handleReset}>Reset</button>",
                "{/* the reset button stays here */}\n<button>Reset</button>",
            ),
            Kind.REACT,
            "onClick={handleReset}",
            id="event-handler",
        ),
        pytest.param(
            COMPONENT,
            FIXED.replace('      <p id="legend">Pick one</p>', "      {/* Legend: keep */}"),
            Kind.REACT,
            "legend",
            id="identifier",
        ),
        pytest.param(
            STYLES,
            ".card {\n  color: red;\n}\n/* Other states */\n#top {\n  margin: 0;\n}\n",
            Kind.CODE,
            ".card:hover",
            id="selector",
        ),
        pytest.param(
            PYTHON,
            PYTHON.replace("item)\n", "item):\n", 1).replace(
                "    def clear(self):\n        self.items = []\n", "    # clear: see the original\n"
            ),
            Kind.CODE,
            "clear",
            id="method",
        ),
        pytest.param(
            "class A {\n  a() {\n    return 1;\n  }\n  b() {\n    return (2;\n  }\n}",
            "class A {\n  // a as before...\n  b() {\n    return 2;\n  }\n}",
            Kind.CODE,
            "a",
            id="method-of-javascript",
        ),
        pytest.param(
            "flowchart TD\n  a[A --> b[B]\n  c[C]",
            "flowchart TD\n  %% other nodes\n  b[B]",
            Kind.MERMAID,
            "a",
            id="node",
        ),
        pytest.param(
            "# A\n\na\n\n## B\n\nb\n\n```\n",
            "# A\n\na\n\n[B stays the same]\n\n```\n```\n",
            Kind.MARKDOWN,
            "B",
            id="heading",
        ),
        pytest.param("def f(:\n  pass\ndef g():\n  pass", "# both here\nx = 1", Kind.CODE, "f", id="nothing-in-common"),
    ],
)
def test_what_is_gone_beside_a_comment_is_named(before: str, after: str, kind: Kind, lost: str) -> None:
    assert lost_beside_comment(before, after, kind) == lost


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(FIXED, id="nothing-gone"),
        pytest.param(FIXED.replace(HANDLER, ""), id="gone-without-a-comment"),
        pytest.param(
            FIXED.replace(HANDLER, "  // handleReset: removed, it was never called\n"), id="gone-with-a-reason"
        ),
        pytest.param(FIXED.replace(HANDLER, f"  // Other handlers\n{HANDLER}"), id="a-heading"),
        pytest.param(
            FIXED.replace("handleReset", "reset").replace("  const reset", "  // same as before\n  const reset"),
            id="renamed",
        ),
        pytest.param(
            FIXED.replace(HANDLER, "").replace("<main>", "<main>\n      {/* existing heading */}"), id="gone-elsewhere"
        ),
        pytest.param(FIXED.replace(HANDLER, "  f(); // other handlers\n"), id="a-comment-behind-code"),
    ],
)
def test_what_is_not_gone_beside_a_comment_is_not_held_against_a_fix(after: str) -> None:
    assert lost_beside_comment(COMPONENT, after, Kind.REACT) is None


def test_a_comment_that_was_there_before_stands_for_nothing() -> None:
    before = COMPONENT.replace(HANDLER, f"  // Other handlers\n{HANDLER}")

    assert lost_beside_comment(before, before.replace(HANDLER, ""), Kind.REACT) is None


@pytest.mark.parametrize(
    "part", ["// other\n", "const a = 1;\n// rest\n", "<A id='", "a(", "on", ".a ", "\n", "def a "]
)
def test_it_takes_time_in_proportion(part: str) -> None:
    """Each line held against each would be minutes."""
    before = "".join(f"let a{number} = 1;\n" for number in range(15_000))
    start = time.process_time()

    lost_beside_comment(before, part * (250_000 // len(part)), Kind.REACT)

    assert time.process_time() - start < 5
