"""Reads a live transit feed (GTFS Realtime): how old it is, and how many trips, vehicles and alerts it speaks of.

## What it asks
One GET of the address as given. The answer is one protobuf message, `FeedMessage`, of at most 32 MB; its entities are
decoded one by one, so that memory does not grow with their number (at most a million, each of at most 1 MB).

## What it measures
- `gtfs_realtime_version`: as the header states it.
- `header_timestamp` (instant, UTC): when the feed says that it was made. Milliseconds, which the standard does not
  allow, are understood. Absent where none, or nought, is stated.
- `header_age_seconds` (unit s): from then until the answer came, whole seconds rounded down. Negative where the
  publisher's clock is ahead of ours.
- `entity_count`: the entities in the feed, those marked as deleted too. `trip_update_count`, `vehicle_count`,
  `alert_count`: those that carry a trip update, a vehicle position, an alert. An entity may carry more than one.
- `route_count`: the distinct routes that trip updates and vehicles name; absent where none names any.
- `record_latest` (instant, UTC): the newest time that a trip update or a vehicle states for itself, times after the
  answer came left out.
- `vehicle_count_near`, for each place asked about: the vehicles whose stated position lies within its radius (great
  circle, spherical Earth).

What publishers add to the standard (as New York's subway does) is passed over.

## What each reason means here
`ok`: the feed was read. **A feed without entities is `ok` too**: nothing is disturbed, or nothing runs at night, and
the feed says so; `entity_count` is then 0. `not-the-declared-format`: a web page, JSON, the message's text form,
nothing at all or anything else that is no such message. `malformed`: a message that is cut off or damaged, or has no
header. `too-large`: beyond the bounds above. All other reasons are those of the exchange itself.

## A worked example
A feed of 19 trip updates whose header says version 2.0 and 1795262340, read on 21 November 2026 at 12:00:00 UTC, gives
`header_timestamp` 2026-11-21T11:59:00Z, `header_age_seconds` 60, `entity_count` 19, `trip_update_count` 19,
`vehicle_count` 0 and `alert_count` 0.

## The standard
[GTFS Realtime](https://gtfs.org/documentation/realtime/reference/) 1.0 and 2.0. It asks for a feed not older than 90
seconds; whether this one is fresh enough is for the judge to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

import anyio.lowlevel
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from google.transit.gtfs_realtime_pb2 import FeedEntity, FeedHeader

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Near, Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._dates import read_date
from builder.probes._facts import Facts
from builder.probes._gtfs_places import distance_km
from builder.probes._login import refuse_login

VERSION = 1
DEADLINE_SECONDS = 60

LIMIT_BYTES = 32 * 1024 * 1024
MOST_ENTITIES = 1_000_000
# Decoded, a message of empty parts takes seventy times its size.
LARGEST_ENTITY_BYTES = 1024 * 1024
BATCH_ENTITIES = 1000
_HEADER, _ENTITY = 1, 2
_VARINT, _FIXED64, _BYTES, _GROUP, _END_GROUP, _FIXED32 = range(6)
_MILLISECONDS_FROM = 10**11  # as in `_dates`


@dataclass(slots=True)
class _Feed:
    """What was counted in one feed; ``near`` has one number for each place."""

    header: FeedHeader | None = None
    entities: int = 0
    trip_updates: int = 0
    vehicles: int = 0
    alerts: int = 0
    routes: set[str | bytes] = field(default_factory=set)
    latest: int = 0
    near: list[int] = field(default_factory=list)


async def read(target: Target, web: Web) -> Reading:
    """Read the feed at the target's address; raises ``Unreadable`` as the page above says."""
    accept = "application/x-protobuf, application/octet-stream, */*;q=0.5"
    answer = await web.get(Request(target.url, accept=accept, limit_bytes=LIMIT_BYTES))
    try:
        refuse_login(answer)
        feed = await _read_feed(answer, target.near)
    except Unreadable as error:
        error.capture = answer.capture
        raise
    near = {}
    for place, number in zip(target.near, feed.near, strict=True):
        near[place.key] = Facts()
        where = f"entity[*].vehicle.position within {place.km:g} km of {place.lat:g}, {place.lon:g}"
        near[place.key].say("vehicle_count_near", number, where)
    return Reading(
        _facts(feed, answer),
        complete=True,
        scope="the whole feed",
        near=near,
        message="" if feed.entities else "The feed is in order; at this moment it speaks of nothing.",
    )


async def _read_feed(answer: Answer, places: Sequence[Near]) -> _Feed:
    feed = _Feed(near=[0] * len(places))
    now = int(answer.capture.at.timestamp())
    try:
        for number, content in _parts(answer.body):
            if len(content) > LARGEST_ENTITY_BYTES:
                _too_large(f"One part of the feed is larger than {LARGEST_ENTITY_BYTES:,} bytes.")
            if number == _HEADER:
                feed.header = feed.header or FeedHeader()
                feed.header.MergeFromString(content)
            elif number == _ENTITY:
                _count(feed, FeedEntity.FromString(content), places, now)
                if feed.entities > MOST_ENTITIES:
                    _too_large(f"The feed has more than {MOST_ENTITIES:,} entities.")
                if feed.entities % BATCH_ENTITIES == 0:
                    await anyio.lowlevel.checkpoint()
    except (DecodeError, IndexError):
        _refuse_other_formats(answer.body)
        raise Unreadable(Reason.MALFORMED, "The protobuf message is cut off or damaged.") from None
    if feed.header is None:
        _refuse_other_formats(answer.body)
        raise Unreadable(Reason.MALFORMED, "The protobuf message has no header, which every feed has.")
    return feed


