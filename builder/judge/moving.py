"""Three verdicts on one question: published, today's method on the old facts, today's method on today's facts.

Where the first two differ the method moved; where the last two differ the city did, or was not read, or a person spoke.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from builder.model.city import City
from builder.model.scorecard import Scorecard, State


class Cause(StrEnum):
    """Why an answer differs from the one published; both a method and another cause can be true."""

    METHOD = "method"
    CITY = "city"
    NOT_READ = "not_read"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Move:
    """One answer that moved. ``published`` (V0) is None for a question not asked then, ``now`` (V1 and V2) for one not
    asked any more."""

    indicator: str
    published: State | None
    remade: State | None
    now: State | None
    causes: tuple[Cause, ...]


def states(card: Scorecard) -> dict[str, State]:
    """A scorecard's verdicts alone, as an edition freezes them."""
    return {answer.indicator.id: answer.state for answer in card.answers}


def moves(published: Mapping[str, State], remade: Scorecard, now: Scorecard) -> tuple[Move, ...]:
    """Every answer of a city that differs anywhere between V0, V1 and V2, with its causes, in the framework's order.

    ``published`` are the verdicts as they were published; ``remade`` judges the facts of that time, ``now`` today's,
    both with today's method.
    """
    before, after = states(remade), states(now)
    found = []
    for id in [*after, *sorted(published.keys() - after.keys())]:
        v0, v1, v2 = published.get(id), before.get(id), after.get(id)
        causes = [Cause.METHOD] if v0 != v1 else []
        if v1 != v2:
            causes.append(_cause(id, v1, v2, remade.city, now.city))
        if causes:
            found.append(Move(id, v0, v1, v2, tuple(causes)))
    return tuple(found)


def _cause(indicator: str, v1: State | None, v2: State | None, then: City, now: City) -> Cause:
    """Why two verdicts of the same method differ: a person's word explains more than a reading that came or failed."""
    if _said(then, indicator) != _said(now, indicator):
        return Cause.PERSON
    return Cause.NOT_READ if State.UNKNOWN in (v1, v2) else Cause.CITY


def _said(city: City, indicator: str) -> tuple[object, ...]:
    """Everything that people said of one question about a city, in whatever order."""
    pins = [repr(one) for one in city.pins if one.indicator == indicator]
    rejects = [repr(one) for one in city.rejects if one.indicator == indicator]
    read = [repr(one) for one in city.attestations if one.indicator == indicator]
    return (*sorted([*pins, *rejects, *read]), city.not_applicable.get(indicator))
