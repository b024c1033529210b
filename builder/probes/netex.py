"""Reads a NeTEx timetable feed: its lines and journeys, until when it holds, and whether it tells fares and access.

## What it asks
One GET of the address as given, of at most 300 MB, for at most five minutes. The answer is one XML file (plain or
packed with gzip) or a zip of such files, which is never unpacked to disk. All of it is read as a stream: memory does
not grow with the size of the feed.

## What it measures
- `version`: `version` of `PublicationDelivery`; where the files of a zip differ, each version once, sorted.
- `publication_timestamp` (instant, UTC): the newest `PublicationTimestamp`. A time without a zone is read as UTC, here
  and below; a day alone stays a day.
- `line_count`: the distinct `id` of `Line` and `FlexibleLine` elements, over all files; those without an id count each.
- `journey_count`: `ServiceJourney` elements. `DatedServiceJourney` elements, which say on which day one of them runs,
  are `dated_journey_count`; absent where there are none.
- `valid_to`: the latest `ToDate` of all. `frame_valid_to`: the latest `ToDate` that a frame states for the whole of
  itself; absent where none does. A line may be valid for decades when its timetable ends next month.
- `stop_place_count`: `StopPlace` elements.
- `wheelchair_statement_count`: `WheelchairAccess` elements that say `true`, `false` or `partial`.
- `has_fares`: whether there is a fare product, a tariff or a fare table.
- `file_count`: the XML files read, where there is a zip.
- `stop_count_near`, for each place asked about: the stop places whose stated position lies within its radius (great
  circle, spherical Earth); where no stop place states a position, the scheduled stop points. Absent where neither
  states one in longitude and latitude.

The reading is complete unless files in the zip were of another kind; they are passed over, and the scope says so.

## What each reason means here
`ok`: the feed was read. `empty`: it has no line, no journey, no stop place and no fare. `not-the-declared-format`: a
web page, XML of another kind, or a zip without NeTEx in it. `malformed`: broken XML, XML that declares entities, or a
zip that is broken, encrypted or dishonest. `too-large`: beyond the bounds above, of time too where most of the five
minutes went into our reading and not into the download. All other reasons are those of the exchange itself.

## A worked example
A zip of 30 files, one for each line, of version 1.15 with `<ToDate>2026-12-12T00:00:00</ToDate>` in each composite
frame and 4,200 `ServiceJourney`, gives `version` 1.15, `file_count` 30, `line_count` 30, `journey_count` 4200,
`valid_to` and `frame_valid_to` 2026-12-12T00:00:00Z.

## The standard
NeTEx, CEN/TS 16614 ([its schemas](https://github.com/NeTEx-CEN/NeTEx)), with its national profiles.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Near, Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._dates import read_date
from builder.probes._facts import Facts, Newest
from builder.probes._gtfs_places import distance_km
from builder.probes._login import refuse_login
from builder.probes._text import clean
from builder.probes._xml import Found, stream_xml
from builder.probes._xml_bounds import xml_pieces
from builder.probes._zip import Archive

VERSION = 1
DEADLINE_SECONDS = 300

LIMIT_BYTES = 300 * 1024 * 1024
UNPACKED_BYTES = 8 * 1024**3
MOST_LINES = 500_000
MOST_VERSIONS = 5
ROOT = "PublicationDelivery"
_LINES = ("Line", "FlexibleLine")
_FARES = ("PreassignedFareProduct", "AmountOfPriceUnitProduct", "SaleDiscountRight", "Tariff", "FareTable")
_STOPS = ("StopPlace", "ScheduledStopPoint")
_COUNTED = frozenset({*_LINES, *_FARES, *_STOPS, "ServiceJourney", "DatedServiceJourney"})
_WANTED = _COUNTED | {ROOT, "PublicationTimestamp", "ToDate", "WheelchairAccess", "Longitude", "Latitude"}
# Between a thing and what it says of its place, or of its time.
_OF_PLACE = frozenset({"Centroid", "Location"})
_OF_TIME = frozenset({"validityConditions", "AvailabilityCondition", "ValidBetween"})
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(slots=True)
class _Timetable:
    """What was counted in all files so far; ``near`` has, for each kind of stop, one number for each place."""

    places: Sequence[Near]
    counts: Counter[str] = field(default_factory=Counter)
    versions: set[str] = field(default_factory=set)
    published: Newest = field(default_factory=Newest)
    valid: Newest = field(default_factory=Newest)
    frames_valid: Newest = field(default_factory=Newest)
    lines: set[bytes] = field(default_factory=set)
    wheelchairs: int = 0
    position: dict[str, str] = field(default_factory=dict)
    positioned: Counter[str] = field(default_factory=Counter)
    near: Counter[tuple[str, int]] = field(default_factory=Counter)

    def take(self, found: Found) -> None:
        """Count one element; children come before their parents."""
        name, parent = found.name, found.parent
        self.counts[name] += name in _COUNTED
        if name in _LINES:
            self._note_line(found.attributes.get("id", ""))
        elif name in _STOPS:
            self._note_stop(name)
        elif name in ("Longitude", "Latitude"):
            # Not the position of a platform or an entrance within the stop.
            if _owner(found, _OF_PLACE) in _STOPS:
                self.position[name] = found.text
        elif name == "ToDate":
            moment, owner = read_date(found.text), _owner(found, _OF_TIME)
            self.valid.see([moment], f"{parent}/{name}")
            if owner.endswith("Frame"):
                self.frames_valid.see([moment], f"{owner}/{'' if parent == owner else parent + '/'}{name}")
        elif name == "WheelchairAccess":
            self.wheelchairs += found.text.lower() in ("true", "false", "partial")
        elif name == "PublicationTimestamp" and parent == ROOT:
            self.published.see([read_date(found.text)], name)
        elif name == ROOT and len(self.versions) < MOST_VERSIONS:
            self.versions.add(clean(found.attributes.get("version", ""), 60))

    def _note_line(self, identity: str) -> None:
        """Many files repeat the lines they share; held as hashes, a country's lines fit in a few megabytes."""
        name = identity.encode("utf-8", "replace") if identity else str(len(self.lines)).encode()
        self.lines.add(hashlib.blake2b(name, digest_size=12, key=b"" if identity else b"without an id").digest())
        if len(self.lines) > MOST_LINES:
            raise Unreadable(Reason.TOO_LARGE, f"The feed has more than {MOST_LINES:,} lines.")

    def _note_stop(self, name: str) -> None:
        try:
            lat, lon = float(self.position["Latitude"]), float(self.position["Longitude"])
        except (KeyError, ValueError):
            return
        finally:
            self.position.clear()
        if -90 <= lat <= 90 and -180 <= lon <= 180:
            self.positioned[name] += 1
            for at, place in enumerate(self.places):
                self.near[name, at] += distance_km(place.lat, place.lon, lat, lon) <= place.km

    def sum(self, names: Iterable[str]) -> int:
        """How many elements of these names there were."""
        return sum(self.counts[name] for name in names)


