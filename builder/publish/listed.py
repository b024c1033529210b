"""Whether the rows in which sources were found still stand, in words and with the day of the reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date

from builder.model.observation import LedgerLine
from builder.model.reasons import Outcome
from builder.model.registry import Registries, RowNote, Standing, registry_key
from builder.publish import words
from builder.publish.text import clean

SITE = ""  # stands for the city's official site where a source's id is expected


@dataclass(frozen=True, slots=True)
class Listing:
    """What the registry last said of one row, and on which day."""

    standing: Standing
    on: date
    registry: str
    mark: str = ""


def listings(found: Registries, ledger: Mapping[str, Iterable[LedgerLine]]) -> dict[str, dict[str, Listing]]:
    """By city and source (``SITE`` for the official site), for every row about which something was told.

    ``ledger`` holds the lines by key. A row's note keeps the day on which it was first so; the ledger knows the last
    reading that found it unchanged.
    """
    told: dict[str, dict[str, Listing]] = {}
    for name, facts in found.registries.items():
        good = [line.at for line in ledger.get(registry_key(facts.url), ()) if line.outcome is Outcome.PASSED]
        last = max(good).astimezone(UTC).date() if good else date.min
        for row in facts.rows:
            if row.standing is not Standing.NOT_TOLD:
                told.setdefault(row.city, {})[row.source or SITE] = _listing(name, row, last)
    return told


def _listing(registry: str, row: RowNote, last: date) -> Listing:
    first = date.fromisoformat(row.on)
    # A row that is gone went before that day; one that stands, stood on the last day it was looked for.
    on = first if row.standing is Standing.GONE else max(first, last)
    return Listing(row.standing, on, registry, row.mark or "")


def sentence(listing: Listing | None, found_on: str | None) -> str:
    """``still listed on 4 August 2026``; empty where nobody told, or before the day on which it was found.

    >>> sentence(Listing(Standing.GONE, date(2026, 8, 4), "A list"), "2026-01-01")
    'no longer listed on 4 August 2026'
    """
    if listing is None or (found_on is not None and listing.on.isoformat() < found_on):
        return ""
    told = "no longer listed" if listing.standing is Standing.GONE else "still listed"
    mark = f", marked “{clean(listing.mark, 40)}” there" if listing.mark else ""
    return f"{told} on {words.day(listing.on)}{mark}"
