"""What a proof says of an exchange."""

from __future__ import annotations

from builder.judge.facts import answered
from builder.model.capture import Capture
from builder.model.source import Source

from .facts import ago


def test_an_answer_that_only_said_unchanged_says_since_when() -> None:
    """A 304 brings no body: whoever checks the proof must know on which day the body that was read had come."""
    source = Source(id="s", kind="gtfs", url="https://a.example/", publisher="somebody", tier="city")
    capture = Capture(url="https://a.example/", final_url="https://a.example/", status=200, bytes=12, at=ago(1))
    assert answered(source, capture).excerpt == "HTTP status 200, 12 bytes"
    again = capture.model_copy(update={"status": 304, "unchanged_since": ago(31)})
    assert answered(source, again).excerpt == "HTTP status 304, not changed since 2026-05-01, 12 bytes"
