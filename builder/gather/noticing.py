"""Topics while a reading lasts and after it: what a description says is noted, what a list holds is matched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from builder.judge.matching import digest, match, named
from builder.judge.nets import Nets
from builder.model.city import City
from builder.model.kinds import CATALOGUE_KINDS
from builder.model.observation import Reading
from builder.store.results import Results


def noticed(reading: Reading, nets: Nets, languages: Iterable[str]) -> Reading:
    """The reading with what the words of each description do; the descriptions themselves are let go here."""
    if not reading.datasets or not reading.descriptions:
        return replace(reading, descriptions={})
    spoken = sorted(languages)
    datasets = []
    for dataset in reading.datasets:
        kept = nets.kept(nets.describe(reading.descriptions.get(dataset.id, ""), spoken))
        # The version stands beside every description that was looked through, also where nothing was found in it.
        version = nets.terms.vocabulary.version if dataset.id in reading.descriptions else None
        datasets.append(dataset.model_copy(update={"description_topics": kept, "topics_version": version}))
    return replace(reading, datasets=tuple(datasets), descriptions={})


def renew(cities: Sequence[City], results: Results, nets: Nets) -> list[str]:
    """Match every dataset list of the cities again whose list, words or languages changed; returns their keys."""
    naming: dict[str, list[City]] = defaultdict(list)
    for city in cities:
        for source in city.sources:
            if source.kind in CATALOGUE_KINDS:
                naming[source.key].append(city)
    renewed = []
    for key, those in sorted(naming.items()):
        languages, places = {one for city in those for one in city.languages}, named(those)
        datasets = results.datasets(key)
        if not datasets:
            continue
        known = results.matches(key)
        if known is None or known.digest != digest(nets, datasets, languages, places):
            results.write_matches(key, match(nets, datasets, languages, places))
            renewed.append(key)
    return renewed