async def read(target: Target, web: Web) -> Reading:
    """Read the feed at the target's address; raises ``Unreadable`` as the page above says."""
    accept = "application/zip, application/xml, text/xml, */*;q=0.5"
    answer = await web.get(Request(target.url, accept=accept, limit_bytes=LIMIT_BYTES, spool=True))
    timetable = _Timetable(target.near)
    try:
        refuse_login(answer)
        files, others = await _read_answer(answer, timetable)
    except Unreadable as error:
        error.capture = error.capture or answer.capture
        raise
    finally:
        if answer.file is not None:
            answer.file.close()
    facts = _facts(timetable)
    if files:
        facts.say("file_count", files, "*.xml")
    holds = timetable.lines or timetable.sum(["ServiceJourney", "StopPlace", *_FARES])
    scope = "the whole feed"
    if others:
        scope = f"{files} files of NeTEx; not read: {others} XML files of another kind"
    return Reading(
        facts,
        complete=not others,
        scope=scope,
        near={place.key: _near(timetable, at) for at, place in enumerate(target.near)},
        empty=not holds,
        message="" if holds else "The feed is in order, but holds no line, journey, stop place or fare.",
    )


async def _read_answer(answer: Answer, timetable: _Timetable) -> tuple[int, int]:
    """Read all of an answer; return how many files of a zip were NeTEx and how many were not (0 and 0: no zip)."""
    begins = answer.body[:4] if answer.file is None else answer.file.read(4)
    if not begins.startswith(_ZIP):
        await _read_file(xml_pieces(answer, UNPACKED_BYTES), timetable)
        return 0, 0
    archive = Archive(answer.body if answer.file is None else answer.file)
    files = others = 0
    for name in sorted(archive.members):
        if not name.lower().endswith(".xml") or name.startswith("__MACOSX/"):
            continue
        try:
            await _read_file(archive.stream(name), timetable)
            files += 1
        except Unreadable as error:
            if error.reason is not Reason.NOT_THE_DECLARED_FORMAT:
                raise Unreadable(error.reason, f"{clean(name, 80)}: {error.message}") from None
            others += 1
    if not files:
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, "The zip holds no NeTEx file.")
    return files, others


async def _read_file(pieces: Iterable[bytes], timetable: _Timetable) -> None:
    async for found in stream_xml(pieces, _WANTED, ROOT, what="NeTEx (a PublicationDelivery in XML, or a zip of them)"):
        timetable.take(found)


def _facts(timetable: _Timetable) -> Facts:
    facts = Facts()
    facts.say("version", ", ".join(sorted(timetable.versions - {""})), f"{ROOT}@version")
    timetable.published.tell(facts, "publication_timestamp")
    facts.say("line_count", len(timetable.lines), " and ".join(f"{name}@id" for name in _LINES))
    facts.say("journey_count", timetable.counts["ServiceJourney"], "ServiceJourney")
    facts.say("dated_journey_count", timetable.counts["DatedServiceJourney"] or None, "DatedServiceJourney")
    timetable.valid.tell(facts, "valid_to")
    timetable.frames_valid.tell(facts, "frame_valid_to")
    facts.say("stop_place_count", timetable.counts["StopPlace"], "StopPlace")
    facts.say("wheelchair_statement_count", timetable.wheelchairs, "WheelchairAccess")
    priced = [name for name in _FARES if timetable.counts[name]]
    facts.say("has_fares", bool(priced), " and ".join(priced or _FARES))
    return facts


def _near(timetable: _Timetable, at: int) -> Facts:
    facts = Facts()
    place = timetable.places[at]
    for name in _STOPS:
        if timetable.positioned[name]:
            where = f"{name} within {place.km:g} km of {place.lat:g}, {place.lon:g}"
            facts.say("stop_count_near", timetable.near[name, at], where)
            break
    return facts


def _owner(found: Found, between: frozenset[str]) -> str:
    """The local name of the thing that an element speaks of, past the steps in between."""
    return next((step for step in reversed(found.path[:-1]) if step not in between), "")
