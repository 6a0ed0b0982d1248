"""Model answers as a property-based test makes them up: text, and pieces of tags, fences and thoughts in a row."""

from hypothesis import strategies as st

PIECES = [
    *(
        "<artifact",
        " type=",
        " title=",
        '"',
        "'",
        ">",
        "/>",
        "</artifact>",
        "</ artifact",
        "<artifact>",
        "</antArtifact>",
    ),
    *("<artifact type='react'>", '<antArtifact kind="svg" title="a &amp; b">', "<", "&", "=", "/"),
    *("<think>", "</think>", "<|x|>", "`", "``", "```", "```jsx", "```md", "~~~", "````", "\n", "\r\n", "\r", " "),
    *(
        "export default function A() { return <p/>; }",
        "<!doctype html>",
        "</html>",
        "<svg>",
        "</svg>",
        "graph TD",
        "# a",
    ),
    *("\x00", "\ud800", "\u2028", "\x85", "\u0130", "\u212a", "\u017f", "睡", "\ufeff", "import a from 'a'"),
]
ANSWERS = st.one_of(
    st.text(st.characters(exclude_categories=[])),
    st.lists(st.sampled_from(PIECES)).map("".join),
)
