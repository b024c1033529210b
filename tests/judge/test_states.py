"""From tests to state: every combination of outcomes, by the four sentences that decide it."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from builder.judge.states import state_of
from builder.model.evidence import ReadByPerson
from builder.model.finding import CantTell, Failed, Finding, Inapplicable, Passed, Test, Untested
from builder.model.reasons import Outcome
from builder.model.scorecard import State

PROOF = (ReadByPerson("https://example.org/", "a resident", date(2026, 5, 1), "There it is."),)


def finding(test: Test, outcome: Outcome) -> Finding:
    """A finding of that outcome."""
    match outcome:
        case Outcome.PASSED:
            return Passed(test, PROOF, "")
        case Outcome.FAILED:
            return Failed(test, PROOF, "")
        case Outcome.CANT_TELL:
            return CantTell(test, None, "")
        case Outcome.INAPPLICABLE:
            return Inapplicable(test, "")
        case _:
            return Untested(test, "")


def state(published: str, *others: str) -> State:
    """The state of outcomes, of `published` first."""
    tests = (Test.PUBLISHED, Test.FRESH, Test.WORKING)
    return state_of([finding(test, Outcome(one)) for test, one in zip(tests, (published, *others), strict=False)])


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (("passed", "passed"), "present"),
        (("passed", "inapplicable"), "present"),
        (("failed", "passed"), "missing"),
        (("failed", "untested"), "missing"),
        (("passed", "failed"), "partial"),
        (("passed", "failed", "untested"), "partial"),
        (("cantTell", "failed", "passed"), "partial"),
        (("passed", "cantTell"), "unknown"),
        (("passed", "untested"), "unknown"),
        (("cantTell", "failed"), "unknown"),
        (("untested", "untested"), "unknown"),
        (("inapplicable", "inapplicable"), "not_applicable"),
    ],
)
def test_tests_add_up_to_a_state(outcomes: tuple[str, ...], expected: str) -> None:
    """The table of the states, row by row."""
    assert state(*outcomes) == expected


def test_one_failure_caps() -> None:
    """Whatever else holds, a failed test keeps a question from being answered with a full yes."""
    assert all(
        state(*outcomes) is not State.PRESENT for outcomes in product(Outcome, repeat=3) if Outcome.FAILED in outcomes
    )


def test_one_gap_in_our_knowledge_never_lowers() -> None:
    """Taking away what we know of one test never turns a known state into a worse one."""
    for outcomes in product(Outcome, repeat=3):
        before = state(*outcomes)
        for position, gap in product(range(3), (Outcome.CANT_TELL, Outcome.UNTESTED)):
            if outcomes[position] is Outcome.INAPPLICABLE:
                continue  # a test that does not apply has no knowledge to lose
            after = state(*outcomes[:position], gap, *outcomes[position + 1 :])
            assert not (before.known and after.known) or after.score >= before.score


def test_nothing_is_missing_without_a_proof_of_absence() -> None:
    """Only a failed `published` makes a state missing."""
    for outcomes in product(Outcome, repeat=3):
        assert (state(*outcomes) is State.MISSING) == (outcomes[0] is Outcome.FAILED)