def _count(feed: _Feed, entity: FeedEntity, places: Sequence[Near], now: int) -> None:
    feed.entities += 1
    feed.alerts += entity.HasField("alert")
    if entity.HasField("trip_update"):
        feed.trip_updates += 1
        _note(feed, entity.trip_update.trip.route_id, entity.trip_update.timestamp, now)
    if entity.HasField("vehicle"):
        feed.vehicles += 1
        _note(feed, entity.vehicle.trip.route_id, entity.vehicle.timestamp, now)
        if places and entity.vehicle.HasField("position"):
            lat, lon = entity.vehicle.position.latitude, entity.vehicle.position.longitude
            if -90 <= lat <= 90 and -180 <= lon <= 180:
                for at, place in enumerate(places):
                    feed.near[at] += distance_km(place.lat, place.lon, lat, lon) <= place.km


def _note(feed: _Feed, route: str | bytes, stated: int, now: int) -> None:
    if route:
        feed.routes.add(route)  # bytes where a publisher's words are no text
    seconds = stated // 1000 if stated >= _MILLISECONDS_FROM else stated
    if feed.latest < seconds <= now:
        feed.latest = seconds


def _facts(feed: _Feed, answer: Answer) -> Facts:
    facts = Facts()
    assert feed.header is not None
    facts.say_words(
        "gtfs_realtime_version", feed.header.gtfs_realtime_version, "header.gtfs_realtime_version", limit=40
    )
    if made := read_date(feed.header.timestamp):
        facts.say("header_timestamp", made.iso, "header.timestamp")
        age = (answer.capture.at - made.instant).total_seconds() // 1
        facts.say("header_age_seconds", int(age), "header.timestamp", unit="s")
    facts.say("entity_count", feed.entities, "entity")
    facts.say("trip_update_count", feed.trip_updates, "entity[*].trip_update")
    facts.say("vehicle_count", feed.vehicles, "entity[*].vehicle")
    facts.say("alert_count", feed.alerts, "entity[*].alert")
    facts.say("route_count", len(feed.routes) or None, "entity[*].*.trip.route_id")
    if latest := read_date(feed.latest):
        facts.say("record_latest", latest.iso, "entity[*].*.timestamp")
    return facts


def _parts(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the top-level fields of a protobuf message that hold bytes, with their numbers; the rest is passed over.

    Raises ``DecodeError`` or ``IndexError`` where the message breaks. The library would decode all of it at once.
    """
    at, groups = 0, list[int]()
    while at < len(body):
        tag, at = _varint(body, at)
        number, wire = tag >> 3, tag & 7
        if not 0 < number < 2**29:
            raise DecodeError
        length = 0
        if wire == _VARINT:
            _, at = _varint(body, at)
        elif wire == _BYTES:
            length, at = _varint(body, at)
        elif wire in (_FIXED32, _FIXED64):
            length = 4 if wire == _FIXED32 else 8
        elif wire == _GROUP and len(groups) < 100:
            groups.append(number)
        elif wire != _END_GROUP or not groups or groups.pop() != number:
            raise DecodeError
        if length > len(body) - at:
            raise DecodeError
        if wire == _BYTES and not groups:
            yield number, body[at : at + length]
        at += length
    if groups:
        raise DecodeError


def _varint(body: bytes, at: int) -> tuple[int, int]:
    value = body[at]
    if value < 0x80:
        return value, at + 1
    value &= 0x7F
    for shift in range(7, 70, 7):
        at += 1
        byte = body[at]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at + 1
    raise DecodeError


def _refuse_other_formats(body: bytes) -> None:
    """Raise ``not-the-declared-format`` where these bytes are plainly something else than a damaged feed."""
    begins = body[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    text = begins.decode("utf-8", "ignore")
    if not body:
        what = "empty"
    elif begins.startswith((b"{", b"[")):
        what = "JSON"
    elif begins.startswith(b"<"):
        what = "a web page or XML"
    elif begins.startswith(b"header") and text.isascii():
        what = "the message's text form"
    elif len(text) >= len(begins) * 0.7 and all(letter.isprintable() or letter.isspace() for letter in text):
        what = "plain text"
    elif body[0] not in (0x0A, 0x12):  # a feed begins with its header, or with an entity
        what = "something else"
    else:
        return
    message = f"The answer is {what}; a protobuf message of GTFS Realtime was expected."
    raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, message)


def _too_large(message: str) -> NoReturn:
    raise Unreadable(Reason.TOO_LARGE, message)
