"""Which catches a person should judge next: those that nobody judged, of the topics that have the fewest verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from builder.judge.policy import ENOUGH_POOLED
from builder.model.catalogue import Dataset
from builder.model.matches import Matches
from builder.model.measured import Review


@dataclass(frozen=True, slots=True)
class Unjudged:
    """One catch of the narrow net that waits for a verdict, and how many its topic has already."""

    topic: str
    dataset: Dataset
    judged: int


def unjudged(
    lists: Iterable[tuple[Mapping[str, Dataset], Matches]], reviews: Iterable[Review], *, enough: int = ENOUGH_POOLED
) -> Iterator[Unjudged]:
    """The catches without a verdict, those of the topics with the fewest first; a topic with ``enough`` comes last."""
    done = {(review.url, review.topic) for review in reviews}
    count: Counter[str] = Counter()
    waiting: dict[tuple[str, str], Dataset] = {}
    for datasets, matches in lists:
        for topic, ids in matches.narrow.items():
            for dataset in (datasets[id] for id in ids if id in datasets):
                url = dataset.url or dataset.id
                if (url, topic) in done:
                    count[topic] += 1
                else:
                    waiting.setdefault((topic, url), dataset)
    order = sorted(waiting, key=lambda key: (count[key[0]] >= enough, count[key[0]], key))
    for topic, url in order:
        yield Unjudged(topic, waiting[topic, url], count[topic])
