"""What people read with their own eyes: it fills the tests that no machine decided, and expires after a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time

from builder.judge.dates import in_words, months_later
from builder.judge.policy import PERSON_MONTHS
from builder.judge.verdict import Verdict
from builder.model.city import Attestation, City
from builder.model.evidence import ReadByPerson
from builder.model.finding import CantTell, Failed, Finding, Passed, Test, Untested
from builder.model.framework import Indicator


def attested(city: City, indicator: Indicator, now: datetime) -> dict[Test, Attestation]:
    """The newest word of a person on each test of an indicator, expired ones included; none from after ``now``."""
    wanted = {test.value: test for test in indicator.tests}
    words = [
        one
        for one in city.attestations
        if one.indicator == indicator.id and one.test in wanted and date.fromisoformat(one.on) <= now.date()
    ]
    # Of two on the same day the order is by their text, so that the file's order never matters.
    return {wanted[one.test]: one for one in sorted(words, key=lambda one: (one.on, one.outcome, one.by, one.url))}


def until(attestation: Attestation) -> date:
    """The last day on which a person's reading counts."""
    return months_later(date.fromisoformat(attestation.on), PERSON_MONTHS)


def filled(verdict: Verdict, words: Mapping[Test, Attestation], now: datetime) -> Verdict:
    """The verdict with what people read filled in where no machine passed or failed the test."""
    live = {test: one for test, one in words.items() if now.date() <= until(one)}
    taken = {one.test for one in verdict.findings if one.test in live and not isinstance(one, Passed | Failed)}
    # Where the machine's reading does not count, the person's stands alone, under its own date.
    if not taken or verdict.gap:
        return verdict
    found = tuple(_said(live[one.test]) if one.test in taken else one for one in verdict.findings)
    ends = [_midnight(until(live[test])) for test in taken] + ([verdict.until] if verdict.until else [])
    return replace(verdict, findings=found, until=min(ends))


def by_people_alone(indicator: Indicator, words: Mapping[Test, Attestation], now: datetime) -> Verdict | None:
    """The verdict that rests on people's readings only, None where there are none."""
    if not words:
        return None
    found = tuple(_judged(test, words.get(test), now) for test in indicator.tests)
    newest = max(words.values(), key=lambda one: (one.on, one.by))
    live = [until(one) for one in words.values() if now.date() <= until(one)]
    gap = "" if live else _expired(newest)
    at = _midnight(date.fromisoformat(newest.on))
    return Verdict(None, found, gap, at=at, until=_midnight(min(live)) if live else None)


def _judged(test: Test, word: Attestation | None, now: datetime) -> Finding:
    if word is None:
        return Untested(test, "Nobody has checked this yet.")
    return _said(word) if now.date() <= until(word) else CantTell(test, None, _expired(word))


def _expired(word: Attestation) -> str:
    on = in_words(date.fromisoformat(word.on))
    return f"{word.by} read it on {on}; a person's reading is good for {PERSON_MONTHS} months."


def _said(word: Attestation) -> Finding:
    on = date.fromisoformat(word.on)
    proof = ReadByPerson(word.url, word.by, on, word.words)
    words = f"{word.by} read on {in_words(on)}: “{word.words}”"
    test = Test(word.test)
    return Passed(test, (proof,), words) if word.outcome == "passed" else Failed(test, (proof,), words)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
