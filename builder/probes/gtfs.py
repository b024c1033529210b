"""Reads a GTFS timetable feed: what runs, when, where, and whether it says what wheelchair users need to know.

## What it asks

One GET of the address as given. The answer is a zip; it is read member by member from a temporary file and never
unpacked. At most 300 MB of zip are read, for at most five minutes.

## What it measures

Counts are of rows that are not blank, as any table reader would count them.

- `agency_count`, `route_count`, `stop_count`, `trip_count`, `stop_time_count`: rows of `agency.txt`, `routes.txt`,
  `stops.txt` (stations and entrances too), `trips.txt`, `stop_times.txt`. Without `stops.txt` no `stop_count`.
- `agency_names`: the distinct names, in alphabetical order, at most 200.
- `route_types`: for each `route_type` (a number of the standard, as a string) how many routes have it; routes without
  one are not in it.
- `shape_count`: distinct `shape_id` in `shapes.txt`; absent without that table.
- `service_start`, `service_end`: the first and the last day on which a service of the calendars runs, the days that
  `calendar_dates.txt` puts in and takes out applied. Absent when no day is left.
- `feed_version`: of `feed_info.txt`; absent where it is not stated.
- `has_fares`: whether `fare_attributes.txt` or `fare_products.txt` (Fares v2) has a row.
- `wheelchair_stop_share` (unit 1): of the rows of `stops.txt` that are places to board (`location_type` empty or 0),
  the share whose own `wheelchair_boarding` is 1 or 2. What a stop would inherit from its station is not applied.
- `wheelchair_trip_share` (unit 1): the share of trips whose `wheelchair_accessible` is 1 or 2. A feed without the
  column says nothing about any trip or stop: 0. Shares have four digits.
- `weekday_date`: the typical weekday. Of the Tuesdays, Wednesdays and Thursdays in the 28 days that begin today (moved
  to lie within the feed's service), those on which trips run are put in order by their number of trips; the middle one
  is taken (the lower of two), and among days with as many trips the earliest.
- `weekday_departure_count`: departures on that day: one for each row of `stop_times.txt` of a trip that runs, the last
  stop included; a trip in `frequencies.txt` counts once for each time it leaves.
- `weekday_service_hours` (unit h): from the first to the last departure of that service day; hours after midnight that
  belong to it count on (25:10 is ten past one the next morning). Two digits.
- `stop_count_near`, `weekday_departure_count_near`, for each place asked about: rows of `stops.txt` within its radius
  (great circle, spherical Earth), and the departures from them on the typical weekday.

Every measurement but the `near` ones is of the whole feed.

## What each reason means here

- `ok`: the feed was read.
- `empty`: all tables are there, but `trips.txt` has no trip.
- `not-the-declared-format`: the answer is no zip.
- `malformed`: the zip is broken, encrypted or packed in an unusual way; or a required table is missing or lies in a
  folder; or a table has no header, no key column or rows without end.
- `too-large`: more than 300 MB; a table of more than 4 GB, or packed far tighter than tables can be; more services,
  trips or shapes than we hold in memory; or more rows than we read in five minutes, download included.

All other reasons are those of the exchange itself.

## A worked example

A feed with one route of type 3, two stops without a word about wheelchairs, and one trip on weekdays that calls at
both of them at 08:00 and 08:30 gives `route_count` 1, `route_types` `{"3": 1}`, `stop_count` 2, `trip_count` 1,
`stop_time_count` 2, `wheelchair_stop_share` 0, `weekday_departure_count` 2 and `weekday_service_hours` 0.5. If
`frequencies.txt` lets the trip leave four times, `weekday_departure_count` is 8.

## The standard

[GTFS Schedule](https://gtfs.org/documentation/schedule/reference/). Required: `agency.txt`, `stops.txt` (or
`locations.geojson`), `routes.txt`, `trips.txt`, `stop_times.txt`, and `calendar.txt` or `calendar_dates.txt`, at the
top of the zip: the standard allows no folder in it. Whether the feed is still in service is for the judge to say.
"""

from __future__ import annotations

import re
from collections import Counter

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Measurement, Near, Reading, Target, Value
from builder.model.web import Web
from builder.probes._gtfs_places import Stops, read_stops
from builder.probes._gtfs_tables import check_files, open_table, too_large
from builder.probes._gtfs_traffic import Traffic, Weekday, read_traffic
from builder.probes._login import refuse_login
from builder.probes._text import clean
from builder.probes._zip import Archive

VERSION = 1
DEADLINE_SECONDS = 300

LIMIT_BYTES = 300 * 1024 * 1024
MOST_NAMES = 200
MOST_SHAPES = 1_000_000
_FARES = ("fare_attributes.txt", "fare_products.txt")
_ROUTE_TYPE = re.compile(r"\d{1,4}", re.ASCII)


async def read(target: Target, web: Web) -> Reading:
    """Read the feed at the target's address; raises ``Unreadable`` as the page above says."""
    request = Request(target.url, accept="application/zip, */*;q=0.5", limit_bytes=LIMIT_BYTES, spool=True)
    answer = await web.get(request)
    try:
        refuse_login(answer)
        return await _read_answer(answer, target)
    except Unreadable as error:
        error.capture = error.capture or answer.capture
        raise
    finally:
        if answer.file is not None:
            answer.file.close()


