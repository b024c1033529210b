"""The closed list of reasons: whose fault each one is, what it decides, and whether we try again."""

from __future__ import annotations

import pytest

from builder.model.reasons import Outcome, Reason, Side

# Written down again on purpose: whoever moves a reason from "we could not see" to "it failed" has to move it twice.
LISTED = {
    Outcome.PASSED: "ok",
    Outcome.FAILED: "empty not-the-declared-format malformed not-found gone client-error api-error stale",
    Outcome.CANT_TELL: (
        "auth-required forbidden bot-challenge rate-limited server-error timeout connection-failed protocol-error "
        "too-large too-many-redirects blocked-address blocked-scheme tls-error robots-disallowed robots-unavailable "
        "our-error"
    ),
    Outcome.UNTESTED: "not-captured needs-key offline",
}


@pytest.mark.parametrize("outcome", LISTED)
def test_each_reason_decides_its_outcome(outcome: Outcome) -> None:
    """A fault of the network, of access or of ours is never a failing of the city."""
    assert {one.value for one in Reason if one.outcome is outcome} == set(LISTED[outcome].split())


def test_only_the_sources_own_faults_count_against_it() -> None:
    """What failed is the source's; everything else lies between us or with us."""
    for reason in Reason:
        assert (reason.outcome is Outcome.FAILED) == (reason.side is Side.THEM), reason


def test_only_what_may_pass_is_tried_again() -> None:
    """Three reasons may be gone a moment later; asking again for any other would be rude and in vain."""
    retried = {one for one in Reason if one.retried}
    assert retried == {Reason.RATE_LIMITED, Reason.SERVER_ERROR, Reason.CONNECTION_FAILED}
