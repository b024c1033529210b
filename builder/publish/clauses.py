"""Which clause of which standard a figure speaks to, in words that say how: beside the figure and on one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from builder.model.standard import Clause, Relation, Speaks, Standard

# In the order in which they stand beside a figure: what sets a level or is nearest to the figure comes first.
PHRASES: Mapping[Relation, str] = {
    "asks_for": "",
    "same_fact": "the same fact as",
    "one_input": "one input of",
    "same_subject": "the same subject as",
    "asks_people": "asks people how they find",
    "made_of": "made of",
}
# The same where clause and figure stand in two columns.
NAMES: Mapping[Relation, str] = {
    "asks_for": "the level it sets",
    "same_fact": "the same fact",
    "one_input": "one input of it",
    "same_subject": "the same subject",
    "asks_people": "asks people how they find it",
    "made_of": "made of this field",
}
MEANING: Mapping[Relation, str] = {
    "asks_for": "The standard sets a level. We print it beside the figure and leave the comparison to you.",
    "same_fact": "The standard asks for what we measure.",
    "one_input": "The standard's own number is made from this figure and others that we do not have.",
    "same_subject": "Both speak of the same thing, and no more: the numbers differ.",
    "asks_people": "It asks residents how they find the thing. We can only say how much of the thing is there.",
    "made_of": "The figure is made of this field.",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One clause that a figure speaks to, and how."""

    standard: Standard
    clause: Clause
    relation: Relation

    @property
    def short(self) -> str:
        """How it is called beside a figure: ``ISO 37122 19.4``; words of ours stand in quotation marks."""
        code = self.clause.code if self.standard.coded else f"“{self.clause.code}”"
        return f"{self.standard.short} {code}"


class Clauses:
    """All clauses that figures speak to, by measurement and kind of source."""

    def __init__(self, standards: Iterable[Standard] = ()) -> None:
        self.standards = tuple(standards)
        self._spoken: dict[tuple[str, str], list[Spoken]] = {}
        for standard in self.standards:
            for clause in standard.clauses:
                for figure in clause.figures:
                    self._add(standard, clause, figure)
        order = list(PHRASES)
        for found in self._spoken.values():
            found.sort(key=lambda one: order.index(one.relation))  # stable: standards stay in their own order

    def of(self, measurement: str, kind: str) -> tuple[Spoken, ...]:
        """The clauses that a measurement of such a source speaks to; none for most."""
        return tuple(self._spoken.get((measurement, kind), ()))

    def beside(self, measurement: str, kind: str) -> str:
        """The same in a few words, relation by relation: ``one input of ISO 37122 19.4 and U4SSC EC: I: T: 6A``."""
        found = self.of(measurement, kind)
        return "; ".join(
            _phrase(relation, [one for one in found if one.relation == relation])
            for relation in PHRASES
            if any(one.relation == relation for one in found)
        )

    def _add(self, standard: Standard, clause: Clause, figure: Speaks) -> None:
        for kind in figure.kinds:
            spoken = Spoken(standard, clause, figure.relation)
            self._spoken.setdefault((figure.measurement, kind), []).append(spoken)


def _phrase(relation: Relation, spoken: list[Spoken]) -> str:
    if relation == "asks_for":
        return "; ".join(f"{one.standard.short}: {one.clause.level}" for one in spoken)
    if relation == "asks_people":  # it is the standard that asks: it comes first
        return "; ".join(f"{one.standard.short} {PHRASES[relation]} {one.clause.code}" for one in spoken)
    return f"{PHRASES[relation]} " + " and ".join(one.short for one in spoken)
