"""Everything known of a city's sources at one moment: the facts, the dataset lists and the ledger's lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from builder.model.catalogue import Dataset
from builder.model.observation import CityFacts, LedgerLine


@dataclass(frozen=True, slots=True)
class Known:
    """What the judge may use: nothing that was read after the moment it judges at.

    ``datasets`` (the catalogue's list; only those of sources with pinned datasets are needed) and ``ledger``
    go by the source's key; a key that is absent has nothing.
    """

    facts: CityFacts | None = None
    datasets: Mapping[str, Sequence[Dataset]] = field(default_factory=dict)
    ledger: Mapping[str, Sequence[LedgerLine]] = field(default_factory=dict)
