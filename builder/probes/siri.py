"""Reads a live transit feed (SIRI): when it was made, and the journeys, disturbances and facilities it speaks of.

## What it asks
One GET of the address as given. The answer is a SIRI delivery in XML (plain, in a SOAP envelope, or packed with gzip)
or in JSON (SIRI Lite), of at most 64 MB. XML is read as a stream. Namespaces do not matter; names do.

## What it measures
- `version`: the `version` of the `Siri` element, else of the first delivery that states one.
- `response_timestamp` (instant, UTC): when the service answered, as it says itself: the `ResponseTimestamp` of the
  `ServiceDelivery`, else the newest one of its deliveries. A time without a zone is read as UTC, here and below.
- `response_age_seconds` (unit s): from then until the answer came, whole seconds rounded down.
- `journey_count`: journeys in `EstimatedVehicleJourney`, `MonitoredStopVisit`, `VehicleActivity`,
  `TimetabledStopVisit` and `DatedVehicleJourney`, each element as one.
- `situation_count`: disturbances, `PtSituationElement` and `RoadSituationElement`.
- `facility_count`: `FacilityCondition`, such as a lift, a parking place or a stop's board.
- `deliveries`: the functions that were delivered, such as `SituationExchange`, sorted.
- `situation_latest` (instant, UTC): the newest `VersionedAtTime` or `CreationTime` of a disturbance. `record_latest`
  (instant, UTC): that, or the newest `RecordedAtTime` of a journey, whichever is later. Times after the answer came are
  left out of both.

The reading is complete unless the delivery says that there is more (`MoreData`).

## What each reason means here
`ok`: a delivery was read. **A delivery without any journey, disturbance or facility is `ok` too**: nothing is
disturbed, or nothing runs at night. `api-error`: it states an error and holds nothing, or is a SOAP fault.
`not-the-declared-format`: a web page, or XML or JSON of another kind. `malformed`: broken XML or JSON, XML that
declares entities, or SIRI that is no delivery. All other reasons are those of the exchange itself.

## A worked example
`<Siri version="2.0"><ServiceDelivery><ResponseTimestamp>2026-11-21T12:59:30+01:00</ResponseTimestamp>
<SituationExchangeDelivery>` with two `PtSituationElement`, read at 12:00:00 UTC, gives `version` 2.0,
`response_timestamp` 2026-11-21T11:59:30Z, `response_age_seconds` 30, `situation_count` 2, `journey_count` 0,
`facility_count` 0 and `deliveries` `["SituationExchange"]`.

## The standard
SIRI, CEN/TS 15531 ([its schemas](https://github.com/SIRI-CEN/SIRI)), versions 1.0 to 2.2. Whether the delivery is fresh
enough is for the judge to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import anyio.lowlevel

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._dates import Moment, read_date
from builder.probes._facts import Facts, Newest
from builder.probes._json import not_what_was_asked, read_json
from builder.probes._login import refuse_login
from builder.probes._text import clean
from builder.probes._xml import Found, stream_xml
from builder.probes._xml_bounds import xml_pieces

VERSION = 1
DEADLINE_SECONDS = 60

LIMIT_BYTES = 64 * 1024 * 1024
ROOTS = ("Siri", "ServiceDelivery", "Envelope")
_JOURNEYS = frozenset({
    "EstimatedVehicleJourney", "MonitoredStopVisit", "VehicleActivity", "TimetabledStopVisit", "DatedVehicleJourney",
})  # fmt: skip
_SITUATIONS = frozenset({"PtSituationElement", "RoadSituationElement"})
_FACILITIES = frozenset({"FacilityCondition"})
_RECORDS = _JOURNEYS | _SITUATIONS | _FACILITIES
_DELIVERIES = frozenset({
    "ProductionTimetableDelivery", "EstimatedTimetableDelivery", "StopTimetableDelivery", "StopMonitoringDelivery",
    "VehicleMonitoringDelivery", "ConnectionTimetableDelivery", "ConnectionMonitoringFeederDelivery",
    "ConnectionMonitoringDistributorDelivery", "GeneralMessageDelivery", "FacilityMonitoringDelivery",
    "SituationExchangeDelivery", "StopPointsDelivery", "LinesDelivery", "ServiceFeaturesDelivery", "InfoLinksDelivery",
    "ControlActionDelivery",
})  # fmt: skip
_ERRORS = frozenset({"ErrorText", "Description", "faultstring", "Text"})
_WANTED = _RECORDS | _DELIVERIES | _ERRORS | {
    "Siri", "ServiceDelivery", "ServiceDeliveryInfo", "ResponseTimestamp", "RecordedAtTime", "CreationTime",
    "VersionedAtTime", "MoreData", "Version",
}  # fmt: skip
MOST_JSON_STEPS = 10_000  # between two breaths


@dataclass(slots=True)
class _Delivery:
    """What was counted in one answer."""

    at: datetime
    counts: Counter[str] = field(default_factory=Counter)
    version: tuple[str, str] = ("", "")
    delivery_version: tuple[str, str] = ("", "")
    answered: Newest = field(default_factory=Newest)
    delivered: Newest = field(default_factory=Newest)
    records: Newest = field(default_factory=Newest)
    situations: Newest = field(default_factory=Newest)
    more: bool = False
    error: str = ""

    def take(self, found: Found) -> None:
        """Count one element."""
        name, parent = found.name, found.parent
        self.counts[name] += 1
        if name == "Siri":
            self.version = (found.attributes.get("version", ""), "Siri@version")
        elif name in _DELIVERIES:
            if not self.delivery_version[0]:
                self.delivery_version = (found.attributes.get("version", ""), f"{name}@version")
        elif name == "Version" and parent in _DELIVERIES and not self.delivery_version[0]:
            self.delivery_version = (found.text, f"{parent}/{name}")  # in JSON there are no attributes
        elif name == "ResponseTimestamp":
            newest = self.answered if parent in ("ServiceDelivery", "ServiceDeliveryInfo") else self.delivered
            if parent in _DELIVERIES or newest is self.answered:
                newest.see([read_date(found.text)], f"{parent}/{name}")
        elif name == "RecordedAtTime" and parent in _JOURNEYS:
            self.records.see([self._past(found)], f"{parent}/{name}")
        elif name in ("CreationTime", "VersionedAtTime") and parent in _SITUATIONS:
            self.situations.see([self._past(found)], f"{parent}/{name}")
        elif name == "MoreData":
            self.more |= found.text.lower() in ("true", "1")
        elif name in _ERRORS and not self.error and any(step in ("ErrorCondition", "Fault") for step in found.path):
            self.error = clean(found.text, 160)

    def _past(self, found: Found) -> Moment | None:
        moment = read_date(found.text)
        return moment if moment and moment.instant <= self.at else None

    def sum(self, names: frozenset[str]) -> int:
        """How many elements of these names there were."""
        return sum(self.counts[name] for name in names)


async def read(target: Target, web: Web) -> Reading:
    """Read the delivery at the target's address; raises ``Unreadable`` as the page above says."""
    accept = "application/xml, text/xml, application/json;q=0.9, */*;q=0.5"
    answer = await web.get(Request(target.url, accept=accept, limit_bytes=LIMIT_BYTES))
    delivery = _Delivery(answer.capture.at)
    try:
        refuse_login(answer)
        async for found in _from_json(answer) if _is_json(answer) else _from_xml(answer):
            delivery.take(found)
        _check(delivery)
    except Unreadable as error:
        error.capture = answer.capture
        raise
    something = delivery.sum(_RECORDS)
    return Reading(
        _facts(delivery),
        complete=not delivery.more,
        scope="one delivery, which says that there is more" if delivery.more else "the whole delivery",
        message="" if something else "The delivery is in order; at this moment it speaks of nothing.",
    )


