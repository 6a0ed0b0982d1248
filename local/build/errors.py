"""What stops a build."""


class BuildError(Exception):
    """The build cannot go on; the message says what to do."""
