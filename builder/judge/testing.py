"""A test's finding from its rules: all must hold, and what cannot be proved is not claimed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from builder.judge.facts import Facts
from builder.judge.phrases import named
from builder.judge.policy import FEEDS_OF_A_PLACE, SERVES, WIDE_TIERS
from builder.judge.ruled import Ruled, together
from builder.judge.rules import evaluate
from builder.model.finding import CantTell, Failed, Finding, Passed, Test, Untested
from builder.model.framework import Indicator, TestRule
from builder.model.reasons import Outcome


def findings(indicator: Indicator, facts: Facts, city: str) -> tuple[Finding, ...]:
    """One finding a test, in the indicator's order, all judged on this one thing as of its own reading."""
    if not _serves(facts):
        words = f"We have not seen that {named(facts.thing)} serves {city}."
        return every(indicator, lambda test: CantTell(test, None, words))
    return tuple(finding(test, asked, facts) for test, asked in indicator.tests.items())


def every(indicator: Indicator, make: Callable[[Test], Finding]) -> tuple[Finding, ...]:
    """The same finding for every test: what a gap looks like."""
    return tuple(make(test) for test in indicator.tests)


def finding(test: Test, asked: TestRule, facts: Facts) -> Finding:
    """One test of one thing."""
    rules = asked.asked(facts.thing.dataset is not None)
    if not rules:
        return Untested(test, "Only a person can read this, and nobody has yet.")
    return _weigh(test, [evaluate(rule, facts) for rule in rules])


def _weigh(test: Test, ruled: Sequence[Ruled]) -> Finding:
    failed = [one for one in ruled if one.failed]
    if failed:
        words = together(failed)
        # One look at one place never proves that nothing is published.
        if test is Test.PUBLISHED:
            return CantTell(test, None, words)
        return Failed(test, tuple(proof for one in failed for proof in one.evidence), words)
    doubtful = [one for one in ruled if one.outcome is Outcome.CANT_TELL]
    if doubtful:
        return CantTell(test, doubtful[0].reason, together(doubtful))
    untested = [one for one in ruled if one.outcome is Outcome.UNTESTED]
    if untested:
        return Untested(test, together(untested))
    return Passed(test, tuple(proof for one in ruled for proof in one.evidence), together(ruled))


def _serves(facts: Facts) -> bool:
    """Whether a feed of a wider area was seen to serve this city; nearer ones and other kinds need not show it."""
    source = facts.thing.source
    if source.kind not in FEEDS_OF_A_PLACE or source.tier not in WIDE_TIERS:
        return True
    near = [facts.read.value(name) for name in SERVES]
    return any(isinstance(number, int | float) and number >= 1 for number in near)
