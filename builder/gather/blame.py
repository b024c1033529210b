"""Whose fault a bad run is: when too many hosts fail at once it must be ours, and then nothing is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from builder.errors import Offline, RunRefused
from builder.gather.offline import HOSTS_THAT_MEAN_US
from builder.gather.plan import Job
from builder.model.city import City
from builder.model.observation import Observation
from builder.model.reasons import Outcome, Reason
from builder.store.results import Results

MOST_NEWLY_FAILING = 0.3  # of the hosts asked; above it the fault is more likely ours


def refuse_if_ours(
    cities: Sequence[City], jobs: Sequence[Job], seen: Mapping[str, Observation], store: Results
) -> None:
    """Raise ``Offline`` or ``RunRefused`` when so many hosts fail at once that the fault must be on our side."""
    hosts: dict[str, list[Job]] = {}
    for job in jobs:
        if job.key in seen and seen[job.key].outcome is not Outcome.UNTESTED:
            hosts.setdefault(job.host, []).append(job)
    if len(hosts) < HOSTS_THAT_MEAN_US:
        return
    if all(seen[job.key].reason is Reason.CONNECTION_FAILED for asked in hosts.values() for job in asked):
        raise Offline(f"none of {len(hosts)} hosts could be connected to: that is our network, so nothing was recorded")
    answered = _answered_before(cities, store)
    newly = [
        host for host, asked in sorted(hosts.items())
        if not any(seen[job.key].outcome is Outcome.PASSED for job in asked)
        and any(job.key in answered for job in asked)
    ]  # fmt: skip
    if len(newly) > MOST_NEWLY_FAILING * len(hosts):
        raise RunRefused(
            f"{len(newly)} of {len(hosts)} hosts that answered before fail now ({', '.join(newly[:3])}, ...): "
            "that looks like us and not like the cities, so nothing was published; try again later"
        )


def _answered_before(cities: Sequence[City], store: Results) -> set[str]:
    """The keys of sources whose last reading was a good one."""
    keys = set()
    for city in cities:
        facts = store.city(city.id)
        for source in city.sources:
            known = facts.sources.get(source.id) if facts else None
            if known is not None and known.good is not None and not known.faults:
                keys.add(source.key)
    return keys
