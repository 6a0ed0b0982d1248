"""What a caller asks for in `Accept` and `Prefer`: events while it waits, or to be let go at once.

`Accept` is read by RFC 9110, section 12.5.1, `Prefer` by RFC 7240.
"""

from collections.abc import Iterator

_EVENT_STREAM, _JSON = "text/event-stream", "application/json"


def accepts_event_stream(accept: str | None) -> bool:
    """Return whether events are wanted rather than JSON.

    They have to be named: a wildcard asks for what there always was. JSON wins where it is wanted as much, but for a
    wildcard, over which a name wins.
    """
    qualities = dict(_qualities(accept or ""))
    events = qualities.get(_EVENT_STREAM, 0.0)
    if _JSON in qualities:
        return events > qualities[_JSON]
    wildcard = next((each for each in ("application/*", "*/*") if each in qualities), None)  # the narrower one counts
    return events > 0 and (wildcard is None or events >= qualities[wildcard])


def prefers_async(prefer: str | None) -> bool:
    """Return whether the caller prefers an answer at once, and the result later."""
    preferences = [each.partition(";")[0].partition("=") for each in (prefer or "").split(",")]
    return any(name.strip().lower() == "respond-async" for name, _, _ in preferences)


def _qualities(accept: str) -> Iterator[tuple[str, float]]:
    """Yield each media range with its quality; one whose quality cannot be read is not wanted."""
    for item in accept.lower().split(","):
        media_range, *parameters = (part.strip() for part in item.split(";"))
        values = [value for name, _, value in (each.partition("=") for each in parameters) if name.strip() == "q"]
        try:
            quality = float(values[0]) if values else 1.0
        except ValueError:
            quality = 0.0
        yield media_range, quality if 0 <= quality <= 1 else 0.0
