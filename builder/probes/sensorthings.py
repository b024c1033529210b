"""Reads a sensor service by the OGC SensorThings API: how many things it watches, what it measures, and how lately.

## What it asks
The service at the address given; the address of one call, such as `.../v1.1/Things?$top=10`, is cut back to its base
(`.../v1.1/`), and where no version stands in the address, `v1.1/` and then `v1.0/` are tried behind it. At the base:
`Things?$count=true&$top=1`, `Datastreams?$count=true&$top=100`, `ObservedProperties?$count=true&$top=100` and
`Observations?$orderby=phenomenonTime desc&$top=1` (servers that cannot sort by an interval are asked for the 100 with
the newest `resultTime`). Ids (numbers, words or UUIDs) are never put into an address. Where
only a page of entities answers at the address given, that page is read for what it holds.

## What it measures
- `thing_count`, `datastream_count`: as announced (`@iot.count`); where a page is all that was read, those on the page.
- `observation_latest` (instant, UTC): when the newest observation happened, `phenomenonTime`; of an interval its end.
  On a page read alone: the newest instant that its observations and data streams state, `resultTime` included.
- `observed_properties` (at most 100): the names of what is observed, sorted.
- `units` (at most 100): the symbols of the units of the first 100 data streams, sorted; a unit without a symbol by its
  name.
- `version`: the version in the address, such as `v1.1`.

The reading is complete when everything asked at the base was answered.

## What each reason means here
`ok`: the service answered. `empty`: it has no thing and no data stream. `not-the-declared-format`: a web page, or JSON
that is no answer of this interface. `api-error`: the interface answered with a message of its own. `malformed`: broken
JSON. Other reasons are those of the exchange at the base; a question that fails after it only makes the reading
incomplete.

## A worked example
`{"@iot.count": 214, "value": [...]}` for Things, and `{"value": [{"phenomenonTime":
"2026-11-21T11:00:00Z/2026-11-21T12:00:00Z", ...}]}` for the newest observation, give `thing_count` 214 and
`observation_latest` 2026-11-21T12:00:00Z.

## The standard
[OGC SensorThings API](https://www.ogc.org/standard/sensorthings/) Part 1: Sensing, versions 1.0 and 1.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Measurement, Reading, Target, Value
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import split
from builder.probes._asking import Asking
from builder.probes._dates import Moment, read_date
from builder.probes._json import count, listing, mapping, not_what_was_asked, read_object, records, text
from builder.probes._text import clean

VERSION = 1
DEADLINE_SECONDS = 60

LIMIT_BYTES = 16 * 1024 * 1024
MOST_NAMES = 100
_SETS = (
    "Things", "Locations", "HistoricalLocations", "Datastreams", "MultiDatastreams", "Sensors", "ObservedProperties",
    "Observations", "FeaturesOfInterest",
)  # fmt: skip
_VERSION = re.compile(r"/(v\d\.\d)(?=/|$)")
_CALL = re.compile(rf"/({'|'.join(_SETS)})(?=$|[/(])")
_VERSIONS = ("v1.1/", "v1.0/")
# Nothing is served there, so the service may be elsewhere; any other fault is the service's own.
_ELSEWHERE = frozenset({Reason.NOT_FOUND, Reason.NOT_CAPTURED, Reason.CLIENT_ERROR, Reason.NOT_THE_DECLARED_FORMAT})
_COUNTS = ("@iot.count", "@odata.count", "@count")
_QUESTIONS: dict[str, dict[str, str]] = {
    "Things": {"$count": "true", "$top": "1"},
    "Datastreams": {"$count": "true", "$top": str(MOST_NAMES)},
    "ObservedProperties": {"$count": "true", "$top": str(MOST_NAMES)},
    "Observations": {"$orderby": "phenomenonTime desc", "$top": "1"},
}
_LATEST_RESULTS = {"$orderby": "resultTime desc", "$top": str(MOST_NAMES)}


Places = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class _Page:
    """One page of entities, or the list of a service's sets, as it was read, and the position of its capture."""

    content: dict[str, Any]
    capture: int

    @property
    def entities(self) -> Places:
        """Each entity with where it stands."""
        return [(f"$.value[{at}]", item) for at, item in enumerate(self.content["value"])]

    @property
    def announced(self) -> int | None:
        return next((number for key in _COUNTS if (number := count(self.content.get(key))) is not None), None)

    @property
    def last(self) -> bool:
        return not any(str(key).endswith("nextLink") and value for key, value in self.content.items())

    @property
    def lists_sets(self) -> bool:
        """Whether this is a service's landing page: each item names a set of entities and where it is."""
        return any(item.get("name") in _SETS and text(item.get("url")) for _, item in self.entities)

    def fact(self, value: Value, pointer: str) -> Measurement:
        return Measurement(value=value, pointer=pointer, capture=self.capture)


