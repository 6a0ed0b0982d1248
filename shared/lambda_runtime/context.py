"""The context object that a handler gets beside its event: Lambda's own, for events that a function URL sends."""

import time
from collections.abc import Mapping

from shared.lambda_runtime.runtime_api import Invocation


class Context:
    """What is known of one invocation.

    Attributes:
        streams: whether the answer's body may be an iterable of bytes, which is sent as it comes; Lambda's own runtime
            has no such attribute.
    """

    def __init__(self, invocation: Invocation, environment: Mapping[str, str], *, streams: bool) -> None:
        self.aws_request_id = invocation.request_id
        self.invoked_function_arn = invocation.function_arn
        self.function_name = environment.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = environment.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = environment.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environment.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.client_context = None
        self.identity = None
        self.streams = streams
        self._deadline_ms = invocation.deadline_ms

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until the platform kills the process; 0 when that is overdue."""
        return max(0, self._deadline_ms - int(time.time() * 1000))
