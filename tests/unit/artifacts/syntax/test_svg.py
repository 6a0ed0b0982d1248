"""What keeps a drawing from being shown, and where it says that that stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.artifacts.syntax.problem import Rule, Source
from shared.artifacts.syntax.svg import problems

XMLNS = 'xmlns="http://www.w3.org/2000/svg"'
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def drawing(inside: str, attributes: str = XMLNS) -> Source:
    return Source(f"<svg {attributes}>\n{inside}\n</svg>")


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param('<path d="M0 0h1"/>', id="path"),
        pytest.param("<rect/>", id="rect"),
        pytest.param('<g><g transform="scale(2)"><circle r="1"/></g></g>', id="in-groups"),
        pytest.param("<text>a</text>", id="text"),
        pytest.param("<text><tspan>ä</tspan></text>", id="text-in-a-span"),
        pytest.param('<defs><g id="a"><rect/></g></defs><use href="#a"/>', id="used"),
        pytest.param('<image href="data:image/png;base64,AA=="/>', id="image"),
        pytest.param('<a href="https://example.com"><rect/></a>', id="a-link-is-only-followed"),
        pytest.param('<rect fill="url(#a)" style="filter: url( \'#b\' )"/>', id="url-of-its-own"),
        pytest.param("<style>@font-face { src: url(data:font/woff2;base64,AA) }</style><rect/>", id="font-embedded"),
        pytest.param("<style><![CDATA[a > b { fill: red }]]></style><rect/>", id="cdata"),
        pytest.param('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>', id="html"),
        pytest.param("<!-- the rest of the petals --><rect/>", id="comment"),
        pytest.param("<rect/>&#160;&amp;&lt;", id="entities-of-xml"),
        pytest.param('<rect aria-label="JavaScript: the good parts"/>', id="a-language-by-name"),
        pytest.param('<metadata about="http://a"/><rect/>', id="metadata"),
    ],
)
def test_a_drawing_is_accepted(inside: str) -> None:
    assert problems(drawing(inside)) == []


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(f'<?xml version="1.0" encoding="UTF-16"?>\n<svg {XMLNS}><rect/></svg>\n', id="another-encoding"),
        pytest.param(f'<!DOCTYPE svg PUBLIC "-//a" "http://a.dtd">\n<svg {XMLNS}><rect/></svg>', id="doctype"),
        pytest.param("<svg><rect/></svg>", id="no-namespace"),
        pytest.param('<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:rect/></s:svg>', id="prefixed"),
        pytest.param(f'<svg {XMLNS} {XLINK}><use xlink:href="#a"/></svg>', id="xlink"),
    ],
)
def test_a_whole_file_is_accepted(code: str) -> None:
    assert problems(Source(code)) == []


@pytest.mark.parametrize(
    ("code", "rule", "line", "column", "said"),
    [
        pytest.param("", Rule.SYNTAX, 1, 1, "no drawing", id="nothing"),
        pytest.param("Here it is", Rule.SYNTAX, 1, 1, "begins with", id="prose"),
        pytest.param(f"<svg {XMLNS}/>", Rule.CONTENT, 1, 1, "draws nothing", id="empty"),
        pytest.param(f"<svg {XMLNS}>\n <text> </text></svg>", Rule.CONTENT, 1, 1, "draws nothing", id="blank-text"),
        pytest.param(f'<svg {XMLNS}><path d=""/></svg>', Rule.CONTENT, 1, 1, "draws nothing", id="empty-path"),
        pytest.param(
            f"<svg {XMLNS}><defs><rect/></defs></svg>", Rule.CONTENT, 1, 1, "draws nothing", id="definitions-only"
        ),
        pytest.param(f"<svg {XMLNS}>a</svg>", Rule.CONTENT, 1, 1, "draws nothing", id="text-outside-text"),
        pytest.param('<svg xmlns="urn:a"><rect/></svg>', Rule.CONTENT, 1, 1, "xmlns=", id="another-namespace"),
        pytest.param("\n<html/>", Rule.CONTENT, 2, 1, "not `<html>`", id="another-root"),
        pytest.param(f"<svg {XMLNS}>\n <g>\n</svg>", Rule.SYNTAX, 3, 3, "`<g>` of line 2", id="mismatch"),
        pytest.param(f"<svg {XMLNS}>\n<rect/>", Rule.SYNTAX, 2, 8, "`<svg>` of line 1", id="cut"),
        pytest.param(f'<svg {XMLNS}>\n<rect width="1', Rule.SYNTAX, 2, 1, "has no end", id="cut-in-a-tag"),
        pytest.param(f"<svg {XMLNS}><rect/></svg>\ntext", Rule.SYNTAX, 2, 1, "behind", id="text-behind"),
        pytest.param(f"<svg {XMLNS}>\nä & b</svg>", Rule.SYNTAX, 2, 4, "`&amp;`", id="bare-ampersand"),
        pytest.param(f"<svg {XMLNS}>\n<rect width=1/></svg>", Rule.SYNTAX, 2, 13, "quotes", id="no-quotes"),
        pytest.param(f"<svg {XMLNS}>\n<a b='' b=''/></svg>", Rule.SYNTAX, 2, 9, "twice", id="attribute-twice"),
        pytest.param(f"<svg {XMLNS}>&nbsp;</svg>", Rule.SYNTAX, 1, 41, "`&#160;`", id="entity-of-html"),
        pytest.param(
            f'<svg {XMLNS}>\n <use xlink:href="#a"/></svg>', Rule.SYNTAX, 2, 2, "not declared", id="prefix-undeclared"
        ),
        pytest.param(
            f'<!DOCTYPE svg [<!ENTITY a "b">]><svg {XMLNS}><rect/></svg>', Rule.CONTENT, 1, 15, "refused", id="dtd"
        ),
        pytest.param(
            f"<svg {XMLNS}><rect/>\n<!-- ... rest of the code --></svg>", Rule.ELIDED, 2, 1, "in full", id="elided"
        ),
    ],
)
def test_a_drawing_is_refused_with_its_place(code: str, rule: Rule, line: int, column: int, said: str) -> None:
    found = problems(Source(code))

    assert [(problem.rule, problem.line, problem.column) for problem in found] == [(rule, line, column)]
    assert said in found[0].message


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        pytest.param("<rect/><script>a()</script>", "Scripts", id="script"),
        pytest.param('<rect onClick="a()"/>', "`onClick`", id="handler"),
        pytest.param('<a href=" JAVA\tscript:a()"><rect/></a>', "runs a script", id="script-as-address"),
        pytest.param('<image href="https://example.com/a.png"/>', "another file", id="image-of-another-host"),
        pytest.param('<use href="icons.svg#a"/>', "another file", id="use-of-another-file"),
        pytest.param('<rect fill="url(https://example.com/a.svg#b)"/>', "another file", id="fill-of-another-file"),
        pytest.param("<style>@import 'a.css';</style><rect/>", "another file", id="import"),
        pytest.param("<style>a { b: url('//a/b') }</style><rect/>", "another file", id="url-in-a-style"),
    ],
)
def test_what_runs_or_is_fetched_is_refused(inside: str, said: str) -> None:
    found = problems(drawing(inside))

    assert [(problem.rule, problem.line) for problem in found] == [(Rule.CONTENT, 2)]
    assert said in found[0].message


def test_a_stylesheet_of_another_file_is_refused() -> None:
    found = problems(Source(f"<?xml-stylesheet href='a.css'?><svg {XMLNS}><rect/></svg>"))

    assert [problem.rule for problem in found] == [Rule.CONTENT]


def test_at_most_ten_problems_are_told() -> None:
    assert len(problems(drawing("<rect onclick='a'/>" * 50))) == 10


@given(st.text() | st.text("<>/&;\"'=! -[]svgxmlnr?\0\ud800\n").map(lambda text: f"<svg {XMLNS}>{text}"))
def test_no_text_raises(text: str) -> None:
    for problem in problems(Source(text)):
        assert problem.line >= 1


@pytest.mark.parametrize("part", ["<", "<g>", "<text><a>b", "&", "\0", "<!--", "<style><!-- -->a"])
def test_hostile_lengths_are_read_to_their_end(part: str) -> None:
    assert problems(Source(f"<svg {XMLNS}>" + part * 100_000))
