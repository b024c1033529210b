"""Who may answer a question: the sources of its kinds and the things that people pinned, without the rejected."""

from __future__ import annotations

from dataclasses import dataclass

from builder.model.city import City, Pin
from builder.model.framework import Indicator
from builder.model.kinds import CATALOGUE_KINDS
from builder.model.source import TIERS, Source


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that may answer: a source, or the dataset in it that a pin names."""

    source: Source
    dataset: str | None = None
    pin: Pin | None = None

    @property
    def order(self) -> tuple[int, str, str]:
        """Nearer tiers first, then by name: never the order in which someone wrote them down."""
        return (TIERS.index(self.source.tier), self.source.id, self.dataset or "")


def candidates(city: City, indicator: Indicator) -> list[Candidate]:
    """The candidates of an indicator in stable order."""
    sources = {source.id: source for source in city.sources}
    things: dict[tuple[str, str | None], Candidate] = {
        (one.id, None): Candidate(one) for one in sources.values() if one.kind in indicator.kinds
    }
    pins = [pin for pin in city.pins if pin.indicator == indicator.id and pin.source in sources]
    for pin in sorted(pins, key=lambda pin: (pin.on, pin.by)):
        things[(pin.source, pin.dataset)] = Candidate(sources[pin.source], pin.dataset, pin)
    rejected = {(one.source, one.dataset) for one in city.rejects if one.indicator == indicator.id}
    return sorted((one for thing, one in things.items() if thing not in rejected), key=lambda one: one.order)


def names_too_little(candidate: Candidate, indicator: Indicator) -> bool:
    """Whether a pin names a whole catalogue for a question that one of its datasets must answer."""
    kind = candidate.source.kind
    return candidate.dataset is None and kind in CATALOGUE_KINDS and kind not in indicator.kinds


def catalogue_known(city: City) -> bool:
    """Whether the city has a catalogue that a reader of ours could search."""
    return any(source.kind in CATALOGUE_KINDS for source in city.sources)
