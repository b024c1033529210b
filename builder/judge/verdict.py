"""The verdict on one candidate: what its readings prove, for how long, and what was last seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from builder.judge import failing
from builder.judge.candidates import Candidate, names_too_little
from builder.judge.dates import in_words, lives_until
from builder.judge.facts import Facts, Read
from builder.judge.known import Known
from builder.judge.phrases import named
from builder.judge.standing import Course, Standing
from builder.judge.states import state_of
from builder.judge.testing import every, findings
from builder.model.catalogue import Dataset
from builder.model.city import City
from builder.model.finding import CantTell, Failed, Finding, Passed, Test, Untested
from builder.model.framework import Indicator
from builder.model.kinds import KINDS
from builder.model.reasons import Reason
from builder.model.scorecard import LastSeen, State, Thing
from builder.model.source import Source


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything a verdict needs beside its candidate."""

    city: City
    known: Known
    standings: Mapping[str, Standing]
    now: datetime
    readable: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is proved of one thing. ``gap`` is the sentence that says why nothing more is known, empty where it counts.

    ``unread`` marks that nobody has read it yet, ``closed`` that no reader of ours could; ``silent`` is since when its
    source has not answered us, ``in_part`` that it was not read whole, ``caught`` that a net chose it.
    """

    thing: Thing | None
    findings: tuple[Finding, ...]
    gap: str = ""
    at: datetime | None = None
    until: datetime | None = None
    last_seen: LastSeen | None = None
    unread: bool = False
    closed: bool = False
    silent: datetime | None = None
    in_part: bool = False
    caught: bool = False

    @property
    def state(self) -> State:
        return state_of(self.findings)

    @property
    def passed(self) -> int:
        return sum(isinstance(finding, Passed) for finding in self.findings)

    @property
    def absent(self) -> bool:
        """Whether it was proved that the thing is not published."""
        return any(isinstance(finding, Failed) and finding.test is Test.PUBLISHED for finding in self.findings)


def lifetime(indicator: Indicator, kind: str) -> int:
    """For how many days a reading of a kind answers an indicator."""
    return indicator.lifetime_days or KINDS[kind].lifetime_days


def verdict(candidate: Candidate, indicator: Indicator, bench: Bench) -> Verdict:
    """Judge one candidate."""
    return replace(_judged(candidate, indicator, bench), caught=candidate.caught)


def _judged(candidate: Candidate, indicator: Indicator, bench: Bench) -> Verdict:
    standing = bench.standings[candidate.source.id]
    thing = Thing(candidate.source)
    if names_too_little(candidate, indicator):
        words = f"{_pinned(candidate)}, but the pin names no dataset in {named(thing)}."
        return Verdict(thing, every(indicator, lambda test: Untested(test, words)), words)
    if standing.course in (Course.VANISHED, Course.BROKEN):
        return _failing(candidate, indicator, standing, bench)
    if standing.good is None or standing.good_at is None:
        return _never_read(candidate, indicator, standing, bench)
    return _read(candidate, indicator, standing, bench)


def _pinned(candidate: Candidate) -> str:
    pin = candidate.pin
    return "" if pin is None else f"Pinned by {pin.by} on {in_words(date.fromisoformat(pin.on))}"


def _never_read(candidate: Candidate, indicator: Indicator, standing: Standing, bench: Bench) -> Verdict:
    source, reason = candidate.source, standing.reason
    thing = Thing(source)
    if standing.course is Course.SILENT and reason is not None and standing.last_read is not None:
        words = f"We tried on {in_words(standing.last_read)}. {reason.words}"
        gap = failing.tried(thing, standing.last_read, reason)
        return Verdict(thing, every(indicator, lambda test: CantTell(test, reason, words)), gap, at=standing.last_read)
    if candidate.pin is not None:
        words = gap = f"{_pinned(candidate)}; not read yet."
    elif source.kind not in bench.readable:
        words = gap = f"We cannot read this kind of source yet: {KINDS[source.kind].words}."
    elif reason is Reason.NEEDS_KEY:
        words, gap = reason.words, f"Not known: we have not read {named(thing)}. {reason.words}"
    elif source.found is not None:
        # The registry listed it on that day; when we first heard of it nobody can check.
        on = in_words(date.fromisoformat(source.found.on))
        words = f"Listed in {source.found.registry} on {on}; we have not read it yet."
        gap = f"Not known: {named(thing)} was listed in {source.found.registry} on {on}, but we have not read it yet."
    else:
        words, gap = "We have not read it yet.", f"Not known: we have not read {named(thing)} yet."
    closed = candidate.pin is None and source.kind not in bench.readable
    return Verdict(thing, every(indicator, lambda test: Untested(test, words)), gap, unread=True, closed=closed)


def _read(candidate: Candidate, indicator: Indicator, standing: Standing, bench: Bench) -> Verdict:
    facts = _facts(candidate, indicator, standing, bench, bench.now)
    if isinstance(facts, Verdict):
        return facts
    at, days = facts.read.at, lifetime(indicator, candidate.source.kind)
    until = lives_until(at, days)
    dataset = facts.thing.dataset
    if bench.now > until:
        words = f"Last read on {in_words(at)}; such a reading counts for {days} days."
        gap = (
            f"Not known today: we last read {named(facts.thing)} on {in_words(at)}, "
            f"and such a reading counts for {days} days."
        )
        last = _last_seen(candidate, indicator, standing, bench)
        return Verdict(facts.thing, outlived(indicator, words), gap, at=at, until=until, last_seen=last)
    if dataset is not None and dataset.gone_since is not None:
        found = failing.delisted(indicator, facts, dataset.gone_since)
        return Verdict(facts.thing, found, found[0].words, at=at, until=until)
    silent = standing.failing_since if standing.course is Course.SILENT else None
    found = findings(indicator, facts, bench.city.name)
    # A dataset's record is read whole or not at all, however much of its catalogue was not.
    in_part = dataset is None and not facts.read.observation.complete
    return Verdict(facts.thing, found, at=at, until=until, silent=silent, in_part=in_part)


def outlived(indicator: Indicator, words: str) -> tuple[Finding, ...]:
    """The findings of a reading that no longer counts; a test that nobody can check yet stays that."""
    return tuple(
        CantTell(test, None, words) if asked.rules else Untested(test, "Nothing of ours can check this yet.")
        for test, asked in indicator.tests.items()
    )


def _failing(candidate: Candidate, indicator: Indicator, standing: Standing, bench: Bench) -> Verdict:
    at, reason = standing.failed_at, standing.failed_reason
    assert at is not None and reason is not None  # what makes a source broken or vanished
    days = lifetime(indicator, candidate.source.kind)
    last = _last_seen(candidate, indicator, standing, bench)
    thing = last.thing if last else Thing(candidate.source)
    gap = failing.tried(Thing(candidate.source), at, reason)
    if bench.now > lives_until(at, days):
        words = f"Last read on {in_words(at)}, when it failed; such a reading counts for {days} days."
        return Verdict(thing, outlived(indicator, words), gap, at=at, until=lives_until(at, days), last_seen=last)
    if standing.course is Course.VANISHED and candidate.dataset is None:
        found = failing.vanished(indicator, standing)
    else:
        found = failing.broken(indicator, standing, candidate.dataset)
    return Verdict(thing, found, gap, at=at, until=lives_until(at, days), last_seen=last)


def _last_seen(candidate: Candidate, indicator: Indicator, standing: Standing, bench: Bench) -> LastSeen | None:
    """What the good facts said, judged as of their own time; None where they decided nothing."""
    if standing.good is None or standing.good_at is None:
        return None
    facts = _facts(candidate, indicator, standing, bench, standing.good_at)
    if isinstance(facts, Verdict) or (facts.thing.dataset is not None and facts.thing.dataset.gone_since):
        return None
    found = findings(indicator, facts, bench.city.name)
    if not any(isinstance(finding, Passed | Failed) for finding in found):
        return None
    return LastSeen(standing.good_at, state_of(found), facts.thing, found)


def _facts(
    candidate: Candidate, indicator: Indicator, standing: Standing, bench: Bench, moment: datetime
) -> Facts | Verdict:
    """The good facts of a candidate as they count at ``moment``, or the verdict that they say nothing of it."""
    source = candidate.source
    assert standing.good is not None and standing.good_at is not None  # asked only where something was read
    read = Read(source, standing.good, standing.good_at)
    dataset: Dataset | None = None
    if candidate.dataset is not None:
        if not bench.known.datasets.get(source.key):
            words = f"{_pinned(candidate)}; its catalogue's list is not read yet."
            return Verdict(Thing(source), every(indicator, lambda test: Untested(test, words)), words, unread=True)
        dataset = bench.known.dataset(source.key, candidate.dataset)
        if dataset is None:
            words = failing.unlisted(read, candidate.dataset)
            return Verdict(Thing(source), every(indicator, lambda test: CantTell(test, None, words)), words, at=read.at)
    facts = Facts(Thing(source, dataset), read)
    return replace(facts, licence=_licence(source, bench, moment), licence_gap=_licence_gap(source, bench))


def _licence(source: Source, bench: Bench, moment: datetime) -> Read | None:
    """The reading of the source that states this one's licence, while that reading counts at ``moment``."""
    other = bench.standings.get(source.licence_from or "")
    if other is None or other.good is None or other.good_at is None:
        return None
    if other.course not in (Course.ANSWERING, Course.SILENT):
        return None
    good = timedelta(days=KINDS[other.source.kind].lifetime_days)
    # What was last seen is judged as of its own day, so its licence must have been read around then, before or after.
    return Read(other.source, other.good, other.good_at) if abs(moment - other.good_at) <= good else None


def _licence_gap(source: Source, bench: Bench) -> str:
    other = bench.standings.get(source.licence_from or "")
    if other is None:
        return ""
    return f"Its licence is stated by {named(Thing(other.source))}, where we have read none that still counts."
