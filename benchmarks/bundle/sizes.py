"""What is uploaded: layer and function of each bundle, and what of ours the checkers weigh."""

from collections.abc import Callable

from benchmarks.bundle.builds import Builds, unzipped, weigh, zipped
from benchmarks.bundle.rows import Row

GROUP = "size"
WITHOUT_CHECKERS = "SharedLayer without the checkers, zipped"
_CHECKERS = ("_quickjs", "quickjs", "markdown_it", "mdurl", "shared/artifacts/syntax/parsers")
"""The renderers' own parsers (Babel's, Mermaid's, a CommonMark parser) and the engine that runs two of them."""
_MB = 1_000_000


def measure(builds: Builds, progress: Callable[[str], None]) -> list[Row]:
    """Weigh everything; nothing here differs from round to round."""
    progress("weighing")
    bundles = builds.bundles.values()
    rows = [
        Row(GROUP, "layer + function, zipped", "MB", 2, {
            each.name: [zipped(each.layer, each.function) / _MB] for each in bundles
        }),
        Row(GROUP, "layer + function, unzipped", "MB", 1, {
            each.name: [unzipped(each.layer, each.function) / _MB] for each in bundles
        }),
    ]  # fmt: skip
    ours = [each for each in bundles if any(each.layer.glob("python/shared"))]
    weights = {each.name: weigh(each.layer) for each in ours}
    checkers = {
        name: sum(size for path, size in files.items() if path.removeprefix("python/").startswith(_CHECKERS)) / _MB
        for name, files in weights.items()
    }
    whole = {name: sum(files.values()) / _MB for name, files in weights.items()}
    rows += [
        Row(GROUP, WITHOUT_CHECKERS, "MB", 2, {name: [whole[name] - checkers[name]] for name in whole}),
        Row(GROUP, "the checkers, zipped", "MB", 2, {name: [size] for name, size in checkers.items()}),
    ]
    more = {each.name: [zipped(*each.extra_layers) / _MB] for each in ours if each.extra_layers}
    return [*rows, Row(GROUP, "TokenLayer, only with AuthMode=jwt, zipped", "MB", 2, more)] if more else rows
