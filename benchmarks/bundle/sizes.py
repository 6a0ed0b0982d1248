"""What is uploaded: layer and function of each bundle, and what of ours the checkers weigh."""

from collections.abc import Callable, Mapping

from benchmarks.bundle.builds import Builds, unzipped, weigh
from benchmarks.bundle.rows import Row

GROUP = "size"
ZIPPED = "layer + function, zipped"
WITHOUT_CHECKERS = "SharedLayer without the checkers, zipped"
_CHECKERS = (
    "_quickjs", "html5lib", "markdown_it", "mdurl", "quickjs", "shared/artifacts/syntax", "six", "tree_sitter",
    "webencodings",
)  # fmt: skip
"""What parses artifacts: the parsers, what they depend on, and what of ours hands them an artifact."""
_MB = 1_000_000


def measure(builds: Builds, progress: Callable[[str], None]) -> list[Row]:
    """Weigh everything; nothing here differs from round to round."""
    progress("weighing")
    bundles = builds.bundles.values()
    layers = {each.name: weigh(each.layer) for each in bundles}
    zipped = {each.name: [_sum(layers[each.name], weigh(each.function))] for each in bundles}
    whole = {each.name: [unzipped(each.layer, each.function) / _MB] for each in bundles}
    ours = [each for each in bundles if (each.layer / "python" / "shared").exists()]
    checkers = {each.name: _sum(_part(layers[each.name], _CHECKERS)) for each in ours}
    rows = [
        Row(GROUP, ZIPPED, "MB", 2, zipped),
        Row(GROUP, "layer + function, unzipped", "MB", 1, whole),
        Row(GROUP, WITHOUT_CHECKERS, "MB", 2, {name: [_sum(layers[name]) - size] for name, size in checkers.items()}),
        Row(GROUP, "the checkers, zipped", "MB", 2, {name: [size] for name, size in checkers.items()}),
    ]
    more = {each.name: [_sum(*map(weigh, each.extra_layers))] for each in ours if each.extra_layers}
    return [*rows, Row(GROUP, "TokenLayer, only with AuthMode=jwt, zipped", "MB", 2, more)] if more else rows


def _sum(*weights: Mapping[str, int]) -> float:
    return sum(sum(each.values()) for each in weights) / _MB


def _part(layer: Mapping[str, int], beginnings: tuple[str, ...]) -> dict[str, int]:
    return {path: size for path, size in layer.items() if path.removeprefix("python/").startswith(beginnings)}
