"""A function that cannot be imported."""

msg = "broken as ordered"
raise RuntimeError(msg)
