"""Reads a road traffic feed (DATEX II): when it was made, and the situations, car parks and counters it speaks of.

## What it asks
One GET of the address as given. The answer is a DATEX II publication in XML, version 2 or 3 (plain, in a SOAP envelope,
or packed with gzip), of at most 64 MB, or 512 MB when unpacked, read as a stream; or one of version 3 in JSON, whose
names are the same. Namespaces do not matter for what is counted.

## What it measures
- `version`: `modelBaseVersion` as stated, else the number in the address of the publication's namespace.
- `publication_time` (instant, UTC): the newest `publicationTime`. `publication_age_seconds` (unit s): from then until
  the answer came, whole seconds rounded down. A time without a zone is read as UTC, here and below.
- `situation_count`: `situation` elements, one for each event on the road. `situation_record_count`: the
  `situationRecord` elements in them, which tell an event's parts. `situation_latest` (instant, UTC): the newest
  `situationRecordVersionTime`, or `situationRecordCreationTime`, of a record.
- `parking_count`: car parks. Those with a status (`parkingFacilityStatus`, `parkingRecordStatus`) and those that are
  described (`parkingFacility`, `parkingRecord`) are counted apart, and the larger number is taken, because they are the
  same car parks. Where only groups of car parks are given (`parkingAreaStatus`, `parkingArea`), those. A status
  *inside* a status bears the same name in version 2 (`open`, `closed`) and is no second car park.
- `vacant_space_count`: the sum of the vacant spaces that car parks state for the whole of themselves; absent where none
  does.
- `measurement_site_count`: `siteMeasurements` elements, each the values of one counting station.
- `record_latest` (instant, UTC): the newest time of a situation record, a car park's status or a measurement.

Times after the answer came are left out of `situation_latest` and `record_latest`.

## What each reason means here
`ok`: a publication was read. **One without any situation, car park or counter is `ok` too**: the road is clear, and the
feed says so. `empty`: an exchange in order that holds no publication. `api-error`: a SOAP fault, or an error in JSON.
`not-the-declared-format`: a web page, JSON or XML of another kind. `malformed`: broken XML or JSON, or XML that
declares entities. All other reasons are those of the exchange itself.

## A worked example
`<d2LogicalModel modelBaseVersion="2"><payloadPublication><publicationTime>2026-11-21T12:59:00+01:00</publicationTime>`
with one `situation` of three `situationRecord`, read at 12:00:00 UTC, gives `version` 2, `publication_time`
2026-11-21T11:59:00Z, `publication_age_seconds` 60, `situation_count` 1, `situation_record_count` 3, `parking_count` 0.

## The standard
[DATEX II](https://docs.datex2.eu/), CEN 16157, versions 2.x and 3.x in XML, 3.x in JSON. Whether the feed is fresh
enough is for the judge to say.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import anyio.lowlevel

from builder.errors import Unreadable
from builder.model.capture import Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._dates import read_date
from builder.probes._datex_json import found_in_json
from builder.probes._facts import Facts, Newest
from builder.probes._json import count
from builder.probes._login import refuse_login
from builder.probes._text import clean
from builder.probes._xml import Found, stream_xml
from builder.probes._xml_bounds import xml_pieces

VERSION = 1
DEADLINE_SECONDS = 60

LIMIT_BYTES = 64 * 1024 * 1024
UNPACKED_BYTES = 512 * 1024 * 1024
_EVERY = 20_000
ROOTS = ("d2LogicalModel", "payload", "payloadPublication", "messageContainer", "Envelope")
_STATUSES = ("parkingFacilityStatus", "parkingRecordStatus")
_DESCRIBED = ("parkingFacility", "parkingRecord")
_PARKING = (_STATUSES, _DESCRIBED, ("parkingAreaStatus",), ("parkingArea",))
_VACANT = ("totalNumberOfVacantParkingSpaces", "parkingNumberOfVacantSpaces")
_SITUATION_TIMES = ("situationRecordVersionTime", "situationRecordCreationTime")
_OTHER_TIMES = ("parkingFacilityStatusTime", "parkingAreaStatusTime", "parkingStatusOriginTime",
                "measurementTimeDefault")  # fmt: skip
_COUNTED = frozenset(
    {name for names in _PARKING for name in names} | {"situation", "situationRecord", "siteMeasurements"}
)
_WANTED = _COUNTED | {
    *ROOTS, *_VACANT, *_SITUATION_TIMES, *_OTHER_TIMES, "timeValue", "publicationTime", "faultstring", "Text",
}  # fmt: skip
_MODEL = re.compile(r"/schema/(\d{1,2})(?:/|$)", re.ASCII)


@dataclass(slots=True)
class _Publication:
    """What was counted in one answer."""

    at: datetime
    counts: Counter[str] = field(default_factory=Counter)
    version: tuple[str, str] = ("", "")
    space_version: tuple[str, str] = ("", "")
    published: Newest = field(default_factory=Newest)
    situations: Newest = field(default_factory=Newest)
    records: Newest = field(default_factory=Newest)
    vacant: int = 0
    vacancies: int = 0
    error: str = ""

    def take(self, found: Found) -> None:
        """Count one element."""
        name = found.name
        # A car park's status holds a status of the same name; the inner one is a word, not a car park.
        self.counts[name] += name not in found.path[:-1]
        if name in ROOTS:
            self._note_version(found)
        elif name == "publicationTime":
            self.published.see([read_date(found.text)], f"{found.parent}/{name}")
        elif name in _VACANT:
            # An area's sum, or one kind of space within a car park, would count the same spaces twice.
            within = [step for step in found.path[:-1] if step != "parkingOccupancy"]
            if within[-1:] and within[-1] in _STATUSES and (number := count(found.text)) is not None:
                self.vacant += number
                self.vacancies += 1
        elif name in _SITUATION_TIMES or name in _OTHER_TIMES or found.parent == "measurementTimeDefault":
            moment = read_date(found.text)
            if moment and moment.instant <= self.at:
                newest = self.situations if name in _SITUATION_TIMES else self.records
                newest.see([moment], f"{found.parent}/{name}")
        elif name in ("faultstring", "Text") and "Fault" in found.path and not self.error:
            self.error = clean(found.text, 160)

    def _note_version(self, found: Found) -> None:
        if stated := found.attributes.get("modelBaseVersion"):
            self.version = (stated, f"{found.name}@modelBaseVersion")
        elif model := _MODEL.search(found.namespace):
            self.space_version = (model[1], f"the namespace of {found.name}")

    @property
    def parking(self) -> tuple[int, str]:
        """How many car parks, and in which elements they were counted."""
        sums = [(sum(self.counts[name] for name in names), " and ".join(names)) for names in _PARKING]
        parks, groups = max(sums[:2]), max(sums[2:])
        return parks if parks[0] or not groups[0] else groups


async def read(target: Target, web: Web) -> Reading:
    """Read the publication at the target's address; raises ``Unreadable`` as the page above says."""
    accept = "application/xml, text/xml, application/json;q=0.9, */*;q=0.5"
    request = Request(target.url, accept=accept, limit_bytes=LIMIT_BYTES)
    answer = await web.get(request)
    publication = _Publication(answer.capture.at)
    try:
        refuse_login(answer)
        if answer.body[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
            for number, found in enumerate(found_in_json(answer, ROOTS)):
                if number % _EVERY == 0:
                    await anyio.lowlevel.checkpoint()
                publication.take(found)
        else:
            pieces = xml_pieces(answer, UNPACKED_BYTES)
            async for found in stream_xml(pieces, _WANTED, *ROOTS, what="a DATEX II publication"):
                publication.take(found)
        holds = sum(publication.counts[name] for name in _COUNTED)
        if publication.error and not holds:
            raise Unreadable(Reason.API_ERROR, f"The service answered with an error: {publication.error}")
        if not any(publication.counts[root] for root in ROOTS[:-1]):
            raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, "The SOAP envelope holds nothing of DATEX II.")
    except Unreadable as error:
        error.capture = answer.capture
        raise
    empty = not holds and publication.published.at is None
    quiet = "" if holds else "The publication is in order; at this moment it speaks of nothing."
    return Reading(
        _facts(publication),
        complete=True,
        scope="the whole publication",
        empty=empty,
        message="The exchange is in order, but holds no publication." if empty else quiet,
    )


def _facts(publication: _Publication) -> Facts:
    facts = Facts()
    version, where = publication.version if publication.version[0] else publication.space_version
    facts.say_words("version", version, where, limit=40)
    publication.published.tell(facts, "publication_time")
    if made := publication.published.at:
        age = (publication.at - made.instant).total_seconds() // 1
        facts.say("publication_age_seconds", int(age), publication.published.pointer, unit="s")
    facts.say("situation_count", publication.counts["situation"], "situation")
    facts.say("situation_record_count", publication.counts["situationRecord"], "situation/situationRecord")
    facts.say("parking_count", *publication.parking)
    if publication.vacancies:
        facts.say("vacant_space_count", publication.vacant, " and ".join(_VACANT))
    facts.say("measurement_site_count", publication.counts["siteMeasurements"], "siteMeasurements")
    publication.records.see([publication.situations.at], publication.situations.pointer)
    publication.situations.tell(facts, "situation_latest")
    publication.records.tell(facts, "record_latest")
    return facts
