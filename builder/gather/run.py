"""The run: reads every source of the given cities once, survives whatever a probe does, and then writes the results.

Readings are journaled as they finish, and the results are written only when all of them are in: a run that turns out
to have had no network records nothing, and one that is killed goes on where it stopped.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from builder.errors import Offline, ResultsError, RunRefused
from builder.gather.blame import refuse_if_ours
from builder.gather.exchange import Backend, Keeper
from builder.gather.journal import Journal
from builder.gather.noticing import noticed, renew
from builder.gather.plan import Job, plan
from builder.gather.publishing import publish
from builder.gather.reading import Read, read_source
from builder.gather.registries import RegistryRead, read_registries
from builder.gather.registry_notes import note
from builder.judge.nets import Nets
from builder.model.city import City
from builder.model.observation import Observation, Probe
from builder.model.reasons import Outcome, Reason
from builder.store.ledger import Ledger
from builder.store.results import Results

SOURCES_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Step:
    """One source finished: for a progress bar or a plain line. ``resumed`` ones were read by the run before."""

    done: int
    total: int
    kind: str
    url: str
    reason: Reason
    message: str
    resumed: bool


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run came to. ``read`` counts readings that say something about a source; ``untested`` those that do not
    (nobody recorded it, or a key is missing); ``unreadable_kinds`` counts sources whose kind has no probe yet."""

    run: datetime
    sources: int
    read: int
    untested: int
    resumed: int
    outcomes: Mapping[Outcome, int]
    reasons: Mapping[Reason, int]
    unreadable_kinds: Mapping[str, int]
    cities_changed: tuple[str, ...]
    ledger_lines: int
    registries: tuple[RegistryRead, ...]


async def gather(
    cities: Sequence[City],
    probes: Mapping[str, Probe],
    results: Path,
    backend: Backend,
    *,
    clock: Callable[[], datetime],
    cache: Path,
    environment: Mapping[str, str] | None = None,
    shard: tuple[int, int] = (1, 1),
    progress: Callable[[Step], None] | None = None,
    keepers: Sequence[Keeper] = (),
    at_once: int = SOURCES_AT_ONCE,
    nets: Nets | None = None,
    everywhere: Sequence[City] = (),
) -> RunReport:
    """Read the sources of ``cities`` and write what was seen into the folder ``results``.

    ``probes`` come from ``builder.probes.discover()``; ``cache`` is the ``.cache`` folder, where the journal lives;
    ``environment`` holds the keys that sources name in ``key_env``; ``keepers`` keep every exchange. ``nets`` look
    through the datasets' descriptions; then the lists of ``everywhere`` (all cities there are) are matched with topics.
    Raises ``Busy`` when another run holds the results, ``Offline`` or ``RunRefused`` when the run taught nothing
    about the cities; then nothing was written.
    """
    store, ledger = Results(results), Ledger(results)
    jobs = plan(cities, probes, shard)
    if backend.live and await backend.offline():
        raise Offline(
            "no network here: neither control address answers, so nothing was recorded. "
            "Connect this machine, or read recorded answers with --replay DIR"
        )
    with store.lock("cityproof gather"):
        if backend.live:
            _refuse_the_future(ledger, clock())
        journal = Journal(cache / "runs", _arguments(cities, jobs, probes, results, backend, shard, nets), clock())
        seen, resumed = await _read_all(
            jobs, probes, backend, journal, clock, environment or {}, progress, keepers, at_once, nets
        )
        if backend.live:
            try:
                refuse_if_ours(cities, jobs, seen, store)
            except (Offline, RunRefused):
                journal.remove()
                raise
        registries = await read_registries(
            cities, backend, known=store.registries(), clock=clock, shard=shard, keepers=keepers
        )
        changed, lines = publish(cities, jobs, journal, store, ledger)
        note(registries, cities, journal.run, store, ledger)
        if nets is not None:
            renew(everywhere or cities, store, nets)
        journal.remove()
    outcomes = Counter(observation.outcome for observation in seen.values())
    unreadable = Counter(source.kind for city in cities for source in city.sources if source.kind not in probes)
    return RunReport(
        run=journal.run,
        sources=len(jobs),
        read=len(seen) - outcomes[Outcome.UNTESTED],
        untested=outcomes[Outcome.UNTESTED],
        resumed=resumed,
        outcomes=dict(sorted(outcomes.items())),
        reasons=dict(sorted(Counter(observation.reason for observation in seen.values()).items())),
        unreadable_kinds=dict(sorted(unreadable.items())),
        cities_changed=tuple(changed),
        ledger_lines=lines,
        registries=tuple(registries),
    )