async def read(target: Target, web: Web) -> Reading:
    """Read the service, or the one page that answers; raises ``Unreadable`` when neither does."""
    asking = Asking(web)
    refused: Unreadable | None = None
    for base in _addresses(target.url):
        try:
            page = await _ask(asking, base)
        except Unreadable as error:
            if error.reason not in _ELSEWHERE:
                raise
            # Of several addresses tried, what the first one said is what a person can mend.
            refused = refused or error
            continue
        return await _service(asking, base, target, page) if page.lists_sets else _alone(page, base)
    assert refused is not None  # there is always an address to try
    raise refused


def _addresses(url: str) -> list[str]:
    """Where the service may be, the likeliest first; the address given is always among them."""
    parts = split(url)._replace(fragment="")
    given, path = parts.geturl(), parts.path
    if found := _VERSION.search(path):
        base, call = path[: found.end()], path[found.end() :]
    elif found := _CALL.search(path):
        base, call = path[: found.start()], path[found.start() :]
    else:
        behind = [f"{path.rstrip('/')}/{version}" for version in _VERSIONS] if path.endswith("/") or not path else []
        return [given, *(parts._replace(path=one, query="").geturl() for one in behind)]
    # Some servers know their base by one spelling only, and the standard writes it with a slash.
    bases = [parts._replace(path=one, query="").geturl() for one in (f"{base}/", base)]
    return list(dict.fromkeys([*bases, given] if call.strip("/") else [given, *bases]))


async def _ask(asking: Asking, url: str, params: dict[str, str] | None = None) -> _Page:
    request = Request(url, params=params or {}, accept="application/json", limit_bytes=LIMIT_BYTES)
    answer, capture = await asking.get(request)
    return _Page(_content(answer), capture)


def _content(answer: Answer) -> dict[str, Any]:
    content = read_object(answer)
    found = content.get("value")
    if isinstance(found, list) and all(isinstance(item, dict) for item in found):
        # Other interfaces have a list called `value` too; this one's items bear its marks.
        if not found or any(item.get("name") in _SETS or _marked(item) for item in found):
            return content
    elif any(key in content for key in ("@iot.id", "@iot.selfLink")):
        return {"value": [content]}  # the address of one entity
    raise not_what_was_asked(answer, content, "list of SensorThings entities")


def _marked(item: dict[str, Any]) -> bool:
    return bool(_set_of(item, "")) or any("@iot." in key for key in item)


async def _service(asking: Asking, base: str, target: Target, landing: _Page) -> Reading:
    base = split(base)._replace(query="").geturl().rstrip("/")
    pages: dict[str, _Page] = {}
    failed: dict[str, Unreadable] = {}
    for name, params in _QUESTIONS.items():
        try:
            pages[name] = await _ask(asking, f"{base}/{name}", params)
        except Unreadable as error:
            failed[name] = error
    if "Observations" in failed:
        with suppress(Unreadable):
            pages["Observations"] = await _ask(asking, f"{base}/Observations", _LATEST_RESULTS)
            del failed["Observations"]
    values: dict[str, Measurement] = {}
    if found := _VERSION.search(split(base).path):
        values["version"] = landing.fact(found[1], "the address")
    for name, measurement in (("Things", "thing_count"), ("Datastreams", "datastream_count")):
        if page := pages.get(name):
            values |= _counted(page, measurement)
    if streams := pages.get("Datastreams"):
        values |= _units(streams, streams.entities)
    if properties := pages.get("ObservedProperties"):
        values |= _names(properties, properties.entities)
    values |= await _latest(asking, f"{base}/Observations", target, pages)
    if not pages:  # a landing page alone tells that there is a service, and not one thing that it offers
        raise next(iter(failed.values()))
    counted = [values[name].value for name in ("thing_count", "datastream_count") if name in values]
    empty = not failed and counted == [0, 0]
    words = ", ".join(pages)
    if failed:
        words += f"; not read: {', '.join(f'{name} ({error.reason})' for name, error in failed.items())}"
    return Reading(
        values, complete=not failed, scope=words, empty=empty,
        message="The service is in order, but has no thing and no data stream." if empty else "",
    )  # fmt: skip


def _counted(page: _Page, measurement: str) -> dict[str, Measurement]:
    """What the service announces; a list that it ends on its first page is counted; else nobody knows."""
    for key in _COUNTS:
        if (number := count(page.content.get(key))) is not None:
            return {measurement: page.fact(number, f"$['{key}']")}
    return {measurement: page.fact(len(page.entities), "$.value")} if page.last else {}


