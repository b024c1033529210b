"""Casts both nets over a whole dataset list."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from builder.judge.folding import fold
from builder.judge.nets import Catch, Nets, Record
from builder.judge.policy import ASKED_FROM
from builder.judge.terms import base
from builder.model.catalogue import Dataset
from builder.model.city import City
from builder.model.matches import Matches

_FORM = 2  # counts up when matching itself changes, so that what was matched before is matched again


def cast(nets: Nets, dataset: Dataset, languages: Iterable[str], places: frozenset[str] = frozenset()) -> Catch:
    """Both nets over one dataset as the results keep it."""
    described = nets.remembered(dataset.description_topics)
    return nets.cast(
        Record(dataset.title, dataset.keywords, dataset.themes, dataset.formats, described, places), languages
    )


def match(
    nets: Nets, datasets: Sequence[Dataset], languages: Iterable[str], places: frozenset[str] = frozenset()
) -> Matches:
    """Search a dataset list; those that are gone are passed over. ``places`` are as in ``nets.Record``."""
    asked, version = spoken(languages), nets.terms.vocabulary.version
    there = [dataset for dataset in datasets if dataset.gone_since is None]
    narrow: dict[str, list[tuple[int, str]]] = defaultdict(list)
    wide: dict[str, list[tuple[int, str]]] = defaultdict(list)
    hits = []
    for dataset in there:
        catch = cast(nets, dataset, asked, places)
        if catch.narrow:
            hits.append(dataset.id)
        for topic, weight in catch.wide.items():
            (narrow if topic in catch.narrow else wide)[topic].append((-weight, dataset.id))
    return Matches(
        digest=digest(nets, datasets, asked, places),
        topics_version=version,
        languages=asked,
        searched=len(there),
        unlooked=sum(one.description_length > 0 and one.topics_version != version for one in there),
        caught=len(hits),
        example=min(hits, default=None),
        narrow={topic: tuple(id for _, id in sorted(found)) for topic, found in sorted(narrow.items())},
        wide={topic: tuple(id for _, id in sorted(found)) for topic, found in sorted(wide.items())},
        near={
            topic: count
            for topic, found in sorted(wide.items())
            if (count := sum(-weight >= ASKED_FROM for weight, _ in found))
        },
    )


def digest(
    nets: Nets, datasets: Iterable[Dataset], languages: Iterable[str], places: frozenset[str] = frozenset()
) -> str:
    """One hash over everything that matches depend on."""
    whole = hashlib.sha256(
        f"{_FORM} {nets.terms.digest} {' '.join(spoken(languages))} {' '.join(sorted(places))}\n".encode()
    )
    for dataset in datasets:
        if dataset.gone_since is None:
            whole.update(repr((
                dataset.id, dataset.title, dataset.keywords, dataset.themes, dataset.formats,
                sorted(dataset.description_topics.items()), dataset.topics_version, dataset.description_length > 0,
            )).encode())  # fmt: skip
    return whole.hexdigest()


def named(cities: Iterable[City]) -> frozenset[str]:
    """The folded words of the names of cities: in a title of theirs they say where."""
    return frozenset(word for city in cities for name in city.names.values() for word in fold(name).split())


def spoken(languages: Iterable[str]) -> tuple[str, ...]:
    """The languages to look for, sorted, each once: a list is searched in English too."""
    return tuple(sorted({base(one) for one in languages} | {"en"}))