def _refuse_the_future(ledger: Ledger, now: datetime) -> None:
    """A clock that was once ahead left lines newer than any to come: whatever was read now would count as old news."""
    end = ledger.end()
    if end is not None and end > now + timedelta(days=1):
        raise ResultsError(
            f"{ledger.folder}: its newest line is of {end:%Y-%m-%d}, and it is {now:%Y-%m-%d} here: "
            "set this machine's clock, or take the ledger and the results back from git"
        )


async def _read_all(
    jobs: Sequence[Job],
    probes: Mapping[str, Probe],
    backend: Backend,
    journal: Journal,
    clock: Callable[[], datetime],
    environment: Mapping[str, str],
    progress: Callable[[Step], None] | None,
    keepers: Sequence[Keeper],
    at_once: int,
    nets: Nets | None,
) -> tuple[dict[str, Observation], int]:
    """Read every job that the journal does not hold; returns what was seen by key, without measurements, and how
    many were resumed."""
    slots = asyncio.Semaphore(at_once)
    seen: dict[str, Observation] = {}
    resumed = 0

    def note(job: Job, observation: Observation, again: bool) -> None:
        # The facts themselves wait on disk: a run over all cities must not hold them all in memory.
        seen[job.key] = observation.model_copy(update={"measurements": {}, "captures": ()})
        if progress:
            progress(
                Step(
                    len(seen),
                    len(jobs),
                    job.source.kind,
                    job.source.url,
                    observation.reason,
                    observation.message,
                    again,
                )
            )

    async def one(job: Job) -> None:
        async with slots:
            key = environment.get(job.key_env, "").strip() if job.key_env else None
            if job.key_env and not key:
                read = _without_key(job, probes[job.source.kind], clock())
            else:
                target = job.target(clock(), key)
                read = await read_source(
                    probes[job.source.kind], job.source.kind, target, backend, clock=clock, keepers=keepers
                )
            if nets is not None and read.reading is not None:
                # In a thread: a national catalogue takes seconds, in which nobody else's answer should time out.
                reading = await asyncio.to_thread(noticed, read.reading, nets, job.languages)
                read = replace(read, reading=reading)
            if read.observation.outcome is not Outcome.UNTESTED:
                journal.add(job.key, read)
            note(job, read.observation, False)

    todo = []
    for job in jobs:
        entry = journal.entry(job.key)
        if entry is None:
            todo.append(job)
        else:
            resumed += 1
            note(job, entry.observation, True)
    try:
        async with asyncio.TaskGroup() as group:
            for job in todo:
                group.create_task(one(job))
    except BaseExceptionGroup as failures:  # a full disk, say: one line about the first is enough
        raise failures.exceptions[0] from None
    return seen, resumed


def _without_key(job: Job, probe: Probe, now: datetime) -> Read:
    """A source that wants a key we were not given is left for the run that has it."""
    reason = Reason.NEEDS_KEY
    return Read(
        Observation(
            kind=job.source.kind, url=job.source.url, filter=job.source.filter, at=now,
            probe=f"{job.source.kind}/{probe.VERSION}", outcome=reason.outcome, reason=reason,
            message=f"set {job.key_env} to a key for it"),
        None,
    )  # fmt: skip


def _arguments(
    cities: Sequence[City],
    jobs: Sequence[Job],
    probes: Mapping[str, Probe],
    results: Path,
    backend: Backend,
    shard: tuple[int, int],
    nets: Nets | None,
) -> bytes:
    """Everything that makes two runs the same run."""
    return orjson.dumps({
        "cities": sorted(city.id for city in cities),
        "jobs": [[job.key, sorted(map(repr, job.near.values())), job.marker] for job in jobs],
        "probes": {kind: probes[kind].VERSION for kind in sorted(probes)},
        "results": str(results.resolve()),
        "from": backend.name,
        "shard": shard,
        "topics": nets.terms.digest if nets else None,
    })  # fmt: skip
