"""Folding a new reading into what was known of a source: good facts stay, faults stand beside them, nothing shrinks."""

from __future__ import annotations

import hashlib

import orjson

from builder.model.observation import Observation, SourceFacts
from builder.model.reasons import Outcome, Reason

_ABSENT = frozenset({Reason.NOT_FOUND, Reason.GONE})


def facts_digest(observation: Observation) -> str:
    """sha256 over what was seen, apart from when and how: equal for two readings that found the same facts."""
    plain = observation.model_dump(
        mode="json", include={"outcome", "reason", "measurements", "complete", "scope", "dataset_list"}
    )
    return hashlib.sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()


def fold(known: SourceFacts | None, seen: Observation) -> SourceFacts:
    """What is known of a source after one more reading: a bad one newer than all, a good one newer than all good ones.

    A good reading replaces the good one only when its facts differ (else the record, with the day those facts were
    first seen, stays as it is) and ends the faults before it. A bad one leaves the good facts and joins the faults.
    """
    known = known or SourceFacts()
    if seen.outcome is Outcome.UNTESTED:
        return known
    if seen.outcome is not Outcome.PASSED:
        return known.model_copy(update={"faults": _streak(known.faults, seen)})
    same = known.good is not None and facts_digest(known.good) == facts_digest(seen)
    return SourceFacts(
        good=known.good if same else seen, faults=tuple(fault for fault in known.faults if fault.at > seen.at)
    )


def _streak(faults: tuple[Observation, ...], seen: Observation) -> tuple[Observation, ...]:
    """The first bad reading and the first like it on a later day: what two readings on different days prove.

    What the source itself answered (`failed`) outranks what kept us from asking (`cantTell`): it takes the streak
    over, and a day without an answer does not undo it. The ledger keeps every reading.
    """
    if not faults:
        return (seen,)
    first = faults[0]
    if first.outcome is Outcome.FAILED and seen.outcome is not Outcome.FAILED:
        return faults
    if seen.outcome is Outcome.FAILED and not _alike(first.reason, seen.reason):
        return (seen,)
    if len(faults) == 1 and seen.at.date() > first.at.date():
        return (first, seen)
    return faults


def _alike(first: Reason, second: Reason) -> bool:
    return first is second or {first, second} <= _ABSENT
