"""What a run reads: each (kind, address, filter) once, whoever names it, with every place it should serve."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from builder.model.city import City
from builder.model.observation import Near, Target
from builder.model.source import Source

NEAR_KM = 25.0  # how far from the city's centre a stop still serves it, where the city file says nothing


@dataclass(slots=True)
class Job:
    """One reading: the source as its first city wrote it, and every place that names it."""

    key: str
    source: Source
    near: dict[str, Near] = field(default_factory=dict)
    marker: str | None = None
    key_env: str | None = None
    languages: set[str] = field(default_factory=set)

    @property
    def host(self) -> str:
        """The host of the source's own address."""
        try:
            return urlsplit(self.source.url).hostname or ""
        except ValueError:
            return ""

    def target(self, now: datetime, key: str | None) -> Target:
        """What the probe is asked to read."""
        near = tuple(self.near[city] for city in sorted(self.near))
        return Target(self.source.url, now, self.source.filter, self.marker, near, key)


def plan(cities: Iterable[City], kinds: Container[str], shard: tuple[int, int] = (1, 1)) -> list[Job]:
    """The run's jobs in order of their keys; kinds that nobody can read yet are left out.

    ``shard=(i, n)`` takes the i-th of n parts, the same on every machine.
    """
    jobs: dict[str, Job] = {}
    for city in sorted(cities, key=lambda city: city.id):
        for source in city.sources:
            if source.kind not in kinds or not in_shard(source.key, shard):
                continue
            job = jobs.setdefault(source.key, Job(source.key, source))
            lat, lon = city.location
            job.near.setdefault(city.id, Near(city.id, lat, lon, source.near_km or NEAR_KM))
            job.marker = job.marker or source.marker
            job.key_env = job.key_env or source.key_env
            job.languages.update(city.languages)
    return [jobs[key] for key in sorted(jobs)]


def in_shard(key: str, shard: tuple[int, int]) -> bool:
    """Whether a source belongs to the i-th of n parts.

    >>> sum(in_shard("gtfs-x-00000000", (i, 3)) for i in (1, 2, 3))
    1
    """
    part, parts = shard
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % parts == part - 1
