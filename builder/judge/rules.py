"""The rules of the closed vocabulary: each looks at the facts of one thing and says what holds, with the proof."""

from __future__ import annotations

from typing import assert_never

from builder.judge import licensing
from builder.judge.amounts import at_least, at_most
from builder.judge.dated import ahead, covers, within
from builder.judge.dates import in_words
from builder.judge.facts import Facts, Read, answered
from builder.judge.phrases import figure
from builder.judge.policy import DATA_OR_PAGE, FOR_PEOPLE, FORMS_FOR_PEOPLE
from builder.judge.ruled import Ruled, cannot_tell, not_offered, proved, together, untested
from builder.model.capture import Capture
from builder.model.formats import machine_readable
from builder.model.framework import (
    Ahead,
    Answers,
    AnyOf,
    AtLeast,
    AtMost,
    Covers,
    Described,
    MachineReadable,
    OpenLicence,
    Rule,
    Secure,
    Within,
)
from builder.model.kinds import KINDS
from builder.model.reasons import Outcome


def evaluate(rule: Rule, facts: Facts) -> Ruled:
    """What one rule says about one thing."""
    if facts.thing.dataset is not None and isinstance(rule, AtLeast | AtMost | Covers | Ahead | Secure):
        # The figures of a reading are its catalogue's, never one dataset's.
        return not_offered("A catalogue's record does not tell this.")
    match rule:
        case Answers():
            return _answers(facts)
        case MachineReadable():
            return _machine_readable(facts)
        case OpenLicence():
            return licensing.open_licence_of(facts)
        case Described():
            return _described(rule, facts)
        case Secure():
            return _secure(facts.read)
        case AtLeast():
            return at_least(rule, facts.read)
        case AtMost():
            return at_most(rule, facts.read)
        case Within():
            return within(rule, facts)
        case Covers():
            return covers(rule, facts.read)
        case Ahead():
            return ahead(rule, facts.read)
        case AnyOf():
            return _any_of([evaluate(one, facts) for one in rule.rules])
        case _:
            assert_never(rule)


def _any_of(ruled: list[Ruled]) -> Ruled:
    """The first that holds; it fails only where every alternative that the thing offers failed."""
    held = [one for one in ruled if one.passed]
    if held:
        return held[0]
    # As with several measurements in one rule: what such a thing never states is no gap in its answer.
    offered = [one for one in ruled if not one.absent] or ruled
    doubtful = [one for one in offered if one.outcome is Outcome.CANT_TELL]
    gaps = [one for one in offered if one.outcome is Outcome.UNTESTED]
    if doubtful or gaps:
        return (doubtful or gaps)[0]
    return Ruled(Outcome.FAILED, together(offered), tuple(proof for one in offered for proof in one.evidence))


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
    if source.kind in DATA_OR_PAGE and (
        pages := [one for one in _shown(facts.read) if "html" in (one.media_type or "")]
    ):
        return proved(False, "It was read from a page for people, not as data.", answered(source, pages[0]))
    words = f"Programs can read it: {KINDS[source.kind].words}."
    return proved(True, words, facts.read.seen_answering())


def _described(rule: Described, facts: Facts) -> Ruled:
    dataset = facts.thing.dataset
    if dataset is None:
        return not_offered("Only a catalogue's record tells how it is described.")
    length = dataset.description_length
    proof = facts.seen_record(f"description: {length:,} characters")
    words = f"Its record describes it in {figure(length)} characters; we ask for at least {figure(rule.characters)}."
    return proved(length >= rule.characters, words, proof)


def _secure(read: Read) -> Ruled:
    """Every exchange in which something was measured must have ended at an https address."""
    shown = _shown(read)
    plain = [one for one in shown if not one.final_url.lower().startswith("https://")]
    how = "a plain connection" if plain else "an encrypted connection, with a certificate that browsers trust"
    proof = next((answered(read.source, one) for one in plain or shown), None)
    return proved(not plain, f"On {in_words(read.at)} it came over {how}.", proof)


def _shown(read: Read) -> list[Capture]:
    """The exchanges in which something was measured, else all of them."""
    measured = [one for one in map(read.capture_of, read.observation.measurements.values()) if one is not None]
    return measured or list(read.observation.captures)
