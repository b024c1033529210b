"""Who may answer a question: sources of its kinds, things that people pinned, datasets that the narrow net caught."""

from __future__ import annotations

from dataclasses import dataclass

from builder.judge.known import Known
from builder.model.city import City, Pin
from builder.model.framework import Indicator
from builder.model.kinds import CATALOGUE_KINDS
from builder.model.source import TIERS, Source

_Key = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that may answer: a source, or the dataset in it that a pin names or that a net ``caught``."""

    source: Source
    dataset: str | None = None
    pin: Pin | None = None
    caught: bool = False

    @property
    def order(self) -> tuple[int, str, str]:
        """Nearer tiers first, then by name: never the order in which someone wrote them down."""
        return (TIERS.index(self.source.tier), self.source.id, self.dataset or "")


def candidates(city: City, indicator: Indicator, known: Known) -> list[Candidate]:
    """The candidates of an indicator in stable order."""
    sources = {source.id: source for source in city.sources}
    things: dict[_Key, Candidate] = {
        (one.id, None): Candidate(one) for one in sources.values() if one.kind in indicator.kinds
    }
    pins = [pin for pin in city.pins if pin.indicator == indicator.id and pin.source in sources]
    # A pin says which thing is meant, so what a net caught beside it is at most "is this it?".
    if not pins and indicator.topic and known.gate.presence(indicator.topic, city.languages):
        for source in sources.values():
            matches = known.matches.get(source.key)
            for id in matches.narrow.get(indicator.topic, ()) if matches else ():
                things[(source.id, id)] = Candidate(source, id, caught=True)
    for pin in sorted(pins, key=lambda pin: (pin.on, pin.by)):
        things[(pin.source, pin.dataset)] = Candidate(sources[pin.source], pin.dataset, pin)
    rejected = rejects(city, indicator)
    return sorted((one for thing, one in things.items() if thing not in rejected), key=lambda one: one.order)


def rejects(city: City, indicator: Indicator) -> set[_Key]:
    """The things of which people said that an indicator does not mean them, by source and dataset."""
    return {(one.source, one.dataset) for one in city.rejects if one.indicator == indicator.id}


def names_too_little(candidate: Candidate, indicator: Indicator) -> bool:
    """Whether a pin names a whole catalogue for a question that one of its datasets must answer."""
    kind = candidate.source.kind
    return candidate.dataset is None and kind in CATALOGUE_KINDS and kind not in indicator.kinds
