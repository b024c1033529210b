"""Writing a finished run into the results: dataset lists, then cities, then the ledger, each file whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from builder.gather.folding import facts_digest, fold
from builder.gather.journal import Entry, Journal
from builder.gather.plan import Job
from builder.gather.reading import with_place
from builder.model.city import City
from builder.model.observation import CityFacts, LedgerLine, Observation, SourceFacts
from builder.model.reasons import Outcome
from builder.model.source import Source
from builder.store.ledger import Ledger
from builder.store.results import Results

Seen = tuple[str, datetime, Outcome, str | None]


def publish(
    cities: Sequence[City], jobs: Sequence[Job], journal: Journal, results: Results, ledger: Ledger
) -> tuple[list[str], int]:
    """Fold every finished reading into the results; returns the cities whose file changed and the new ledger lines.

    May be interrupted anywhere and simply done again: every step that was done already changes nothing.
    """
    known = ledger.lines()
    newest = _newest(known)
    newest_good = _newest(line for line in known if line.outcome is Outcome.PASSED)
    fresh: dict[str, Entry] = {}
    lines: list[LedgerLine] = []
    for job in jobs:
        entry = journal.entry(job.key)
        if entry is None:
            continue
        # A recording may be older than what was read since: it may add good facts, never displace newer ones.
        before = newest_good if entry.observation.outcome is Outcome.PASSED else newest
        if job.key not in before or entry.observation.at >= before[job.key]:
            entry = _with_dataset_list(entry, job.key, journal, results)
            fresh[job.key] = entry
        lines.append(_ledger_line(journal.run, job.key, entry.observation))
    changed = [city.id for city in sorted(cities, key=lambda city: city.id) if _write_city(city, fresh, results)]
    seen: set[Seen] = {_seen(line) for line in known}
    new = [line for line in lines if _seen(line) not in seen]
    ledger.append(new)
    return changed, len(new)


def _newest(lines: Iterable[LedgerLine]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for line in lines:
        found[line.source] = max(line.at, found.get(line.source, line.at))
    return found


def _with_dataset_list(entry: Entry, key: str, journal: Journal, results: Results) -> Entry:
    """Write the dataset list of a good reading; a bad one never shrinks the list of the last good."""
    observation = entry.observation
    if not entry.has_datasets or observation.outcome is not Outcome.PASSED:
        return entry
    digest = results.write_datasets(key, journal.datasets(key), observation.complete, observation.at.date())
    return Entry(observation.model_copy(update={"dataset_list": digest}), entry.near, entry.has_datasets)


def _write_city(city: City, fresh: Mapping[str, Entry], results: Results) -> bool:
    """Fold the fresh readings of one city; facts of sources that its file no longer names are let go."""
    old = results.city(city.id)
    facts: dict[str, SourceFacts] = {}
    for source in city.sources:
        known = _still_about(source, old.sources.get(source.id) if old else None)
        entry = fresh.get(source.key)
        if entry is not None:
            known = fold(known, with_place(entry.observation, entry.near.get(city.id, {})))
        if known is not None:
            facts[source.id] = known
    if old is None and not facts:
        return False
    return results.write_city(CityFacts(city=city.id, sources=facts))


def _still_about(source: Source, known: SourceFacts | None) -> SourceFacts | None:
    """What was known under this id, unless the file has since given the id to another address."""
    if known is None:
        return None
    asked = (source.kind, source.url, source.filter)
    seen: Iterable[Observation] = (*known.faults, *([known.good] if known.good else []))
    return known if all((one.kind, one.url, one.filter) == asked for one in seen) else None


def _ledger_line(run: datetime, key: str, observation: Observation) -> LedgerLine:
    digest = facts_digest(observation) if observation.measurements else None
    return LedgerLine(
        run=run, source=key, at=observation.at, outcome=observation.outcome, reason=observation.reason, digest=digest
    )


def _seen(line: LedgerLine) -> Seen:
    """What makes two lines the same reading, whichever run it was told by: a second replay adds nothing."""
    return line.source, line.at, line.outcome, line.digest
