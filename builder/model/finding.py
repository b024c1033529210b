"""A finding: one test's outcome with its evidence; a claim without evidence cannot be written down (EARL Assertion)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from builder.model.evidence import Evidence, Seen
from builder.model.reasons import Outcome, Reason


class Test(StrEnum):
    """The six tests, judged separately (EARL TestCriterion)."""

    __test__ = False  # not a test case, whatever its name says to a test runner

    PUBLISHED = "published"
    MACHINE_READABLE = "machine_readable"
    OPEN_LICENCE = "open_licence"
    FRESH = "fresh"
    DOCUMENTED = "documented"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class Passed:
    """The test holds, and here is the proof. ``words`` says in one line what was seen."""

    test: Test
    evidence: tuple[Evidence, ...]
    words: str

    outcome = Outcome.PASSED

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError("a passed test carries evidence")


@dataclass(frozen=True, slots=True)
class Failed:
    """The test does not hold, and here is the proof.

    ``published`` fails only on a search of everything, a person's reading, or two readings on different days that
    found nothing at the named address.
    """

    test: Test
    evidence: tuple[Evidence, ...]
    words: str

    outcome = Outcome.FAILED

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError("a failed test carries evidence")
        if self.test is Test.PUBLISHED and all(isinstance(one, Seen) for one in self.evidence):
            days = {one.capture.at.date() for one in self.evidence if isinstance(one, Seen)}
            if len(days) < 2:
                raise ValueError("'published' fails only after a full search or two readings on different days")


@dataclass(frozen=True, slots=True)
class CantTell:
    """We could not tell, and the reason says on which side the fault lies."""

    test: Test
    reason: Reason | None
    words: str

    outcome = Outcome.CANT_TELL


@dataclass(frozen=True, slots=True)
class Inapplicable:
    """The test does not apply to this thing; it drops out."""

    test: Test
    words: str

    outcome = Outcome.INAPPLICABLE


@dataclass(frozen=True, slots=True)
class Untested:
    """Nobody has tested this yet: a gap in our knowledge, not in the city."""

    test: Test
    words: str

    outcome = Outcome.UNTESTED


Finding = Passed | Failed | CantTell | Inapplicable | Untested
