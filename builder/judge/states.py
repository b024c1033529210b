"""From tests to state: one failure caps, one gap in our knowledge never lowers."""

from __future__ import annotations

from collections.abc import Sequence

from builder.model.finding import Failed, Finding, Inapplicable, Passed, Test
from builder.model.scorecard import State


def state_of(findings: Sequence[Finding]) -> State:
    """The state that findings add up to. Inapplicable tests drop out; where nothing is left, nothing applies."""
    live = [finding for finding in findings if not isinstance(finding, Inapplicable)]
    if not live:
        return State.NOT_APPLICABLE
    if all(isinstance(finding, Passed) for finding in live):
        return State.PRESENT
    failed = [finding for finding in live if isinstance(finding, Failed)]
    if any(finding.test is Test.PUBLISHED for finding in failed):
        return State.MISSING
    if failed and any(isinstance(finding, Passed) for finding in live):
        return State.PARTIAL
    return State.UNKNOWN
