"""The wiring behind the commands about topics: results, words and verdicts in, a measurement or a list to judge out."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from builder.errors import InputError
from builder.gather.noticing import renew
from builder.judge.classify import labelled
from builder.judge.matching import cast, named
from builder.judge.measuring import labelled as judged_records
from builder.judge.measuring import measure, reviewed, sayings
from builder.judge.nets import Catch, Nets
from builder.judge.reviewing import unjudged
from builder.judge.terms import Terms, base
from builder.model.catalogue import Dataset
from builder.model.kinds import CATALOGUE_KINDS
from builder.model.measured import POOLED, Measured, Row
from builder.publish.matched import Lists
from builder.store.measurement import load_reviews, write_measured
from builder.store.people import load_cities
from builder.store.results import Results
from builder.store.vocabulary import load_vocabulary

Line = tuple[str, bytes]  # where it stands, and what it holds

_BATCH = 2_000  # records: enough that handing them to another process costs little beside labelling them

_nets: Nets | None = None  # what the processes of ``classified`` inherit


def record(line: Line) -> dict[str, Any]:
    """The dataset record of a line; raises ``InputError`` with the line's place where it holds none."""
    place, text = line
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as fault:
        raise InputError(f"{place}: this line is no JSON ({fault}): one dataset a line") from fault
    if not isinstance(found, dict):
        raise InputError(f"{place}: this line is no JSON object: one dataset a line")
    return found


def classified(frameworks: Path, lines: Iterable[Line], cache: Path | None = None) -> Iterator[bytes]:
    """The labels of dataset records in their order, one JSON line each, in batches; many are labelled by all cores.

    Raises ``InputError`` for the first line that is no record.
    """
    global _nets
    _nets = Nets(Terms(load_vocabulary(frameworks, cache)))
    batches = _batches(lines)
    first = next(batches, [])
    cores = os.cpu_count() or 1
    # Labelled before any process is made: what is compiled for its languages is then inherited, not compiled again.
    yield _label(first)
    if len(first) < _BATCH or cores < 2 or sys.platform != "linux":
        yield from map(_label, batches)
        return
    with ProcessPoolExecutor(cores, mp_context=multiprocessing.get_context("fork")) as pool:
        waiting: deque[Future[bytes]] = deque()
        for batch in batches:
            waiting.append(pool.submit(_label, batch))
            # Never more in memory than keeps every core busy, however long the file is.
            if len(waiting) > 2 * cores:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    each = iter(lines)
    while batch := list(islice(each, _BATCH)):
        yield batch


def _label(batch: Sequence[Line]) -> bytes:
    assert _nets is not None  # set before any process is made
    return b"".join(orjson.dumps(labelled(_nets, record(line)), option=orjson.OPT_APPEND_NEWLINE) for line in batch)


def measured_anew(
    *, cities: Path, results: Path, frameworks: Path, labelled: Sequence[Mapping[str, Any]], on: date
) -> str:
    """Match every list again, write ``measured.json``, and say in a line what it says."""
    nets, people, store = Nets(Terms(load_vocabulary(frameworks))), load_cities(cities), Results(results)
    with store.lock("cityproof measure"):
        renewed = renew(list(people.values()), store, nets)
    measured = measurement(nets, cities=cities, results=results, frameworks=frameworks, labelled=labelled, on=on)
    changed = write_measured(frameworks, measured)
    pooled = [row for row in measured.rows if row.language == POOLED]
    return (
        f"{len(renewed)} lists matched anew; narrow net {_of(pooled, 'right', 'predicted')} right and "
        f"{_of(pooled, 'caught', 'positives')} caught; wide net {_of(pooled, 'found', 'positives')} caught; "
        f"measured.json {'written' if changed else 'unchanged'}."
    )


def measurement(
    nets: Nets, *, cities: Path, results: Path, frameworks: Path, labelled: Sequence[Mapping[str, Any]], on: date
) -> Measured:
    """What the nets catch of the labelled records and of the reviewed datasets."""
    store, people = Results(results), load_cities(cities)
    catches: dict[str, Catch] = {}
    languages: dict[str, str] = {}
    lists: dict[str, dict[str, Dataset]] = {}
    for city in people.values():
        for source in city.sources:
            if source.kind in CATALOGUE_KINDS:
                lists.setdefault(source.key, {one.id: one for one in store.datasets(source.key)})
                for dataset in lists[source.key].values():
                    url = dataset.url or dataset.id
                    if url not in catches:
                        catches[url] = cast(nets, dataset, city.languages, named([city]))
                        languages[url] = base(city.languages[0])
    reviews = load_reviews(frameworks)
    reviews += sayings(people.values(), lists, nets, reviews)
    judged = [*judged_records(nets, labelled), *reviewed(reviews, catches, languages)]
    if not judged:
        raise InputError(f"{frameworks / 'topics'}: nothing is judged yet: name labelled records, or review some")
    rows = measure(judged, [topic.id for topic in nets.terms.topics], on.isoformat())
    content = b"".join(orjson.dumps(record, option=orjson.OPT_SORT_KEYS) for record in labelled)
    return Measured(
        topics_version=nets.terms.vocabulary.version,
        vocabulary=nets.terms.digest,
        labelled=hashlib.sha256(content).hexdigest() if labelled else "",
        rows=rows,
    )


def to_review(*, cities: Path, results: Path, frameworks: Path, topic: str | None, most: int) -> Iterator[str]:
    """The next catches to judge, each as a line to complete."""
    nets, people = Nets(Terms(load_vocabulary(frameworks))), load_cities(cities)
    if topic is not None and topic not in {one.id for one in nets.terms.topics}:
        raise InputError(f"{topic}: no such topic in {frameworks / 'topics'}")
    lists = Lists(Results(results), nets, people.values())
    keys = sorted({
        source.key for city in people.values() for source in city.sources if source.kind in CATALOGUE_KINDS
    })  # fmt: skip
    found = [
        ({one.id: one for one in lists.datasets(key)}, matches)
        for key in keys
        if (matches := lists.matches(key)) is not None
    ]
    shown = 0
    reviews = load_reviews(frameworks)
    reviews += sayings(
        people.values(), {key: {one.id: one for one in lists.datasets(key)} for key in keys}, nets, reviews
    )
    for one in unjudged(found, reviews):
        if topic in (None, one.topic) and shown < most:
            shown += 1
            plain = {
                "found": "net", "on": "", "title": one.dataset.title, "topic": one.topic,
                "url": one.dataset.url or one.dataset.id, "verdict": "right or wrong?", "why": "",
            }  # fmt: skip
            yield orjson.dumps(plain).decode()


def _of(rows: Sequence[Row], part: str, whole: str) -> str:
    one, all_ = sum(getattr(row, part) for row in rows), sum(getattr(row, whole) for row in rows)
    return f"{one} of {all_} ({one / all_:.1%})" if all_ else "none of none"
