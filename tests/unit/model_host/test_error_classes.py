"""Which failure a host's error is, and whether it is tried again: the table, row by row."""

from typing import Any

import pytest

from shared.model_host.error_classes import classify
from shared.model_host.errors import (
    ClientNotApproved,
    ContextExceeded,
    CreditExhausted,
    HostFailed,
    KeyRejected,
    ModelGone,
    ModelHostFailure,
    Overloaded,
    RateLimited,
    Redirected,
    Refused,
    RequestRejected,
)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestRejected),
        (401, KeyRejected),
        (402, CreditExhausted),
        (403, KeyRejected),
        (404, ModelGone),
        (408, Overloaded),
        (413, RequestRejected),
        (418, RequestRejected),
        (422, RequestRejected),
        (429, RateLimited),
        (500, HostFailed),
        (502, HostFailed),
        (503, Overloaded),
        (504, Overloaded),
        (524, Overloaded),
        (529, Overloaded),
        (599, HostFailed),
        (302, Redirected),
        (308, Redirected),
    ],
)
def test_a_bare_status(status: int, kind: type[Exception]) -> None:
    """Nothing but the status can be read, as in an HTML page."""
    assert type(classify(status, {}, {})) is kind


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (200, {"code": 429, "message": "Provider returned error"}, RateLimited),
        (200, {"code": "503"}, Overloaded),
        (200, {"code": "5" * 5000}, HostFailed),
        (200, {"code": 502, "metadata": {"error_type": "provider_unavailable"}}, Overloaded),
        (200, {"code": "stream_failure", "type": "server_error"}, HostFailed),
        (200, {"message": "Internal Server Error"}, HostFailed),
        (200, {}, HostFailed),
        (200, {"http_status": 429, "error_type": "capacity_exhausted"}, RateLimited),
        (429, {"type": "exceeded_current_quota_error"}, CreditExhausted),
        (429, {"type": "engine_overloaded_error"}, Overloaded),
        (429, {"type": "rate_limit_reached_error"}, RateLimited),
        (429, {"code": 429, "message": "Rate limit exceeded: free-models-per-day. Add credits"}, CreditExhausted),
        (400, {"code": "context_length_exceeded"}, ContextExceeded),
        (400, {"message": "Your request exceeds the model's token limit: 262144"}, ContextExceeded),
        (404, {"message": "No model has this maximum context"}, ModelGone),
        (400, {"metadata": {"error_type": "model_deprecated"}}, ModelGone),
        (400, {"type": "invalid_request_error", "code": "model_decommissioned"}, ModelGone),
        (400, {"type": "invalid_request_error", "code": "model_not_found"}, ModelGone),
        (403, {"metadata": {"error_type": "content_policy_violation"}}, Refused),
        (403, {"type": "access_terminated_error"}, ClientNotApproved),
        (403, {"code": 403, "metadata": {"reasons": ["violence"], "flagged_input": "…"}}, Refused),
        (429, {"type": "insufficient_quota"}, CreditExhausted),
        (200, {"metadata": {"error_type": "payment_required"}}, CreditExhausted),
        (200, {"type": "rate_limit_error"}, RateLimited),
        (200, {"metadata": {"error_type": "authentication"}}, KeyRejected),
        (200, {"metadata": {"error_type": "invalid_prompt"}}, RequestRejected),
        (200, {"metadata": {"error_type": "server"}}, HostFailed),
        (404, {"metadata": {"error_type": "invalid_request"}}, ModelGone),
        (503, {"type": "invalid_request_error"}, Overloaded),
        (500, {"metadata": None, "availability": "soon", "code": None}, HostFailed),
    ],
)
def test_a_type_says_more_than_a_status(status: int, error: dict[str, Any], kind: type[Exception]) -> None:
    assert type(classify(status, error, {})) is kind


@pytest.mark.parametrize(("status", "said"), [(503, False), (400, True), (429, False), (429, True)])
def test_a_host_that_says_whether_to_retry_is_believed(status: int, said: bool) -> None:
    failure = classify(status, {"availability": {"retryable": said}}, {})

    assert isinstance(failure, ModelHostFailure)
    assert failure.retry_advised is failure.retryable is said


def test_no_host_makes_us_retry_without_money() -> None:
    failure = classify(402, {"availability": {"retryable": True}}, {})

    assert type(failure) is CreditExhausted
    assert failure.retryable is False


def test_one_failure_does_not_change_the_next() -> None:
    classify(503, {"availability": {"retryable": False}}, {})

    later = classify(503, {}, {})
    assert isinstance(later, Overloaded)
    assert later.retry_advised is None
    assert later.retryable
