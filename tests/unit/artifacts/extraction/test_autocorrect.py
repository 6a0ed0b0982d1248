"""What is put right without the model."""

import time

import pytest

from shared.artifacts.artifact import Artifact
from shared.artifacts.extraction.autocorrect import autocorrected
from shared.artifacts.kinds import Kind

SVG = 'xmlns="http://www.w3.org/2000/svg"'
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
PAGE = "<!DOCTYPE html><html><body>{}</body></html>"


def code_of(kind: Kind, code: str) -> str:
    return autocorrected(Artifact(kind, "A", None, code)).code


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<svg><g/></svg>", f"<svg {SVG}><g/></svg>"),
        ('<svg viewBox="0 0 9 9"><svg/></svg>', f'<svg {SVG} viewBox="0 0 9 9"><svg/></svg>'),
        ("<?xml version='1.0'?>\n<svg\n  width='1'/>", f"<?xml version='1.0'?>\n<svg {SVG}\n  width='1'/>"),
        (f'<svg {SVG}><use xlink:href="#a"/></svg>', f'<svg {XLINK} {SVG}><use xlink:href="#a"/></svg>'),
        ('<svg data-a="xmlns=">1</svg>', f'<svg {SVG} data-a="xmlns=">1</svg>'),
    ],
    ids=["bare", "nested", "declared", "links", "a-namespace-in-a-value"],
)
def test_a_drawing_gets_the_namespaces_that_it_needs(before: str, after: str) -> None:
    assert code_of(Kind.SVG, before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<script src="a.js" />', '<script src="a.js"></script>'),
        ('<script src="a.js"/><script>let a;</script>', '<script src="a.js"></script><script>let a;</script>'),
        ("<SCRIPT defer SRC='a>b.js'/>", "<SCRIPT defer SRC='a>b.js'></script>"),
        ('<!-- a --><script\nsrc="a.js"\n/>', '<!-- a --><script\nsrc="a.js"></script>'),
    ],
)
def test_a_script_that_is_closed_like_xml_is_closed(before: str, after: str) -> None:
    assert code_of(Kind.HTML, PAGE.format(before)) == PAGE.format(after)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Kind.SVG, f"<svg {SVG}/>"),
        (Kind.SVG, "<svg xmlns = 'http://www.w3.org/2000/svg'/>"),
        (Kind.SVG, "<g/>"),
        (Kind.HTML, '<script src="a.js"></script>'),
        (Kind.HTML, "<script>document.write('<script src=\"a.js\"/>')</script>"),
        (Kind.HTML, '<!-- <script src="a.js"/> -->'),
        (Kind.HTML, "<script />"),
        (Kind.HTML, '<script type="a/b" data-src="a"/>'),
        (Kind.HTML, '<script>let a = "'),
        (Kind.REACT, '<script src="a.js"/>'),
        (Kind.CODE, "<svg/>"),
    ],
)
def test_all_else_is_left_as_it_is(kind: Kind, code: str) -> None:
    artifact = Artifact(kind, "A", None, code)

    assert autocorrected(artifact) is artifact


@pytest.mark.parametrize(
    "part", ['<script src="a"/>', "<script ", "<script src='", "<script>", "<!--", "<svg ", "<svg a='"]
)
@pytest.mark.parametrize("kind", [Kind.HTML, Kind.SVG])
def test_it_takes_time_in_proportion(kind: Kind, part: str) -> None:
    """A bound against runaways: 250 KB take some hundredths of a second."""
    began = time.process_time()

    code_of(kind, part * (250_000 // len(part)))

    assert time.process_time() - began < 5
