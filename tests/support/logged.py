"""Where log lines go in a test: all loggers of the service share their handlers, whoever made them first."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO, TypeVar

from shared.logs import Logs

StreamT = TypeVar("StreamT", bound=TextIO)


@contextmanager
def logged_to(logs: Logs, stream: StreamT) -> Iterator[StreamT]:
    """Have the lines written to this stream for a while."""
    handlers = [each for each in logs._costs.handlers if isinstance(each, logging.StreamHandler)]
    before = [handler.stream for handler in handlers]
    for handler in handlers:
        handler.stream = stream
    try:
        yield stream
    finally:
        for handler, old in zip(handlers, before, strict=True):
            handler.stream = old
