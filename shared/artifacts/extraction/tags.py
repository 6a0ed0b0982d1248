"""The tags around an artifact: how an opening and a closing one look, and what attributes an opening one has.

Which tags of an answer count is decided in `tag_scanner` and `candidates`.
"""

import re
from itertools import islice
from typing import NamedTuple

from shared.artifacts.extraction.titles import decoded

# `<artifacts>` and `<artifact-x>` are no tags, nor is an `<artifact` at the very end: its name may go on.
OPEN_NAME = r"(?:ant)?artifact(?=[\s/>])"
CLOSE_NAME = r"/\s*+(?:ant)?artifact\s*+>"
CLOSE = re.compile(f"<{CLOSE_NAME}", re.IGNORECASE | re.ASCII)

# All quantifiers are possessive (`++`), so that no pattern can backtrack.
_NAME = re.compile(f"<{OPEN_NAME}", re.IGNORECASE | re.ASCII)
_ATTRIBUTE = re.compile(
    r"""\s*+([^\s"'<>/=]++)(?>(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++)))?)""",
    re.ASCII,
)
_END = re.compile(r"[\s/]*+>", re.ASCII)
_TRUNCATED = re.compile(r"""(?>(?:\s*+=\s*+(?>(?:"[^"]*+|'[^']*+)?))?)\s*+\Z""", re.ASCII)
_LOOSE_VALUE = r"""(?a)(=\s*+(["']))([^\n]*?)(?=\2(?:\s++[\w-]++\s*+=\s*+["']|\s*+>))"""
"""A value that ends at the quote before the next attribute or the end of the tag."""
_MAX_TAG_CHARS, _MAX_BROKEN_TAGS = 1_000, 8
"""Characters of a broken tag, and broken tags, that are read."""
_MAX_ATTRIBUTES = 32  # far more than a model writes; it ends the reading of a sentence that begins like a tag


class Tag(NamedTuple):
    """An opening tag.

    Attributes:
        start: the index of its `<`.
        end: the index after its `>`, where the body begins.
        attributes: those with a value, by name in lower case; of two with one name the first.
    """

    start: int
    end: int
    attributes: dict[str, str]

    @property
    def bare(self) -> bool:
        """Whether it has no attributes: `<artifact>`, or `<artifact tag>` in a sentence."""
        return not self.attributes

    @property
    def kind_name(self) -> str:
        """The artifact's kind as the model names it, empty if it names none."""
        return self._value("type") or self._value("kind")

    @property
    def title(self) -> str:
        """The title on one line and with its entities decoded, `Untitled` if there is none."""
        return decoded(self._value("title"))

    @property
    def language(self) -> str | None:
        """The language of the code in lower case, if the tag gives it."""
        return self._value("language").lower() or None

    def _value(self, name: str) -> str:
        return self.attributes.get(name, "").strip()


def read_tag(text: str, start: int) -> Tag | None:
    """Return the opening tag that begins at `start`, or None if the text there only looks like a tag.

    An unclosed quote, a stray quote, or a `<` outside quotes means that it is no tag. `<artifact/>` opens nothing. A
    tag that is truncated by the end of the text counts, with its body at the end of the text.

    Trying every index of a text takes time linear in its length. A `<` outside quotes ends an attempt, so an attempt
    passes the start of the next one only inside single or inside double quotes; from there on both read the same
    characters and never reach the same state. There are three states, so at most three attempts overlap anywhere.
    """
    name = _NAME.match(text, start)
    if not name:
        return None
    attributes, position, plain = _read_attributes(text, name.end())
    if end := _END.match(text, position):
        return None if text[end.end() - 2] == "/" else Tag(start, end.end(), attributes)
    # `<artifact title="A>…</artifact>` has lost a quote; `<artifact title="A` has lost everything after it.
    truncated = plain and _TRUNCATED.match(text, position) and not CLOSE.search(text, position)
    return Tag(start, len(text), attributes) if truncated else None


def with_escaped_quotes(text: str) -> str | None:
    """Return the text with the quotes inside attributes of opening tags escaped; None if that repairs no tag.

    `title="The "Best" App"` is not an attribute, so its tag is none; yet the end of its value can be found.
    """
    pieces, done = [], 0
    for name in islice(_NAME.finditer(text), _MAX_BROKEN_TAGS):
        if name.start() < done or read_tag(text, name.start()):
            continue
        end = text.find("\n", name.start(), name.start() + _MAX_TAG_CHARS)
        line = text[name.start() : end if end >= 0 else name.start() + _MAX_TAG_CHARS]
        mended = re.sub(_LOOSE_VALUE, _escaped, line)  # compiled here: few tags are broken
        if mended != line and read_tag(mended, 0):
            pieces += [text[done : name.start()], mended]
            done = name.start() + len(line)
    return "".join((*pieces, text[done:])) if pieces else None


def _escaped(value: re.Match[str]) -> str:
    quote = value[2]
    return value[1] + value[3].replace(quote, "&quot;" if quote == '"' else "&#39;")


def _read_attributes(text: str, position: int) -> tuple[dict[str, str], int, bool]:
    """Return the attributes from `position` on, where they end, and whether all but the last have a value."""
    attributes: dict[str, str] = {}
    plain = last_has_value = True
    for _ in range(_MAX_ATTRIBUTES):
        match = _ATTRIBUTE.match(text, position)
        if not match:
            break
        value = next((group for group in match.groups()[1:] if group is not None), None)
        if value is None and text[position - 1] in "\"'" and match.start(1) == position:
            break  # `title="A "quoted" word"`: the text after the second quote is no attribute
        plain, last_has_value = last_has_value and plain, value is not None
        if value is not None:
            attributes.setdefault(match[1].lower(), value)
        position = match.end()
    return attributes, position, plain
