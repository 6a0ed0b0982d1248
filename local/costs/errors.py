"""Why `make costs` cannot give what it was asked for."""


class CostsError(Exception):
    """What was asked for cannot be had; the message says why, and what to do where that helps."""
