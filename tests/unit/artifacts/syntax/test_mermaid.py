"""What breaks a diagram: each verdict is that of mermaid.js 11.17 too, but for diagrams that draw nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.artifacts.syntax.mermaid import problems
from shared.artifacts.syntax.problem import Rule, Source

SEQUENCE = "sequenceDiagram\n"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("graph TD;A-->B;", id="flowchart-on-one-line"),
        pytest.param("flowchart LR\n A([a]) --> B[[b]] --> C[(c)] --> D((d)) --> E(((e))) --> F>f]", id="round-shapes"),
        pytest.param(
            "flowchart LR\n A{a} --> B{{b}} --> C[/c/] --> D[\\d\\] --> E[/e\\] --> F[\\f/]", id="edged-shapes"
        ),
        pytest.param('flowchart TD\n A["a (b) [c]"] -- yes (no) --> B\n A -->|"a (b)"| C', id="brackets-in-quotes"),
        pytest.param("flowchart TD\n A -- a (b --> B", id="a-bracket-on-an-arrow"),
        pytest.param("flowchart TD\n A[|borders:lt|a] --> B", id="a-label-with-properties"),
        pytest.param('flowchart TD\n %% a --> end\n A["b --> end"] --> B[c --> end]', id="end-in-words"),
        pytest.param("flowchart TD\n A[It's, x = 1 - 2 > 0; #quot;a#quot;] --> B{a > 3?}", id="marks-in-labels"),
        pytest.param("flowchart TD\n A[over\n two lines] --> B", id="a-label-over-lines"),
        pytest.param("flowchart TD\n subgraph a [b]\n direction LR\n c --> d\n end\n a --> e", id="subgraph"),
        pytest.param("flowchart TD\n end1 --> endNode --> ending\n A --> sendIt[end]", id="names-with-end"),
        pytest.param('flowchart TD\n a@{ shape: circle, label: "b (c" }', id="shape-by-name"),
        pytest.param('flowchart TD\n A --> B\n style A fill:#fff\n click A call b("c")', id="styles-and-clicks"),
        pytest.param("flowchart TD\n %% ( [ {\n A --> B", id="brackets-in-a-comment"),
        pytest.param(f"{SEQUENCE} A->>+B: Don't (do [it\n B-->>-A: a\n A-)B: b", id="marks-in-messages"),
        pytest.param(f"{SEQUENCE} loop a\n alt b\n A->>B: c\n else d\n A-xB: e\n end\n end", id="blocks"),
        pytest.param(f"{SEQUENCE} rect rgb(0, 0, 0)\n Note over A,B: c\n end", id="rect"),
        pytest.param("classDiagram\n class A {\n +b(c) d\n -List~int~ e\n }\n A <|-- B : f {", id="class"),
        pytest.param(
            "stateDiagram-v2\n [*] --> A\n state A {\n B --> [*]\n }\n note right of A\n b {\n end note", id="state"
        ),
        pytest.param('erDiagram\n A ||--o{ B : c\n B }|..|{ D : e\n A {\n string f PK "g (h"\n }', id="entities"),
        pytest.param("mindmap\n a((b))\n  c)d(\n  e))f((\n  g{{h}}\n  ::icon(i)", id="mindmap"),
        pytest.param('pie title It\'s\n "a": 1', id="pie"),
        pytest.param('gantt\n title a (b\n section c\n d "e :f, 2024-01-01, 3d', id="gantt"),
        pytest.param("---\ntitle: a\n---\n%%{init: {}}%%\n%% b\ngraph LR\n A --> B", id="front-matter"),
        pytest.param("xychart-beta\n x-axis [a, b]\n bar [1, 2]", id="chart"),
        pytest.param("architecture-beta\n service a(cloud)[b]", id="architecture"),
        pytest.param('packet\n0-15: "a"', id="without-beta"),
        pytest.param('flowchart TD\n Odd["Print \\"odd\\""] --> B', id="escaped-quotes"),
        pytest.param(f"{SEQUENCE}accDescr {{\n loop and\n more }}\n A->>B: c", id="description-over-lines"),
        pytest.param("erDiagram\naccDescr {\n a {\n b }\n A ||--o{ B : c", id="description-of-entities"),
        pytest.param(f"{SEQUENCE} A->>B: c\n deactivate B", id="ends-with-a-participant"),
        pytest.param(f"{SEQUENCE} A->>B: c\n Note over A,B: d", id="ends-with-a-note"),
        pytest.param(f"{SEQUENCE} participant A", id="participant-alone"),
        pytest.param("classDiagram\n A <|-- B", id="class-arrow"),
        pytest.param("classDiagram\n class A", id="class-alone"),
        pytest.param("erDiagram\n A ||--o{ B : c\n D-E", id="entity-alone"),
        pytest.param("erDiagram\n A { string b }", id="entity-on-one-line"),
    ],
)
def test_what_mermaid_draws_is_accepted(code: str) -> None:
    assert problems(Source(code)) == []


@pytest.mark.parametrize(
    ("code", "rule", "line", "column", "said"),
    [
        pytest.param("", Rule.CONTENT, 1, 1, "no diagram", id="nothing"),
        pytest.param("Here is a diagram", Rule.CONTENT, 1, 1, "its type", id="prose"),
        pytest.param("%% a\ndiagram TD\n A --> B", Rule.CONTENT, 2, 1, "its type", id="another-word"),
        pytest.param("graphs TD\n A --> B", Rule.CONTENT, 1, 1, "its type", id="a-longer-word"),
        pytest.param("erDiagram\n", Rule.CONTENT, 1, 1, "first word", id="one-word"),
        pytest.param("flowchart TD\n A --> B[a", Rule.SYNTAX, 2, 9, "`]` is missing", id="label-cut"),
        pytest.param("flowchart TD\n A[a --> B[b]", Rule.SYNTAX, 2, 11, "in quotes", id="label-left-open"),
        pytest.param("flowchart TD\n A[a (b)] --> B", Rule.SYNTAX, 2, 6, "in quotes", id="brackets-in-a-label"),
        pytest.param("flowchart TD\n A -->|a (b)| B", Rule.SYNTAX, 2, 10, "in quotes", id="brackets-on-an-arrow"),
        pytest.param('flowchart TD\n A["a] --> B', Rule.SYNTAX, 2, 4, "in quotes", id="quote-left-open"),
        pytest.param("flowchart TD\n subgraph a\n b --> c", Rule.SYNTAX, 2, 1, "`end` is missing", id="subgraph-open"),
        pytest.param("flowchart TD\n a --> b\n end", Rule.SYNTAX, 3, 1, "closes nothing", id="end-too-many"),
        pytest.param("flowchart TD\n a --> end", Rule.SYNTAX, 2, 1, "no name", id="end-as-a-name"),
        pytest.param("flowchart TD\n a -->", Rule.SYNTAX, 2, 7, "leads nowhere", id="arrow-cut"),
        pytest.param(f"{SEQUENCE} loop a\n A->>B: c", Rule.SYNTAX, 2, 1, "`end` is missing", id="loop-left-open"),
        pytest.param(f"{SEQUENCE} A->>B: c\n A->>B", Rule.SYNTAX, 3, 7, "needs a text", id="message-cut"),
        pytest.param("classDiagram\n class A {\n +b", Rule.SYNTAX, 2, 1, "`}` is missing", id="class-left-open"),
        pytest.param(
            "stateDiagram-v2\n state A {\n B --> C", Rule.SYNTAX, 2, 1, "`}` is missing", id="state-left-open"
        ),
        pytest.param(f"{SEQUENCE} A->>B: c\n partic", Rule.SYNTAX, 3, 2, "whole", id="word-cut"),
        pytest.param(f"{SEQUENCE} A->>B: c\n participant", Rule.SYNTAX, 3, 2, "whole", id="participant-cut"),
        pytest.param(f"{SEQUENCE} A->>B: c\n Note over ", Rule.SYNTAX, 3, 2, "text", id="note-cut"),
        pytest.param("classDiagram\n classA --|>", Rule.SYNTAX, 2, 2, "whole", id="class-arrow-cut"),
        pytest.param("classDiagram\n classA <|--", Rule.SYNTAX, 2, 2, "whole", id="class-arrow-back-cut"),
        pytest.param("erDiagram\n USER ||-", Rule.SYNTAX, 2, 2, "whole", id="relationship-cut"),
        pytest.param("erDiagram\n USER ||--o{ A", Rule.SYNTAX, 2, 2, "whole", id="relationship-without-label"),
        pytest.param("erDiagram\n A {\n string b", Rule.SYNTAX, 2, 1, "`}` is missing", id="entity-left-open"),
        pytest.param("mindmap\n a((b", Rule.SYNTAX, 2, 1, "not closed", id="mindmap-cut"),
        pytest.param('pie\n "a: 1', Rule.SYNTAX, 2, 2, "quote", id="pie-quote"),
        pytest.param("xychart-beta\n bar [1, 2", Rule.SYNTAX, 2, 1, "bracket", id="chart-cut"),
        pytest.param("graph TD\n A --> B\n %% ... rest of the nodes unchanged", Rule.ELIDED, 3, 2, "full", id="elided"),
    ],
)
def test_a_diagram_is_refused_with_its_place(code: str, rule: Rule, line: int, column: int, said: str) -> None:
    found = problems(Source(code))

    assert [(problem.rule, problem.line, problem.column) for problem in found] == [(rule, line, column)]
    assert said in found[0].message


HEADS = ["flowchart TD", "sequenceDiagram", "classDiagram", "stateDiagram", "erDiagram", "mindmap", "pie"]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize(
    "part", ["(", "[", '"', "--", "-- ", "A[", "end\n", "note left of ", "{", "a -", "|", " ", "-. a", "-->|", "\ud800"]
)
def test_hostile_lengths_are_read_to_their_end(part: str, head: str) -> None:
    problems(Source(f"{head}\n" + part * 50_000))


@given(st.sampled_from(HEADS), st.text() | st.text('[](){}|"->=.: \nAend@/\\'))
def test_no_text_raises(head: str, text: str) -> None:
    for problem in [*problems(Source(text)), *problems(Source(f"{head}\n{text}"))]:
        assert problem.line >= 1
