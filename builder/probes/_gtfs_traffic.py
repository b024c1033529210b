"""Counts a GTFS feed's trips and the departures of one typical weekday, in memory that hardly grows with the feed.

stop_times.txt may have tens of millions of rows, so each is looked at once and forgotten. Of a trip that runs on the
chosen day eight bytes are kept, and those are looked up only when the trip changes from one row to the next.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from builder.probes._gtfs_service import candidate_days, read_calendars, running_services, typical_day
from builder.probes._gtfs_tables import Row, Table, open_table, short, too_large
from builder.probes._zip import Archive

MOST_RUNNING_TRIPS = 3_000_000
MOST_SERVICES = 250_000
MOST_FREQUENCIES = 200_000
# A thousand times those of the largest country in a day; a frequency of a second can make numbers nobody can write.
MOST_DEPARTURES = 10**11
_TIMES_HELD = 200_000
_LONGEST_TIME = 12


@dataclass(slots=True)
class Weekday:
    """The typical weekday: stop departures in all and by near mask, and the first and last departure in seconds."""

    day: date
    departures: int = 0
    near: Counter[int] = field(default_factory=Counter)
    first: int | None = None
    last: int | None = None

    def saw(self, first: int, last: int) -> None:
        """Widen the day's hours to hold these two departures."""
        self.first = first if self.first is None else min(first, self.first)
        self.last = last if self.last is None else max(last, self.last)


