"""Works out on which days a GTFS feed runs, and which of them stands for a typical weekday.

A service runs on the days of its weekly pattern (calendar.txt), without the days taken out and with the days put in
(calendar_dates.txt). Removed days are kept as bits, one row of them per service, so a national feed with its hundred
thousand services fits in a few megabytes; added days are not kept at all but read again once the days of interest
are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from builder.probes._gtfs_tables import open_table, short, too_large
from builder.probes._zip import Archive

MOST_SERVICES = 250_000
MOST_REMOVED_BYTES = 2**25
WINDOW_DAYS = 28
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Pattern(NamedTuple):
    """A service's weekly pattern: first and last day as ordinals, and the weekdays as bits, Monday lowest."""

    start: int
    end: int
    weekdays: int


class Calendars:
    """The feed's days of service; ``first`` and ``last`` are the outermost days on which anything runs, or None."""

    def __init__(self) -> None:
        self.patterns: dict[str, Pattern] = {}
        self.removed: dict[str, bytearray] = {}
        self.first: date | None = None
        self.last: date | None = None

    def _widen(self, first: int, last: int) -> None:
        self.first = min(self.first or date.max, date.fromordinal(first))
        self.last = max(self.last or date.min, date.fromordinal(last))

    def runs(self, service: str, day: int) -> bool:
        """Whether the weekly pattern, less the days taken out, runs on the day (an ordinal)."""
        pattern = self.patterns.get(service)
        if pattern is None or not pattern.start <= day <= pattern.end:
            return False
        if not pattern.weekdays >> (day - 1) % 7 & 1:
            return False
        at, taken_out = day - pattern.start, self.removed.get(service, b"")
        return not (at >> 3 < len(taken_out) and taken_out[at >> 3] >> (at & 7) & 1)

    def take_out(self, service: str, day: int) -> int:
        """Note a day (an ordinal) taken out of a service's pattern; how many bytes more that takes."""
        at = day - self.patterns[service].start
        # One byte is changed: a number of ten thousand years' bits would be written anew for each of its days.
        days = self.removed.setdefault(service, bytearray())
        grown = max(0, (at >> 3) + 1 - len(days))
        days.extend(bytes(grown))
        days[at >> 3] |= 1 << (at & 7)
        return grown


async def read_calendars(archive: Archive) -> Calendars:
    """Read both calendar tables, either of which may be absent."""
    calendars = Calendars()
    async for service, start, end, *days in open_table(archive, "calendar.txt").records(
        "service_id", "start_date", "end_date", *_WEEKDAYS
    ):
        first, last = ordinal(start), ordinal(end)
        weekdays = sum(1 << at for at, runs in enumerate(days) if runs == "1")
        if first and last and first <= last and weekdays:
            calendars.patterns[short(service)] = Pattern(first, last, weekdays)
            if len(calendars.patterns) > MOST_SERVICES:
                too_large(f"calendar.txt names more than {MOST_SERVICES:,} services.")
    size = 0
    async for service, day, kind in open_table(archive, "calendar_dates.txt").records(
        "service_id", "date", "exception_type"
    ):
        at = ordinal(day)
        if at and kind == "1":
            calendars._widen(at, at)
            continue
        pattern = calendars.patterns.get(service := short(service))
        if at and kind == "2" and pattern and pattern.start <= at <= pattern.end:
            size += calendars.take_out(service, at)
            if size > MOST_REMOVED_BYTES:
                too_large("calendar_dates.txt takes out more days than we hold.")
    for service, pattern in calendars.patterns.items():
        if span := _span(pattern, int.from_bytes(calendars.removed.get(service, b""), "little")):
            calendars._widen(*span)
    return calendars


def _span(pattern: Pattern, removed: int) -> tuple[int, int] | None:
    """First and last day (ordinals) on which a pattern runs once the removed days are out, or None."""
    length = pattern.end - pattern.start + 1
    # Past the last removed day the week repeats, so seven days more settle the rest.
    near = min(length, removed.bit_length() + 7)
    turned = _turn(pattern.weekdays, (pattern.start - 1) % 7)
    weeks = (near + 6) // 7
    every_week = ((1 << 7 * weeks) - 1) // 127
    active = turned * every_week & (1 << near) - 1 & ~removed
    if not active:
        return None
    first = pattern.start + (active & -active).bit_length() - 1
    if length > near:
        last = max(day for day in range(pattern.end - 6, pattern.end + 1) if pattern.weekdays >> (day - 1) % 7 & 1)
    else:
        last = pattern.start + active.bit_length() - 1
    return first, last


def _turn(weekdays: int, by: int) -> int:
    return (weekdays >> by | weekdays << 7 - by) & 127


def candidate_days(calendars: Calendars, today: date) -> list[int]:
    """The Tuesdays, Wednesdays and Thursdays (ordinals) of the four weeks of service nearest to today."""
    if calendars.first is None or calendars.last is None:
        return []
    first, last = calendars.first.toordinal(), calendars.last.toordinal()
    start = max(first, min(today.toordinal(), last - WINDOW_DAYS + 1))
    return [day for day in range(start, min(last, start + WINDOW_DAYS - 1) + 1) if (day - 1) % 7 in (1, 2, 3)]


async def running_services(archive: Archive, calendars: Calendars, days: Sequence[int]) -> dict[str, int]:
    """For each service that runs on any of the days, a number whose bit ``i`` says whether it runs on ``days[i]``."""
    running = {}
    for service in calendars.patterns:
        if mask := sum(1 << at for at, day in enumerate(days) if calendars.runs(service, day)):
            running[service] = mask
    position = {day: at for at, day in enumerate(days)}
    async for service, day_text, kind in open_table(archive, "calendar_dates.txt").records(
        "service_id", "date", "exception_type"
    ):
        at = position.get(ordinal(day_text) or 0)
        if at is not None and kind == "1":
            running[short(service)] = running.get(short(service), 0) | 1 << at
            if len(running) > MOST_SERVICES:
                too_large(f"calendar_dates.txt names more than {MOST_SERVICES:,} services.")
    return running


def typical_day(days: Sequence[int], running: Mapping[str, int], trips: Mapping[str, int]) -> int | None:
    """The position in ``days`` of the day with the median number of trips, or None when no trip runs on any.

    ``trips`` counts the runs of each service on a day. Of an even number of days the lower middle one is taken, of
    days with as many trips the earliest.
    """
    totals = [0] * len(days)
    for service, count in trips.items():
        mask = running.get(service, 0)
        for at in range(len(days)):
            if mask >> at & 1:
                totals[at] += count
    served = sorted(total for total in totals if total)
    return totals.index(served[(len(served) - 1) // 2]) if served else None


@lru_cache(maxsize=4096)
def ordinal(text: str) -> int | None:
    """The ordinal of a GTFS day (``YYYYMMDD``), or None when it is no day."""
    if len(text) != 8 or not text.isascii() or not text.isdigit():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal()
    except ValueError:
        return None
