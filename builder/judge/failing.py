"""What a failing source proves: little from one bad day, absence only from two, and never more than was seen."""

from __future__ import annotations

from datetime import date, datetime

from builder.judge.dates import day_of, in_words
from builder.judge.facts import Facts, Read, answered
from builder.judge.phrases import named
from builder.judge.policy import VANISHING
from builder.judge.standing import Standing, days_of_absence
from builder.judge.testing import every
from builder.model.evidence import Searched
from builder.model.finding import CantTell, Failed, Finding, Test, Untested
from builder.model.framework import Answers, Indicator, MachineReadable
from builder.model.reasons import Reason
from builder.model.scorecard import Thing

_NOTHING_LEFT = "There is nothing left to test."


def tried(thing: Thing, at: datetime, reason: Reason) -> str:
    """The sentence for an unknown whose newest reading went wrong."""
    return f"Not known: on {in_words(at)} we tried {named(thing)}; {reason.words[0].lower()}{reason.words[1:]}"


def vanished(indicator: Indicator, standing: Standing) -> tuple[Finding, ...]:
    """Two days on which nothing was at the address: `published` fails, and nothing is left for the other tests."""
    found = days_of_absence(standing.failures)
    days = sorted(found.items(), key=lambda pair: pair[1].at)
    proofs = tuple(answered(standing.source, one.captures[-1]) for _, one in days)
    on = " and again on ".join(in_words(one.captures[-1].at) for _, one in days)
    words = f"On {on} the server said that there is nothing at its address."

    def make(test: Test) -> Finding:
        return Failed(test, proofs, words) if test is Test.PUBLISHED else Untested(test, _NOTHING_LEFT)

    return every(indicator, make)


def broken(indicator: Indicator, standing: Standing, dataset: str | None) -> tuple[Finding, ...]:
    """It answered, but wrongly: whether it is published we cannot tell, that it does not work was seen."""
    reason, at = standing.failed_reason, standing.failed_at
    assert reason is not None and at is not None  # what makes a source broken
    shown = [one for one in standing.failures if one.reason is reason and one.captures]
    words = f"Read on {in_words(at)}. {reason.words}"

    def make(test: Test) -> Finding:
        rules = indicator.tests[test].rules
        if test is Test.PUBLISHED:
            return CantTell(test, reason, words)
        # "Nothing here" may be a server under repair, and a catalogue's fault is not its dataset's.
        if reason in VANISHING or dataset is not None or not shown:
            return CantTell(test, reason, words)
        if any(isinstance(rule, Answers | MachineReadable) for rule in rules):
            return Failed(test, (answered(standing.source, shown[-1].captures[-1]),), words)
        return Untested(test, "This reading was too broken to show it.")

    return every(indicator, make)


def unlisted(read: Read, dataset: str) -> str:
    """Why a pinned dataset that was never seen in its catalogue proves nothing, neither presence nor absence."""
    if read.observation.complete:
        return f"The catalogue read on {in_words(read.at)} lists no dataset “{dataset}”: is the pin right?"
    scope = read.observation.scope or "a part"
    return f"The dataset “{dataset}” is not in what was read on {in_words(read.at)} ({scope})."


def delisted(indicator: Indicator, facts: Facts, since: str) -> tuple[Finding, ...]:
    """A dataset no longer listed: `published` fails once two complete readings, on two days, lack it."""
    read, first = facts.read, date.fromisoformat(since)
    proof = _searched(facts) if read.observation.complete and day_of(read.at) > first else None
    if proof is None:
        words = f"Its catalogue no longer listed it on {in_words(first)}; one such reading decides nothing."
        return every(indicator, lambda test: CantTell(test, None, words))
    words = f"Its catalogue has not listed it since {in_words(first)}; last read in full on {in_words(read.at)}."

    def make(test: Test) -> Finding:
        return Failed(test, (proof,), words) if test is Test.PUBLISHED else Untested(test, _NOTHING_LEFT)

    return every(indicator, make)


def _searched(facts: Facts) -> Searched | None:
    """The whole list searched for one id: as many read as announced, and some found; a file announces what it holds."""
    read, dataset = facts.read, facts.thing.dataset
    count, announced = read.value("dataset_count"), read.value("announced_count")
    captures = read.observation.captures
    if dataset is None or not captures or not isinstance(count, int) or count < 1 or announced not in (None, count):
        return None
    return Searched(
        source=facts.thing.source.id,
        capture=captures[0],
        topics_version="none: looked up by id",
        nets=(f"id {dataset.id}",),
        read=count,
        announced=count,
        control=f"the same list holds {count:,} other datasets",
    )
