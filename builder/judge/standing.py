"""How a source stands: answering, silent, broken, vanished or unread, from its facts and the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from builder.judge.dates import day_of
from builder.judge.policy import VANISHING
from builder.model.observation import LedgerLine, Observation, SourceFacts
from builder.model.reasons import Outcome, Reason
from builder.model.scorecard import Looked
from builder.model.source import Source

_READ = frozenset({Outcome.PASSED, Outcome.FAILED, Outcome.CANT_TELL})


class Course(StrEnum):
    """What has become of a source since its last good reading."""

    UNREAD = "unread"
    ANSWERING = "answering"
    SILENT = "silent"  # only faults that are not the source's own: its last good facts still count
    BROKEN = "broken"  # it answered, but wrongly, or said once that nothing is there
    VANISHED = "vanished"  # it said on two different days that nothing is there


@dataclass(frozen=True, slots=True)
class Standing:
    """One source as it stands.

    ``good_at`` is when its good facts were last read. ``reason`` and ``last_read`` are those of the newest reading;
    a try that was no reading (nothing recorded, no key, no network) leaves only its reason, and only when there is
    nothing better. ``failed_at`` is the newest reading that failed on the source's side; ``failures`` are the
    readings kept of such failures, oldest first.
    """

    source: Source
    course: Course
    good: Observation | None = None
    good_at: datetime | None = None
    last_read: datetime | None = None
    reason: Reason | None = None
    failing_since: datetime | None = None
    failed_at: datetime | None = None
    failed_reason: Reason | None = None
    failures: tuple[Observation, ...] = ()

    def looked(self, readable: bool) -> Looked:
        """The same, as a page shows it under 'where we looked'."""
        return Looked(self.source, readable, self.good, self.last_read, self.reason, self.failing_since)


def standing(source: Source, facts: SourceFacts | None, lines: Sequence[LedgerLine]) -> Standing:
    """Work out how a source stands; ``lines`` are the ledger's lines of its key, in any order."""
    facts = facts or SourceFacts()
    lines = sorted(lines, key=lambda line: (line.at, line.run))
    passed = [line for line in lines if line.outcome is Outcome.PASSED]
    good_at = _last_read(facts.good, passed) if facts.good else None

    # The ledger knows every reading since, the facts keep the first two whole: either alone is enough.
    since = {(line.at, line.reason) for line in lines if line.outcome in _READ and line.outcome is not Outcome.PASSED}
    since |= {(fault.at, fault.reason) for fault in facts.faults if fault.outcome in _READ}
    answered = max([line.at for line in passed] + ([good_at] if good_at else []), default=None)
    streak = sorted((at, reason) for at, reason in since if answered is None or at > answered)

    failed = [(at, reason) for at, reason in streak if reason.outcome is Outcome.FAILED]
    faults = tuple(sorted((one for one in facts.faults if (one.at, one.reason) in failed), key=lambda one: one.at))
    untried = [one.reason for one in facts.faults if one.outcome is Outcome.UNTESTED]
    untried += [line.reason for line in lines if line.outcome is Outcome.UNTESTED]
    newest = streak[-1] if streak else (answered, Reason.OK if answered else None)
    return Standing(
        source=source,
        course=_course(facts.good, streak, failed, faults),
        good=facts.good,
        good_at=good_at,
        last_read=newest[0],
        reason=newest[1] or (untried[-1] if untried else None),
        failing_since=streak[0][0] if streak else None,
        failed_at=failed[-1][0] if failed else None,
        failed_reason=failed[-1][1] if failed else None,
        failures=faults,
    )


def _last_read(good: Observation, passed: Sequence[LedgerLine]) -> datetime:
    """When these very facts were last read; a later reading for another city may have found other facts."""
    first = next((line.digest for line in passed if line.at == good.at), None)
    return max([good.at, *(line.at for line in passed if first is None or line.digest == first)])


def _course(
    good: Observation | None,
    streak: list[tuple[datetime, Reason]],
    failed: list[tuple[datetime, Reason]],
    faults: tuple[Observation, ...],
) -> Course:
    if not streak:
        return Course.ANSWERING if good else Course.UNREAD
    if not failed:
        return Course.SILENT
    if failed[-1][1] in VANISHING and len(days_of_absence(faults)) >= 2:
        return Course.VANISHED
    return Course.BROKEN


def days_of_absence(failures: Sequence[Observation]) -> dict[object, Observation]:
    """The readings that found nothing at the address, one a day; only an exchange that was kept can show it."""
    return {day_of(one.captures[-1].at): one for one in reversed(failures) if one.reason in VANISHING and one.captures}
