"""Follows the repetitions of one calendar event, no further than needed and never without end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import merge
from typing import Any

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

from builder.probes._ical_zones import When

MOST_STEPS = 20_000
# Local times are compared without their zone while a rule runs, so the search starts a little earlier than now.
_MARGIN = timedelta(days=2)
_YEARS_AHEAD = 30
_LONGEST_RULE = 300
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_PART = re.compile(r"[A-Z-]+=[A-Z0-9,+-]+")
_UNTIL = re.compile(r"UNTIL=(\d{8})(T\d{6})?(Z?)", re.ASCII)
_UNFRUITFUL = 100_000


class Budget:
    """How many repetitions may still be tried in one calendar; ``broken`` and ``unfinished`` count rules."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.broken = 0
        self.unfinished = 0


def starts(
    start: When, rule: str | None, more: list[When], gone: list[When], now: datetime, budget: Budget
) -> Iterator[When]:
    """The starts of one event that can matter at ``now``, in order: its own, its rule's and ``more``, without ``gone``.

    The event's own start counts even where its rule would not give it. Long past repetitions are passed over.
    """
    instants = {when.instant for when in gone if when.day_only == start.day_only}
    # Some programs take a day out of a timed event, or a time out of one that lasts the whole day.
    days = {when.local.date() for when in gone if when.day_only != start.day_only}
    further = sorted([start, *more], key=lambda when: when.local)
    ruled = _ruled(start, rule, now.astimezone(UTC).replace(tzinfo=None), budget) if rule else iter(())
    for when in merge(ruled, further, key=lambda when: when.local):
        if when.instant not in instants and when.local.date() not in days:
            yield when


def _ruled(start: When, rule: str, now: datetime, budget: Budget) -> Iterator[When]:
    if budget.steps <= 0:
        budget.unfinished += 1
        return
    try:
        until, repeating, shift = _understood(start, rule, now)
    except Exception:  # the library raises nearly everything on nonsense; the event then counts once
        budget.broken += 1
        return
    if until is not None and until < now - _MARGIN:
        return
    horizon = now.replace(year=min(now.year + _YEARS_AHEAD, 9999), day=1)
    steps = 0
    try:
        for shifted in repeating:
            local = shifted.replace(year=shifted.year - shift)
            steps += 1
            if (until is not None and local > until) or local > horizon:
                break
            if steps > min(MOST_STEPS, budget.steps):
                budget.unfinished += 1
                break
            if local >= now - _MARGIN:
                yield start.at(local)
    except (ValueError, OverflowError, TypeError, IndexError, ZeroDivisionError):
        budget.broken += 1
    finally:
        budget.steps -= steps or _UNFRUITFUL


def _understood(start: When, rule: str, now: datetime) -> tuple[datetime | None, Any, int]:
    """A rule's end in local time, its repetitions, and by how many years they are shifted.

    A rule that never matches (31 February) is tried by the library until the year 9999. The calendar repeats every 400
    years, weekdays included, so the rule is followed at the end of time instead of now: what never comes ends soon.
    """
    parts = [part.strip().upper() for part in rule.split(";") if part.strip()]
    frequency = next((part[5:] for part in parts if part.startswith("FREQ=")), "")
    if len(rule) > _LONGEST_RULE or frequency in _TOO_OFTEN or not all(map(_PART.fullmatch, parts)):
        raise ValueError("no rule of an event that people go to")
    until = next((found for part in parts if (found := _UNTIL.fullmatch(part))), None)
    # Some programs write a count of -1 where there is none.
    kept = ";".join(part for part in parts if not part.startswith(("UNTIL=", "COUNT=-", "COUNT=0")))
    shift = 400 * max(0, (9999 - _YEARS_AHEAD - 10 - max(start.local.year, now.year)) // 400)
    repeating = rrulestr(kept, dtstart=start.local.replace(year=start.local.year + shift), ignoretz=True)
    return (_until(start, until) if until else None), repeating, shift


def _until(start: When, found: re.Match[str]) -> datetime:
    """The end as a local time; a day ends with its last second, and RFC 5545 states it in UTC where there are zones."""
    if not found[2]:
        return datetime.fromisoformat(found[1]) + timedelta(hours=23, minutes=59, seconds=59)
    stated = datetime.fromisoformat(found[1] + found[2])
    if not found[3] or start.day_only:
        return stated
    return stated.replace(tzinfo=UTC).astimezone(start.zone).replace(tzinfo=None)
