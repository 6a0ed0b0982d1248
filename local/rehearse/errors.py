"""What a rehearsal fails with."""


class RehearsalError(Exception):
    """Something is not as it has to be; says what, and what to do where that is known."""
