"""What breaks a diagram: each verdict is that of mermaid.js 11.17 too, but for diagrams that draw nothing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Rule, Source
from shared.artifacts.syntax import Verdict, examine
from shared.artifacts.syntax.mermaid.check import problems
from shared.artifacts.syntax.parsers import without_parsers

SEQUENCE = "sequenceDiagram\n"
REQUIREMENT = "requirementDiagram\n requirement a {\n id: 1\n }\n"
SERVICES = "architecture-beta\n service a(cloud)[c]\n service b(disk)[d]\n"
_TOKEN = re.compile(r"\b[A-Z]{2,}_[A-Z_]+|'[A-Z]{2,}'|\b(?:SQE|SQS|EOF|NL|PE|PS)\b")
"""What grammars call things, and nobody else does."""


def examined(code: str) -> Verdict:
    """Return the verdict of a process with bounds: what Mermaid makes of a text may take for ever."""
    return examine(code, Kind.MERMAID, None, AllowedImports(()))


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("graph TD;A-->B;", id="flowchart-on-one-line"),
        pytest.param("flowchart LR\n A([a]) --> B[[b]] --> C[(c)] --> D((d)) --> E(((e))) --> F>f]", id="round-shapes"),
        pytest.param('flowchart LR\n A[/"a"/] --> B{{b}} --> C[\\c\\] --> D[/d\\] --> E[\\e/]', id="edged-shapes"),
        pytest.param('flowchart TD\n A["a (b) [c]"] -- yes (no) --> B\n A -->|"a (b)"| C', id="brackets-in-quotes"),
        pytest.param("flowchart TD\n A[over\n two lines] --> B", id="a-label-over-lines"),
        pytest.param("flowchart TD\n subgraph a [b]\n direction LR\n c --> d\n end\n a --> e", id="subgraph"),
        pytest.param("flowchart TD\n end1 --> endNode --> ending\n A --> sendIt[end]", id="names-with-end"),
        pytest.param('flowchart TD\n a@{ shape: rect, label: "POST { id }" }', id="shape-by-name"),
        pytest.param('flowchart TD\n A --> B\n style A fill:#fff\n click A call b("c")', id="styles-and-clicks"),
        pytest.param("flowchart TD\n %% ( [ {\n A --> B", id="brackets-in-a-comment"),
        pytest.param(f"{SEQUENCE} A->>+B: Don't (do [it\n B-->>-A: a\n A-)B: b", id="marks-in-messages"),
        pytest.param(f"{SEQUENCE} alt status -> 200\n A->>B: c\n else d\n A-xB: e\n end", id="arrows-in-block-text"),
        pytest.param("classDiagram\n class A:::hot {\n +b(c) d\n -List~int~ e\n }\n A <|-- B : f", id="class"),
        pytest.param('classDiagram\n namespace N["a: b"] {\n class A\n }', id="namespace"),
        pytest.param('stateDiagram-v2\n state "Logged in" as L {\n [*] --> B\n }\n note right of L: c', id="state"),
        pytest.param('erDiagram\n A ||--o{ B : c\n B }|..|{ D : e\n A {\n string f PK "g (h"\n }', id="entities"),
        pytest.param("mindmap\n a((b))\n  c)d(\n  e))f((\n  g{{h}}\n  ::icon(i)", id="mindmap"),
        pytest.param('pie title It\'s\n "a": 1', id="pie"),
        pytest.param('gantt\n title a (b\n section c\n d "e :f, 2024-01-01, 3d', id="gantt"),
        pytest.param("gantt\n a :b, 2024-02-31, 3d\n c :after b x, 2w\n d :until b", id="days-that-browsers-read"),
        pytest.param("gantt\n dateFormat HH:mm\n a :b, 17:49, 2m\n c :Jan 3, 2h", id="times-that-browsers-read"),
        pytest.param("gantt\n a: b :crit, done, 2024-01-06,24h\n c :milestone, m, 2024-01-25, 0d", id="task-with-tags"),
        pytest.param(
            'C4Dynamic\n Boundary(a, "b") {\n Person(c, "d")\n }\n Person(e, "f")\n Rel(c, e, "g")', id="c4-boundary"
        ),
        pytest.param(f"{REQUIREMENT} element b {{\n type: c\n }}\n b - traces -> a", id="requirement-with-element"),
        pytest.param(f"{SERVICES} a:L --> R:b\n b:T --> B:a", id="edges-both-ways"),
        pytest.param("journey\n title a\n section b\n c: 5: d", id="journey"),
        pytest.param("timeline\n title a\n 2002 : b : c", id="timeline"),
        pytest.param("gitGraph\n commit\n branch b\n commit\n checkout main\n merge b", id="git"),
        pytest.param("quadrantChart\n x-axis a --> b\n quadrant-1 c\n d: [0.3, 0.6]", id="quadrants"),
        pytest.param("requirementDiagram\n requirement a {\n id: 1\n text: b\n }", id="requirements"),
        pytest.param('C4Context\n Person(a, "b")\n System(c, "d")\n Rel(a, c, "e")', id="c4"),
        pytest.param("sankey-beta\n\na,b,10", id="sankey"),
        pytest.param("xychart-beta\n x-axis [a, b]\n bar [1, 2]", id="chart"),
        pytest.param('block-beta\n columns 2\n a["b (c)"] d', id="blocks"),
        pytest.param('packet\n0-15: "a"', id="packet"),
        pytest.param("kanban\n a[b]\n  c[d]", id="kanban"),
        pytest.param("architecture-beta\n service a(cloud)[b]", id="architecture"),
        pytest.param("radar-beta\n axis a, b, c\n curve d{1, 2, 3}", id="radar"),
        pytest.param('treemap-beta\n"a"\n  "b": 1', id="treemap"),
        pytest.param("---\ntitle: a\n---\n%%{init: {}}%%\n%% b\ngraph LR\n A --> B", id="front-matter"),
        pytest.param("graph LR\r\n A --> B\r\n", id="windows-line-ends"),
    ],
)
def test_what_mermaid_draws_is_accepted(code: str) -> None:
    assert examined(code) == Verdict(())


BROKEN = [
    pytest.param("", Rule.CONTENT, 1, 1, "no diagram", id="nothing"),
    pytest.param("Here is a diagram", Rule.CONTENT, 1, 1, "its type", id="prose"),
    pytest.param("%% a\ndiagram TD\n A --> B", Rule.CONTENT, 2, 1, "its type", id="another-word"),
    pytest.param("Pie\n 'a': 1", Rule.CONTENT, 1, 1, "its type", id="a-word-in-capitals"),
    pytest.param("erDiagram\n", Rule.CONTENT, 1, 1, "first word", id="one-word"),
    pytest.param("timeline", Rule.CONTENT, 1, 1, "first word", id="what-only-drawing-refuses"),
    pytest.param("graph TD\n A --> B\n %% ... rest of the nodes unchanged", Rule.ELIDED, 3, 2, "full", id="elided"),
    # What Mermaid says, in words of ours
    pytest.param("flowchart TD\n A --> B[a", Rule.SYNTAX, 2, 11, "never closed", id="label-cut"),
    pytest.param("flowchart TD\n A[a --> B[b]", Rule.SYNTAX, 2, 11, "`[` stands inside", id="label-left-open"),
    pytest.param("flowchart TD\n A[a (b)] --> B", Rule.SYNTAX, 2, 6, "in double quotes", id="brackets-in-a-label"),
    pytest.param("flowchart TD\n A -->|a (b)| B", Rule.SYNTAX, 2, 10, "in double quotes", id="brackets-on-an-arrow"),
    pytest.param('flowchart TD\n A[a "b"] --> B', Rule.SYNTAX, 2, 7, "`#quot;`", id="quotes-in-a-label"),
    pytest.param('flowchart TD\n A["a] --> B', Rule.SYNTAX, 2, 13, "never closed", id="quote-left-open"),
    pytest.param('flowchart TD\n A@{ shape: rect, label: "a }', Rule.SYNTAX, 2, 30, "`@{`", id="data-left-open"),
    pytest.param("flowchart TD\n A@{ shape: foo }", Rule.SYNTAX, 2, 13, "`foo` is no shape", id="unknown-shape"),
    pytest.param("flowchart TD\n subgraph a\n b --> c", Rule.SYNTAX, 3, 9, "`end` is missing", id="subgraph-open"),
    pytest.param("flowchart TD\n a --> b\n end", Rule.SYNTAX, 3, 2, "closes nothing", id="end-too-many"),
    pytest.param("flowchart TD\n a --> end", Rule.SYNTAX, 2, 8, "reserved word", id="end-as-a-name"),
    pytest.param("flowchart TD\n a -->", Rule.SYNTAX, 2, 7, "leads nowhere", id="arrow-cut"),
    pytest.param("flowchart TD\n a --> --> b", Rule.SYNTAX, 2, 8, "node is missing", id="arrow-twice"),
    pytest.param("flowchart TD\n a -> b", Rule.SYNTAX, 2, 4, "write `-->`", id="short-arrow"),
    pytest.param("flowchart TD\n a → b", Rule.SYNTAX, 2, 4, "in ASCII", id="drawn-arrow"),
    pytest.param("flowchart TD\n a --&gt; b", Rule.SYNTAX, 2, 12, "`&gt;`", id="escaped-arrow"),
    pytest.param("flowchart TD\n a -->b| c", Rule.SYNTAX, 2, 8, "between two `|`", id="half-an-arrow-text"),
    pytest.param("flowchart TD\n a -- yes", Rule.SYNTAX, 2, 10, "`A -- text --> B`", id="arrow-text-cut"),
    pytest.param('flowchart TD\n a -->"b" c', Rule.SYNTAX, 2, 8, "stands in a node", id="text-of-no-node"),
    pytest.param("flowchart TD\n a b --> c", Rule.SYNTAX, 2, 4, "`b` cannot follow a node", id="name-with-space"),
    pytest.param("flowchart TD\n a --> b %% c", Rule.SYNTAX, 2, 10, "line of its own", id="comment-behind"),
    pytest.param("flowchart TD\n // a\n b --> c", Rule.SYNTAX, 2, 2, "begins with `%%`", id="slashes"),
    pytest.param("pie\n # a\n 'b': 1", Rule.SYNTAX, 2, 2, "begins with `%%`", id="hash"),
    pytest.param("graph TD\n a --> b\n<!-- c -->", Rule.SYNTAX, 3, 1, "begins with `%%`", id="html-comment"),
    pytest.param('pie\n "a": 1\n```', Rule.SYNTAX, 3, 1, "fence", id="fence"),
    pytest.param(f"{SEQUENCE} a->>b: c\nflowchart TD\n a --> b", Rule.SYNTAX, 3, 1, "second diagram", id="two"),
    pytest.param(f"{SEQUENCE} loop a\n A->>B: c", Rule.SYNTAX, 3, 10, "`end` is missing", id="loop-left-open"),
    pytest.param(f"{SEQUENCE} A->>B: c\n end", Rule.SYNTAX, 3, 2, "closes nothing", id="end-of-nothing"),
    pytest.param(f"{SEQUENCE} A->>B: c\n A->>B", Rule.SYNTAX, 3, 7, "needs a text", id="message-cut"),
    pytest.param(f"{SEQUENCE} A->>B: c; then d", Rule.SYNTAX, 2, 2, "`#59;`", id="semicolon"),
    pytest.param(f"{SEQUENCE} A->>B: c\n partic", Rule.SYNTAX, 3, 2, "no statement", id="word-cut"),
    pytest.param(f"{SEQUENCE} A->> ->>B: c", Rule.SYNTAX, 2, 7, "participant is missing", id="message-arrow-twice"),
    pytest.param(f"{SEQUENCE} A->>B: c\n Note r", Rule.SYNTAX, 3, 7, "Note over", id="note-cut"),
    pytest.param(f"{SEQUENCE} A->>B: c\n deactivate B", Rule.SYNTAX, 3, 13, "is not active", id="never-activated"),
    pytest.param("classDiagram\n class A {\n +b", Rule.SYNTAX, 3, 4, "`}` is missing", id="class-left-open"),
    pytest.param("classDiagram\n class A {\n +b: {c}\n }", Rule.SYNTAX, 3, 6, "holds no `{`", id="brace-in-a-member"),
    pytest.param("classDiagram\n classA --|>", Rule.SYNTAX, 2, 2, "not whole", id="class-arrow-cut"),
    pytest.param("classDiagram\n A --> --> B", Rule.SYNTAX, 2, 8, "class is missing", id="class-arrow-twice"),
    pytest.param('classDiagram\n class A["b"', Rule.SYNTAX, 2, 13, "expects `]`", id="class-label-left-open"),
    pytest.param('classDiagram\n note "a', Rule.SYNTAX, 2, 9, '`"` is missing', id="note-left-open"),
    pytest.param("stateDiagram-v2\n state A {\n B --> C", Rule.SYNTAX, 3, 9, "`}` is missing", id="state-left-open"),
    pytest.param("stateDiagram-v2\n A -> B", Rule.SYNTAX, 2, 4, "write `-->`", id="short-arrow-of-states"),
    pytest.param("stateDiagram-v2\n A -->", Rule.SYNTAX, 2, 7, "state is missing", id="state-arrow-cut"),
    pytest.param("erDiagram\n USER ||--o{ A", Rule.SYNTAX, 2, 15, "a colon and a label", id="no-label"),
    pytest.param("erDiagram\n A ||--{ B : c", Rule.SYNTAX, 2, 8, "sign at each end", id="half-a-relationship"),
    pytest.param("erDiagram\n A --> B", Rule.SYNTAX, 2, 4, "sign at each end", id="arrow-of-a-flowchart"),
    pytest.param("erDiagram\n A {\n string\n }", Rule.SYNTAX, 4, 2, "a type and a name", id="attribute-cut"),
    pytest.param("erDiagram\n A {\n string b (c)\n }", Rule.SYNTAX, 3, 11, "`PK`", id="attribute-with-more"),
    pytest.param("erDiagram\n A {\n string b", Rule.SYNTAX, 3, 10, "`}` is missing", id="entity-left-open"),
    pytest.param("erDiagram\n A -- > B : c", Rule.SYNTAX, 2, 4, "no space in it", id="arrow-with-a-space"),
    pytest.param("mindmap\n a((b", Rule.SYNTAX, 2, 6, "never closed", id="mindmap-cut"),
    pytest.param("mindmap\na\n b\nc", Rule.SYNTAX, 4, 1, "one root: `c`", id="two-roots"),
    pytest.param('pie\n "a": 1\n b : 2', Rule.SYNTAX, 3, 2, '`"Name" : 12`', id="pie-without-quotes"),
    pytest.param('pie\n "a": -1', Rule.SYNTAX, 2, 3, "Negative values", id="negative-slice"),
    pytest.param("gantt\n section a\n b 2024-01-01", Rule.SYNTAX, 3, 2, "with a colon", id="task-without-colon"),
    pytest.param("gantt\n b :a, after c 1d", Rule.SYNTAX, 2, 5, "`a` is no date", id="task-without-comma"),
    pytest.param("gantt\n b :2024-01-32, 1d", Rule.SYNTAX, 2, 5, "`2024-01-32` is no date", id="no-day"),
    pytest.param("gantt\n b :a, c, 2024-01-01, 1d", Rule.SYNTAX, 2, 5, "too many parts", id="task-with-more"),
    pytest.param('C4Context\n Person(a, "b")\n Rel(a, c, "d")', Rule.SYNTAX, 3, 9, "`c` is related", id="c4-unknown"),
    pytest.param(
        'C4Context\n Person(a, "b")\n Rel(a, c, "d")\n System(e, "a c")',
        Rule.SYNTAX,
        3,
        9,
        "`c` is related",
        id="c4-label",
    ),
    pytest.param(
        "gantt\n title A: b, c, d, e\n f :a, c, 2024-01-01, 1d",
        Rule.SYNTAX,
        3,
        5,
        "too many parts",
        id="a-title-is-no-task",
    ),
    pytest.param(f"{REQUIREMENT} a - traces -> c", Rule.SYNTAX, 5, 16, "`c` is related", id="requirement-unknown"),
    pytest.param(f"{SERVICES} a:L --> R:b\n a:T --> B:b", Rule.SYNTAX, 5, 2, "second edge", id="two-edges"),
    pytest.param("journey\n section a\n b\n", Rule.SYNTAX, 3, 2, "`Name: 5: Actor`", id="step-without-colon"),
    pytest.param("xychart-beta\n bar [1, 2", Rule.SYNTAX, 2, 11, "expects `]`", id="chart-cut"),
    pytest.param("xychart-beta\n a [1]", Rule.SYNTAX, 2, 2, "expects `title`, `x-axis`", id="chart-of-nothing"),
    pytest.param("quadrantChart\n a [0.1, 0.2]", Rule.SYNTAX, 2, 2, "`Name: [0.3, 0.6]`", id="point-without-colon"),
    pytest.param("quadrantChart\n x-axis a (b)", Rule.SYNTAX, 2, 11, "an axis is written", id="axis-with-brackets"),
    pytest.param("gitGraph\n commit\n Then a merge", Rule.SYNTAX, 3, 2, "`cherry-pick", id="git-prose"),
    pytest.param("gitGraph\n commit\n checkout x", Rule.SYNTAX, 3, 2, "not yet created", id="git-unknown-branch"),
    pytest.param('packet\n0-3: "a"\n5-9: "b"', Rule.SYNTAX, 3, 1, "`5` is not the next", id="packet-with-a-gap"),
    pytest.param("timeline\n 2002 : a :", Rule.SYNTAX, 2, 11, "event is missing", id="timeline-cut"),
    pytest.param("timeline\n : a", Rule.SYNTAX, 1, 1, "before the first time", id="event-without-time"),
    pytest.param("radar-beta\n axis a\n curve c{1", Rule.SYNTAX, 3, 11, "expects `}`", id="radar-cut"),
    pytest.param('block-beta\n a["b"', Rule.SYNTAX, 2, 7, "ends too early", id="block-cut"),
    pytest.param('treemap-beta\n"a": x', Rule.SYNTAX, 2, 4, "cannot read `:`", id="treemap-without-number"),
    pytest.param("kanban\n a[b", Rule.SYNTAX, 2, 5, "closing bracket", id="kanban-cut"),
    pytest.param("sankey-beta\n a,b", Rule.SYNTAX, 2, 5, "expects `,`", id="sankey-cut"),
    pytest.param("requirementDiagram\n requirement a {\n", Rule.SYNTAX, 2, 17, "`}`", id="requirement-left-open"),
    pytest.param("architecture-beta\n service a(cloud)[b", Rule.SYNTAX, 2, 18, "`[b`", id="architecture-cut"),
    pytest.param("---\ntitle: a\ngraph LR\n a --> b", Rule.SYNTAX, 1, 1, "`---` is missing", id="front-matter-open"),
    pytest.param("---\na: b\nc\n---\npie\n 'a': 1", Rule.SYNTAX, 3, 2, "as YAML", id="front-matter-torn"),
]


@pytest.mark.parametrize(("code", "rule", "line", "column", "said"), BROKEN)
def test_a_diagram_is_refused_with_its_place(code: str, rule: Rule, line: int, column: int, said: str) -> None:
    found = examined(code).problems

    assert [(problem.rule, problem.line, problem.column) for problem in found] == [(rule, line, column)]
    assert said in found[0].message
    assert found[0].message.endswith(".")
    assert not _TOKEN.search(found[0].message)


@pytest.mark.parametrize(
    ("before", "line", "column"),
    [
        pytest.param("---\ntitle: a\n---\ngraph LR\n", 5, 6, id="front-matter"),
        pytest.param("---\ntitle: a\n---\n\n\ngraph LR\n", 7, 6, id="front-matter-and-blank-lines"),
        pytest.param("---\ntitle: a\n---\n%% b\n%% c\ngraph LR\n", 7, 6, id="front-matter-and-comments"),
        pytest.param("%%{init: {}}%%\ngraph LR\n", 3, 6, id="directive"),
        pytest.param("%%{init: {}}%%\n%% a\n\ngraph LR\n", 5, 6, id="directive-and-comments"),
        pytest.param("graph LR\n%%{init: {\n}}%%\n", 4, 6, id="directive-over-lines"),
        pytest.param("%% a\n\n%% b\ngraph LR\n a --> b\n\n  %% c\n%% d\n", 9, 6, id="comments"),
        pytest.param("\n\ngraph LR\n", 4, 6, id="blank-lines"),
        pytest.param("graph LR\r\n %% a\r\n a --> b\r\n", 4, 6, id="windows-line-ends"),
        pytest.param('graph LR\n a["#quot;😀#9829;"] --> ', 2, 30, id="entities-and-wide-characters"),
    ],
)
def test_places_are_those_of_the_code_that_was_sent(before: str, line: int, column: int) -> None:
    code = f"{before} A[x (y)]\n%% z\n B --> C"

    found = examined(code).problems

    assert [(problem.line, problem.column) for problem in found] == [(line, column)]
    assert found[0].snippet[column - 1 :].startswith("(y)")


def test_what_mermaid_gives_up_on_is_a_warning() -> None:
    with without_parsers():
        found = problems(Source("flowchart TD\n A[a (b)] --> B"))

    assert [problem.rule for problem in found] == [Rule.NOT_FULLY_CHECKED]


@settings(max_examples=60)
@given(
    st.sampled_from(["flowchart TD", "sequenceDiagram", "classDiagram", "erDiagram", "mindmap", "pie"]),
    st.text(max_size=60) | st.text('[](){}|"->=.: \nAend@/\\#;%', max_size=60),
)
def test_every_place_is_in_the_code(head: str, text: str) -> None:
    code = f"{head}\n{text}"

    for problem in examined(code).problems:
        assert 1 <= problem.line <= code.count("\n") + 1
        assert 1 <= problem.column <= len(code) + 1