def _check(delivery: _Delivery) -> None:
    if delivery.error and not delivery.sum(_RECORDS):
        raise Unreadable(Reason.API_ERROR, f"The service answered with an error: {delivery.error}")
    if delivery.counts["ServiceDelivery"] or delivery.sum(_DELIVERIES):
        return
    if delivery.counts["Siri"]:
        raise Unreadable(Reason.MALFORMED, "The answer is SIRI, but holds no delivery.")
    raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, "The answer holds no SIRI delivery.")


def _facts(delivery: _Delivery) -> Facts:
    facts = Facts()
    version, where = delivery.version if delivery.version[0] else delivery.delivery_version
    facts.say_words("version", version, where, limit=40)
    stated = delivery.answered if delivery.answered.at else delivery.delivered
    stated.tell(facts, "response_timestamp")
    if stated.at:
        age = (delivery.at - stated.at.instant).total_seconds() // 1
        facts.say("response_age_seconds", int(age), stated.pointer, unit="s")
    for name, elements in (("journey", _JOURNEYS), ("situation", _SITUATIONS), ("facility", _FACILITIES)):
        counted = [element for element in sorted(elements) if delivery.counts[element]]
        facts.say(f"{name}_count", delivery.sum(elements), " and ".join(counted or sorted(elements)))
    functions = sorted(name.removesuffix("Delivery") for name in _DELIVERIES if delivery.counts[name])
    facts.say("deliveries", functions or None, "ServiceDelivery/*")
    delivery.records.see([delivery.situations.at], delivery.situations.pointer)
    delivery.records.tell(facts, "record_latest")
    delivery.situations.tell(facts, "situation_latest")
    return facts


def _is_json(answer: Answer) -> bool:
    return answer.body[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"["))


def _from_xml(answer: Answer) -> AsyncIterator[Found]:
    pieces = xml_pieces(answer, most_bytes=LIMIT_BYTES * 8)
    return stream_xml(pieces, _WANTED, *ROOTS, what="a SIRI delivery in XML or JSON")


async def _from_json(answer: Answer) -> AsyncIterator[Found]:
    """Yield SIRI Lite as the same elements: each object under a name is one, and so is each object in a list."""
    data = read_json(answer)
    if not isinstance(data, dict) or not any(key in ("Siri", "ServiceDelivery") for key in data):
        raise not_what_was_asked(answer, data, "SIRI delivery")
    steps = 0
    waiting: list[Iterator[Found | tuple[tuple[str, ...], Any]]] = [_members(data, ())]
    while waiting:
        steps += 1
        if steps % MOST_JSON_STEPS == 0:
            await anyio.lowlevel.checkpoint()
        item = next(waiting[-1], None)
        if item is None:
            waiting.pop()
        elif isinstance(item, Found):
            yield item
        else:
            waiting.append(_members(item[1], item[0]))


def _members(value: dict[str, Any], path: tuple[str, ...]) -> Iterator[Found | tuple[tuple[str, ...], Any]]:
    """What one object holds: first the elements in it that are wanted, each then followed by what it holds itself."""
    for name, content in value.items():
        here = (*path, name)
        for item in content if isinstance(content, list) else [content]:
            if isinstance(item, dict):
                if name in _WANTED:
                    said = {key: str(word) for key, word in item.items() if isinstance(word, str | int | float)}
                    # Some publishers wrap each word: {"RecordedAtTime": {"value": "..."}}.
                    yield Found(name, here, said, said.get("value", ""))
                yield here, item
            elif name in _WANTED and name not in _RECORDS | _DELIVERIES and isinstance(item, str | int | float):
                yield Found(name, here, {}, str(item).strip())
