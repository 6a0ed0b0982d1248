"""Where a shape of a drawing is."""

import pytest

from shared.artifacts.syntax.svg.boxes import box_of
from shared.artifacts.syntax.svg.values import inverse, value_problem


@pytest.mark.parametrize(
    ("shape", "attributes", "box"),
    [
        ("polygon", {"points": "0,1 4,3 2,9"}, (0, 1, 4, 9)),
        ("polyline", {"points": "5 5, 1 2"}, (1, 2, 5, 5)),
        ("polygon", {"points": ""}, None),
        ("polygon", {}, None),
        ("path", {"d": "M1 2 L3 8"}, (1, 2, 3, 8)),
        ("path", {"d": ""}, None),
    ],
)
def test_the_box_of_a_shape(shape: str, attributes: dict[str, str], box: tuple[float, ...] | None) -> None:
    assert box_of(shape, attributes, None) == box


def test_a_transform_that_flattens_all_cannot_be_undone() -> None:
    assert inverse((1.0, 1.0, 1.0, 1.0, 0.0, 0.0)) is None
    assert inverse((2.0, 0.0, 0.0, 4.0, 6.0, 8.0)) == (0.5, 0.0, 0.0, 0.25, -3.0, -2.0)


@pytest.mark.parametrize("name", ["x", "dx"])
def test_a_length_that_is_worked_out_is_right(name: str) -> None:
    assert value_problem(name, "calc(1px + 2%)") is None
