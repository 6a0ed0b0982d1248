"""What keeps a drawing from being shown, and where it says that that stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.artifacts.allowed_imports import AllowedImports
from shared.artifacts.kinds import Kind
from shared.artifacts.problem import Rule, Source
from shared.artifacts.syntax import check, examine
from shared.artifacts.syntax.svg.check import problems

XMLNS = 'xmlns="http://www.w3.org/2000/svg"'
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def drawing(inside: str, attributes: str = XMLNS) -> Source:
    return Source(f"<svg {attributes}>\n{inside}\n</svg>")


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param('<path d="M0 0h1"/>', id="path"),
        pytest.param("<circle r='1'/>", id="rect"),
        pytest.param('<g><g transform="scale(2)"><circle r="1"/></g></g>', id="in-groups"),
        pytest.param("<text>a</text>", id="text"),
        pytest.param("<text><tspan>ä</tspan></text>", id="text-in-a-span"),
        pytest.param('<defs><g id="a"><circle r="1"/></g></defs><use href="#a"/>', id="used"),
        pytest.param('<image href="data:image/png;base64,AA=="/>', id="image"),
        pytest.param('<a href="https://example.com"><circle r="1"/></a>', id="a-link-is-only-followed"),
        pytest.param('<circle id="a" r="1" fill="url(#a)" style="filter: url( \'#b\' )"/>', id="url-of-its-own"),
        pytest.param(
            "<style>@font-face { src: url(data:font/woff2;base64,A) }</style><circle r='1'/>", id="font-embedded"
        ),
        pytest.param("<style><![CDATA[a > b { fill: red }]]></style><circle r='1'/>", id="cdata"),
        pytest.param('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>', id="html"),
        pytest.param("<!-- the rest of the petals --><circle r='1'/>", id="comment"),
        pytest.param("<circle r='1'/>&#160;&amp;&lt;", id="entities-of-xml"),
        pytest.param('<circle r="1" aria-label="JavaScript: the good parts"/>', id="a-language-by-name"),
        pytest.param('<metadata about="http://a"/><circle r="1"/>', id="metadata"),
    ],
)
def test_a_drawing_is_accepted(inside: str) -> None:
    assert problems(drawing(inside)) == []


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(f'<?xml version="1.0" encoding="UTF-16"?>\n<svg {XMLNS}><circle r="1"/></svg>\n', id="encoding"),
        pytest.param(f'<!DOCTYPE svg PUBLIC "-//a" "http://a.dtd">\n<svg {XMLNS}><circle r="1"/></svg>', id="doctype"),
        pytest.param("<svg><circle r='1'/></svg>", id="no-namespace"),
        pytest.param('<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:circle r="1"/></s:svg>', id="prefixed"),
        pytest.param(f'<svg {XMLNS} {XLINK}><circle id="a" r="1"/><use xlink:href="#a"/></svg>', id="xlink"),
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
            f"<svg {XMLNS}><defs><circle r='1'/></defs></svg>",
            Rule.CONTENT,
            1,
            1,
            "draws nothing",
            id="definitions-only",
        ),
        pytest.param(f"<svg {XMLNS}>a</svg>", Rule.CONTENT, 1, 1, "draws nothing", id="text-outside-text"),
        pytest.param('<svg xmlns="urn:a"><circle r="1"/></svg>', Rule.CONTENT, 1, 1, "xmlns=", id="another-namespace"),
        pytest.param("\n<html/>", Rule.CONTENT, 2, 1, "not `<html>`", id="another-root"),
        pytest.param(f"<svg {XMLNS}>\n <g>\n</svg>", Rule.SYNTAX, 3, 3, "`<g>` of line 2", id="mismatch"),
        pytest.param(f"<svg {XMLNS}>\n<circle r='1'/>", Rule.SYNTAX, 2, 16, "`<svg>` of line 1", id="cut"),
        pytest.param(f'<svg {XMLNS}>\n<rect width="1', Rule.SYNTAX, 2, 1, "has no end", id="cut-in-a-tag"),
        pytest.param(f"<svg {XMLNS}><circle r='1'/></svg>\ntext", Rule.SYNTAX, 2, 1, "behind", id="text-behind"),
        pytest.param(f"<svg {XMLNS}>\nä & b</svg>", Rule.SYNTAX, 2, 4, "`&amp;`", id="bare-ampersand"),
        pytest.param(f"<svg {XMLNS}>\n<rect width=1/></svg>", Rule.SYNTAX, 2, 13, "quotes", id="no-quotes"),
        pytest.param(f"<svg {XMLNS}>\n<a b='' b=''/></svg>", Rule.SYNTAX, 2, 9, "twice", id="attribute-twice"),
        pytest.param(f"<svg {XMLNS}>&nbsp;</svg>", Rule.SYNTAX, 1, 41, "`&#160;`", id="entity-of-html"),
        pytest.param(
            f'<svg {XMLNS}>\n <use xlink:href="#a"/></svg>', Rule.SYNTAX, 2, 2, "not declared", id="prefix-undeclared"
        ),
        pytest.param(
            f'<!DOCTYPE svg [<!ENTITY a "b">]><svg {XMLNS}><circle r="1"/></svg>',
            Rule.CONTENT,
            1,
            15,
            "refused",
            id="dtd",
        ),
        pytest.param(
            f"<svg {XMLNS}><circle r='1'/>\n<!-- ... rest of the code --></svg>",
            Rule.ELIDED,
            2,
            1,
            "in full",
            id="elided",
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
        pytest.param("<circle r='1'/><script>a()</script>", "Scripts", id="script"),
        pytest.param('<rect onClick="a()"/>', "`onClick`", id="handler"),
        pytest.param('<a href=" JAVA\tscript:a()"><circle r="1"/></a>', "runs a script", id="script-as-address"),
        pytest.param('<image href="https://example.com/a.png"/>', "another file", id="image-of-another-host"),
        pytest.param('<use href="icons.svg#a"/>', "another file", id="use-of-another-file"),
        pytest.param(
            '<circle r="1" fill="url(https://example.com/a.svg#b)"/>', "another file", id="fill-of-another-file"
        ),
        pytest.param("<style>@import 'a.css';</style><circle r='1'/>", "another file", id="import"),
        pytest.param("<style>a { b: url('//a/b') }</style><circle r='1'/>", "another file", id="url-in-a-style"),
    ],
)
def test_what_runs_or_is_fetched_is_refused(inside: str, said: str) -> None:
    found = problems(drawing(inside))

    assert [(problem.rule, problem.line) for problem in found] == [(Rule.CONTENT, 2)]
    assert said in found[0].message


def test_a_stylesheet_of_another_file_is_refused() -> None:
    found = problems(Source(f"<?xml-stylesheet href='a.css'?><svg {XMLNS}><circle r='1'/></svg>"))

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


SHOWN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{}</svg>'

SYMBOL = '<symbol id="a" viewBox="0 0 5 5"><rect width="5" height="5"/></symbol>'
LARGE = "<style>text { font-size: 90px }</style>"

WRONG = {
    "an-unknown-element": ('<pth d="M0 0L1 1"/>', "SVG has no element `<pth>`"),
    "a-path-without-data": ('<rect width="1" height="1"/><path dd="M0 0L1 1"/>', "has no `d`"),
    "a-broken-path": ('<path d="M0 0;L5 5"/>', "cannot be read from `;L5 5` on"),
    "a-colour-that-is-none": ('<rect width="1" height="1" fill="0x222222"/>', "is no colour"),
    "a-negative-size": ('<rect width="-1" height="1"/><circle r="1"/>', "must not be negative"),
    "a-transform-with-a-unit": ('<rect width="1" height="1" transform="rotate(45deg)"/>', "`transform` cannot be read"),
    "a-use-of-nothing": ('<circle r="1"/><use href="#gone"/>', "refers to `#gone`"),
    "a-paint-of-nothing": ('<circle r="1" fill="url(#gone)"/>', "refers to `#gone`"),
    "no-size": ('<rect x="1" y="1"/><circle cx="5" cy="5" r="0"/>', "nothing in it has a size"),
    "no-paint": ('<g fill="none"><path d="M0 0L5 5"/></g><line x2="5"/>', "nothing in it has a fill or a stroke"),
    "outside": ('<rect x="20" width="5" height="5"/><path d="m-5-5l1 1 1 0z"/>', "lies outside"),
    "moved-outside": ('<g transform="translate(9 9) scale(2)"><rect x="8" width="5" height="5"/></g>', "lies outside"),
    "text-outside": ('<text x="900" y="5" font-size="4">a &amp; b</text>', "lies outside"),
    "outside-in-a-style-sheet-s-font": (
        "<style>.a { font-size: 30px; fill: red }</style><text x='900' class='a'>Hello<tspan dx='4'>!</tspan></text>",
        "lies outside",
    ),
    "outside-and-blinking": (
        '<rect x="90" width="5" height="5"><animate attributeName="opacity" values="1;0" dur="1s"/></rect>',
        "lies outside",
    ),
    "a-shape-used-outside": (
        '<defs><g id="a"><circle cx="3" cy="3" r="2"/></g></defs><use href="#a" x="50" y="5" fill="red"/>',
        "lies outside",
    ),
    "a-symbol-used-outside": (
        f'<use href="#a" x="50" y="5" width="20" height="20"/>{SYMBOL}',
        "lies outside",
    ),
    "a-whole-that-is-moved-outside": (
        '<rect width="100%" height="100%" transform="translate(20)"/><circle cx="200%" cy="9" r="10%"/>',
        "lies outside",
    ),
    "a-group-used-twice-outside": (
        '<g transform="scale(2)"><g id="b"><path id="a" d="M30 9h1"/><use href="#a"/></g></g><use href="#b" x="40"/>',
        "lies outside",
    ),
    "an-arc-of-a-large-circle-outside": ('<path d="M30 30a900 900 0 0 1 2 2a900 0 0 1 1 2 2z"/>', "lies outside"),
    "a-path-with-a-number-that-is-too-large": ('<path d="M0 0L1e39 5"/>', "cannot be read from `1e39 5` on"),
    "hidden": ('<g opacity="0"><circle r="3"/></g><g style="display: none"><text>a</text></g>', "hidden"),
}


@pytest.mark.parametrize(("inside", "says"), WRONG.values(), ids=WRONG.keys())
def test_what_a_browser_does_not_draw_is_wrong(inside: str, says: str) -> None:
    found = check(SHOWN.format(inside), Kind.SVG, None, AllowedImports([]))

    assert [says in each.message for each in found] == [True]


RIGHT = {
    "another-case": '<linearGradient id="a"/><RECT width="1" height="1" fill="url(#a)"/>',
    "an-id-further-down": '<use href="#a"/><defs><circle id="a" r="1"/></defs>',
    "a-paint-to-fall-back-on": '<circle r="1" fill="url(#gone) red"/>',
    "what-has-an-end": '<circle r="1"><animate attributeName="r" to="3" fill="freeze"/></circle>',
    "a-style-sheet-may-paint": "<style>path { stroke: red }</style><path fill='none' d='M0 0L5 5'/>",
    "an-animation-may-move": '<rect x="20" width="1" height="1"><animate attributeName="x" to="1" dur="1s"/></rect>',
    "a-transform-may-move": '<g transform="translate(-20)"><rect x="20" width="5" height="5"/></g>',
    "a-transform-brings-it-in": '<g transform="rotate(180) translate(-15 -5)"><rect x="9" width="5" height="4"/></g>',
    "a-transform-that-is-not-plain": '<g style="transform: translate(-20px)"><rect x="20" width="5" height="5"/></g>',
    "a-transform-around-a-transform": (
        '<g transform="matrix(1 0 0 1 -90 0)"><circle transform="translate(95)" cy="5" r="1"/></g>'
    ),
    "text-that-reaches-in": '<text x="40" y="9" text-anchor="end" font-size="4">some words</text>',
    "text-of-a-size-that-is-not-plain": '<g style="font: 90px serif"><text x="40" y="9">a</text></g>',
    "text-of-a-shifted-group": '<g letter-spacing="50"><text x="-300" y="5">abcdefghij</text></g>',
    "text-in-many-parts": '<text x="30" text-anchor="end" y="5"><tspan>abc</tspan><tspan>def</tspan></text>',
    "text-with-a-broad-stroke": '<text x="-90" y="5" stroke="red" stroke-width="200">a</text>',
    "a-style-s-transform": '<rect x="1" y="1" width="5" height="5" style="transform: translate(500, 500)"/>',
    "a-turn-without-end": '<rect x="20" width="5" height="5" transform="rotate(1e999)"/>',
    "text-that-is-shifted": '<text x="90" y="5"><tspan dx="-85">a</tspan></text>',
    "text-that-begins-elsewhere": '<text x="90" y="5"><tspan x="1">a</tspan></text>',
    "text-along-a-path": ('<path id="p" d="M0 5h9" fill="none"/><text x="90"><textPath href="#p">a</textPath></text>'),
    "text-of-a-style-sheet-s-size": f'{LARGE}<text x="90" y="9" text-anchor="end">a</text>',
    "text-of-a-size-that-is-said-later": f'<text x="90" y="9" text-anchor="end">a</text>{LARGE}',
    "a-whole": '<rect width="100%" height="100%"/>',
    "an-arc-that-grows": '<path d="M-15 5a1 1 0 0 1 40 0z" fill="none" stroke="red"/>',
    "an-arc-the-long-way-round": '<path d="M15 5a9 9 0 1 0 1 0z"/>',
    "a-shape-used-in-a-moved-group": (
        '<g transform="translate(90)"><circle id="a" cx="-85" cy="-90" r="2"/><use href="#a" x="0" y="95"/></g>'
    ),
    "a-shape-used-inside": '<defs><g id="a"><circle cx="53" cy="3" r="2"/></g></defs><use href="#a" x="-50" y="5"/>',
    "a-symbol-with-a-view-of-its-own": (
        '<symbol id="a" viewBox="90 90 9 9" overflow="visible"><rect x="90" y="90" width="5" height="5"/></symbol>'
        '<use href="#a" width="10" height="10"/>'
    ),
    "a-shape-used-with-a-broad-stroke": (
        '<defs><path id="a" d="M-9 0v9" fill="none"/></defs><use href="#a" stroke="red" stroke-width="30"/>'
    ),
    "a-symbol-used-in-part": (f'{SYMBOL}<use href="#a" x="-5" y="5" width="20" height="20"/>'),
    "a-symbol-that-overflows": (
        '<symbol id="a" overflow="visible"><rect x="-50" width="5" height="5"/></symbol>'
        '<use href="#a" x="50" y="5" width="20" height="20"/>'
    ),
    "a-shape-used-in-a-turn": (
        '<defs><circle id="a" cx="-5" cy="-5" r="2"/></defs><use href="#a" transform="rotate(180)"/>'
    ),
    "a-shape-with-a-marker": (
        '<marker id="m" refX="30" markerWidth="60" overflow="visible"><path d="M0 0h60"/></marker>'
        '<path d="M20 5h9" marker-end="url(#m)"/>'
    ),
    "a-filter-that-paints": (
        '<filter id="f"><feTurbulence/></filter><rect width="5" height="5" fill="none" filter="url(#f)"/>'
    ),
    "a-marker-that-paints": (
        '<marker id="m"><circle r="9"/></marker><g marker-end="url(#m)"><path d="M1 1h5" fill="none"/></g>'
    ),
    "a-stroke-that-is-not-plain": '<path d="M-2 0v9" stroke="red" stroke-width="4em"/>',
    "a-mitre": '<path d="M-50 4L-10 5L-50 6" fill="none" stroke="red" stroke-width="4" stroke-miterlimit="100"/>',
    "a-curve-that-goes-on": '<path d="M-1 0Q-6 5-1 5T-1 9" fill="none" stroke="red" stroke-width="0.1"/>',
    "an-id-that-stands-twice": (
        '<defs><circle id="a" cx="99" r="1"/><circle id="a" cx="5" r="1"/></defs><use href="#a" x="-95"/>'
    ),
    "text-that-is-larger-where-it-is-used": (
        '<defs><g id="t"><text x="-60">a</text><rect x="-60" width="1" height="1"/></g></defs>'
        '<use href="#t" y="9" font-size="90"/>'
    ),
    "visible-where-it-is-used": (
        '<defs><circle id="a" r="3" visibility="visible"/></defs><use href="#a" visibility="hidden"/>'
    ),
    "a-comment-in-a-style": '<circle r="3" style="fill: red; /* opacity: 0; */"/>',
    "a-word-that-is-no-zero": '<circle r="3" opacity="inherit"/>',
    "an-automatic-radius": '<ellipse rx="auto" ry="3"/>',
    "seen-in-what-is-hidden": '<g visibility="hidden"><circle r="3" visibility="visible"/></g>',
    "a-line-with-a-stroke": '<line x2="5" stroke="red"/>',
    "a-stroke-from-outside": '<g fill="none" stroke="red"><path d="M0 0L5 5"/></g>',
    "a-style-that-sizes": '<rect style="width: 5px; height: 5px"/>',
    "foreign-content": '<foreignObject width="9" height="9"><div xmlns="http://www.w3.org/1999/xhtml">a</div></foreignObject>',
    "somebody-elses-names": '<x:y xmlns:x="urn:x" x:z="1"/><circle r="1" x:a="1" xmlns:x="urn:x"/>',
    "metadata": '<metadata><anything/></metadata><circle r="1"/>',
    "some-of-it-outside": '<rect x="20" width="5" height="5"/><circle r="1"/>',
}


@pytest.mark.parametrize("inside", RIGHT.values(), ids=RIGHT.keys())
def test_what_a_browser_draws_is_right(inside: str) -> None:
    assert check(SHOWN.format(inside), Kind.SVG, None, AllowedImports([])) == ()


@pytest.mark.parametrize(
    "root",
    [
        pytest.param('viewBox="0 0 90 90" transform="rotate(180)"', id="the-drawing-is-turned-as-a-whole"),
        pytest.param('viewBox="0 0 10 10" width="400" height="100"', id="a-page-shows-what-is-beside-it"),
        pytest.param('viewBox="0 0 10 10" overflow="visible"', id="nothing-is-cut-off"),
        pytest.param('viewBox="0 0 10 10" style="background: red"', id="it-has-a-background"),
        pytest.param('viewBox="0 0 10 10" width="100%" height="9"', id="a-size-that-is-not-plain"),
        pytest.param('viewBox="0 0 10 10" style="overflow: visible !important"', id="an-important-style"),
        pytest.param('viewBox="0 0 1e300 1" width="1e-300" height="1"', id="sizes-that-cannot-be-divided"),
    ],
)
def test_what_is_shown_is_the_root_s_to_say(root: str) -> None:
    code = f'<svg {XMLNS} {root}><rect x="15" width="5" height="5"/></svg>'

    assert check(code, Kind.SVG, None, AllowedImports([])) == ()


def test_an_unknown_attribute_is_a_warning() -> None:
    drawing = SHOWN.format('<circle r="1" fll="red"/>')

    assert examine(drawing, Kind.SVG, None, AllowedImports([])) == ((), ("unknown_attribute",))
    assert examine(SHOWN.format('<circle r="1" data-a="1" aria-label="b"/>'), Kind.SVG, None, AllowedImports([])) == (
        (),
        (),
    )
