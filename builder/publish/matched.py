"""The dataset lists and what the topics matched in them, read when a city asks and matched again where that is old."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from builder.judge.matching import digest, match, named
from builder.judge.nets import Nets
from builder.model.catalogue import Dataset
from builder.model.city import City
from builder.model.kinds import CATALOGUE_KINDS
from builder.model.matches import Matches
from builder.store.results import Results


class Lists:
    """The lists of one build. Reads only: what was matched here is forgotten, ``cityproof gather`` keeps it."""

    def __init__(self, results: Results, nets: Nets, cities: Iterable[City]) -> None:
        self._results, self._nets = results, nets
        # A list that several cities name is searched in the languages of all of them.
        self._naming: dict[str, list[City]] = defaultdict(list)
        for city in cities:
            for source in city.sources:
                if source.kind in CATALOGUE_KINDS:
                    self._naming[source.key].append(city)
        # A national list is asked for by many cities, one after the other.
        self.datasets = lru_cache(maxsize=16)(self._datasets)
        self.matches = lru_cache(maxsize=256)(self._matches)

    def _datasets(self, key: str) -> tuple[Dataset, ...]:
        return tuple(self._results.datasets(key))

    def _matches(self, key: str) -> Matches | None:
        datasets = self.datasets(key)
        if not datasets:
            return None
        naming = self._naming[key]
        languages, places = {one for city in naming for one in city.languages}, named(naming)
        known = self._results.matches(key)
        if known is not None and known.digest == digest(self._nets, datasets, languages, places):
            return known
        return match(self._nets, datasets, languages, places)
