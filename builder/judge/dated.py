"""The rules of time, `within`, `covers` and `ahead`: how old, until when, and what is to come, as of the reading."""

from __future__ import annotations

from datetime import UTC, timedelta

from builder.judge.dates import Stated, day_of, in_words, span_in_words, stated
from builder.judge.facts import Facts, Read
from builder.judge.phrases import label, listed
from builder.judge.policy import LIVE_DAYS
from builder.judge.ruled import (
    UNMEASURED,
    Ruled,
    cannot_tell,
    dates_only_records,
    not_complete,
    not_offered,
    proved,
    untested,
)
from builder.model.evidence import Seen
from builder.model.framework import Ahead, Covers, Within


def within(rule: Within, facts: Facts) -> Ruled:
    """Whether the newest of the dates, or the date of a dataset's record, is as fresh as asked."""
    read, dataset = facts.read, facts.thing.dataset
    if dataset is not None:
        if dataset.modified is None:
            return untested("Its record does not say when it last changed.")
        when = stated(dataset.modified)
        proof = facts.seen_record(f"modified: {dataset.modified}")
        ruled = _age(rule, when, dataset.modified, read, None, proof, _of_the_record(read))
        # The date may be that of the description alone, and live data changes without it.
        if ruled.failed and _of_the_record(read):
            return cannot_tell(f"Only its description is dated ({dataset.modified}), not the data.")
        if ruled.failed and rule.days <= LIVE_DAYS:
            return cannot_tell(f"Its record is dated {dataset.modified}, but live data changes without its record.")
        return ruled
    names = _names(rule.measurement)
    if not names:
        return not_offered("Only a catalogue's record tells this.")
    offered = [name for name in names if read.value(name) is not None]
    if not offered:
        return not_offered(UNMEASURED.format(listed([label(name) for name in names], "or")))
    verdicts = [
        _age(rule, stated(value := read.value(name)), value, read, name, read.seen(name), _of_the_record(read, name))
        for name in offered
    ]
    holding = [one for one in verdicts if one.passed]
    doubtful = [one for one in verdicts if not one.passed and not one.failed]
    ruled = (holding or doubtful or verdicts)[0]
    if ruled.failed and any(_of_the_record(read, name) for name in offered):
        return cannot_tell("The catalogue dates only its descriptions; its data may be newer.")
    return not_complete(read) if ruled.failed and not read.observation.complete else ruled


def _of_the_record(read: Read, name: str = "modified_latest") -> str:
    """The caveat that a catalogue dates its descriptions, not its data; empty where it dates data."""
    by_record = name == "modified_latest" and dates_only_records(read)
    return " The date is that of the description." if by_record else ""


def _age(
    rule: Within, when: Stated | None, raw: object, read: Read, name: str | None, proof: Seen | None, caveat: str
) -> Ruled:
    if when is None:
        return cannot_tell(f"We could not read “{raw}” as a date.")
    if when.implausible:
        return cannot_tell(f"It is dated {in_words(when.day)}; a date before 1990 proves no freshness.")
    limit = timedelta(days=rule.days)
    exact = not when.day_only and not read.told_to_the_day(name)
    # Two clocks may differ by a little, never by more than the freshness asked for.
    if when.day > day_of(read.at) or (exact and rule.days < 1 and when.at - read.at > limit):
        return cannot_tell(f"The date lies in the future: {raw}, but we read it on {in_words(read.at)}.")
    # Where minutes matter, the hours are shown: two equal days would look like a proof and be none.
    hours = exact and rule.days < 1
    dated = in_words(when.day) + (f", {when.at:%H:%M} UTC" if hours else "")
    looked = in_words(read.at) + (f", {read.at.astimezone(UTC):%H:%M} UTC" if hours else "")
    what = f"The {label(name)} was" if name else "Its record is dated"
    words = f"{what} {dated}; we read it on {looked} and allow {span_in_words(rule.days)} between the two.{caveat}"
    if exact:
        return proved(read.at - when.at <= limit, words, proof)
    apart = (day_of(read.at) - when.day).days
    if rule.days >= 1:
        return proved(apart <= rule.days, words, proof)
    # Whole days cannot show minutes; only two midnights between them show that more than a day has passed.
    if apart >= 2:
        return proved(False, words, proof)
    return cannot_tell(f"It tells only the day, and we ask for no more than {span_in_words(rule.days)}.")


def covers(rule: Covers, read: Read) -> Ruled:
    """Whether a span of days holds the day of the reading and those after it."""
    names = [name for name in (rule.start, rule.end) if name]
    missing = [name for name in names if read.value(name) is None]
    if missing:
        return not_offered(UNMEASURED.format(listed([label(name) for name in missing], "and")))
    proofs = [read.seen(name) for name in names]
    span = [stated(read.value(name)) for name in names]
    for name, when in zip(names, span, strict=True):
        if when is None:
            return cannot_tell(f"We could not read “{read.value(name)}” as a date.")
        if when.implausible:
            words = f"{_capital(label(name))}: {in_words(when.day)}; a date before 1990 proves no freshness."
            return cannot_tell(words)
    days = [when.day for when in span if when is not None]
    first = day_of(read.at)
    holds = (rule.start is None or days[0] <= first) and days[-1] >= first + timedelta(days=rule.days)
    if not holds and not read.observation.complete:
        return not_complete(read)
    run = f"until {in_words(days[-1])}" if rule.start is None else f"from {in_words(days[0])} to {in_words(days[-1])}"
    need = f", and the {span_in_words(rule.days)} after it" if rule.days else ""
    words = f"It runs {run}; we ask that it cover the day on which we read it, {in_words(first)}{need}."
    return proved(holds, words, *proofs)


def ahead(rule: Ahead, read: Read) -> Ruled:
    """Whether the nearest date that a list announces is near enough, or what shows that it announces none."""
    names, first = _names(rule.measurement), day_of(read.at)
    offered = [(when, name) for name in names if (when := stated(read.value(name))) is not None]
    if not offered:
        return _nothing_ahead(rule, read)
    when, name = min(offered, key=lambda pair: pair[0].at)
    holds = first <= when.day <= first + timedelta(days=rule.days)
    if not holds and not read.observation.complete:
        return not_complete(read)
    near = f"; we read it on {in_words(first)} and ask for one within {span_in_words(rule.days)}"
    return proved(holds, f"The {label(name)} is {in_words(when.day)}{near}.", read.seen(name))


def _nothing_ahead(rule: Ahead, read: Read) -> Ruled:
    """A list read to its end that names dates, but none to come, has nothing ahead; its last date shows it."""
    past = [(when, name) for name in _names(rule.latest) if (when := stated(read.value(name))) is not None]
    names = [label(name) for name in _names(rule.measurement)]
    if not past:
        return not_offered(UNMEASURED.format(listed(names, "or")))
    if not read.observation.complete:
        return not_complete(read)
    when, name = max(past, key=lambda pair: pair[0].at)
    if when.day >= day_of(read.at):
        return cannot_tell(f"It names {in_words(when.day)} as its last date, but announces nothing.")
    words = f"On {in_words(read.at)} it announced nothing to come: the {label(name)} is {in_words(when.day)}."
    return proved(False, words, read.seen(name))


def _names(measurement: str | tuple[str, ...]) -> tuple[str, ...]:
    return (measurement,) if isinstance(measurement, str) else measurement


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