@dataclass(slots=True)
class Traffic:
    """What the trips, stop times, frequencies and calendars hold; ``weekday`` is None when no weekday is served."""

    trips: int = 0
    trips_with_wheelchair: int = 0
    stop_times: int = 0
    service_first: date | None = None
    service_last: date | None = None
    weekday: Weekday | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """One row of frequencies.txt: the trip leaves every ``headway`` seconds from ``start`` until before ``end``."""

    start: int
    end: int
    headway: int

    @property
    def count(self) -> int:
        return -(-(self.end - self.start) // self.headway)

    @property
    def last_start(self) -> int:
        return self.start + (self.count - 1) * self.headway


@dataclass(slots=True)
class _Repeat:
    """How one trip repeats; ``count`` is kept, for a trip may have as many runs as the table has rows."""

    runs: list[_Run] = field(default_factory=list)
    count: int = 0

    def add(self, run: _Run) -> None:
        """Add one row of the table."""
        self.runs.append(run)
        self.count += run.count


async def read_traffic(archive: Archive, today: date, near_stops: Mapping[str, int]) -> Traffic:
    """Read trips, calendars and stop times.

    ``today`` chooses the four weeks in which the typical weekday is sought; ``near_stops`` gives, for each stop near
    some place, the bits of those places. Raises ``Unreadable`` (``malformed``, ``too-large``).
    """
    calendars = await read_calendars(archive)
    traffic = Traffic(service_first=calendars.first, service_last=calendars.last)
    frequencies = await _frequencies(archive)
    per_service = await _count_trips(archive, traffic, frequencies)
    days = candidate_days(calendars, today)
    running = await running_services(archive, calendars, days)
    at = typical_day(days, running, per_service)
    table = open_table(archive, "stop_times.txt")
    table.require("trip_id")
    if at is None:
        async for rows in table.batches():
            traffic.stop_times += len(rows)
        return traffic
    traffic.weekday = Weekday(date.fromordinal(days[at]))
    services = {service for service, mask in running.items() if mask >> at & 1}
    trips, repeated = await _running_trips(archive, services, frequencies)
    counter = _StopTimes(table, trips, repeated, near_stops, traffic.weekday)
    async for rows in table.batches():
        traffic.stop_times += len(rows)
        counter.add(rows)
    counter.finish()
    return traffic


async def _frequencies(archive: Archive) -> dict[str, _Repeat]:
    repeated: dict[str, _Repeat] = {}
    rows = 0
    async for trip, start_text, end_text, headway in open_table(archive, "frequencies.txt").records(
        "trip_id", "start_time", "end_time", "headway_secs"
    ):
        start, end = seconds(start_text), seconds(end_text)
        if start is None or end is None or end <= start or not headway.isdecimal() or not int(headway[:6]):
            continue
        repeated.setdefault(short(trip), _Repeat()).add(_Run(start, end, int(headway[:6])))
        rows += 1
        if rows > MOST_FREQUENCIES:
            too_large(f"frequencies.txt has more than {MOST_FREQUENCIES:,} rows.")
    return repeated


async def _count_trips(archive: Archive, traffic: Traffic, frequencies: Mapping[str, _Repeat]) -> Counter[str]:
    """Count the trips, and each service's runs on a day, a repeated trip once for each time it leaves."""
    table = open_table(archive, "trips.txt")
    table.require("trip_id", "service_id")
    runs: Counter[str] = Counter()
    async for trip, service, wheelchair in table.records("trip_id", "service_id", "wheelchair_accessible"):
        traffic.trips += 1
        traffic.trips_with_wheelchair += wheelchair in ("1", "2")
        repeats = frequencies.get(short(trip)) if frequencies else None
        runs[short(service)] += repeats.count if repeats else 1
        if len(runs) > MOST_SERVICES:
            too_large(f"trips.txt names more than {MOST_SERVICES:,} services.")
    return runs


async def _running_trips(
    archive: Archive, services: set[str], frequencies: Mapping[str, _Repeat]
) -> tuple[_TripSet, dict[str, _Repeat]]:
    """The trips that run once on the day, and those that repeat."""
    trips = _TripSet()
    repeated = {}
    async for trip, service in open_table(archive, "trips.txt").records("trip_id", "service_id"):
        if short(service) not in services:
            continue
        if (key := short(trip)) in frequencies:
            repeated[key] = frequencies[key]
            continue
        trips.add(trip)
    trips.sort()
    return trips, repeated


class _TripSet:
    """A set of trip ids in eight bytes each: their hashes, in sorted arrays.

    There are sixteen arrays, so that sorting one, which needs five times its room, never needs much.
    """

    def __init__(self) -> None:
        self._arrays = [array("q") for _ in range(16)]
        self._count = 0

    def add(self, trip: str) -> None:
        """Add a trip; ``sort`` must follow before any is looked for."""
        number = hash(trip)
        self._arrays[number & 15].append(number)
        self._count += 1
        if self._count > MOST_RUNNING_TRIPS:
            too_large(f"More than {MOST_RUNNING_TRIPS:,} trips run on one day.")

    def sort(self) -> None:
        """Put every array in order."""
        for at, numbers in enumerate(self._arrays):
            self._arrays[at] = array("q", sorted(numbers))

    def __contains__(self, trip: str) -> bool:
        number = hash(trip)
        numbers = self._arrays[number & 15]
        at = bisect_left(numbers, number)
        return at < len(numbers) and numbers[at] == number


class _StopTimes:
    """Adds up the departures of the running trips, row by row."""

    def __init__(
        self,
        table: Table,
        trips: _TripSet,
        repeated: Mapping[str, _Repeat],
        near_stops: Mapping[str, int],
        weekday: Weekday,
    ) -> None:
        self._trip_at = table.columns["trip_id"]
        # A column that is not there gets a position that no row has.
        nowhere = 1 << 30
        self._stop_at = table.columns.get("stop_id", nowhere)
        times = [table.columns[name] for name in ("departure_time", "arrival_time") if name in table.columns]
        self._time_at = times[0] if times else nowhere
        self._other_time_at = times[-1] if times else nowhere
        self._trips = trips
        self._repeated = repeated
        self._near = near_stops
        self._weekday = weekday
        self._last: str | None = None
        self._weight = 0
        self._repeats: str | None = None
        self._times: set[str] = set()
        self._spans: dict[str, tuple[int, int]] = {}

    def _turn_to(self, trip: str) -> int:
        """Look up how often the next trip leaves on the day: not at all, once, or as frequencies.txt says."""
        trip = trip.strip()
        self._repeats = key if (key := short(trip)) in self._repeated else None
        if self._repeats:
            return self._repeated[key].count
        return int(trip in self._trips)

    def add(self, rows: list[Row]) -> None:
        """Count the rows of running trips; the hours come from departure times, else from arrival times."""
        trip_at, stop_at, time_at, near = self._trip_at, self._stop_at, self._time_at, self._near
        last, weight, times, departures = self._last, self._weight, self._times, 0
        for row in rows:
            try:
                if row[trip_at] != last:
                    last = row[trip_at]
                    weight = self._turn_to(last)
                if not weight:
                    continue
                departures += weight
                if near and (mask := near.get(short(row[stop_at].strip()))):
                    self._weekday.near[mask] += weight
                time = row[time_at] or row[self._other_time_at]
                if self._repeats:
                    self._repeat(self._repeats, time)
                elif len(time) <= _LONGEST_TIME:
                    times.add(time)
            except IndexError:
                continue  # a short row: what it does not hold is not counted
        self._last, self._weight = last, weight
        self._weekday.departures += departures
        if len(times) > _TIMES_HELD:
            self._flush()

    def _repeat(self, trip: str, text: str) -> None:
        """Remember the first and last departure of a repeated trip: its runs shift both."""
        time = seconds(text)
        if time is not None:
            first, last = self._spans.get(trip, (time, time))
            self._spans[trip] = min(first, time), max(last, time)

    def _flush(self) -> None:
        known = [time for text in self._times if (time := seconds(text)) is not None]
        self._times.clear()
        if known:
            self._weekday.saw(min(known), max(known))

    def finish(self) -> None:
        """Turn the times held into the day's first and last departure."""
        self._flush()
        if self._weekday.departures > MOST_DEPARTURES:
            too_large(f"The feed has more than {MOST_DEPARTURES:,} departures in a day.")
        for trip, (first, last) in self._spans.items():
            for run in self._repeated[trip].runs:
                self._weekday.saw(run.start, run.last_start + last - first)


def seconds(text: str) -> int | None:
    """Seconds after the start of the service day of a GTFS time; hours go past 24. None when it is no time.

    >>> seconds("25:10:00")
    90600
    """
    parts = text.strip().split(":")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) <= 3 for part in parts):
        return None
    hours, minutes, rest = (int(part) for part in parts)
    return hours * 3600 + minutes * 60 + rest if minutes < 60 and rest < 60 else None
