"""A scorecard: one city under one framework at one moment, every answer with its proof or its gap (OKFN entry)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from builder.model.catalogue import Dataset
from builder.model.city import City
from builder.model.finding import Finding
from builder.model.framework import Area, Framework, Indicator
from builder.model.measured import Row
from builder.model.observation import Observation
from builder.model.reasons import Reason
from builder.model.source import Source


class State(StrEnum):
    """The state of an indicator; ``score`` is what a known state counts, ``known`` whether it counts at all."""

    PRESENT = "present"
    PARTIAL = "partial"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"

    @property
    def known(self) -> bool:
        return self in (State.PRESENT, State.PARTIAL, State.MISSING)

    @property
    def score(self) -> float:
        """1, 0.5 or 0; only a known state has one."""
        return {State.PRESENT: 1.0, State.PARTIAL: 0.5, State.MISSING: 0.0}[self]


@dataclass(frozen=True, slots=True)
class Thing:
    """What an answer is about: a source, or one dataset in it."""

    source: Source
    dataset: Dataset | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """One place where we looked, or could not: for the page's 'where we looked', never for the score.

    ``readable`` is false while no probe of ours reads the kind. ``reason`` is that of the newest reading,
    None when nobody has read it. ``failing_since`` is the first reading of the current streak of faults.
    """

    source: Source
    readable: bool
    good: Observation | None
    last_read: datetime | None
    reason: Reason | None
    failing_since: datetime | None


@dataclass(frozen=True, slots=True)
class Search:
    """One catalogue in which a topic was looked for: when it was read, how many datasets, whether that was all.

    ``narrow`` and ``wide`` count what the nets caught; ``proves`` says whether finding nothing would prove anything.
    ``languages`` are those whose words were looked for.
    """

    source: Source
    at: datetime
    searched: int
    complete: bool
    narrow: int
    wide: int
    proves: bool
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LastSeen:
    """What an outlived or failing source last said, judged as of its own date: shown dated, never counted."""

    at: datetime
    state: State
    thing: Thing
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one indicator.

    ``findings`` has one finding per test of the indicator, in its order. ``words`` is one plain sentence: the claim,
    or why it is unknown. ``at`` is when the deciding reading was made and ``until`` when it outlives its lifetime.
    ``looked`` lists the city's sources that could answer it, ``searches`` the catalogues in which its topic was looked
    for. ``proposals`` are datasets that a net caught and nobody confirmed: "is this it?". ``named`` are those that pins
    and rejections name, where the lists know them; ``measured`` says how often the nets were right where it matters.
    """

    indicator: Indicator
    state: State
    findings: tuple[Finding, ...]
    words: str
    thing: Thing | None = None
    others: tuple[Thing, ...] = ()
    at: datetime | None = None
    until: datetime | None = None
    last_seen: LastSeen | None = None
    looked: tuple[Looked, ...] = ()
    searches: tuple[Search, ...] = ()
    proposals: tuple[Thing, ...] = ()
    named: tuple[Thing, ...] = ()
    measured: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """Counts and figures of a set of answers.

    ``value`` (0..1) is None below 60 % coverage or where nothing is applicable; ``low`` and ``high`` are the same
    formula with every unknown 0, then 1, over all applicable.
    """

    known: int
    applicable: int
    value: float | None
    low: float
    high: float

    @property
    def coverage(self) -> float:
        """Known over applicable, 0..1; 0 where nothing is applicable."""
        return self.known / self.applicable if self.applicable else 0.0


@dataclass(frozen=True, slots=True)
class AreaCard:
    """One area's answers and figures."""

    area: Area
    answers: tuple[Answer, ...]
    score: Score


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One city under one framework at ``now``; ``sources`` lists every source of the city file in its order."""

    city: City
    framework: Framework
    now: datetime
    areas: tuple[AreaCard, ...]
    score: Score
    sources: tuple[Looked, ...]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All answers, in the framework's order of areas."""
        return tuple(answer for area in self.areas for answer in area.answers)
