"""Folding what the registries said into what was known: a fault takes nothing away, an unchanged fact keeps its day."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import orjson

from builder.gather.registries import REGISTRIES, Asked, RegistryRead, asked, question
from builder.model.city import City
from builder.model.observation import LedgerLine
from builder.model.reasons import Outcome, Reason
from builder.model.registry import (
    Registries,
    RegistryFacts,
    RegistryFault,
    RegistryReading,
    RowNote,
    Standing,
    registry_key,
)
from builder.store.ledger import Ledger
from builder.store.results import Results


def note(
    reads: Sequence[RegistryRead],
    cities: Sequence[City],
    run: datetime,
    results: Results,
    ledger: Ledger,
) -> bool:
    """Write what the registries said into the results and the ledger; returns whether ``registries.json`` changed.

    ``cities`` are those of this run: of them, rows that their files no longer name are let go; other cities' rows
    stay. May be interrupted anywhere and simply done again.
    """
    known = results.registries().registries
    lines = ledger.lines() if reads else []
    facts = {name: _let_go(name, one, cities) for name, one in known.items()}
    fresh = []
    for read in reads:
        key = registry_key(read.url)
        before = [line for line in lines if line.source == key]
        newest = max((line.at for line in before), default=read.at)
        if read.at < newest:  # an older copy says nothing about today that a newer reading did not
            continue
        facts[read.name] = _fold(facts.get(read.name), read)
        line = _ledger_line(run, key, read, facts[read.name])
        if not any(_same(line, one) for one in before):
            fresh.append(line)
    kept = {name: one for name, one in sorted(facts.items()) if one.rows}
    changed = results.write_registries(Registries(registries=kept)) if kept or known else False
    ledger.append(fresh)
    return changed


def _fold(known: RegistryFacts | None, read: RegistryRead) -> RegistryFacts:
    if known is None or known.url != read.url:
        known = RegistryFacts(url=read.url, rows=known.rows if known else ())
    if read.reason is not Reason.OK or read.standing is None or read.capture is None:
        same = known.fault is not None and known.fault.reason is read.reason
        fault = RegistryFault(at=read.at, reason=read.reason, message=read.message[:300])
        return known.model_copy(update={"fault": known.fault if same else fault})
    notes = {question(one): one for one in known.rows}
    rows = _noted(notes, read.standing, read.at)
    reading = RegistryReading(at=read.at, complete=read.complete, rows_read=read.rows_read, capture=read.capture)
    good = known.good
    if good is None or rows != known.rows or good.complete != read.complete:
        good = reading
    return RegistryFacts(url=read.url, good=good, rows=rows)


def _noted(
    notes: Mapping[Asked, RowNote], told: Mapping[Asked, tuple[Standing, str | None]], at: datetime
) -> tuple[RowNote, ...]:
    """All rows after a reading; one that says the same as before keeps the day on which that was first seen."""
    found = dict(notes)
    for asking, (standing, mark) in told.items():
        old = found.get(asking)
        if old is None or (old.standing, old.mark) != (standing, mark):
            found[asking] = RowNote(
                city=asking.city, source=asking.source, row=asking.row, standing=standing, mark=mark,
                on=at.astimezone(UTC).date().isoformat(),
            )  # fmt: skip
    return tuple(found[asking] for asking in sorted(found, key=_order))


def _let_go(name: str, known: RegistryFacts, cities: Sequence[City]) -> RegistryFacts:
    """Without the rows that the files of this run's cities no longer name."""
    here = {city.id for city in cities}
    named = set(asked(cities).get(name, ())) if name in REGISTRIES else set()
    rows = tuple(one for one in known.rows if one.city not in here or question(one) in named)
    return known if rows == known.rows else known.model_copy(update={"rows": rows})


def _ledger_line(run: datetime, key: str, read: RegistryRead, facts: RegistryFacts) -> LedgerLine:
    outcome, digest = read.reason.outcome, None
    if outcome is Outcome.PASSED:
        plain = [one.model_dump(mode="json", exclude={"on"}) for one in facts.rows]
        digest = hashlib.sha256(orjson.dumps([read.complete, plain], option=orjson.OPT_SORT_KEYS)).hexdigest()
    return LedgerLine(run=run, source=key, at=read.at, outcome=outcome, reason=read.reason, digest=digest)


def _same(one: LedgerLine, other: LedgerLine) -> bool:
    return (one.at, one.outcome, one.digest) == (other.at, other.outcome, other.digest)


def _order(asking: Asked) -> tuple[str, str, str]:
    return asking.city, asking.source or "", asking.row or ""