async def _read_answer(answer: Answer, target: Target) -> Reading:
    archive = Archive(answer.body if answer.file is None else answer.file)
    check_files(archive)
    values = await _descriptions(archive)
    stops = await read_stops(archive, target.near)
    traffic = await read_traffic(archive, target.now.date(), stops.near)
    if "stops.txt" in archive:
        values["stop_count"] = _fact(stops.count, "stops.txt#stop_id")
    if stops.boarding_places:
        values["wheelchair_stop_share"] = _fact(
            round(stops.with_wheelchair / stops.boarding_places, 4), "stops.txt#wheelchair_boarding", "1"
        )
    values |= _traffic_facts(traffic)
    near = {place.key: _near_facts(at, place, stops, traffic.weekday) for at, place in enumerate(target.near)}
    return Reading(
        values,
        complete=True,
        scope="the whole feed",
        near=near,
        empty=not traffic.trips,
        message="" if traffic.trips else "The feed has all its tables, but no trip in them.",
    )


def _traffic_facts(traffic: Traffic) -> dict[str, Measurement]:
    values = {
        "trip_count": _fact(traffic.trips, "trips.txt#trip_id"),
        "stop_time_count": _fact(traffic.stop_times, "stop_times.txt#trip_id"),
    }
    if traffic.service_first and traffic.service_last:
        calendars = "calendar.txt and calendar_dates.txt"
        values["service_start"] = _fact(traffic.service_first.isoformat(), calendars)
        values["service_end"] = _fact(traffic.service_last.isoformat(), calendars)
    if traffic.trips:
        values["wheelchair_trip_share"] = _fact(
            round(traffic.trips_with_wheelchair / traffic.trips, 4), "trips.txt#wheelchair_accessible", "1"
        )
    if day := traffic.weekday:
        values["weekday_date"] = _fact(day.day.isoformat(), "calendar.txt, calendar_dates.txt and trips.txt#service_id")
        values["weekday_departure_count"] = _fact(day.departures, f"stop_times.txt#trip_id on {day.day}")
        if day.first is not None and day.last is not None:
            values["weekday_service_hours"] = _fact(
                round((day.last - day.first) / 3600, 2), f"stop_times.txt#departure_time on {day.day}", "h"
            )
    return values


def _near_facts(at: int, place: Near, stops: Stops, weekday: Weekday | None) -> dict[str, Measurement]:
    where = f"within {place.km:g} km of {place.lat:g}, {place.lon:g}"
    values = {"stop_count_near": _fact(stops.near_counts[at], f"stops.txt#stop_lat {where}")}
    if weekday:
        departures = sum(count for mask, count in weekday.near.items() if mask >> at & 1)
        values["weekday_departure_count_near"] = _fact(departures, f"stop_times.txt#stop_id on {weekday.day} {where}")
    return values


async def _descriptions(archive: Archive) -> dict[str, Measurement]:
    """What the small tables say: agencies, routes, shapes, version and fares."""
    values = {}
    names: set[str] = set()
    agencies = routes = 0
    table = open_table(archive, "agency.txt")
    table.require("agency_name")
    async for (name,) in table.records("agency_name"):
        agencies += 1
        if (words := clean(name)) and len(names) < MOST_NAMES * 10:
            names.add(words)
    values["agency_count"] = _fact(agencies, "agency.txt#agency_name")
    values["agency_names"] = _fact(sorted(names)[:MOST_NAMES], "agency.txt#agency_name")

    types: Counter[str] = Counter()
    table = open_table(archive, "routes.txt")
    table.require("route_id")
    async for (kind,) in table.records("route_type"):
        routes += 1
        if _ROUTE_TYPE.fullmatch(kind):
            types[str(int(kind))] += 1
    values["route_count"] = _fact(routes, "routes.txt#route_id")
    values["route_types"] = _fact(dict(sorted(types.items())), "routes.txt#route_type")

    if "shapes.txt" in archive:
        values["shape_count"] = _fact(await _count_shapes(archive), "shapes.txt#shape_id")
    async for (version,) in open_table(archive, "feed_info.txt").records("feed_version"):
        if words := clean(version):
            values.setdefault("feed_version", _fact(words, "feed_info.txt#feed_version"))
    priced = [name for name in _FARES if await open_table(archive, name).has_rows()]
    values["has_fares"] = _fact(bool(priced), priced[0] if priced else " and ".join(_FARES))
    return values


async def _count_shapes(archive: Archive) -> int:
    shapes: set[int] = set()
    last = ""
    async for (shape,) in open_table(archive, "shapes.txt").records("shape_id"):
        if shape and shape != last:
            last = shape
            shapes.add(hash(shape))
            if len(shapes) > MOST_SHAPES:
                too_large(f"shapes.txt has more than {MOST_SHAPES:,} shapes.")
    return len(shapes)


def _fact(value: Value, pointer: str, unit: str | None = None) -> Measurement:
    return Measurement(value=value, unit=unit, pointer=pointer)
