"""Everything known of a city's sources at one moment: facts, dataset lists, what the topics matched, the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from builder.judge.gate import Gate
from builder.model.catalogue import Dataset
from builder.model.matches import Matches
from builder.model.observation import CityFacts, LedgerLine


@dataclass(frozen=True)
class Known:
    """What the judge may use: nothing that was read after the moment it judges at.

    ``datasets`` (the catalogue's list; only those that a pin or a match names are needed), ``matches`` (what both nets
    caught in it) and ``ledger`` go by the source's key; a key that is absent has nothing. ``gate`` says how far the
    nets are to be trusted: without one, nothing that they caught counts.
    """

    facts: CityFacts | None = None
    datasets: Mapping[str, Sequence[Dataset]] = field(default_factory=dict)
    ledger: Mapping[str, Sequence[LedgerLine]] = field(default_factory=dict)
    matches: Mapping[str, Matches] = field(default_factory=dict)
    gate: Gate = field(default_factory=Gate)

    @cached_property
    def _by_id(self) -> dict[str, dict[str, Dataset]]:
        return {key: {one.id: one for one in datasets} for key, datasets in self.datasets.items()}

    def dataset(self, key: str, id: str) -> Dataset | None:
        """One dataset of a source's list, None where the list does not hold it."""
        return self._by_id.get(key, {}).get(id)
