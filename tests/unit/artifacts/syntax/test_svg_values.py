"""Values of attributes, as Chromium read them (2026): each was set on an element, and asked for again."""

import time

import pytest

from shared.artifacts.syntax.svg.values import numbers, path_end, path_points, value_problem

GOOD = {
    "d": [
        "M0 0L5 5", "M0 0 L5 5,", "M0 0 L1e1 5", "M0,0 A5 5 0 01 9 9", "M0,0 A5 5 0 0,1,9 9", "m0 0l.5.5.5.5",
        "M0 0 L+5-5", "M0 0L5 5 Z Z", "M0 0h5v5H3V1z", "none", "", "  M1 1  ", "M0 0 5 5", "m1 1 2 2 3 3",
        "M0 0c1 1 2 2 3 3s1 1 2 2q1 1 2 2t3 3", "M-1.5e-3.5.5.5",
    ],
    "points": ["1,2 3,4", "1 2 3 4,", "1 2 3", ""],
    "transform": [
        "rotate(45)", "translate(1,2)scale(2)", "translate(1 2),rotate(3)", "rotate( 45 )", "rotate(1 2 3)", "none", "",
        "matrix(1 0 0 1 0 0)", "skewX(3) skewY(4)",
    ],
    "fill": [
        "#1234", "red", "RED", "rgb(1,2,3)", "rgb(1 2 3 / 50%)", "url(#a) red", "url(#a)", "url(#a) none",
        "context-fill", "var(--x)", "hsl(1deg 2% 3%)", "color-mix(in srgb, red, blue)", "buttonface", "", "inherit",
        "#fff ", "none", "transparent", "currentColor", "rgb(calc(1 + 2) 2 3)", "url('#a')",
    ],
    "width": ["10", "10px", "50%", "auto", "calc(1px + 2px)", "1e1", "", "100vw", "0", "1.5em"],
    "x": ["1 2,3", "10%", "-5", "1px 2px"],
    "viewBox": ["0 0 10 10", "0,0,10,10", "-1 -1 .5 .5", ""],
    "opacity": ["0", ".5", "50%", "calc(1 / 2)"],
    "stop-color": ["red"],
    "title": ["anything"],
}  # fmt: skip
BAD = {
    "d": [
        "M,0 0 L5 5", "M0 0 L5,,5", "M0 0 L5. 5 L9 9", "M0 0;L5 5", "M0 0 L5 5 X", "M0 0 5 5 10", "M 0 0 L 5",
        "M0 0 Z 5 5", "L5 5", "M0 0h5v", "M0 0 l5 5\u00a0l6 6", "M0 0L0x5 5", "F0 0", "M0 0 A5 5 0 2 1 9 9", "0 0",
    ],
    "points": ["1;2", "1,2,,3,4", "a", "1px,2px"],
    "transform": [
        "rotate(45deg)", "translate(10px,20px)", "rotate(45,1)", "matrix(1 0 0 1 0)", "rotateZ(3)", "scale(50%)",
        "translate(1 2", "spin(1)", "translate()",
    ],
    "fill": [
        "222222", "0x222222", "#12345", "color:red", "red blue", "#FFF;", "linear-gradient(red,blue)", "rgb(1,2,3",
        "bluee", "#ggg",
    ],
    "stop-color": ["none", "#12"],
    "width": ["10 px", "-5", "10ppx", "a", "{x}", "10;", "1.px"],
    "x": ["1 a", "{x}"],
    "viewBox": ["0 0 10", "0 0 0 10", "0 0 -1 10", "0 0 10 10px", "0 0 10 10 10"],
    "opacity": ["half", "0,5"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_what_a_browser_reads_is_right(name: str, value: str) -> None:
    assert value_problem(name, value) is None


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_what_a_browser_does_not_read_is_named(name: str, value: str) -> None:
    problem = value_problem(name, value)

    assert problem
    assert problem.startswith("`")


@pytest.mark.parametrize(
    ("data", "end"), [("M0 0;L5 5", 4), ("M0 0 L5 5 X", 10), ("M0 0 5 5 10", 11), ("M0 0L1 1", None)]
)
def test_where_a_path_ends_is_said(data: str, end: int | None) -> None:
    assert path_end(data) == end


@pytest.mark.parametrize(
    ("data", "points"),
    [
        ("M1 2L3 4", [(1, 2), (3, 4)]),
        ("m1 2l3 4z l1 1", [(1, 2), (4, 6), (2, 3)]),
        ("M1 1h2v3H0V0", [(1, 1), (3, 1), (3, 4), (0, 4), (0, 0)]),
        ("M0 0c1 1 2 2 3 3", [(0, 0), (1, 1), (2, 2), (3, 3)]),
        ("m5 5 1 1", [(5, 5), (6, 6)]),
        ("M9 9 L1", [(9, 9)]),
    ],
)
def test_the_points_of_a_path(data: str, points: list[tuple[float, float]]) -> None:
    assert path_points(data) == points


def test_an_arc_may_bulge_by_its_size() -> None:
    assert (min(path_points("M0 0A5 5 0 0 1 10 0")), max(path_points("M0 0A5 5 0 0 1 10 0"))) == ((0, -10), (20, 10))


def test_numbers_are_read_whole_or_not_at_all() -> None:
    assert numbers("1,2 .5-3e1") == [1, 2, 0.5, -30]
    assert numbers("1 a") is None


@pytest.mark.parametrize("part", ["M", "M0 0,", "L1 1", " ,", "1", "rgb(", "calc(", "url(", "rotate(", "1 ", "rgb(1)"])
def test_every_value_takes_time_in_proportion(part: str) -> None:
    """A bound against runaways: 250 KB take less than a third of a second."""
    began = time.process_time()

    for name in GOOD:
        value_problem(name, part * (250_000 // len(part)))
        value_problem(name, "M0 0" + part * (250_000 // len(part)))

    assert time.process_time() - began < 20
