"""The rules of the closed vocabulary: each looks at the facts of one thing and says what holds, with the proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import assert_never

from builder.judge import licensing
from builder.judge.dates import Stated, day_of, in_words, span_in_words, stated
from builder.judge.facts import Facts, Read, excerpt
from builder.judge.phrases import counted, figure, label, listed
from builder.judge.policy import FOR_PEOPLE, FORMS_FOR_PEOPLE
from builder.judge.ruled import Ruled, cannot_tell, proved, untested
from builder.model.evidence import Seen
from builder.model.formats import machine_readable
from builder.model.framework import Answers, AtLeast, AtMost, Covers, MachineReadable, OpenLicence, Rule, Within
from builder.model.kinds import KINDS
from builder.model.observation import Value

_UNMEASURED = "Our reading does not show the {}."


def evaluate(rule: Rule, facts: Facts) -> Ruled:
    """What one rule says about one thing."""
    if facts.thing.dataset is not None and isinstance(rule, AtLeast | AtMost | Covers):
        # The figures of a reading are its catalogue's, never one dataset's.
        return untested("A catalogue's record does not tell this.")
    match rule:
        case Answers():
            return _answers(facts)
        case MachineReadable():
            return _machine_readable(facts)
        case OpenLicence():
            return licensing.open_licence_of(facts)
        case AtLeast():
            return _at_least(rule, facts.read)
        case AtMost():
            return _at_most(rule, facts.read)
        case Within():
            return _within(rule, facts)
        case Covers():
            return _covers(rule, facts.read)
        case _:
            assert_never(rule)


def _answers(facts: Facts) -> Ruled:
    on = in_words(facts.read.at)
    dataset = facts.thing.dataset
    if dataset is None:
        return proved(True, f"On {on} it answered in the form it declares.", facts.read.seen_answering())
    proof = facts.seen_record(f"id: {dataset.id}; title: {dataset.title}")
    return proved(True, f"On {on} the catalogue listed it.", proof)


def _machine_readable(facts: Facts) -> Ruled:
    source, dataset = facts.thing.source, facts.thing.dataset
    if dataset is not None:
        if not dataset.formats:
            return untested("Its record names no format.")
        names = ", ".join(dataset.formats)
        proof = facts.seen_record(f"formats: {names}")
        if machine_readable(dataset.formats):
            return proved(True, f"Offered as {names}.", proof)
        if FORMS_FOR_PEOPLE.issuperset(dataset.formats):
            return proved(False, f"Offered only as {names}, made for people to read.", proof)
        return cannot_tell(f"Offered as {names}: whether a program can read that we cannot tell.")
    if source.kind in FOR_PEOPLE:
        return proved(False, "It is a page for people: programs cannot read it as data.", facts.read.seen_answering())
    words = f"Programs can read it: it is a {KINDS[source.kind].words}."
    return proved(True, words, facts.read.seen_answering())


@dataclass(frozen=True, slots=True)
class _Amount:
    """A measured amount, whether it is a share, how it is said, whether as a figure, and the proof of its parts."""

    value: float
    share: bool
    words: str
    numeric: bool
    proofs: tuple[Seen | None, ...]


def _number(value: Value | None) -> float | None:
    """What is countable: numbers themselves, yes and no as 1 and 0, lists by length, words as one if there are any."""
    if isinstance(value, bool | int | float):
        return float(value)
    return None if value is None else float(len(value) > 0 if isinstance(value, str) else len(value))


def _amount(names: Sequence[str], of: str | None, asked: float, read: Read) -> _Amount | Ruled:
    found = [(number, name) for name in names if (number := _number(read.value(name))) is not None]
    if not found:
        return untested(_UNMEASURED.format(listed([label(name) for name in names], "or")))
    number, name = max(found, key=lambda pair: pair[0])
    if of is None:
        share = read.observation.measurements[name].unit == "1"
        # Where several were asked for, the others that fell short are part of the proof.
        others = tuple(read.seen(other) for _, other in found if other != name)
        value = read.value(name)
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        return _Amount(number, share, _told(name, number, share, asked, read), numeric, (read.seen(name), *others))
    whole = _number(read.value(of))
    if whole is None:
        return untested(_UNMEASURED.format(label(of)))
    if whole <= 0:
        return cannot_tell(f"There is no share of {label(of)} to speak of: it is {figure(whole)}.")
    part = figure(number / whole, share=True, beside=asked)
    words = f"there were {figure(number)} {counted(name)} among {figure(whole)} {counted(of)} ({part})"
    return _Amount(number / whole, True, words, True, (read.seen(name), read.seen(of)))


def _told(name: str, number: float, share: bool, asked: float, read: Read) -> str:
    value = read.value(name)
    if isinstance(value, bool):
        return f"the answer to “{label(name)}” was {'yes' if value else 'no'}"
    if isinstance(value, str | list | dict):
        items = [value] if isinstance(value, str) else [str(one) for one in value]
        return f"it named its {label(name)}: {excerpt(listed(items))}" if number else f"it named no {label(name)}"
    return f"the {label(name)} was {figure(number, share, asked)}"


def _in_part(read: Read) -> str:
    return (
        ""
        if read.observation.complete
        else f" Only a part was read: {read.observation.scope or 'we do not know which'}."
    )


def _against(amount: _Amount, asked: str, read: Read) -> str:
    """What was measured, on which day, and what is asked of it."""
    return f"On {in_words(read.at)} {amount.words}{asked}.{_in_part(read)}"


def not_complete(read: Read) -> Ruled:
    """What an incomplete reading says of anything it did not show: nothing."""
    return cannot_tell(f"The reading was not complete: {read.observation.scope or 'only a part was read'}.")


def _at_least(rule: AtLeast, read: Read) -> Ruled:
    names = (rule.measurement,) if isinstance(rule.measurement, str) else rule.measurement
    amount = _amount(names, rule.of, rule.value, read)
    if isinstance(amount, Ruled):
        return amount
    holds = amount.value >= rule.value
    if not holds and not read.observation.complete:
        return not_complete(read)
    # That there is one of anything at all needs no figure.
    asked = f"; we ask for at least {figure(rule.value, amount.share)}" if amount.numeric or rule.value > 1 else ""
    words = _against(amount, asked, read)
    if not holds and names == (licensing.OPEN_SHARE,):
        undecided = licensing.undecided_share(read)
        if undecided is None:
            return cannot_tell(f"{words} Which licences the others state our reading does not show.")
        if amount.value + undecided >= rule.value:
            rest = figure(undecided, share=True)
            return cannot_tell(f"{words} But {rest} state a licence of which we do not know whether it is open.")
    return proved(holds, words, *amount.proofs)


def _at_most(rule: AtMost, read: Read) -> Ruled:
    amount = _amount((rule.measurement,), rule.of, rule.value, read)
    if isinstance(amount, Ruled):
        return amount
    holds = amount.value <= rule.value
    # A share of a part stands for that part; a count of a part can only grow, so that it is small proves nothing, and
    # that it is too large already needs no more reading.
    if not read.observation.complete and holds != amount.share:
        return not_complete(read)
    words = _against(amount, f"; we allow at most {figure(rule.value, amount.share)}", read)
    return proved(holds, words, *amount.proofs)


def _within(rule: Within, facts: Facts) -> Ruled:
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
        return ruled
    names = (rule.measurement,) if isinstance(rule.measurement, str) else rule.measurement
    offered = [name for name in names if read.value(name) is not None]
    if not offered:
        return untested(_UNMEASURED.format(listed([label(name) for name in names], "or")))
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
    by_record = name == "modified_latest" and read.value("modified_basis") == "metadata"
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


def _covers(rule: Covers, read: Read) -> Ruled:
    names = [name for name in (rule.start, rule.end) if name]
    missing = [name for name in names if read.value(name) is None]
    if missing:
        return untested(_UNMEASURED.format(listed([label(name) for name in missing], "and")))
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


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
