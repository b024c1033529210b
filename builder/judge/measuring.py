"""Measures the nets against what people judged: how often a catch is right, and how much of what is there is caught."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from builder.judge.classify import caught
from builder.judge.folding import fold
from builder.judge.matching import cast
from builder.judge.nets import Catch, Nets
from builder.judge.terms import base
from builder.model.catalogue import Dataset
from builder.model.city import City
from builder.model.measured import POOLED, Review, Row


@dataclass(frozen=True, slots=True)
class Judged:
    """One dataset that people judged, with what the nets caught of it.

    ``right`` and ``wrong`` are the topics it was judged on; ``whole`` says that it was judged on every topic, so that
    what is not right is wrong. ``listed`` are the right ones found by reading and not by a net: they tell recall.
    ``series`` is the same for yearly or local copies of one dataset, which count once.
    """

    language: str
    series: str
    catch: Catch
    right: frozenset[str]
    wrong: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    whole: bool = False


def labelled(nets: Nets, records: Iterable[Mapping[str, Any]]) -> Iterator[Judged]:
    """Records with ``labels``, each judged on every topic."""
    for record in records:
        right = frozenset(record.get("labels") or ())
        yield Judged(
            language=base(str(record.get("language") or "")),
            series=_series(str(record.get("publisher") or ""), str(record.get("title") or "")),
            catch=caught(nets, record),
            right=right,
            listed=right,
            whole=True,
        )


def reviewed(reviews: Iterable[Review], catches: Mapping[str, Catch], languages: Mapping[str, str]) -> Iterator[Judged]:
    """Datasets with verdicts; ``catches`` and ``languages`` go by the url; what is not listed now is left out."""
    by_url: dict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        by_url[review.url].append(review)
    for url, verdicts in sorted(by_url.items()):
        if url not in catches:
            continue
        right = frozenset(one.topic for one in verdicts if one.verdict == "right")
        yield Judged(
            language=languages[url],
            series=_series(urlsplit(url).hostname or "", verdicts[0].title),
            catch=catches[url],
            right=right,
            wrong=frozenset(one.topic for one in verdicts if one.verdict == "wrong") - right,
            listed=frozenset(one.topic for one in verdicts if one.verdict == "right" and one.found == "list"),
        )


def sayings(
    cities: Iterable[City], lists: Mapping[str, Mapping[str, Dataset]], nets: Nets, reviews: Iterable[Review]
) -> Iterator[Review]:
    """Pins and rejections of datasets as verdicts; ``lists`` are the dataset lists by the source's key, then by id.

    A pin of what the nets did not catch tells that they missed it. A pin of what they caught tells that the catch was
    right, and nothing of recall: the page may have proposed it. What was reviewed stands as it was reviewed; what one
    city pins and another rejects is right, for the other may only have meant that it is not about itself.
    """
    done = {(one.url, one.topic) for one in reviews}
    known = {topic.id for topic in nets.terms.topics}
    people = list(cities)
    for verdict in ("right", "wrong"):
        for city in people:
            keys = {source.id: source.key for source in city.sources}
            for one in city.pins if verdict == "right" else city.rejects:
                dataset = lists.get(keys.get(one.source, ""), {}).get(one.dataset or "")
                if dataset is None or one.indicator not in known:
                    continue
                url = dataset.url or dataset.id
                if (url, one.indicator) in done:
                    continue
                done.add((url, one.indicator))
                missed = one.indicator not in cast(nets, dataset, city.languages).wide
                yield Review(
                    url=url,
                    title=dataset.title,
                    topic=one.indicator,
                    verdict=verdict,
                    why=(one.why or f"pinned by {one.by}")[:200],
                    on=one.on,
                    found="list" if missed else "net",
                )


@dataclass(slots=True)
class _Tally:
    predicted: set[str] = field(default_factory=set)
    right: set[str] = field(default_factory=set)
    positives: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)
    caught: set[str] = field(default_factory=set)


def measure(judged: Iterable[Judged], topics: Sequence[str], on: str) -> tuple[Row, ...]:
    """One row for each topic and language in which anything was predicted or is there, and one for all together.

    A series counts once for each topic: as right or found only if all of it is.
    """
    tallies: dict[tuple[str, str], _Tally] = defaultdict(_Tally)
    failed: dict[tuple[str, str], _Tally] = defaultdict(_Tally)
    samples: dict[str, int] = defaultdict(int)
    known = frozenset(topics)
    for one in judged:
        for language in (one.language, POOLED):
            samples[language] += 1
            for topic in one.catch.narrow.keys() & known:
                if topic in one.right or topic in one.wrong or one.whole:
                    tally = tallies[topic, language]
                    tally.predicted.add(one.series)
                    (tally if topic in one.right else failed[topic, language]).right.add(one.series)
            for topic in one.listed & known:
                tally = tallies[topic, language]
                tally.positives.add(one.series)
                (tally if topic in one.catch.wide else failed[topic, language]).found.add(one.series)
                (tally if topic in one.catch.narrow else failed[topic, language]).caught.add(one.series)
    return tuple(
        Row(
            topic=topic,
            language=language,
            predicted=len(tally.predicted),
            right=len(tally.right - failed[topic, language].right),
            positives=len(tally.positives),
            found=len(tally.found - failed[topic, language].found),
            caught=len(tally.caught - failed[topic, language].caught),
            sample=samples[language],
            on=on,
        )
        for (topic, language), tally in sorted(tallies.items())
    )


def _series(publisher: str, title: str) -> str:
    """The same for "Budget 2019" and "Budget 2020" of one publisher: two years are not two independent cases."""
    words = [word for word in fold(title).split() if not re.fullmatch(r"\d+\w{0,2}|fy\d*|q[1-4]|sy\d*", word)]
    return f"{fold(publisher)}: {' '.join(words) or title}"
