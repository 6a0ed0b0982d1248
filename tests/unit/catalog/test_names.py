"""The forms of models' names."""

import pytest

from shared.catalog.names import base_name, catalog_name, is_model_name


@pytest.mark.parametrize(
    "name",
    [
        "moonshotai/kimi-k3",
        "openrouter/auto",
        "moonshot/kimi-k3",
        "kimi/kimi-for-coding",
        "custom/moonshotai/kimi-k3",
        "custom//models/mine",
    ],
)
def test_what_names_a_model(name: str) -> None:
    assert is_model_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "kimi-k3", "/kimi-k3", "moonshot/", "a//b", "a/b c", "a/b\n", "a/\u00e4", "a/" + "b" * 200,
     "openrouter/moonshotai/kimi-k3"],
)  # fmt: skip
def test_what_names_no_model(name: str) -> None:
    """`openrouter/` may stand in front of an id in the settings; the catalog has the id alone."""
    assert not is_model_name(name)


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("a/b-20251106", "a/b"),
        ("a/b:nitro", "a/b"),
        ("a/b-20251106:floor", "a/b"),
        ("a/b:free", "a/b:free"),
        ("a/b-20251106:free", "a/b-20251106:free"),
        ("a/b-fast", "a/b-fast"),
        ("a/b", "a/b"),
    ],
)
def test_a_date_and_a_routing_variant_name_no_other_model(name: str, base: str) -> None:
    assert base_name(name) == base


@pytest.mark.parametrize(
    ("name", "catalogs"),
    [
        ("openrouter/moonshotai/kimi-k3", "moonshotai/kimi-k3"),
        ("openrouter/auto", "openrouter/auto"),
        ("moonshot/kimi-k3", "moonshot/kimi-k3"),
    ],
)
def test_the_catalog_has_openrouters_models_without_its_name(name: str, catalogs: str) -> None:
    assert catalog_name(name) == catalogs