async def _latest(asking: Asking, url: str, target: Target, pages: dict[str, _Page]) -> dict[str, Measurement]:
    """When the newest observation happened that is not a forecast; the data streams' own word where none was read."""
    for name in ("Observations", "Datastreams"):
        page = pages.get(name)
        newest = _newest(_times(page.entities, ("phenomenonTime",))) if page else None
        if page is None or newest is None:
            continue
        if name == "Observations" and newest[0].instant > target.now:
            until = f"phenomenonTime le {target.now.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}"
            with suppress(Unreadable):
                past = await _ask(asking, url, _QUESTIONS[name] | {"$filter": until})
                if found := _newest(_times(past.entities, ("phenomenonTime",))):
                    page, newest = past, found
        return {"observation_latest": page.fact(newest[0].iso, newest[1])}
    return {}


def _alone(page: _Page, url: str) -> Reading:
    """What one page of entities holds, with the entities that were asked to stand inside it."""
    asked = [found[1] for found in _CALL.finditer(split(url).path)]
    sets: dict[str, Places] = {}
    for place, item in page.entities:
        sets.setdefault(_set_of(item, asked[-1] if asked else ""), []).append((place, item))
    things = sets.get("Things", [])
    streams = sets.get("Datastreams", []) + _inside(things, "Datastreams")
    observations = sets.get("Observations", []) + _inside(streams, "Observations") + _rows(page.entities)
    properties = sets.get("ObservedProperties", []) + [
        (f"{place}.ObservedProperty", mapping(item.get("ObservedProperty"))) for place, item in streams
    ]
    values: dict[str, Measurement] = {}
    for name, measurement, found in (("Things", "thing_count", things), ("Datastreams", "datastream_count", streams)):
        if name in sets or (asked and asked[-1] == name):
            values |= {measurement: page.fact(len(found), "$.value")}
            if page.announced is not None:
                values |= _counted(page, measurement)
        elif found:
            values[measurement] = page.fact(len(found), f"$.value[*].{name}")
    if newest := _newest(_times(observations + streams, ("phenomenonTime", "resultTime"))):
        values["observation_latest"] = page.fact(newest[0].iso, newest[1])
    values |= _units(page, streams) | _names(page, properties)
    empty = not page.entities
    words = "entities" if len(page.entities) != 1 else "entity"
    return Reading(
        values, complete=page.last and not empty, empty=empty,
        scope=f"one page of {len(page.entities):,} {words}{'' if page.last else '; more follow it'}",
        message="The page is in order, but lists nothing." if empty else "",
    )  # fmt: skip


def _set_of(item: dict[str, Any], asked: str) -> str:
    """Which set an entity is of: by its own address, else by the fields only that set has, else as asked."""
    if own := _CALL.findall(text(item.get("@iot.selfLink")) or ""):
        return str(own[-1])
    if "result" in item:
        return "Observations"
    if "unitOfMeasurement" in item:
        return "Datastreams"
    return "Things" if {"Datastreams", "Locations", "HistoricalLocations"} & set(item) else asked


def _inside(places: Places, key: str) -> Places:
    return [
        (f"{place}.{key}[{at}]", inner) for place, item in places for at, inner in enumerate(records(item.get(key)))
    ]


def _rows(places: Places) -> Places:
    """The observations of a page that writes them as rows under the names of their columns (`dataArray`)."""
    return [
        (f"{place}.dataArray[{at}]", dict(zip(map(str, listing(item.get("components"))), row, strict=False)))
        for place, item in places if isinstance(item.get("dataArray"), list)
        for at, row in enumerate(item["dataArray"]) if isinstance(row, list)
    ]  # fmt: skip


def _times(places: Places, keys: Iterable[str]) -> Iterator[tuple[Moment, str]]:
    """The instants that entities state, an interval's end for the interval, and where."""
    for place, item in places:
        for key in keys:
            value = item.get(key)
            start, _, end = value.partition("/") if isinstance(value, str) else (value, "", "")
            if moment := read_date(end) or read_date(start):
                yield moment, f"{place}.{key}"


def _newest(times: Iterable[tuple[Moment, str]]) -> tuple[Moment, str] | None:
    return max(times, key=lambda time: time[0].instant, default=None)


def _units(page: _Page, streams: Places) -> dict[str, Measurement]:
    units = [mapping(item.get("unitOfMeasurement")) for _, item in streams]
    return _listed(page, "units", (text(unit.get("symbol")) or text(unit.get("name")) for unit in units), streams)


def _names(page: _Page, properties: Places) -> dict[str, Measurement]:
    return _listed(page, "observed_properties", (text(item.get("name")) for _, item in properties), properties)


def _listed(page: _Page, name: str, words: Iterable[str | None], places: Places) -> dict[str, Measurement]:
    found = sorted({line for word in words if word and (line := clean(word, 100))})[:MOST_NAMES]
    where = re.sub(r"\[\d+\]", "[*]", places[0][0]) if places else ""
    field = "name" if name == "observed_properties" else "unitOfMeasurement"
    return {name: page.fact(found, f"{where}.{field}")} if found else {}
